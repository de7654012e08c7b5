#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run reversibility --jobs 1 --out runs/reversibility
    studies/reversibility/table.py runs/reversibility

First along trials: the median contraction (1/s) and entropy production (nats/s) at states near a
point and at states away from all, and Spearman's correlation of either with the speed |F(x) - x| /
dt over the states of a network. Then at the points: of each kind how many, contraction and entropy
production, through how many a trial passes, and ln of the spread of trials after over before.
Medians over networks, or over points, with the least and the greatest.

A line for each network that does not perform its task. Exit code 1, and a line for each, where a
network was not analyzed.
"""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from paired import spearman  # noqa: E402
from results import finish, load, mean_difference, print_table, read_analysis, spread  # noqa: E402

KINDS = ["stable", "saddle", "repelling", "marginal", "slow", "unknown"]
ENOUGH = 10  # states on either side, to compare them


@dataclass
class Network:
    name: str
    reached: bool = False
    trials: int = 0
    arrays: dict = field(default_factory=dict)

    def median(self, what, near):
        values = self.arrays["trial_" + what][(self.arrays["trial_near"] >= 0) == near]
        values = values[np.isfinite(values)]
        return np.median(values) if len(values) >= ENOUGH else np.nan

    def difference(self, what):
        return self.median(what, True) - self.median(what, False)

    def correlation(self, what):
        """Spearman's, with the speed."""
        values, speed = self.arrays["trial_" + what], self.arrays["trial_speed"]
        known = np.isfinite(values)
        return spearman(values[known], speed[known])


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "reversibility"} - set(jobs):
        return network
    network.reached = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    attributes, network.arrays = read_analysis(directory, jobs, "reversibility")
    network.trials = attributes["trials"]
    return network


def trials_row(name, networks):
    cells = []
    for what, form in (("contraction", ".0f"), ("entropy_production", ".1f")):
        for near in (True, False):
            cells.append(spread([n.median(what, near) for n in networks], form))
        cells.append(spread([n.correlation(what) for n in networks], "+.2f"))
    return [name, *cells]


def points_rows(name, networks):
    for kind, word in enumerate(KINDS):
        def column(what, form, each=lambda n: 1):
            return spread(np.concatenate([n.arrays[what][n.arrays["kind"] == kind] / each(n)
                                          for n in networks]), form)
        count = sum(int(np.sum(n.arrays["kind"] == kind)) for n in networks)
        if count:
            yield [name, f"{count} {word}", column("contraction", ".0f"),
                   column("entropy_production", ".1f"),
                   column("passing", ".2f", lambda n: n.trials), column("log_contraction", "+.2f")]


def test(what, name, networks):
    """A line on whether networks have less of it near points than away from them."""
    return mean_difference(f"{what}, {name}: near - away", [n.difference(what) for n in networks],
                           "networks")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    known = {name: [network for network in networks if network.arrays]
             for name, networks in populations.items()}
    known = {name: networks for name, networks in known.items() if networks}
    print_table(["population", "contraction near", "away", "and speed", "entropy production near",
                 "away", "and speed"],
                [trials_row(name, networks) for name, networks in known.items()])
    print()
    print_table(["population", "points", "contraction", "entropy production", "trials that pass",
                 "ln spread after / before"],
                [row for name, networks in known.items() for row in points_rows(name, networks)])
    print()
    for what in ("contraction", "entropy_production"):
        for name, networks in known.items():
            print(test(what, name, networks))
    networks = [network for of_name in populations.values() for network in of_name]
    finish([f"{n.name}: not analyzed" for n in networks if not n.arrays],
           [f"{n.name}: does not perform" for n in networks if n.arrays and not n.reached])


if __name__ == "__main__":
    main()
