# SPDX-License-Identifier: Apache-2.0
"""Writes golden.npz: cells of PyTorch, and cells written out in PyTorch, with all gradients.

    /usr/bin/python3 tests/cells/golden/make_golden.py

needs Debian's python3-torch (1.13.0). A case NAME has in attributes_json its cell and settings, and

    NAME/parameters/P    the parameters
    NAME/inputs          (T, B, m), or token numbers (T, B, 1)
    NAME/start           (B, S), layers side by side, the state of an LSTM layer (h, c)
    NAME/features        (T, B, F) of the last layer
    NAME/last            (B, S) the state at the end
    NAME/by_features     (T, B, F) and
    NAME/by_last         (B, S) the weights of the loss sum(features by_features) + sum(last by_last)
    NAME/gradients/P     the gradient of that loss by each parameter
    NAME/by_inputs       and by inputs (not of tokens)
    NAME/by_start        and by the start

all in double, from PyTorch's autograd.
"""

import json
from pathlib import Path

import numpy as np
import torch

N, M, T, B = 5, 3, 6, 2
torch.set_default_dtype(torch.float64)
torch.manual_seed(20)
sigmoid, tanh = torch.sigmoid, torch.tanh


def leaf(*shape, scale=0.6):
    return (scale * torch.randn(*shape)).requires_grad_()


def module_parameters(module):
    """The module's own parameters, drawn anew so that nothing is nearly linear."""
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(0.6 * torch.randn(p.shape))
    return dict(module.named_parameters())


def rnn(kind, layers, **options):
    """torch.nn.RNN, GRU or LSTM."""
    module = getattr(torch.nn, kind)(M, N, layers, **options)
    per_layer = 2 * N if kind == "LSTM" else N

    def run(u, start):
        parts = start.split(per_layer, 1)
        if kind != "LSTM":
            y, h = module(u, torch.stack(parts))
            return y, torch.cat(list(h), 1)
        y, (h, c) = module(u, (torch.stack([p[:, :N] for p in parts]), torch.stack([p[:, N:] for p in parts])))
        return y, torch.cat([torch.cat([h[k], c[k]], 1) for k in range(layers)], 1)

    return module_parameters(module), run, layers * per_layer


def stepped(parameters, step, size, features=lambda s: s):
    """A step function s, u -> s run over the inputs."""

    def run(u, s):
        seen = []
        for t in range(T):
            s = step(s, u[t])
            seen.append(features(s))
        return torch.stack(seen), s

    return parameters, run, size


def gru_before(gate_bias=0.0):
    p = {"weight_ih_l0": leaf(3 * N, M), "weight_hh_l0": leaf(3 * N, N), "bias_ih_l0": leaf(3 * N)}

    def step(h, u):
        x = u @ p["weight_ih_l0"].T + p["bias_ih_l0"]
        W = p["weight_hh_l0"]
        r = sigmoid(x[:, :N] + h @ W[:N].T)
        z = sigmoid(x[:, N : 2 * N] + h @ W[N : 2 * N].T + gate_bias)
        c = tanh(x[:, 2 * N :] + (r * h) @ W[2 * N :].T)
        return z * h + (1 - z) * c

    return stepped(p, step, N)


def ugrnn(gate_bias=0.0):
    p = {"weight_ih_l0": leaf(2 * N, M), "weight_hh_l0": leaf(2 * N, N), "bias_ih_l0": leaf(2 * N)}

    def step(h, x):
        v = x @ p["weight_ih_l0"].T + h @ p["weight_hh_l0"].T + p["bias_ih_l0"]
        u, c = sigmoid(v[:, :N] + gate_bias), tanh(v[:, N:])
        return u * h + (1 - u) * c

    return stepped(p, step, N)


def lstm_of_papers(f):
    """f in place of both tanh, forget bias 1, readout of (h, c)."""
    p = {"weight_ih_l0": leaf(4 * N, M), "weight_hh_l0": leaf(4 * N, N)}
    p |= {"bias_ih_l0": leaf(4 * N), "bias_hh_l0": leaf(4 * N)}

    def step(s, x):
        h, c = s[:, :N], s[:, N:]
        v = x @ p["weight_ih_l0"].T + h @ p["weight_hh_l0"].T + p["bias_ih_l0"] + p["bias_hh_l0"]
        i, forget, g, o = v.split(N, 1)
        c = sigmoid(forget + 1) * c + sigmoid(i) * f(g)
        return torch.cat([sigmoid(o) * f(c), c], 1)

    return stepped(p, step, 2 * N)


def leaky_rate(form, method, alpha, f=tanh):
    p = {"recurrent": leaf(N, N), "input": leaf(N, M), "bias": leaf(N)}

    def slope(x, u):
        if form == "rate":
            return -x + f(x @ p["recurrent"].T + u @ p["input"].T + p["bias"])
        return -x + f(x) @ p["recurrent"].T + u @ p["input"].T + p["bias"]

    def step(x, u):
        k1 = slope(x, u)
        if method == "euler":
            return x + alpha * k1
        return x + alpha * (k1 + slope(x + alpha * k1, u)) / 2

    return stepped(p, step, N, f if form == "current" else lambda x: x)


def feedforward():
    p = {"weight_l0": leaf(N, M), "bias_l0": leaf(N), "weight_l1": leaf(N, N), "bias_l1": leaf(N)}

    def step(_, u):
        below = tanh(u @ p["weight_l0"].T + p["bias_l0"])
        return torch.cat([below, tanh(below @ p["weight_l1"].T + p["bias_l1"])], 1)

    return stepped(p, step, 2 * N, lambda s: s[:, N:])


