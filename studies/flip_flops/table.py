#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run flip_flops --jobs 1 --out runs/flip_flops
    studies/flip_flops/table.py runs/flip_flops

A network is "ideal" if it has 27 fixed points, 8, 12, 6 and 1 of them with 0, 1, 2 and 3 unstable
directions, and the labels of its readout are all different. "edges off" counts the connections by
which its graph differs from that of three bits that do not influence each other (98 edges).

Exit code 1, and a line for each, where a network was not analyzed, or the degrees of its points do
not add up to 1.
"""
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import load, print_table, read  # noqa: E402

IDEAL = {0: 8, 1: 12, 2: 6, 3: 1}


@dataclass
class Network:
    name: str
    points: int = 0
    certified: int = 0
    indices: Counter = field(default_factory=Counter)
    completeness: dict = field(default_factory=dict)
    edges_off: float = float("nan")

    def objections(self):
        if self.points == 0:
            return ["not analyzed, or without a fixed point"]
        degrees = self.completeness["degree_sum"]
        return [] if degrees == 1 else [f"the degrees add up to {degrees}"]


def network_of(directory, name, jobs):
    network = Network(name)
    if {"fixed_points", "connections"} - set(jobs):
        return network
    attributes, arrays = read(directory / "analyses" / f"{jobs['fixed_points']}.h5")
    network.points = len(arrays["unstable"])
    network.certified = int(arrays["certified"].sum())
    network.indices = Counter(int(index) for index in arrays["unstable"])
    network.completeness = attributes["completeness"][0]
    attributes, arrays = read(directory / "analyses" / f"{jobs['connections']}.h5")
    # The distance is the root of the number of edges and nodes that one of the graphs lacks.
    network.edges_off = round(attributes["graphs"][0]["flip_flop_distance"]["labeled_edges"] ** 2)
    return network


HEAD = ["cell", "points", "0, 1, 2, 3 unstable", "certified", "degree sum", "search says",
        "unseen, 95 %", "starts", "edges off"]


def row_of(network):
    known = network.completeness
    unseen = known.get("unseen", {}).get("upper")  # null: without a bound, so few hits are there
    return [network.name, network.points,
            ", ".join(str(network.indices[index]) for index in range(4)), network.certified,
            known.get("degree_sum", "-"), known.get("completeness", "-"),
            "-" if unseen is None else f"{unseen:.2f}",
            known.get("starts", "-"), f"{network.edges_off:g}"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    networks = [network for of_name in populations.values() for network in of_name]
    print_table(HEAD, [row_of(network) for network in networks])
    ideal = sum(dict(network.indices) == IDEAL for network in networks)
    print(f"\n{ideal} of {len(networks)} networks have the 27 points of three bits; "
          f"{sum(n.certified for n in networks)} of {sum(n.points for n in networks)} points are "
          "certified.")
    objections = [f"{n.name}: {text}" for n in networks for text in n.objections()]
    print("\n".join(objections) or "All degrees add up to 1.")
    sys.exit(1 if objections or not networks else 0)


if __name__ == "__main__":
    main()
