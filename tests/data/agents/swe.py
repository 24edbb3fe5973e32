#!/usr/bin/env python3
"""Turn SWE-agent's demonstration trajectories (MIT) into event JSON.

usage: swe.py SWE_AGENT_GIT_DIR > swe.json

Reads trajectories/demonstrations/**/*.traj and *.yaml from HEAD of the given
git directory.  One session per file; events have the shape
{id, time, session, agent, type, tool?, content}.  The system prompt is left
out, contents are cut at 4,000 characters.
"""
import datetime
import json
import re
import subprocess
import sys

TOP = "trajectories/demonstrations/"
CUT = 4000


def git(gitdir, *args):
    r = subprocess.run(["git", "--git-dir=" + gitdir, *args], capture_output=True, check=True)
    return r.stdout.decode("utf-8", "replace")


def slug(path):
    """Short name of a trajectory: its file name, and for the replays of one
    issue the part of the folder name that tells them apart."""
    name = path[len(TOP):].rsplit(".", 1)[0]
    base = name.split("/")[-1]
    if name.startswith("replay__"):
        kind = name.split("/")[0].split("__")[3]
        base = "marshmallow-1867-" + kind
        if "install_from_source" in name:
            base += "-src"
    return re.sub(r"[^a-z0-9]+", "-", base.lower()).strip("-")


def text(content):
    if isinstance(content, list):
        return "\n".join(p.get("text", "") if isinstance(p, dict) else str(p) for p in content)
    return content or ""


def thought_and_calls(m):
    """The talk of an assistant message and its calls as (tool, text)."""
    body = text(m.get("content"))
    calls = []
    for c in m.get("tool_calls") or []:
        f = c["function"]
        args = f["arguments"]
        args = args if isinstance(args, str) else json.dumps(args, ensure_ascii=False)
        if f["name"] == "bash":
            try:
                cmd = json.loads(args)["command"]
                calls.append(((cmd.split() or ["bash"])[0], cmd))
                continue
            except (ValueError, KeyError):
                pass
        calls.append((f["name"], args))
    if calls:
        return (m.get("thought") or body).strip(), calls
    action = (m.get("action") or "").strip()
    if action:
        thought = (m.get("thought") or "").strip()
        return thought, [(action.split()[0], action)]
    return body.strip(), []


def events(path, raw, start):
    if path.endswith(".yaml"):
        import yaml
        hist = yaml.safe_load(raw)["history"]
    else:
        hist = json.loads(raw)["history"]
    sess, out, pending = slug(path), [], None

    def add(agent, kind, content, tool=None):
        e = {
            "id": f"{sess}-{len(out)}",
            "time": (start + datetime.timedelta(seconds=20 * len(out))).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "session": sess,
            "agent": agent,
            "type": kind,
        }
        if tool:
            e["tool"] = tool
        e["content"] = content[:CUT]
        out.append(e)

    for m in hist:
        role = m["role"]
        if role == "system":
            continue
        if role == "assistant":
            talk, calls = thought_and_calls(m)
            if talk:
                add("assistant", "message", talk)
            for tool, call in calls:
                add("assistant", "tool_call", call, tool)
                pending = tool
        elif pending:
            add("assistant", "tool_result", text(m.get("content")).strip(), pending)
            pending = None
        else:
            add("user", "message", text(m.get("content")).strip())
    return sess, out


def main():
    gitdir = sys.argv[1]
    paths = [p for p in git(gitdir, "ls-tree", "-r", "--name-only", "HEAD", TOP).split("\n")
             if p.endswith((".traj", ".yaml"))]
    day = datetime.datetime(2024, 6, 1, 9)
    out = []
    for p in sorted(paths):
        sess, ev = events(p, git(gitdir, "show", "HEAD:" + p), day)
        out.append({"task": len(out), "session": sess, "events": ev})
        day += datetime.timedelta(days=1)
    told = json.dumps(out, ensure_ascii=False, indent=0)
    # The home of whoever ran the agent is no part of what it did.
    print(told.replace("/" + "root/", "/home/agent/"))


main()
