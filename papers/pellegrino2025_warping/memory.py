# SPDX-License-Identifier: Apache-2.0
"""Figures 5 to 7 for claims.py: tori of remembered angles, and the subtraction of two."""

import numpy as np
from measurements import TAU, grid, manifold, readout_part

import nullcline as nc

DELAY = 3.5  # s, the longest
SHOWN = 0.5  # s of an item, of a pause and of a report
TORUS = [(0.0, TAU, True)] * 2


def times(items):
    """(end of encoding, go, [onset of each report]), s."""
    go = items * 2 * SHOWN + DELAY
    return go - DELAY, go, [go + 2 * SHOWN * (i + 1) for i in range(items)]


def memory(net, kappa):
    """At points kappa (K, items) of the torus."""
    items = kappa.shape[1]
    settings = {} if items == 2 else {"items": items}
    encoded, go, reports = times(items)
    man = manifold(net, "sequential_memory", kappa, settings)
    geo = nc.pullback_metric(net, man, range(1, man.steps + 1))
    history = nc.rank_history(net, man, range(1, man.steps + 1))
    at = [int(np.argmin(np.abs(geo.time - t))) for t in (encoded, go, reports[0] + SHOWN)]
    return {
        "rank": history.ranks[:, -1].min(),
        "rank changes": history.changes,
        "least condition": history.conditions[:, history.last_input:].min(),
        **stability(geo, at),
        **reporting(geo, np.median(readout_part(net, geo), axis=0), encoded, at[1], reports),
        **rotation(geo, at),
    }


def stability(geo, at):
    """How far the metric moves through the delay (3.5 s), against from the go cue to the end of the
    first report (1.5 s); and the greatest median trace of the delay over its least."""
    apart = nc.distances_over_time(geo.tangents[:, at]).affine_invariant
    trace = np.median((geo.stretch**2).sum(-1), axis=0)[at[0]:at[1] + 1]
    passed = geo.time[at[1]] - geo.time[at[0]], geo.time[at[2]] - geo.time[at[1]]
    return {"metric delay": apart[0, 1], "metric report": apart[1, 2],
            "metric moves": apart[0, 1] / apart[1, 2],
            "metric per s": apart[0, 1] / apart[1, 2] * passed[1] / passed[0],
            "trace": trace.max() / trace.min()}


def reporting(geo, part, encoded, go, reports):
    """Of each item: when, after its report begins, its alignment with the readout is greatest since
    the encoding; in its report, its alignment over the greatest of the others, and its G_ii / tr G."""
    result = {}
    late = geo.time > encoded
    share = np.median(geo.stretch**2 / (geo.stretch**2).sum(-1, keepdims=True), axis=0)
    for i, report in enumerate(reports):
        now = (geo.time > report - 1e-9) & (geo.time < report + SHOWN + 1e-9)
        mean = part[now].mean(axis=0)
        result[f"peak {i + 1}"] = geo.time[late][np.argmax(part[late, i])] - report
        result[f"selects {i + 1}"] = mean[i] / np.delete(mean, i).max()
        result[f"share {i + 1}"] = share[now, i].mean()
    return {**result, "share delay": share[go, -1]}


def rotation(geo, at):
    """The plane of the states (uncentered) at the end of encoding against those at the end of the
    delay and of the first report: mean of the cosines, largest angle in degrees."""
    planes = [np.linalg.svd(geo.states[:, s], full_matrices=False)[2][:2] for s in at]
    result = {}
    for name, other in (("delay", planes[1]), ("report", planes[2])):
        cosines = np.linalg.svd(planes[0] @ other.T, compute_uv=False)
        result[f"subspace {name}"] = cosines.mean()
        result[f"turn {name}"] = np.degrees(np.arccos(np.clip(cosines[-1], 0, 1)))
    return result


def curvature(net, side=64):
    """At the end of encoding: Gauss's equation against Gauss and Bonnet, and against the formula of
    the paper's supplement."""
    step = round(times(2)[0] / net.dt)
    man = manifold(net, "sequential_memory", grid([side, side]))
    K = nc.curvature(net, man, [step]).gaussian[:, 0]
    geo = nc.pullback_metric(net, man, [step])
    volume = geo.volume[:, 0]
    whole = nc.surface_integral(np.abs(K), volume, TORUS, [side, side])
    legacy = nc.legacy_curvature(geo.metric[:, 0], K, TORUS, [side, side])
    return {
        "total curvature": whole / (2 * np.pi),
        "gauss bonnet": abs(nc.surface_integral(K, volume, TORUS, [side, side])) / whole,
        "legacy": np.median(np.abs(legacy.difference)) / np.median(np.abs(K)),
        "legacy sign": np.mean(np.sign(legacy.values) != np.sign(K)),
        "oblique": np.median(np.abs(geo.cosines[:, 0, 0])),
    }


def topology(net, side=12):
    """At the end of encoding and of the delay: the least chord over distance of points farther apart
    along the torus than a quarter of all pairs are, and the scales at which the states have the
    Betti numbers of a torus."""
    inputs = nc.InputFunctions.of_task("sequential_memory", dt=net.dt)
    result = {}
    for name, t in zip(("encoded", "delay"), times(2)):
        torus = nc.Manifold.slice(net, inputs, round(t / net.dt)).interpolate([32, 32])
        far = nc.geodesic_distances(torus, [side, side])
        (x,) = torus.jets(far.kappa, 0)
        separation = np.quantile(far.lengths, 0.25)
        result[f"injective {name}"] = nc.injectivity(x, far.lengths, separation).smallest
        result[f"torus {name}"] = torus_scales(nc.persistent_homology(x, 2, 0))
    return result


def torus_scales(homology):
    """The longest range of scales with one piece, two loops and a void, its greatest over its least;
    0: there is none."""
    scales = np.unique(np.concatenate([np.ravel(d) for d in homology.diagrams]))
    scales = scales[np.isfinite(scales)]
    longest, start = 0.0, None
    for low, high in zip(scales, scales[1:]):
        if list(homology.betti_at((low + high) / 2))[:3] != [1, 2, 1]:
            start = None
            continue
        start = low if start is None else start
        longest = max(longest, high / start)
    return longest


def subtraction(net, side=24):
    """lambda_2 / lambda_1 over time, and the |cosine| of the direction that vanishes with (1, 1)."""
    encoded, go, (report, *_) = times(2)
    man = manifold(net, "memory_subtraction", grid([side, side]))
    geo = nc.pullback_metric(net, man, range(1, man.steps + 1))
    ratio = np.median(geo.eigenvalues[..., 1] / geo.eigenvalues[..., 0], axis=0)
    at = {name: int(np.argmin(np.abs(geo.time - t))) for name, t in
          (("encoded", encoded), ("go", go), ("report", report + SHOWN), ("end", geo.time[-1]))}
    null = np.linalg.eigh(geo.metric[:, at["report"]])[1][..., 0]
    return {**{f"ratio {name}": ratio[s] for name, s in at.items()},
            "null": np.median(np.abs(null.sum(-1))) / np.sqrt(2)}
