# SPDX-License-Identifier: Apache-2.0
"""The quick forms of the shipped study and of the sweep over theta, end to end: every job done, and
what must hold in it."""
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from quick_study import run

PAPER = Path(__file__).parents[2] / "papers" / "amrut2021_hypotheses"
sys.path.insert(0, str(PAPER))
import claims  # noqa: E402  (the script that makes the claim table)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return run("amrut2021_hypotheses", tmp_path_factory.mktemp("study") / "out")


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return run(PAPER / "theta.toml", tmp_path_factory.mktemp("theta") / "out")


def jobs(directory):
    return list(sqlite3.connect(directory / "catalog.sqlite").execute("SELECT kind, state FROM jobs"))


def test_every_job_is_done(result):
    assert len(jobs(result)) == 4 * 8  # two networks a task: a training and seven analyses each
    assert all(state == "done" for _, state in jobs(result))


def test_every_network_learns_its_task(result):
    for name, networks in claims.load(result).items():
        for network in networks:
            metrics = network["outputs"][0]["metrics"]
            # The quick training is short: ten times the criterion of the full one at most, where
            # the best constant output has 1 and random weights more.
            assert metrics["error"] < 0.5, name
            assert metrics["error_untrained"] > 1, name


def test_fixed_points_are_fixed_and_stable_where_the_network_rests(result):
    for networks in claims.load(result).values():
        for network in networks:
            attributes, arrays = network["fixed_points"]
            fixed = arrays["kind"] < 4
            assert np.all(arrays["residual"][fixed] <= 1e-12)
            moduli = np.hypot(arrays["eigenvalues_real"], arrays["eigenvalues_imag"])
            assert np.array_equal(np.sum(moduli > 1 + 1e-9, axis=1), arrays["unstable"])
            assert attributes["starts"] > 0


def test_angles_ascend_and_those_of_pca_are_nested(result):
    for name, networks in claims.load(result).items():
        for network in networks:
            attributes, arrays = network["subspaces"]
            tables = {key: table for key, table in arrays.items()
                      if key.startswith(("trained_", "untrained_", "training_", "random_"))
                      and "layers" not in key}
            assert len(tables) >= 12
            for key, table in tables.items():
                known = table[~np.isnan(table)]
                assert np.all((known >= 0) & (known <= np.pi / 2 + 1e-15)), (name, key)
                assert np.all(np.diff(table, axis=1)[~np.isnan(np.diff(table, axis=1))] >= -1e-12)
            # A larger subspace of principal components holds the smaller, so it is no farther.
            for stage in ("trained", "untrained"):
                assert np.all(np.diff(arrays[f"{stage}_readout_pca"][:, 0]) <= 1e-12)
            # sin of the angle of the readout to a random subspace has E sin^2 = 1 - d / n.
            n = 64
            d = np.arange(1, 1 + attributes["dims"])
            expected = np.degrees(np.arccos(np.sqrt(d / n)))
            assert np.all(np.abs(np.degrees(arrays["random_readout_median"][:, 0]) - expected) < 4)


def test_layers_are_there_for_the_task_with_a_grid_alone(result):
    networks = claims.load(result)
    assert all("layers" not in n["subspaces"][0] for n in networks["perception"])
    for network in networks["decision"]:
        attributes, arrays = network["subspaces"]
        assert attributes["layers"]["trained"]["units"]["silhouette"] <= 1
        assert arrays["trained_layers_units"].shape == (9, 9)


def test_the_diagonal_stays_at_zero(result):
    import h5py
    for path in (result / "networks").iterdir():
        with h5py.File(path) as file:
            for when in ("initial", "parameters"):
                assert not np.any(np.diag(file[f"{when}/recurrent"][()]))


def test_the_report_is_there(result):
    assert (result / "report.html").stat().st_size > 1_000_000


def test_the_sweep_trains_with_each_theta(sweep):
    assert len(jobs(sweep)) == 10 * 3 and all(state == "done" for _, state in jobs(sweep))
    import h5py
    import json
    angles = set()
    for path in (sweep / "networks").iterdir():
        with h5py.File(path) as file:
            angles.add(round(json.loads(file["attributes"][0])["cell"]["settings"]["theta"], 6))
    assert angles == {round(k * np.pi / 16, 6) for k in range(5)}


def test_the_claim_script_has_a_row_for_each_claim_and_theta(result, sweep):
    text = subprocess.run([sys.executable, PAPER / "claims.py", result, sweep], check=True,
                          capture_output=True, text=True).stdout
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    layers = sum("layers" in claim.text or "silhouette" in claim.text for claim in claims.CLAIMS)
    assert layers == 3
    # Claims about layers, and "the same, trained - untrained" among them, are of one task. Of both
    # together are the mean weights; the sweep has five thetas a task and a row for its ends.
    assert len(rows) == 2 * len(claims.CLAIMS) - 4 + 1 + 2 * (5 + 1)
    assert {row.split("|")[-2].strip() for row in rows} <= {"holds", "differs", "not settled",
                                                            "no change", "-"}


def test_signed_rank_has_the_published_tail():
    # n = 10: W <= 8 has 25 of 1024 sign patterns, so p = 50/1024 [Wilcoxon 1945; any table: 8 at 5 %].
    values = [-1, -3, -4, 2, 5, 6, 7, 8, 9, 10]
    p, effect = claims.signed_rank(values)
    assert p == 50 / 1024
    assert effect == (55 - 2 * 8) / 55
    assert claims.signed_rank([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) == (2 / 1024, 1.0)
    assert claims.signed_rank([0, 0]) == (1.0, 0.0)
    # Ties: 1, 1, -1 have ranks 2, 2, 2; all but +++ and --- reach |balance| 2, so p is 1.
    assert claims.signed_rank([1, 1, -1])[0] == 1
    assert claims.signed_rank(range(1, 18)) == (2 / 2**17, 1.0)


def test_rank_sum_has_the_published_tail():
    # n = m = 5: a rank sum of 17 or less has 4 of 252 deals, so p = 8/252 [Wilcoxon 1945; any table].
    p, effect = claims.rank_sum([1, 2, 3, 4, 7], [5, 6, 8, 9, 10])
    assert p == 8 / 252
    assert effect == (2 - 23) / 25  # of 25 pairs two have the first above: 7 above 5 and 6
    assert claims.rank_sum([1, 2, 3], [1, 2, 3]) == (1.0, 0.0)
    with pytest.raises(ValueError):
        claims.rank_sum([1.0], [])


def test_medians_of_trained_and_untrained_stand_behind_their_difference(result):
    networks = claims.load(result)["decision"]
    for claim in claims.CLAIMS:
        for network in networks if claim.parts else []:
            trained, untrained = (part(network) for _, part in claim.parts)
            assert claim.value(network) == trained - untrained


def test_fixed_points_of_quick_networks_tell_their_stability(result):
    for networks in claims.load(result).values():
        for network in networks:
            trained = claims.modulus("trained")(network)
            arrays = network["fixed_points"][1]
            moduli = np.hypot(arrays["eigenvalues_real"], arrays["eigenvalues_imag"]).max(axis=1)
            assert np.min(np.abs(moduli - trained)) < 1e-9
            assert 0 < claims.modulus("untrained")(network) < 2


def test_sign_test_is_the_binomial():
    assert claims.sign_test([1] * 10) == 2 / 1024
    assert claims.sign_test([1] * 9 + [-1]) == 22 / 1024
    assert claims.sign_test([1, -1, 0]) == 1
