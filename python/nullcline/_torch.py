# SPDX-License-Identifier: Apache-2.0
"""Network.from_torch. PyTorch itself is not imported: a module brings all that is needed."""

import numpy as np

from nullcline._nullcline import Error, Network

_CELLS = {"RNN": "vanilla", "GRU": "gru", "LSTM": "lstm"}
_LAYER = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _arrays(module):
    """Everything that the module has learned, as float64."""
    return {name: np.asarray(tensor.detach().cpu(), dtype=float)
            for name, tensor in module.state_dict().items()}


def _kind(module):
    """The name of torch.nn's class that the module is, or is derived from, without "Cell"."""
    for base in type(module).__mro__:
        name = base.__name__.removesuffix("Cell")
        if name in _CELLS and base.__module__.startswith("torch.nn."):
            return name
    raise Error(f"from_torch: a {type(module).__name__}, expected an RNN, GRU or LSTM of torch.nn, "
                "or one of their cells")


def _weight(module, what):
    arrays = _arrays(module)
    if arrays.get("weight", np.zeros(0)).ndim != 2:
        raise Error(f"from_torch: a {what} of the class {type(module).__name__}, which has no "
                    "weight (rows, columns)")
    return arrays


def from_torch(module, readout=None, *, embedding=None, dt=0.01):
    """A network of torch.nn, as it is now, in double.

    module: an RNN, GRU or LSTM with any number of layers, or an RNNCell, GRUCell or LSTMCell.
    readout: a Linear on the states h of the last layer; None: no outputs.
    embedding: an Embedding before the first layer; inputs are then numbers of tokens.
    dt: seconds a step, for time constants.

    What has no counterpart raises nullcline.Error: other modules, two directions, projections, and
    a weight that does not fit. Dropout is left out, as it is when a network is evaluated.
    """
    kind = _kind(module)
    if getattr(module, "bidirectional", False):
        raise Error("from_torch: a bidirectional module, expected one direction")
    if getattr(module, "proj_size", 0):
        raise Error(f"from_torch: proj_size {module.proj_size}, expected 0")
    units, layers = module.hidden_size, getattr(module, "num_layers", 1)
    settings = {"units": units, "layers": layers, "dt": dt}
    if kind == "RNN":
        settings["activation"] = module.nonlinearity
    if kind == "GRU":
        settings["reset"] = "after"

    given = {name if name[-1].isdigit() else f"{name}_l0": array
             for name, array in _arrays(module).items()}
    parameters = {}
    for layer in range(layers):
        rows = given[f"weight_hh_l{layer}"].shape[0]
        for part in _LAYER:
            name = f"{part}_l{layer}"
            parameters[name] = given.get(name, np.zeros(rows))  # without bias
    if embedding is not None:
        if getattr(embedding, "max_norm", None) is not None:
            raise Error("from_torch: an embedding with max_norm, expected one without")
        parameters["embedding"] = _weight(embedding, "embedding")["weight"]
        vocabulary, size = parameters["embedding"].shape
        settings |= {"vocabulary": vocabulary, "embedding_size": size}
    out = {"weight": np.zeros((0, units))} if readout is None else _weight(readout, "readout")
    parameters["readout"] = out["weight"]
    parameters["readout_bias"] = out.get("bias", np.zeros(len(out["weight"])))
    return Network(_CELLS[kind], parameters, settings)


Network.from_torch = staticmethod(from_torch)  # type: ignore[assignment]
