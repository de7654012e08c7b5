# SPDX-License-Identifier: Apache-2.0
"""The quick forms of the studies of the note's questions, and what their tables say of them.

The environment variable NAME is the study.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
from math import comb
from pathlib import Path

import numpy as np
import pytest

NAME = os.environ["NAME"]
STUDIES = Path(__file__).parents[2] / "studies"
TABLE = STUDIES / NAME / "table.py"
sys.path.insert(0, str(STUDIES))
from results import load, read_analysis, sign_flip_test, training_of  # noqa: E402

of_study = {name: pytest.mark.skipif(NAME != name, reason=f"of {name}")
            for name in ("complexity", "dimension", "head_start", "hessians", "linear_models",
                         "reuse", "reversibility", "sines", "sparsity", "warping_cells",
                         "collapse", "warping_tasks")}


def print_table(directory):
    return subprocess.run([sys.executable, TABLE, directory], capture_output=True, text=True)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    subprocess.run([os.environ["NULLCLINE"], "run", NAME, "--quick", "--jobs", "1", "--no-report",
                    "--out", out], check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def rows(result):
    """{population: cells} of the first table."""
    printed = print_table(result)
    assert printed.returncode == 0, printed.stdout + printed.stderr
    lines = printed.stdout.split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {row[0]: row[1:] for row in cells}


def analyses(result, kind):
    """{population: (attributes, arrays) of its first network}."""
    _, found = load(result, lambda directory, _, jobs: read_analysis(directory, jobs, kind))
    return {name: networks[0] for name, networks in found.items()}


def test_the_table_fails_where_a_network_is_missing(result, tmp_path):
    shutil.copytree(result, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "catalog.sqlite") as catalog:
        catalog.execute("DELETE FROM jobs WHERE number = 0")
    catalog.close()
    printed = print_table(tmp_path / "copy")
    assert printed.returncode == 1
    assert "1: not " in printed.stdout


@of_study["dimension"]
def test_memories_have_three_to_the_dimension_points_and_static_tasks_one(rows):
    for dimension in (1, 2, 3, 4):
        points, unstable, certified, agree = rows[f"memory_{dimension}"][1:5]
        expected = [comb(dimension, k) * 2 ** max(dimension - k, 0) for k in range(5)]
        assert points == str(3 ** dimension)
        assert unstable == ", ".join(map(str, expected))
        assert certified == f"{3 ** dimension} of {3 ** dimension}"
        assert agree == "1 of 1"
        for task in ("perception", "decision"):
            for activation in ("tanh", "relu"):
                points, unstable = rows[f"{task}_{activation}_{dimension}"][1:3]
                assert points == "1 [1 .. 1]"
                assert unstable == "4, 0, 0, 0, 0"


@of_study["sines"]
def test_generation_is_a_cycle_of_the_cued_period_around_an_unstable_focus(rows):
    assert rows["generation_fixed"][2:4] == ["1 [1 .. 1]", "0, 0, 2, 0"]
    for name in ("generation_fixed", "generation", "generation_changing"):
        turns = rows[name][-1].replace("..", "").strip("[]").replace("[", "").split()
        assert all(abs(float(turn) - 1) < 0.1 for turn in turns), (name, turns)
    for name in ("frequency", "discrimination"):
        assert rows[name][-1] == "-"
        assert "cycle" not in rows[name][-2]


@of_study["linear_models"]
def test_fits_agree_best_where_noise_and_curvature_are_both_small(result, rows):
    assert len(rows) == 4
    for name, (_, arrays) in analyses(result, "linear_models").items():
        smallest, largest = arrays["fit_difference"][:, 0], arrays["fit_difference"].min(axis=1)
        assert len(smallest) > 0
        assert (largest < 0.2).all(), name
        assert (largest < smallest).all(), name


@of_study["hessians"]
def test_one_branch_leads_from_one_input_to_the_other(result, rows):
    for name, (_, arrays) in analyses(result, "continuation").items():
        assert {0, 1} == {round(arrays["parameter"][at], 9) for at in (0, -1)}, name
        assert (arrays["unstable"] == 0).all(), name
        # The root of the Hessian is the least singular value of (I - J) / dt, at most |1 - lambda| / dt.
        assert (np.sqrt(arrays["smallest_hessian"]) * 0.01
                <= 1 + arrays["largest_modulus"]).all()
        assert (arrays["smallest_hessian"] > 0).all(), name


@of_study["reversibility"]
def test_dissipation_is_positive_and_points_are_passed(result):
    for name, (attributes, arrays) in analyses(result, "reversibility").items():
        for start in ("", "trial_"):
            known = arrays[start + "status"] == 0
            assert known.any(), name
            assert (arrays[start + "entropy_production"][known] > 0).all(), name
            assert (arrays[start + "contraction"] < 0).all(), name
        assert (arrays["ending"] <= arrays["passing"]).all()
        assert arrays["passing"].max() <= attributes["trials"]


@of_study["reuse"]
def test_points_overlap_in_pairs_of_each_sort(result, rows):
    for name in ("trained", "untrained"):
        attributes, arrays = analyses(result, "overlap")[name]
        assert len(attributes["inputs"]) == 4
        assert (arrays["angle"][~(arrays["angle"] != arrays["angle"])] >= 0).all()
    # A network with random weights and one point an input has no slow points.
    assert set(analyses(result, "overlap")["untrained"][1]["kind"]) == {0}


@of_study["complexity"]
def test_the_slowest_modes_tell_less_than_all(result, rows):
    for name, (_, arrays) in analyses(result, "local_information").items():
        assert (arrays["status"] == 0).all(), name
        assert (arrays["information"] > 0).all()
        assert (arrays["slow_information"] <= arrays["information"] + 1e-9).all()
        assert 0 < arrays["weight"].sum() <= 1 or name.startswith("integration")


@of_study["sparsity"]
def test_masks_and_pruning_leave_the_weights_that_they_say(rows):
    for task in ("decision", "memory"):
        weights = {kind: float(rows[f"{task}_{kind}"][2])
                   for kind in ("dense", "l1_weak", "l1", "pruned", "mask_30", "mask_10")}
        assert weights["dense"] == 1
        assert abs(weights["pruned"] - 0.1) < 0.01
        assert abs(weights["mask_30"] - 0.3) < 0.1
        assert abs(weights["mask_10"] - 0.1) < 0.1
        assert weights["l1"] < 1


@of_study["warping_cells"]
def test_every_cell_learns_the_circle_and_has_a_row_and_the_warps_are_joined(result):
    lines = print_table(result).stdout.split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    circle = {row[1]: row[2:] for row in cells if row[0] == "circle"}
    assert circle["performing"] == ["1 of 1"] * 4
    for stage in ("trained", "untrained"):
        stretch = circle[f"stretch at the boundaries over inside, {stage}"]
        assert all(0 < float(value) < np.inf for value in stretch), stretch
    with sqlite3.connect(result / "catalog.sqlite") as catalog:
        states = catalog.execute("SELECT state FROM jobs WHERE kind LIKE 'warps%'").fetchall()
    assert [state for state, in states] == ["done"] * 2


@of_study["collapse"]
def test_late_rates_are_those_of_the_fixed_points(rows):
    for name, row in rows.items():
        assert row[1] == "1 of 1", name
        assert abs(float(row[-1].split()[0]) - 1) < 0.1, name


@of_study["collapse"]
def test_a_linear_network_collapses_at_the_rates_of_its_eigenvalues_from_the_start():
    sys.path.insert(0, str(STUDIES / "collapse"))
    from rates import nc, rates, task_of
    # x' = (-x + W x + u) / tau by Euler steps: each pulse decays along its own axis, by 1 + dt (w - 1).
    w, dt = np.array([0.6, 0.4]), 0.1
    net = nc.Network.rate(recurrent=np.diag(w), input=np.eye(2), readout=np.eye(2),
                          activation="identity", tau=1.0, dt=dt)
    task = task_of({"name": "flip_flop", "bits": 2, "pulse_probability": 0.05}, dt)
    found = rates(net, task, long=400)
    expected = np.log1p(dt * (w - 1)) / dt
    assert found["settled"].all()
    for name in ("predicted", "trial", "late"):
        assert np.allclose(found[name], expected, rtol=1e-7), name


@of_study["warping_tasks"]
def test_a_network_that_integrates_by_context_compresses_the_other_stream(result):
    lines = print_table(result).stdout.split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    found = {row[1]: row[2:] for row in cells if row[0] == "context_gru"}
    assert found["performing"][0] == "1 of 1"
    trained, untrained = map(float, found["compression G_irr / G_rel"])
    assert trained < 0.2 and 0.5 < untrained < 2
    assert float(found["part within the readout, relevant"][0]) > 2 * float(
        found["the same, irrelevant"][0])


@of_study["warping_tasks"]
def test_networks_with_a_metric_in_closed_form_are_measured_as_they_are():
    sys.path.insert(0, str(STUDIES / "warping_tasks"))
    from measures import context_integration, decision, nc, perception, toy_language
    def rate(B, readout, keep, activation="identity"):
        """x' = keep x + f(B u)."""
        return nc.Network.rate(recurrent=np.eye(len(B)) * keep, input=B, readout=readout,
                               activation=activation, tau=0.01, dt=0.01)
    found, _ = decision(rate(np.eye(2), [[1.0, -1.0]], 0.0))
    assert np.allclose(list(found.values()), [1, 1, np.sqrt(2), 1, 0], atol=1e-12)
    # x = tanh(3 (u1 - u2)): its slope is that of the difference alone.
    found, _ = decision(rate([[3.0, -3.0]], [[1.0]], 0.0, "tanh"))
    u = np.linspace(0.2, 1, 13)
    d = np.abs(u[:, None] - u).ravel()
    slope = 1 / np.cosh(3 * d) ** 2
    stretch = slope[d < 0.1].mean() / slope[d > 0.4 - 1e-9].mean()
    assert np.isclose(found["stretch at the boundary over far from it"], stretch, rtol=1e-9)
    assert abs(found["compression G_sum / G_difference"]) < 1e-20
    found, _ = perception(rate([[2.0]], [[1.0]], 0.0))
    assert np.allclose(list(found.values()), [1, 2, 1])
    # Sums of both streams, and of values of words that nothing modifies.
    found, _ = context_integration(rate(np.eye(4)[:2], [[1.0, 0.0]], 1.0))
    assert np.isclose(found["compression G_irr / G_rel"], 1)
    assert np.isclose(found["size of the tangents"], np.sqrt(2) * 100)
    words = np.zeros((1, 12))
    words[0, 6:10] = 1, -1, 2, -2
    found, _ = toy_language(rate(words, [[1.0]], 1.0))
    assert np.allclose(list(found.values()), [0, 1, 1, 1, 1, 1, np.sqrt(2), 1], atol=1e-12)


@of_study["head_start"]
def test_pairs_differ_in_their_start_alone(result, rows):
    assert set(rows) == {"source", "random", "slow", "bistable", "landscape", "shuffled",
                         "landscape_and_inputs"}
    _, found = load(result, lambda directory, _, jobs: training_of(directory, jobs))
    assert all(steps > 0 for networks in found.values() for steps, _, _ in networks)


def test_sign_flips_of_differences_of_one_sign_have_the_least_p():
    assert sign_flip_test([1, 2, 3, 4, 5]) == 2 / 32
    assert sign_flip_test([-1, -2, -3]) == 2 / 8
    assert sign_flip_test([1, -1]) == 1
    # Of the 8 means, +-(1 + 2 - 0.5) and +-(1 + 2 + 0.5) are at least 2.5 / 3.
    assert sign_flip_test([1, 2, -0.5]) == 4 / 8
