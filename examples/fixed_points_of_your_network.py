# SPDX-License-Identifier: Apache-2.0
"""Where a network that you trained elsewhere comes to rest.

All that nullcline wants of it are its arrays. Here they are made up: a network that remembers the
sign of its last input, with two memories and the saddle between them.
"""

import numpy as np

import nullcline as nc

rng = np.random.default_rng(0)
n = 50
memory = rng.normal(size=n)
W = 2 * np.outer(memory, np.tanh(memory)) / n + 0.3 * rng.normal(size=(n, n)) / np.sqrt(n)
B = memory[:, None]
D = memory[None, :] / n

# tau x' = -x + tanh(W x + B u), readout D x
net = nc.Network.rate(W, input=B, readout=D, activation="tanh", tau=0.1, dt=0.01)

# A second of noisy input in 30 trials: the states on the way are where the search starts.
u = rng.normal(size=(100, 30, 1)) + rng.normal(size=(30, 1))
states = net.run(u).states.reshape(-1, n)
first, second = states[rng.integers(len(states), size=(2, 200))]
starts = first + rng.uniform(size=(200, 1)) * (second - first)

fp = nc.fixed_points(net, input=np.zeros(1), starts=starts)
kinds, counts = np.unique(fp.kinds, return_counts=True)
print(", ".join(f"{count} {kind}" for kind, count in zip(kinds, counts)))
print(f"{(fp.point_of_start < 0).sum()} of {len(starts)} starts led nowhere\n")

print("readout   kind      unstable  slowest mode (s)  |F(x) - x|")
for p in range(len(fp)):
    readout = float(D @ fp.states[p])
    slowest = fp.time_constants[p, np.argmin(np.abs(np.abs(fp.eigenvalues[p]) - 1))]
    print(
        f"{readout:7.3f}   {fp.kinds[p]:<8}  {fp.unstable[p]:8}  {slowest:16.3f}"
        f"  {fp.residuals[p]:10.1e}"
    )
