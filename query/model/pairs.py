#!/usr/bin/env python3
"""Fits what judges how two short texts stand to each other.

    pairs.py draw PAIRS OUT       the pairs to learn from, as a file for the judge's own test `tell`
    pairs.py fit DRAWN SIGNS OUT  the model, from the signs that `tell` wrote; prints what left-out pairs give

PAIRS is tests/data/pairs/pairs.json. To it `draw` adds, with less weight: each contradiction with nothing but its
value changed, so that how its texts are worded tells nothing; and each text with the four texts of other pairs that
share most words with it, as pairs that say different things. Between the two commands:

    ATHENA_PAIRS=OUT ATHENA_SIGNS=SIGNS cargo test --release -p athena-query --lib -- --ignored pairs::tests::tell

The model is a multinomial logistic regression with a ridge. Pairs that share many words are judged together by what
was fitted on the others (ten folds).
"""

import json
import re
import sys
import zlib
from pathlib import Path

import numpy

CLASSES = {"duplicate": "same", "contradiction": "contradicts", "neither": "different"}
LABELS = list(CLASSES)
# What a pair weighs: as it was written, with its value changed, or drawn from two others.
WRITTEN, CHANGED, DRAWN = 1.0, 0.25, 0.2
NEAREST = 4
RIDGE = 5.0
FOLDS = 10
# The share of words from which two pairs are judged together.
TOGETHER = 0.35
# Where two in three of what is told to contradict do so in the set, which is made to mislead.
CUTOFFS = {"same": 0.5, "joins": 0.8, "contradicts": 0.45, "possible": 0.2}
# Signs of what cannot say the same; as `Signs::differ` has them.
DIFFERENT = ["amounts", "times", "numbers", "kinds", "opposed", "exchanged", "apart", "place_valued"]
# The pairs from here on were written for what the judge of those before failed on.
LATER = "p298"
LITTLE = set("the a of is in to for and on are with at it be i we my our".split())


def words(text):
    return set(re.findall(r"[a-z0-9]+", text.lower())) - LITTLE


def draw(path, out):
    pairs = json.loads(Path(path).read_text())
    drawn = [{**pair, "of": [pair["id"]], "weight": WRITTEN} for pair in pairs]
    for pair in pairs:
        for side, other in ("ab", "ba") if "spans" in pair else ():
            changed = pair[side].replace(pair["spans"][side], pair["spans"][other])
            drawn.append({"id": pair["id"] + side, "a": pair[side], "b": changed, "label": "contradiction",
                          "kind": "changed", "of": [pair["id"]], "weight": CHANGED})
    texts = [(pair["id"], pair[side], words(pair[side])) for pair in pairs for side in "ab"]
    seen = set()
    for own, text, mine in texts:
        def alike(other):
            return -len(mine & other[2]) / len(mine | other[2]), other[0], other[1]
        for of, other, _ in sorted((one for one in texts if one[0] != own), key=alike)[:NEAREST]:
            if frozenset((text, other)) not in seen:
                seen.add(frozenset((text, other)))
                drawn.append({"id": own + of, "a": text, "b": other, "label": "neither", "kind": "drawn",
                              "of": [own, of], "weight": DRAWN})
    Path(out).write_text(json.dumps(drawn))


def folds(pairs):
    """The fold of each written pair: those that share many words are in one."""
    written = {pair["id"]: words(pair["a"]) | words(pair["b"]) for pair in pairs if pair["weight"] == WRITTEN}
    group = {id: id for id in written}

    def of(id):
        return id if group[id] == id else of(group[id])
    for one in written:
        for other in written:
            both = len(written[one] & written[other]) / min(len(written[one]), len(written[other]))
            if one < other and both >= TOGETHER:
                group[of(one)] = of(other)
    return {id: zlib.crc32(of(id).encode()) % FOLDS for id in written}


