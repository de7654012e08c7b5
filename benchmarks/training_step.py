#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A training step of nullcline beside one of PyTorch (Debian's python3-torch), one thread each.

    benchmarks/training_step.py build/bin/benchmark_training_step

Both train the leaky ReLU network of the 2021 note on the perception task: noise inside f drawn
anew at every step, squared error over time, only the recurrent weights, Adam, fresh trials. Each
side runs in a process of its own; rounds alternate, and the ratio is taken round by round.
"""
import statistics
import subprocess
import sys

CASES = [(128, 64, 100), (256, 64, 100), (64, 32, 100), (128, 64, 400)]
ROUNDS = 5

# A well-written loop: one addmm and one lerp a step, inputs and noise of all steps at once,
# no Python object kept that autograd does not need.
TORCH = r"""
import sys, time, statistics, torch
n, batch, steps, repeats = map(int, sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(0)
alpha, sigma = 0.1, 0.01
W = (torch.randn(n, n) / n ** 0.5).fill_diagonal_(0).requires_grad_()
mask = 1 - torch.eye(n)
B, b, D = torch.randn(1, n) / 3 ** 0.5, torch.randn(n) / 3 ** 0.5, torch.randn(n, 1) / n ** 0.5
optimizer = torch.optim.Adam([W], lr=1e-3)

def trials():
    first = torch.randint(0, 2, (1, batch, 1)).float()
    switch = torch.randint(steps // 5, 2 * steps, (1, batch, 1))
    late = (torch.arange(steps).view(-1, 1, 1) >= switch).float()
    level = (first + late) % 2
    return 0.5 + 0.3 * level + 0.05 * torch.randn(steps, batch, 1), 0.8 - 0.3 * level

def step():
    u, y = trials()
    drive = torch.addmm(b, u.view(-1, 1), B).view(steps, batch, n)
    drive = drive + (2 * sigma ** 2 / alpha) ** 0.5 * torch.randn(steps, batch, n)
    Wt, r, states = W.t(), torch.zeros(batch, n), []
    for m in drive.unbind(0):
        r = torch.lerp(r, torch.relu(torch.addmm(m, r, Wt)), alpha)
        states.append(r)
    loss = ((torch.stack(states) @ D - y) ** 2).mean()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    W.grad.mul_(mask)
    optimizer.step()

for _ in range(3):
    step()
times = []
for _ in range(repeats):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
print(1e3 * statistics.median(times))
"""


def ours(binary, case, repeats):
    words = subprocess.run([binary, *map(str, case), str(repeats)], check=True,
                           capture_output=True, text=True).stdout.split()
    return [float(word) for word in words]


def torch(case, repeats):
    return float(subprocess.run(["/usr/bin/python3", "-c", TORCH, *map(str, case), str(repeats)],
                                check=True, capture_output=True, text=True).stdout)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("units batch steps | nullcline ms  torch ms | torch / nullcline: median [min .. max]"
          " | products GFLOP/s: in the step, alone")
    for case in CASES:
        repeats = 31 if case[0] * case[2] <= 12800 else 11
        rounds = [(ours(sys.argv[1], case, repeats), torch(case, repeats)) for _ in range(ROUNDS)]
        ratios = [theirs / mine[0] for mine, theirs in rounds]
        median = [statistics.median(mine[i] for mine, _ in rounds) for i in range(3)]
        print(f"{case[0]:5} {case[1]:5} {case[2]:5} | {median[0]:12.2f} "
              f"{statistics.median(theirs for _, theirs in rounds):9.2f} | "
              f"{statistics.median(ratios):.2f} [{min(ratios):.2f} .. {max(ratios):.2f}] | "
              f"{median[1]:.0f}, {median[2]:.0f} ({100 * median[1] / median[2]:.0f} %)", flush=True)


if __name__ == "__main__":
    main()
