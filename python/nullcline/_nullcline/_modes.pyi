# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

from numpy.typing import ArrayLike

from ._types import _Complexes, _Floats, _Integers, _Words
from ._cells import Network
from ._fixed_points import _States
from ._maps import Map

class LinearModes:
    @property
    def eigenvalues(self) -> _Complexes: ...  # (P, n)
    @property
    def right(self) -> _Complexes: ...  # (P, n, n)
    @property
    def left(self) -> _Complexes: ...  # (P, n, n)
    @property
    def conditions(self) -> _Floats: ...  # (P, n)
    @property
    def partners(self) -> _Integers: ...  # (P, n)
    @property
    def time_constants(self) -> _Floats: ...  # (P, n)
    @property
    def frequencies(self) -> _Floats: ...  # (P, n)
    @property
    def status(self) -> _Words: ...  # (P,)
    @property
    def jacobians(self) -> _Floats: ...  # (P, n, n)
    @property
    def input_jacobians(self) -> _Floats: ...  # (P, n, n_in)
    @property
    def departures(self) -> _Floats: ...  # (P,)
    @property
    def norms(self) -> _Floats: ...  # (P,)
    @property
    def peaks(self) -> _Floats: ...  # (P,)
    def response(
        self,
        point: int,
        u: ArrayLike,  # (B, n_in)
        steps: int = 0,
        modes: Sequence[int] | None = None,
    ) -> _Floats: ...  # (B, n)
    def ablate(
        self,
        input: ArrayLike,  # (n_in,)
        readout: ArrayLike,  # (n,)
        steps: int = 0,
        fraction: float = 0.95,
    ) -> ModeAblation: ...
    def __len__(self) -> int: ...

class ModeAblation:
    @property
    def outputs(self) -> _Floats: ...  # (n + 1, P)
    @property
    def mean(self) -> _Floats: ...  # (n + 1,)
    @property
    def standard_error(self) -> _Floats: ...  # (n + 1,)
    @property
    def modes_needed(self) -> int: ...
    @property
    def points(self) -> int: ...

class LinearErrors:
    @property
    def nearest(self) -> _Integers: ...  # (T B,)
    @property
    def one_step(self) -> _Floats: ...  # (T B,)
    @property
    def mean(self) -> _Floats: ...  # (M,)
    @property
    def median(self) -> _Floats: ...  # (M,)
    @property
    def upper(self) -> _Floats: ...  # (M,)
    @property
    def persistence(self) -> _Floats: ...  # (M,)
    @property
    def counts(self) -> _Integers: ...  # (M,)
    @property
    def lost(self) -> _Integers: ...  # (M,)

def linear_modes(
    net: Network | Map,
    points: ArrayLike | _States,  # (P, n)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    readout: ArrayLike | None = None,  # (n,)
    condition_limit: float = 1e7,
    max_steps: int = 200,
    threads: int = 0,
) -> LinearModes: ...
def linear_errors(
    net: Network,
    points: ArrayLike | _States,  # (P, n)
    states: ArrayLike,  # (T, B, n)
    inputs: ArrayLike,  # (T, B, n_in)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    horizon: int = 1,
    threads: int = 0,
) -> LinearErrors: ...
