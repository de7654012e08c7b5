#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from result directories.

    nullcline run collapse --jobs 1 --out runs/collapse
    studies/collapse/table.py runs/collapse [runs/flip_flops runs/complexity ..]

Of any study, those populations are taken that were trained on flip-flops, sums of pulses, memories of
angles or their difference. A network's numbers are medians over those points of the grid that come to a
stable fixed point, where these are half of the grid or more ("settle"). Rates are d log sigma / dt in 1/s, of the larger stretch and of the
smaller one; rates.py says how they are measured.

Exit code 1, and a line for each, where a network was not measured, where one that settles has no late
rate, or where the late rate is not the predicted one: by more than a tenth in the median over the points.
"""
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from paired import ranks  # noqa: E402
from rates import rates, task_of  # noqa: E402
from results import finish, load, print_table, read_analysis, spread  # noqa: E402

import nullcline as nc  # noqa: E402

ALLOWED = 0.1  # of the late rate over the predicted one
PERMUTATIONS = 9999
NAN = np.full(2, np.nan)


@dataclass
class Network:
    name: str
    performs: bool = False
    settled: float = np.nan  # part of the grid
    predicted: np.ndarray = None  # (2,) 1/s
    trial: np.ndarray = None
    late: np.ndarray = None  # over the predicted one

    def known(self):
        return self.settled >= 0.5

    def objections(self):
        if np.isnan(self.settled):
            return ["not measured"]
        if not self.known():
            return []
        if not np.isfinite(self.late).any():
            return ["no late rate measured"]
        return [f"late rate {i + 1} is {value:.3g} of the predicted one" for i, value in
                enumerate(self.late) if abs(value - 1) > ALLOWED]


def median(values):
    return np.array([np.median(v[np.isfinite(v)]) if np.isfinite(v).any() else np.nan
                     for v in values.T])


def network_of(directory, name, jobs, task):
    network = Network(name)
    if "network" not in jobs or "outputs" not in jobs:
        return network
    network.performs = read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]
    net = nc.load(directory / "networks" / f"{jobs['network']}.h5")
    found = rates(net, task_of(task, net.dt))
    good = found["settled"]
    network.settled = float(good.mean())
    network.predicted, network.trial, network.late = NAN, NAN, NAN
    if good.any():
        network.predicted, network.trial = median(found["predicted"][good]), median(found["trial"][good])
        network.late = median(found["late"][good] / found["predicted"][good])
    return network


def measured(directory):
    """{population: [Network]} of the tasks whose inputs stop."""
    study = tomllib.loads((directory / "study.toml").read_text())
    dt = {name: one["cell"]["dt"] for name, one in study["populations"].items()}
    tasks = {name: one["task"] for name, one in study["populations"].items()
             if one["training"]["steps"] > 0 and task_of(one["task"], dt[name])}
    def of(directory, name, jobs):
        population = name.rsplit(" ", 1)[0]
        return network_of(directory, name, jobs, tasks[population]) if population in tasks else None
    return {name: networks for name, networks in load(directory, of)[1].items() if name in tasks}


HEAD = ["population", "performing", "settle", "predicted 1", "in the trial 1", "predicted 2",
        "in the trial 2", "late over predicted"]


def row_of(name, networks):
    known = [network for network in networks if network.known()]
    columns = [spread([getattr(n, what)[i] for n in known], ".3g")
               for i in range(2) for what in ("predicted", "trial")]
    return [name, f"{sum(n.performs for n in networks)} of {len(networks)}",
            f"{len(known)} of {len(networks)}", *columns,
            spread([value for n in known for value in n.late], ".3f")]


def correlation(first, second, groups):
    """(rank correlation, p) of pairs; one-sided, the second being permuted within groups."""
    a, b, groups = np.array(ranks(first)), np.array(ranks(second)), np.array(groups)
    if groups.max() > 0:  # of what is left without the mean of the group
        for g in np.unique(groups):
            a[groups == g] -= a[groups == g].mean()
            b[groups == g] -= b[groups == g].mean()
    parts = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    random = np.random.default_rng(0)
    found, as_far = np.corrcoef(a, b)[0, 1], 0
    for _ in range(PERMUTATIONS):
        shuffled = b.copy()
        for part in parts:
            shuffled[part] = b[random.permutation(part)]
        as_far += np.corrcoef(a, shuffled)[0, 1] >= found - 1e-12
    return found, (1 + as_far) / (1 + PERMUTATIONS)


def relation(networks):
    """Lines on the rates in the trial against those predicted: rank correlations of all, a regression
    of the logarithms of those that decay."""
    for i, which in enumerate(("larger", "smaller")):
        known = [n for n in networks if n.known() and np.isfinite([n.predicted[i], n.trial[i]]).all()]
        decays = [n for n in known if n.trial[i] < 0]
        if len(decays) < 4:
            yield f"{which} stretch: {len(decays)} networks whose metric decays in the trial, too few"
            continue
        names = sorted({n.name.rsplit(" ", 1)[0] for n in known})
        groups = [names.index(n.name.rsplit(" ", 1)[0]) for n in known]
        pairs = [n.predicted[i] for n in known], [n.trial[i] for n in known]
        all_of, of_all = correlation(*pairs, [0] * len(known))
        inside, of_inside = correlation(*pairs, groups)
        x, y = (np.log([-getattr(n, what)[i] for n in decays]) for what in ("predicted", "trial"))
        slope, intercept = np.polyfit(x, y, 1)
        yield (f"{which} stretch, {len(known)} networks: rank correlation {all_of:.2f} (p = {of_all:.2g}), "
               f"within populations {inside:.2f} (p = {of_inside:.2g}). {len(known) - len(decays)} grow in "
               f"the trial. Of the {len(decays)} that decay: log rate = {slope:.2f} log predicted "
               f"{intercept:+.2f}, r^2 = {np.corrcoef(x, y)[0, 1] ** 2:.2f}; rate over predicted "
               f"{spread(np.exp(y - x), '.3g')}, faster than predicted in {np.sum(y > x)}")


def measured_late(networks):
    """Of how many networks that settle there are late rates: rounding may end the course before."""
    for i in range(2):
        known = [n for n in networks if n.known() and np.isfinite(n.predicted[i])]
        late = sum(np.isfinite(n.late[i]) for n in known)
        yield f"late rate {i + 1}: measured in {late} of {len(known)} networks"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    populations = {}
    for directory in map(Path, sys.argv[1:]):
        populations |= {f"{directory.name}: {name}" if len(sys.argv) > 2 else name: networks
                        for name, networks in measured(directory).items()}
    print_table(HEAD, [row_of(name, networks) for name, networks in populations.items()])
    for name, of_name in populations.items():
        for network in of_name:
            network.name = f"{name} {network.name.rsplit(' ', 1)[1]}"
    networks = [network for of_name in populations.values() for network in of_name]
    performing = [n for n in networks if n.performs]
    notes = [*relation(performing), *measured_late(networks),
             *(f"{n.name}: does not perform" for n in networks if not n.performs and n.known())]
    finish([f"{n.name}: {text}" for n in networks for text in n.objections()], notes,
           "Late rates are those predicted.")


if __name__ == "__main__":
    main()
