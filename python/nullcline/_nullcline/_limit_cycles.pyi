# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Complexes, _Floats
from ._cells import Network
from ._maps import Map

class LimitCycle:
    @property
    def status(self) -> str: ...
    @property
    def period(self) -> float: ...
    @property
    def period_error(self) -> float: ...
    @property
    def states(self) -> _Floats: ...  # (S, n)
    @property
    def times(self) -> _Floats: ...  # (S,)
    @property
    def amplitudes(self) -> _Floats: ...  # (n,)
    @property
    def multipliers(self) -> _Complexes: ...  # (n,)
    @property
    def trivial_error(self) -> float: ...
    @property
    def unstable(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def stable(self) -> bool: ...
    @property
    def residual(self) -> float: ...
    @property
    def iterations(self) -> int: ...
    @property
    def derivatives(self) -> str: ...

class InvariantCircle:
    @property
    def verdict(self) -> str: ...
    @property
    def period(self) -> int: ...
    @property
    def cycle(self) -> _Floats: ...  # (period, n)
    @property
    def multipliers(self) -> _Complexes: ...  # (n,)
    @property
    def winds(self) -> bool: ...
    @property
    def rotation_number(self) -> float: ...
    @property
    def rotation_error(self) -> float: ...
    @property
    def convergent(self) -> tuple[int, int]: ...
    @property
    def curve(self) -> _Floats: ...  # (256, n)
    @property
    def extent(self) -> float: ...
    @property
    def residual(self) -> float: ...
    @property
    def exponent(self) -> float: ...

def limit_cycle(
    net: Network,
    start: ArrayLike,  # (n,)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    transient: float = 100.0,
    step: float = 0.0,
    max_period: float = 100.0,
    nodes: int = 16,
    steps: int = 512,
    tolerance: float = 1e-11,
    escape_radius: float = 1e3,
) -> LimitCycle: ...
def refine_limit_cycle(
    net: Network,
    guess: ArrayLike,  # (nodes, n)
    period: float,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    steps: int = 512,
    tolerance: float = 1e-11,
    escape_radius: float = 1e3,
) -> LimitCycle: ...
def invariant_circle(
    net: Network | Map,
    start: ArrayLike,  # (n,)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    transient: int = 10000,
    samples: int = 16384,
    max_period: int = 64,
    harmonics: int = 48,
    tolerance: float = 1e-6,
    escape_radius: float = 1e3,
) -> InvariantCircle: ...
