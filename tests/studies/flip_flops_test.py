# SPDX-License-Identifier: Apache-2.0
"""The quick form of the shipped study: trained flip-flops with tanh have the 27 points of three bits."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[2] / "studies" / "flip_flops" / "table.py"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    # Exit code 1: a training may diverge, as an LSTM with ReLU does.
    subprocess.run([os.environ["NULLCLINE"], "run", "flip_flops", "--quick", "--jobs", "1",
                    "--no-report", "--out", out], capture_output=True)
    table = subprocess.run([sys.executable, TABLE, out], capture_output=True, text=True)
    cells = [[cell.strip() for cell in line.split("|")[1:-1]]
             for line in table.stdout.splitlines()[2:] if line.startswith("|")]
    return {row[0].split()[0]: row[1:] for row in cells}


@pytest.mark.parametrize("cell", ["vanilla", "ugrnn", "gru", "lstm"])
def test_tanh_networks_have_the_points_and_the_graph_of_three_bits(rows, cell):
    points, indices, certified, degree_sum, verdict, _, _, edges_off = rows[f"{cell}_tanh"]
    assert (points, indices, certified, degree_sum) == ("27", "8, 12, 6, 1", "27", "1")
    assert verdict in ("agree", "no_degree")
    assert edges_off == "0"


def test_every_network_is_in_the_table(rows):
    assert len(rows) == 8
