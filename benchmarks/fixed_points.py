#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The fixed points of a trained 3-bit flip-flop GRU (N = 128) from 1,024 starts: nullcline beside
the field's Adam method in PyTorch, one thread each, the same starts, taken turn by turn.

    benchmarks/fixed_points.py build/release [--rounds N] [--rates 0.1 0.03 0.01]
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from contenders import PYTHON, spread, take_turns

HERE = pathlib.Path(__file__).resolve().parent
STARTS = 1024
AT_LEAST = 60


def trained_network(build, directory):
    subprocess.run([build / "bin" / "nullcline", "run", HERE / "flip_flop.toml", "--out",
                    directory / "run", "--jobs", "1"], check=True, stdout=subprocess.DEVNULL)
    return next((directory / "run" / "networks").glob("*.h5"))


def write_starts(build, network, path):
    """Convex mixes of two states of trajectories under the pulses of the task."""
    sys.path.insert(0, str(build / "python"))
    import nullcline as nc
    import numpy as np

    random = np.random.default_rng(0)
    steps, trials = 100, 128
    net = nc.load(network)
    pulses = np.where(random.random((steps, trials, 3)) < 0.05,
                      random.choice([-1.0, 1.0], (steps, trials, 3)), 0.0)
    pulses[0] = random.choice([-1.0, 1.0], (trials, 3))
    states = net.run(pulses).states.reshape(steps * trials, -1)
    pairs = random.integers(0, len(states), (STARTS, 2))
    weight = random.random((STARTS, 1))
    (weight * states[pairs[:, 0]] + (1 - weight) * states[pairs[:, 1]]).tofile(path)


def seconds(answer):
    return sum(answer.get(part, 0) for part in ("search", "eigenvalues", "proofs"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--network", type=pathlib.Path, help="instead of training one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rates", nargs="*", default=["0.1", "0.03", "0.01"], help="of Adam")
    arguments = parser.parse_args()
    build = arguments.build.resolve()

    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        network = arguments.network or trained_network(build, place)
        starts = place / "starts"
        write_starts(build, network, starts)
        adam = {f"Adam {rate}": [PYTHON, HERE / "fixed_points_torch.py", network, starts, rate]
                for rate in arguments.rates}
        rows = take_turns({"nullcline": [build / "bin" / "benchmark_fixed_points", network, starts],
                           **adam}, arguments.rounds, warm_up=["nullcline"],
                          repeats={"nullcline": 5}, cost=seconds)

    print(f"{'':12}{'seconds':>9}{'points':>8}{'reached':>9}{'residual':>10}  times nullcline")
    for name in rows[0]:
        answers = [row[name] for row in rows]
        ratios = [seconds(row[name]) / seconds(row["nullcline"]) for row in rows]
        last = answers[-1]
        print(f"{name:12}{statistics.median(map(seconds, answers)):9.3f}{last['points']:8}"
              f"{last['reached']:9}{last['residual']:10.1e}  "
              f"{spread(ratios)}")
    print("nullcline:", json.dumps(rows[-1]["nullcline"]))
    print(f"asked: the fastest of Adam at least {AT_LEAST} times nullcline with eigenvalues and "
          "proofs")


if __name__ == "__main__":
    main()
