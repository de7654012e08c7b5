# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Sequence

from numpy.typing import ArrayLike

from ._types import _Complexes, _Floats, _Integers

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

def dale_groups(W: ArrayLike) -> list[int]: ...
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
