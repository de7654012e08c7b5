#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The numbers behind the claim table of this folder's README, from a result directory.

    papers/amrut2021_hypotheses/claims.py runs/amrut2021_hypotheses

Reads catalog.sqlite and analyses/*.h5 with h5py (of jobs that differ in settings the last
written); prints one line a claim and task: the median over
the networks, the smallest and largest, and in how many networks the claim holds.
"""
import json
import sqlite3
import sys
from pathlib import Path

import h5py
import numpy as np


def load(directory):
    """{population: [{analysis: (metrics, attributes, arrays)} for each network]}, in order."""
    rows = sqlite3.connect(directory / "catalog.sqlite").execute(
        "SELECT population, number, kind, id, state, metrics FROM jobs ORDER BY population, number, rowid")
    networks = {}
    for population, number, kind, job, state, metrics in rows:
        network = networks.setdefault(population, {}).setdefault(number, {})
        if kind == "network":
            network[kind] = (json.loads(metrics), {"state": state}, {})
            continue
        with h5py.File(directory / "analyses" / f"{job}.h5") as file:
            arrays = {name: item[()] for name, item in file.items() if name != "attributes"}
            text = file["attributes"][()]
            text = text[0] if isinstance(text, np.ndarray) else text
            network[kind] = (json.loads(metrics), json.loads(text), arrays)
    return {name: [found[number] for number in sorted(found)] for name, found in networks.items()}


def rank_correlation(a, b):
    ranks = [np.argsort(np.argsort(values)) for values in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


def least_stable_points(network):
    """The number of stable fixed points at the steady input that has fewest."""
    _, attributes, arrays = network["fixed_points"]
    counts = [int(np.sum((arrays["input_index"] == i) & (arrays["kind"] == 0)))
              for i in range(len(attributes["inputs"]))]
    return min(counts)


CLAIMS = [
    ("figure 1: normalized error (criterion < 0.05)",
     lambda n: n["outputs"][0]["error"], lambda v: v < 0.05),
    ("figures 2, 3: stable fixed points at each steady input (least; claim: one or more)",
     least_stable_points, lambda v: v >= 1),
    ("section 6: unstable fixed points (saddles and repelling)",
     lambda n: n["fixed_points"][0]["saddles"] + n["fixed_points"][0]["repelling_points"], None),
    ("figure 4: mean weight after training (claim: below zero)",
     lambda n: n["connectivity"][1]["mean_after"], lambda v: v < 0),
    ("figure 4: change of the mean weight (claim: falls)",
     lambda n: n["connectivity"][1]["mean_after"] - n["connectivity"][1]["mean_before"],
     lambda v: v < 0),
    ("figure 4: change of the mean weight, in standard errors sd / sqrt(n (n - 1))",
     lambda n: ((n["connectivity"][1]["mean_after"] - n["connectivity"][1]["mean_before"])
                / n["connectivity"][1]["sd_before"]
                * np.sqrt(len(n["connectivity"][2]["change_singular_values"])
                          * (len(n["connectivity"][2]["change_singular_values"]) - 1))), None),
    ("figure 7: relative change |dW| / |W| (Frobenius)",
     lambda n: n["connectivity"][1]["relative_change"], None),
    ("figure 7: part of the weights that carries the change (participation)",
     lambda n: n["connectivity"][1]["changed_fraction"], None),
    ("figure 7: effective rank of the change, by participation (claim: low)",
     lambda n: n["connectivity"][1]["participation_ratio"], None),
    ("figure 7: largest |eigenvalue| after / before (claim: increased)",
     lambda n: float(np.max(np.hypot(*n["connectivity"][2]["eigenvalues_after"].T))
                     / np.max(np.hypot(*n["connectivity"][2]["eigenvalues_before"].T))),
     lambda v: v > 1),
    ("figure 8: rank correlation of in-strength before and after (claim: negative)",
     lambda n: rank_correlation(n["connectivity"][2]["centrality_in_strength_before"],
                                n["connectivity"][2]["centrality_in_strength_after"]),
     lambda v: v < 0),
    ("figure 8: rank correlation of eigenvector centrality (claim: negative)",
     lambda n: rank_correlation(n["connectivity"][2]["centrality_eigenvector_before"],
                                n["connectivity"][2]["centrality_eigenvector_after"]),
     lambda v: v < 0),
    ("figure 8: rank correlation of PageRank (claim: negative)",
     lambda n: rank_correlation(n["connectivity"][2]["centrality_pagerank_before"],
                                n["connectivity"][2]["centrality_pagerank_after"]),
     lambda v: v < 0),
    ("text: departure from normality, operator norm, before",
     lambda n: n["connectivity"][1]["departure_before_operator"], None),
    ("text: departure from normality, operator norm, after / before (claim: increased)",
     lambda n: (n["connectivity"][1]["departure_after_operator"]
                / n["connectivity"][1]["departure_before_operator"]), lambda v: v > 1),
    ("text: departure from normality, Frobenius, before (the note: 16.5)",
     lambda n: n["connectivity"][1]["departure_before_frobenius"], None),
    ("text: departure from normality, Frobenius, after (the note: 17.5)",
     lambda n: n["connectivity"][1]["departure_after_frobenius"], None),
    ("text: departure from normality, Frobenius, after / before (claim: increased)",
     lambda n: (n["connectivity"][1]["departure_after_frobenius"]
                / n["connectivity"][1]["departure_before_frobenius"]), lambda v: v > 1),
    ("figure 6 at theta = 0: predictive information, trained - untrained (claim: negative)",
     lambda n: (n["dca"][1]["trained_predictive_information"]
                - n["dca"][1]["untrained_predictive_information"]), lambda v: v < 0),
]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    populations = load(Path(sys.argv[1]))
    for claim, measure, holds in CLAIMS:
        print(claim)
        for name, networks in populations.items():
            values = [measure(network) for network in networks]
            line = (f"  {name:10} median {np.median(values):.4g}  "
                    f"[{min(values):.4g} .. {max(values):.4g}]")
            if holds is not None:
                line += f"  holds in {sum(map(holds, values))} of {len(values)}"
            print(line)


if __name__ == "__main__":
    main()
