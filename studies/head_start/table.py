#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run head_start --jobs 1 --out runs/head_start
    studies/head_start/table.py runs/head_start

Steps until the score on fresh trials reached the criterion; a training that ended without counts
with its last step, as if it had reached it there. Ratios are of the steps of a network to those of
the one with the same random numbers that started from random weights: their geometric mean, and an
exact sign-flip test of their logarithms.

Exit code 1, and a line for each, where a network was not trained.
"""
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import finish, load, print_table, sign_flip_test, spread, training_of  # noqa: E402


@dataclass
class Network:
    name: str
    steps: int = 0
    reached: bool = False


def network_of(directory, name, jobs):
    if "network" not in jobs:
        return Network(name)
    steps, status, _ = training_of(directory, jobs)
    return Network(name, steps, status == "criterion")


def ratio(networks, others):
    """[geometric mean of the ratios of steps, in how many it is below 1, p], as texts."""
    pairs = [(a.steps, b.steps) for a, b in zip(networks, others) if a.steps and b.steps]
    if not pairs:
        return ["-", "-", "-"]
    logs = [math.log(a / b) for a, b in pairs]
    return [f"{math.exp(np.mean(logs)):.2f}", f"{sum(x < 0 for x in logs)} of {len(logs)}",
            f"{sign_flip_test(logs):.2g}"]


HEAD = ["start", "reached", "steps", "ratio to random", "fewer steps in", "p"]


def row_of(name, networks, random):
    row = [name, f"{sum(n.reached for n in networks)} of {len(networks)}",
           spread([network.steps for network in networks if network.steps], "g")]
    return row + (["-", "-", "-"] if name in ("source", "random") else ratio(networks, random))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    print_table(HEAD, [row_of(name, networks, populations["random"])
                       for name, networks in populations.items()])
    mean, fewer, p = ratio(populations["landscape"], populations["shuffled"])
    print(f"\nlandscape against shuffled: ratio {mean}, fewer steps in {fewer}, p = {p}")
    finish([f"{network.name}: not trained" for networks in populations.values()
            for network in networks if network.steps == 0])


if __name__ == "__main__":
    main()
