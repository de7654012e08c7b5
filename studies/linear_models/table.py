#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run linear_models --jobs 1 --out runs/linear_models
    studies/linear_models/table.py runs/linear_models

Medians over the points of all networks of a task. The first table has |(A - J) U| / |J U|, how far
the fitted A is from the Jacobian J along the directions U of the data; the second the difference
between the modulus of the leading eigenvalue of A and that of J, with the quartiles.

A line for each network that does not perform its task. Exit code 1, and a line for each, where a
network was not analyzed.
"""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import finish, load, print_table, read_analysis  # noqa: E402

KINDS = ["stable", "saddle", "repelling", "marginal", "slow", "unknown"]
FITS = {"fit": "least squares", "dmd": "DMD"}


@dataclass
class Network:
    name: str
    reached: bool = False
    arrays: dict = field(default_factory=dict)


def network_of(directory, name, jobs):
    network = Network(name)
    if {"outputs", "linear_models"} - set(jobs):
        return network
    network.reached = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    network.arrays = read_analysis(directory, jobs, "linear_models")[1]
    return network


def joined(networks, name):
    return np.concatenate([network.arrays[name] for network in networks])


def median(values, form):
    values = values[np.isfinite(values)]
    return f"{np.median(values):{form}}" if len(values) else "-"


def quartiles(values, form):
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return "-"
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return f"{middle:{form}} [{low:{form}} .. {high:{form}}]"


def rows_of(name, networks, part, value, form):
    """A row for each kind of fit: a column for each size of the orbits."""
    for fit, words in FITS.items():
        values = value(joined(networks, f"{fit}_{part}"), joined(networks, "slowest"))
        yield [name, words, *(form(column) for column in values.T)]


def print_part(known, sizes, part, value, form):
    rows = [row for name, networks in known.items()
            for row in rows_of(name, networks, part, value, form)]
    print_table(["population", "fit", *(f"{size:g}" for size in sizes)], rows)
    print()


def trials_row(name, networks):
    difference = joined(networks, "trial_difference")[:, 0]
    change = joined(networks, "trial_slowest")[:, 0] - joined(networks, "slowest")
    kinds = np.bincount(joined(networks, "kind"), minlength=len(KINDS))
    return [name, ", ".join(f"{count} {kind}" for kind, count in zip(KINDS, kinds) if count),
            quartiles(joined(networks, "slowest"), ".3f"), int(np.isfinite(difference).sum()),
            quartiles(difference, ".3f"), quartiles(change, ".3f")]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    _, populations = load(Path(sys.argv[1]), network_of)
    known = {name: [network for network in networks if network.arrays]
             for name, networks in populations.items()}
    known = {name: networks for name, networks in known.items() if networks}
    if known:
        sizes = next(iter(known.values()))[0].arrays["size"]
        print_part(known, sizes, "difference", lambda values, _: values,
                   lambda column: median(column, ".3f"))
        print_part(known, sizes, "slowest", lambda values, true: values - true[:, None],
                   lambda column: quartiles(column, "+.3f"))
    print_table(["population", "points", "largest modulus of J", "fitted from trials", "difference",
                 "leading eigenvalue"],
                [trials_row(name, networks) for name, networks in known.items()])
    networks = [network for of_name in populations.values() for network in of_name]
    finish([f"{n.name}: not analyzed" for n in networks if not n.arrays],
           [f"{n.name}: does not perform" for n in networks if n.arrays and not n.reached])


if __name__ == "__main__":
    main()
