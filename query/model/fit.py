#!/usr/bin/env python3
"""Fits the ranker on questions whose evidence is known: `./dev fit`.

    fit.py ATHENA OUT SET… [--judge SET…] [--folds DIR]

A set is a list of conversations, or one: {"project", "turns": [{"id", "session", "time", "speaker", "text"}],
"questions": [{"question", "evidence": [ids]}]}; `turns` may be `events` as Athena takes them. A world of memories,
{"memories": [{"key", "project", …}], "cases": [{"query", "project", "expect": [keys]}]}, is a set too, and so is a folder of
either. Every set goes into a real server; each question is asked of it, and what the ranker is given is what `explain` tells. The ensemble is
LambdaMART (Burges, 2010) by LightGBM, with one group a question.

Prints recall@10 of questions of conversations that were left out (five folds), per set, and writes OUT: the
features' names, and for each tree its nodes; docs/ranker.md has what OUT of this repository was fitted on.
"""

import argparse
import hashlib
import json
import os
import subprocess
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lightgbm
import numpy

FOLDS = 5
CANDIDATES = 150
K = 10
SETTINGS = {
    "objective": "lambdarank", "metric": "ndcg", "ndcg_eval_at": [K], "lambdarank_truncation_level": 20,
    "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 50, "feature_fraction": 0.6,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "max_bin": 127,
    "deterministic": True, "force_row_wise": True, "num_threads": 2, "seed": 7, "verbosity": -1,
}
TREES = 300
# The project of all conversations of a file together.
EVERYTHING = "everything with %s"
# What can only speak for a candidate, and against it: so that lists unlike those fitted on are ordered sensibly.
FOR = {
    "words", "words.code", "words.window", "words.total", "words.norm", "words.window.norm", "words.total.norm",
    "cover", "cover.window", "rarest", "like.general", "like.local", "like.soft",
    "like.general.norm", "like.local.norm", "like.soft.norm", "sum",
}
AGAINST = {"words.rank", "like.rank", "sum.rank"}


class Server:
    """A server on a folder of its own."""

    def __init__(self, binary, ranker="full"):
        self.folder = tempfile.TemporaryDirectory()
        command = [binary, "serve", "--listen", "127.0.0.1:0", "--data", self.folder.name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={**os.environ, "ATHENA_SEARCH_RANKER": ranker})
        self.url = json.loads(self.process.stdout.readline())["url"]

    def post(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def append(self, project, events):
        """Puts events into a project; gives the position up to which they stand in the log."""
        position = {}
        for first in range(0, len(events), 500):
            batch = [{**event, "project": project} for event in events[first : first + 500]]
            answer = self.post("/v1/events", batch)
            assert not answer["rejected"], answer["rejected"][:3]
            position = answer["position"]
        return position

    def settled(self, path, body):
        """The answer once every vector is there."""
        answer = self.post(path, body)
        while "vectors_behind" in answer["degraded"]:
            answer = self.post(path, body)
        return answer

    def stop(self):
        self.process.terminate()
        self.process.wait()


def conversations(value):
    """The conversations of a set, their events as Athena takes them."""
    for one in value if isinstance(value, list) else [value]:
        events = one.get("events") or [
            {"id": turn["id"], "time": turn["time"], "session": turn["session"], "agent": turn["speaker"],
             "type": "message", "content": "%s: %s%s" % (turn["speaker"], turn["text"],
                                                          " [image: %s]" % turn["image"] if "image" in turn else "")}
            for turn in one["turns"]]
        yield one["project"], events, one["questions"]


def remembered(server, world, prefix):
    """Puts a world of memories into the server; gives its questions by project, their evidence as ids."""
    replaced = {one["supersedes"] for one in world["memories"] if "supersedes" in one}
    ids = {}
    for memory in world["memories"]:
        if memory["key"] not in replaced:
            told = {name: value for name, value in memory.items() if name not in ("key", "supersedes")}
            answer = server.post("/v1/tools/memories/remember", {**told, "project": prefix + memory["project"]})
            ids[memory["key"]] = answer["id"]
    for project in sorted({prefix + memory["project"] for memory in world["memories"]}):
        cases = [case for case in world["cases"] if prefix + case["project"] == project and case["expect"]]
        yield project, [
            {"question": case["query"], "evidence": [ids[key] for key in case["expect"]]} for case in cases]


def rows_of(server, path):
    """For each question of a set: its conversation, its evidence, and the ids and features of its candidates."""
    asked = []
    for file in files(path):
        value = json.loads(file.read_text())
        if "memories" in value:
            for project, questions in remembered(server, value, file.stem + " "):
                asked += answers(server, project, "memory", {}, questions)
        else:
            asked += told(server, value)
    return asked


def files(path):
    return sorted(Path(path).glob("*.json")) if Path(path).is_dir() else [Path(path)]


def told(server, value):
    """Puts conversations into the server, and asks; where there are several, also with all of them in one project."""
    asked, all_of = [], list(conversations(value))
    asked += each(server, [(project, project, events, questions) for project, events, questions in all_of])
    if len(all_of) > 1:
        everything = [(project, EVERYTHING % all_of[0][0], prefixed(project, events), questions_of(project, questions))
                      for project, events, questions in all_of]
        asked += each(server, everything)
    return asked


def prefixed(project, events):
    own = {"id": lambda value: project + "/" + value, "session": lambda value: project + "/" + value}
    return [{name: own.get(name, lambda value: value)(value) for name, value in event.items()} for event in events]


def questions_of(project, questions):
    return [{**one, "evidence": [project + "/" + id for id in one["evidence"]]} for one in questions]


def each(server, all_of):
    """Puts events into projects, then asks: rows as of rows_of, each with its conversation."""
    asked, after = [], {}
    for _, project, events, _ in all_of:
        after = server.append(project, events)
    for conversation, project, _, questions in all_of:
        for _, *rest in answers(server, project, "event", after, questions):
            asked.append((conversation, *rest))
    return asked


def answers(server, project, kind, after, questions):
    def answer(question):
        body = {"query": question["question"], "k": CANDIDATES, "kinds": [kind], "project": project,
                "after": after, "explain": True}
        hits = server.settled("/v1/search", body)["hits"]
        return project, question["evidence"], [hit["id"] for hit in hits], [hit["parts"] for hit in hits]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(answer, questions))


