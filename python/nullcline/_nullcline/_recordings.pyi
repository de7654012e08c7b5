# SPDX-License-Identifier: Apache-2.0
from ._types import _Floats, _Path, _Trials

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
