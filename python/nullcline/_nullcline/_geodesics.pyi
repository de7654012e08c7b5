# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Sequence

from numpy.typing import ArrayLike

from ._types import _Floats, _Words
from ._manifolds import Manifold

class GeodesicRays:
    @property
    def points(self) -> _Floats: ...  # (B, intervals + 1, m)
    @property
    def velocities(self) -> _Floats: ...  # (B, intervals + 1, m)
    @property
    def frames(self) -> _Floats: ...  # (B, intervals + 1, r, m)
    @property
    def ends(self) -> _Floats: ...  # (B, m)
    @property
    def reached(self) -> _Floats: ...  # (B,)
    @property
    def error(self) -> _Floats: ...  # (B,)
    @property
    def status(self) -> _Words: ...  # (B,)

class Geodesic:
    @property
    def winding(self) -> list[int]: ...
    @property
    def path(self) -> _Floats: ...  # (P + 1, m)
    @property
    def length(self) -> float: ...
    @property
    def error(self) -> float: ...
    @property
    def start_velocity(self) -> _Floats: ...  # (m,)
    @property
    def end_velocity(self) -> _Floats: ...  # (m,)
    @property
    def minimum(self) -> bool: ...
    @property
    def segments(self) -> int: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...

class GeodesicSearch:
    @property
    def all(self) -> list[Geodesic]: ...
    @property
    def shortest(self) -> Geodesic | None: ...

class RefinedPair:
    @property
    def points(self) -> tuple[int, int]: ...
    @property
    def along_grid(self) -> float: ...
    @property
    def geodesic(self) -> Geodesic: ...

class GeodesicDistances:
    @property
    def lengths(self) -> _Floats: ...  # (K, K)
    @property
    def kappa(self) -> _Floats: ...  # (K, m)
    @property
    def pairs(self) -> list[RefinedPair]: ...
    @property
    def mean_excess(self) -> float: ...
    @property
    def largest_excess(self) -> float: ...
    @property
    def unchecked(self) -> int: ...

class Transport:
    @property
    def vectors(self) -> _Floats: ...  # (r, m)
    @property
    def reached(self) -> float: ...
    @property
    def error(self) -> float: ...
    @property
    def status(self) -> str: ...

def geodesic_rays(
    manifold: Manifold,
    points: ArrayLike,  # (B, m)
    velocities: ArrayLike,  # (B, m)
    *,
    until: float = 1.0,
    intervals: int = 1,
    frames: ArrayLike | None = None,  # (B, r, m)
    tolerance: float = 1e-11,
    max_steps: int = 100000,
) -> GeodesicRays: ...
def geodesics_between(
    manifold: Manifold,
    from_: ArrayLike,  # (m,)
    to: ArrayLike,  # (m,)
    *,
    windings: int = 1,
    tolerance: float = 1e-09,
    segments: int = 8,
    max_segments: int = 512,
    max_iterations: int = 100,
    starts: list[ArrayLike] = [],
    threads: int = 0,
) -> GeodesicSearch: ...
def geodesic_distances(
    manifold: Manifold,
    counts: Sequence[int],
    *,
    reach: int = 3,
    checked: int = 0,
    pairs: Sequence[tuple[int, int]] = [],
    windings: int = 1,
    tolerance: float = 1e-06,
    seed: int = 0,
    threads: int = 0,
) -> GeodesicDistances: ...
def parallel_transport(
    manifold: Manifold,
    curve: Callable[[float], tuple[ArrayLike, ArrayLike]],  # s -> kappa (m,), dkappa/ds (m,)
    vectors: ArrayLike,  # (r, m)
    *,
    tolerance: float = 1e-11,
    max_steps: int = 100000,
) -> Transport: ...
def angle_between(manifold: Manifold, kappa: ArrayLike, v: ArrayLike, w: ArrayLike) -> float: ...
