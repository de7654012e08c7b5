#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of this folder's README, from a result directory.

    nullcline run every_task --jobs 1 --out runs/every_task
    studies/every_task/table.py runs/every_task

A network counts as one that reached the criterion of its task if both of its scores do: that on
fresh trials, at which the training stopped, and that on noisy trials of the conditions, by the
analysis `outputs`. Exit code 1 unless all networks of the study do, and a line for each that does
not. Minutes are those between the file of a network and the file written before it, so they are
right if the networks were trained one at a time, without a break.
"""
import math
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from results import jobs, print_table, read, spread  # noqa: E402


@dataclass
class Network:
    population: str
    number: int
    state: str  # of the training: "done" unless it failed or is missing
    steps: int = 0
    minutes: float = float("nan")
    score: float = float("nan")  # on fresh trials, the last of the training
    on_conditions: float = float("nan")
    criterion: float = float("nan")
    higher_is_better: bool = True

    def good(self, score):
        return score >= self.criterion if self.higher_is_better else score <= self.criterion

    def reached(self):
        return self.state == "done" and self.good(self.score) and self.good(self.on_conditions)


def minutes_of_files(directory):
    """{path: minutes since the file written before it}; the first one is study.toml."""
    files = [directory / "study.toml", *directory.glob("networks/*"), *directory.glob("analyses/*")]
    files.sort(key=lambda path: path.stat().st_mtime)
    times = [path.stat().st_mtime / 60 for path in files]
    return {path: now - before for path, before, now in zip(files[1:], times, times[1:])}


def number_in(metrics, name):
    """NaN where there is none, as for a network that ran away."""
    value = metrics.get(name)
    return float("nan") if value is None else value


def load(directory):
    """(study, {population: [Network]}): every network that the study asks for, done or not."""
    study = tomllib.loads((directory / "study.toml").read_text())
    found, minutes = jobs(directory), minutes_of_files(directory)
    networks = {}
    for name, population in study["populations"].items():
        networks[name] = []
        for number in range(population["networks"]):
            missing = ("", "missing", {})
            job, state, metrics = found.get((name, number, "network"), missing)
            network = Network(name, number + 1, state)
            networks[name].append(network)
            job_outputs, state_outputs, judged = found.get((name, number, "outputs"), missing)
            if state != "done" or state_outputs != "done":
                continue
            network.steps, network.score = metrics["steps"], number_in(metrics, "score")
            network.minutes = minutes.get(directory / "networks" / f"{job}.h5", float("nan"))
            network.on_conditions = number_in(judged, "score")
            judge = read(directory / "analyses" / f"{job_outputs}.h5")[0]["performance"]
            network.criterion = judge["criterion"]
            network.higher_is_better = judge["higher_is_better"]
    return study, networks


def cell_of(cell):
    name, units = cell["name"], str(cell["units"])
    if name == "leaky_rate":
        name += " " + cell["activation"]
    return name, units if cell["layers"] == 1 else f"{units} x {cell['layers']}"


def row_of(name, population, networks):
    cell, units = cell_of(population["cell"])
    reached = f"{sum(network.reached() for network in networks)} of {len(networks)}"
    known = [network for network in networks if network.steps > 0]
    if not known:
        return [name, cell, units, reached, *["-"] * 5]
    sign = "from" if known[0].higher_is_better else "up to"
    return [name, cell, units, reached, spread([n.steps for n in known], ".0f"),
            spread([n.minutes for n in known], ".2g"), spread([n.score for n in known], ".3g"),
            spread([n.on_conditions for n in known], ".3g"), f"{sign} {known[0].criterion:.3g}"]


HEAD = ["population", "cell", "units", "reached", "steps", "minutes", "score", "on the conditions",
        "criterion"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    study, populations = load(Path(sys.argv[1]))
    rows = [row_of(name, study["populations"][name], networks)
            for name, networks in populations.items()]
    print_table(HEAD, rows)
    networks = [network for of_name in populations.values() for network in of_name]
    missed = [network for network in networks if not network.reached()]
    minutes = sum(n.minutes for n in networks if math.isfinite(n.minutes))
    print(f"\n{len(networks) - len(missed)} of {len(networks)} networks reached the criterion; "
          f"{minutes:.1f} minutes of training.")
    for network in missed:
        print(f"{network.population} {network.number} did not: {network.state}, "
              f"score {network.score:.3g}, on the conditions {network.on_conditions:.3g}")
    sys.exit(1 if missed or not networks else 0)


if __name__ == "__main__":
    main()
