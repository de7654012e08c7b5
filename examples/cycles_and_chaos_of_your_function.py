# SPDX-License-Identifier: Apache-2.0
"""Exponents, verdict and unstable cycles of Henon's map, a function of NumPy arrays."""

import numpy as np

import nullcline as nc


def henon(states):
    x, y = states.T
    return np.stack([1 - 1.4 * x**2 + y, 0.3 * x], axis=1)


map = nc.Map(henon, dim=2, batched=True)

lam = nc.lyapunov_spectrum(map, [[0.1, 0.1], [0.3, 0.0]], steps=10000)
for exponent, error in zip(lam.exponents, lam.standard_errors):
    print(f"exponent {exponent:8.4f} +- {error:.4f} a step")
print(f"Kaplan-Yorke dimension {lam.kaplan_yorke:.3f} +- {lam.kaplan_yorke_error:.3f}")
print(f"verdict: {lam.verdict}\n")

for period in range(1, 8):
    cycles = nc.cycles(map, period)
    largest = np.abs(cycles.multipliers).max(axis=1, initial=0)
    print(f"period {period}: {len(cycles)} cycles, largest multipliers {np.round(largest, 3)}")
