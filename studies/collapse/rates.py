# SPDX-License-Identifier: Apache-2.0
"""Rates at which a metric collapses after the last input, and those that fixed points predict.

A tangent a = dx / dkappa follows a(t + 1) = J(x_t) a(t) once no input depends on kappa. Where x_t comes
to a fixed point x*, J comes to J(x*), and the k-th singular value of the tangents to

    sigma_k(t) ~ |lambda_k|^t,

lambda_k the k-th eigenvalue of J(x*) by modulus [Oseledets 1968], unless the tangents have nothing in
its direction. Rates are d log sigma / dt, 1/s; those of the metric are twice as large.
"""
import numpy as np

import nullcline as nc

TAU = 2 * np.pi
LONG = 3000  # steps without input after the last one
NEAR = 1e-3  # |x - x*| / sqrt(n) from where on the dynamics are called linear
DIGITS = 1e-8  # sigma_k / sigma_1 from where on rounding shows
LEAST = 6  # steps, of a window


class Task:
    """Inputs (K, T, n_in) that depend on kappa (K, 2) at `events` alone, and then stay 0.
    `trial`: (first, last step) from the last event to the next input of a trial."""

    def __init__(self, kappa, trial, pulses):
        self.kappa, self.trial, self.pulses = kappa, trial, pulses

    def manifold(self, steps):
        K, m = self.kappa.shape
        u = np.zeros((K, steps, self.pulses[0][1](self.kappa[:, :1])[0].shape[1]))
        du = np.zeros((K, m, *u.shape[1:]))
        for i, (when, shape) in enumerate(self.pulses):
            values, slopes = shape(self.kappa[:, i:i + 1])
            u[:, when] += values[:, None]
            du[:, i, when] += slopes[:, None]
        return nc.InputManifold(u, du)


def channel(number, of):
    """A pulse of height kappa on one channel."""
    def shape(kappa):
        unit = np.eye(of)[number]
        return kappa * unit, np.ones_like(kappa) * unit
    return shape


def angle(kappa):
    zero = np.zeros_like(kappa)
    return (np.hstack([np.cos(kappa), np.sin(kappa), zero]),
            np.hstack([-np.sin(kappa), np.cos(kappa), zero]))


def grid(axis):
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)


def task_of(name, side=4):
    """By the first word of a population's name: the task's own inputs, as its manifold has them."""
    heights = np.linspace(-1, 1, side)  # an even number: not 0, from where all bits are alike
    if name.startswith("flip_flop"):
        return Task(grid(heights), (1, 100), [(slice(0, 1), channel(0, 2)), (slice(0, 1), channel(1, 2))])
    if name.startswith("sum"):
        return Task(grid(heights), (38, 100),
                    [(slice(12, 13), channel(0, 1)), (slice(37, 38), channel(0, 1))])
    if name.startswith(("difference", "memory")):
        return Task(grid(TAU * np.arange(side) / side), (15, 55),
                    [(slice(0, 5), angle), (slice(10, 15), angle)])
    raise ValueError(f"{name}: no such task")


def slope(time, values):
    return np.polyfit(time, values, 1)[0] if len(time) >= 2 else np.nan


def approached(net, last, n_in):
    """(states, log |lambda| / dt, descending, settled) of the stable fixed points that the last states
    (K, n) are nearest to; settled (K,): it is one that Newton's method finds from there."""
    points = nc.fixed_points(net, input=np.zeros(n_in), starts=last, certify=False)
    if len(points.states) == 0:
        return last, np.full((len(last), 2), np.nan), np.zeros(len(last), bool)
    moduli = -np.sort(-np.abs(points.eigenvalues), axis=1)
    away = np.linalg.norm(last[:, None] - points.states, axis=-1) / np.sqrt(last.shape[1])
    nearest = away.argmin(axis=1)
    settled = (away.min(axis=1) < NEAR) & (moduli[nearest, 0] < 1)
    return points.states[nearest], np.log(moduli[nearest]) / net.dt, settled


def rates(net, task, long=LONG):
    """Of each point k of the grid and each of the two singular values:

    trial (K, 2)      log sigma(end) / sigma(start) over the time between, of the trial's own delay
    late (K, 2)       slope of log sigma while the state is near its fixed point
    predicted (K, 2)  log |lambda_1|, log |lambda_2| / dt
    settled (K,)      whether the state comes to a stable fixed point
    """
    first, end = task.trial
    steps = np.unique(np.concatenate([np.arange(first, first + 300), np.arange(end, end + 1),
                                      np.arange(first + 300, first + long, 10)]))
    man = task.manifold(int(steps[-1]))
    geo = nc.pullback_metric(net, man, steps.tolist())
    with np.errstate(divide="ignore"):
        sigma = np.sqrt(geo.eigenvalues)
        logs = np.log(sigma)
    n_in = task.pulses[0][1](task.kappa[:, :1])[0].shape[1]
    points, predicted, settled = approached(net, geo.states[:, -1], n_in)
    start, stop = np.searchsorted(steps, [first, end])
    trial = (logs[:, stop] - logs[:, start]) / (net.dt * (end - first))
    late = np.full_like(trial, np.nan)
    away = np.linalg.norm(geo.states - points[:, None], axis=-1) / np.sqrt(geo.states.shape[-1])
    for k in np.flatnonzero(settled):
        near = int(np.max(np.flatnonzero(away[k] >= NEAR), initial=-1)) + 1
        for i in range(2):
            good = (sigma[k, :, i] > DIGITS * sigma[k, :, 0]) & (sigma[k, :, i] > 1e-150)
            last = int(np.argmin(good)) if not good.all() else len(steps)
            # The second half: what decays faster has gone.
            middle = near + (last - near) // 2
            if last - middle >= LEAST:
                late[k, i] = slope(steps[middle:last] * net.dt, logs[k, middle:last, i])
    return {"trial": trial, "late": late, "predicted": predicted[:, :2], "settled": settled}
