# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable

from numpy.typing import ArrayLike

from ._types import _Floats
from ._cells import Network

class Map:
    def __init__(
        self,
        function: Callable[[_Floats], ArrayLike],
        dim: int,
        *,
        dt: float = 1.0,
        batched: bool = False,
    ) -> None: ...
    @property
    def dim(self) -> int: ...
    @property
    def dt(self) -> float: ...
    def __call__(self, X: ArrayLike) -> _Floats: ...  # (n,) to (n,), (B, n) to (B, n)
    def orbit(self, start: ArrayLike, steps: int) -> _Floats: ...  # (n,) or (B, n) to (T, B, n)

class PiecewiseLinearMap(Map):
    def __init__(
        self,
        A: ArrayLike,  # (n, n)
        B: ArrayLike,  # (n, K)
        C: ArrayLike,  # (K, n)
        c: ArrayLike | None = None,  # (K,)
        e: ArrayLike | None = None,  # (n,)
        *,
        below: float = 0.0,
        dt: float = 1.0,
    ) -> None: ...
    @property
    def kinks(self) -> int: ...

class MapFamily:
    def __init__(
        self,
        function: Callable[[_Floats, float], ArrayLike],
        dim: int,
        *,
        dt: float = 1.0,
        batched: bool = False,
    ) -> None: ...
    @staticmethod
    def between(
        first: Network,
        second: Network,
        input: ArrayLike | None = None,  # (n_in,)
    ) -> MapFamily: ...
    @property
    def dim(self) -> int: ...
    @property
    def dt(self) -> float: ...
