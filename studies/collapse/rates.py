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
    """Inputs (K, T, n_in) that depend on kappa (K, m) at `events` alone, (slice of steps, shape) for each
    coordinate, and are 0 at all other times. `trial`: (first, last step) without input in a trial."""

    def __init__(self, kappa, trial, events):
        self.kappa, self.trial, self.events = kappa, trial, events
        self.n_in = events[0][1](kappa[:, :1])[0].shape[1]

    def manifold(self, steps):
        K, m = self.kappa.shape
        u, du = np.zeros((K, steps, self.n_in)), np.zeros((K, m, steps, self.n_in))
        for i, (when, shape) in enumerate(self.events):
            values, slopes = shape(self.kappa[:, i:i + 1])
            u[:, when] += values[:, None]
            du[:, i, when] += slopes[:, None]
        return nc.InputManifold(u, du)


def channel(number, of):
    """A pulse of height kappa on one channel."""
    unit = np.eye(of)[number]
    return lambda kappa: (kappa * unit, np.ones_like(kappa) * unit)


def angle(kappa):
    zero = np.zeros_like(kappa)
    return (np.hstack([np.cos(kappa), np.sin(kappa), zero]),
            np.hstack([-np.sin(kappa), np.cos(kappa), zero]))


def grid(axis, m):
    return np.stack(np.meshgrid(*[axis] * m, indexing="ij"), -1).reshape(-1, m)


def task_of(task, dt):
    """The task of a study with its settings as its input manifold has it; None of those whose inputs do
    not stop. A trial's time without input is the mean interval between pulses of an input, or the
    longest delay."""
    heights = np.linspace(-1, 1, 4)  # an even number: not 0, from where all bits are alike
    steps = lambda seconds: round(seconds / dt)
    if task["name"] == "flip_flop":
        bits = task["bits"]
        return Task(grid(heights, bits), (1, 1 + round(1 / task["pulse_probability"])),
                    [(slice(0, 1), channel(i, bits)) for i in range(bits)])
    if task["name"] == "pulse_integration":
        T = steps(task["duration"])
        first, second = T // 8, 3 * T // 8
        return Task(grid(heights, 2), (second + 1, second + 1 + round(1 / (task["rate"] * dt))),
                    [(slice(t, t + 1), channel(0, 1)) for t in (first, second)])
    if task["name"] in ("sequential_memory", "memory_subtraction"):
        items, slot = task.get("items", 2), steps(task["slot"])
        shown = (2 * items - 1) * slot
        return Task(grid(TAU * (0.5 + np.arange(4)) / 4, items),
                    (shown, shown + slot + steps(max(task["delays"]))),
                    [(slice(2 * i * slot, (2 * i + 1) * slot), angle) for i in range(items)])
    return None


def approached(net, last, n_in):
    """(states, rates (K, n), settled (K,)): the stable fixed points that the last states (K, n) are
    nearest to of those that Newton's method finds from there, log |lambda| / dt, descending, and whether
    it is near."""
    points = nc.fixed_points(net, input=np.zeros(n_in), starts=last, certify=False)
    if len(points.states) == 0:
        return last, np.full(last.shape, np.nan), np.zeros(len(last), bool)
    moduli = -np.sort(-np.abs(points.eigenvalues), axis=1)
    away = np.linalg.norm(last[:, None] - points.states, axis=-1) / np.sqrt(last.shape[1])
    nearest = away.argmin(axis=1)
    settled = (away.min(axis=1) < NEAR) & (moduli[nearest, 0] < 1)
    with np.errstate(divide="ignore"):
        return points.states[nearest], np.log(moduli[nearest]) / net.dt, settled


def rates(net, task, long=LONG):
    """Of each point k of the grid and the two largest singular values:

    trial (K, 2)      log sigma(end) / sigma(start) over the time between, without input in a trial
    late (K, 2)       slope of log sigma while the state is near its fixed point
    predicted (K, 2)  log |lambda_1|, log |lambda_2| / dt
    settled (K,)      whether the state comes to a stable fixed point

    Of one coordinate the second of each is NaN."""
    first, end = task.trial
    steps = np.unique(np.concatenate([np.arange(first, first + 300), [end],
                                      np.arange(first + 300, first + long, 10)]))
    geo = nc.pullback_metric(net, task.manifold(int(steps[-1])), steps.tolist())
    sigma = np.full((*geo.eigenvalues.shape[:2], 2), np.nan)
    m = min(2, geo.eigenvalues.shape[2])
    sigma[..., :m] = np.sqrt(geo.eigenvalues[..., :m])
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(sigma)
        start, stop = np.searchsorted(steps, [first, end])
        trial = (logs[:, stop] - logs[:, start]) / (net.dt * (end - first))
        seen = (sigma > DIGITS * sigma[..., :1]) & (sigma > 1e-150)
    points, predicted, settled = approached(net, geo.states[:, -1], task.n_in)
    away = np.linalg.norm(geo.states - points[:, None], axis=-1) / np.sqrt(geo.states.shape[-1])
    late = np.full_like(trial, np.nan)
    for k in np.flatnonzero(settled):
        near = int(np.max(np.flatnonzero(away[k] >= NEAR), initial=-1)) + 1
        for i in range(m):
            good = seen[k, :, i]
            last = len(steps) if good.all() else int(np.argmin(good))
            middle = near + (last - near) // 2  # what decays faster has gone
            if last - middle >= LEAST:
                late[k, i] = np.polyfit(steps[middle:last] * net.dt, logs[k, middle:last, i], 1)[0]
    predicted = predicted[:, :2].copy()
    predicted[:, m:] = np.nan
    return {"trial": trial, "late": late, "predicted": predicted, "settled": settled}
