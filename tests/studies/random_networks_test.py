# SPDX-License-Identifier: Apache-2.0
"""The quick form of the shipped study: every fixed point is proven, and none seems to be missing."""
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[2] / "studies" / "random_networks" / "table.py"


def print_table(directory):
    return subprocess.run([sys.executable, TABLE, directory], capture_output=True, text=True)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    subprocess.run([os.environ["NULLCLINE"], "run", "random_networks", "--quick", "--jobs", "1",
                    "--no-report", "--out", out], check=True, capture_output=True)
    return out


def test_points_are_proven_symmetric_and_of_degree_one(result):
    table = print_table(result)
    assert table.returncode == 0, table.stdout + table.stderr
    points, driven, *_ = table.stdout.split("\n\n")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in points.splitlines()[2:]]
    assert len(rows) == 20
    for units, gain, points, *_ in rows:
        assert int(points) % 2 == 1, (units, gain)  # 0, and pairs x, -x
    # Below gain 1 everything dies out with any input: tanh contracts.
    for gain, *exponents in ([cell.strip() for cell in line.split("|")[1:-1]]
                             for line in driven.splitlines()[2:]):
        if float(gain) < 1:
            assert all(float(text.split(",")[0]) < 0 for text in exponents), gain


def test_table_names_a_network_without_an_analysis(result):
    with sqlite3.connect(result / "catalog.sqlite") as catalog:
        catalog.execute("DELETE FROM jobs WHERE kind = 'lyapunov' AND population = 'n8_g15'")
    table = print_table(result)
    assert table.returncode == 1
    assert "n8_g15 1: not analyzed" in table.stdout
