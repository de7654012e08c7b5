# SPDX-License-Identifier: Apache-2.0
"""Points, exponents and cycles against SciPy and plain NumPy loops, on networks nobody trained.

Each network is written down here from its equation, with the parameters that the module exports.
"""

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
from tensor import Tensor

import nullcline as nc


def sigmoid(x):
    return scipy.special.expit(x)


class Vanilla:
    """h' = tanh(W h + B u + b), as torch.nn.RNNCell."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.n = n
        self.arrays = {
            "weight_ih": rng.normal(size=(n, 1)),
            "weight_hh": rng.normal(size=(n, n)) * 2.5 / np.sqrt(n),
            "bias_ih": 0.1 * rng.normal(size=n),
            "bias_hh": np.zeros(n),
        }

    def network(self):
        return nc.Network.from_torch(Module("RNNCell", self.n, self.arrays), dt=1.0)

    def step(self, h, u=0.0):
        drive = self.arrays["weight_ih"][:, 0] * u + self.arrays["bias_ih"]
        return np.tanh(self.arrays["weight_hh"] @ h + drive)

    def jacobian(self, h, u=0.0):
        return (1 - self.step(h, u) ** 2)[:, None] * self.arrays["weight_hh"]


class Gru:
    """h' = (1 - z) n + z h, n = tanh(b_n + r (U_n h + c_n)), as torch.nn.GRUCell."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.n = n
        self.arrays = {
            "weight_ih": rng.normal(size=(3 * n, 1)),
            "weight_hh": rng.normal(size=(3 * n, n)) * 4 / np.sqrt(n),
            "bias_ih": 0.1 * rng.normal(size=3 * n),
            "bias_hh": 0.1 * rng.normal(size=3 * n),
        }

    def network(self):
        return nc.Network.from_torch(Module("GRUCell", self.n, self.arrays), dt=1.0)

    def parts(self, h, u):
        m = self.arrays["weight_hh"] @ h + self.arrays["bias_hh"]
        m_r, m_z, m_n = m.reshape(3, self.n)
        a = self.arrays["weight_ih"][:, 0] * u + self.arrays["bias_ih"]
        b_r, b_z, b_n = a.reshape(3, self.n)
        r, z = sigmoid(b_r + m_r), sigmoid(b_z + m_z)
        return r, z, m_n, np.tanh(b_n + r * m_n)

    def step(self, h, u=0.0):
        _, z, _, new = self.parts(h, u)
        return (1 - z) * new + z * h

    def jacobian(self, h, u=0.0):
        r, z, m_n, new = self.parts(h, u)
        U_r, U_z, U_n = self.arrays["weight_hh"].reshape(3, self.n, self.n)
        inner = (r * (1 - r) * m_n)[:, None] * U_r + r[:, None] * U_n
        return (
            np.diag(z)
            + ((h - new) * z * (1 - z))[:, None] * U_z
            + ((1 - z) * (1 - new**2))[:, None] * inner
        )


class Rate:
    """tau x' = -x + W tanh(x) + b, tau = 0.1 s, by Euler steps of 0.01 s."""

    tau, dt = 0.1, 0.01

    def __init__(self, n, seed, gain=2.5):
        rng = np.random.default_rng(seed)
        self.n = n
        self.W = rng.normal(size=(n, n)) * gain / np.sqrt(n)
        self.b = 0.1 * rng.normal(size=n)

    def network(self):
        return nc.Network.rate(
            recurrent=self.W, bias=self.b, tau=self.tau, dt=self.dt, form="current"
        )

    def flow(self, x):
        return (-x + self.W @ np.tanh(x) + self.b) / self.tau

    def flow_jacobian(self, x):
        return (-np.eye(self.n) + self.W * (1 - np.tanh(x) ** 2)) / self.tau

    def step(self, x):
        return x + self.dt * self.flow(x)

    def jacobian(self, x):
        return np.eye(self.n) + self.dt * self.flow_jacobian(x)


