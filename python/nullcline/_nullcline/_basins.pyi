# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

from numpy.typing import ArrayLike

from ._types import _Booleans, _Floats, _Integers, _Words
from ._cells import Network
from ._cycles import Cycles, PiecewiseLinearCycles
from ._fixed_points import _States
from ._maps import Map

class Basins:
    @property
    def fractions(self) -> _Floats: ...  # (landmarks,)
    @property
    def low(self) -> _Floats: ...  # (landmarks,)
    @property
    def high(self) -> _Floats: ...  # (landmarks,)
    @property
    def orbits(self) -> _Integers: ...  # (landmarks,)
    @property
    def escaped(self) -> tuple[float, float, float]: ...
    @property
    def undecided(self) -> tuple[float, float, float]: ...
    @property
    def not_finite(self) -> tuple[float, float, float]: ...
    @property
    def ends(self) -> _Words: ...  # (B,)
    @property
    def landmark_of_start(self) -> _Integers: ...  # (B,)
    @property
    def steps(self) -> _Integers: ...  # (B,)
    @property
    def states(self) -> _Floats: ...  # (B, n)
    @property
    def new_points(self) -> _Floats: ...  # (U, n)
    @property
    def new_cycles(self) -> list[_Floats]: ...  # each (k, n)

class _Pulses:
    @property
    def origins(self) -> _Integers: ...  # (M,)
    @property
    def pulses(self) -> _Integers: ...  # (M,)
    @property
    def to(self) -> _Integers: ...  # (M,)
    @property
    def ends(self) -> _Words: ...  # (M,)
    def __len__(self) -> int: ...

class Transitions(_Pulses):
    @property
    def new_points(self) -> _Floats: ...  # (U, n)
    @property
    def new_cycles(self) -> list[_Floats]: ...  # each (k, n)

class Thresholds(_Pulses):
    @property
    def found(self) -> _Booleans: ...  # (M,)
    @property
    def below(self) -> _Floats: ...  # (M,)
    @property
    def above(self) -> _Floats: ...  # (M,)

def basins(
    net: Network | Map,
    starts: ArrayLike,  # (B, n)
    *,
    points: ArrayLike | _States | None = None,  # (P, n)
    cycles: Sequence[ArrayLike] | Cycles | PiecewiseLinearCycles | None = None,  # each (k, n)
    curves: Sequence[ArrayLike] | None = None,  # each (S, n)
    input: ArrayLike | None = None,  # (n_in,)
    confidence: float = 0.95,
    max_steps: int = 20000,
    escape_radius: float = 0.0,
    threads: int = 0,
) -> Basins: ...
def transitions(
    net: Network,
    pulses: ArrayLike,  # (R, n_in)
    points: ArrayLike | _States,  # (P, n)
    *,
    cycles: Sequence[ArrayLike] | Cycles | PiecewiseLinearCycles | None = None,  # each (k, n)
    curves: Sequence[ArrayLike] | None = None,  # each (S, n)
    input: ArrayLike | None = None,  # (n_in,)
    duration: int = 1,
    max_steps: int = 20000,
    threads: int = 0,
) -> Transitions: ...
def pulse_thresholds(
    net: Network,
    pulses: ArrayLike,  # (R, n_in)
    points: ArrayLike | _States,  # (P, n)
    *,
    cycles: Sequence[ArrayLike] | Cycles | PiecewiseLinearCycles | None = None,  # each (k, n)
    curves: Sequence[ArrayLike] | None = None,  # each (S, n)
    input: ArrayLike | None = None,  # (n_in,)
    duration: int = 1,
    amplitude_limit: float = 1.0,
    amplitudes: int = 16,
    tolerance: float = 1e-6,
    max_steps: int = 20000,
    threads: int = 0,
) -> Thresholds: ...
