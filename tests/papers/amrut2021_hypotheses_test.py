# SPDX-License-Identifier: Apache-2.0
"""The quick form of the shipped study, end to end: every job done, and what must hold in it."""
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PAPER = Path(__file__).parents[2] / "papers" / "amrut2021_hypotheses"
sys.path.insert(0, str(PAPER))
import claims  # noqa: E402  (the script that makes the claim table)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    subprocess.run([os.environ["NULLCLINE"], "run", "amrut2021_hypotheses", "--quick", "--out", out],
                   check=True, capture_output=True)
    return out


def test_every_job_is_done(result):
    states = sqlite3.connect(result / "catalog.sqlite").execute("SELECT kind, state FROM jobs")
    states = list(states)
    assert len(states) == 4 * 7  # two networks a task: a training and six analyses each
    assert all(state == "done" for _, state in states)


def test_every_network_learns_its_task(result):
    for name, networks in claims.load(result).items():
        for network in networks:
            metrics = network["outputs"][0]
            # The quick training is short: ten times the criterion of the full one at most, where
            # the best constant output has 1 and random weights more.
            assert metrics["error"] < 0.5, name
            assert metrics["error_untrained"] > 1, name


def test_fixed_points_are_fixed_and_stable_where_the_network_rests(result):
    for networks in claims.load(result).values():
        for network in networks:
            _, attributes, arrays = network["fixed_points"]
            fixed = arrays["kind"] < 4
            assert np.all(arrays["residual"][fixed] <= 1e-12)
            moduli = np.hypot(arrays["eigenvalues_real"], arrays["eigenvalues_imag"])
            assert np.array_equal(np.sum(moduli > 1 + 1e-9, axis=1), arrays["unstable"])
            assert attributes["starts"] > 0


def test_the_diagonal_stays_at_zero(result):
    import h5py
    for path in (result / "networks").iterdir():
        with h5py.File(path) as file:
            for when in ("initial", "parameters"):
                assert not np.any(np.diag(file[f"{when}/recurrent"][()]))


def test_the_report_is_there(result):
    assert (result / "report.html").stat().st_size > 1_000_000


def test_the_claim_script_runs_on_it(result):
    text = subprocess.run([sys.executable, PAPER / "claims.py", result], check=True,
                          capture_output=True, text=True).stdout
    assert text.count("perception") == text.count("decision") == len(claims.CLAIMS)
