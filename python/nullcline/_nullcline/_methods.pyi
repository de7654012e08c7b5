# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Floats, _Integers, _Trials

class Jpca:
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def condition_mean(self) -> _Floats: ...  # (T, n)
    @property
    def basis(self) -> _Floats: ...  # (n, k)
    @property
    def skew(self) -> _Floats: ...  # (k, k)
    @property
    def full(self) -> _Floats: ...  # (k, k)
    @property
    def skew_r2(self) -> float: ...
    @property
    def full_r2(self) -> float: ...
    @property
    def planes(self) -> _Floats: ...  # (n, 2 P)
    @property
    def frequencies(self) -> _Floats: ...  # (P,)
    @property
    def explained(self) -> _Floats: ...  # (P,)
    def project(self, X: _Trials) -> list[_Floats]: ...

class SlowFeatures:
    @property
    def deltas(self) -> _Floats: ...  # (d,)
    @property
    def weights(self) -> _Floats: ...  # (m, d)
    @property
    def rank(self) -> int: ...
    def project(self, X: ArrayLike) -> _Floats: ...

class DimensionEstimate:
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def points(self) -> int: ...

class Dimension:
    @property
    def variances(self) -> _Floats: ...
    @property
    def participation_ratio(self) -> float: ...
    @property
    def at_threshold(self) -> list[int]: ...
    @property
    def parallel(self) -> int: ...
    @property
    def null_variances(self) -> _Floats: ...
    @property
    def two_nn(self) -> DimensionEstimate: ...
    @property
    def mle(self) -> DimensionEstimate: ...

class Marginalization:
    @property
    def variables(self) -> list[int]: ...
    @property
    def with_time(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def variance(self) -> float: ...
    @property
    def encoder(self) -> _Floats: ...  # (n, q)
    @property
    def decoder(self) -> _Floats: ...  # (n, q)
    @property
    def explained(self) -> _Floats: ...  # (q,)
    @property
    def explained_by(self) -> _Floats: ...  # (q, marginalizations)

class Dpca:
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def conditions(self) -> _Integers: ...  # (C, F)
    @property
    def trials(self) -> list[int]: ...
    @property
    def averages(self) -> _Floats: ...  # (C, T, n)
    @property
    def parts(self) -> list[_Floats]: ...
    @property
    def marginalizations(self) -> list[Marginalization]: ...
    def with_components(self, components: int = 3, ridge: float = 1e-6) -> Dpca: ...

class DpcaRidge:
    @property
    def best(self) -> float: ...
    @property
    def ridges(self) -> _Floats: ...
    @property
    def errors(self) -> _Floats: ...  # (ridges,)
    @property
    def standard_error(self) -> _Floats: ...  # (ridges,)

class SplitHalf:
    @property
    def variance(self) -> _Floats: ...  # (marginalizations,)
    @property
    def reliability(self) -> _Floats: ...  # (marginalizations,)
    @property
    def splits(self) -> int: ...

def jpca(
    X: _Trials,
    components: int = 6,
    *,
    center_conditions: bool = True,
    derivative: str = "midpoint",
) -> Jpca: ...
def slow_features(X: _Trials, dim: int = 0, degree: int = 1) -> SlowFeatures: ...
def dimension(
    X: _Trials,
    *,
    thresholds: list[float] = ...,
    surrogates: int = 20,
    quantile: float = 0.95,
    max_points: int = 3000,
    exclude: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
    threads: int = 0,
) -> Dimension: ...
def dpca(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    components: int = 3,
    *,
    ridge: float = 1e-6,
    merge_time: bool = True,
) -> Dpca: ...
def marginalize(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    *,
    merge_time: bool = True,
) -> Dpca: ...
def dpca_ridge(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    *,
    ridges: list[float] = ...,
    repeats: int = 10,
    components: int = 3,
    merge_time: bool = True,
    seed: int = 0,
) -> DpcaRidge: ...
def dpca_split_half(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    *,
    splits: int = 20,
    merge_time: bool = True,
    seed: int = 0,
) -> SplitHalf: ...
