# SPDX-License-Identifier: Apache-2.0
from typing import Literal

from numpy.typing import ArrayLike

from ._types import _Floats, _Path
from ._cells import Network
from ._geometry import InputManifold

class MetricLoss:
    @property
    def loss(self) -> float: ...
    @property
    def gradients(self) -> dict[str, _Floats]: ...
    @property
    def metric(self) -> _Floats: ...  # (K, T, m, m)

def load(path: _Path, prefix: str = "parameters") -> Network: ...
def save(path: _Path, network: Network) -> None: ...
def metric_loss(
    network: Network,
    manifold: InputManifold,
    goal: Literal["mean_ratio", "log_ratio", "log_trace", "metric"],
    target: ArrayLike = 1.0,  # a number, (T,) or (K, T, m, m)
    *,
    above: int = 0,
    below: int = 1,
    weights: ArrayLike | None = None,  # (T,)
    features: bool = False,
) -> MetricLoss: ...
