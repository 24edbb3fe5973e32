#!/usr/bin/env python3
"""Fits what decides whether a text bears on a question at all: `./dev fit --gate`.

    gate.py ATHENA OUT FOLDS WORLDS [SET…]

FOLDS is what `fit.py --folds` wrote: a conversation is asked with the ranker that left it out. WORLDS is a folder of
worlds of memories with cases (tests/data/noise), and of folders of such; SETs are as fit.py reads them. Each question
of a set is also asked of the next conversation, which cannot answer it. Without a SET only the gate of memories is
fitted, with the ranker inside the binary; the others stay in OUT as they are. What is fitted on is what `memories.recall`
tells with `cutoff: none` and `explain`: logistic regressions, one for memories and one for what was said.

Prints, with each world or conversation judged by what was fitted on the others, precision, recall, exact answers
and how often nothing was returned where nothing is to be found; and for conversations the curve over cutoffs.
"""

import json
import sys
from pathlib import Path

import numpy

import fit

SIGNS = ["bears.soft", "bears.exact", "bears.gap", "bears.mass", "bears.got", "bears.cosine", "bears.back",
         "bears.name", "bears.foreign"]
OF_MEMORY = SIGNS + ["bears.sentence.cosine", "bears.sentence.back", "bears.words", "bears.words.rare",
                     "bears.words.names", "bears.words.least", "bears.words.other", "bears.words.apart",
                     "bears.words.count", "bears.words.parts"] + ["bears.lacks." + kind for kind in (
                         "person", "time", "place", "count", "money", "span", "degree")]
OF_EACH = ["rank", "rank.below", "bears.soft", "bears.exact", "bears.gap", "bears.got", "bears.cosine", "bears.back",
           "bears.foreign", "like.general", "like.soft", "words.total", "cover", "cover.wider", "sum"]
OF_LIST = [name + how for name in (
    "rank", "bears.soft", "bears.exact", "bears.got", "bears.cosine", "bears.back", "like.general", "like.soft",
    "like.local", "cover", "cover.window", "cover.wider", "words.total") for how in (".max", ".top")] + [
    "bears.gap.top", "bears.mass.top", "bears.foreign.min", "bears.foreign.top", "q.terms.top"]
RIDGE = 5.0
FOLDS = 6
K = 10
# Where nine lists in ten that cannot answer are refused, and where few turns beside the evidence come.
LIST_CUTOFF = 0.5
EACH_CUTOFF = 0.05
# So much balance is given for a lower cutoff of memories: what is missed is not seen, noise is.
GIVEN = 0.015


def logistic(signs, labels):
    """Weights of the signs and the bias, by Newton's method with a ridge on standardised signs."""
    mean, scale = signs.mean(0), signs.std(0) + 1e-9
    inputs = numpy.hstack([(signs - mean) / scale, numpy.ones((len(signs), 1))])
    ridge = RIDGE * numpy.eye(inputs.shape[1])
    ridge[-1, -1] = 0
    weights = numpy.zeros(inputs.shape[1])
    for _ in range(30):
        chance = 1 / (1 + numpy.exp(-inputs @ weights))
        slope = inputs.T @ (chance - labels) + ridge @ weights
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge
        weights -= numpy.linalg.solve(curve, slope)
    own = weights[:-1] / scale
    return own, weights[-1] - own @ mean


def probability(fitted, signs):
    weights, bias = fitted
    return 1 / (1 + numpy.exp(-(signs @ weights + bias)))


class Asked:
    """One question with its candidates, the best by the ranker first: who may judge it, what is right, what was offered."""

    def __init__(self, group, right, items):
        items = sorted(items, key=lambda item: -item["parts"]["rank"])
        self.group, self.right = group, set(right)
        self.ids = [item["id"] for item in items]
        self.parts = [item["parts"] for item in items]

    def each(self, names):
        return numpy.array([[parts[name] for name in names] for parts in self.parts]).reshape(-1, len(names))

    def listed(self, name):
        stem, how = name.rsplit(".", 1)
        values = [parts[stem] for parts in self.parts] or [0.0]
        return {"max": max(values), "min": min(values), "top": values[0]}[how]


def recalled(server, query, project, kind, scope=()):
    body = {"query": query, "project": project, "kinds": [kind], "scope": list(scope), "cutoff": "none", "k": 30,
            "explain": True, "after": {}}
    return server.post("/v1/tools/memories/recall", body)["items"]


def of_worlds(server, folder):
    asked = []
    for file in sorted(Path(folder).rglob("*.json")):
        world, prefix = json.loads(file.read_text()), file.stem + " "
        ids = {}
        for memory in world["memories"]:
            told = {name: value for name, value in memory.items() if name not in ("key", "supersedes")}
            project = prefix + memory["project"]
            ids[memory["key"]] = server.post("/v1/tools/memories/remember", {**told, "project": project})["id"]
            if "supersedes" in memory:
                body = {"old": ids[memory["supersedes"]], "new": ids[memory["key"]], "project": project}
                server.post("/v1/tools/memories/supersede", body)
        for case in world["cases"]:
            items = recalled(server, case["query"], prefix + case["project"], "memory", case.get("scope", ()))
            asked.append(Asked(str(file.relative_to(folder)), [ids[key] for key in case["expect"]], items))
    return asked


def of_talk(server, path, wanted):
    """Of the wanted conversations each question asked of its own conversation, and of the next one of the set, which cannot answer it."""
    values = [json.loads(file.read_text()) for file in fit.files(path)]
    everything = [one for value in values for one in fit.conversations(value)]
    for project, events, _ in everything:
        server.append(project, events)
    asked = []
    for at, (project, _, questions) in enumerate(everything):
        if project not in wanted:
            continue
        other = everything[(at + 1) % len(everything)][0]
        for question in questions:
            asked.append(Asked(project, question["evidence"], recalled(server, question["question"], project, "event")))
            asked.append(Asked(project, [], recalled(server, question["question"], other, "event")))
    return asked


