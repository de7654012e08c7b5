# SPDX-License-Identifier: Apache-2.0
"""Types of the compiled part, whose docstrings say what things are. For each register_<theme> in C++
there is a stub _<theme>.pyi; when the program runs they are all one module.

The letters of shapes: T steps, B trials, n units, n_in, n_out inputs and outputs, K starts, P
points, C cycles, k steps of a cycle or exponents, N nodes and E edges of a graph, d dimensions.
"""

from ._basins import *
from ._cells import *
from ._connections import *
from ._connectivity import *
from ._continuation import *
from ._covariances import *
from ._cycles import *
from ._dsa import *
from ._ellipse import *
from ._errors import *
from ._fixed_points import *
from ._geodesics import *
from ._geometry import *
from ._homology import *
from ._immersion import *
from ._io import *
from ._learning import *
from ._limit_cycles import *
from ._line_attractor import *
from ._lyapunov import *
from ._manifolds import *
from ._maps import *
from ._methods import *
from ._modes import *
from ._population import *
from ._recordings import *
from ._representation import *
from ._reversibility import *
from ._shape import *
from ._similarity import *
from ._slow_points import *
from ._study import *
from ._study import _run as _run
from ._tasks import *
from ._training import *
from ._warp import *
from ._weight_structure import *

__version__: str
