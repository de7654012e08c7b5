#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run universality --out runs/universality
    studies/universality/table.py runs/universality

Distances of representations and the tests of their labels are those of the join `similarity`. The
topology of a network is here how many fixed points it has with 0, 1, 2, ... unstable directions, those
that are marginal left out; two networks are as far apart as these numbers differ in all.

Exit code 1, and a line for each, where a network was not analyzed or a metric is missing.
"""
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import (finish, joins, load, print_label_tests, print_table,  # noqa: E402
                     read_analysis)

PERMUTATIONS = 999
MARGINAL = 3  # the kind of a point


def network_of(directory, name, done):
    """(name, whether it performs, its points by unstable directions or None)."""
    if "fixed_points" not in done:
        return name, False, None
    _, arrays = read_analysis(directory, done, "fixed_points")
    with sqlite3.connect(directory / "catalog.sqlite") as catalog:
        reached = catalog.execute("SELECT json_extract(metrics, '$.reached') FROM jobs WHERE id = ?",
                                  (done.get("outputs", ""),)).fetchone()
    performs = "network" in done and bool(reached and reached[0])  # else its training diverged
    return name, performs, Counter(arrays["unstable"][arrays["kind"] != MARGINAL].tolist())


def permanova(D, classes, rng):
    """(R^2, p) [Anderson 2001]; p of PERMUTATIONS permuted labels."""
    squares, names = D**2, np.unique(classes)
    total = squares.sum() / 2 / len(D)

    def within(of):
        return sum(squares[np.ix_(of == name, of == name)].sum() / 2 / (of == name).sum()
                   for name in names)

    if total == 0:
        return 0.0, 1.0
    observed = within(classes)
    as_good = sum(within(rng.permutation(classes)) <= observed * (1 + 1e-12)
                  for _ in range(PERMUTATIONS))
    return 1 - observed / total, (1 + as_good) / (1 + PERMUTATIONS)


def topology(networks):
    """(points, distances, cells, activations) of the networks that perform the task."""
    known = [(name, points) for name, performs, points in networks if performs and points]
    D = np.array([[((a - b) + (b - a)).total() for _, b in known] for _, a in known], float)
    parts = [name.split()[0].split("_") for name, _ in known]
    return ([points for _, points in known], D, np.array([cell for cell, _ in parts]),
            np.array([kind for _, kind in parts]))


def topology_notes(networks):
    points, D, cells, activations = topology(networks)
    kinds = Counter(", ".join(str(one[index]) for index in range(4)) for one in points)
    notes = [f"{count} of {len(points)} have {kind} points with 0, 1, 2, 3 unstable directions"
             for kind, count in kinds.most_common(3)]
    if len(points) <= len(set(cells)):
        return notes
    rng = np.random.default_rng(0)
    for label, classes in (("cell", cells), ("activation", activations)):
        if len(set(classes)) > 1:
            share, p = permanova(D, classes, rng)
            notes.append(f"topology by {label}: R2 {share:.2f}, p {p:.3f}")
    return notes


def main():
    directory = Path(sys.argv[1])
    study, populations = load(directory, network_of)
    networks = [network for population in populations.values() for network in population]
    found = joins(directory, "similarity")
    objections = [f"{name}: not analyzed" for name, _, points in networks
                  if points is None]
    objections += [f"{metric}: not computed" for metric in study["joins"]["similarity"]["metrics"]
                   if metric not in found]
    print_label_tests(found, ("cell", "activation", "stage"))
    print()
    print_table(["metric", "compared", "left out", "stress-1", "gap of the distances"],
                [[metric, attributes["metrics"]["compared"], attributes["metrics"]["left_out"],
                  f"{attributes.get('stress_1', float('nan')):.3f}", gap(arrays)]
                 for metric, (attributes, arrays) in found.items()])
    notes = [f"{sum(performs for _, performs, _ in networks)} of {len(networks)} networks perform "
             f"the task.", *topology_notes(networks)]
    finish(objections, notes)


def gap(arrays):
    if "bounds" not in arrays:
        return "-"
    D, bounds = arrays["distances"], arrays["bounds"]
    known = np.triu(np.isfinite(D) & (D > 0), 1)
    return f"{np.mean(1 - bounds[known] / D[known]):.0%}"


if __name__ == "__main__":
    main()
