# SPDX-License-Identifier: Apache-2.0
"""nullcline.run, and the line that it shows on a terminal."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence

from nullcline import _nullcline

Progress = Callable[[float, str], object]


def run(
    study: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    jobs: int = 0,
    set: Sequence[str] = (),
    quick: bool = False,
    progress: bool | Progress | None = None,
) -> _nullcline.Run:
    """Trains and analyzes every network of a study, and writes the report.

    study: a TOML file, or the name of a shipped study (list_studies).
    out: the directory of the results. What is there is not computed again; what was interrupted
        goes on where it stopped.
    jobs: networks at a time; 0 is as many as there are cores.
    set: "KEY=VALUE" with a dotted key, such as "populations.*.networks=2".
    quick: the quick version that the study describes.
    progress: True shows a line on stderr, None only if that is a terminal; or a function that is
        called with (fraction done, what is being done) some times a second.

    Ctrl-C, or an exception in `progress`, stops the run and keeps its checkpoints.
    """
    if isinstance(set, str):
        raise TypeError('set must be a list of "KEY=VALUE", not one text')
    if callable(progress):
        return _nullcline._run(os.fspath(study), out, jobs, list(set), quick, progress)
    if not (sys.stderr.isatty() if progress is None else progress):
        return _nullcline._run(os.fspath(study), out, jobs, list(set), quick, None)
    try:
        return _nullcline._run(os.fspath(study), out, jobs, list(set), quick, _show)
    finally:
        sys.stderr.write("\r\x1b[K")


def _show(fraction: float, what: str) -> None:
    width = shutil.get_terminal_size().columns - 1
    sys.stderr.write("\r\x1b[K" + f"{fraction:4.0%}  {what}"[:width])
    sys.stderr.flush()
