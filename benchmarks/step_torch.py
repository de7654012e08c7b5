#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""PyTorch's side of training_step.py, in float32 on one thread: the same training steps as
step_nullcline.cpp, written as a careful user writes them.

    step_torch.py CELL UNITS BATCH STEPS         CELL: leaky, vanilla, vanilla_loop, ugrnn, ...
    step_torch.py population equal|mixed PART PARTS

It prints "ready VERSION" once it is warm. Then a line "R" on its input asks for R steps and is
answered by the median of their milliseconds; of a population, for R steps of every network of its
part, one network after the other, answered by the milliseconds that they took together.
"""
import argparse
import math
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

CHANNELS = 3
INPUT_SD = 0.05


def trials(batch, steps):
    """Inputs (T, B, 3): levels in (0, 1) under white noise; targets: the levels, reordered."""
    levels = torch.rand(1, batch, CHANNELS)
    inputs = torch.randn(steps, batch, CHANNELS).mul_(INPUT_SD).add_(levels)
    return inputs, levels.roll(-1, 2).expand(steps, -1, -1)


def uniform(*shape, bound):
    return torch.empty(*shape).uniform_(-bound, bound)


def leaky(n, batch, steps):
    """x' = (1 - alpha) x + alpha relu(W x + B u + b + noise); only W is trained, diagonal 0."""
    alpha, sigma = 0.1, 0.01
    noise_sd = sigma * math.sqrt(2 / alpha)
    weight = (torch.randn(n, n) / math.sqrt(n)).fill_diagonal_(0).requires_grad_()
    drive_weight = torch.randn(CHANNELS + 1, n) / math.sqrt(3)  # the last row is the bias
    readout = torch.randn(CHANNELS, n) / math.sqrt(n)
    optimizer = torch.optim.Adam([weight], lr=1e-3)

    def step():
        inputs, targets = trials(batch, steps)
        inputs = functional.pad(inputs, (0, 1), value=1.0).view(-1, CHANNELS + 1)
        # Noise, inputs and bias of all steps: one product.
        drive = torch.addmm(torch.randn(steps * batch, n), inputs, drive_weight, beta=noise_sd)
        x, states, recurrent = torch.zeros(batch, n), [], weight.t()
        for of_step in drive.view(steps, batch, n).unbind(0):
            x = torch.lerp(x, torch.addmm(of_step, x, recurrent).relu_(), alpha)
            states.append(x)
        loss = functional.mse_loss(functional.linear(torch.stack(states), readout), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        weight.grad.fill_diagonal_(0)
        optimizer.step()

    return step


def layer(kind):
    """A recurrent layer of PyTorch with a readout, everything trained."""

    def make(n, batch, steps):
        network, readout = kind(CHANNELS, n), nn.Linear(n, CHANNELS)
        optimizer = torch.optim.Adam([*network.parameters(), *readout.parameters()], lr=1e-3)

        def step():
            inputs, targets = trials(batch, steps)
            loss = functional.mse_loss(readout(network(inputs)[0]), targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        return step

    return make


def loop(gates, cell):
    """A cell that PyTorch has not, or not so: cell(p, h, W') -> h' with p = A u + b, a step."""

    def make(n, batch, steps):
        bound = 1 / math.sqrt(n)
        weights = [uniform(gates * n, n, bound=bound), uniform(gates * n, CHANNELS, bound=bound),
                   uniform(gates * n, bound=bound)]
        recurrent, of_inputs, bias = (weight.requires_grad_() for weight in weights)
        readout = nn.Linear(n, CHANNELS)
        optimizer = torch.optim.Adam([*weights, *readout.parameters()], lr=1e-3)

        def step():
            inputs, targets = trials(batch, steps)
            h, states, transposed = torch.zeros(batch, n), [], recurrent.t()
            for of_step in functional.linear(inputs, of_inputs, bias).unbind(0):
                h = cell(of_step, h, transposed)
                states.append(h)
            loss = functional.mse_loss(readout(torch.stack(states)), targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        return step

    return make


def vanilla_cell(p, h, weight):
    return torch.addmm(p, h, weight).tanh_()


def ugrnn_cell(p, h, weight):
    """h' = s(u) h + (1 - s(u)) tanh(c); one product for both, one lerp."""
    u, c = torch.addmm(p, h, weight).chunk(2, 1)
    return torch.lerp(torch.tanh(c), h, torch.sigmoid(u))


CELLS = {"leaky": leaky, "vanilla": layer(nn.RNN), "gru": layer(nn.GRU), "lstm": layer(nn.LSTM),
         "vanilla_loop": loop(1, vanilla_cell), "ugrnn": loop(2, ugrnn_cell)}
GATES = {"lstm": 4, "gru": 3, "vanilla": 1, "leaky": 1}


def population(which, part, parts):
    """The networks of one of so many processes; the work of each is about the same."""
    if which == "equal":
        networks = [("leaky", 128)] * 16
    else:
        networks = [(cell, n) for n in (256, 192, 128, 96, 64) for cell in GATES]
    networks.sort(key=lambda network: -GATES[network[0]] * network[1] ** 2)
    work, mine = [0] * parts, []
    for cell, n in networks:
        lightest = work.index(min(work))
        work[lightest] += GATES[cell] * n ** 2
        if lightest == part:
            mine.append(CELLS[cell](n, 64, 100))
    return mine


def milliseconds(body):
    start = time.perf_counter()
    body()
    return 1e3 * (time.perf_counter() - start)


def serve(steps, answer):
    for _ in range(2):
        for step in steps:
            step()
    capability = [line for line in torch.__config__.show().splitlines() if "capability" in line]
    print("ready", torch.__version__, capability[0].split()[-1] if capability else "", flush=True)
    for line in sys.stdin:
        print(answer(steps, int(line)), flush=True)


def median_of_steps(steps, repeats):
    return statistics.median(milliseconds(steps[0]) for _ in range(repeats))


def time_of_all(steps, repeats):
    return milliseconds(lambda: [step() for step in steps for _ in range(repeats)])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="+", metavar="CELL UNITS BATCH STEPS | population ...")
    words = parser.parse_args().words
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if words[0] == "population":
        serve(population(words[1], int(words[2]), int(words[3])), time_of_all)
    else:
        serve([CELLS[words[0]](*map(int, words[1:4]))], median_of_steps)


if __name__ == "__main__":
    main()
