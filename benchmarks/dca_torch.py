#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""DCA by the method of its authors (Clark, Livezey & Bouchard 2019, and the defaults of their
package): minimize -PI(V) + 10 |V'V - 1|^2 over all (n, d) matrices by SciPy's L-BFGS-B with ftol
1e-6, the gradient by PyTorch's autograd in double, from given orthonormal starts; then an
orthonormal basis. For each line of standard input one line of JSON.

    dca_torch.py LAGS SAMPLES n T d STARTS FILE

The STARTS in FILE: (STARTS, d, n) doubles.
"""
import json
import sys
import time

import numpy as np
import scipy.linalg
import scipy.optimize
import torch

ORTHO_LAMBDA = 10.0
FTOL = 1e-6


def estimate(X, lags):
    """The covariance of windows of `lags` steps, its blocks averaged along diagonals."""
    n = X.shape[1]
    X = X - X.mean(axis=0, keepdims=True)
    windows = np.concatenate([X[k : len(X) - lags + 1 + k] for k in range(lags)], axis=1)
    C = np.cov(windows, rowvar=False).reshape(lags, n, lags, n)
    result = np.zeros((lags, n, n))
    for k in range(lags):
        below = np.mean([C[i + k, :, i] for i in range(lags - k)], axis=0)
        above = np.mean([C[i, :, i + k] for i in range(lags - k)], axis=0)
        result[k] = (below + above.T) / 2
    return result


def predictive_information(lags, V):
    projected = torch.matmul(V.t().unsqueeze(0), torch.matmul(lags, V.unsqueeze(0)))
    steps = len(lags)
    rows = []
    for i in range(steps):
        rows.append(torch.cat([projected[i - j] if i >= j else projected[j - i].t()
                               for j in range(steps)], dim=1))
    C = torch.cat(rows)
    half = len(C) // 2
    return torch.slogdet(C[:half, :half])[1] - 0.5 * torch.slogdet(C)[1]


class Objective:
    """Value and gradient at one point, computed together."""

    def __init__(self, lags, n, d):
        self.lags, self.shape = lags, (n, d)
        self.evaluations = 0

    def __call__(self, flat):
        self.evaluations += 1
        v = torch.tensor(flat, requires_grad=True, dtype=torch.float64)
        V = v.reshape(self.shape)
        penalty = ORTHO_LAMBDA * torch.sum((V.t() @ V - torch.eye(V.shape[1], dtype=V.dtype)) ** 2)
        loss = -predictive_information(self.lags, V) + penalty
        loss.backward()
        return loss.item(), v.grad.numpy()


def fit(lags, d, starts):
    values, iterations, evaluations, bases = [], [], 0, []
    for V in starts:
        objective = Objective(lags, len(V), d)
        found = scipy.optimize.minimize(objective, V.ravel(), method="L-BFGS-B", jac=True,
                                        options={"ftol": FTOL})
        basis = scipy.linalg.orth(found.x.reshape(V.shape))
        with torch.no_grad():
            values.append(predictive_information(lags, torch.tensor(basis)).item())
        bases.append(basis)
        iterations.append(int(found.nit))
        evaluations += objective.evaluations
    return values, iterations, evaluations, bases[int(np.argmax(values))]


def main():
    lags_path, samples_path = sys.argv[1:3]
    n, T, d, starts = map(int, sys.argv[3:7])
    first = np.fromfile(sys.argv[7]).reshape(starts, d, n).transpose(0, 2, 1)
    torch.set_num_threads(1)
    lags = torch.tensor(np.fromfile(lags_path).reshape(2 * T, n, n))
    X = np.fromfile(samples_path).reshape(-1, n)
    for _ in sys.stdin:
        clock = time.process_time()
        estimate(X, 2 * T)
        estimation = time.process_time() - clock
        clock = time.process_time()
        values, iterations, evaluations, V = fit(lags, d, first)
        seconds = time.process_time() - clock
        print(json.dumps({"estimation": estimation, "fit": seconds, "values": values,
                          "iterations": iterations, "evaluations": evaluations,
                          "V": V.T.ravel().tolist()}), flush=True)


if __name__ == "__main__":
    main()
