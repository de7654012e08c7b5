# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import ArrayLike

from ._types import _Floats
from ._cells import Network
from ._geometry import InputManifold

class InputFunctions:
    def __init__(
        self,
        function: Callable[[_Floats], tuple[ArrayLike, ...]],  # (K, m) -> u, du, d2u
        domain: Sequence[Sequence[float]],
    ) -> None: ...
    @staticmethod
    def of_task(
        task: str, settings: dict[str, Any] = {}, *, dt: float, manifold: int = 0
    ) -> InputFunctions: ...
    def at(self, kappa: ArrayLike) -> InputManifold: ...  # (K, m)
    @property
    def domain(self) -> list[tuple[float, float, bool]]: ...

class Manifold:
    @staticmethod
    def slice(
        network: Network,
        inputs: InputFunctions,
        step: int,
        *,
        start: ArrayLike | None = None,  # (n,)
        threads: int = 1,
    ) -> Manifold: ...
    @staticmethod
    def table(
        domain: Sequence[Sequence[float]],
        points: ArrayLike,  # (N_1, .., N_m, n)
        *,
        chebyshev: bool = True,
    ) -> Manifold: ...
    @staticmethod
    def sphere(r: float = 1.0) -> Manifold: ...
    @staticmethod
    def pseudosphere() -> Manifold: ...
    @staticmethod
    def ring_torus(R: float, r: float) -> Manifold: ...
    @staticmethod
    def clifford_torus(r1: float, r2: float) -> Manifold: ...
    @property
    def dim(self) -> int: ...
    @property
    def ambient_dim(self) -> int: ...
    @property
    def domain(self) -> list[tuple[float, float, bool]]: ...
    @property
    def tail(self) -> float | None: ...
    def jets(self, kappa: ArrayLike, order: int = 2) -> tuple[_Floats, ...]: ...  # (K, m)
    def interpolate(self, counts: Sequence[int]) -> Manifold: ...
    def grid(self, counts: Sequence[int], *, chebyshev: bool = False) -> _Floats: ...  # (K, m)
