#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run random_networks --jobs 1 --out runs/random_networks
    studies/random_networks/table.py runs/random_networks

"agree": networks in whose search the degrees and the hits of the starts agree in the end that no
point is missing; elsewhere the budget ended it, as a point was found by deflation alone.

Exit code 1, and a line for each, unless every network was analyzed, every point is certified, the
degrees add up to 1, and the points are symmetric: with x, -x is a fixed point of dx/dt = -x + J
tanh x, which the search does not know.
"""
import statistics
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import load, print_table, read, spread  # noqa: E402


@dataclass
class Network:
    name: str  # "n8_g15 3"
    points: int = 0
    certified: int = 0
    completeness: dict = field(default_factory=dict)
    is_symmetric: bool = False
    exponent: float = float("nan")  # the largest, per tau
    verdicts: list = field(default_factory=list)
    driven: dict = field(default_factory=dict)  # {noise: largest exponent under it}

    def objections(self):
        if self.points == 0:
            return ["not analyzed"]
        found = []
        if self.certified < self.points:
            found.append(f"{self.points - self.certified} points are not certified")
        if self.completeness["degree_sum"] != 1:
            found.append(f"the degrees add up to {self.completeness['degree_sum']}")
        if not self.is_symmetric:
            found.append("the points are not symmetric")
        return found


def is_symmetric(states):
    """Whether -x is among the states (P, n) for each x of them, to rounding."""
    gaps = np.linalg.norm(states[:, None, :] + states[None, :, :], axis=2).min(axis=1)
    return bool(np.all(gaps <= 1e-9 * (1 + np.linalg.norm(states, axis=1))))


def network_of(directory, name, jobs):
    """`jobs`: {analysis: id} of those that are done."""
    network = Network(name)
    if {"fixed_points", "lyapunov"} - set(jobs):
        return network
    attributes, arrays = read(directory / "analyses" / f"{jobs['fixed_points']}.h5")
    network.points = len(arrays["states"])
    network.certified = int(arrays["certified"].sum())
    network.completeness = attributes["completeness"][0]
    network.is_symmetric = is_symmetric(arrays["states"].reshape(network.points, -1))
    attributes, arrays = read(directory / "analyses" / f"{jobs['lyapunov']}.h5")
    network.exponent = float(np.nanmax(arrays["exponents"]))
    network.driven = dict(zip(arrays["noise"], arrays["driven_exponent"]))
    network.verdicts = [attributes["verdicts"][code] for code in arrays["verdict"]]
    return network


STILL = 0.005  # an exponent above minus this, 1/tau, is not called negative: as of cycles
HEAD = ["n", "g", "fixed points", "mean", "agree", "starts", "largest exponent, 1/tau", "orbits came to"]


def row_of(cell, networks):
    known = [network for network in networks if network.points > 0]
    points = [network.points for network in known]
    verdicts = Counter(verdict for network in known for verdict in network.verdicts)
    return [cell["units"], cell["gain"], spread(points, "g"),
            f"{statistics.mean(points):.1f}" if points else "-",
            f"{sum(n.completeness['completeness'] == 'agree' for n in known)} of {len(networks)}",
            spread([network.completeness["starts"] for network in known], "g"),
            spread([network.exponent for network in known], ".3f"),
            ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in verdicts.most_common())]


def print_driven(study, populations):
    """The largest exponent under noise by gain, over networks of all sizes: median, stable ones."""
    by_gain = {}
    for name, networks in populations.items():
        gain = study["populations"][name]["cell"]["gain"]
        by_gain.setdefault(gain, []).extend(n for n in networks if n.driven)
    noises = sorted({noise for networks in by_gain.values() for n in networks for noise in n.driven})
    rows = []
    for gain, networks in sorted(by_gain.items()):
        row = [gain]
        for noise in noises:
            values = [n.driven[noise] for n in networks]
            stable = sum(value < -STILL for value in values)
            row.append(f"{statistics.median(values):.3f}, {stable} of {len(values)}")
        rows.append(row)
    print()
    print_table(["g"] + [f"noise {noise:g}" for noise in noises], rows)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    study, populations = load(Path(sys.argv[1]), network_of)
    rows = [row_of(study["populations"][name]["cell"], networks)
            for name, networks in populations.items()]
    print_table(HEAD, rows)
    networks = [network for of_name in populations.values() for network in of_name]
    print_driven(study, populations)
    print(f"\n{sum(n.points for n in networks)} fixed points of {len(networks)} networks, "
          f"{sum(n.certified for n in networks)} certified.")
    objections = [f"{n.name}: {text}" for n in networks for text in n.objections()]
    print("\n".join(objections) or "All degrees add up to 1, and all points are symmetric.")
    sys.exit(1 if objections or not networks else 0)


if __name__ == "__main__":
    main()
