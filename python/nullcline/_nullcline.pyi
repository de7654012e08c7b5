# SPDX-License-Identifier: Apache-2.0
"""Types of the compiled part; its docstrings say what things are.

The letters of shapes: T steps, B trials, n units, n_in, n_out inputs and outputs, K starts, P
points, C cycles, k steps of a cycle or exponents, N nodes and E edges of a graph, d dimensions.
"""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Complexes = NDArray[np.complex128]
_Integers = NDArray[np.int64]
_Words = NDArray[np.str_]
_Booleans = NDArray[np.bool_]
_Path = str | PathLike[str]
_Trials = ArrayLike | Sequence[ArrayLike]

__version__: str

class Error(ValueError):
    path: str
    field: str
    found: str
    expected: str

class Dataset:
    @property
    def arrays(self) -> dict[str, NDArray[Any]]: ...
    @property
    def attributes(self) -> dict[str, Any]: ...

class Simulation:
    @property
    def states(self) -> _Floats: ...  # (T, B, n)
    @property
    def outputs(self) -> _Floats: ...  # (T, B, n_out)

class Network:
    def __init__(
        self,
        cell: str,
        parameters: Mapping[str, ArrayLike],
        settings: Mapping[str, Any] = ...,
    ) -> None: ...
    @staticmethod
    def rate(
        recurrent: ArrayLike,  # (n, n)
        *,
        input: ArrayLike | None = None,  # (n, n_in)
        readout: ArrayLike | None = None,  # (n_out, n)
        bias: ArrayLike | None = None,  # (n,)
        readout_bias: ArrayLike | None = None,  # (n_out,)
        activation: str = "tanh",
        theta: float = 0.0,
        tau: float = 0.1,
        dt: float = 0.01,
        sigma: float = 0.0,
        form: Literal["rate", "current"] = "rate",
        method: Literal["euler", "heun"] = "euler",
    ) -> Network: ...
    @staticmethod
    def plrnn(
        diagonal: ArrayLike,  # (n,)
        recurrent: ArrayLike,  # (n, n)
        bias: ArrayLike | None = None,  # (n,)
        *,
        below: float = 0.0,
        dt: float = 1.0,
    ) -> PiecewiseLinearMap: ...
    @staticmethod
    def from_torch(
        module: Any,  # torch.nn.RNN, GRU, LSTM, RNNCell, GRUCell, LSTMCell
        readout: Any = None,  # torch.nn.Linear
        *,
        embedding: Any = None,  # torch.nn.Embedding
        dt: float = 0.01,
    ) -> Network: ...
    @property
    def cell(self) -> str: ...
    @property
    def settings(self) -> dict[str, Any]: ...
    @property
    def parameters(self) -> dict[str, _Floats]: ...
    @property
    def recurrent_weights(self) -> dict[str, _Floats]: ...  # (n, n) each
    @property
    def input_weights(self) -> dict[str, _Floats]: ...  # (n, m) each
    @property
    def state_dim(self) -> int: ...
    @property
    def input_dim(self) -> int: ...
    @property
    def output_dim(self) -> int: ...
    @property
    def dt(self) -> float: ...
    def run(
        self,
        u: ArrayLike,  # (T, B, n_in)
        start: ArrayLike | None = None,  # (B, n) or (n,)
        seed: int | None = None,
    ) -> Simulation: ...

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

class ConnectionGraph:
    def __init__(
        self,
        unstable: ArrayLike,  # (N,)
        edges: ArrayLike,  # (E, 2)
        weights: ArrayLike | None = None,  # (E,)
        labels: ArrayLike | None = None,  # (N, m)
        cycle: ArrayLike | None = None,  # (N,)
    ) -> None: ...
    @property
    def unstable(self) -> _Integers: ...  # (N,)
    @property
    def cycle(self) -> _Booleans: ...  # (N,)
    @property
    def labels(self) -> _Integers: ...  # (N, m)
    @property
    def edges(self) -> _Integers: ...  # (E, 2)
    @property
    def weights(self) -> _Floats: ...  # (E,)
    def hash(self, labels: bool = False, max_leaves: int = 10000) -> int: ...
    def to_dot(self) -> str: ...
    def __len__(self) -> int: ...

class Connections:
    @property
    def graph(self) -> ConnectionGraph: ...
    @property
    def edges(self) -> _Integers: ...  # (E, 2)
    @property
    def found(self) -> _Words: ...  # (E,)
    @property
    def orbits(self) -> _Integers: ...  # (E,)
    @property
    def fractions(self) -> _Floats: ...  # (E,)
    @property
    def departures(self) -> dict[str, _Integers]: ...
    @property
    def new_points(self) -> _Floats: ...  # (U, n)
    @property
    def new_cycles(self) -> list[_Floats]: ...  # each (k, n)
    @property
    def new_saddles(self) -> _Floats: ...  # (S, n)
    def to_dot(self) -> str: ...

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

