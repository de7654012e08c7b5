# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence
from typing import Literal

from numpy.typing import ArrayLike

from ._types import _Booleans, _Floats, _Integers, _Words
from ._cells import Network
from ._cycles import Cycles, PiecewiseLinearCycles
from ._fixed_points import _States
from ._maps import Map

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
