# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Complexes, _Floats, _Integers

class EigenvalueChange:
    @property
    def known(self) -> bool: ...
    @property
    def before(self) -> _Complexes: ...  # (n,)
    @property
    def after(self) -> _Complexes: ...  # (n,)
    @property
    def distances(self) -> _Floats: ...  # (n,)
    @property
    def radius(self) -> float: ...
    @property
    def moved(self) -> int: ...
    @property
    def outside(self) -> int: ...
    @property
    def participation(self) -> float: ...

class Departure:
    @property
    def known(self) -> bool: ...
    @property
    def frobenius(self) -> float: ...
    @property
    def operator_norm(self) -> float: ...
    @property
    def real_frobenius(self) -> float: ...
    @property
    def real_operator_norm(self) -> float: ...
    @property
    def matrix_frobenius(self) -> float: ...

class Centralities:
    @property
    def in_strength(self) -> _Floats: ...  # (n,)
    @property
    def out_strength(self) -> _Floats: ...  # (n,)
    @property
    def eigenvector(self) -> _Floats: ...  # (n,)
    @property
    def katz(self) -> _Floats: ...  # (n,)
    @property
    def katz_alpha(self) -> float: ...
    @property
    def pagerank(self) -> _Floats: ...  # (n,)
    @property
    def spectral_radius(self) -> float: ...
    @property
    def strongly_connected(self) -> bool: ...
    @property
    def status(self) -> dict[str, str]: ...

class Weights:
    @property
    def known(self) -> bool: ...
    @property
    def mean(self) -> float: ...
    @property
    def standard_deviation(self) -> float: ...
    @property
    def minimum(self) -> float: ...
    @property
    def maximum(self) -> float: ...
    @property
    def positive_fraction(self) -> float: ...
    @property
    def histogram(self) -> _Integers: ...  # (bins,)
    @property
    def singular_values(self) -> _Floats: ...  # (n,)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (n,)
    @property
    def frobenius_norm(self) -> float: ...
    @property
    def participation_ratio(self) -> float: ...
    @property
    def effective_rank(self) -> int: ...
    @property
    def departure(self) -> Departure: ...
    @property
    def centralities(self) -> Centralities: ...

class Connectivity:
    @property
    def before(self) -> Weights: ...
    @property
    def after(self) -> Weights: ...
    @property
    def change(self) -> Weights: ...
    @property
    def edges(self) -> _Floats: ...  # (bins + 1,)
    @property
    def probabilities(self) -> _Floats: ...  # (101,)
    @property
    def absolute_quantiles(self) -> _Floats: ...  # (101,)
    @property
    def changed_fraction(self) -> float: ...
    @property
    def relative_change(self) -> float: ...
    @property
    def diagonal_included(self) -> bool: ...

def eigenvalue_change(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    *,
    moved_fraction: float = 0.5,
) -> EigenvalueChange: ...
def is_strongly_connected(W: ArrayLike) -> bool: ...
def has_cycle(W: ArrayLike) -> bool: ...
def connectivity(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    *,
    bins: int = 60,
    rank_fraction: float = 0.1,
) -> Connectivity: ...
def centralities(
    W: ArrayLike,  # (n, n)
    *,
    katz_fraction: float = 0.9,
    damping: float = 0.85,
) -> Centralities: ...
def departure_from_normality(A: ArrayLike) -> Departure: ...  # (n, n)
