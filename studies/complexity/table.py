#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run complexity --jobs 1 --out runs/complexity
    studies/complexity/table.py runs/complexity

Nats, median [least .. greatest] over networks. "local" is the predictive information of the linear
dynamics at fixed and slow points, weighted by the time that trials spend near them; "slow" that of
the three slowest stable modes there; "DCA" that of three dimensions of the states of the trials.
"between tasks" is the share of the variance over trained networks that is between tasks, and its p
by 9999 permutations of the networks.

A line for each trained network that does not perform. Exit code 1, and a line for each, where a
network was not analyzed.
"""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from paired import spearman  # noqa: E402
from results import finish, load, mean_difference, print_table, read_analysis, spread  # noqa: E402

MEASURES = {"local": ("local_information", "local_information"),
            "slow": ("local_information", "local_slow_information"),
            "DCA": ("dca", "predictive_information"),
            "near points": ("local_information", "near_points")}
UNTRAINED = "_untrained"


@dataclass
class Network:
    name: str
    analyzed: bool = False
    reached: bool = False
    values: dict = field(default_factory=dict)

    def value(self, measure):
        """NaN where there is none, as where no trial comes near a point."""
        return self.values.get(measure, float("nan"))


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "dca", "local_information"} - set(jobs):
        return network
    network.analyzed = True
    network.reached = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    for measure, (kind, metric) in MEASURES.items():
        metrics = read_analysis(directory, jobs, kind)[0]["metrics"]
        if metrics.get(metric) is not None:
            network.values[measure] = metrics[metric]
    return network


def row_of(name, networks):
    return [name, f"{sum(n.reached for n in networks)} of {len(networks)}",
            *(spread([network.value(measure) for network in networks], ".2f") for measure in MEASURES)]


def share_between(values, groups):
    """Of the variance: sum of squares of the group means about the mean, over all of it."""
    deviations = values - values.mean()
    between = sum(deviations[groups == g].sum() ** 2 / np.sum(groups == g) for g in np.unique(groups))
    return between / np.sum(deviations ** 2)


def tell_tasks_apart(measure, trained):
    """A line on how much of a measure is the task's and not the network's."""
    pairs = [(network.value(measure), task) for task, networks in enumerate(trained.values())
             for network in networks if np.isfinite(network.value(measure))]
    values, groups = (np.array(column) for column in zip(*pairs))
    share, random = share_between(values, groups), np.random.default_rng(1)
    larger = sum(share_between(values, random.permutation(groups)) >= share for _ in range(9999))
    return f"{measure}: between tasks {share:.2f}, p = {(1 + larger) / 10000:.2g}"


def correlation(first, second, trained):
    """Spearman's, over networks as deviations from their task's median."""
    both = []
    for networks in trained.values():
        values = np.array([(n.value(first), n.value(second)) for n in networks])
        values = values[np.isfinite(values).all(axis=1)]
        both.append(values - np.median(values, axis=0))
    both = np.concatenate(both)
    rho = spearman(*both.T)
    return f"{first} and {second} within tasks: Spearman {rho:.2f} over {len(both)} networks"


def change(measure, name, trained, untrained):
    return mean_difference(f"{measure}, {name}: trained - untrained",
                           [a.value(measure) - b.value(measure) for a, b in zip(trained, untrained)],
                           "pairs")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    print_table(["population", "performing", *MEASURES],
                [row_of(name, networks) for name, networks in populations.items()])
    trained = {name: of for name, of in populations.items() if not name.endswith(UNTRAINED)}
    networks = [network for of_name in populations.values() for network in of_name]
    if all(network.analyzed for network in networks) and min(map(len, trained.values())) > 1:
        print()
        for measure in ("local", "slow", "DCA"):
            print(tell_tasks_apart(measure, trained))
        for first, second in (("local", "DCA"), ("slow", "DCA"), ("local", "slow")):
            print(correlation(first, second, trained))
        for measure in ("local", "slow", "DCA"):
            for name, of_name in trained.items():
                print(change(measure, name, of_name, populations[name + UNTRAINED]))
    finish([f"{n.name}: not analyzed" for n in networks if not n.analyzed],
           [f"{n.name}: does not perform" for of_name in trained.values() for n in of_name
            if n.analyzed and not n.reached])


if __name__ == "__main__":
    main()
