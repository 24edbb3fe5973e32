"""Checks pairs.json: counts, unique ids and texts, spans, lengths."""
import collections, json, pathlib

pairs = json.loads((pathlib.Path(__file__).parent / "pairs.json").read_text("utf-8"))
KINDS = {
    "duplicate": {"reworded", "abbreviation", "typo", "units", "order", "detail", "synonym", "succession",
                  "denied_antonym", "role", "choice", "preference"},
    "contradiction": {"value", "number", "date", "negation", "antonym", "preference", "swapped", "sibling", "unit",
                      "succession", "role", "choice"},
    "neither": {"attribute", "subject", "compatible", "unrelated_words", "measure", "event", "swapped", "sibling", "unit",
                "succession", "denied_antonym", "role", "choice", "preference"},
}
bad = []
seen = collections.Counter()
ids = collections.Counter(p["id"] for p in pairs)
for p in pairs:
    if ids[p["id"]] > 1:
        bad.append((p["id"], "id twice"))
    if not set(p) <= {"id", "a", "b", "label", "kind", "spans", "note"}:
        bad.append((p["id"], "unknown key"))
    if p["kind"] not in KINDS.get(p["label"], ()):
        bad.append((p["id"], "kind %s under %s" % (p["kind"], p["label"])))
    if ("spans" in p) != (p["label"] == "contradiction"):
        bad.append((p["id"], "spans missing or out of place"))
    for side in "ab":
        text = p[side]
        seen[" ".join(text.split())] += 1
        n = len(text.split())
        if not 5 <= n <= 40:
            bad.append((p["id"], "%s has %d words" % (side, n)))
        if "spans" in p:
            span = p["spans"][side]
            if not span or text.count(span) != 1:
                bad.append((p["id"], "span %r found %d times" % (span, text.count(span))))
bad += [(t, "text twice") for t, n in seen.items() if n > 1]
for label in KINDS:
    kinds = collections.Counter(p["kind"] for p in pairs if p["label"] == label)
    print(label, sum(kinds.values()), dict(sorted(kinds.items())))
print("pairs", len(pairs), "problems", len(bad))
for b in bad:
    print(*b)
raise SystemExit(1 if bad else 0)
