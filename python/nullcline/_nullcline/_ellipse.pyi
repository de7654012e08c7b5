# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Floats

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
