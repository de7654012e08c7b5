#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How the cost of fixed points grows with the units N, the starts K, the steps T of the trajectories
that starts are drawn from, and the networks of a study: seconds of the CPU, all threads together, and
the exponent of a power law fitted to them.

    benchmarks/fixed_points_cost.py build/release [--largest N]
"""
import argparse
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

GAIN = 1.5  # of untrained rate networks of the current form with tanh
STUDY = """
name = "cost"
title = "Cost of fixed points"
description = "Untrained rate networks."
seed = 1
[populations.rate]
networks = {networks}
task = {{ name = "flip_flop", bits = 1, duration = 10 }}
training = {{ steps = 0 }}
[populations.rate.cell]
name = "leaky_rate"
form = "current"
activation = "tanh"
units = 32
gain = {gain}
tau = 1
dt = 0.1
[analyses]
fixed_points = {{ slow_points = false }}
"""


def cpu_seconds(work):
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def network(nc, units, seed):
    random = np.random.default_rng(seed)
    return nc.Network.rate(recurrent=random.normal(size=(units, units)) * GAIN / np.sqrt(units),
                           input=np.zeros((units, 1)), readout=np.eye(1, units),
                           bias=np.zeros(units), activation="tanh", tau=1.0, dt=0.1, form="current")


def trajectories(net, units, steps, trials=64):
    start = np.random.default_rng(7).normal(size=(trials, units))
    return net.run(np.zeros((steps, trials, 1)), start=start).states.reshape(-1, units)


def mixes(states, count):
    random = np.random.default_rng(8)
    pairs = random.integers(0, len(states), (count, 2))
    weight = random.random((count, 1))
    return weight * states[pairs[:, 0]] + (1 - weight) * states[pairs[:, 1]]


def search_seconds(nc, units, starts, seeds):
    """Of the search, eigenvalues and proofs; medians over networks, and the points of each."""
    seconds, points = [], []
    for seed in seeds:
        net = network(nc, units, seed)
        X = mixes(trajectories(net, units, 300), starts)
        spent, found = cpu_seconds(lambda: nc.fixed_points(net, input=np.zeros(1), starts=X))
        seconds.append(spent)
        points.append(len(found.states))
    return float(np.median(seconds)), f"{min(points)} to {max(points)} points"


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def study_seconds(build, networks):
    with tempfile.TemporaryDirectory() as place:
        study = pathlib.Path(place) / "study.toml"
        study.write_text(STUDY.format(networks=networks, gain=GAIN))
        before = children_seconds()
        subprocess.run([build / "bin" / "nullcline", "run", study, "--out",
                        pathlib.Path(place) / "run", "--jobs", "1"], check=True,
                       stdout=subprocess.DEVNULL)
        return children_seconds() - before


def show(name, sizes, measure):
    rows = []
    for size in sizes:
        seconds, note = measure(size)
        rows.append(seconds)
        print(f"{name} {size:6}  {seconds:9.4f} s  {note}", flush=True)
    exponent = np.polyfit(np.log(sizes), np.log(rows), 1)[0]
    last = np.log(rows[-1] / rows[-2]) / np.log(sizes[-1] / sizes[-2])
    print(f"{name}: exponent {exponent:.2f}, of the last two {last:.2f}\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--largest", type=int, default=512, help="units, 64 or more")
    arguments = parser.parse_args()
    if arguments.largest < 64:
        parser.error(f"--largest: found {arguments.largest}, expected 64 or more: two sizes to fit")
    build = arguments.build.resolve()
    sys.path.insert(0, str(build / "python"))
    import nullcline as nc

    print(f"rate networks, gain {GAIN}, untrained; CPU seconds of all threads")
    show("K", [64, 256, 1024, 4096], lambda k: search_seconds(nc, 64, k, range(5)))
    show("T", [100, 400, 1600, 6400], lambda t: (
        cpu_seconds(lambda: trajectories(network(nc, 128, 0), 128, t))[0], "64 trials, N = 128"))
    show("networks", [10, 20, 40], lambda m: (study_seconds(build, m), "N = 32"))
    sizes = [n for n in (32, 64, 128, 256, 512) if n <= arguments.largest]
    show("N", sizes, lambda n: search_seconds(nc, n, 256, range(5 if n < 256 else 2)))


if __name__ == "__main__":
    main()
