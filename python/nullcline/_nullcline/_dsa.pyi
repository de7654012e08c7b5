# SPDX-License-Identifier: Apache-2.0
from typing import Literal

from numpy.typing import ArrayLike

from ._types import _Complexes, _Floats, _Trials

class HankelDmd:
    @property
    def A(self) -> _Floats: ...  # (r, r)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (r,)
    @property
    def basis(self) -> _Floats: ...  # (n delays, r)
    @property
    def singular_values(self) -> _Floats: ...
    @property
    def rank(self) -> int: ...
    @property
    def explained(self) -> float: ...
    @property
    def relative_error(self) -> float: ...

class DsaBounds:
    @property
    def symmetric_skew(self) -> float: ...
    @property
    def hoffman_wielandt(self) -> float: ...
    @property
    def eigenvalues(self) -> float: ...
    @property
    def departure_A(self) -> float: ...
    @property
    def departure_B(self) -> float: ...

class DsaAttempt:
    @property
    def kind(self) -> str: ...
    @property
    def determinant(self) -> int: ...
    @property
    def distance(self) -> float: ...
    @property
    def gradient_norm(self) -> float: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...

class DsaAlignment:
    @property
    def distance(self) -> float: ...
    @property
    def distance_bound(self) -> float: ...
    @property
    def distance_gap(self) -> float: ...
    @property
    def angle(self) -> float: ...
    @property
    def angle_bound(self) -> float: ...
    @property
    def angle_gap(self) -> float: ...
    @property
    def bounds(self) -> DsaBounds: ...
    @property
    def C(self) -> _Floats: ...  # (n, n)
    @property
    def attempts(self) -> list[DsaAttempt]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...

class Dsa:
    @property
    def X(self) -> HankelDmd: ...
    @property
    def Y(self) -> HankelDmd: ...
    @property
    def alignment(self) -> DsaAlignment: ...

def hankel_dmd(
    X: _Trials,
    delays: int = 10,
    *,
    interval: int = 1,
    rank: int = 10,
    ridge: float = 0.0,
    center: bool = False,
    coordinates: Literal["whitened", "principal"] = "whitened",
) -> HankelDmd: ...
def align_dynamics(
    A: ArrayLike,  # (n, n)
    B: ArrayLike,  # (n, n)
    starts: int = 10,
    *,
    max_iterations: int = 500,
    tolerance: float = 1e-10,
    pad: bool = False,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    seed: int = 0,
    threads: int = 0,
) -> DsaAlignment: ...
def dsa(
    X: _Trials,
    Y: _Trials,
    delays: int = 10,
    rank: int = 10,
    starts: int = 10,
    *,
    interval: int = 1,
    ridge: float = 0.0,
    center: bool = False,
    coordinates: Literal["whitened", "principal"] = "whitened",
    pad: bool = False,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    seed: int = 0,
    threads: int = 0,
) -> Dsa: ...
