# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Complexes, _Floats, _Integers
from ._cells import Network
from ._fixed_points import _States
from ._maps import MapFamily

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
