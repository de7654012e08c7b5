# SPDX-License-Identifier: Apache-2.0
"""nullcline trains recurrent networks and takes them apart.

Arrays go in and come out as NumPy arrays: without a copy where they are float64 in C order, and
always without one on the way out. The letters of their shapes:

    T steps   B trials   n units   n_in, n_out inputs and outputs   K starts   P points

Long calls release the GIL, and Ctrl-C ends a search or a run. What does not fit raises
nullcline.Error, a ValueError that says what was found and what was expected; a numerical method
that does not get there says so in the `status` of its result.
"""

from nullcline._nullcline import (
    Centralities,
    Connectivity,
    Dataset,
    Dca,
    DcaAttempt,
    Departure,
    Error,
    FixedPoints,
    Map,
    Network,
    Pca,
    Run,
    Simulation,
    SlowPoints,
    StudiedNetwork,
    Weights,
    __version__,
    connectivity,
    convert,
    dca,
    fixed_points,
    list_analyses,
    list_cells,
    list_studies,
    list_tasks,
    load,
    pca,
    read,
    save,
    slow_points,
)
from nullcline import _torch as _torch  # gives Network its from_torch
from nullcline._run import run

__all__ = [
    "Centralities",
    "Connectivity",
    "Dataset",
    "Dca",
    "DcaAttempt",
    "Departure",
    "Error",
    "FixedPoints",
    "Map",
    "Network",
    "Pca",
    "Run",
    "Simulation",
    "SlowPoints",
    "StudiedNetwork",
    "Weights",
    "__version__",
    "connectivity",
    "convert",
    "dca",
    "fixed_points",
    "list_analyses",
    "list_cells",
    "list_studies",
    "list_tasks",
    "load",
    "pca",
    "read",
    "run",
    "save",
    "slow_points",
]
