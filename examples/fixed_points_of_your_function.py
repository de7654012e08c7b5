# SPDX-License-Identifier: Apache-2.0
"""Fixed points of any function of NumPy arrays: Henon's map (x, y) -> (1 - 1.4 x^2 + y, 0.3 x)."""

import numpy as np

import nullcline as nc


def henon(z):
    x, y = z
    return np.array([1 - 1.4 * x**2 + y, 0.3 * x])


starts = np.random.default_rng(0).uniform(-1.5, 1.5, size=(20, 2))
fp = nc.fixed_points(nc.Map(henon, dim=2), starts=starts)
for (x, y), kind, eigenvalues in zip(fp.states, fp.kinds, fp.eigenvalues):
    print(f"({x:.7f}, {y:.7f})  {kind}, eigenvalues {np.round(eigenvalues.real, 6)}")
print("Jacobians by:", fp.derivatives)
