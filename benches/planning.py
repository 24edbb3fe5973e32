"""Whether plans are like what worked: plans for tasks of eval/data/tau-dev.json whose sessions the memory has not seen,
beside what was done in them. A plan should be more like the sessions that went well than like those that failed.

    python3 benches/planning.py ATHENA eval/data/tau-dev.json

Tasks are cut into five parts; the sessions of four parts are imported into a project of their own, and for each task of
the fifth a plan is made from what its user said first. Likeness is twice the longest common subsequence of actions over
the length of both."""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request

PARTS = 5


def serve(binary):
    folder = tempfile.mkdtemp()
    command = [binary, "serve", "--data", folder, "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder)
    for line in process.stdout:
        if found := re.search(r"http://[\d.]+:\d+", line):
            return process, found.group(0)
    sys.exit("the server said no address")


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def likeness(one, other):
    longest = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for a in range(len(one) - 1, -1, -1):
        for b in range(len(other) - 1, -1, -1):
            same = one[a] == other[b]
            longest[a][b] = longest[a + 1][b + 1] + 1 if same else max(longest[a + 1][b], longest[a][b + 1])
    return 2 * longest[0][0] / max(1, len(one) + len(other))


def actions(session):
    return [event["tool"] for event in session["events"] if event["type"] == "tool_call"]


def went_well(session):
    return session["events"][-1].get("outcome") == "success"


def main():
    binary, path = sys.argv[1:]
    sessions = json.load(open(path))
    tasks = sorted({session["task"] for session in sessions})
    process, url = serve(binary)
    well, badly, both, empty = [], [], [], 0
    try:
        for part in range(PARTS):
            held_out = set(tasks[part::PARTS])
            project = f"part-{part}"
            for session in sessions:
                if session["task"] not in held_out:
                    events = [{**event, "project": project} for event in session["events"]]
                    post(f"{url}/v1/events", events)
            for task in sorted(held_out):
                own = [session for session in sessions if session["task"] == task]
                said = [event["content"] for event in own[0]["events"] if event.get("agent") == "user"]
                plan = post(f"{url}/v1/tools/planning/create", {"project": project, "text": "\n".join(said[:3])[:1000]})
                steps = [step["action"] for step in plan["plan"]["steps"]]
                empty += not steps
                good = [likeness(steps, actions(session)) for session in own if went_well(session)]
                bad = [likeness(steps, actions(session)) for session in own if not went_well(session)]
                well += good
                badly += bad
                if good and bad:
                    both.append(statistics.mean(good) - statistics.mean(bad))
    finally:
        process.terminate()
        process.wait()
    print(json.dumps({
        "tasks": len(tasks), "plans_without_steps": empty,
        "successful_sessions": len(well), "likeness_to_successful": round(statistics.mean(well), 3),
        "failed_sessions": len(badly), "likeness_to_failed": round(statistics.mean(badly), 3),
        "tasks_with_both": len(both), "mean_difference_within_tasks": round(statistics.mean(both), 3),
        "tasks_nearer_to_success": sum(one > 0 for one in both), "nearer_to_failure": sum(one < 0 for one in both),
    }, indent=2))


main()
