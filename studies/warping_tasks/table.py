#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of this folder's README, from a result directory.

    nullcline run warping_tasks --jobs 1 --out runs/warping_tasks
    studies/warping_tasks/table.py runs/warping_tasks

A row is a quantity that measures.py states, of trained and of untrained networks: median
[least .. greatest] over the networks of a population that perform. "change" is how far the metric is from
that of the untrained network, "spread" how far those of a population are from their Frechet mean: warps.py.
Then exact tests over all networks of a task, and of tasks that ask for a decision against others.
Exit code 1, and a line for each, where a network was not trained or not scored.
"""
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from measures import MEASURES  # noqa: E402
from paired import rank_sum, sign_test  # noqa: E402
from results import finish, load, print_table, reached, spread  # noqa: E402
from warps import dispersion, distance  # noqa: E402

import nullcline as nc  # noqa: E402

STAGES = "parameters", "initial"


@dataclass
class Network:
    name: str
    task: str
    done: bool = False
    performs: bool = False
    values: tuple = ({}, {})  # trained, untrained: {quantity: number}
    tangents: tuple = field(default_factory=tuple)  # trained, untrained

    def objections(self):
        return [] if self.done else ["not trained or not scored"]


def loader(tasks):
    def network_of(directory, name, jobs):
        performs = reached(directory, jobs)
        network = Network(name, tasks[name.rsplit(" ", 1)[0]], performs is not None, bool(performs))
        if performs:
            file = directory / "networks" / f"{jobs['network']}.h5"
            found = [MEASURES[network.task](nc.load(file, stage)) for stage in STAGES]
            network.values, network.tangents = zip(*found)
        return network
    return network_of


def rows(populations):
    for name, networks in populations.items():
        known = [n for n in networks if n.performs]
        yield [name, "performing", f"{len(known)} of {len(networks)}", ""]
        for quantity in known[0].values[0] if known else ():
            yield [name, quantity, *(spread([n.values[stage][quantity] for n in known], ".3g")
                                     for stage in range(2))]
        if known:
            yield [name, "change of the metric", spread([distance(*n.tangents) for n in known], ".3g"),
                   ""]
            yield [name, "spread of the metrics",
                   *(spread([dispersion(known, stage)], ".3g") for stage in range(2))]


BOUNDARY = {"decision": "stretch at the boundary over far from it",
            "flip_flop": "stretch at the boundary over far from it",
            "context_integration": "stretch at 0 over far from it",
            "toy_language": "stretch of word 2 at 0 over far from it"}
TESTS = {  # quantity: the value without a warp
    "perception": [("stretch between the levels over at them", 1)],
    "decision": [("compression G_sum / G_difference", 1), (BOUNDARY["decision"], 1)],
    "flip_flop": [(BOUNDARY["flip_flop"], 1)],
    "cued_sine": [("growth of the stretch, power of time", 0)],
    "context_integration": [("compression G_irr / G_rel", 1), (BOUNDARY["context_integration"], 1)],
    "toy_language": [(BOUNDARY["toy_language"], 1), ("stretch of word 2 behind `very` over alone", 1),
                     ("cosine of word 2 behind `not` with it alone", 0)],
}


def notes(networks):
    of = {task: [n for n in networks if n.performs and n.task == task] for task in TESTS}
    for task, tests in TESTS.items():
        for name, bound in tests:
            trained, untrained = ([n.values[stage][name] for n in of[task]] for stage in range(2))
            if trained:
                yield (f"{task}: {name}: above {bound} in {sum(v > bound for v in trained)} of "
                       f"{len(trained)}, p = {sign_test([v - bound for v in trained]):.2g}; above what it "
                       f"was untrained in {sum(v > w for v, w in zip(trained, untrained))}, "
                       f"p = {sign_test([v - w for v, w in zip(trained, untrained)]):.2g}")
    decided, summed = ([n.values[0][BOUNDARY[task]] for task in tasks for n in of[task]] for tasks in
                       (("decision", "flip_flop"), ("context_integration", "toy_language")))
    if decided and summed:
        p, effect = rank_sum(decided, summed)
        yield (f"stretch at the boundary, of decisions and bits ({spread(decided, '.3g')}) against sums "
               f"({spread(summed, '.3g')}): rank sum p = {p:.2g}, effect {effect:.2f}, "
               f"{len(decided)} and {len(summed)} networks")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = Path(sys.argv[1])
    study = tomllib.loads((directory / "study.toml").read_text())
    tasks = {name: one["task"]["name"] for name, one in study["populations"].items()}
    _, populations = load(directory, loader(tasks))
    print_table(["population", "quantity", "trained", "untrained"], list(rows(populations)))
    networks = [n for of in populations.values() for n in of]
    finish([f"{n.name}: {text}" for n in networks for text in n.objections()],
           [*notes(networks), *(f"{n.name}: does not perform" for n in networks
                                if n.done and not n.performs)],
           "All networks were measured.")


if __name__ == "__main__":
    main()
