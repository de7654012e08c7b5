# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

from numpy.typing import ArrayLike

from ._types import _Floats, _Trials

class Pca:
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def basis(self) -> _Floats: ...  # (n, d)
    @property
    def variances(self) -> _Floats: ...  # (d,)
    @property
    def explained(self) -> _Floats: ...  # (d,)
    @property
    def total_variance(self) -> float: ...
    @property
    def method(self) -> str: ...
    @property
    def unseen_variance(self) -> float: ...
    def project(self, X: ArrayLike) -> _Floats: ...  # (T, n) to (T, d)

class DcaAttempt:
    @property
    def kind(self) -> str: ...
    @property
    def predictive_information(self) -> float: ...
    @property
    def gradient_norm(self) -> float: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def maximum(self) -> int: ...

class DcaMaximum:
    @property
    def predictive_information(self) -> float: ...
    @property
    def starts(self) -> int: ...
    @property
    def angles(self) -> _Floats: ...  # (d,)
    @property
    def projection(self) -> _Floats: ...  # (n, d)

class DcaCrossValidation:
    @property
    def windows(self) -> list[int]: ...
    @property
    def held_out(self) -> _Floats: ...  # (windows, max_dim)
    @property
    def standard_error(self) -> _Floats: ...  # (windows, max_dim)
    @property
    def fitted(self) -> _Floats: ...  # (windows, max_dim)
    @property
    def dim(self) -> int: ...
    @property
    def window(self) -> int: ...
    @property
    def by_trials(self) -> bool: ...

class DcaNull:
    @property
    def predictive_information(self) -> float: ...
    @property
    def turned(self) -> float: ...
    @property
    def values(self) -> _Floats: ...
    @property
    def p_value(self) -> float: ...

class Dca:
    @property
    def projection(self) -> _Floats: ...  # (n, d)
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def predictive_information(self) -> float: ...
    @property
    def variances(self) -> _Floats: ...  # (d,)
    @property
    def total_variance(self) -> float: ...
    @property
    def added_variance(self) -> float: ...
    @property
    def repair_variance(self) -> float: ...
    @property
    def repair_taper(self) -> float: ...
    @property
    def rank(self) -> int: ...
    @property
    def attempts(self) -> list[DcaAttempt]: ...
    @property
    def maxima(self) -> list[DcaMaximum]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...
    def project(self, X: ArrayLike) -> _Floats: ...  # (T, n) to (T, d)

def pca(
    X: _Trials,
    dim: int = 0,
    *,
    method: str = "automatic",
    oversampling: int = 10,
    power_iterations: int = 2,
    seed: int = 0,
) -> Pca: ...
def dca(
    X: _Trials,
    dim: int = 2,
    window: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    max_iterations: int = 1000,
    gradient_tolerance: float = 1e-6,
    exchanges: int = 4,
    divisor: str = "samples",
    repair: str = "none",
    threads: int = 0,
) -> Dca: ...
def dca_curve(
    X: _Trials,
    dims: int,
    window: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    threads: int = 0,
) -> list[Dca]: ...
def predictive_information(
    X: _Trials,
    V: ArrayLike,  # (n, d)
    window: int = 5,
    *,
    ridge: float = 0.0,
) -> _Floats: ...  # (window,)
def dca_cross_validation(
    X: _Trials,
    max_dim: int = 5,
    windows: Sequence[int] = [1, 2, 5],
    folds: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    threads: int = 0,
) -> DcaCrossValidation: ...
def surrogate(
    X: ArrayLike,  # (T, n)
    kind: str = "independent_phases",
    seed: int = 0,
    number: int = 0,
) -> _Floats: ...
def dca_null(
    X: _Trials,
    surrogate: str = "independent_phases",
    count: int = 99,
    dim: int = 2,
    window: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    threads: int = 0,
) -> DcaNull: ...
