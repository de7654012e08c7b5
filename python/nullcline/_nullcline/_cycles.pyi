# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Booleans, _Complexes, _Floats, _Integers, _Words
from ._cells import Network
from ._maps import Map

class _Cycles:
    @property
    def states(self) -> list[_Floats]: ...  # each (k, n)
    @property
    def multipliers(self) -> _Complexes: ...  # (C, n)
    @property
    def stable(self) -> _Booleans: ...  # (C,)
    @property
    def residuals(self) -> _Floats: ...  # (C,)
    def __len__(self) -> int: ...

class Cycles(_Cycles):
    @property
    def periods(self) -> _Integers: ...  # (C,)
    @property
    def kinds(self) -> _Words: ...  # (C,)
    @property
    def unstable(self) -> _Integers: ...  # (C,)
    @property
    def radii(self) -> _Floats: ...  # (C,)
    @property
    def multiplicity(self) -> _Integers: ...  # (C,)
    @property
    def status(self) -> _Words: ...  # (K,)
    @property
    def cycle_of_start(self) -> _Integers: ...  # (K,)
    @property
    def iterations(self) -> _Integers: ...  # (K,)
    @property
    def start_residuals(self) -> _Floats: ...  # (K,)
    @property
    def derivatives(self) -> str: ...

class PiecewiseLinearCycles(_Cycles):
    @property
    def on_border(self) -> _Booleans: ...  # (C,)
    @property
    def regions(self) -> list[_Booleans]: ...  # each (k, K)
    @property
    def hits(self) -> _Integers: ...  # (C,)
    @property
    def exhaustive(self) -> bool: ...
    @property
    def complete(self) -> bool: ...
    @property
    def sequences(self) -> int: ...

def cycles(
    net: Network | Map,
    period: int,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    starts: ArrayLike | None = None,  # (K, n) or (K, period, n)
    draws: int = 256,
    tolerance: float = 1e-12,
    max_iterations: int = 200,
    escape_radius: float = 0.0,
    seed: int = 0,
    threads: int = 0,
) -> Cycles: ...
def piecewise_linear_cycles(
    net: Network | Map,
    period: int,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    starts: ArrayLike | None = None,  # (K, n)
    exhaustive_bits: int = 20,
    attempts: int = 512,
    max_moves: int = 100,
    seed: int = 0,
    threads: int = 0,
) -> PiecewiseLinearCycles: ...
