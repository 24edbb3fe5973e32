#!/usr/bin/env python3
"""`athena communities` beside igraph and leidenalg: quality over seeds, weights, resolutions and levels, and time.

    pip install leidenalg igraph numpy
    leiden.py --binary PATH [--nodes 10000,100000] [--mixing 0.1,0.3,0.5] [--resolution 0.5,1,2] [--weighted 0,1]
              [--seeds 5] [--leidenalg 20000]

Graphs are planted partitions with power-law community sizes and degree about 20; weights are uniform from .5 to 1.5.
Modularity is the mean over the seeds. Seconds are processor time (user and system, on one thread), so that other work
on the machine counts little: the least over the seeds, reading the same edge list included; Athena's is that of its
process, printing included, less that of the same command on two edges. leidenalg runs up to the given number of nodes.
Prints one JSON object a graph and resolution.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import tempfile
import time

import igraph
import leidenalg
import numpy


def planted(nodes, mixing, seed, degree=20):
    """Edges as an array of pairs."""
    rng = numpy.random.default_rng(seed)
    sizes = []
    while sum(sizes) < nodes:
        sizes.append(int(min(nodes // 10, 20 * (1 - rng.random()) ** (-1 / 1.5))))
    truth = numpy.repeat(numpy.arange(len(sizes)), sizes)[:nodes]
    rng.shuffle(truth)
    order = numpy.argsort(truth, kind="stable")
    begins = numpy.searchsorted(truth[order], numpy.arange(len(sizes) + 1))
    wanted = nodes * degree // 2
    left = rng.integers(0, nodes, wanted)
    group = truth[left]
    within = order[begins[group] + rng.integers(0, begins[group + 1] - begins[group])]
    right = numpy.where(rng.random(wanted) < mixing, rng.integers(0, nodes, wanted), within)
    edges = numpy.stack([numpy.minimum(left, right), numpy.maximum(left, right)], axis=1)
    return numpy.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)


def athena(binary, path, resolution, seed, levels=False):
    """Processor seconds, and the lines as (node, community or communities)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [binary, "communities", path, "--resolution", str(resolution), "--seed", str(seed)]
    done = subprocess.run(command + ["--levels"] * levels, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    items = map(json.loads, done.stdout.splitlines())
    return spent, [(int(item["node"]), item["community"]) for item in items]


def labels_of(lines, nodes, level=None):
    labels = list(range(nodes, 2 * nodes))
    for node, community in lines:
        labels[node] = community if level is None else community[level]
    names = {}
    return [names.setdefault(label, len(names)) for label in labels]


def disconnected(graph, labels):
    """Communities that are not connected: edges between them are taken away, and pieces counted."""
    own = numpy.array(labels)
    edges = numpy.array(graph.get_edgelist())
    inner = igraph.Graph(n=graph.vcount(), edges=edges[own[edges[:, 0]] == own[edges[:, 1]]])
    return len(inner.connected_components()) - len(set(labels))


def read(path, weighted):
    if weighted:
        return igraph.Graph.Read_Ncol(path, names=True, weights=True, directed=False)
    return igraph.Graph.Read_Edgelist(path, directed=False)


def peers(path, options, nodes, weighted, resolution):
    row, weights = {}, "weight" if weighted else None
    spent, quality = [], []
    for seed in range(options.seeds):
        random.seed(seed)
        began = time.process_time()
        graph = read(path, weighted)
        found = graph.community_leiden("modularity", weights=weights, resolution=resolution, n_iterations=2)
        spent.append(time.process_time() - began)
        quality.append(graph.modularity(found.membership, weights=weights, resolution=resolution))
    row["igraph"] = {"seconds": round(min(spent), 3), "modularity": round(numpy.mean(quality), 5)}
    if nodes <= options.leidenalg:
        kind, quality = leidenalg.RBConfigurationVertexPartition, []
        for seed in range(options.seeds):
            found = leidenalg.find_partition(graph, kind, weights=weights, resolution_parameter=resolution, seed=seed)
            quality.append(graph.modularity(found.membership, weights=weights, resolution=resolution))
        row["leidenalg"] = {"modularity": round(numpy.mean(quality), 5)}
    return row


def ours(path, options, edges, weights, nodes, resolution):
    graph = igraph.Graph(n=nodes, edges=edges.tolist())
    quality = lambda labels: graph.modularity(labels, weights=weights, resolution=resolution)
    runs = [athena(options.binary, path, resolution, seed) for seed in range(options.seeds)]
    found = [labels_of(lines, nodes) for _, lines in runs]
    row = {"seconds": round(min(spent for spent, _ in runs) - options.idle, 3),
           "modularity": round(numpy.mean([quality(labels) for labels in found]), 5),
           "disconnected": sum(disconnected(graph, labels) for labels in found), "levels": []}
    _, lines = athena(options.binary, path, resolution, 0, levels=True)
    for level in range(len(lines[0][1])):
        labels = labels_of(lines, nodes, level)
        row["levels"].append({"communities": len(set(labels)), "modularity": round(quality(labels), 5),
                              "disconnected": disconnected(graph, labels)})
    return row


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("--binary", required=True)
    parse.add_argument("--nodes", default="10000,100000")
    parse.add_argument("--mixing", default="0.1,0.3,0.5")
    parse.add_argument("--resolution", default="0.5,1,2")
    parse.add_argument("--weighted", default="0,1")
    parse.add_argument("--seeds", type=int, default=5)
    parse.add_argument("--leidenalg", type=int, default=20000)
    options = parse.parse_args()
    numbers = lambda text, kind: [kind(part) for part in text.split(",")]
    folder = tempfile.mkdtemp()
    tiny, path = os.path.join(folder, "tiny.tsv"), os.path.join(folder, "edges.tsv")
    open(tiny, "w").write("0\t1\n1\t2\n")
    options.idle = min(athena(options.binary, tiny, 1, 0)[0] for _ in range(3))
    for nodes in numbers(options.nodes, int):
        for mixing in numbers(options.mixing, float):
            edges = planted(nodes, mixing, 1)
            for weighted in numbers(options.weighted, int):
                weights = numpy.random.default_rng(2).uniform(.5, 1.5, len(edges)).round(3) if weighted else None
                with open(path, "w") as file:
                    more = [f"\t{weight}" for weight in weights] if weighted else [""] * len(edges)
                    file.writelines(f"{a}\t{b}{c}\n" for (a, b), c in zip(edges.tolist(), more))
                for resolution in numbers(options.resolution, float):
                    row = {"nodes": nodes, "edges": len(edges), "mixing": mixing, "weighted": bool(weighted),
                           "resolution": resolution, **peers(path, options, nodes, weighted, resolution)}
                    row["athena"] = ours(path, options, edges, weights, nodes, resolution)
                    print(json.dumps(row), flush=True)


main()
