# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

from numpy.typing import ArrayLike

from ._types import _Booleans, _Floats, _Words

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

def mean_metric(
    tangents: Sequence[ArrayLike],  # N of (K, S, m, n)
    *,
    tolerance: float = 1e-12,
    max_steps: int = 1000,
) -> MeanMetric: ...
def distances_of_networks(
    tangents: Sequence[ArrayLike],  # N of (K, S, m, n)
) -> NetworkDistances: ...
