# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

from numpy.typing import ArrayLike

from ._types import _Floats, _Words
from ._cells import Network

class InputManifold:
    def __init__(
        self,
        u: ArrayLike,  # (K, T, n_in)
        du: ArrayLike,  # (K, m, T, n_in)
        d2u: ArrayLike | None = None,  # (K, m (m + 1) / 2, T, n_in) or (K, m, m, T, n_in)
    ) -> None: ...
    @property
    def points(self) -> int: ...
    @property
    def dim(self) -> int: ...
    @property
    def steps(self) -> int: ...

class PullbackMetric:
    @property
    def metric(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def readout_metric(self) -> _Floats | None: ...  # (K, S, m, m)
    @property
    def time(self) -> _Floats: ...  # (S,)
    @property
    def eigenvalues(self) -> _Floats: ...  # (K, S, m)
    @property
    def volume(self) -> _Floats: ...  # (K, S)
    @property
    def condition(self) -> _Floats: ...  # (K, S)
    @property
    def effective_dim(self) -> _Floats: ...  # (K, S)
    @property
    def stretch(self) -> _Floats: ...  # (K, S, m)
    @property
    def cosines(self) -> _Floats: ...  # (K, S, m (m - 1) / 2)
    @property
    def status(self) -> _Words: ...  # (K, S)
    @property
    def states(self) -> _Floats: ...  # (K, S, n)
    @property
    def velocities(self) -> _Floats: ...  # (K, S, n)
    @property
    def tangents(self) -> _Floats: ...  # (K, S, m, n)

def pullback_metric(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    precision: str = "double",
    tangents: bool = True,
    layers: bool = False,
    nodes: str | None = None,
    threads: int = 0,
) -> PullbackMetric: ...
