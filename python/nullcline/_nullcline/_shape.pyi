# SPDX-License-Identifier: Apache-2.0
from typing import Any

from numpy.typing import ArrayLike, NDArray

from ._types import _Floats, _Integers, _Trials

class Lle:
    @property
    def embedding(self) -> _Floats: ...  # (P, dim)
    @property
    def eigenvalues(self) -> _Floats: ...  # (dim,)
    @property
    def components(self) -> int: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...

class Linkage:
    @property
    def merges(self) -> _Floats: ...  # (K - 1, 4)
    @property
    def order(self) -> _Integers: ...  # (K,)

class Landmarks:
    @property
    def points(self) -> _Integers: ...  # (count,)
    @property
    def covering_radius(self) -> float: ...

class ClassicalMds:
    @property
    def points(self) -> _Floats: ...  # (K, dim)
    @property
    def eigenvalues(self) -> _Floats: ...  # (K,)
    @property
    def positive(self) -> int: ...
    @property
    def explained(self) -> float: ...
    @property
    def negative_part(self) -> float: ...

class SmacofAttempt:
    @property
    def kind(self) -> str: ...
    @property
    def stress(self) -> _Floats: ...
    @property
    def step(self) -> float: ...
    @property
    def status(self) -> str: ...

class Smacof:
    @property
    def points(self) -> _Floats: ...  # (K, dim)
    @property
    def stress(self) -> float: ...
    @property
    def stress_1(self) -> float: ...
    @property
    def attempts(self) -> list[SmacofAttempt]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...

class Silhouette:
    @property
    def values(self) -> _Floats: ...  # (K,)
    @property
    def mean(self) -> float: ...
    @property
    def classes(self) -> NDArray[Any]: ...
    @property
    def class_means(self) -> _Floats: ...  # (classes,)

class Permanova:
    @property
    def pseudo_f(self) -> float: ...
    @property
    def r_squared(self) -> float: ...
    @property
    def total(self) -> float: ...
    @property
    def within(self) -> float: ...
    @property
    def degrees_between(self) -> int: ...
    @property
    def degrees_within(self) -> int: ...
    @property
    def p_value(self) -> float: ...

class NeighborAccuracy:
    @property
    def accuracy(self) -> float: ...
    @property
    def credits(self) -> _Floats: ...  # (K,)
    @property
    def balanced_accuracy(self) -> float: ...
    @property
    def chance(self) -> float: ...
    @property
    def chance_deviation(self) -> float: ...
    @property
    def p_value(self) -> float: ...

def lle(
    X: ArrayLike,  # (P, n)
    dim: int = 2,
    neighbors: int = 12,
    *,
    regularization: float = 1e-3,
    max_iterations: int = 300,
    threads: int = 0,
) -> Lle: ...
def mds(D: ArrayLike, dim: int = 2) -> ClassicalMds: ...  # (K, K)
def smacof(
    D: ArrayLike,  # (K, K)
    dim: int = 2,
    *,
    weights: ArrayLike | None = None,  # (K, K)
    starts: int = 8,
    start_at_classical: bool = True,
    max_iterations: int = 3000,
    tolerance: float = 1e-6,
    seed: int = 0,
    threads: int = 0,
) -> Smacof: ...
def average_linkage(D: ArrayLike) -> Linkage: ...  # (K, K)
def farthest_points(
    X: _Trials, count: int, first: int = 0, *, distances: bool = False
) -> Landmarks: ...  # fewer than `count` points where no others differ
def silhouette(D: ArrayLike, labels: ArrayLike) -> Silhouette: ...  # (K, K), (K,)
def permanova(
    D: ArrayLike,  # (K, K)
    labels: ArrayLike,  # (K,)
    *,
    permutations: int = 999,
    strata: ArrayLike | None = None,  # (K,)
    seed: int = 0,
) -> Permanova: ...
def neighbor_accuracy(
    D: ArrayLike,  # (K, K)
    labels: ArrayLike,  # (K,)
    neighbors: int = 1,
    *,
    permutations: int = 999,
    strata: ArrayLike | None = None,  # (K,)
    seed: int = 0,
) -> NeighborAccuracy: ...
