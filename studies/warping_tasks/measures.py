# SPDX-License-Identifier: Apache-2.0
"""What is measured on a network of one of six tasks, as {quantity: number}, and the tangents by which
networks are compared. README.md says what is our choice.

Tangents (K, S, m, n) are those of an input manifold of the task, in its default settings, at K points,
without noise, at the last step, or where a task forgets what came once (flip-flops) at the mean time to
the next pulse. Numbers are medians over the points and means over the manifolds of a task unless they
are called otherwise.
"""
import numpy as np

import nullcline as nc

LEVELS = 0.5, 0.8  # of perception
CUES, FREQUENCIES = (0.25, 0.25 + 50 / 51), (1.0, 30.0)  # of the cued sine; Hz
HEIGHTS = np.linspace(-1, 1, 6)  # an even number: not 0, from where a bit has no sign


def grid(axis, m):
    """(K, m), the last coordinate fastest."""
    return np.stack(np.meshgrid(*[axis] * m, indexing="ij"), -1).reshape(-1, m)


def metric(net, task, kappa, steps, manifold=0):
    inputs = nc.InputFunctions.of_task(task, dt=net.dt, manifold=manifold)
    return nc.pullback_metric(net, inputs.at(kappa), steps)


def steps_of(net, seconds):
    return [round(seconds / net.dt)]


def size(geo):
    """Of the tangents, the root of the sum of the squared stretches."""
    return np.median(np.sqrt((geo.stretch[:, -1] ** 2).sum(-1)))


def seen(net, geo):
    """(m,) The part of each tangent within the rows of the readout's Jacobian."""
    directions = nc.readout_directions(net, geo.states)
    return np.median(nc.tangent_alignment(geo.tangents, directions).part[:, -1], axis=0)


def output_tangents(net, geo):
    """(K, m, n_out) At the last step: the readout's Jacobian times the tangents."""
    directions = nc.readout_directions(net, geo.states)[:, -1]
    return np.einsum("kmn,kpn->kmp", geo.tangents[:, -1], directions)


def second_share(geo):
    """lambda_2 / lambda_1."""
    return np.median(geo.eigenvalues[:, -1, 1] / geo.eigenvalues[:, -1, 0])


def near_over_far(values, distance, near, far):
    """The mean of what is near a boundary over that of what is far from it."""
    distance = np.abs(distance)
    return values[distance <= near + 1e-9].mean() / values[distance >= far - 1e-9].mean()


def perception(net):
    """The boundary is the middle of the two levels; near and far: the middle and outer fifths."""
    level = np.linspace(*LEVELS, 31)
    geo = metric(net, "perception", level[:, None], steps_of(net, 1))
    stretch = geo.stretch[:, -1, 0]
    away = np.abs(level - np.mean(LEVELS)) / np.ptp(LEVELS)
    return {"stretch between the levels over at them": near_over_far(stretch, away, 0.1, 0.4),
            "size of the tangent": size(geo),
            "part within the readout": seen(net, geo)[0]}, [geo.tangents]


def decision(net):
    """In the coordinates (u1 - u2) / sqrt(2), which decides, and (u1 + u2) / sqrt(2), which does not."""
    kappa = grid(np.linspace(0.2, 1, 13), 2)
    geo = metric(net, "decision", kappa, steps_of(net, 1))
    a, b = geo.tangents[:, :, 0], geo.tangents[:, :, 1]
    turned = np.stack([a - b, a + b], axis=2) / np.sqrt(2)
    found = nc.warp_indices(turned, kappa[:, 0] - kappa[:, 1], near=0.1 + 1e-9, far=0.4 - 1e-9)
    directions = nc.readout_directions(net, geo.states)
    part = np.median(nc.tangent_alignment(turned, directions).part[:, -1], axis=0)
    return {"compression G_sum / G_difference": found.compression[-1],
            "stretch at the boundary over far from it": found.boundary_stretch[-1],
            "size of the tangents": size(geo),
            "part within the readout, difference": part[0],
            "the same, sum": part[1]}, [geo.tangents]


