# SPDX-License-Identifier: Apache-2.0
from typing import Any

from numpy.typing import NDArray

from ._types import _Path

class Dataset:
    @property
    def arrays(self) -> dict[str, NDArray[Any]]: ...
    @property
    def attributes(self) -> dict[str, Any]: ...

def read(path: _Path) -> Dataset: ...
def convert(source: _Path, target: _Path) -> None: ...
