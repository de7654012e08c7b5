#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The pullback metric at the last step by PyTorch's autograd, one thread, of the network and the
grid of geometry_nullcline.cpp: G = A'A of A = dx_T / dkappa at SIDE x SIDE points.

    geometry_torch.py WEIGHTS SIDE STEPS OUT

For each line of standard input, `forward` (one dual pass a coordinate, torch.autograd.forward_ad)
or `reverse` (one backward pass a unit, as jacrev does), with `float` or `double`, one line of JSON;
the metric goes to OUT as raw doubles, (K, 2, 2). The two coordinates of the forward way go through
the loop side by side, as one batch.
"""
import json
import sys
import time

import numpy as np
import torch
import torch.autograd.forward_ad as forward_ad

N, STEP = 128, 0.05


def grid(side, dtype):
    axis = torch.linspace(-1, 1, side, dtype=dtype)
    return torch.cartesian_prod(axis, axis)  # (K, 2), the second fastest


def run(W, B, kappa, steps):
    x = torch.zeros(len(kappa), N, dtype=W.dtype)
    drive = STEP * (kappa @ B.T)
    step_W = STEP * W.T
    for _ in range(steps):
        x = torch.addmm((1 - STEP) * x + drive, torch.tanh(x), step_W)
    return x


def forward(W, B, kappa, steps):
    K = len(kappa)
    directions = torch.eye(2, dtype=W.dtype).repeat_interleave(K, dim=0)
    with forward_ad.dual_level(), torch.no_grad():
        x = run(W, B, forward_ad.make_dual(kappa.repeat(2, 1), directions), steps)
        A = forward_ad.unpack_dual(x).tangent.reshape(2, K, N)
    return torch.einsum("ikn,jkn->kij", A, A)


def reverse(W, B, kappa, steps):
    kappa = kappa.clone().requires_grad_(True)
    x = run(W, B, kappa, steps).sum(dim=0)  # points do not meet: the sum's gradient has all of them
    A = torch.stack([torch.autograd.grad(x[n], kappa, retain_graph=n + 1 < N)[0]
                     for n in range(N)])  # (N, K, 2)
    return torch.einsum("nki,nkj->kij", A, A)


def main():
    weights, side, steps, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(1)
    raw = torch.tensor(np.fromfile(weights))
    for line in sys.stdin:
        way, precision = line.split()
        dtype = {"float": torch.float32, "double": torch.float64}[precision]
        W = raw[: N * N].reshape(N, N).T.contiguous().to(dtype)  # column by column
        B = raw[N * N :].reshape(2, N).T.contiguous().to(dtype)
        kappa = grid(side, dtype)
        clock = time.process_time()
        G = {"forward": forward, "reverse": reverse}[way](W, B, kappa, steps)
        seconds = time.process_time() - clock
        G.detach().to(torch.float64).numpy().tofile(out)
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
