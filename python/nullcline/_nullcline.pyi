# SPDX-License-Identifier: Apache-2.0
"""Types of the compiled part; its docstrings say what things are.

The letters of shapes: T steps, B trials, n units, n_in, n_out inputs and outputs, K starts, P
points, d dimensions.
"""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Complexes = NDArray[np.complex128]
_Integers = NDArray[np.int64]
_Words = NDArray[np.str_]
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

class _Points:
    @property
    def states(self) -> _Floats: ...  # (P, n)
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
    def eigenvalues(self) -> _Complexes: ...  # (P, n)
    @property
    def time_constants(self) -> _Floats: ...  # (P, n)
    @property
    def frequencies(self) -> _Floats: ...  # (P, n)
    @property
    def unstable(self) -> _Integers: ...  # (P,)
    @property
    def kinds(self) -> _Words: ...  # (P,)
    @property
    def derivatives(self) -> str: ...
    def __len__(self) -> int: ...

class FixedPoints(_Points):
    @property
    def residuals(self) -> _Floats: ...  # (P,)
    @property
    def start_residuals(self) -> _Floats: ...  # (K,)
    @property
    def degrees(self) -> _Integers: ...  # (P,)
    @property
    def degree(self) -> int: ...

class SlowPoints(_Points):
    @property
    def gradients(self) -> _Floats: ...  # (P,)
    @property
    def smallest_eigenvalues(self) -> _Floats: ...  # (P,)

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
    def project(self, X: ArrayLike) -> _Floats: ...  # (T, n) to (T, d)

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
    def rank(self) -> int: ...
    @property
    def attempts(self) -> list[DcaAttempt]: ...
    @property
    def best(self) -> int: ...
    @property
    def status(self) -> str: ...
    def project(self, X: ArrayLike) -> _Floats: ...  # (T, n) to (T, d)

class Departure:
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

class Run:
    @property
    def directory(self) -> Path: ...
    @property
    def networks(self) -> list[StudiedNetwork]: ...
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
    merge_distance: float = 1e-6,
    threads: int = 0,
) -> FixedPoints: ...
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
def pca(X: _Trials, dim: int = 0) -> Pca: ...
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
    threads: int = 0,
) -> Dca: ...
def connectivity(
    before: ArrayLike,  # (n, n)
    after: ArrayLike,  # (n, n)
    *,
    bins: int = 60,
    rank_fraction: float = 0.1,
) -> Connectivity: ...
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
