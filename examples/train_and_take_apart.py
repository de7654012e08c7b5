# SPDX-License-Identifier: Apache-2.0
"""Trains a small network on the perception task, and looks at it, in a few seconds."""

import pathlib

import numpy as np

import nullcline as nc

pathlib.Path("perception.toml").write_text(
    """
name = "perception_small"
seed = 1

[populations.small]
networks = 1
task = { name = "perception" }
cell = { name = "leaky_rate", units = 32 }
training = { steps = 300, batch = 32 }
"""
)
run = nc.run("perception.toml", out="perception")
file = run.networks[0].file
loss = nc.read(file).arrays["loss"]
print(f"{file}: loss {loss[0]:.3f} before, {loss[-20:].mean():.4f} after {len(loss)} steps")

net, untrained = nc.load(file), nc.load(file, prefix="initial")
levels = np.repeat([0.5, 0.8], 8)
u = np.broadcast_to(levels[:, None], (100, 16, 1))
states = net.run(u, seed=0).states

variance = nc.pca(states).explained
print(f"the first two principal components hold {variance[:2].sum():.1%} of the variance")
dca = nc.dca(states, dim=2, window=5)
print(f"the two dynamical components predict {dca.predictive_information:.2f} nats")

for level in (0.0, 0.5, 0.8):
    fp = nc.fixed_points(net, input=[level], starts=states.reshape(-1, 32)[::20])
    outputs = fp.states @ net.parameters["readout"].T + net.parameters["readout_bias"]
    found = ", ".join(f"{kind} at output {z:.2f}" for kind, z in zip(fp.kinds, outputs[:, 0]))
    print(f"fixed points at input {level}: {found or 'none found'}")

change = nc.connectivity(untrained.parameters["recurrent"], net.parameters["recurrent"])
print(
    f"training changed the weights by {change.relative_change:.1%};"
    f" the change has effective rank {change.change.effective_rank}"
)
