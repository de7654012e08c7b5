# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Booleans, _Complexes, _Floats, _Integers
from ._cells import Network
from ._fixed_points import _States
from ._maps import Map

class LineSpectra:
    @property
    def theta(self) -> _Floats: ...  # (S,)
    @property
    def states(self) -> _Floats: ...  # (S, n)
    @property
    def tangents(self) -> _Floats: ...  # (S, n)
    @property
    def leading(self) -> _Complexes: ...  # (S,)
    @property
    def second_moduli(self) -> _Floats: ...  # (S,)
    @property
    def right(self) -> _Floats: ...  # (S, n)
    @property
    def left(self) -> _Floats: ...  # (S, n)
    @property
    def overlaps(self) -> _Floats: ...  # (S,)
    @property
    def input_selection(self) -> _Floats: ...  # (S, q)
    @property
    def finite(self) -> _Booleans: ...  # (S,)

class DriftZero:
    @property
    def theta(self) -> float: ...
    @property
    def stable(self) -> bool: ...
    @property
    def time_constant(self) -> float: ...

class LineDrift:
    @property
    def theta(self) -> _Floats: ...  # (D,)
    @property
    def velocities(self) -> _Floats: ...  # (D,)
    @property
    def floor(self) -> float: ...
    @property
    def zeros(self) -> list[DriftZero]: ...
    @property
    def leaves_at_begin(self) -> bool: ...
    @property
    def leaves_at_end(self) -> bool: ...
    @property
    def standing(self) -> float: ...

class LineAttractor:
    @property
    def verdict(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def distinct(self) -> int: ...
    @property
    def chain_fraction(self) -> float: ...
    @property
    def local_dimension(self) -> float: ...
    @property
    def aspect_ratio(self) -> float: ...
    @property
    def slow_fraction(self) -> float: ...
    @property
    def marginal_fraction(self) -> float: ...
    @property
    def closed(self) -> bool: ...
    @property
    def length(self) -> float: ...
    @property
    def thickness(self) -> float: ...
    @property
    def members(self) -> _Integers: ...  # (Q,)
    @property
    def theta(self) -> _Floats: ...  # (Q,)
    @property
    def speeds(self) -> _Floats: ...  # (P,)
    @property
    def axis(self) -> _Floats: ...  # (n,)
    @property
    def variance_explained(self) -> float: ...
    @property
    def readout_alignment(self) -> float: ...
    @property
    def input_alignments(self) -> _Floats: ...  # (q,)
    @property
    def null_overlap(self) -> float: ...
    @property
    def spectra(self) -> LineSpectra: ...
    @property
    def drift(self) -> LineDrift: ...
    @property
    def derivatives(self) -> str: ...

def line_attractor(
    net: Network | Map,
    points: ArrayLike | _States,  # (P, n)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    readout: ArrayLike | None = None,  # (n,)
    input_effects: ArrayLike | None = None,  # (q, n)
    neighbors: int = 0,
    samples: int = 33,
    drift_samples: int = 257,
    drift_tolerance: float = 1e-6,
    min_points: int = 8,
    largest_gap: float = 0.2,
    fraction: float = 0.8,
    aspect_ratio: float = 10.0,
    marginal: float = 0.1,
    slow_ratio: float = 1 / 3,
    threads: int = 0,
) -> LineAttractor: ...
