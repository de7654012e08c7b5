# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Floats, _Trials

class RepairedCovariances:
    @property
    def lags(self) -> _Floats: ...  # (lags, n, n)
    @property
    def smallest_eigenvalue(self) -> float: ...
    @property
    def added_variance(self) -> float: ...
    @property
    def taper(self) -> float: ...
    @property
    def changed(self) -> bool: ...

class RandomAngles:
    @property
    def mean(self) -> _Floats: ...  # (min(p, q),)
    @property
    def quantiles(self) -> _Floats: ...  # (min(p, q), probabilities)

def cross_covariances(X: _Trials, count: int = 10, *, divisor: str = "samples") -> _Floats: ...
def block_toeplitz(lags: ArrayLike, window: int) -> _Floats: ...
def toeplitz_log_determinants(lags: ArrayLike) -> _Floats | None: ...
def repair_covariances(
    lags: ArrayLike,  # (lags, n, n)
    kind: str = "floor",
    *,
    smallest: float = 1e-6,
) -> RepairedCovariances: ...
def held_out_information(
    model: ArrayLike,  # (lags, n, n)
    data: ArrayLike,  # (lags, n, n)
    V: ArrayLike,  # (n, d)
    window: int = 5,
) -> float: ...
def random_principal_angles(
    n: int,
    p: int,
    q: int,
    *,
    draws: int = 1000,
    probabilities: list[float] = ...,
    seed: int = 0,
) -> RandomAngles: ...
