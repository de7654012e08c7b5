# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Floats, _Integers, _Words
from ._cells import Network
from ._maps import Map

class AttractorVerdict:
    @property
    def kind(self) -> str: ...
    @property
    def positive(self) -> int: ...
    @property
    def zero(self) -> int: ...
    @property
    def negative(self) -> int: ...
    @property
    def exponents(self) -> _Floats: ...  # (k,)
    @property
    def bars(self) -> _Floats: ...  # (k,)
    @property
    def residual(self) -> float: ...
    @property
    def correction(self) -> float: ...
    @property
    def diameter(self) -> float: ...
    @property
    def period(self) -> float: ...
    @property
    def period_steps(self) -> int: ...
    @property
    def return_distance(self) -> float: ...
    @property
    def closest_return(self) -> float: ...
    @property
    def state(self) -> _Floats: ...  # (n,)

class LyapunovSpectrum:
    @property
    def exponents(self) -> _Floats: ...  # (k,)
    @property
    def standard_errors(self) -> _Floats: ...  # (k,)
    @property
    def kaplan_yorke(self) -> float: ...
    @property
    def kaplan_yorke_error(self) -> float: ...
    @property
    def kaplan_yorke_is_bound(self) -> bool: ...
    @property
    def entropy_rate(self) -> float: ...
    @property
    def entropy_rate_error(self) -> float: ...
    @property
    def resolved(self) -> int: ...
    @property
    def of_orbits(self) -> _Floats: ...  # (U, k)
    @property
    def orbits(self) -> _Integers: ...  # (U,)
    @property
    def history(self) -> _Floats: ...  # (times, k)
    @property
    def times(self) -> _Floats: ...  # (times,)
    @property
    def final_states(self) -> _Floats: ...  # (B, n)
    @property
    def status(self) -> _Words: ...  # (B,)
    @property
    def sum_rule_error(self) -> float: ...
    @property
    def sum_rule_steps(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def interval(self) -> int: ...
    @property
    def derivatives(self) -> str: ...
    @property
    def attractor(self) -> AttractorVerdict | None: ...
    @property
    def verdict(self) -> str | None: ...

class CovariantVectors:
    @property
    def status(self) -> str: ...
    @property
    def resolved(self) -> int: ...
    @property
    def states(self) -> _Floats: ...  # (T, n)
    @property
    def vectors(self) -> _Floats: ...  # (T, k, n)
    @property
    def local_exponents(self) -> _Floats: ...  # (T, k)
    @property
    def angles(self) -> _Floats: ...  # (T, k (k - 1) / 2)
    @property
    def derivatives(self) -> str: ...

def lyapunov_spectrum(
    net: Network | Map,
    start: ArrayLike,  # (B, n) or (n,)
    *,
    input: ArrayLike | None = None,  # (n_in,) or (S, n_in)
    exponents: int = 0,
    steps: int = 10000,
    transient: int = 1000,
    noise: ArrayLike | None = None,  # (n_in,)
    common_noise: bool = False,
    verdict: bool = True,
    longest_period: int = 0,
    error_bar: float = 3.0,
    escape_radius: float = 1e12,
    seed: int = 0,
    threads: int = 0,
) -> LyapunovSpectrum: ...
def attractor_verdict(
    net: Network | Map,
    start: ArrayLike,  # (n,)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    exponents: int = 4,
    steps: int = 20000,
    transient: int = 10000,
    longest_period: int = 20000,
    recurrence: float = 1e-5,
    error_bar: float = 3.0,
    escape_radius: float = 1e12,
    flow: bool | None = None,
    seed: int = 0,
) -> AttractorVerdict: ...
def covariant_vectors(
    net: Network | Map,
    start: ArrayLike,  # (n,)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    vectors: int = 0,
    times: int = 200,
    interval: int = 1,
    transient: int = 1000,
    backward_transient: int = 500,
    escape_radius: float = 1e12,
    seed: int = 0,
) -> CovariantVectors: ...
