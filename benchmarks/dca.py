#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""DCA of 128 units, T = 5, d = 3, from 10 starts: nullcline beside the authors' method in PyTorch
and SciPy, one thread each, the same covariances, turn by turn. nullcline takes turns twice: from the
reference's own 10 random starts, each climbed and nothing else (`same starts`), and from 10 of its
own (`own starts`): 2 deterministic, 4 random, 4 exchanges of a direction of the best.

    benchmarks/dca.py build/release [--rounds N] [--data lorenz var] [--seed N]

Data: `lorenz`, the authors' own example, a Lorenz system in R^128 under white noise of an
exponential spectrum over space, at a ratio of variances of 0.1; `var`, a random VAR(1) of spectral
radius 0.98. 10,000 samples each. Covariances are those of the authors' estimator for both sides;
the table has the fit from them, and the fit with each side's own estimation.
"""
import argparse
import pathlib
import statistics
import tempfile

import numpy as np
import scipy.integrate
import scipy.linalg
import scipy.stats

from contenders import PYTHON, spread, take_turns
from dca_torch import estimate

HERE = pathlib.Path(__file__).resolve().parent
UNITS, WINDOW, DIM, STARTS, SAMPLES = 128, 5, 3, 10, 10_000
AT_LEAST = 20


def lorenz(random):
    def field(_, s):
        return [10 * (s[1] - s[0]), s[0] * (28 - s[2]) - s[1], s[0] * s[1] - 8 / 3 * s[2]]

    times = 0.025 * np.arange(1000, 1000 + SAMPLES)
    path = scipy.integrate.solve_ivp(field, (0, times[-1]), np.ones(3), t_eval=times, rtol=1e-8,
                                     atol=1e-8).y.T
    path = (path - path.mean(axis=0)) / path.std(axis=0)
    strongest = np.linalg.eigvalsh(np.cov(path.T))[-1]
    axes, noise_axes = (scipy.stats.ortho_group.rvs(UNITS, random_state=random) for _ in range(2))
    deviations = np.sqrt(strongest / 0.1 * np.exp(-2 * np.arange(UNITS) / 7) + 1e-4)
    noise = random.normal(size=(SAMPLES, UNITS)) * deviations
    return path @ axes[:, :3].T + noise @ noise_axes.T


def var(random):
    A = random.normal(size=(UNITS, UNITS)) / np.sqrt(UNITS)
    A *= 0.98 / np.abs(np.linalg.eigvals(A)).max()
    x, rows = np.zeros(UNITS), []
    for _ in range(SAMPLES + 1000):
        x = A @ x + random.normal(size=UNITS)
        rows.append(x)
    return np.array(rows[1000:])


def predictive_information(lags, answer):
    """Of the subspace found, by NumPy, for both sides alike."""
    V = np.array(answer["V"]).reshape(DIM, UNITS).T
    P = [V.T @ C @ V for C in lags]
    C = np.block([[P[i - j] if i >= j else P[j - i].T for j in range(len(P))]
                  for i in range(len(P))])
    half = len(C) // 2
    return np.linalg.slogdet(C[:half, :half])[1] - np.linalg.slogdet(C)[1] / 2


def reached(answer):
    best = max(answer["values"])
    return f"{sum(best - value < 1e-3 for value in answer['values'])} of {len(answer['values'])}"


def random_starts(random):
    return np.array([scipy.stats.ortho_group.rvs(UNITS, random_state=random)[:, :DIM].T
                     for _ in range(STARTS)])


def compare(name, build, rounds, seed):
    X = {"lorenz": lorenz, "var": var}[name](np.random.default_rng(seed))
    lags = estimate(X, 2 * WINDOW)
    with tempfile.TemporaryDirectory() as place:
        files = [pathlib.Path(place) / part for part in ("lags", "samples", "starts")]
        for file, values in zip(files, (lags, X, random_starts(np.random.default_rng(seed - 1)))):
            values.tofile(file)
        problem = [*files[:2], UNITS, WINDOW, DIM, STARTS]
        ours = [build / "bin" / "benchmark_dca", *problem]
        rows = take_turns({"same starts": [*ours, files[2]], "own starts": ours,
                           "reference": [PYTHON, HERE / "dca_torch.py", *problem, files[2]]},
                          rounds, warm_up=["same starts", "own starts"])

    print(f"\n{name}: {UNITS} units, T = {WINDOW}, d = {DIM}, {STARTS} starts, {rounds} rounds")
    print(f"{'':12}{'fit, s':>10}{'with estimation':>17}{'PI of the best':>17}"
          f"{'starts within 1e-3 of it':>26}{'iterations a start':>20}")
    for side, answer in rows[-1].items():
        fit = statistics.median(row[side]["fit"] for row in rows)
        whole = statistics.median(row[side]["fit"] + row[side]["estimation"] for row in rows)
        print(f"{side:12}{fit:10.4f}{whole:17.4f}{predictive_information(lags, answer):17.6f}"
              f"{reached(answer):>26}{statistics.mean(answer['iterations']):20.0f}")
    for side in ("same starts", "own starts"):
        for title, parts in (("fit", ["fit"]), ("with estimation", ["fit", "estimation"])):
            ratios = [sum(row["reference"][part] for part in parts) /
                      sum(row[side][part] for part in parts) for row in rows]
            print(f"{side}, {title}: {spread(ratios)} times")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", nargs="*", choices=["lorenz", "var"], default=["lorenz", "var"])
    parser.add_argument("--seed", type=int, default=1, help="of the data; one less, of the starts")
    arguments = parser.parse_args()
    for name in arguments.data:
        compare(name, arguments.build.resolve(), arguments.rounds, arguments.seed)
    print(f"asked: the fit at least {AT_LEAST} times as fast, to the same or a better optimum")


if __name__ == "__main__":
    main()
