# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Booleans, _Floats, _Integers
from ._cells import Network
from ._fixed_points import _States
from ._maps import Map

class EntropyProduction:
    @property
    def status(self) -> str: ...
    @property
    def rate(self) -> float: ...
    @property
    def asymmetry(self) -> float: ...
    @property
    def covariance(self) -> _Floats: ...  # (n, n)
    @property
    def reversed_jacobian(self) -> _Floats: ...  # (n, n)
    @property
    def reversed_noise(self) -> _Floats: ...  # (n, n)

class Contraction:
    @property
    def log_volumes(self) -> _Floats: ...  # (P,)
    @property
    def divergences(self) -> _Floats: ...  # (P,)
    @property
    def finite(self) -> _Booleans: ...  # (P,)
    @property
    def derivatives(self) -> str: ...

class Funnel:
    @property
    def passing(self) -> _Integers: ...  # (P,)
    @property
    def ending(self) -> _Integers: ...  # (P,)
    @property
    def end_point(self) -> _Integers: ...  # (B,)
    @property
    def dwell(self) -> _Floats: ...  # (P,)
    @property
    def spread_before(self) -> _Floats: ...  # (P,)
    @property
    def spread_after(self) -> _Floats: ...  # (P,)
    @property
    def log_contraction(self) -> _Floats: ...  # (P,)

def entropy_production(
    jacobian: ArrayLike,  # (n, n)
    noise: ArrayLike = 1.0,  # (n, n)
) -> EntropyProduction: ...
def contraction(
    net: Network | Map,
    states: ArrayLike | _States,  # (P, n)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    threads: int = 0,
) -> Contraction: ...
def funnel(
    points: ArrayLike | _States,  # (P, n)
    states: ArrayLike,  # (T, B, n)
    radius: float,
    *,
    margin: int = 0,
    threads: int = 0,
) -> Funnel: ...
