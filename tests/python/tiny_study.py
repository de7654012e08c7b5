# SPDX-License-Identifier: Apache-2.0
"""A study of two small networks, which trains in seconds."""

TOML = """
name = "tiny"
seed = 4

[populations.tanh]
networks = 1
task = { name = "perception", duration = 0.5, settling = 0.1 }
cell = { name = "leaky_rate", units = 32, activation = "tanh", gain = 2.0 }
training = { steps = 200, batch = 16 }

[populations.relu]
networks = 1
task = { name = "perception", duration = 0.5, settling = 0.1 }
cell = { name = "leaky_rate", units = 32, activation = "relu" }
training = { steps = 200, batch = 16 }

[analyses]
pca = {}

[quick]
"populations.*.training.steps" = 3
"""


def write(folder):
    path = folder / "tiny.toml"
    path.write_text(TOML)
    return path
