# SPDX-License-Identifier: Apache-2.0
"""The study universality in its quick form, and what its tables say of it."""
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

STUDY = Path(__file__).parents[2] / "studies" / "universality"
METRICS = ["svcca", "cka", "procrustes_angular", "dsa"]
sys.path.insert(0, str(STUDY))
from table import joins, permanova  # noqa: E402


def print_table(directory):
    return subprocess.run([sys.executable, STUDY / "table.py", directory], capture_output=True,
                          text=True)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    subprocess.run([os.environ["NULLCLINE"], "run", "universality", "--quick", "--jobs", "2",
                    "--no-report", "--out", out], check=True, capture_output=True)
    return out


def test_every_metric_compares_all_networks_before_and_after(result):
    found = joins(result, "similarity")
    assert list(found) == METRICS
    for metric, (attributes, arrays) in found.items():
        D = arrays["distances"]
        assert D.shape == (32, 32)
        assert attributes["left_out"] == [] and np.isfinite(D).all()
        assert np.array_equal(D, D.T)
        tested = {(test["label"], test["objects"]) for test in attributes["tests"]}
        assert tested == {(label, whom) for label in ("population", "cell", "activation")
                          for whom in ("trained", "untrained")} | {("stage", "all")}
        assert ("bounds" in arrays) == (metric == "dsa")


def test_distances_do_not_exceed_those_of_their_metrics(result):
    found = joins(result, "similarity")
    for metric, most in (("svcca", 1), ("cka", 1), ("procrustes_angular", np.pi / 2), ("dsa", np.pi)):
        D = found[metric][1]["distances"]
        assert (D >= 0).all() and (D <= most).all()
    # An angle is a metric: no way around is shorter.
    D = found["procrustes_angular"][1]["distances"]
    assert (D[:, None, :] + D[None, :, :] >= D[:, :, None] - 1e-6).all()


def test_the_table_has_every_test_and_fails_where_a_metric_is_missing(result, tmp_path):
    printed = print_table(result)
    assert printed.returncode == 0, printed.stdout + printed.stderr
    rows = [line.split("|")[1:-1] for line in printed.stdout.split("\n\n")[0].splitlines()[2:]]
    assert len(rows) == len(METRICS) * 5
    shutil.copytree(result, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "catalog.sqlite") as catalog:
        catalog.execute("DELETE FROM jobs WHERE kind = 'similarity/dsa'")
    catalog.close()
    printed = print_table(tmp_path / "copy")
    assert printed.returncode == 1 and "dsa: not computed" in printed.stdout


def test_permanova_of_the_table_is_that_of_the_join(result):
    attributes, arrays = joins(result, "similarity")["svcca"]
    trained = arrays["trained"] == 1
    D, cells = arrays["distances"][np.ix_(trained, trained)], arrays["label/cell"][trained]
    share, _ = permanova(D, cells, np.random.default_rng(0))
    test = next(test for test in attributes["tests"]
                if (test["label"], test["objects"]) == ("cell", "trained"))
    assert share == pytest.approx(test["r_squared"], abs=1e-12)
