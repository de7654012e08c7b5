# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Floats, _Integers, _Trials

class HomologySize:
    @property
    def points(self) -> int: ...
    @property
    def max_edge(self) -> float: ...
    @property
    def complete(self) -> bool: ...
    @property
    def edges(self) -> int: ...
    @property
    def kept_edges(self) -> int: ...
    @property
    def simplices(self) -> int: ...
    @property
    def bytes(self) -> float: ...

class BettiNumbers:
    @property
    def numbers(self) -> list[int]: ...
    @property
    def threshold(self) -> float: ...

class PersistentHomology:
    @property
    def diagrams(self) -> list[_Floats]: ...  # (m, 2) each
    @property
    def landmarks(self) -> _Integers: ...
    @property
    def covering_radius(self) -> float: ...
    @property
    def size(self) -> HomologySize: ...
    def betti_at(self, scale: float) -> list[int]: ...
    def betti(self, sampling_radius: float = 0.0) -> BettiNumbers: ...

def persistent_homology(
    X: _Trials,  # or (K, K)
    max_dimension: int = 1,
    landmarks: int = 200,
    max_edge: float = ...,
    *,
    prime: int = 2,
    first: int = 0,
    max_simplices: int = 10_000_000,
    distances: bool = False,
) -> PersistentHomology: ...
def homology_size(
    X: _Trials,
    max_dimension: int = 1,
    landmarks: int = 200,
    max_edge: float = ...,
    *,
    first: int = 0,
    max_simplices: int = 10_000_000,
) -> HomologySize: ...
def sampling_radius(
    X: _Trials,
    *,
    confidence: float = 0.95,
    subsamples: int = 100,
    subsample_size: int = 0,
    seed: int = 0,
    threads: int = 0,
) -> float: ...
def bottleneck_distance(one: ArrayLike, other: ArrayLike) -> float: ...  # (m, 2) each
