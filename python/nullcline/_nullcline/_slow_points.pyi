# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Booleans, _Floats
from ._cells import Network
from ._fixed_points import _Points
from ._maps import Map

class SlowPoints(_Points):
    @property
    def grades(self) -> list[str]: ...  # (P,)
    @property
    def passage(self) -> _Floats: ...  # (P,)
    @property
    def dwell(self) -> _Floats: ...  # (P,)
    @property
    def decay(self) -> _Floats: ...  # (P,)
    @property
    def escape(self) -> _Floats: ...  # (P,)
    @property
    def gradients(self) -> _Floats: ...  # (P,)
    @property
    def smallest_eigenvalues(self) -> _Floats: ...  # (P,)

class Speeds:
    @property
    def speeds(self) -> _Floats: ...  # (T, B)
    @property
    def gradients(self) -> _Floats: ...  # (T, B)
    @property
    def smallest_eigenvalues(self) -> _Floats: ...  # (T, B) or (0, B)
    @property
    def minimum(self) -> _Booleans: ...  # (T, B)
    @property
    def slow(self) -> _Booleans: ...  # (T, B) or (0, B)
    @property
    def derivatives(self) -> str: ...

def slow_points(
    net: Network | Map,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    starts: ArrayLike,  # (K, n)
    tolerance: float = 1e-12,
    gradient_tolerance: float = 0.0,
    max_iterations: int = 300,
    escape_radius: float = 0.0,
    merge_distance: float = 1e-6,
    threads: int = 0,
) -> SlowPoints: ...
def speeds(
    net: Network | Map,
    states: ArrayLike,  # (T, B, n)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    gradient_tolerance: float = 0.0,
    hessians: bool = True,
    threads: int = 0,
) -> Speeds: ...