def matrix(asked, names):
    features = [[part[name] for name in names] for _, _, _, parts in asked for part in parts]
    labels = [int(one in evidence) for _, evidence, ids, _ in asked for one in ids]
    return numpy.array(features, numpy.float32), numpy.array(labels), [len(ids) for _, _, ids, _ in asked]


def fitted(asked, names):
    useful = [one for one in asked if set(one[1]) & set(one[2])]
    features, labels, groups = matrix(useful, names)
    data = lightgbm.Dataset(features, labels, group=groups, feature_name=names, free_raw_data=False)
    constraints = [1 if name in FOR else -1 if name in AGAINST else 0 for name in names]
    settings = {**SETTINGS, "monotone_constraints": constraints, "monotone_constraints_method": "advanced"}
    return lightgbm.train(settings, data, TREES)


def is_together(one):
    """Whether it was asked with all conversations in one project: then ids begin with the conversation."""
    return one[1][0].startswith(one[0] + "/")


def recall(asked, scores):
    shares, at = [], 0
    for _, evidence, ids, _ in asked:
        own = scores[at : at + len(ids)]
        at += len(ids)
        best = {ids[i] for i in numpy.argsort(-own, kind="stable")[:K]}
        shares.append(len(best & set(evidence)) / len(evidence))
    return float(numpy.mean(shares))


def tree(node, out):
    """Appends a node of LightGBM's dump and what is below it; gives its number."""
    if "leaf_value" in node:
        out["leaf"].append(round(node["leaf_value"], 6))
        return -len(out["leaf"])
    at = len(out["feature"])
    for name in ("feature", "threshold", "left", "right"):
        out[name].append(0)
    out["feature"][at] = node["split_feature"]
    # Rounded towards the left values, so that single precision decides as double did.
    out["threshold"][at] = float(numpy.float32(node["threshold"]))
    out["left"][at] = tree(node["left_child"], out)
    out["right"][at] = tree(node["right_child"], out)
    return at


def write(model, names, out):
    trees = []
    for one in model.dump_model()["tree_info"]:
        parts = {"feature": [], "threshold": [], "left": [], "right": [], "leaf": []}
        tree(one["tree_structure"], parts)
        trees.append(parts)
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in trees)
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).write_text('{"features":%s,\n"trees":[\n%s\n]}\n' % (json.dumps(names), lines))


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("athena")
    parse.add_argument("out")
    parse.add_argument("sets", nargs="+")
    parse.add_argument("--judge", nargs="*", default=[])
    parse.add_argument("--folds", help="a folder for the rankers that left conversations out, and which left out which")
    options = parse.parse_args()
    server = Server(options.athena)
    try:
        sets = {path: rows_of(server, path) for path in options.sets + options.judge}
    finally:
        server.stop()
    names = [name for name in json.loads(Path(__file__).with_name("ranker.json").read_text())["features"]]
    fit_on = {path: sets[path] for path in options.sets}
    projects = sorted({one[0] for asked in fit_on.values() for one in asked})
    fold = {project: number % FOLDS for number, project in enumerate(projects)}
    left_out = {(path, together): [] for path in fit_on for together in (False, True)}
    all_asked = [one for asked in fit_on.values() for one in asked]
    without = lambda number: fitted([one for one in all_asked if fold[one[0]] != number], names)
    with ThreadPoolExecutor(max(1, os.cpu_count() // SETTINGS["num_threads"])) as pool:
        models = list(pool.map(without, range(FOLDS)))
    for number, model in enumerate(models):
        if options.folds:
            write(model, names, Path(options.folds, "%d.json" % number))
        for path, together in left_out:
            out = [one for one in fit_on[path] if fold[one[0]] == number and is_together(one) == together]
            if out:
                left_out[path, together].append((len(out), recall(out, model.predict(matrix(out, names)[0]))))
    for (path, together), parts in left_out.items():
        total = sum(count for count, _ in parts)
        if total:
            figure = sum(count * share for count, share in parts) / total
            where = ", all in one project" if together else ""
            print("%s  %d questions  recall@%d %.4f, left out%s" % (Path(path).name, total, K, figure, where))
    model = fitted(all_asked, names)
    for path in options.judge:
        own = [one for one in sets[path] if not is_together(one)]
        print("%s  recall@%d %.4f, not fitted on" % (Path(path).name, K, recall(own, model.predict(matrix(own, names)[0]))))
    write(model, names, options.out)
    if options.folds:
        Path(options.folds, "folds.json").write_text(json.dumps(fold))
    for path in options.sets:
        bytes_of = b"".join(file.read_bytes() for file in files(path))
        print("%s  %s" % (hashlib.sha256(bytes_of).hexdigest(), Path(path).name))
    gains = sorted(zip(model.feature_importance("gain"), names), reverse=True)
    print("most telling: " + ", ".join("%s %.0f" % (name, gain) for gain, name in gains[:20]))


if __name__ == "__main__":
    main()
