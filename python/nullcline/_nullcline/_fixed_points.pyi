# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Booleans, _Complexes, _Floats, _Integers, _Words
from ._cells import Network
from ._maps import Map

class _States:
    @property
    def states(self) -> _Floats: ...  # (P, n)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (P, n)
    @property
    def time_constants(self) -> _Floats: ...  # (P, n)
    @property
    def frequencies(self) -> _Floats: ...  # (P, n)
    @property
    def unstable(self) -> _Integers: ...  # (P,)
    @property
    def kinds(self) -> _Words: ...  # (P,)
    def __len__(self) -> int: ...

class _Points(_States):
    @property
    def speeds(self) -> _Floats: ...  # (P,)
    @property
    def multiplicity(self) -> _Integers: ...  # (P,)
    @property
    def status(self) -> _Words: ...  # (K,)
    @property
    def point_of_start(self) -> _Integers: ...  # (K,)
    @property
    def iterations(self) -> _Integers: ...  # (K,)
    @property
    def derivatives(self) -> str: ...

class FixedPoints(_Points):
    @property
    def residuals(self) -> _Floats: ...  # (P,)
    @property
    def radii(self) -> _Floats: ...  # (P,)
    @property
    def start_residuals(self) -> _Floats: ...  # (K,)
    @property
    def degrees(self) -> _Integers: ...  # (P,)
    @property
    def degree(self) -> int: ...
    @property
    def certificates(self) -> _Words: ...  # (P,)
    @property
    def certified(self) -> _Booleans: ...  # (P,)
    @property
    def radius_exists(self) -> _Floats: ...  # (P,)
    @property
    def radius_unique(self) -> _Floats: ...  # (P,)
    @property
    def proven_unstable(self) -> _Integers: ...  # (P,)
    @property
    def proven_degrees(self) -> _Integers: ...  # (P,)
    @property
    def proven_distinct(self) -> bool: ...
    @property
    def degree_verdict(self) -> str: ...

class UnseenEstimate:
    @property
    def draws(self) -> int: ...
    @property
    def seen(self) -> int: ...
    @property
    def once(self) -> int: ...
    @property
    def twice(self) -> int: ...
    @property
    def estimate(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...
    @property
    def coverage(self) -> float: ...

class AllFixedPoints(FixedPoints):
    @property
    def completeness(self) -> str: ...
    @property
    def unseen(self) -> UnseenEstimate: ...
    @property
    def bounded(self) -> bool: ...
    @property
    def deflation_only(self) -> int: ...
    @property
    def rounds(self) -> int: ...

class FixedContinuum:
    @property
    def point(self) -> _Floats: ...  # (n,)
    @property
    def directions(self) -> _Floats: ...  # (r, n)
    @property
    def region(self) -> _Booleans: ...  # (K,)
    @property
    def on_border(self) -> bool: ...

class PiecewiseLinearPoints(_States):
    @property
    def residuals(self) -> _Floats: ...  # (P,)
    @property
    def regions(self) -> _Booleans: ...  # (P, K)
    @property
    def on_border(self) -> _Booleans: ...  # (P,)
    @property
    def continua(self) -> list[FixedContinuum]: ...
    @property
    def degrees(self) -> _Integers: ...  # (P,)
    @property
    def degree(self) -> int: ...
    @property
    def complete(self) -> bool: ...
    @property
    def singular(self) -> int: ...
    @property
    def regions_visited(self) -> int: ...
    @property
    def status(self) -> _Words: ...  # (K,)
    @property
    def point_of_start(self) -> _Integers: ...  # (K,)

def fixed_points(
    net: Network | Map,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    starts: ArrayLike,  # (K, n)
    tolerance: float = 1e-12,
    max_iterations: int = 300,
    stall_iterations: int = 16,
    escape_radius: float = 0.0,
    certify: bool = True,
    threads: int = 0,
) -> FixedPoints: ...
def find_all_fixed_points(
    net: Network | Map,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    states: ArrayLike,  # (S, n)
    tolerance: float = 1e-12,
    escape_radius: float = 0.0,
    starts_a_round: int = 256,
    max_starts: int = 8192,
    deflated: int = 16,
    unseen: float = 0.5,
    noise: float = 0.25,
    box: float = 0.0,
    seed: int = 0,
    certify: bool = True,
    threads: int = 0,
) -> AllFixedPoints: ...
def piecewise_linear_points(
    net: Network | Map,
    *,
    input: ArrayLike | None = None,  # (n_in,)
    starts: ArrayLike | None = None,  # (K, n)
    max_kinks: int = 20,
    max_moves: int = 20,
    restarts: int = 10,
    seed: int = 0,
    threads: int = 0,
) -> PiecewiseLinearPoints: ...
