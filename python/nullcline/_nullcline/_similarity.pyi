# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Sequence
from typing import Any, Literal, overload

from numpy.typing import ArrayLike

from ._types import _Floats, _Integers, _Trials
from ._dsa import DsaAlignment

class Similarity:
    @property
    def distance(self) -> float: ...
    @property
    def score(self) -> float: ...
    @property
    def correlations(self) -> _Floats: ...
    @property
    def matches(self) -> _Integers: ...
    @property
    def dims(self) -> tuple[int, int]: ...
    @property
    def defined(self) -> bool: ...
    @property
    def gap(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def alignment(self) -> DsaAlignment | None: ...

class ComparisonPlan:
    @property
    def pairs(self) -> int: ...
    @property
    def block(self) -> int: ...
    @property
    def blocks(self) -> int: ...
    @property
    def bytes(self) -> float: ...

class SubspaceAngles:
    @property
    def angles(self) -> _Floats: ...  # (k,)
    @property
    def null_mean(self) -> _Floats: ...  # (k,)
    @property
    def null_low(self) -> _Floats: ...  # (k,)
    @property
    def null_high(self) -> _Floats: ...  # (k,)
    @property
    def p_closer(self) -> _Floats: ...  # (k,)
    @property
    def overlap(self) -> float: ...
    @property
    def p_overlap(self) -> float: ...
    @property
    def exact(self) -> bool: ...

def compare(
    X: _Trials,
    Y: _Trials,
    metric: str = "svcca",
    *,
    variance: float = 0,
    dim: int = 0,
    bandwidth: float = 1,
    dissimilarity: str = "euclidean",
    delays: int = 10,
    interval: int = 1,
    rank: int = 10,
    starts: int = 10,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    pad: bool = False,
    seed: int = 0,
    threads: int = 0,
) -> Similarity: ...
@overload
def compare_all(
    networks: Sequence[_Trials],
    metric: str = "svcca",
    *,
    variance: float = 0,
    dim: int = 0,
    bandwidth: float = 1,
    dissimilarity: str = "euclidean",
    delays: int = 10,
    interval: int = 1,
    rank: int = 10,
    starts: int = 10,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    pad: bool = False,
    seed: int = 0,
    memory: float = 4e9,
    threads: int = 0,
    known: ArrayLike | None = None,
    bounds: Literal[False] = False,
    progress: Callable[[float], object] | None = None,
) -> _Floats: ...  # (N, N)
@overload
def compare_all(
    networks: Sequence[_Trials],
    metric: str = "svcca",
    *,
    variance: float = 0,
    dim: int = 0,
    bandwidth: float = 1,
    dissimilarity: str = "euclidean",
    delays: int = 10,
    interval: int = 1,
    rank: int = 10,
    starts: int = 10,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    pad: bool = False,
    seed: int = 0,
    memory: float = 4e9,
    threads: int = 0,
    known: ArrayLike | None = None,
    bounds: Literal[True],
    progress: Callable[[float], object] | None = None,
) -> tuple[_Floats, _Floats]: ...
def plan_comparison(
    units: Sequence[int],
    samples: int,
    metric: str = "svcca",
    *,
    dim: int = 0,
    memory: float = 4e9,
    threads: int = 0,
) -> ComparisonPlan: ...
def subspace_angles(
    A: ArrayLike, B: ArrayLike, *, samples: int = 1000, seed: int = 0
) -> SubspaceAngles: ...
def list_metrics() -> list[dict[str, Any]]: ...
