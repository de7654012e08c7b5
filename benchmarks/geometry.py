#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The pullback metric of a rate network of 128 units over a 41 x 41 grid after 200 steps, m = 2:
nullcline beside reverse- and forward-mode autograd in PyTorch, one thread each, turn by turn; then
the curvature of a torus beside finite differences.

    benchmarks/geometry.py build/release [--rounds N] [--precisions float double] [--torus SIDE ...]

Times are seconds of the CPU; every contender is a process of its own, and ratios are taken round by
round. `product` is the time that the 2 N^2 (1 + m) flops of each point and step would take at the
rate of nullcline's own matrix product, measured in the same round: what else a step costs counts as
nothing.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # Debian's, whose PyTorch this is
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
UNITS = 128


class Contender:
    """A process that answers each line with a line of JSON, and waits in between."""

    def __init__(self, command, out):
        self.out = out
        self.process = subprocess.Popen([str(part) for part in [*command, out]], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=os.environ | ONE_THREAD)

    def turn(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def result(self):
        return np.fromfile(self.out)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def middle(values, form="{:.3g}"):
    low, high = min(values), max(values)
    parts = [form.format(v) for v in (statistics.median(values), low, high)]
    return f"{parts[0]} [{parts[1]} .. {parts[2]}]"


def metric(ours, torch_ways, precisions, side, steps, rounds):
    size = f"{side} {steps}"
    flops = 2e-9 * UNITS**2 * 3 * side**2 * steps
    ours.turn(f"double {size}")  # the first touches fresh memory
    reference = ours.result()
    rows, worst = [], None
    for _ in range(rounds):
        row = {}
        for precision in precisions:
            row[precision] = ours.turn(f"{precision} {size}")["seconds"]
            if precision == "float":
                worst = np.abs(ours.result() - reference).max() / np.abs(reference).max()
            row[f"product {precision}"] = flops / ours.turn(f"rate_{precision} 0 0")["rate"]
        row["all"] = ours.turn(f"all {size}")["seconds"]
        for (way, precision), contender in torch_ways.items():
            row[f"{way} {precision}"] = contender.turn(f"{way} {precision}")["seconds"]
            error = np.abs(contender.result() - reference).max() / np.abs(reference).max()
            assert error < (1e-3 if precision == "float" else 1e-10), (way, precision, error)
        rows.append(row)
    print(f"metric over {side} x {side} points after {steps} steps, seconds of {rounds} rounds")
    for name in rows[0]:
        print(f"  {name:18}{middle([row[name] for row in rows])}")
    if worst is not None:
        print(f"  float is off by {worst:.1e} of the largest entry")
    for precision in precisions:
        share = [100 * row[f"product {precision}"] / row[precision] for row in rows]
        print(f"{precision}: {middle(share)} % of the product's rate (asked: 80)")
        for way, asked in (("reverse", 100), ("forward", 5)):
            if f"{way} {precision}" not in rows[0]:
                continue
            ratios = [row[f"{way} {precision}"] / row[precision] for row in rows]
            print(f"{precision}: {middle(ratios)} times {way} mode (asked: {asked})")


def curvature(ours, sides, steps, rounds):
    """Errors are root mean squares over the points of the coarsest grid, over that of K."""
    print(f"\ncurvature of a torus after {steps} steps")
    coarsest = min(sides)
    ours.turn(f"curvature {coarsest} {steps}")
    exact = ours.result()
    scale = np.sqrt(np.mean(exact**2))

    def error(values, side):
        step = side // coarsest
        values = values.reshape(side, side)[::step, ::step].ravel()
        return np.sqrt(np.mean((values - exact) ** 2)) / scale

    for side in sides:
        rows = []
        for _ in range(rounds):
            row = {"second sensitivities": ours.turn(f"curvature {side} {steps}")["seconds"],
                   "metric over the grid": ours.turn(f"grid {side} {steps}")["seconds"]}
            off = error(ours.result(), side)
            if side == coarsest:
                row["stencil of 25 states"] = ours.turn(f"stencil {side} {steps}")["seconds"]
                stencil = np.sqrt(np.mean((ours.result() - exact) ** 2)) / scale
            rows.append(row)
        print(f"{side} x {side}")
        for name in rows[0]:
            print(f"  {name:22}{middle([row[name] for row in rows])} s")
        print(f"  differences of the metric over the grid are off by {off:.1e}")
        if side == coarsest:
            print(f"  differences of order 4 of the states by {stencil:.1e}, in "
                  f"{middle([r['stencil of 25 states'] / r['second sensitivities'] for r in rows])}"
                  " times our time")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", type=int, default=41)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--precisions", nargs="*", choices=["float", "double"],
                        default=["float", "double"])
    parser.add_argument("--torus", type=int, nargs="*", default=[50, 100, 200],
                        help="sides, multiples of the least")
    parser.add_argument("--torus-steps", type=int, default=40)
    parser.add_argument("--no-torch", action="store_true")
    arguments = parser.parse_args()
    random = np.random.default_rng(1)
    W = random.normal(size=(UNITS, UNITS)) * 1.2 / np.sqrt(UNITS)
    B = random.normal(size=(UNITS, 2))
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        np.concatenate([W.T.ravel(), B.T.ravel()]).tofile(place / "weights")
        build = arguments.build.resolve()
        ours = Contender([build / "bin" / "benchmark_geometry", place / "weights"], place / "ours")
        torch_ways = {}
        for way in [] if arguments.no_torch else ["forward", "reverse"]:
            for precision in arguments.precisions:
                command = [PYTHON, HERE / "geometry_torch.py", place / "weights", arguments.side,
                           arguments.steps]
                torch_ways[way, precision] = Contender(command, place / f"{way}-{precision}")
        metric(ours, torch_ways, arguments.precisions, arguments.side, arguments.steps,
               arguments.rounds)
        for contender in torch_ways.values():
            contender.close()
        if arguments.torus:
            curvature(ours, arguments.torus, arguments.torus_steps, min(arguments.rounds, 3))
        ours.close()


if __name__ == "__main__":
    main()
