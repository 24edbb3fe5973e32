#!/usr/bin/env python3
"""Distils the static embedding table from a transformer: `./dev model`.

    distil.py MODEL_FOLDER OUT TEXTS.json[l]…

Every token of the vocabulary goes through all-MiniLM-L6-v2 alone, between [CLS] and [SEP]; the mean of what
comes out, projected on the first 256 principal components of all tokens, is its vector (the way of Model2Vec:
Tulkens and van Dongen, 2024). Numbers are int8 with one scale a token. TEXTS are what is counted to know how
frequent each token is in plain text.

OUT: 8 bytes `ATHENAV1`; u32 tokens, u32 dimensions; for each token a f32 scale; for each its share of all tokens,
f32; int8 vectors, row by row; then the tokens, each ended by a line feed. Little endian.
"""

import json
import struct
import sys
from pathlib import Path

import numpy
import tokenizers

DIMENSIONS = 256
BATCH = 1024


def tensors(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    out = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = (8 + length + at for at in entry["data_offsets"])
        out[name] = numpy.frombuffer(raw[begin:end], "<f4").reshape(entry["shape"])
    return out


def norm(x, weights, name):
    mean = x.mean(-1, keepdims=True)
    spread = numpy.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12)
    return (x - mean) / spread * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, weights, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def erf(x):  # Abramowitz and Stegun 7.1.26, error below 1.5e-7
    t = 1 / (1 + 0.3275911 * numpy.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return numpy.sign(x) * (1 - series * numpy.exp(-x * x))


def gelu(x):
    return x * 0.5 * (1 + erf(x / numpy.float32(numpy.sqrt(2))))


def encode(ids, weights, layers, heads):
    """Mean of the last hidden states, [tokens, 384], of rows of token ids."""
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], weights, "embeddings.LayerNorm")
    rows, length, width = x.shape
    split = lambda y: y.reshape(rows, length, heads, width // heads).transpose(0, 2, 1, 3)
    for layer in range(layers):
        at = "encoder.layer.%d." % layer
        query, key, value = (split(linear(x, weights, at + "attention.self." + part)) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 1, 3, 2) / numpy.float32(numpy.sqrt(width // heads))
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ value
        mixed = mixed.transpose(0, 2, 1, 3).reshape(rows, length, width)
        x = norm(x + linear(mixed, weights, at + "attention.output.dense"), weights, at + "attention.output.LayerNorm")
        inner = gelu(linear(x, weights, at + "intermediate.dense"))
        x = norm(x + linear(inner, weights, at + "output.dense"), weights, at + "output.LayerNorm")
    return x.mean(1)


def texts(value):
    """Every `text` and `content` in a JSON value."""
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    if isinstance(value, dict):
        own = [value[name] for name in ("text", "content") if isinstance(value.get(name), str)]
        return own + [text for one in value.values() for text in texts(one)]
    return []


def shares(tokenizer, files, count):
    """The share of each token among those of the files, each file counting the same."""
    sum_of_shares = numpy.zeros(count)
    for file in files:
        lines = file.read_text().splitlines() if file.suffix == ".jsonl" else [file.read_text()]
        counts = numpy.zeros(count)
        for line in lines:
            for text in texts(json.loads(line)):
                numpy.add.at(counts, tokenizer.encode(text, add_special_tokens=False).ids, 1)
        sum_of_shares += counts / counts.sum()
    return sum_of_shares / len(files)


def main():
    folder, out, files = Path(sys.argv[1]), Path(sys.argv[2]), sorted(Path(name) for name in sys.argv[3:])
    config = json.loads((folder / "config.json").read_text())
    weights = tensors(folder / "model.safetensors")
    tokens = (folder / "vocab.txt").read_text().rstrip("\n").split("\n")
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    first, last = tokens.index("[CLS]"), tokens.index("[SEP]")
    rows = numpy.array([[first, token, last] for token in range(len(tokens))])
    vectors = numpy.concatenate([
        encode(rows[at : at + BATCH], weights, config["num_hidden_layers"], config["num_attention_heads"])
        for at in range(0, len(rows), BATCH)
    ]).astype(numpy.float64)
    vectors -= vectors.mean(0)
    _, components = numpy.linalg.eigh(vectors.T @ vectors)
    components = components[:, ::-1][:, :DIMENSIONS]
    # The sign of a component is free: its largest entry is positive.
    components *= numpy.sign(components[numpy.abs(components).argmax(0), numpy.arange(DIMENSIONS)])
    vectors = vectors @ components
    scales = numpy.abs(vectors).max(1) / 127
    scales[scales == 0] = 1
    codes = numpy.rint(vectors / scales[:, None]).astype(numpy.int8)
    with out.open("wb") as file:
        file.write(b"ATHENAV1" + struct.pack("<II", len(tokens), DIMENSIONS))
        file.write(scales.astype("<f4").tobytes())
        file.write(shares(tokenizer, files, len(tokens)).astype("<f4").tobytes())
        file.write(codes.tobytes())
        file.write("".join(token + "\n" for token in tokens).encode())


main()