class Module:
    """What from_torch asks of a module of PyTorch."""

    def __new__(cls, kind, n, arrays):
        made = type(kind, (), {"__module__": "torch.nn.modules.rnn"})()
        made.hidden_size, made.nonlinearity, made.bias = n, "tanh", True
        made.state_dict = lambda: {name: Tensor(array) for name, array in arrays.items()}
        return made


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", [Vanilla, Gru, Rate])
def test_every_root_that_scipy_finds_is_among_the_fixed_points(kind, seed):
    ours = kind(n=8, seed=seed)
    net = ours.network()
    rng = np.random.default_rng(10 + seed)
    starts = rng.uniform(-1, 1, size=(60, ours.n)) * (3 if kind is Rate else 1)
    assert net.run(np.zeros((1, 1, net.input_dim)), start=starts[:1]).states[0, 0] == pytest.approx(
        ours.step(starts[0]), abs=1e-14
    )
    fp = nc.find_all_fixed_points(net, states=starts)
    found = 0
    for x0 in rng.uniform(-1, 1, size=(60, ours.n)) * (3 if kind is Rate else 1):
        x, info, code, _ = scipy.optimize.fsolve(
            lambda x: ours.step(x) - x,
            x0,
            fprime=lambda x: ours.jacobian(x) - np.eye(ours.n),
            full_output=True,
            xtol=1e-14,
        )
        if np.linalg.norm(info["fvec"]) > 1e-12:
            continue
        if kind is Gru and np.abs(x).max() > 1:
            continue  # where z rounds to 1 every state stands still; no state of a GRU is there
        found += 1
        gap = np.linalg.norm(fp.states - x, axis=1)
        assert gap.min() <= 1e-9
        expected = np.linalg.eigvals(ours.jacobian(x))
        gaps = np.abs(fp.eigenvalues[gap.argmin()][:, None] - expected)
        assert gaps.min(axis=0).max() < 1e-7
    assert found >= 10


def exponents_by_qr(ours, x, inputs, transient, steps):
    """Means of ln diag R over `steps`, tangents carried along since `transient` steps before."""
    Q = np.linalg.qr(np.random.default_rng(5).normal(size=(ours.n, ours.n)))[0]
    sums = np.zeros(ours.n)
    for t in range(transient + steps):
        u = inputs[t % len(inputs), 0]
        Q, R = np.linalg.qr(ours.jacobian(x, u) @ Q)
        if t >= transient:
            sums += np.log(np.abs(np.diag(R)))
        x = ours.step(x, u)
    return sums / steps


@pytest.mark.parametrize("kind, seed", [(Vanilla, 3), (Gru, 4)])
def test_exponents_are_those_of_a_plain_qr_loop(kind, seed):
    # Under a varying input that makes states forget where they began: no rounding grows, and no two
    # exponents are equal, so that those of a short orbit do not depend on the first tangents.
    ours = kind(n=4, seed=seed)
    inputs = np.random.default_rng(seed).normal(size=(64, 1))
    x = np.random.default_rng(seed).uniform(-0.5, 0.5, size=4)
    lam = nc.lyapunov_spectrum(
        ours.network(), x, input=inputs, steps=256, transient=512, verdict=False
    )
    assert lam.times[-1] == 256  # four times the input
    expected = exponents_by_qr(ours, x, inputs, transient=512, steps=256)
    assert expected[0] < -0.01
    assert lam.exponents == pytest.approx(expected, rel=1e-6)


def test_a_limit_cycle_is_that_of_solve_ivp_and_its_variational_equation():
    ours = Rate(n=4, seed=0, gain=1.0)
    turn = np.array([[2.0, -2.0], [2.0, 2.0]])
    ours.W = np.block([[turn, 0.3 * np.eye(2)], [0.2 * np.eye(2), 0.5 * turn]])
    ours.b = np.array([0.1, 0.0, -0.05, 0.02])
    cycle = nc.limit_cycle(ours.network(), [0.5, 0.0, 0.0, 0.0], transient=5.0, max_period=2.0)
    assert cycle.status == "converged"

    # From its first state along the flow, until the same phase again.
    x0 = cycle.states[0]
    normal = ours.flow(x0)

    def variation(t, y):
        x, V = y[:4], y[4:].reshape(4, 4)
        return np.concatenate([ours.flow(x), (ours.flow_jacobian(x) @ V).ravel()])

    def phase(t, y):
        return (y[:4] - x0) @ normal

    phase.direction = 1
    path = scipy.integrate.solve_ivp(
        variation,
        (0, 1.5 * cycle.period),
        np.concatenate([x0, np.eye(4).ravel()]),
        method="DOP853",
        rtol=1e-12,
        atol=1e-13,
        events=phase,
    )
    returns = path.t_events[0] > 0.5 * cycle.period
    period, state = path.t_events[0][returns][0], path.y_events[0][returns][0]
    assert np.allclose(state[:4], x0, rtol=0, atol=1e-8)
    assert cycle.period == pytest.approx(period, rel=1e-8)
    expected = np.linalg.eigvals(state[4:].reshape(4, 4))
    gaps = np.abs(cycle.multipliers[:, None] - expected)
    assert gaps.min(axis=0).max() < 1e-7 and gaps.min(axis=1).max() < 1e-7
