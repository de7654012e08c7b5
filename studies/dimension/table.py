#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run dimension --jobs 1 --out runs/dimension
    studies/dimension/table.py runs/dimension

Points are counted at each steady input of the task. "agree" counts searches, one an input, that
ended with a degree sum of 1 in a box that the map takes into itself and next to nothing unseen;
with ReLU no such box is known ("no_degree").

A line for each network that does not perform its task. Exit code 1, and a line for each, where a
network was not analyzed, a point is not certified, or degrees do not add up to 1.
"""
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import finish, load, print_table, read_analysis, spread  # noqa: E402


@dataclass
class Network:
    name: str
    performs: bool = False
    counts: list = field(default_factory=list)  # of fixed points, one an input
    unstable: Counter = field(default_factory=Counter)
    certified: int = 0
    searches: list = field(default_factory=list)  # what is known of completeness, one an input
    slowest: float = float("nan")  # s, the longest time constant at a stable point

    def objections(self):
        if not self.counts:
            return ["not analyzed"]
        missing = sum(self.counts) - self.certified
        found = [f"{missing} points are not certified"] if missing else []
        return found + [f"the degrees add up to {search['degree_sum']} at {search['input']}"
                        for search in self.searches if search["degree_sum"] != 1]


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "fixed_points"} - set(jobs):
        return network
    network.performs = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    attributes, arrays = read_analysis(directory, jobs, "fixed_points")
    network.searches = attributes["completeness"]
    network.counts = [search["fixed_points"] for search in network.searches]
    network.certified = int(arrays["certified"].sum())
    network.unstable = Counter(arrays["unstable"].tolist())
    moduli = np.hypot(arrays["eigenvalues_real"], arrays["eigenvalues_imag"])[:, 0]
    stable = moduli[arrays["unstable"] == 0]
    if len(stable):
        network.slowest = float(-attributes["dt"] / np.log(stable.max()))
    return network


HEAD = ["population", "performing", "points an input", "0, 1, 2, 3, 4 unstable", "certified",
        "agree", "slowest mode of a stable point, s"]


def row_of(name, networks):
    known = [network for network in networks if network.counts]
    searches = [search for network in known for search in network.searches]
    per_input = [count for network in known for count in network.counts]
    unstable = sum((network.unstable for network in known), Counter())
    agree = sum(search["completeness"] == "agree" for search in searches)
    return [name, f"{sum(n.performs for n in networks)} of {len(networks)}", spread(per_input, "g"),
            ", ".join(str(unstable[index]) for index in range(5)),
            f"{sum(n.certified for n in known)} of {sum(per_input)}", f"{agree} of {len(searches)}",
            spread([network.slowest for network in known], ".2g")]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    print_table(HEAD, [row_of(name, networks) for name, networks in populations.items()])
    networks = [network for of_name in populations.values() for network in of_name]
    objections = [f"{n.name}: {text}" for n in networks for text in n.objections()]
    finish(objections, [f"{n.name}: does not perform" for n in networks if n.counts and not n.performs],
           "All points are certified, all degrees add up to 1.")


if __name__ == "__main__":
    main()
