# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping
from typing import Any, Literal

from numpy.typing import ArrayLike

from ._types import _Floats
from ._maps import PiecewiseLinearMap

class Simulation:
    @property
    def states(self) -> _Floats: ...  # (T, B, n)
    @property
    def outputs(self) -> _Floats: ...  # (T, B, n_out)

class Network:
    def __init__(
        self,
        cell: str,
        parameters: Mapping[str, ArrayLike],
        settings: Mapping[str, Any] = ...,
    ) -> None: ...
    @staticmethod
    def rate(
        recurrent: ArrayLike,  # (n, n)
        *,
        input: ArrayLike | None = None,  # (n, n_in)
        readout: ArrayLike | None = None,  # (n_out, n)
        bias: ArrayLike | None = None,  # (n,)
        readout_bias: ArrayLike | None = None,  # (n_out,)
        activation: str = "tanh",
        theta: float = 0.0,
        tau: float = 0.1,
        dt: float = 0.01,
        sigma: float = 0.0,
        form: Literal["rate", "current"] = "rate",
        method: Literal["euler", "heun"] = "euler",
    ) -> Network: ...
    @staticmethod
    def plrnn(
        diagonal: ArrayLike,  # (n,)
        recurrent: ArrayLike,  # (n, n)
        bias: ArrayLike | None = None,  # (n,)
        *,
        below: float = 0.0,
        dt: float = 1.0,
    ) -> PiecewiseLinearMap: ...
    @staticmethod
    def from_torch(
        module: Any,  # torch.nn.RNN, GRU, LSTM, RNNCell, GRUCell, LSTMCell
        readout: Any = None,  # torch.nn.Linear
        *,
        embedding: Any = None,  # torch.nn.Embedding
        dt: float = 0.01,
    ) -> Network: ...
    @property
    def cell(self) -> str: ...
    @property
    def settings(self) -> dict[str, Any]: ...
    @property
    def parameters(self) -> dict[str, _Floats]: ...
    @property
    def recurrent_weights(self) -> dict[str, _Floats]: ...  # (n, n) each
    @property
    def input_weights(self) -> dict[str, _Floats]: ...  # (n, m) each
    @property
    def state_dim(self) -> int: ...
    @property
    def input_dim(self) -> int: ...
    @property
    def output_dim(self) -> int: ...
    @property
    def dt(self) -> float: ...
    def run(
        self,
        u: ArrayLike,  # (T, B, n_in)
        start: ArrayLike | None = None,  # (B, n) or (n,)
        seed: int | None = None,
    ) -> Simulation: ...

def list_cells() -> list[dict[str, Any]]: ...
