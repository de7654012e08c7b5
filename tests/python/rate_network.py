# SPDX-License-Identifier: Apache-2.0
"""The leaky rate network in NumPy alone, written from its equation."""

import numpy as np

ACTIVATIONS = {
    "tanh": (np.tanh, lambda m: 1 - np.tanh(m) ** 2),
    "relu": (lambda m: np.maximum(m, 0), lambda m: (m > 0).astype(float)),
}


class RateNetwork:
    """x_t = (1 - alpha) x_{t-1} + alpha f(W x_{t-1} + B u_t + b), alpha = dt / tau."""

    def __init__(self, arrays, activation, alpha):
        self.W = arrays["recurrent"]
        self.n = len(self.W)
        self.B = arrays["input"].reshape(self.n, -1)
        self.b = arrays["bias"]
        self.D = arrays["readout"].reshape(-1, self.n)
        self.c = arrays["readout_bias"]
        self.f, self.slope = ACTIVATIONS[activation]
        self.alpha = alpha

    def step(self, x, u):
        drive = self.W @ x + self.B @ u + self.b
        return (1 - self.alpha) * x + self.alpha * self.f(drive)

    def jacobian(self, x, u):
        slope = self.slope(self.W @ x + self.B @ u + self.b)
        return (1 - self.alpha) * np.eye(self.n) + self.alpha * slope[:, None] * self.W

    def run(self, u, start):
        """u (T, B, n_in), start (B, n) to states (T, B, n) and outputs (T, B, n_out)."""
        states = np.empty((*u.shape[:2], self.n))
        for trial in range(u.shape[1]):
            x = start[trial]
            for t in range(len(u)):
                x = self.step(x, u[t, trial])
                states[t, trial] = x
        return states, states @ self.D.T + self.c


def random_arrays(n, n_in, n_out, gain, seed):
    rng = np.random.default_rng(seed)
    return {
        "recurrent": rng.normal(size=(n, n)) * gain / np.sqrt(n),
        "input": rng.normal(size=(n, n_in)),
        "bias": rng.normal(size=n),
        "readout": rng.normal(size=(n_out, n)),
        "readout_bias": rng.normal(size=n_out),
    }
