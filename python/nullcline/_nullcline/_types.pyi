# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence
from os import PathLike

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Complexes = NDArray[np.complex128]
_Integers = NDArray[np.int64]
_Words = NDArray[np.str_]
_Booleans = NDArray[np.bool_]
_Path = str | PathLike[str]
_Trials = ArrayLike | Sequence[ArrayLike]
