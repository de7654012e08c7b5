# SPDX-License-Identifier: Apache-2.0
"""Maps of the literature for nc.Map, with batched=True."""

import numpy as np


def henon(z):
    x, y = z[..., 0], z[..., 1]
    return np.stack([1 - 1.4 * x**2 + y, 0.3 * x], axis=-1)


def turning(omega):
    """z -> e^(2 pi i omega) z (1 + (1 - |z|^2) / 4): the unit circle is invariant."""

    def step(states):
        z = states[..., 0] + 1j * states[..., 1]
        z = np.exp(2j * np.pi * omega) * z * (1 + (1 - np.abs(z) ** 2) / 4)
        return np.stack([z.real, z.imag], axis=-1)

    return step
