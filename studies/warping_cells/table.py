#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run warping_cells --jobs 1 --out runs/warping_cells
    studies/warping_cells/table.py runs/warping_cells

A row is a quantity of a task as papers/pellegrino2025_warping measures it: median [least .. greatest]
over the networks that perform, one column a cell. "spread" is that of the metrics of a population about
their Frechet mean, the median over the manifold at the end (of the memory at 2 s). Then how metrics
cluster by cell, by the join `warps`, and exact tests over all cells together.
Exit code 1, and a line for each, where a network was not trained or not scored or the join is missing.
"""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "papers" / "pellegrino2025_warping")]
import measurements  # noqa: E402
import memory as remembered  # noqa: E402
from paired import sign_test  # noqa: E402
from results import (finish, joins, load, print_label_tests, print_table,  # noqa: E402
                     reached, spread)
from warps import apart, dispersion  # noqa: E402

import nullcline as nc  # noqa: E402

CELLS = ("vanilla", "ugrnn", "gru", "lstm")
TASKS = ("circle", "context", "memory")
CIRCLE = {"steps": 20, "settling": 10}


@dataclass
class Network:
    name: str
    done: bool = False
    performs: bool = False
    values: dict = field(default_factory=dict)  # {quantity: number}
    tangents: tuple = ()  # trained, untrained: of each (K, 1, m, n) at the end

    def objections(self):
        return [] if self.done else ["not trained or not scored"]


def circle(net, untrained):
    """At the last of 20 steps: stretch within 15 degrees of 0 and 180 over that around 90 and 270."""
    theta = 2 * np.pi * np.arange(240) / 240
    away = np.arcsin(np.abs(np.sin(theta)))
    near, inside = away <= np.pi / 12 + 1e-9, away >= np.pi / 2 - np.pi / 12 - 1e-9
    result, tangents = {}, []
    for stage, network in (("trained", net), ("untrained", untrained)):
        man = measurements.manifold(network, "static_circle", theta[:, None], CIRCLE)
        geo = nc.pullback_metric(network, man, [20])
        g = geo.stretch[:, 0, 0]
        result[f"stretch at the boundaries over inside, {stage}"] = g[near].mean() / g[inside].mean()
        tangents.append([geo.tangents])
    return result, tangents


def context(net, untrained):
    found = measurements.courses(net, untrained)
    names = {"compression trained": "compression G_irr / G_rel, trained",
             "compression untrained": "the same, untrained",
             "boundary trained": "stretch at the boundary over far from it, trained",
             "boundary untrained": "the same at the boundary, untrained",
             "compression early": "time of compression over that of the speed"}
    result = {text: found[name] for name, text in names.items()}
    last = [round(10 / net.dt)]
    ends = [[geo for geo in measurements.contexts(one, last)[1]] for one in (net, untrained)]
    share = [np.median(geo.eigenvalues[..., 0] / geo.eigenvalues.sum(-1)) for geo in ends[0]]
    result["lambda_1 / sum at the end"] = np.mean(share)
    parts = [np.median(measurements.readout_part(net, geo)[:, -1], axis=0) for geo in ends[0]]
    relevant, irrelevant = measurements.selected(parts)
    result["part within the readout, relevant over irrelevant"] = relevant / irrelevant
    return result, [[geo.tangents for geo in of] for of in ends]


def memory(net, untrained):
    found = remembered.memory(net, measurements.grid([8] * 2))
    names = {"rank": "rank at the end of the trial", "rank changes": "changes of rank after the last input",
             "metric per s": "change of the metric a second, delay over report",
             "trace": "greatest trace of the delay over its least",
             "selects 1": "alignment of item 1 in its report over item 2's",
             "selects 2": "alignment of item 2 in its report over item 1's",
             "turn delay": "turn of the plane of states, encoding to delay, degrees"}
    result = {text: found[name] for name, text in names.items()}
    curved = remembered.curvature(net, 24)
    result["integral of |K| dA over 2 pi at 2 s"] = curved["total curvature"]
    side, step = 8, [round(2 / net.dt)]
    tangents = []
    for network in (net, untrained):
        man = measurements.manifold(network, "sequential_memory", measurements.grid([side, side]))
        tangents.append([nc.pullback_metric(network, man, step).tangents])
    return result, tangents


MEASURE = {"circle": circle, "context": context, "memory": memory}


def network_of(directory, name, jobs):
    performs = reached(directory, jobs)
    network = Network(name, performs is not None, bool(performs))
    if performs:
        file = directory / "networks" / f"{jobs['network']}.h5"
        task = name.split("_")[0]
        network.values, network.tangents = MEASURE[task](nc.load(file), nc.load(file, "initial"))
    return network


def rows(populations):
    for task in TASKS:
        performing = {cell: [n for n in populations.get(f"{task}_{cell}", []) if n.performs]
                      for cell in CELLS}
        yield [task, "performing", *(f"{len(performing[c])} of {len(populations.get(f'{task}_{c}', []))}"
                                     for c in CELLS)]
        names = next((list(n.values) for of in performing.values() for n in of), [])
        for name in names:
            yield [task, name.replace("|", "&#124;"),
                   *(spread([n.values[name] for n in performing[c]], ".3g") for c in CELLS)]
        for stage, word in enumerate(("trained", "untrained")):
            yield [task, f"spread of the metrics, {word}",
                   *(spread([dispersion(performing[c], stage)], ".3g") for c in CELLS)]
        known = [c for c in CELLS if len(performing[c]) > 1]
        if len(known) > 1:
            yield [task, "distance to networks of the same cell",
                   *(f"{apart(performing[c], performing[c]):.3g}" if c in known else "-" for c in CELLS)]
            yield [task, "distance to those of other cells",
                   *(f"{apart(performing[c], [n for d in known if d != c for n in performing[d]]):.3g}"
                     if c in known else "-" for c in CELLS)]


TESTS = {  # quantity: the value without a warp
    "circle": [("stretch at the boundaries over inside, trained", 1)],
    "context": [("compression G_irr / G_rel, trained", 1),
                ("stretch at the boundary over far from it, trained", 1),
                ("time of compression over that of the speed", 0.5),
                ("part within the readout, relevant over irrelevant", 1)],
    "memory": [("change of the metric a second, delay over report", 1),
               ("alignment of item 1 in its report over item 2's", 1),
               ("alignment of item 2 in its report over item 1's", 1)],
}


def notes(populations):
    for task, tests in TESTS.items():
        networks = [n for name, of in populations.items() if name.startswith(task)
                    for n in of if n.performs]
        for name, bound in tests:
            values = [n.values[name] - bound for n in networks]
            if values:
                above = sum(v > 0 for v in values)
                yield (f"{task}: {name}: above {bound} in {above} of {len(values)}, sign test "
                       f"p = {sign_test(values):.2g}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = Path(sys.argv[1])
    study, populations = load(directory, network_of)
    print_table(["task", "quantity", *CELLS], list(rows(populations)))
    joined = joins(directory, "warps")
    print()
    print_label_tests(joined, ("cell", "stage"))
    networks = [n for of in populations.values() for n in of]
    metrics = study.get("joins", {}).get("warps", {}).get("metrics", [])
    finish([*(f"{n.name}: {text}" for n in networks for text in n.objections()),
            *(f"warps {metric}: not computed" for metric in metrics if metric not in joined)],
           [*notes(populations), *(f"{n.name}: does not perform" for n in networks
                                   if n.done and not n.performs)],
           "All networks were measured.")


if __name__ == "__main__":
    main()
