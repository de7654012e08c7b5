# SPDX-License-Identifier: Apache-2.0
from numpy.typing import ArrayLike

from ._types import _Floats, _Words
from ._cells import Network

class MetricDistances:
    @property
    def affine_invariant(self) -> _Floats: ...  # (K, S)
    @property
    def spectral_ratio(self) -> _Floats: ...  # (K, S)
    @property
    def ratios(self) -> _Floats: ...  # (K, S, m)
    @property
    def status(self) -> _Words: ...  # (K, S)

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

def metric_distances(
    first: ArrayLike,  # (K, S, m, n)
    second: ArrayLike,  # (K, S, m, n)
) -> MetricDistances: ...
def distances_over_time(
    tangents: ArrayLike,  # (K, S, m, n)
    other: ArrayLike | None = None,  # (K, S', m, n')
) -> DistancesOverTime: ...
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