def flip_flop(net):
    """The boundary of a bit is the height 0; near and far: the least and greatest height."""
    kappa = grid(HEIGHTS, 3)
    geo = metric(net, "flip_flop", kappa, steps_of(net, 0.2))
    stretch = geo.stretch[:, -1]
    away = np.abs(kappa)
    bits = [near_over_far(stretch[:, i], away[:, i], HEIGHTS[3], 1) for i in range(3)]
    return {"stretch at the boundary over far from it": np.mean(bits),
            "size of the tangents": size(geo),
            "&#124;cosine&#124; of two bits' tangents": np.median(np.abs(geo.cosines[:, -1]))}, [geo.tangents]


def cued_sine(net):
    """Of sin(2 pi f(c) t) the tangent is 2 pi f' t cos(2 pi f(c) t): root mean square over the cues of
    a trial and of 1 s; the growth is between 0.2 and 1 s."""
    cue = np.linspace(*CUES, 101)
    steps = [round(t / net.dt) for t in np.geomspace(0.2, 1, 9)]
    geo = metric(net, "cued_sine", cue[:, None], steps)
    growth = np.polyfit(np.log(geo.time), np.log(np.median(geo.stretch[..., 0], axis=0)), 1)[0]
    outputs = output_tangents(net, geo)[:, 0, 0]
    slope = np.ptp(FREQUENCIES) / np.ptp(CUES)
    asked = 2 * np.pi * slope * geo.time[-1] / np.sqrt(2)
    return {"growth of the stretch, power of time": growth,
            "size of the tangent": size(geo),
            "output's tangent over that of the sines, r.m.s.": np.sqrt(np.mean(outputs ** 2)) / asked,
            "part within the readout": seen(net, geo)[0]}, [geo.tangents[:, -1:]]


def context_integration(net):
    """Nothing is decided here: the sum of a stream is asked for, and the boundary is where it is 0."""
    kappa = grid(np.linspace(-0.02, 0.02, 11), 2)
    values, tangents = [], []
    for c in range(2):
        geo = metric(net, "context_integration", kappa, steps_of(net, 1), c)
        found = nc.warp_indices(geo.tangents, kappa[:, c], relevant=c, irrelevant=1 - c,
                                near=0.004 + 1e-9, far=0.016 - 1e-9)
        part = seen(net, geo)
        values.append([found.compression[-1], found.boundary_stretch[-1], size(geo),
                       second_share(geo), part[c], part[1 - c]])
        tangents.append(geo.tangents)
    names = ("compression G_irr / G_rel", "stretch at 0 over far from it", "size of the tangents",
             "lambda_2 / lambda_1", "part within the readout, relevant", "the same, irrelevant")
    return dict(zip(names, np.mean(values, axis=0))), tangents


def toy_language(net):
    """Words of values v_1, v_2 at a quarter and the middle of the text: v_1 + m v_2 is asked for, m = 1
    alone, 2 behind `very`, -1 behind `not`."""
    kappa = grid(np.linspace(-1, 1, 11), 2)
    geos = [metric(net, "toy_language", kappa, [50], number) for number in range(3)]
    plain, very, negated = geos
    outputs = [output_tangents(net, geo)[..., 0] for geo in geos]
    a, b = (geo.tangents[:, -1, 1] for geo in (plain, negated))
    cosine = (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    second = plain.stretch[:, -1, 1]
    return {"lambda_2 / lambda_1": second_share(plain),
            "stretch of word 2 at 0 over far from it": near_over_far(second, kappa[:, 1], 0.2, 0.8),
            "stretch of word 2 behind `very` over alone": np.median(very.stretch[:, -1, 1] / second),
            "the same of the output": np.median(outputs[1][:, 1] / outputs[0][:, 1]),
            "cosine of word 2 behind `not` with it alone": np.median(cosine),
            "output's tangent behind `not` over alone": np.median(outputs[2][:, 1] / outputs[0][:, 1]),
            "size of the tangents": size(plain),
            "part within the readout": seen(net, plain).mean()}, [geo.tangents for geo in geos]


MEASURES = {"perception": perception, "decision": decision, "flip_flop": flip_flop,
            "cued_sine": cued_sine, "context_integration": context_integration,
            "toy_language": toy_language}
