#!/usr/bin/env python3
"""Measures `retrieve.context`: the share of a question's evidence that is inside a context of so many tokens.

    context.py ATHENA FOLDS SET…

FOLDS is what `fit.py --folds` wrote: a conversation is asked with the ranker that left it out. SETs are as fit.py
reads them, of conversations. Beside it the tokens that the evidence has by itself, which is what a perfect context
would take.
"""

import json
import sys
from pathlib import Path

import fit

BUDGETS = (500, 1_500, 4_000)


def main():
    athena, folds, *sets = sys.argv[1:]
    fold = json.loads(Path(folds, "folds.json").read_text())
    shares = {(path, budget): [] for path in sets for budget in BUDGETS}
    own = {path: [] for path in sets}
    for number in range(fit.FOLDS):
        server = fit.Server(athena, str(Path(folds, "%d.json" % number).resolve()))
        try:
            for path in sets:
                for value in (json.loads(file.read_text()) for file in fit.files(path)):
                    for project, events, questions in fit.conversations(value):
                        if fold.get(project) == number:
                            measure(server, project, events, questions, path, shares, own)
        finally:
            server.stop()
    for path in sets:
        tokens = sorted(own[path])
        print("%s  %d questions  %s  evidence itself: median %d, p90 %d tokens" % (
            Path(path).name, len(tokens),
            "  ".join("%d tokens %.3f" % (budget, sum(part) / len(part))
                      for budget in BUDGETS for part in [shares[path, budget]]),
            tokens[len(tokens) // 2], tokens[len(tokens) * 9 // 10]))


def measure(server, project, events, questions, path, shares, own):
    """Asks each question of its conversation, once with each budget."""
    after = server.append(project, events)
    length = {event["id"]: len(event.get("content", "")) // 4 for event in events}
    for question in questions:
        evidence = set(question["evidence"])
        own[path].append(sum(length.get(id, 0) for id in evidence))
        for budget in BUDGETS:
            body = {"query": question["question"], "project": project, "budget_tokens": budget, "kinds": ["event"],
                    "after": after}
            items = server.settled("/v1/tools/retrieve/context", body)["items"]
            shares[path, budget].append(len(evidence & {item["id"] for item in items}) / len(evidence))


if __name__ == "__main__":
    main()
