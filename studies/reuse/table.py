#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run reuse --jobs 1 --out runs/reuse
    studies/reuse/table.py runs/reuse

Pairs of steady inputs of a network are of three sorts: the same phase of two rules of one family
(anti, or not), the same phase of two rules of two families, and two phases of one rule. Values are
means over the pairs of a sort, in both directions; the table has their median [least .. greatest]
over networks. The tests are exact sign-flip tests over networks.

A line for each trained network that does not perform. Exit code 1, and a line for each, where a
network was not analyzed.
"""
import sys
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import finish, load, print_table, read_analysis, sign_flip_test, spread  # noqa: E402

SORTS = ["one family", "two families", "two phases"]
MEASURES = ["distance", "chance_distance", "angle"]


@dataclass
class Network:
    name: str
    reached: bool = False
    points: int = 0
    slow: int = 0
    chance_angle: float = float("nan")
    means: dict = field(default_factory=dict)  # {(sort, measure): mean over pairs}


def sort_of(first, second):
    """Of two names such as "fdgo, response"; None if the pair is of no sort."""
    (rule, phase), (other_rule, other_phase) = first.split(", "), second.split(", ")
    if phase != other_phase:
        return "two phases" if rule == other_rule else None
    return "one family" if ("anti" in rule) == ("anti" in other_rule) else "two families"


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "overlap"} - set(jobs):
        return network
    network.reached = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    attributes, arrays = read_analysis(directory, jobs, "overlap")
    network.points, network.slow = len(arrays["kind"]), int((arrays["kind"] == 4).sum())
    network.chance_angle = attributes["chance_angle"]
    values = {}
    for i, j in combinations(range(len(attributes["inputs"])), 2):
        sort = sort_of(attributes["inputs"][i], attributes["inputs"][j])
        for measure in MEASURES:
            values.setdefault((sort, measure), []).extend(arrays[measure][[i, j], [j, i]])
    network.means = {key: float(np.nanmean(of_pairs)) for key, of_pairs in values.items()
                     if not np.all(np.isnan(of_pairs))}
    return network


HEAD = ["population", "pairs", "distance", "of random states", "angle, rad", "of random subspaces"]


def rows_of(name, networks):
    for sort in SORTS:
        of = {measure: [network.means.get((sort, measure), float("nan")) for network in networks]
              for measure in MEASURES}
        yield [name, sort, *(spread(of[measure], ".2f") for measure in MEASURES),
               spread([network.chance_angle for network in networks], ".2f")]


def compare(name, networks, measure, sort, other):
    """A line about whether pairs of `sort` are nearer than those of `other`, in each network."""
    pairs = [(network.means.get((sort, measure)), network.means.get((other, measure)))
             for network in networks]
    differences = [b - a for a, b in pairs if a is not None and b is not None]
    if not differences:
        return None
    return (f"{name}, {measure}: {other} - {sort} = {np.mean(differences):.3f}, above 0 in "
            f"{sum(d > 0 for d in differences)} of {len(differences)}, "
            f"p = {sign_flip_test(differences):.2g}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    known = {name: [network for network in networks if network.points > 0]
             for name, networks in populations.items()}
    print_table(HEAD, [row for name, networks in known.items() for row in rows_of(name, networks)])
    print()
    for name, networks in known.items():
        points = [network.points for network in networks]
        print(f"{name}: {spread(points, 'g')} points, of which slow: "
              f"{spread([network.slow for network in networks], 'g')}")
        for measure, (sort, other) in [("distance", ("one family", "two families")),
                                       ("angle", ("one family", "two families")),
                                       ("angle", ("one family", "two phases"))]:
            print(compare(name, networks, measure, sort, other) or "")
    networks = [network for of_name in populations.values() for network in of_name]
    finish([f"{n.name}: not analyzed" for n in networks if n.points == 0],
           [f"{n.name}: does not perform" for n in known["trained"] if not n.reached])


if __name__ == "__main__":
    main()
