#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run sparsity --jobs 1 --out runs/sparsity
    studies/sparsity/table.py runs/sparsity

"weights" is the share of recurrent weights that are not exactly 0, those off a mask counting as 0; the
change's rank the number of its singular values above a tenth of the largest. A mark * is where an
exact sign-flip test against the dense networks, in pairs with the same random numbers, has p < 0.1:
with five networks it cannot be below 0.06.

Exit code 1, and a line for each, where a network was not analyzed.
"""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import (finish, load, print_table, read_analysis, sign_flip_test, spread,  # noqa: E402
                     training_of)

MEASURES = {"error": ".3f", "weights": ".2f", "DCA, nats": ".2f", "change's rank": "g",
            "points": "g", "unstable points": "g"}


@dataclass
class Network:
    name: str
    reached: bool = False
    values: dict = field(default_factory=dict)
    searches: list = field(default_factory=list)


def density_of(parameters):
    weights = parameters["recurrent"]
    if "mask" in parameters:
        weights = weights * parameters["mask"]
    return float(np.mean(weights != 0))


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "dca", "fixed_points", "connectivity"} - set(jobs):
        return network
    metrics = {kind: read_analysis(directory, jobs, kind)[0]["metrics"]
               for kind in ("outputs", "dca", "fixed_points", "connectivity")}
    attributes, arrays = read_analysis(directory, jobs, "fixed_points")
    network.searches = attributes["completeness"]
    network.reached = metrics["outputs"]["reached"]
    network.values = {"error": metrics["outputs"]["error"],
                      "weights": density_of(training_of(directory, jobs)[2]),
                      "DCA, nats": metrics["dca"].get("predictive_information", float("nan")),
                      "change's rank": metrics["connectivity"]["effective_rank"],
                      "points": len(arrays["unstable"]),
                      "unstable points": int((arrays["unstable"] > 0).sum())}
    return network


def differs(measure, networks, dense):
    pairs = [(a.values[measure], b.values[measure]) for a, b in zip(networks, dense)
             if a.values and b.values]
    return networks is not dense and len(pairs) > 1 and any(a != b for a, b in pairs) and (
        sign_flip_test([a - b for a, b in pairs]) < 0.1)


def row_of(name, networks, dense):
    known = [network for network in networks if network.values]
    searches = [search for network in known for search in network.searches]
    agree = sum(search["completeness"] == "agree" for search in searches)
    return [name, f"{sum(n.reached for n in networks)} of {len(networks)}",
            *(spread([network.values[measure] for network in known], form)
              + (" *" if differs(measure, networks, dense) else "")
              for measure, form in MEASURES.items()),
            f"{agree} of {len(searches)}"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    print_table(["population", "performing", *MEASURES, "agree"],
                [row_of(name, networks, populations[name.split("_")[0] + "_dense"])
                 for name, networks in populations.items()])
    networks = [network for of_name in populations.values() for network in of_name]
    finish([f"{n.name}: not analyzed" for n in networks if not n.values])


if __name__ == "__main__":
    main()