def low_rank():
    p = {"weight_ih_l0": leaf(N, M), "weight_hh_left_l0": leaf(N, 2), "weight_hh_right_l0": leaf(N, 2)}
    p |= {"bias_ih_l0": leaf(N), "bias_hh_l0": leaf(N)}

    def step(h, u):
        W = p["weight_hh_left_l0"] @ p["weight_hh_right_l0"].T
        return tanh(h @ W.T + u @ p["weight_ih_l0"].T + p["bias_ih_l0"] + p["bias_hh_l0"])

    return stepped(p, step, N)


def dale():
    p = {"recurrent": leaf(N, N), "input": leaf(N, M), "bias": leaf(N)}
    signs = torch.tensor([1.0, 1, 1, -1, -1])

    def step(x, u):
        W = p["recurrent"].abs() * signs
        return x + 0.1 * (-x + torch.nn.functional.softplus(x @ W.T + u @ p["input"].T + p["bias"]))

    return stepped(p, step, N)


def embedding_gru():
    parameters, run, size = rnn("GRU", 1)
    table = torch.nn.Embedding(7, M)
    parameters = {"embedding": table.weight, **parameters}
    return parameters, lambda tokens, s: run(table(tokens[:, :, 0].long()), s), size


CASES = {
    "rnn_tanh": ("vanilla", {}, lambda: rnn("RNN", 1)),
    "rnn_relu": ("vanilla", {"activation": "relu"}, lambda: rnn("RNN", 1, nonlinearity="relu")),
    "rnn_tanh_2": ("vanilla", {"layers": 2}, lambda: rnn("RNN", 2)),
    "rnn_relu_2": ("vanilla", {"layers": 2, "activation": "relu"}, lambda: rnn("RNN", 2, nonlinearity="relu")),
    "gru": ("gru", {}, lambda: rnn("GRU", 1)),
    "gru_2": ("gru", {"layers": 2}, lambda: rnn("GRU", 2)),
    "lstm": ("lstm", {}, lambda: rnn("LSTM", 1)),
    "lstm_2": ("lstm", {"layers": 2}, lambda: rnn("LSTM", 2)),
    "gru_embedding": ("gru", {"vocabulary": 7, "embedding_size": M}, embedding_gru),
    "gru_before": ("gru", {"reset": "before"}, gru_before),
    "gru_before_bias": ("gru", {"reset": "before", "gate_bias": 0.5}, lambda: gru_before(0.5)),
    "ugrnn": ("ugrnn", {}, ugrnn),
    "ugrnn_bias": ("ugrnn", {"gate_bias": 1.0}, lambda: ugrnn(1.0)),
    "lstm_papers_tanh": ("lstm", {"readout_of": "h_c", "forget_bias": 1.0}, lambda: lstm_of_papers(tanh)),
    "lstm_papers_relu": (
        "lstm",
        {"readout_of": "h_c", "forget_bias": 1.0, "activation": "relu"},
        lambda: lstm_of_papers(torch.relu),
    ),
    "feedforward_2": ("feedforward", {"layers": 2}, feedforward),
    "vanilla_low_rank": ("vanilla", {"structure": "low_rank", "rank": 2}, low_rank),
    "leaky_rate_dale": (
        "leaky_rate",
        {"structure": "dale", "excitatory": 0.6, "activation": "softplus", "self_connections": True},
        dale,
    ),
}
for form in "rate", "current":
    for method in "euler", "heun":
        settings = {"form": form, "method": method, "activation": "tanh", "self_connections": True, "dt": 0.03}
        CASES[f"leaky_rate_{form}_{method}"] = (
            "leaky_rate",
            settings,
            lambda form=form, method=method: leaky_rate(form, method, 0.3),
        )


def main():
    arrays, cases = {}, {}
    for name, (cell, settings, make) in CASES.items():
        parameters, run, size = make()
        tokens = settings.get("vocabulary", 0)
        u = torch.randint(tokens, (T, B, 1)).double() if tokens else leaf(T, B, M, scale=1)
        start = leaf(B, size, scale=1)
        features, last = run(u, start)
        by_features, by_last = torch.randn(features.shape), torch.randn(last.shape)
        loss = (features * by_features).sum() + (last * by_last).sum()
        wanted = {f"gradients/{key}": p for key, p in parameters.items()} | {"by_start": start}
        if not tokens:
            wanted["by_inputs"] = u
        gradients = torch.autograd.grad(loss, list(wanted.values()), allow_unused=True)
        found = {
            **{f"parameters/{key}": p for key, p in parameters.items()},
            **{"inputs": u, "start": start, "features": features, "last": last},
            **{"by_features": by_features, "by_last": by_last},
            **{
                key: torch.zeros_like(at) if gradient is None else gradient
                for (key, at), gradient in zip(wanted.items(), gradients)
            },
        }
        arrays |= {f"{name}/{key}": value.detach().numpy() for key, value in found.items()}
        cases[name] = {"cell": cell, "settings": {"units": N, **settings}}
    attributes = {"cases": cases, "torch": torch.__version__, "numpy": np.__version__}
    arrays["attributes_json"] = np.frombuffer(json.dumps(attributes).encode(), dtype=np.uint8)
    np.savez_compressed(Path(__file__).with_name("golden.npz"), **arrays)


if __name__ == "__main__":
    main()
