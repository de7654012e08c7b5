# SPDX-License-Identifier: Apache-2.0
"""Figures 2 to 4 for claims.py, as {name: value} of a network; README.md says what is our choice.

Medians are over the grid of the manifold.
"""

import itertools

import numpy as np
from decision_network import decision_network

import nullcline as nc

TAU = 2 * np.pi


def grid(counts, lowest=0.0, highest=TAU, ends=False):
    """(K, m), the last coordinate fastest; circles without their end."""
    axes = [np.linspace(lowest, highest, n, endpoint=ends) for n in counts]
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, len(counts))


def scattered(count, dim):
    """(count, dim) Points of a torus, uniform, the same each time."""
    return np.random.default_rng(2025).uniform(0, TAU, (count, dim))


def manifold(net, task, kappa, settings={}, number=0):
    return nc.InputFunctions.of_task(task, settings, dt=net.dt, manifold=number).at(kappa)


def readout_part(net, geo):
    """(K, S, m): the part of each tangent within the rows of the readout's Jacobian."""
    return nc.tangent_alignment(geo.tangents, nc.readout_directions(net, geo.states)).part


# Figure 2


def circle(net, untrained):
    """Stretch within 15 degrees of theta = 0, pi over that within 15 degrees of the middle of a
    class; and the arc length between ticks 45 degrees apart that lie beside a boundary, as part of
    the whole."""
    result = {}
    theta = TAU * np.arange(240) / 240
    for stage, network in (("trained", net), ("untrained", untrained)):
        man = manifold(network, "static_circle", theta[:, None])
        g = nc.pullback_metric(network, man, [1]).stretch[:, 0, 0]
        away = np.arcsin(np.abs(np.sin(theta)))
        near, inside = g[away <= TAU / 24 + 1e-9], g[away >= TAU / 4 - TAU / 24 - 1e-9]
        arcs = (g + np.roll(g, -1)).reshape(8, 30).sum(axis=1)
        result[f"stretch {stage}"] = near.mean() / inside.mean()
        result[f"ticks {stage}"] = arcs[[0, 3, 4, 7]].sum() / arcs.sum()
    return {**result, "stretch grows": result["stretch trained"] / result["stretch untrained"]}


# Figure 3's stand-in


def decision():
    """Growth of g_cc at c = 0 over the last 5 of 20 s, over 2 lambda_u of the symmetric fixed point;
    where g_cc is greatest at the end."""
    net = decision_network()
    c = np.linspace(-1, 1, 41)
    steps = round(20 / net.dt)
    u = np.tile(c[:, None, None], (1, steps, 1))
    man = nc.InputManifold(u, np.ones((len(c), 1, steps, 1)))
    at = [round(15 / net.dt), steps]
    g = nc.pullback_metric(net, man, at).metric[..., 0, 0]
    middle = len(c) // 2
    symmetric = net.run(u[middle][:, None]).states[-1]
    point = nc.fixed_points(net, input=[0.0], starts=symmetric)
    rate = np.log(np.abs(point.eigenvalues[0]).max()) / net.dt
    grown = np.log(g[middle, 1] / g[middle, 0]) / 5
    return {"growth": grown / (2 * rate), "peak": abs(c[np.argmax(g[:, 1])])}


# Figure 4


def contexts(net, steps=None):
    """(evidence (K, 2), [metric of each context])."""
    e = grid([11, 11], -0.2, 0.2, ends=True)
    return e, [nc.pullback_metric(net, manifold(net, "context_decision", e, number=c), steps)
               for c in range(2)]


def indices(net):
    """Over time, means over the contexts: compression, stretch at the boundary, |x_t|; and time."""
    e, found = contexts(net, range(1, round(10 / net.dt) + 1))
    both = [nc.warp_indices(geo.tangents, e[:, c], relevant=c, irrelevant=1 - c)
            for c, geo in enumerate(found)]
    speeds = [np.median(np.linalg.norm(geo.velocities, axis=-1), axis=0) for geo in found]
    return (np.mean([one.compression for one in both], 0),
            np.mean([one.boundary_stretch for one in both], 0), np.mean(speeds, 0), found[0].time)


def settles(time, course, fraction):
    """When it has come so far of its way; NaN where it does not move."""
    place = nc.settling_step(course, fraction)
    return time[place] if place >= 0 else np.nan


