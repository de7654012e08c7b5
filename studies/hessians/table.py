#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run hessians --jobs 1 --out runs/hessians
    studies/hessians/table.py runs/hessians

Per network, over the fixed points on branches that lead from one input to the other: the least
eigenvalue of the Hessian of the speed and the largest modulus of an eigenvalue of the Jacobian,
where the input is the first one; by what factor the first changes on the way, the greatest over the
least; where on the way, 0 to 1, it is least; and how far the second moves. The table has the median
of the networks, with the least and the greatest.

A line for each network that does not perform its task. Exit code 1, and a line for each, where a
network was not analyzed.
"""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import finish, load, mean_difference, print_table, read_analysis, spread  # noqa: E402

UNTRAINED = "_untrained"


@dataclass
class Network:
    name: str
    reached: bool = False
    branches: int = 0
    specials: int = 0
    ways: list = field(default_factory=list)  # (parameter, hessian, modulus) along each branch

    @property
    def analyzed(self):
        return self.branches > 0

    def over_ways(self, of):
        return max((of(*way) for way in self.ways), default=np.nan)

    def hessian(self):
        return self.over_ways(lambda p, hessian, _: hessian[0])

    def modulus(self):
        return self.over_ways(lambda p, _, modulus: modulus[0])

    def factor(self):
        return self.over_ways(lambda p, hessian, _: hessian.max() / hessian.min())

    def flattest(self):
        return self.over_ways(lambda p, hessian, _: p[np.argmin(hessian)])

    def moved(self):
        return self.over_ways(lambda p, _, modulus: np.ptp(modulus))


def ways(arrays):
    """Of the branches from 0 to 1: what they have along them, from 0 on."""
    for b in np.unique(arrays["branch"]):
        at = arrays["branch"] == b
        p, modulus, hessian = (arrays[name][at] for name in
                               ("parameter", "largest_modulus", "smallest_hessian"))
        order = slice(None) if p[0] < p[-1] else slice(None, None, -1)
        if {round(p[0], 9), round(p[-1], 9)} == {0, 1}:
            yield p[order], hessian[order], modulus[order]


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "continuation"} - set(jobs):
        return network
    network.reached = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    attributes, arrays = read_analysis(directory, jobs, "continuation")
    network.branches = attributes["metrics"]["branches"]
    network.specials = len(arrays["special_kind"])
    network.ways = list(ways(arrays))
    return network


def row_of(name, networks):
    def column(of, form):
        return spread([of(network) for network in networks], form)
    return [name, f"{sum(n.reached for n in networks)} of {len(networks)}",
            column(lambda n: n.branches, ".0f"), column(lambda n: n.specials, ".0f"),
            column(Network.hessian, ".2f"), column(Network.factor, ".2f"), column(Network.flattest, ".2f"),
            column(Network.modulus, ".3f"), column(Network.moved, ".4f")]


def change(name, trained, untrained):
    """A line on whether training makes the Hessian change more on the way."""
    return mean_difference(f"{name}: log of the factor, trained - untrained",
                           [np.log(a.factor() / b.factor()) for a, b in zip(trained, untrained)],
                           "pairs")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    print_table(["population", "performing", "branches", "special points", "least of Hessian, 1/s^2",
                 "changes by factor", "least at", "largest modulus",
                 "moves by"],
                [row_of(name, networks) for name, networks in populations.items()])
    trained = {name: of for name, of in populations.items() if not name.endswith(UNTRAINED)}
    networks = [network for of_name in populations.values() for network in of_name]
    print()
    for name, of_name in trained.items():
        print(change(name, of_name, populations[name + UNTRAINED]))
    finish([f"{n.name}: not analyzed" for n in networks if not n.analyzed],
           [f"{n.name}: does not perform" for of_name in trained.values() for n in of_name
            if n.analyzed and not n.reached])


if __name__ == "__main__":
    main()
