"""Do communities and PageRank find what belongs together? Learns from the first 80 % of a repository's commits, and in
each later commit of 2 to 20 files hides one: is it among the ten that are ranked first?

    git clone … REPOSITORY; athena serve …
    python docs/hidden_files.py REPOSITORY --server http://127.0.0.1:7070 --project hidden
    (wait for a consolidation run, or call consolidation.run, when it asks)

Beside it: files of the same folders, and files that changed most often together with those that are shown. Each commit
is a session of its own. The random choice of the hidden file is seeded.
"""
import argparse, collections, json, os, random, subprocess, urllib.request

ap = argparse.ArgumentParser()
ap.add_argument("repository")
ap.add_argument("--server", required=True)
ap.add_argument("--project", default="hidden")
ap.add_argument("--commits", type=int, default=300, help="later commits asked about, at most")
args = ap.parse_args()


def call(path, body):
    request = urllib.request.Request(args.server + path, json.dumps(body).encode(), {"content-type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def tool(name, operation, **arguments):
    return call(f"/v1/tools/{name}/{operation}", {"project": args.project, **arguments})


log = subprocess.run(["git", "-C", args.repository, "log", "--reverse", "--no-merges", "--numstat", "--format=%x01%H %at %s"],
                     capture_output=True, text=True, errors="replace", check=True).stdout
commits = []
for block in log.split("\x01")[1:]:
    head, *rows = block.splitlines()
    sha, at, *said = head.split(" ", 2)
    files = [row.split("\t")[2] for row in rows if row.count("\t") == 2 and "=>" not in row]
    commits.append((sha, int(at), said[0] if said else "", files))
cut = len(commits) * 8 // 10
past, later = commits[:cut], commits[cut:]
for at in range(0, len(past), 500):
    call("/v1/events", [{"id": sha, "time": time, "project": args.project, "session": sha, "type": "commit", "content": said,
                         "files": files[:400], "attributes": {"hash": sha}} for sha, time, said, files in past[at:at + 500]])
print(f"{len(past)} commits told, {len(later)} kept back")
input("enter, when a run has read them: ")

together, counts = collections.defaultdict(collections.Counter), collections.Counter()
for _, _, _, files in past:
    counts.update(files)
    for one in files:
        if len(files) <= 100:
            together[one].update(other for other in files if other != one)
known, chance = set(counts), random.Random(0)


def folder(shown):
    folders = {os.path.dirname(one) for one in shown}
    return [one for one, _ in counts.most_common() if os.path.dirname(one) in folders and one not in shown]


def changed(shown):
    total = collections.Counter()
    for one in shown:
        total.update(together[one])
    return [one for one, _ in total.most_common() if one not in shown]


def athena(shown):
    ranked = tool("graph", "rank", seeds=["file:" + one for one in shown], k=200)["items"]
    score = {item["name"]: item["score"] for item in ranked if item["kind"] == "file" and item["name"] not in shown}
    own = collections.Counter()
    for one in shown:
        for item in tool("communities", "of", entity="file:" + one)["items"]:
            own[item["id"]] += 1
    for one in list(score)[:40]:
        theirs = tool("communities", "of", entity="file:" + one)["items"]
        score[one] *= 1 + sum(own[item["id"]] for item in theirs) / max(1, len(shown))
    return sorted(score, key=score.get, reverse=True)


hits, asked = collections.Counter(), 0
for _, _, _, files in later:
    files = [one for one in files if one in known]
    if not 2 <= len(files) <= 20 or asked >= args.commits:
        continue
    asked += 1
    hidden = chance.choice(files)
    shown = [one for one in files if one != hidden]
    for name, ranked in [("same folder", folder(shown)), ("most co-changed", changed(shown)), ("athena", athena(shown))]:
        hits[name] += hidden in ranked[:10]
print(json.dumps({"asked": asked, **{f"hit@10 {name}": round(count / max(1, asked), 3) for name, count in hits.items()}}))