def courses(net, untrained):
    compression, stretch, speed, time = indices(net)
    settled = settles(time, speed, 0.95)
    result = {"compression trained": compression[-1], "boundary trained": stretch[-1],
              "settled": settled}
    for at in (1, 5):
        result[f"compression {at} s"] = compression[np.argmin(np.abs(time - at))]
    for name, course in (("compression", np.log(compression)), ("boundary", stretch)):
        result[f"{name} begins"] = settles(time, course, 0.1)
        result[f"{name} early"] = result[f"{name} begins"] / settled
    before, flat, *_ = indices(untrained)
    return {**result, "compression untrained": before[-1], "boundary untrained": flat[-1]}


def selected(values):
    """(relevant, irrelevant), the mean over contexts of values (context, coordinate)."""
    return np.mean([values[c][[c, 1 - c]] for c in range(2)], axis=0)


def over_neurons(geo, center):
    """For each coordinate |correlation| over neurons of x_t with its tangent, and how far that is
    from their |cosine|: at the last step."""
    t = geo.velocities[center, -1]
    found = []
    for a in geo.tangents[center, -1]:
        cosine = abs(t @ a) / np.linalg.norm(t) / np.linalg.norm(a)
        found.append((abs(np.corrcoef(t, a)[0, 1]), cosine))
    r, cosine = np.transpose(found)
    return r, np.abs(r - cosine)


def context(net, untrained):
    result = courses(net, untrained)
    steps = [2, round(10 / net.dt)]
    e, found = contexts(net, steps)
    share = [np.median(geo.eigenvalues[..., 0] / geo.eigenvalues.sum(-1), axis=0) for geo in found]
    sheets = [nc.space_time(net, manifold(net, "context_decision", e, number=c), steps).tangents
              for c in range(2)]
    spectra = np.linalg.svd(np.array(sheets), compute_uv=False) ** 2
    with_time = np.median(spectra[..., 0] / spectra.sum(-1), axis=(0, 1))
    _, s, V = np.linalg.svd(net.parameters["recurrent"] - untrained.parameters["recurrent"])
    rates = [nc.feature_tangents(net, geo.states, geo.tangents) for geo in found]
    end = lambda part: np.median(part[:, -1], axis=0)
    pairs = {
        "decoder": [end(readout_part(net, geo)) for geo in found],
        "change": [end(nc.tangent_alignment(a, V[:2]).part) for a in rates],
        "ellipse": [over_neurons(geo, len(e) // 2)[0] for geo in found],
    }
    for name, values in pairs.items():
        relevant, irrelevant = selected(values)
        result |= {f"{name} relevant": relevant, f"{name} irrelevant": irrelevant,
                   f"{name} selects": relevant / irrelevant}
    return {
        **result,
        "spectrum start": np.mean(share, 0)[0], "spectrum end": np.mean(share, 0)[1],
        "spectrum grows": np.diff(np.mean(share, 0))[0],
        "with time start": with_time[0], "with time end": with_time[1],
        "with time grows": with_time[1] - with_time[0],
        "change two": (s[:2] ** 2).sum() / (s**2).sum(),
        "ellipse cosine": max(over_neurons(geo, len(e) // 2)[1].max() for geo in found),
    }


# Nonlinearities


def apart(one, other):
    """1 - sqrt(least / greatest stretch) of one metric as the other sees it, which knows no scale:
    the median over evidence, the mean over contexts, at the last step."""
    return np.mean([np.median(nc.metric_distances(a, b).spectral_ratio) for a, b in zip(one, other)])


def nonlinearities(populations):
    """Of {nonlinearity: networks}, two networks or more each. within: distances of all two networks
    of one nonlinearity; between: for every two nonlinearities the median distance of networks that
    began with the same random weights; ratio: that over the median within."""
    tangents = {name: [[geo.tangents for geo in contexts(net, [round(10 / net.dt)])[1]]
                       for net in networks] for name, networks in populations.items()}
    within = [apart(a, b) for networks in tangents.values()
              for a, b in itertools.combinations(networks, 2)]
    between = [np.median([apart(a, b) for a, b in zip(tangents[one], tangents[other])])
               for one, other in itertools.combinations(tangents, 2)]
    return {"within": within, "between": between, "ratio": between / np.median(within)}