class SpecialPoint:
    @property
    def kind(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def parameter(self) -> float: ...
    @property
    def state(self) -> _Floats: ...  # (n,)
    @property
    def tangent(self) -> _Floats: ...  # (n + 1,)
    @property
    def arclength(self) -> float: ...
    @property
    def eigenvalue(self) -> complex: ...
    @property
    def frequency(self) -> float: ...
    @property
    def curvature(self) -> float: ...
    @property
    def criticality(self) -> str: ...
    @property
    def normal_form(self) -> float: ...
    @property
    def crossing(self) -> str: ...
    @property
    def second_tangent(self) -> _Floats: ...  # (n + 1,) or (0,)
    @property
    def junction(self) -> int: ...

class Branch:
    @property
    def period(self) -> int: ...
    @property
    def states(self) -> _Floats: ...  # (P, n)
    @property
    def parameters(self) -> _Floats: ...  # (P,)
    @property
    def arclength(self) -> _Floats: ...  # (P,)
    @property
    def tangents(self) -> _Floats: ...  # (P, n + 1)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (P, n)
    @property
    def unstable(self) -> _Integers: ...  # (P,)
    @property
    def hessian_eigenvalues(self) -> _Floats: ...  # (P, n)
    @property
    def smallest_hessian(self) -> _Floats: ...  # (P,)
    @property
    def special(self) -> list[SpecialPoint]: ...
    @property
    def start(self) -> int: ...
    @property
    def first_end(self) -> str: ...
    @property
    def last_end(self) -> str: ...
    @property
    def origin(self) -> int: ...
    @property
    def derivatives(self) -> str: ...
    def __len__(self) -> int: ...

class Junction:
    @property
    def kind(self) -> str: ...
    @property
    def period(self) -> int: ...
    @property
    def parameter(self) -> float: ...
    @property
    def state(self) -> _Floats: ...  # (n,)
    @property
    def branches(self) -> _Integers: ...

class Diagram:
    @property
    def branches(self) -> list[Branch]: ...
    @property
    def junctions(self) -> list[Junction]: ...
    @property
    def branch_of_start(self) -> _Integers: ...  # (K,)
    @property
    def complete(self) -> bool: ...

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

class EntropyProduction:
    @property
    def status(self) -> str: ...
    @property
    def rate(self) -> float: ...
    @property
    def asymmetry(self) -> float: ...
    @property
    def covariance(self) -> _Floats: ...  # (n, n)
    @property
    def reversed_jacobian(self) -> _Floats: ...  # (n, n)
    @property
    def reversed_noise(self) -> _Floats: ...  # (n, n)

class Contraction:
    @property
    def log_volumes(self) -> _Floats: ...  # (P,)
    @property
    def divergences(self) -> _Floats: ...  # (P,)
    @property
    def finite(self) -> _Booleans: ...  # (P,)
    @property
    def derivatives(self) -> str: ...

class Funnel:
    @property
    def passing(self) -> _Integers: ...  # (P,)
    @property
    def ending(self) -> _Integers: ...  # (P,)
    @property
    def end_point(self) -> _Integers: ...  # (B,)
    @property
    def dwell(self) -> _Floats: ...  # (P,)
    @property
    def spread_before(self) -> _Floats: ...  # (P,)
    @property
    def spread_after(self) -> _Floats: ...  # (P,)
    @property
    def log_contraction(self) -> _Floats: ...  # (P,)

class Pca:
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def basis(self) -> _Floats: ...  # (n, d)
    @property
    def variances(self) -> _Floats: ...  # (d,)
    @property
    def explained(self) -> _Floats: ...  # (d,)
    @property
    def total_variance(self) -> float: ...
    @property
    def method(self) -> str: ...
    @property
    def unseen_variance(self) -> float: ...
    def project(self, X: ArrayLike) -> _Floats: ...  # (T, n) to (T, d)

class Similarity:
    @property
    def distance(self) -> float: ...
    @property
    def score(self) -> float: ...
    @property
    def correlations(self) -> _Floats: ...
    @property
    def matches(self) -> _Integers: ...
    @property
    def dims(self) -> tuple[int, int]: ...
    @property
    def defined(self) -> bool: ...
    @property
    def gap(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def alignment(self) -> DsaAlignment | None: ...

class ComparisonPlan:
    @property
    def pairs(self) -> int: ...
    @property
    def block(self) -> int: ...
    @property
    def blocks(self) -> int: ...
    @property
    def bytes(self) -> float: ...

class SubspaceAngles:
    @property
    def angles(self) -> _Floats: ...  # (k,)
    @property
    def null_mean(self) -> _Floats: ...  # (k,)
    @property
    def null_low(self) -> _Floats: ...  # (k,)
    @property
    def null_high(self) -> _Floats: ...  # (k,)
    @property
    def p_closer(self) -> _Floats: ...  # (k,)
    @property
    def overlap(self) -> float: ...
    @property
    def p_overlap(self) -> float: ...
    @property
    def exact(self) -> bool: ...
class Jpca:
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def condition_mean(self) -> _Floats: ...  # (T, n)
    @property
    def basis(self) -> _Floats: ...  # (n, k)
    @property
    def skew(self) -> _Floats: ...  # (k, k)
    @property
    def full(self) -> _Floats: ...  # (k, k)
    @property
    def skew_r2(self) -> float: ...
    @property
    def full_r2(self) -> float: ...
    @property
    def planes(self) -> _Floats: ...  # (n, 2 P)
    @property
    def frequencies(self) -> _Floats: ...  # (P,)
    @property
    def explained(self) -> _Floats: ...  # (P,)
    def project(self, X: _Trials) -> list[_Floats]: ...

class SlowFeatures:
    @property
    def deltas(self) -> _Floats: ...  # (d,)
    @property
    def weights(self) -> _Floats: ...  # (m, d)
    @property
    def rank(self) -> int: ...
    def project(self, X: ArrayLike) -> _Floats: ...

class Lle:
    @property
    def embedding(self) -> _Floats: ...  # (P, dim)
    @property
    def eigenvalues(self) -> _Floats: ...  # (dim,)
    @property
    def components(self) -> int: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...

class DimensionEstimate:
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def points(self) -> int: ...

class Dimension:
    @property
    def variances(self) -> _Floats: ...
    @property
    def participation_ratio(self) -> float: ...
    @property
    def at_threshold(self) -> list[int]: ...
    @property
    def parallel(self) -> int: ...
    @property
    def null_variances(self) -> _Floats: ...
    @property
    def two_nn(self) -> DimensionEstimate: ...
    @property
    def mle(self) -> DimensionEstimate: ...

class Marginalization:
    @property
    def variables(self) -> list[int]: ...
    @property
    def with_time(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def variance(self) -> float: ...
    @property
    def encoder(self) -> _Floats: ...  # (n, q)
    @property
    def decoder(self) -> _Floats: ...  # (n, q)
    @property
    def explained(self) -> _Floats: ...  # (q,)
    @property
    def explained_by(self) -> _Floats: ...  # (q, marginalizations)

class Dpca:
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def conditions(self) -> _Integers: ...  # (C, F)
    @property
    def trials(self) -> list[int]: ...
    @property
    def averages(self) -> _Floats: ...  # (C, T, n)
    @property
    def parts(self) -> list[_Floats]: ...
    @property
    def marginalizations(self) -> list[Marginalization]: ...
    def with_components(self, components: int = 3, ridge: float = 1e-6) -> Dpca: ...

class DpcaRidge:
    @property
    def best(self) -> float: ...
    @property
    def ridges(self) -> _Floats: ...
    @property
    def errors(self) -> _Floats: ...  # (ridges,)
    @property
    def standard_error(self) -> _Floats: ...  # (ridges,)

class SplitHalf:
    @property
    def variance(self) -> _Floats: ...  # (marginalizations,)
    @property
    def reliability(self) -> _Floats: ...  # (marginalizations,)
    @property
    def splits(self) -> int: ...

class Linkage:
    @property
    def merges(self) -> _Floats: ...  # (K - 1, 4)
    @property
    def order(self) -> _Integers: ...  # (K,)

class Landmarks:
    @property
    def points(self) -> _Integers: ...  # (count,)
    @property
    def covering_radius(self) -> float: ...

class RepairedCovariances:
    @property
    def lags(self) -> _Floats: ...  # (lags, n, n)
    @property
    def smallest_eigenvalue(self) -> float: ...
    @property
    def added_variance(self) -> float: ...
    @property
    def taper(self) -> float: ...
    @property
    def changed(self) -> bool: ...

class RandomAngles:
    @property
    def mean(self) -> _Floats: ...  # (min(p, q),)
    @property
    def quantiles(self) -> _Floats: ...  # (min(p, q), probabilities)

class EigenvalueChange:
    @property
    def known(self) -> bool: ...
    @property
    def before(self) -> _Complexes: ...  # (n,)
    @property
    def after(self) -> _Complexes: ...  # (n,)
    @property
    def distances(self) -> _Floats: ...  # (n,)
    @property
    def radius(self) -> float: ...
    @property
    def moved(self) -> int: ...
    @property
    def outside(self) -> int: ...
    @property
    def participation(self) -> float: ...

class DcaAttempt:
    @property
    def kind(self) -> str: ...
    @property
    def predictive_information(self) -> float: ...
    @property
    def gradient_norm(self) -> float: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def maximum(self) -> int: ...

class DcaMaximum:
    @property
    def predictive_information(self) -> float: ...
    @property
    def starts(self) -> int: ...
    @property
    def angles(self) -> _Floats: ...  # (d,)
    @property
    def projection(self) -> _Floats: ...  # (n, d)

class DcaCrossValidation:
    @property
    def windows(self) -> list[int]: ...
    @property
    def held_out(self) -> _Floats: ...  # (windows, max_dim)
    @property
    def standard_error(self) -> _Floats: ...  # (windows, max_dim)
    @property
    def fitted(self) -> _Floats: ...  # (windows, max_dim)
    @property
    def dim(self) -> int: ...
    @property
    def window(self) -> int: ...
    @property
    def by_trials(self) -> bool: ...

class DcaNull:
    @property
    def predictive_information(self) -> float: ...
    @property
    def values(self) -> _Floats: ...
    @property
    def p_value(self) -> float: ...

class Dca:
    @property
    def projection(self) -> _Floats: ...  # (n, d)
    @property
    def mean(self) -> _Floats: ...  # (n,)
    @property
    def predictive_information(self) -> float: ...
    @property
    def variances(self) -> _Floats: ...  # (d,)
    @property
    def total_variance(self) -> float: ...
    @property
    def added_variance(self) -> float: ...
    @property
    def repair_variance(self) -> float: ...
    @property
    def repair_taper(self) -> float: ...
    @property
    def rank(self) -> int: ...
    @property
    def attempts(self) -> list[DcaAttempt]: ...
    @property
    def maxima(self) -> list[DcaMaximum]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...
    def project(self, X: ArrayLike) -> _Floats: ...  # (T, n) to (T, d)

class ClassicalMds:
    @property
    def points(self) -> _Floats: ...  # (K, dim)
    @property
    def eigenvalues(self) -> _Floats: ...  # (K,)
    @property
    def positive(self) -> int: ...
    @property
    def explained(self) -> float: ...
    @property
    def negative_part(self) -> float: ...

class SmacofAttempt:
    @property
    def kind(self) -> str: ...
    @property
    def stress(self) -> _Floats: ...
    @property
    def step(self) -> float: ...
    @property
    def status(self) -> str: ...

class Smacof:
    @property
    def points(self) -> _Floats: ...  # (K, dim)
    @property
    def stress(self) -> float: ...
    @property
    def stress_1(self) -> float: ...
    @property
    def attempts(self) -> list[SmacofAttempt]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...

class Silhouette:
    @property
    def values(self) -> _Floats: ...  # (K,)
    @property
    def mean(self) -> float: ...
    @property
    def classes(self) -> NDArray[Any]: ...
    @property
    def class_means(self) -> _Floats: ...  # (classes,)

class Permanova:
    @property
    def pseudo_f(self) -> float: ...
    @property
    def r_squared(self) -> float: ...
    @property
    def total(self) -> float: ...
    @property
    def within(self) -> float: ...
    @property
    def degrees_between(self) -> int: ...
    @property
    def degrees_within(self) -> int: ...
    @property
    def p_value(self) -> float: ...

class NeighborAccuracy:
    @property
    def accuracy(self) -> float: ...
    @property
    def credits(self) -> _Floats: ...  # (K,)
    @property
    def balanced_accuracy(self) -> float: ...
    @property
    def chance(self) -> float: ...
    @property
    def chance_deviation(self) -> float: ...
    @property
    def p_value(self) -> float: ...

class HankelDmd:
    @property
    def A(self) -> _Floats: ...  # (r, r)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (r,)
    @property
    def basis(self) -> _Floats: ...  # (n delays, r)
    @property
    def singular_values(self) -> _Floats: ...
    @property
    def rank(self) -> int: ...
    @property
    def explained(self) -> float: ...
    @property
    def relative_error(self) -> float: ...

class DsaBounds:
    @property
    def symmetric_skew(self) -> float: ...
    @property
    def hoffman_wielandt(self) -> float: ...
    @property
    def eigenvalues(self) -> float: ...
    @property
    def departure_A(self) -> float: ...
    @property
    def departure_B(self) -> float: ...

class DsaAttempt:
    @property
    def kind(self) -> str: ...
    @property
    def determinant(self) -> int: ...
    @property
    def distance(self) -> float: ...
    @property
    def gradient_norm(self) -> float: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...

class DsaAlignment:
    @property
    def distance(self) -> float: ...
    @property
    def distance_bound(self) -> float: ...
    @property
    def distance_gap(self) -> float: ...
    @property
    def angle(self) -> float: ...
    @property
    def angle_bound(self) -> float: ...
    @property
    def angle_gap(self) -> float: ...
    @property
    def bounds(self) -> DsaBounds: ...
    @property
    def C(self) -> _Floats: ...  # (n, n)
    @property
    def attempts(self) -> list[DsaAttempt]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...

class Dsa:
    @property
    def X(self) -> HankelDmd: ...
    @property
    def Y(self) -> HankelDmd: ...
    @property
    def alignment(self) -> DsaAlignment: ...

class HomologySize:
    @property
    def points(self) -> int: ...
    @property
    def max_edge(self) -> float: ...
    @property
    def complete(self) -> bool: ...
    @property
    def edges(self) -> int: ...
    @property
    def kept_edges(self) -> int: ...
    @property
    def simplices(self) -> int: ...
    @property
    def bytes(self) -> float: ...

class BettiNumbers:
    @property
    def numbers(self) -> list[int]: ...
    @property
    def threshold(self) -> float: ...

class PersistentHomology:
    @property
    def diagrams(self) -> list[_Floats]: ...  # (m, 2) each
    @property
    def landmarks(self) -> _Integers: ...
    @property
    def covering_radius(self) -> float: ...
    @property
    def size(self) -> HomologySize: ...
    def betti_at(self, scale: float) -> list[int]: ...
    def betti(self, sampling_radius: float = 0.0) -> BettiNumbers: ...

class Departure:
    @property
    def known(self) -> bool: ...
    @property
    def frobenius(self) -> float: ...
    @property
    def operator_norm(self) -> float: ...
    @property
    def real_frobenius(self) -> float: ...
    @property
    def real_operator_norm(self) -> float: ...
    @property
    def matrix_frobenius(self) -> float: ...

class Centralities:
    @property
    def in_strength(self) -> _Floats: ...  # (n,)
    @property
    def out_strength(self) -> _Floats: ...  # (n,)
    @property
    def eigenvector(self) -> _Floats: ...  # (n,)
    @property
    def katz(self) -> _Floats: ...  # (n,)
    @property
    def katz_alpha(self) -> float: ...
    @property
    def pagerank(self) -> _Floats: ...  # (n,)
    @property
    def spectral_radius(self) -> float: ...
    @property
    def strongly_connected(self) -> bool: ...
    @property
    def status(self) -> dict[str, str]: ...

class Weights:
    @property
    def known(self) -> bool: ...
    @property
    def mean(self) -> float: ...
    @property
    def standard_deviation(self) -> float: ...
    @property
    def minimum(self) -> float: ...
    @property
    def maximum(self) -> float: ...
    @property
    def positive_fraction(self) -> float: ...
    @property
    def histogram(self) -> _Integers: ...  # (bins,)
    @property
    def singular_values(self) -> _Floats: ...  # (n,)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (n,)
    @property
    def frobenius_norm(self) -> float: ...
    @property
    def participation_ratio(self) -> float: ...
    @property
    def effective_rank(self) -> int: ...
    @property
    def departure(self) -> Departure: ...
    @property
    def centralities(self) -> Centralities: ...

class Connectivity:
    @property
    def before(self) -> Weights: ...
    @property
    def after(self) -> Weights: ...
    @property
    def change(self) -> Weights: ...
    @property
    def edges(self) -> _Floats: ...  # (bins + 1,)
    @property
    def probabilities(self) -> _Floats: ...  # (101,)
    @property
    def absolute_quantiles(self) -> _Floats: ...  # (101,)
    @property
    def changed_fraction(self) -> float: ...
    @property
    def relative_change(self) -> float: ...
    @property
    def diagonal_included(self) -> bool: ...

class ChangeRank:
    @property
    def known(self) -> bool: ...
    @property
    def rank(self) -> int: ...
    @property
    def singular_values(self) -> _Floats: ...  # (tests,)
    @property
    def null_means(self) -> _Floats: ...  # (tests,)
    @property
    def null_maxima(self) -> _Floats: ...  # (tests,)
    @property
    def p_values(self) -> _Floats: ...  # (tests,)

class Overlap:
    @property
    def dim(self) -> int: ...
    @property
    def energy(self) -> float: ...
    @property
    def expected(self) -> float: ...
    @property
    def projections(self) -> _Floats: ...  # (k,)
    @property
    def p_values(self) -> _Floats: ...  # (k,)

class Alignment:
    @property
    def known(self) -> bool: ...
    @property
    def singular_values(self) -> _Floats: ...  # (k,)
    @property
    def writes_to_readout(self) -> Overlap: ...
    @property
    def writes_to_inputs(self) -> Overlap: ...
    @property
    def reads_from_readout(self) -> Overlap: ...
    @property
    def reads_from_inputs(self) -> Overlap: ...

class Pseudospectrum:
    @property
    def known(self) -> bool: ...
    @property
    def real(self) -> _Floats: ...  # (resolution,)
    @property
    def imaginary(self) -> _Floats: ...  # (resolution,)
    @property
    def distance(self) -> _Floats: ...  # (resolution, resolution)
    @property
    def eigenvalues(self) -> _Complexes: ...  # (n,)
    @property
    def norm(self) -> float: ...

class Kreiss:
    @property
    def known(self) -> bool: ...
    @property
    def constant(self) -> float: ...
    @property
    def point(self) -> complex: ...
    @property
    def upper_bound(self) -> float: ...
    @property
    def spectral(self) -> float: ...

class TriadCensus:
    @property
    def names(self) -> list[str]: ...  # (16,)
    @property
    def density(self) -> float: ...
    @property
    def counts(self) -> _Integers: ...  # (16,)
    @property
    def null_mean(self) -> _Floats: ...  # (16,)
    @property
    def null_sd(self) -> _Floats: ...  # (16,)
    @property
    def p_values(self) -> _Floats: ...  # (16,)

class Blocks:
    @property
    def sizes(self) -> _Integers: ...  # (g,)
    @property
    def density(self) -> _Floats: ...  # (g, g)
    @property
    def mean(self) -> _Floats: ...  # (g, g)
    @property
    def strength(self) -> _Floats: ...  # (g, g)
    @property
    def modularity(self) -> float: ...
    @property
    def p_value(self) -> float: ...

class MetricDistances:
    @property
    def affine_invariant(self) -> _Floats: ...  # (K, S)
    @property
    def spectral_ratio(self) -> _Floats: ...  # (K, S)
    @property
    def ratios(self) -> _Floats: ...  # (K, S, m)
    @property
    def status(self) -> _Words: ...  # (K, S)

class MeanMetric:
    @property
    def metric(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def distances(self) -> _Floats: ...  # (K, S, N)
    @property
    def dispersion(self) -> _Floats: ...  # (K, S)
    @property
    def residual(self) -> _Floats: ...  # (K, S)
    @property
    def converged(self) -> _Booleans: ...  # (K, S)
    @property
    def status(self) -> _Words: ...  # (K, S)

class NetworkDistances:
    @property
    def affine_invariant(self) -> _Floats: ...  # (S, N, N)
    @property
    def spectral_ratio(self) -> _Floats: ...  # (S, N, N)

class DistancesOverTime:
    @property
    def affine_invariant(self) -> _Floats: ...  # (S, S)
    @property
    def spectral_ratio(self) -> _Floats: ...  # (S, S)

class TangentAlignment:
    @property
    def cosines(self) -> _Floats: ...  # (K, S, m, p)
    @property
    def norm(self) -> _Floats: ...  # (K, S, m)
    @property
    def part(self) -> _Floats: ...  # (K, S, m)

class WarpIndices:
    @property
    def boundary_stretch(self) -> _Floats: ...  # (S,)
    @property
    def compression(self) -> _Floats: ...  # (S,)

class NeuronEllipse:
    @property
    def points(self) -> _Floats: ...  # (n, 2)
    @property
    def second_moment(self) -> _Floats: ...  # (2, 2)
    @property
    def mean(self) -> _Floats: ...  # (2,)
    @property
    def covariance(self) -> _Floats: ...  # (2, 2)
    @property
    def axes(self) -> _Floats: ...  # (2,)
    @property
    def angle(self) -> float: ...

class MetricChange:
    @property
    def metric(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def metric_change(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def state_change(self) -> _Floats: ...  # (K, S, n)
    @property
    def tangent_change(self) -> _Floats: ...  # (K, S, m, n)
    @property
    def derivatives(self) -> str: ...

class SpaceTime:
    @property
    def tangents(self) -> _Floats: ...  # (K, S, m + 1, n)
    @property
    def second(self) -> _Floats | None: ...  # (K, S, (m + 1) (m + 2) / 2, n)

class InputManifold:
    def __init__(
        self,
        u: ArrayLike,  # (K, T, n_in)
        du: ArrayLike,  # (K, m, T, n_in)
        d2u: ArrayLike | None = None,  # (K, m (m + 1) / 2, T, n_in) or (K, m, m, T, n_in)
    ) -> None: ...
    @property
    def points(self) -> int: ...
    @property
    def dim(self) -> int: ...
    @property
    def steps(self) -> int: ...

class MetricLoss:
    @property
    def loss(self) -> float: ...
    @property
    def gradients(self) -> dict[str, _Floats]: ...
    @property
    def metric(self) -> _Floats: ...  # (K, T, m, m)

class PullbackMetric:
    @property
    def metric(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def readout_metric(self) -> _Floats | None: ...  # (K, S, m, m)
    @property
    def time(self) -> _Floats: ...  # (S,)
    @property
    def eigenvalues(self) -> _Floats: ...  # (K, S, m)
    @property
    def volume(self) -> _Floats: ...  # (K, S)
    @property
    def condition(self) -> _Floats: ...  # (K, S)
    @property
    def effective_dim(self) -> _Floats: ...  # (K, S)
    @property
    def stretch(self) -> _Floats: ...  # (K, S, m)
    @property
    def cosines(self) -> _Floats: ...  # (K, S, m (m - 1) / 2)
    @property
    def status(self) -> _Words: ...  # (K, S)
    @property
    def states(self) -> _Floats: ...  # (K, S, n)
    @property
    def velocities(self) -> _Floats: ...  # (K, S, n)
    @property
    def tangents(self) -> _Floats: ...  # (K, S, m, n)

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

class GeodesicRays:
    @property
    def points(self) -> _Floats: ...  # (B, intervals + 1, m)
    @property
    def velocities(self) -> _Floats: ...  # (B, intervals + 1, m)
    @property
    def frames(self) -> _Floats: ...  # (B, intervals + 1, r, m)
    @property
    def ends(self) -> _Floats: ...  # (B, m)
    @property
    def reached(self) -> _Floats: ...  # (B,)
    @property
    def error(self) -> _Floats: ...  # (B,)
    @property
    def status(self) -> _Words: ...  # (B,)

class Geodesic:
    @property
    def winding(self) -> list[int]: ...
    @property
    def path(self) -> _Floats: ...  # (P + 1, m)
    @property
    def length(self) -> float: ...
    @property
    def error(self) -> float: ...
    @property
    def start_velocity(self) -> _Floats: ...  # (m,)
    @property
    def end_velocity(self) -> _Floats: ...  # (m,)
    @property
    def minimum(self) -> bool: ...
    @property
    def segments(self) -> int: ...
    @property
    def iterations(self) -> int: ...
    @property
    def status(self) -> str: ...

class GeodesicSearch:
    @property
    def all(self) -> list[Geodesic]: ...
    @property
    def shortest(self) -> Geodesic | None: ...

class RefinedPair:
    @property
    def points(self) -> tuple[int, int]: ...
    @property
    def along_grid(self) -> float: ...
    @property
    def geodesic(self) -> Geodesic: ...

class GeodesicDistances:
    @property
    def lengths(self) -> _Floats: ...  # (K, K)
    @property
    def kappa(self) -> _Floats: ...  # (K, m)
    @property
    def pairs(self) -> list[RefinedPair]: ...
    @property
    def mean_excess(self) -> float: ...
    @property
    def largest_excess(self) -> float: ...
    @property
    def unchecked(self) -> int: ...

class Transport:
    @property
    def vectors(self) -> _Floats: ...  # (r, m)
    @property
    def reached(self) -> float: ...
    @property
    def error(self) -> float: ...
    @property
    def status(self) -> str: ...

class Curvature:
    @property
    def gaussian(self) -> _Floats | None: ...  # (K, S)
    @property
    def scalar(self) -> _Floats: ...  # (K, S)
    @property
    def sectional(self) -> _Floats: ...  # (K, S, m (m - 1) / 2)
    @property
    def ricci(self) -> _Floats: ...  # (K, S, m, m)
    @property
    def mean_curvature(self) -> _Floats: ...  # (K, S, n)
    @property
    def second(self) -> _Floats: ...  # (K, S, m (m + 1) / 2, n)
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> _Floats: ...  # (K, S)

class LegacyCurvature:
    @property
    def values(self) -> _Floats: ...  # (K,)
    @property
    def difference(self) -> _Floats: ...  # (K,)
    @property
    def largest_difference(self) -> float: ...
    @property
    def where(self) -> int: ...

class Gridlines:
    @property
    def positions(self) -> _Floats: ...  # (K, m)
    @property
    def defect(self) -> _Floats: ...  # (K,)
    @property
    def obliqueness(self) -> _Floats: ...  # (K,)
    @property
    def net_defect(self) -> _Floats: ...  # (K, m)

class Immersion:
    @property
    def smallest(self) -> float: ...
    @property
    def where(self) -> int: ...
    @property
    def degenerate(self) -> int: ...
    @property
    def not_finite(self) -> int: ...
    @property
    def immersed(self) -> bool: ...

class Injectivity:
    @property
    def smallest(self) -> float: ...
    @property
    def pair(self) -> tuple[int, int]: ...
    @property
    def chord(self) -> float: ...
    @property
    def distance(self) -> float: ...
    @property
    def pairs(self) -> int: ...

class RankHistory:
    @property
    def ranks(self) -> _Integers: ...  # (K, S)
    @property
    def conditions(self) -> _Floats: ...  # (K, S)
    @property
    def last_input(self) -> int: ...
    @property
    def changes(self) -> int: ...

class StudiedNetwork:
    @property
    def id(self) -> str: ...
    @property
    def population(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def file(self) -> Path: ...
    @property
    def analyses(self) -> dict[str, Path]: ...

class Recording:
    @property
    def trials(self) -> list[_Floats]: ...  # (T_i, n)
    @property
    def starts(self) -> _Floats: ...  # (trials,)
    @property
    def step(self) -> float: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def unit(self) -> str: ...
    @property
    def source(self) -> str: ...

class Run:
    @property
    def directory(self) -> Path: ...
    @property
    def networks(self) -> list[StudiedNetwork]: ...
    @property
    def joins(self) -> dict[str, Path]: ...
    @property
    def catalog(self) -> list[dict[str, Any]]: ...
    @property
    def report(self) -> Path | None: ...
    @property
    def trained(self) -> int: ...
    @property
    def analyzed(self) -> int: ...
    @property
    def reused(self) -> int: ...
    @property
    def failures(self) -> list[str]: ...

def read(path: _Path) -> Dataset: ...
def convert(source: _Path, target: _Path) -> None: ...
def load(path: _Path, prefix: str = "parameters") -> Network: ...
def save(path: _Path, network: Network) -> None: ...
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
def connections(
    net: Network | Map,
    points: ArrayLike | _States,  # (P, n)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    cycles: Sequence[ArrayLike] | Cycles | PiecewiseLinearCycles | None = None,  # each (k, n)
    curves: Sequence[ArrayLike] | None = None,  # each (S, n)
    readout: ArrayLike | None = None,  # (m, n)
    label_limit: int = 1,
    samples: int = 64,
    nonlinearity: float = 1e-3,
    aim: bool = True,
    implied: bool = True,
    aim_tries: int = 2,
    aim_budget: int = 20000,
    max_steps: int = 20000,
    escape_radius: float = 0.0,
    seed: int = 0,
    threads: int = 0,
) -> Connections: ...
def graph_distance(
    a: ConnectionGraph | Connections,
    b: ConnectionGraph | Connections,
    by: Literal["weights", "edges", "structure"] = "weights",
    rounds: int = 3,
) -> float: ...
def isomorphic(
    a: ConnectionGraph | Connections,
    b: ConnectionGraph | Connections,
    labels: bool = False,
) -> bool | None: ...
def flip_flop_graph(
    bits: int,
) -> ConnectionGraph: ...
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
def continue_fixed_point(
    net: Network | MapFamily,
    input_from: ArrayLike | None = None,  # (n_in,)
    input_to: ArrayLike | None = None,  # (n_in,)
    *,
    state: ArrayLike,  # (n,)
    parameter: float = 0.0,
    period: int = 1,
    min_parameter: float = 0.0,
    max_parameter: float = 1.0,
    max_norm: float = 1e3,
    max_steps: int = 2000,
    initial_step: float = 0.0,
    max_step: float = 0.1,
    tolerance: float = 1e-12,
    eigenvalues: bool = True,
) -> Branch: ...
def bifurcation_diagram(
    net: Network | MapFamily,
    input_from: ArrayLike | None = None,  # (n_in,)
    input_to: ArrayLike | None = None,  # (n_in,)
    *,
    states: ArrayLike | _States,  # (K, n)
    parameters: ArrayLike = 0.0,  # (K,)
    periods: ArrayLike = 1,  # (K,)
    depth: int = 1,
    max_period: int = 4,
    max_branches: int = 50,
    min_parameter: float = 0.0,
    max_parameter: float = 1.0,
    max_norm: float = 1e3,
    max_steps: int = 2000,
    initial_step: float = 0.0,
    max_step: float = 0.1,
    tolerance: float = 1e-12,
) -> Diagram: ...
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
def entropy_production(
    jacobian: ArrayLike,  # (n, n)
    noise: ArrayLike = 1.0,  # (n, n)
) -> EntropyProduction: ...
def contraction(
    net: Network | Map,
    states: ArrayLike | _States,  # (P, n)
    *,
    input: ArrayLike | None = None,  # (n_in,)
    threads: int = 0,
) -> Contraction: ...
def funnel(
    points: ArrayLike | _States,  # (P, n)
    states: ArrayLike,  # (T, B, n)
    radius: float,
    *,
    margin: int = 0,
    threads: int = 0,
) -> Funnel: ...
def compare(
    X: _Trials,
    Y: _Trials,
    metric: str = "svcca",
    *,
    variance: float = 0,
    dim: int = 0,
    bandwidth: float = 1,
    dissimilarity: str = "euclidean",
    delays: int = 10,
    interval: int = 1,
    rank: int = 10,
    starts: int = 10,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    pad: bool = False,
    seed: int = 0,
    threads: int = 0,
) -> Similarity: ...
@overload
def compare_all(
    networks: Sequence[_Trials],
    metric: str = "svcca",
    *,
    variance: float = 0,
    dim: int = 0,
    bandwidth: float = 1,
    dissimilarity: str = "euclidean",
    delays: int = 10,
    interval: int = 1,
    rank: int = 10,
    starts: int = 10,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    pad: bool = False,
    seed: int = 0,
    memory: float = 4e9,
    threads: int = 0,
    known: ArrayLike | None = None,
    bounds: Literal[False] = False,
    progress: Callable[[float], object] | None = None,
) -> _Floats: ...  # (N, N)
@overload
def compare_all(
    networks: Sequence[_Trials],
    metric: str = "svcca",
    *,
    variance: float = 0,
    dim: int = 0,
    bandwidth: float = 1,
    dissimilarity: str = "euclidean",
    delays: int = 10,
    interval: int = 1,
    rank: int = 10,
    starts: int = 10,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    pad: bool = False,
    seed: int = 0,
    memory: float = 4e9,
    threads: int = 0,
    known: ArrayLike | None = None,
    bounds: Literal[True],
    progress: Callable[[float], object] | None = None,
) -> tuple[_Floats, _Floats]: ...
def plan_comparison(
    units: Sequence[int],
    samples: int,
    metric: str = "svcca",
    *,
    dim: int = 0,
    memory: float = 4e9,
    threads: int = 0,
) -> ComparisonPlan: ...
def subspace_angles(
    A: ArrayLike, B: ArrayLike, *, samples: int = 1000, seed: int = 0
) -> SubspaceAngles: ...
def list_metrics() -> list[dict[str, Any]]: ...
def pca(X: _Trials, dim: int = 0) -> Pca: ...
def read_recording(
    path: _Path,
    key: str = "",
    *,
    axes: str = "btn",
    bin: float = 0.0,
    intervals: str = "",
    separator: str = "",
) -> Recording: ...
def preprocess(
    X: _Trials,
    *,
    smooth: float = 0.0,
    rebin: int = 1,
    rebin_by: str = "mean",
    normalize: str = "none",
    softness: float = 5.0,
) -> list[_Floats]: ...
def pca(
    X: _Trials,
    dim: int = 0,
    *,
    method: str = "automatic",
    oversampling: int = 10,
    power_iterations: int = 2,
    seed: int = 0,
) -> Pca: ...
def jpca(
    X: _Trials,
    components: int = 6,
    *,
    center_conditions: bool = True,
    derivative: str = "midpoint",
) -> Jpca: ...
def slow_features(X: _Trials, dim: int = 0, degree: int = 1) -> SlowFeatures: ...
def lle(
    X: ArrayLike,  # (P, n)
    dim: int = 2,
    neighbors: int = 12,
    *,
    regularization: float = 1e-3,
    max_iterations: int = 300,
    threads: int = 0,
) -> Lle: ...
def dimension(
    X: _Trials,
    *,
    thresholds: list[float] = ...,
    surrogates: int = 20,
    quantile: float = 0.95,
    max_points: int = 3000,
    exclude: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
    threads: int = 0,
) -> Dimension: ...
def dpca(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    components: int = 3,
    *,
    ridge: float = 1e-6,
    merge_time: bool = True,
) -> Dpca: ...
def marginalize(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    *,
    merge_time: bool = True,
) -> Dpca: ...
def dpca_ridge(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    *,
    ridges: list[float] = ...,
    repeats: int = 10,
    components: int = 3,
    merge_time: bool = True,
    seed: int = 0,
) -> DpcaRidge: ...
def dpca_split_half(
    X: _Trials,
    labels: ArrayLike,  # (B, F) or (B,)
    *,
    splits: int = 20,
    merge_time: bool = True,
    seed: int = 0,
) -> SplitHalf: ...
def cross_covariances(X: _Trials, count: int = 10, *, divisor: str = "samples") -> _Floats: ...
def block_toeplitz(lags: ArrayLike, window: int) -> _Floats: ...
def toeplitz_log_determinants(lags: ArrayLike) -> _Floats | None: ...
def repair_covariances(
    lags: ArrayLike,  # (lags, n, n)
    kind: str = "floor",
    *,
    smallest: float = 1e-6,
) -> RepairedCovariances: ...
def held_out_information(
    model: ArrayLike,  # (lags, n, n)
    data: ArrayLike,  # (lags, n, n)
    V: ArrayLike,  # (n, d)
    window: int = 5,
) -> float: ...
def random_principal_angles(
    n: int,
    p: int,
    q: int,
    *,
    draws: int = 1000,
    probabilities: list[float] = ...,
    seed: int = 0,
) -> RandomAngles: ...
def eigenvalue_change(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    *,
    moved_fraction: float = 0.5,
) -> EigenvalueChange: ...
def is_strongly_connected(W: ArrayLike) -> bool: ...
def has_cycle(W: ArrayLike) -> bool: ...
def dale_groups(W: ArrayLike) -> list[int]: ...
def dca(
    X: _Trials,
    dim: int = 2,
    window: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    max_iterations: int = 1000,
    gradient_tolerance: float = 1e-6,
    exchanges: int = 4,
    divisor: str = "samples",
    repair: str = "none",
    threads: int = 0,
) -> Dca: ...
def mds(D: ArrayLike, dim: int = 2) -> ClassicalMds: ...  # (K, K)
def smacof(
    D: ArrayLike,  # (K, K)
    dim: int = 2,
    *,
    weights: ArrayLike | None = None,  # (K, K)
    starts: int = 8,
    start_at_classical: bool = True,
    max_iterations: int = 3000,
    tolerance: float = 1e-6,
    seed: int = 0,
    threads: int = 0,
) -> Smacof: ...
def average_linkage(D: ArrayLike) -> Linkage: ...  # (K, K)
def farthest_points(
    X: _Trials, count: int, first: int = 0, *, distances: bool = False
) -> Landmarks: ...  # fewer than `count` points where no others differ
def silhouette(D: ArrayLike, labels: ArrayLike) -> Silhouette: ...  # (K, K), (K,)
def permanova(
    D: ArrayLike,  # (K, K)
    labels: ArrayLike,  # (K,)
    *,
    permutations: int = 999,
    strata: ArrayLike | None = None,  # (K,)
    seed: int = 0,
) -> Permanova: ...
def neighbor_accuracy(
    D: ArrayLike,  # (K, K)
    labels: ArrayLike,  # (K,)
    neighbors: int = 1,
    *,
    permutations: int = 999,
    strata: ArrayLike | None = None,  # (K,)
    seed: int = 0,
) -> NeighborAccuracy: ...
def hankel_dmd(
    X: _Trials,
    delays: int = 10,
    *,
    interval: int = 1,
    rank: int = 10,
    ridge: float = 0.0,
    center: bool = False,
    coordinates: Literal["whitened", "principal"] = "whitened",
) -> HankelDmd: ...
def align_dynamics(
    A: ArrayLike,  # (n, n)
    B: ArrayLike,  # (n, n)
    starts: int = 10,
    *,
    max_iterations: int = 500,
    tolerance: float = 1e-10,
    pad: bool = False,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    seed: int = 0,
    threads: int = 0,
) -> DsaAlignment: ...
def dsa(
    X: _Trials,
    Y: _Trials,
    delays: int = 10,
    rank: int = 10,
    starts: int = 10,
    *,
    interval: int = 1,
    ridge: float = 0.0,
    center: bool = False,
    coordinates: Literal["whitened", "principal"] = "whitened",
    pad: bool = False,
    group: Literal["orthogonal", "rotations"] = "orthogonal",
    seed: int = 0,
    threads: int = 0,
) -> Dsa: ...
def persistent_homology(
    X: _Trials,  # or (K, K)
    max_dimension: int = 1,
    landmarks: int = 200,
    max_edge: float = ...,
    *,
    prime: int = 2,
    first: int = 0,
    max_simplices: int = 10_000_000,
    distances: bool = False,
) -> PersistentHomology: ...
def homology_size(
    X: _Trials,
    max_dimension: int = 1,
    landmarks: int = 200,
    max_edge: float = ...,
    *,
    first: int = 0,
    max_simplices: int = 10_000_000,
) -> HomologySize: ...
def sampling_radius(
    X: _Trials,
    *,
    confidence: float = 0.95,
    subsamples: int = 100,
    subsample_size: int = 0,
    seed: int = 0,
    threads: int = 0,
) -> float: ...
def bottleneck_distance(one: ArrayLike, other: ArrayLike) -> float: ...  # (m, 2) each
def dca_curve(
    X: _Trials,
    dims: int,
    window: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    threads: int = 0,
) -> list[Dca]: ...
def predictive_information(
    X: _Trials,
    V: ArrayLike,  # (n, d)
    window: int = 5,
    *,
    ridge: float = 0.0,
) -> _Floats: ...  # (window,)
def dca_cross_validation(
    X: _Trials,
    max_dim: int = 5,
    windows: Sequence[int] = [1, 2, 5],
    folds: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    threads: int = 0,
) -> DcaCrossValidation: ...
def surrogate(
    X: ArrayLike,  # (T, n)
    kind: str = "independent_phases",
    seed: int = 0,
    number: int = 0,
) -> _Floats: ...
def dca_null(
    X: _Trials,
    surrogate: str = "independent_phases",
    count: int = 99,
    dim: int = 2,
    window: int = 5,
    starts: int = 10,
    *,
    ridge: float = 1e-8,
    seed: int = 0,
    threads: int = 0,
) -> DcaNull: ...
def connectivity(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    *,
    bins: int = 60,
    rank_fraction: float = 0.1,
) -> Connectivity: ...
def centralities(
    W: ArrayLike,  # (n, n)
    *,
    katz_fraction: float = 0.9,
    damping: float = 0.85,
) -> Centralities: ...
def departure_from_normality(A: ArrayLike) -> Departure: ...  # (n, n)
def change_rank(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    *,
    level: float = 0.05,
    surrogates: int = 19,
    max_rank: int = 20,
    seed: int = 0,
) -> ChangeRank: ...
def functional_rank(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    loss: Callable[[_Floats], float],
    *,
    max_rank: int = 10,
    fraction: float = 0.05,
) -> tuple[int | None, _Floats, float]: ...
def change_alignment(
    change: ArrayLike,  # (n, n)
    input: ArrayLike,  # (n, n_in)
    readout: ArrayLike,  # (n_out, n)
    *,
    leading: int = 5,
) -> Alignment: ...
def pseudospectrum(
    A: ArrayLike,  # (n, n)
    *,
    resolution: int = 60,
    left: float = 0.0,
    right: float = 0.0,
    bottom: float = 0.0,
    top: float = 0.0,
    threads: int = 0,
) -> Pseudospectrum: ...
def kreiss_constant(A: ArrayLike, *, dynamics: str = "map", threads: int = 0) -> Kreiss: ...
def pair_motifs(W: ArrayLike) -> dict[str, float]: ...
def triad_census(
    W: ArrayLike, *, threshold: float = 0.0, surrogates: int = 99, seed: int = 0
) -> TriadCensus: ...
def block_statistics(
    W: ArrayLike, labels: Sequence[int], *, surrogates: int = 999, seed: int = 0
) -> Blocks: ...
def metric_loss(
    network: Network,
    manifold: InputManifold,
    goal: Literal["mean_ratio", "log_ratio", "log_trace", "metric"],
    target: ArrayLike = 1.0,  # a number, (T,) or (K, T, m, m)
    *,
    above: int = 0,
    below: int = 1,
    weights: ArrayLike | None = None,  # (T,)
    features: bool = False,
) -> MetricLoss: ...
def metric_distances(
    first: ArrayLike,  # (K, S, m, n)
    second: ArrayLike,  # (K, S, m, n)
) -> MetricDistances: ...
def mean_metric(
    tangents: Sequence[ArrayLike],  # N of (K, S, m, n)
    *,
    tolerance: float = 1e-12,
    max_steps: int = 1000,
) -> MeanMetric: ...
def distances_of_networks(
    tangents: Sequence[ArrayLike],  # N of (K, S, m, n)
) -> NetworkDistances: ...
def distances_over_time(
    tangents: ArrayLike,  # (K, S, m, n)
    other: ArrayLike | None = None,  # (K, S', m, n')
) -> DistancesOverTime: ...
def neuron_ellipse(
    a: ArrayLike,  # (n,)
    b: ArrayLike,  # (n,)
    *,
    sigmas: float = 2.0,
) -> NeuronEllipse: ...
def settling_step(
    course: ArrayLike,  # (S,)
    fraction: float = 0.5,
) -> int: ...
def tangent_alignment(
    tangents: ArrayLike,  # (K, S, m, n)
    directions: ArrayLike,  # (p, n) or (K, S, p, n)
) -> TangentAlignment: ...
def readout_directions(
    network: Network,
    states: ArrayLike,  # (K, S, n)
) -> _Floats: ...
def feature_tangents(
    network: Network,
    states: ArrayLike,  # (K, S, n)
    tangents: ArrayLike,  # (K, S, m, n)
) -> _Floats: ...
def in_state_metric(
    tangents: ArrayLike,  # (K, S, m, n)
    metric: ArrayLike,  # (n, n) or (n,)
) -> _Floats: ...
def visible_fraction(
    tangents: ArrayLike,  # (K, S, m, n)
    directions: ArrayLike,  # (K, S, n_out, n)
) -> _Floats: ...
def warp_indices(
    tangents: ArrayLike,  # (K, S, m, n)
    distance: ArrayLike,  # (K,)
    *,
    relevant: int = 0,
    irrelevant: int = 1,
    near: float = 0.04,
    far: float = 0.16,
) -> WarpIndices: ...
def metric_change(
    network: Network,
    change: Network | dict[str, ArrayLike],
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> MetricChange: ...
def adjoint_products(
    network: Network,
    manifold: InputManifold,
    covectors: ArrayLike,  # (K, q, n)
    step: int | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> _Floats: ...
def space_time(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> SpaceTime: ...
def pullback_metric(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    precision: str = "double",
    tangents: bool = True,
    layers: bool = False,
    nodes: str | None = None,
    threads: int = 0,
) -> PullbackMetric: ...
def curvature(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> Curvature: ...
def rank_history(
    network: Network,
    manifold: InputManifold,
    steps: Sequence[int] | None = None,
    *,
    start: ArrayLike | None = None,  # (n,)
    threads: int = 0,
) -> RankHistory: ...
def surface_integral(
    f: ArrayLike,  # (K,)
    volume: ArrayLike,  # (K,)
    domain: Sequence[Sequence[float]],
    counts: Sequence[int],
    *,
    chebyshev: bool = False,
) -> float: ...
def legacy_curvature(
    metric: ArrayLike,  # (K, 2, 2)
    gaussian: ArrayLike,  # (K,)
    domain: Sequence[Sequence[float]],
    counts: Sequence[int],
) -> LegacyCurvature: ...
def gridlines(
    metric: ArrayLike,  # (K, m, m)
    domain: Sequence[Sequence[float]],
    counts: Sequence[int],
    *,
    method: Literal["arc_length", "legacy_absolute", "legacy_normalized"] = "arc_length",
    per_half: bool = False,
) -> Gridlines: ...
def immersion(tangents: ArrayLike) -> Immersion: ...  # (K, m, n)
def injectivity(
    states: ArrayLike,  # (K, n)
    distances: ArrayLike,  # (K, K)
    separation: float,
) -> Injectivity: ...
def geodesic_rays(
    manifold: Manifold,
    points: ArrayLike,  # (B, m)
    velocities: ArrayLike,  # (B, m)
    *,
    until: float = 1.0,
    intervals: int = 1,
    frames: ArrayLike | None = None,  # (B, r, m)
    tolerance: float = 1e-11,
    max_steps: int = 100000,
) -> GeodesicRays: ...
def geodesics_between(
    manifold: Manifold,
    from_: ArrayLike,  # (m,)
    to: ArrayLike,  # (m,)
    *,
    windings: int = 1,
    tolerance: float = 1e-09,
    segments: int = 8,
    max_segments: int = 512,
    max_iterations: int = 100,
    starts: list[ArrayLike] = [],
    threads: int = 0,
) -> GeodesicSearch: ...
def geodesic_distances(
    manifold: Manifold,
    counts: Sequence[int],
    *,
    reach: int = 3,
    checked: int = 0,
    pairs: Sequence[tuple[int, int]] = [],
    windings: int = 1,
    tolerance: float = 1e-06,
    seed: int = 0,
    threads: int = 0,
) -> GeodesicDistances: ...
def parallel_transport(
    manifold: Manifold,
    curve: Callable[[float], tuple[ArrayLike, ArrayLike]],  # s -> kappa (m,), dkappa/ds (m,)
    vectors: ArrayLike,  # (r, m)
    *,
    tolerance: float = 1e-11,
    max_steps: int = 100000,
) -> Transport: ...
def angle_between(manifold: Manifold, kappa: ArrayLike, v: ArrayLike, w: ArrayLike) -> float: ...
def run(
    study: str,
    out: _Path,
    jobs: int,
    set: list[str],
    quick: bool,
    progress: Callable[[float, str], object] | None,
) -> Run: ...
def list_tasks() -> list[dict[str, Any]]: ...
def list_cells() -> list[dict[str, Any]]: ...
def list_analyses() -> list[dict[str, Any]]: ...
def list_studies() -> list[dict[str, Any]]: ...
