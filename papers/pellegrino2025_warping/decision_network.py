"""Writes decision.h5: the excitatory-inhibitory decision network that stands in for figure 3.

Two excitatory populations and an inhibitory one, twice as fast, with evidence c in [-1, 1],

    x_1' = -x_1 + 2.5 p_1 - 2 p_I + 0.6 + 0.2 c,    x_2' the same with - 0.2 c,
    x_I' = 2 (-x_I + 1.5 (p_1 + p_2) - 0.5 p_I + 0.2),    p = 1 / (1 + exp(-4 (x - 1))),  x(0) = 0,

all of it our choice: the paper's network is not known to us. The file's states are y = 4 (x - 1),
of which p is the logistic function; a metric of y is 16 times that of x. The readout is p_1 - p_2.

    python3 decision_network.py [FILE]
"""

import sys

import numpy as np

import nullcline as nc

GAIN, THRESHOLD = 4.0, 1.0


def decision_network(dt=0.05):
    weights = np.array([[2.5, 0.0, -2.0], [0.0, 2.5, -2.0], [1.5, 1.5, -0.5]])
    constant = np.array([0.6, 0.6, 0.2])
    evidence = np.array([[0.2], [-0.2], [0.0]])
    parameters = {
        "recurrent": GAIN * weights,
        "input": GAIN * evidence,
        "bias": GAIN * (constant - THRESHOLD),
        "speed": np.array([0.0, 0.0, 1.0]),
        "initial_state": np.full(3, -GAIN * THRESHOLD),
        "readout": np.array([[1.0, -1.0, 0.0]]),
        "readout_bias": np.zeros(1),
    }
    settings = {"tau": 1.0, "dt": dt, "trained_start": True}
    return nc.Network("wilson_cowan", parameters, settings)


if __name__ == "__main__":
    nc.save(sys.argv[1] if len(sys.argv) > 1 else "decision.h5", decision_network())
