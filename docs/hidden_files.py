"""Do communities and PageRank find what belongs together? Learns from the first 80 % of a repository's commits, and in
each later commit of 2 to 20 files hides one: is it among the ten that are ranked first?

    athena serve --data /tmp/hidden --listen 127.0.0.1:7070
    python docs/hidden_files.py REPOSITORY --server http://127.0.0.1:7070

REPOSITORY is any git directory, with or without a work tree. Commits are read in the order of `git log --reverse
--no-merges`, a renamed file as one that went and one that came. Each is told as an event of the type `commit`, in a
session of its own; then a run of consolidation is asked for, and `graph.rank` with the files that are shown. Only the
past is told: nothing is learned from the later commits.

Beside it stand files of the same folders, the most often changed first; and files that changed most often together with
those that are shown (of commits of up to 100 files). Hidden is a file that the past knows, chosen by a seeded chance; no
ranker can name another. Commits without such a file are counted and not asked about. Files that are shown may be new:
each ranker makes of them what it can. Intervals are of 95 %, by bootstrap over the commits, paired for differences.
"""
import argparse, collections, json, os, random, subprocess, time, urllib.request

ap = argparse.ArgumentParser()
ap.add_argument("repository")
ap.add_argument("--server", required=True)
ap.add_argument("--project", help="the name of the repository's folder when not said")
ap.add_argument("--commits", type=int, default=1000, help="later commits asked about, at most")
ap.add_argument("--told", action="store_true", help="the past is told already")
args = ap.parse_args()
folders = [part for part in os.path.abspath(args.repository).split("/") if part not in (".git", "repo")]
project = args.project or folders[-1]


def call(path, body):
    request = urllib.request.Request(args.server + path, json.dumps(body).encode(), {"content-type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def tool(name, operation, **arguments):
    return call(f"/v1/tools/{name}/{operation}", {"project": project, **arguments})


def commits():
    log = subprocess.run(["git", "-C", args.repository, "log", "--reverse", "--no-merges", "--no-renames", "--name-only",
                          "--format=%x01%H %at %s"], capture_output=True, text=True, errors="replace", check=True).stdout
    for block in log.split("\x01")[1:]:
        head, *files = block.splitlines()
        sha, at, *said = head.split(" ", 2)
        yield sha, int(at), said[0] if said else "", [one for one in files if one]


def tell(past):
    for at in range(0, len(past), 500):
        call("/v1/events", [{"id": sha, "time": when, "project": project, "session": sha, "type": "commit", "content": said,
                             "files": files[:400], "attributes": {"hash": sha}} for sha, when, said, files in past[at:at + 500]])
    asked = tool("consolidation", "run", wait=True)
    while tool("consolidation", "status", run=asked["id"])["run"]["status"] in ("pending", "running"):
        time.sleep(0.5)


def rankers(past):
    together, counts = collections.defaultdict(collections.Counter), collections.Counter()
    for _, _, _, files in past:
        counts.update(files)
        for one in files if len(files) <= 100 else []:
            together[one].update(other for other in files if other != one)

    def folder(shown):
        own = {os.path.dirname(one) for one in shown}
        return [one for one, _ in counts.most_common() if os.path.dirname(one) in own]

    def changed(shown):
        return [one for one, _ in sum((together[one] for one in shown), collections.Counter()).most_common()]

    def athena(shown):
        # What is neither known nor lies where others do is no place to begin at.
        places = {os.path.dirname(one) for one in counts}
        seeds = ["file:" + one for one in shown if one in counts or os.path.dirname(one) in places]
        return [item["name"] for item in tool("graph", "rank", seeds=seeds, kind="file", k=50)["items"]] if seeds else []

    return counts, {"same folder": folder, "most co-changed": changed, "athena": athena}


def held_by_one():
    """Entities in over a tenth of all sessions, and communities that fall apart without one of them."""
    sql = lambda text: call("/v1/sql", {"sql": text, "project": project})["rows"]
    sessions, contexts = sql("SELECT COUNT(DISTINCT session), COUNT(DISTINCT context) FROM mentions")[0]
    damped = {row[0] for row in sql(f"SELECT id FROM entities WHERE sessions * 10 > {sessions} AND kind <> 'session'")}
    own = "SELECT entity FROM community_members WHERE NOT hub AND community = '{}'"
    apart = 0
    for (community,) in sql("SELECT DISTINCT community FROM community_members WHERE NOT hub"):
        members = {row[0] for row in sql(own.format(community))}
        if not members & damped:
            continue
        # Ties by rule, and those that chance does not explain.
        ties = sql(f"""SELECT r.from_entity, r.to_entity FROM relations r JOIN entities a ON a.id = r.from_entity JOIN entities b
                       ON b.id = r.to_entity WHERE r.from_entity IN ({own.format(community)}) AND r.to_entity IN
                       ({own.format(community)}) AND (r.kind <> 'co_occurs' OR r.support * {contexts} > a.contexts * b.contexts)""")
        for without in members & damped:
            left, reached = members - {without}, set()
            beside = collections.defaultdict(set)
            for one, other in ties:
                if without not in (one, other):
                    beside[one].add(other)
                    beside[other].add(one)
            waiting = [min(left)] if left else []
            while waiting:
                node = waiting.pop()
                if node not in reached:
                    reached.add(node)
                    waiting += beside[node]
            apart += reached != left
    return len(damped), apart


def interval(values, chance):
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(2000))
    return [round(means[50], 3), round(means[1949], 3)]


def main():
    every = list(commits())
    cut = len(every) * 8 // 10
    past, later = every[:cut], every[cut:]
    began = time.time()
    if not args.told:
        tell(past)
    learned = time.time() - began
    known, by = rankers(past)
    chance, hits, took, new = random.Random(0), {name: [] for name in by}, [], 0
    for _, _, _, files in later:
        if not 2 <= len(files) <= 20 or len(took) >= args.commits:
            continue
        ours = [one for one in files if one in known]
        if not ours:
            new += 1
            continue
        hidden = chance.choice(ours)
        shown = [one for one in files if one != hidden]
        for name, ranked in by.items():
            began = time.time()
            best = [one for one in ranked(shown) if one not in shown][:10]
            took += [time.time() - began] if name == "athena" else []
            hits[name].append(hidden in best)
    asked = len(took)
    print(json.dumps({"project": project, "told": len(past), "later": len(later), "asked": asked, "only new files": new,
                      "learned_s": round(learned, 1), "p50_ms": round(sorted(took)[asked // 2] * 1e3, 1),
                      "p99_ms": round(sorted(took)[asked * 99 // 100] * 1e3, 1)}))
    damped, apart = held_by_one()
    print(json.dumps({"entities in over a tenth of all sessions": damped, "communities that one of them holds together": apart}))
    for name, own in hits.items():
        row = {"ranker": name, "hit@10": round(sum(own) / asked, 3), "interval": interval(own, chance)}
        if name != "athena":
            ahead = [a - b for a, b in zip(hits["athena"], own)]
            row |= {"athena ahead": round(sum(ahead) / asked, 3), "by interval": interval(ahead, chance)}
        print(json.dumps(row))


main()