def of_each(names):
    """Inputs and labels of a gate that judges each candidate, for what can be answered."""
    def inputs(asked):
        asked = [one for one in asked if one.right] if names is OF_EACH else asked
        signs = numpy.concatenate([one.each(names) for one in asked])
        return signs, numpy.array([float(id in one.right) for one in asked for id in one.ids])
    return inputs


def of_list(asked):
    """The same of one that judges whether a list has an answer."""
    return numpy.array([[one.listed(name) for name in OF_LIST] for one in asked]), numpy.array([float(bool(one.right)) for one in asked])


def judged(asked, inputs, signs_of):
    """For each question what a gate says that was fitted on other groups: conversations or worlds."""
    groups = sorted({one.group for one in asked})
    fold = {group: at % FOLDS for at, group in enumerate(groups)}
    out = {}
    for number in range(FOLDS):
        fitted = logistic(*inputs([one for one in asked if fold[one.group] != number]))
        for one in asked:
            if fold[one.group] == number:
                out[id(one)] = probability(fitted, signs_of(one))
    return out


def returned(one, chances, cutoff):
    order = numpy.argsort(-chances, kind="stable")
    return [one.ids[at] for at in order if chances[at] >= cutoff][:K]


def figures(asked, chances, cutoff):
    right = wrong = missed = exact = empty = 0
    shares, nothing = [], [one for one in asked if not one.right]
    for one in asked:
        got = set(returned(one, chances[id(one)], cutoff))
        right, wrong, missed = right + len(got & one.right), wrong + len(got - one.right), missed + len(one.right - got)
        exact += got == one.right
        if one.right:
            shares.append(len(got & one.right) / len(one.right))
        else:
            empty += not got
    return {"precision": right / max(right + wrong, 1), "recall": right / max(right + missed, 1),
            "recall@%d" % K: float(numpy.mean(shares)), "exact": exact / len(asked), "nothing": empty / max(len(nothing), 1)}


def told(name, cutoff, figure):
    print("%-18s cutoff %.2f  %s" % (name, cutoff, "  ".join("%s %.3f" % one for one in figure.items())))


def best_cutoff(asked, chances):
    """The lowest where precision and recall are about in the best balance (F1)."""
    def balance(cutoff):
        figure = figures(asked, chances, cutoff)
        return 2 * figure["precision"] * figure["recall"] / max(figure["precision"] + figure["recall"], 1e-9)
    cutoffs = numpy.arange(0.1, 0.7, 0.02)
    best = max(map(balance, cutoffs))
    return next(cutoff for cutoff in cutoffs if balance(cutoff) >= best - GIVEN)


def of_memories(server, worlds):
    """The gate of memories; prints what it gives for worlds that were left out, those of near misses apart."""
    memory = of_worlds(server, worlds)
    chances = judged(memory, of_each(OF_MEMORY), lambda one: one.each(OF_MEMORY))
    cutoff = best_cutoff(memory, chances)
    for folder in sorted({Path(one.group).parent for one in memory}):
        own = [one for one in memory if Path(one.group).parent == folder]
        for at in sorted({0.1, 0.2, 0.3, 0.4, 0.5, round(float(cutoff), 2)}):
            told("memory %s" % Path(worlds, folder).name, at, figures(own, chances, at))
    return gate(OF_MEMORY, logistic(*of_each(OF_MEMORY)(memory)), cutoff)


def main():
    athena, out, folds, worlds, *sets = sys.argv[1:]
    if not sets:
        server = fit.Server(athena)
        try:
            gates = {**json.loads(Path(out).read_text()), "memory": of_memories(server, worlds)}
        finally:
            server.stop()
        Path(out).write_text(json.dumps(gates, indent=1) + "\n")
        return
    fold = json.loads(Path(folds, "folds.json").read_text())
    said = {path: [] for path in sets}
    for number in range(fit.FOLDS):
        server = fit.Server(athena, str(Path(folds, "%d.json" % number).resolve()))
        try:
            for path in sets:
                said[path] += of_talk(server, path, {project for project, own in fold.items() if own == number})
            if number == 0:
                gates = {"memory": of_memories(server, worlds)}
        finally:
            server.stop()

    everything = [one for asked in said.values() for one in asked if one.ids]
    lists = judged(everything, of_list, lambda one: numpy.array([one.listed(name) for name in OF_LIST]))
    each = judged(everything, of_each(OF_EACH), lambda one: one.each(OF_EACH))
    for path, asked in said.items():
        for at in (0.0, 0.3, LIST_CUTOFF, 0.7):
            passed = {id(one): numpy.where(lists[id(one)] >= at, each[id(one)], 0.0) for one in asked if one.ids}
            passed.update({id(one): numpy.zeros(0) for one in asked if not one.ids})
            told("%s, list %.1f" % (Path(path).name, at), EACH_CUTOFF, figures(asked, passed, EACH_CUTOFF if at else 0.0))
    gates["said_list"] = gate(OF_LIST, logistic(*of_list(everything)), LIST_CUTOFF)
    gates["said"] = gate(OF_EACH, logistic(*of_each(OF_EACH)(everything)), EACH_CUTOFF)
    Path(out).write_text(json.dumps(gates, indent=1) + "\n")


def gate(names, fitted, cutoff):
    weights, bias = fitted
    return {"signs": names, "weights": [round(float(one), 5) for one in weights], "bias": round(float(bias), 5),
            "cutoff": round(float(cutoff), 2)}


if __name__ == "__main__":
    main()
