"""The stacks that somebody would otherwise build in Python, on the rows and vectors of a memory of Athena's.

hybrid.py DATA QUESTIONS FOLDER: reads DATA/tables, asks each line of QUESTIONS, prints a JSON line a stack.

LanceDB: a table with an FTS index and an IVF_PQ index, its own hybrid query with reciprocal rank fusion.
SQLite: FTS5 and sqlite-vec (vec0, bit-quantised with rescoring), fused by reciprocal rank in Python.
Both ask with a vector that was made before the clock starts (the mean of four documents'), so neither pays for a
model, as Athena does."""

import json
import struct
import sys
import time
from pathlib import Path

import lance
import numpy
import pyarrow


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def told(stack, build_s, spent, **more):
    row = {"stack": stack, "mode": "hybrid", "clients": 1, "build_s": round(build_s, 1),
           "p50_ms": percentile(spent, 0.5), "p99_ms": percentile(spent, 0.99), **more}
    print(json.dumps(row), flush=True)


def rows(data):
    events = lance.dataset(f"{data}/tables/events.lance").to_table(columns=["id", "project", "content"])
    vectors = lance.dataset(f"{data}/tables/embeddings.lance")
    vectors = vectors.to_table(columns=["id", "chunk", "vector"], filter="kind = 'event' AND chunk = 0")
    at = {name: number for number, name in enumerate(vectors["id"].to_pylist())}
    flat = vectors["vector"].combine_chunks()
    matrix = flat.flatten().to_numpy(zero_copy_only=False).reshape(len(flat), -1).astype("float32")
    order = [at[name] for name in events["id"].to_pylist()]
    return events, matrix[order]


def lancedb_hybrid(folder, events, matrix, questions):
    import lancedb

    began = time.monotonic()
    vectors = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(matrix.reshape(-1)), matrix.shape[1])
    database = lancedb.connect(f"{folder}/lancedb")
    table = database.create_table("documents", events.append_column("vector", vectors))
    table.create_fts_index("content", use_tantivy=False)
    if len(events) >= 10_000:
        table.create_index(metric="cosine", vector_column_name="vector", index_type="IVF_PQ",
                           num_partitions=max(1, int(len(events) ** 0.5)), num_sub_vectors=matrix.shape[1] // 8)
    table.create_scalar_index("project", index_type="BITMAP")
    build_s = time.monotonic() - began
    spent = []
    for question, vector in questions:
        began = time.monotonic()
        query = table.search(query_type="hybrid").vector(vector).text(question["query"])
        query.where(f"project = '{question['project']}'", prefilter=True).limit(10).to_list()
        spent.append((time.monotonic() - began) * 1e3)
    told("lancedb", build_s, spent)


def sqlite_hybrid(folder, events, matrix, questions):
    # Python's own module may be built without extensions.
    import pysqlite3 as sqlite3
    import sqlite_vec

    began = time.monotonic()
    database = sqlite3.connect(f"{folder}/documents.sqlite")
    database.enable_load_extension(True)
    sqlite_vec.load(database)
    database.execute("CREATE VIRTUAL TABLE words USING fts5(content, project UNINDEXED, tokenize='porter')")
    wide = matrix.shape[1]
    database.execute(f"CREATE VIRTUAL TABLE vectors USING vec0(project TEXT PARTITION KEY, vector float[{wide}])")
    contents, projects = events["content"].to_pylist(), events["project"].to_pylist()
    with database:
        database.executemany("INSERT INTO words(rowid, content, project) VALUES (?, ?, ?)",
                             zip(range(1, len(contents) + 1), contents, projects))
        database.executemany("INSERT INTO vectors(rowid, project, vector) VALUES (?, ?, ?)",
                             ((at + 1, projects[at], matrix[at].tobytes()) for at in range(len(projects))))
    build_s = time.monotonic() - began
    spent = []
    for question, vector in questions:
        began = time.monotonic()
        words = " OR ".join(f'"{word}"' for word in question["query"].split())
        by_words = database.execute(
            "SELECT rowid FROM words WHERE words MATCH ? AND project = ? ORDER BY bm25(words) LIMIT 60",
            (words, question["project"])).fetchall()
        by_vector = database.execute(
            "SELECT rowid FROM vectors WHERE vector MATCH ? AND k = 60 AND project = ?",
            (struct.pack(f"{wide}f", *vector), question["project"])).fetchall()
        scores = {}
        for found in (by_words, by_vector):
            for rank, (row,) in enumerate(found):
                scores[row] = scores.get(row, 0) + 1 / (60 + rank)
        best = sorted(scores, key=scores.get, reverse=True)[:10]
        [database.execute("SELECT content FROM words WHERE rowid = ?", (row,)).fetchone() for row in best]
        spent.append((time.monotonic() - began) * 1e3)
    told("sqlite", build_s, spent)


def main():
    data, asked, folder = sys.argv[1:4]
    events, matrix = rows(data)
    random = numpy.random.default_rng(7)
    questions = []
    for line in Path(asked).read_text().splitlines():
        vector = matrix[random.integers(0, len(matrix), 4)].mean(axis=0)
        questions.append((json.loads(line), (vector / numpy.linalg.norm(vector)).astype("float32")))
    for stack in (lancedb_hybrid, sqlite_hybrid):
        try:
            stack(folder, events, matrix, questions)
        except Exception as error:  # a stack that cannot be had does not keep the others out
            print(f"{stack.__name__}: {error}", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
