"""How far networks compress irrelevant evidence: c(t), the target of `warp` in causal.toml.

    python3 warp_target.py DIRECTORY [POPULATION]

DIRECTORY is a result of causal.toml. Prints c at the times that metric_target means, evenly spaced from the
first step to the last: the geometric mean of G_irrelevant / G_relevant of the states over an 11 x
11 grid of evidence, both contexts and all networks of the population, "baseline" by default.
"""

import sqlite3
import sys
from pathlib import Path

import numpy as np

import nullcline as nc

TIMES = 6


def networks_of(directory, population):
    rows = sqlite3.connect(Path(directory) / "catalog.sqlite").execute(
        "SELECT id FROM jobs WHERE kind = 'network' AND population = ? AND state = 'done'",
        (population,),
    )
    return [nc.load(Path(directory) / "networks" / f"{id}.h5") for (id,) in rows]


def evidence(context, steps, levels=11, largest=0.2):
    """The inputs of one context over the grid."""
    e = np.linspace(-largest, largest, levels)
    pairs = np.stack(np.meshgrid(e, e, indexing="ij"), axis=-1).reshape(-1, 2)
    u = np.zeros((len(pairs), steps, 4))
    u[..., :2] = pairs[:, None]
    u[..., 2 + context] = 1
    du = np.zeros((len(pairs), 2, steps, 4))
    du[:, 0, :, 0] = du[:, 1, :, 1] = 1
    return nc.InputManifold(u, du)


def log_ratios(net, steps):
    """log G_irrelevant / G_relevant of both contexts, (contexts, points, steps)."""
    result = []
    for context in range(2):
        G = nc.pullback_metric(net, evidence(context, steps)).metric
        relevant, other = G[..., context, context], G[..., 1 - context, 1 - context]
        result.append(np.log(other / relevant))
    return np.array(result)


if __name__ == "__main__":
    population = sys.argv[2] if len(sys.argv) > 2 else "baseline"
    found = networks_of(sys.argv[1], population)
    steps = round(10 / found[0].dt)
    mean = np.mean([log_ratios(net, steps) for net in found], axis=(0, 1, 2))
    at = np.linspace(0, steps - 1, TIMES)
    c = np.exp(np.interp(at, np.arange(steps), mean))
    print(f"{len(found)} networks; mean ratio over all times {np.exp(mean).mean():.3g}")
    print("metric_target = [" + ", ".join(f"{value:.3g}" for value in c) + "]")
