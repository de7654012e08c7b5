# SPDX-License-Identifier: Apache-2.0
"""Writes optimizers.json: ten steps of torch.optim's rules on a fixed problem.

    python3 make_golden.py > optimizers.json        (Debian 12's python3-torch, 1.13.0)

The problem has closed-form gradients, which the test writes down again:

    f(A, b) = sum 0.5 c_i A_i^2 + sum sin(A_i) + 0.1 (sum A_i)^2 / n + sum b_j^4 / 4 + A_0 b_0

A has shape (3, 2), column-major when flattened; c_i = 1 + i.
"""
import json
import math

import torch


def start(dtype):
    A = torch.tensor([0.3 * math.cos(i) + 0.1 * i for i in range(6)], dtype=dtype)
    b = torch.tensor([1.0, -0.5, 0.25], dtype=dtype)
    return A.requires_grad_(), b.requires_grad_()


def loss(A, b):
    c = torch.arange(1, 7, dtype=A.dtype)
    return (
        (0.5 * c * A * A).sum() + A.sin().sum() + 0.1 * A.sum() ** 2 / 6
        + (b**4).sum() / 4 + A[0] * b[0]
    )


CASES = {
    "adam": (torch.optim.Adam, dict(lr=0.05, betas=(0.9, 0.99), eps=1e-8)),
    "adam_l2": (torch.optim.Adam, dict(lr=0.05, weight_decay=0.1, eps=1e-7)),
    "adamw": (torch.optim.AdamW, dict(lr=0.05, weight_decay=0.1, eps=1e-8)),
    "sgd": (torch.optim.SGD, dict(lr=0.05)),
    "sgd_momentum": (torch.optim.SGD, dict(lr=0.02, momentum=0.9, weight_decay=0.01)),
    "sgd_nesterov": (torch.optim.SGD, dict(lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.02, alpha=0.95, eps=1e-8)),
    "rmsprop_momentum": (
        torch.optim.RMSprop, dict(lr=0.01, alpha=0.95, eps=1e-7, momentum=0.8, weight_decay=0.05)),
    "lbfgs": (
        torch.optim.LBFGS,
        dict(lr=1, max_iter=1, max_eval=100, history_size=4, line_search_fn="strong_wolfe")),
}
SCHEDULES = {
    "exponential": (torch.optim.lr_scheduler.ExponentialLR, dict(gamma=0.9)),
    "step": (torch.optim.lr_scheduler.StepLR, dict(step_size=3, gamma=0.5)),
    "cosine": (torch.optim.lr_scheduler.CosineAnnealingLR, dict(T_max=10, eta_min=0.005)),
}


def steps(make, options, dtype):
    A, b = start(dtype)
    rule = make([A, b], **options)
    path = []

    def closure():
        rule.zero_grad()
        value = loss(A, b)
        value.backward()
        return value

    for _ in range(10):
        if make is torch.optim.LBFGS:
            rule.step(closure)
        else:
            closure()
            rule.step()
        path.append([float(x) for x in torch.cat([A, b]).detach()])
    return path


def rates(make, options):
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.05)
    schedule = make(rule, **options)
    path = []
    for _ in range(10):
        path.append(rule.param_groups[0]["lr"])
        rule.step()
        schedule.step()
    return path


def clipped():
    A = torch.zeros(4, requires_grad=True)
    A.grad = torch.tensor([3.0, 4.0, 0.0, 12.0])
    torch.nn.utils.clip_grad_norm_([A], 6.5)
    return [float(x) for x in A.grad]


print(json.dumps({
    "torch": torch.__version__,
    "float32": {name: steps(*case, torch.float32) for name, case in CASES.items()},
    "float64": {name: steps(*case, torch.float64) for name, case in CASES.items()},
    "rates": {name: rates(*case) for name, case in SCHEDULES.items()},
    "clipped": clipped(),
}, indent=1))
