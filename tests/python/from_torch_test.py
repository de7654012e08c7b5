# SPDX-License-Identifier: Apache-2.0
"""Network.from_torch against PyTorch, where there is one, and by its equations where there is not."""

from types import SimpleNamespace

import numpy as np
import pytest
from tensor import Tensor

import nullcline as nc


class GRUCell:
    __module__ = "torch.nn.modules.rnn"
    hidden_size = 4

    def __init__(self, rng):
        shapes = {"weight_ih": (12, 2), "weight_hh": (12, 4), "bias_ih": 12, "bias_hh": 12}
        self.arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}

    def state_dict(self):
        return {name: Tensor(array) for name, array in self.arrays.items()}

    def step(self, u, h):
        """https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html"""
        a = u @ self.arrays["weight_ih"].T + self.arrays["bias_ih"]
        b = h @ self.arrays["weight_hh"].T + self.arrays["bias_hh"]
        (ar, az, an), (br, bz, bn) = np.split(a, 3, axis=-1), np.split(b, 3, axis=-1)
        r, z = 1 / (1 + np.exp(-ar - br)), 1 / (1 + np.exp(-az - bz))
        return (1 - z) * np.tanh(an + r * bn) + z * h


def test_a_cell_steps_by_its_equations():
    rng = np.random.default_rng(1)
    cell = GRUCell(rng)
    net = nc.Network.from_torch(cell, dt=0.02)
    assert (net.cell, net.dt, net.output_dim) == ("gru", 0.02, 0)
    u, h = rng.normal(size=(7, 3, 2)), np.zeros((3, 4))
    states = net.run(u).states
    for t in range(7):
        h = cell.step(u[t], h)
        assert np.allclose(states[t], h, rtol=0, atol=1e-14)


def test_what_has_no_counterpart_is_refused():
    with pytest.raises(nc.Error, match="a SimpleNamespace, expected an RNN"):
        nc.Network.from_torch(SimpleNamespace())

    class RNN:  # by another's hand
        pass

    with pytest.raises(nc.Error, match="a RNN, expected an RNN, GRU or LSTM of torch.nn"):
        nc.Network.from_torch(RNN())
    cell = GRUCell(np.random.default_rng(1))
    cell.bidirectional = True
    with pytest.raises(nc.Error, match="bidirectional"):
        nc.Network.from_torch(cell)
    cell.bidirectional, cell.proj_size = False, 2
    with pytest.raises(nc.Error, match="proj_size 2"):
        nc.Network.from_torch(cell)
    cell.proj_size = 0
    cell.arrays["weight_ih"] = np.zeros((11, 2))
    with pytest.raises(nc.Error, match="weight_ih_l0"):
        nc.Network.from_torch(cell)
    cell = GRUCell(np.random.default_rng(1))
    with pytest.raises(nc.Error, match="a readout of the class SimpleNamespace"):
        nc.Network.from_torch(cell, SimpleNamespace(state_dict=dict))
    with pytest.raises(nc.Error, match="max_norm"):
        nc.Network.from_torch(cell, embedding=SimpleNamespace(max_norm=1.0))


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bias", [True, False])
def test_runs_as_pytorch_does(kind, layers, bias):
    torch = pytest.importorskip("torch")
    torch.manual_seed(3)
    made = getattr(torch.nn, kind)(3, 8, num_layers=layers, bias=bias).double()
    readout = torch.nn.Linear(8, 2, bias=bias).double()
    net = nc.Network.from_torch(made, readout)
    u = torch.randn(20, 5, 3, dtype=torch.float64)
    with torch.no_grad():
        expected = readout(made(u)[0]).numpy()
    # Sums of some dozen terms of order one, over twenty steps.
    assert np.allclose(net.run(u.numpy()).outputs, expected, rtol=0, atol=1e-13)


def test_relu_and_an_embedding():
    torch = pytest.importorskip("torch")
    torch.manual_seed(4)
    words, made = torch.nn.Embedding(6, 3).double(), torch.nn.RNN(3, 8, nonlinearity="relu").double()
    readout = torch.nn.Linear(8, 2).double()
    net = nc.Network.from_torch(made, readout, embedding=words)
    tokens = torch.randint(6, (9, 4))
    with torch.no_grad():
        expected = readout(made(words(tokens))[0]).numpy()
    outputs = net.run(tokens.numpy()[:, :, None].astype(float)).outputs
    assert np.allclose(outputs, expected, rtol=0, atol=1e-13)
