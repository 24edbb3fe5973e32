"""The history of a git repository as events, a JSON line each, for `athena import -`.

    python docs/git_events.py REPOSITORY | athena import - --project NAME --server http://127.0.0.1:7070

A session is what one author did without a pause of eight hours. Each commit is an event of the type `commit`, its first
line the content, its files `files`; before it stands a `file_change` for every folder that it touches, in the order of
their names, for git does not tell in which order files were edited. Authors are told apart by a hash, not by name.
"""
import hashlib, json, os, subprocess, sys

PAUSE_S = 8 * 3600

log = subprocess.run(["git", "-C", sys.argv[1], "log", "--reverse", "--no-merges", "--no-renames", "--name-only",
                      "--format=%x01%H %at %ae %s"], capture_output=True, text=True, errors="replace", check=True).stdout
open_sessions = {}
for block in log.split("\x01")[1:]:
    head, *files = block.splitlines()
    sha, at, author, *said = head.split(" ", 3)
    at, files = int(at), [one for one in files if one]
    author = "author-" + hashlib.sha256(author.encode()).hexdigest()[:8]
    session, last = open_sessions.get(author, (None, 0))
    if session is None or abs(at - last) > PAUSE_S:
        session = f"{author}-{sha[:8]}"
    open_sessions[author] = (session, at)
    common = {"session": session, "agent": author}
    folders = sorted({os.path.dirname(one) or "." for one in files})
    for place, folder in enumerate(folders[:50]):
        print(json.dumps({"id": f"{sha}-{place}", "time": at, "type": "file_change", "content": f"edit {folder}",
                          "files": [one for one in files if (os.path.dirname(one) or ".") == folder][:100], **common}))
    print(json.dumps({"id": sha, "time": at, "type": "commit", "tool": "git", "content": said[0] if said else "",
                      "files": files[:400], "attributes": {"hash": sha}, **common}))
