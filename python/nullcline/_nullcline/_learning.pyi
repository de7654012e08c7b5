# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

from numpy.typing import ArrayLike

from ._types import _Floats
from ._cells import Network
from ._geometry import InputManifold

class MetricChange:
    @property
    def metric(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def metric_change(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def state_change(self) -> _Floats: ...  # (K, S, n)
    @property
    def tangent_change(self) -> _Floats: ...  # (K, S, m, n)
    @property
    def derivatives(self) -> str: ...

class SpaceTime:
    @property
    def tangents(self) -> _Floats: ...  # (K, S, m + 1, n)
    @property
    def second(self) -> _Floats | None: ...  # (K, S, (m + 1) (m + 2) / 2, n)

def metric_change(
    network: Network,
    change: Network | dict[str, ArrayLike],
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> MetricChange: ...
def adjoint_products(
    network: Network,
    manifold: InputManifold,
    covectors: ArrayLike,  # (K, q, n)
    step: int | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> _Floats: ...
def space_time(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> SpaceTime: ...
