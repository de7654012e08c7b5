# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from ._types import _Floats, _Integers
from ._cells import Network
from ._geometry import InputManifold

class Curvature:
    @property
    def gaussian(self) -> _Floats | None: ...  # (K, S)
    @property
    def scalar(self) -> _Floats: ...  # (K, S)
    @property
    def sectional(self) -> _Floats: ...  # (K, S, m (m - 1) / 2)
    @property
    def ricci(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def mean_curvature(self) -> _Floats: ...  # (K, S, n)
    @property
    def second(self) -> _Floats: ...  # (K, S, m (m + 1) / 2, n)
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> _Floats: ...  # (K, S)

class LegacyCurvature:
    @property
    def values(self) -> _Floats: ...  # (K,)
    @property
    def difference(self) -> _Floats: ...  # (K,)
    @property
    def largest_difference(self) -> float: ...
    @property
    def where(self) -> int: ...

class Gridlines:
    @property
    def positions(self) -> _Floats: ...  # (K, m)
    @property
    def defect(self) -> _Floats: ...  # (K,)
    @property
    def obliqueness(self) -> _Floats: ...  # (K,)
    @property
    def net_defect(self) -> _Floats: ...  # (K, m)

class Immersion:
    @property
    def smallest(self) -> float: ...
    @property
    def where(self) -> int: ...
    @property
    def degenerate(self) -> int: ...
    @property
    def not_finite(self) -> int: ...
    @property
    def immersed(self) -> bool: ...

class Injectivity:
    @property
    def smallest(self) -> float: ...
    @property
    def pair(self) -> tuple[int, int]: ...
    @property
    def chord(self) -> float: ...
    @property
    def distance(self) -> float: ...
    @property
    def pairs(self) -> int: ...

class RankHistory:
    @property
    def ranks(self) -> _Integers: ...  # (K, S)
    @property
    def conditions(self) -> _Floats: ...  # (K, S)
    @property
    def last_input(self) -> int: ...
    @property
    def changes(self) -> int: ...

def curvature(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> Curvature: ...
def rank_history(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> RankHistory: ...
def surface_integral(
    f: ArrayLike,  # (K,)
    volume: ArrayLike,  # (K,)
    domain: Sequence[Sequence[float]],
    counts: Sequence[int],
    *,
    chebyshev: bool = False,
) -> float: ...
def legacy_curvature(
    metric: ArrayLike,  # (K, 2, 2)
    gaussian: ArrayLike,  # (K,)
    domain: Sequence[Sequence[float]],
    counts: Sequence[int],
) -> LegacyCurvature: ...
def gridlines(
    metric: ArrayLike,  # (K, m, m)
    domain: Sequence[Sequence[float]],
    counts: Sequence[int],
    *,
    method: Literal["arc_length", "legacy_absolute", "legacy_normalized"] = "arc_length",
    per_half: bool = False,
) -> Gridlines: ...
def immersion(tangents: ArrayLike) -> Immersion: ...  # (K, m, n)
def injectivity(
    states: ArrayLike,  # (K, n)
    distances: ArrayLike,  # (K, K)
    separation: float,
) -> Injectivity: ...
