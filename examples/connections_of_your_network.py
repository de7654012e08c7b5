# SPDX-License-Identifier: Apache-2.0
"""All fixed points of a network, with proof, and which of them lead to which.

The network is made up: two units that each remember a sign, and barely know of each other.
"""

import numpy as np

import nullcline as nc

net = nc.Network.rate(
    [[2.0, 0.1], [-0.1, 2.0]], input=np.eye(2), readout=np.eye(2), tau=0.1, dt=0.02
)
u = np.random.default_rng(0).normal(size=(100, 30, 2))
states = net.run(u).states.reshape(-1, 2)

fp = nc.find_all_fixed_points(net, states=states)
print(f"{len(fp)} fixed points, {fp.certified.sum()} proven; is one missing: {fp.completeness}")
print(f"degree {fp.degree}, unseen {fp.unseen.estimate} (up to {fp.unseen.upper:.2f})")

c = nc.connections(net, fp)
print(f"{len(c.edges)} connections; as of two free bits: {nc.isomorphic(c, nc.flip_flop_graph(2))}")

basins = nc.basins(net, np.random.default_rng(1).uniform(-1, 1, size=(1000, 2)), points=fp)
for p in np.flatnonzero(fp.unstable == 0):
    low, high = basins.low[p], basins.high[p]
    share = f"{basins.fractions[p]:.3f} [{low:.3f}, {high:.3f}]"
    print(f"basin of {np.round(fp.states[p], 3)}: {share}")

flips = nc.transitions(net, [[2.0, 0.0], [0.0, -2.0]], fp, duration=20)
print("pulses lead", ", ".join(f"{a}->{b}" for a, b in zip(flips.origins, flips.to)))
