#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Fixed points of a GRU by the field's usual method, in PyTorch: one Adam on the mean speed of all
starts, as FixedPointFinder has it (Golub & Sussillo 2018, the defaults of its PyTorch version but
for the rate, which it says to set). For each line of standard input one line of JSON.

    fixed_points_torch.py NETWORK.h5 STARTS RATE
"""
import json
import sys
import time

import h5py
import numpy as np
import torch

MAX_ITERATIONS = 5000
TOLERANCE_Q = 1e-12
TOLERANCE_DQ = 1e-20
UNIQUE = 1e-3


def load(path):
    with h5py.File(path) as file:
        parameters = {name: torch.tensor(np.asarray(value), dtype=torch.float32)
                      for name, value in file["parameters"].items()}
    units, inputs = parameters["weight_hh_l0"].shape[1], parameters["weight_ih_l0"].shape[1]
    cell = torch.nn.GRUCell(inputs, units)
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            parameter.copy_(parameters[name + "_l0"])
            parameter.requires_grad_(False)
    return cell


def search(cell, starts, rate):
    x = starts.clone().requires_grad_(True)
    u = torch.zeros(len(x), cell.input_size)
    optimizer = torch.optim.Adam([x], lr=rate)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.95, patience=2)
    before = None
    for iteration in range(1, MAX_ITERATIONS + 1):
        optimizer.zero_grad()
        q = 0.5 * (x - cell(u, x)).square().sum(1)
        loss = q.mean()
        loss.backward()
        optimizer.step()
        schedule.step(loss.detach())
        q = q.detach()
        if before is not None:
            dq = (q - before).abs()
            if bool(((q < TOLERANCE_Q) | (dq < TOLERANCE_DQ * optimizer.param_groups[0]["lr"])).all()):
                break
        before = q
    return x.detach(), q, iteration


def unique(points):
    kept = []
    for x in points:
        if all(torch.linalg.norm(x - y) > UNIQUE for y in kept):
            kept.append(x)
    return kept


def main():
    network, starts_path, rate = sys.argv[1:]
    torch.set_num_threads(1)
    cell = load(network)
    starts = torch.tensor(np.fromfile(starts_path).reshape(-1, cell.hidden_size),
                          dtype=torch.float32)
    for _ in sys.stdin:
        began = time.perf_counter()
        x, q, iterations = search(cell, starts, float(rate))
        seconds = time.perf_counter() - began
        inside = (x.abs() <= 1).all(1)
        reached = (q < TOLERANCE_Q) & inside
        kept = unique(x[reached])
        u = torch.zeros(1, cell.input_size)
        began = time.perf_counter()
        unstable = []
        for point in kept:
            J = torch.autograd.functional.jacobian(lambda h: cell(u, h[None])[0], point)
            unstable.append(int((torch.linalg.eigvals(J).abs() > 1).sum()))
        eigenvalues = time.perf_counter() - began
        residual = (x - cell(u.expand(len(x), -1), x)).norm(dim=1)
        print(json.dumps({"search": seconds, "eigenvalues": eigenvalues, "points": len(kept),
                          "iterations": iterations, "inside": int(inside.sum()),
                          "reached": int(reached.sum()),
                          "residual": float(residual.median())}), flush=True)


if __name__ == "__main__":
    main()