def chances(scores):
    shares = numpy.exp(scores - scores.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def fitted(signs, labels, weights):
    """Weights of the signs for each class and the biases, by Newton's method on standardised signs."""
    mean = numpy.average(signs, 0, weights)
    scale = numpy.sqrt(numpy.average((signs - mean) ** 2, 0, weights)) + 1e-9
    inputs = numpy.hstack([(signs - mean) / scale, numpy.ones((len(signs), 1))])
    count, classes = inputs.shape[1], len(LABELS)
    ridge = numpy.full(count, RIDGE)
    ridge[-1] = 1e-3
    model, wanted = numpy.zeros((count, classes)), numpy.eye(classes)[labels]
    for _ in range(20):
        chance = chances(inputs @ model)
        slope = inputs.T @ ((chance - wanted) * weights[:, None]) + ridge[:, None] * model
        curve = numpy.zeros((count * classes, count * classes))
        for one in range(classes):
            for other in range(classes):
                bend = weights * chance[:, one] * ((one == other) - chance[:, other])
                block = inputs.T @ (inputs * bend[:, None]) + (numpy.diag(ridge) if one == other else 0)
                curve[one * count:(one + 1) * count, other * count:(other + 1) * count] = block
        step = numpy.linalg.solve(curve + 1e-6 * numpy.eye(len(curve)), slope.T.reshape(-1))
        model -= step.reshape(classes, count).T
    own = model[:-1] / scale[:, None]
    return own, model[-1] - mean @ own


def told(pair, chance, cutoffs):
    """The label that the judge gives; as `Judge::of` does."""
    same, against, _ = chance
    if same >= cutoffs["same"] and same > against and not pair["differs"]:
        return "duplicate"
    return "contradiction" if against >= cutoffs["contradicts"] else "neither"


def report(pairs, chance, name, cutoffs=CUTOFFS):
    said = [told(pair, one, cutoffs) for pair, one in zip(pairs, chance)]
    figures = []
    for label in LABELS:
        both = sum(pair["label"] == label == one for pair, one in zip(pairs, said))
        precision, recall = both / max(said.count(label), 1), both / max(sum(pair["label"] == label for pair in pairs), 1)
        figures.append("%s precision %.3f recall %.3f" % (CLASSES[label], precision, recall))
    right = sum(pair["label"] == one for pair, one in zip(pairs, said)) / len(pairs)
    print("%-22s right %.3f  %s" % (name, right, "  ".join(figures)))
    return said


def fit(drawn, signs, out):
    pairs = json.loads(Path(drawn).read_text())
    lines = [json.loads(line)["signs"] for line in Path(signs).read_text().splitlines()]
    for pair, line in zip(pairs, lines):
        pair["differs"] = sum(line[name] for name in DIFFERENT) > 0
    names = sorted(lines[0])
    values = numpy.array([[line[name] for name in names] for line in lines])
    labels = numpy.array([LABELS.index(pair["label"]) for pair in pairs])
    weights = numpy.array([pair["weight"] for pair in pairs])
    fold = folds(pairs)
    within = numpy.array([[fold[id] == number for number in range(FOLDS)] for pair in pairs for id in pair["of"][:1]])
    touched = numpy.array([[any(fold[id] == number for id in pair["of"]) for number in range(FOLDS)] for pair in pairs])
    chance = numpy.zeros((len(pairs), len(LABELS)))
    for number in range(FOLDS):
        own, bias = fitted(*(part[~touched[:, number]] for part in (values, labels, weights)))
        chance[within[:, number]] = chances(values[within[:, number]] @ own + bias)
    written = [at for at, pair in enumerate(pairs) if pair["weight"] == WRITTEN]
    of = lambda places: ([pairs[at] for at in places], chance[places])
    said = report(*of(written), "left out")
    report(*of([at for at in written if pairs[at]["id"] < LATER]), "left out, first ones")
    report(*of([at for at in written if pairs[at]["id"] >= LATER]), "left out, later ones")
    for cutoff in (0.4, 0.6, 0.7):
        report(*of(written), "left out, from %.1f" % cutoff, {**CUTOFFS, "same": cutoff, "contradicts": cutoff})
    possible = sum(pairs[at]["label"] == "contradiction" and chance[at][1] >= CUTOFFS["possible"] for at in written)
    print("possible or told       recall %.3f" % (possible / sum(pairs[at]["label"] == "contradiction" for at in written)))
    for kind in sorted({pairs[at]["kind"] for at in written}):
        own = [(pairs[at]["label"], one) for at, one in zip(written, said) if pairs[at]["kind"] == kind]
        print("  %-18s %d of %d" % (kind, sum(label == one for label, one in own), len(own)))
    other = [at for at, pair in enumerate(pairs) if pair["kind"] == "drawn"]
    wrong = [told(pairs[at], chance[at], CUTOFFS) for at in other]
    print("%d pairs drawn from two: %d told to be the same, %d to contradict" % (len(other), wrong.count("duplicate"), wrong.count("contradiction")))
    own, bias = fitted(values, labels, weights)
    report([pairs[at] for at in written], chances(values[written] @ own + bias), "fitted on")
    model = {"signs": names}
    for at, name in enumerate(CLASSES.values()):
        model[name] = {"weights": [round(float(one), 5) for one in own[:, at]], "bias": round(float(bias[at]), 5)}
    Path(out).write_text(json.dumps({**model, "cutoffs": CUTOFFS}, indent=1) + "\n")


if __name__ == "__main__":
    {"draw": draw, "fit": fit}[sys.argv[1]](*sys.argv[2:])
