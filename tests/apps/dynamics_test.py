# SPDX-License-Identifier: Apache-2.0
"""The commands that take the dynamics of a network apart, on hand-made ones whose answers are known."""

import io
import itertools
import json
import signal
import subprocess
import time

import numpy as np
import pytest
from conftest import COMMAND

DYNAMICS = ["fixed-points", "line-attractor", "lyapunov", "cycles", "connections"]


def write_network(path, cell, settings, parameters):
    attributes = {"cell": {"name": cell, "settings": settings}}
    arrays = {"parameters/" + name: np.asarray(array, float) for name, array in parameters.items()}
    text = np.frombuffer(json.dumps(attributes).encode(), dtype=np.uint8)
    np.savez(path, attributes_json=text, **arrays)


def vanilla(path, W, b=None, readout=None, B=None, activation="tanh"):
    """h' = f(W h + B u + b), dt = 0.01 s."""
    W = np.atleast_2d(W)
    n = len(W)
    readout = np.ones((1, n)) if readout is None else readout
    write_network(
        path,
        "vanilla",
        {"units": n, "activation": activation, "dt": 0.01},
        {
            "weight_hh_l0": W,
            "weight_ih_l0": np.ones((n, 1)) if B is None else B,
            "bias_hh_l0": np.zeros((n, 1)) if b is None else np.reshape(b, (n, 1)),
            "bias_ih_l0": np.zeros((n, 1)),
            "readout": readout,
            "readout_bias": np.zeros((len(readout), 1)),
        },
    )
    return path


def rate(path, W, tau=0.1):
    """tau x' = -x + W tanh(x)."""
    n = len(W)
    settings = {"units": n, "activation": "tanh", "tau": tau, "dt": 0.01, "form": "current"}
    parameters = {
        "recurrent": W,
        "input": np.zeros((n, 1)),
        "bias": np.zeros((n, 1)),
        "readout": np.ones((1, n)),
        "readout_bias": np.zeros((1, 1)),
    }
    write_network(path, "leaky_rate", settings, parameters)
    return path


def stored_bit(w):
    """The positive solution of b = tanh(w b)."""
    b = 1.0
    for _ in range(200):
        b = np.tanh(w * b)
    return b


@pytest.fixture
def bits(tmp_path):
    return vanilla(tmp_path / "bits.npz", 2 * np.eye(3), readout=np.eye(3))


# Fixed points


def test_all_fixed_points_of_three_bits_are_found_and_proven(nullcline, bits):
    result = nullcline("fixed-points", bits, "--complete", "--json", "r.json").good()
    assert "27 fixed points, 27 certified, distinct." in result.out
    assert "Degree sum +1, as it must be (proven trapping box): consistent" in " ".join(result.out.split())
    document = json.loads((bits.parent / "r.json").read_text())
    assert document["certified"] == [1] * 27
    assert document["unstable"] == document["proven_unstable"]
    assert sorted(document["unstable"]) == [0] * 8 + [1] * 12 + [2] * 6 + [3]
    b = stored_bit(2)
    known = np.array(list(itertools.product([-b, 0, b], repeat=3)))
    for state, radius in zip(document["states"], document["radius_exists"]):
        assert np.abs(known - state).max(axis=1).min() <= radius + 1e-15  # b has an error of its own
        assert radius < 1e-12
    (completeness,) = document["completeness"]
    assert completeness["degree_verdict"] == "consistent"
    assert completeness["method"] == "rounds"
    assert completeness["unseen"]["upper"] < 0.5


def test_a_wrong_degree_sum_proves_that_points_are_missing_and_ends_with_1(nullcline, bits):
    missing = 0
    for starts in range(1, 9):
        result = nullcline("fixed-points", bits, "--starts", starts, "--json", "r.json")
        (known,) = json.loads((bits.parent / "r.json").read_text())["completeness"]
        assert known["certified"] == known["fixed_points"] < 27
        assert result.code == (known["degree_sum"] != 1)
        if result.code == 1:
            assert "points are missing, and this is a proof" in " ".join(result.out.split())
            missing += 1
    assert missing > 0


@pytest.mark.parametrize("seed", range(3))
def test_a_relu_network_is_solved_in_all_its_regions(nullcline, tmp_path, seed):
    random = np.random.default_rng(seed)
    n = 6
    W, b = random.normal(size=(n, n)), random.normal(size=n)
    vanilla(tmp_path / "relu.npz", W, b, activation="relu")
    known = []
    for above in itertools.product([0, 1], repeat=n):
        x = np.linalg.solve(np.eye(n) - np.diag(above) @ W, np.diag(above) @ b)
        if np.array_equal(W @ x + b > 0, np.array(above) == 1):
            known.append(x)
    result = nullcline("fixed-points", "relu.npz", "--complete", "--json", "r.json")
    assert result.code == (0 if known else 1)
    assert "complete: all 2^6 regions" in " ".join(result.out.split())
    states = np.array(json.loads((tmp_path / "r.json").read_text())["states"]).reshape(-1, n)
    assert len(states) == len(known)
    for x in known:
        assert np.abs(states - x).max(axis=1).min() < 1e-10


def test_a_search_that_must_give_up_says_so(nullcline, tmp_path):
    # x' = x for the unit of weight 1 and slope 1 at 0: a line of fixed points.
    vanilla(tmp_path / "line.npz", np.diag([1.0, 0.5]), activation="identity")
    result = nullcline("fixed-points", "line.npz", "--complete")
    assert result.code == 1
    assert "continuum" in result.out


def test_a_network_without_fixed_points_has_none(nullcline, tmp_path):
    # x = relu(2 x + 1) has no solution; its speed is least at the kink, where it is not 0.
    vanilla(tmp_path / "none.npz", np.diag([2.0, 0.5]), b=[1.0, 0.0], activation="relu")
    result = nullcline("fixed-points", "none.npz")
    assert "0 fixed points, 0 certified" in " ".join(result.out.split())
    assert result.code in (0, 1) and result.err == ""


def test_a_complete_search_tells_the_ghost_of_a_fold_from_fixed_points(nullcline, tmp_path):
    # h = tanh(2 h + u) has folds at u = +-0.5328; just beyond, the speed has a minimum near -sqrt(1/2).
    vanilla(tmp_path / "unit.npz", [[2.0]])
    document = nullcline("fixed-points", "unit.npz", "--complete", "--input", "0.54", "--json", "-").good().json()
    kinds = [document["kinds"][kind] for kind in document["kind"]]
    assert kinds == ["stable", "slow"]
    assert document["states"][1][0] == pytest.approx(-np.sqrt(0.5), abs=0.05)
    assert document["proofs"] == ["certified", "-"]
    assert document["completeness"][0]["fixed_points"] == 1
    # h' = 1 where h = -sqrt(1/2); there the normal form is alpha + beta y^2 a step of 0.01 s.
    h = -np.sqrt(0.5)
    alpha, beta = h - (np.arctanh(h) - 0.54) / 2, -4 * h * (1 - h**2)
    assert document["passage"][0] is None and document["grade"][0] == -1
    assert document["passage"][1] == pytest.approx(0.01 * np.pi / np.sqrt(alpha * beta), rel=0.05)
    assert document["grades"][document["grade"][1]] == "ghost"


# Networks of four kinds, each named rightly

TRAINED = """
name = "trained"
seed = 1
[populations.integrator]
networks = 1
task = { name = "noise_integration" }
cell = { name = "gru", units = 32 }
training = { steps = 600, batch = 64, trainable = ["all"], learning_rate = 0.003, clip = 1.0 }
[populations.memory]
networks = 1
task = { name = "flip_flop", bits = 2 }
cell = { name = "gru", units = 32 }
training = { steps = 600, batch = 64, trainable = ["all"], learning_rate = 0.003, clip = 1.0 }
[analyses]
line_attractor = {}
"""


@pytest.fixture
def trained(nullcline, tmp_path):
    """Files of a network that integrates and one that stores two bits, and the study's verdicts."""
    (tmp_path / "trained.toml").write_text(TRAINED)
    nullcline("run", "trained.toml", "--out", "out", "--jobs", "1").good()
    return sorted((tmp_path / "out" / "networks").glob("*.h5"))


def test_a_trained_integrator_has_a_line_attractor_and_a_trained_memory_none(nullcline, trained):
    verdicts = {}
    for network in trained:
        document = nullcline("line-attractor", network, "--json", "-").good().json()
        verdict = document["verdicts"][document["verdict"][0]]
        verdicts[verdict] = document
        if verdict == "isolated_points":  # longer, and what is left are the four memories
            at_rest = nullcline("line-attractor", network, "--relax", "1000", "--json", "-").good().json()
    assert set(verdicts) == {"line", "isolated_points"}
    line = verdicts["line"]
    assert line["readout_alignment"][0] > 0.5  # of random directions: 0.18
    assert line["slow_fraction"][0] == pytest.approx(1) and line["aspect_ratio"][0] > 100
    theta, output = np.array(line["theta"], float), np.array(line["output"])[:, 0]
    on_line = np.isfinite(theta)
    assert on_line.mean() > 0.9
    assert np.corrcoef(theta[on_line], output[on_line])[0, 1] > 0.95  # what it is for
    assert at_rest["distinct"][0] == 4
    assert at_rest["verdict"] == verdicts["isolated_points"]["verdict"]


def test_a_chaotic_network_and_one_that_is_slow_but_not_stationary_have_their_names(nullcline, tmp_path):
    W = np.random.default_rng(1).normal(size=(30, 30)) * 3 / np.sqrt(30)
    vanilla(tmp_path / "chaos.npz", W)
    assert "attractor: chaos" in " ".join(nullcline("lyapunov", "chaos.npz").good().out.split())
    line = nullcline("line-attractor", "chaos.npz", "--json", "-").good().json()
    assert line["verdicts"][line["verdict"][0]] != "line"
    # Two units just past the fold, the second at rest: slow, drawn in, and no fixed point there.
    vanilla(tmp_path / "slow.npz", np.diag([2.0, 0.5]), B=[[1], [0]])
    found = nullcline("fixed-points", "slow.npz", "--input", "0.533", "--json", "-").good().json()
    names = [found["kinds"][kind] for kind in found["kind"]]
    assert names == ["stable", "slow"]
    assert found["grades"][found["grade"][1]] == "ghost"
    assert found["passage"][1] > 10 * found["decay"][1]  # seconds: two time scales
    line = nullcline("line-attractor", "slow.npz", "--input", "0.533", "--relax", "2000", "--json", "-").good().json()
    assert line["verdicts"][line["verdict"][0]] == "isolated_points"


# Lyapunov exponents


def test_exponents_at_a_stable_point_are_those_of_its_eigenvalues(nullcline, tmp_path):
    W = np.array([[0.5, 0.2], [0.0, -0.3]])
    vanilla(tmp_path / "calm.npz", W)
    result = nullcline("lyapunov", "calm.npz", "--json", "r.json", "--steps", "2000").good()
    document = json.loads((tmp_path / "r.json").read_text())
    known = np.log([0.5, 0.3]) / 0.01
    np.testing.assert_allclose(document["exponents"], known, atol=1e-4)
    assert document["verdict"]["kind"] == "fixed_point"
    assert document["determinant"]["discrepancy"] < 1e-4  # 1/s: the spread of 1e10 times rounding
    assert document["dimension"] == document["entropy_rate"] == 0
    assert "attractor: fixed point" in result.out


def test_a_chaotic_network_is_called_so_and_obeys_the_sum_rule(nullcline, tmp_path):
    random = np.random.default_rng(1)
    n, g = 30, 3.0
    vanilla(tmp_path / "wild.npz", random.normal(size=(n, n)) * g / np.sqrt(n))
    arguments = ["lyapunov", "wild.npz", "--orbits", "4", "--steps", "4000", "--json", "-"]
    document = nullcline(*arguments).good().json()
    exponents = np.array(document["exponents"])
    assert exponents[0] > 5 * document["standard_errors"][0] > 0
    assert np.all(np.diff(exponents) <= 1e-9)
    assert document["verdict"]["kind"] == "chaos"
    assert 1 < document["dimension"] < n
    assert document["entropy_rate"] > 0
    # Two means over the same orbits, one from QR and one from determinants of some of the steps.
    assert document["determinant"]["discrepancy"] < 1e-3
    assert nullcline(*arguments, "--jobs", "1").json() == document
    few = nullcline(*arguments, "--exponents", "3", "--no-verdict").good().json()
    assert len(few["exponents"]) == 3 and "verdict" not in few
    assert few["dimension_is_bound"] == (sum(few["exponents"]) >= 0)


def test_exponents_under_noise_are_those_of_the_noisy_network(nullcline, tmp_path):
    # h' = tanh(w h + u): lambda = mean of ln(w (1 - h^2)) along the orbit, w = 0.9.
    vanilla(tmp_path / "unit.npz", [[0.9]])
    arguments = ["lyapunov", "unit.npz", "--noise", "0.8", "--steps", "20000", "--json", "-"]
    document = nullcline(*arguments).good().json()
    random = np.random.default_rng(2)
    h, logs = np.zeros(200), []
    for t in range(2000):
        h = np.tanh(0.9 * h + 0.8 * random.normal(size=200))
        if t >= 100:
            logs.append(np.log(0.9 * (1 - h * h)).mean())
    known = np.mean(logs) / 0.01
    assert "verdict" not in document
    assert document["exponents"][0] == pytest.approx(known, abs=6 * document["standard_errors"][0])
    assert document["standard_errors"][0] < 0.02 * abs(known)


def test_orbits_that_run_away_end_with_1(nullcline, tmp_path):
    vanilla(tmp_path / "away.npz", [[1.5]], activation="identity")
    result = nullcline("lyapunov", "away.npz")
    assert result.code == 1
    assert "no orbit came to its end: 8 diverged" in result.out


# Cycles


def test_a_flipping_unit_has_the_two_cycle_of_its_bit(nullcline, tmp_path):
    vanilla(tmp_path / "flip.npz", [[-2.0]])
    document = nullcline("cycles", "flip.npz", "--json", "-").good().json()
    assert document["length"] == [2]
    b = stored_bit(2)
    np.testing.assert_allclose(np.ravel(document["states"]), [-b, b], atol=1e-12)
    assert document["multipliers_real"][0][0] == pytest.approx((2 * (1 - b * b)) ** 2, abs=1e-12)
    assert document["kind"] == ["stable"]
    assert document["period"] == [0.02]
    assert document["first_orbit"]["verdict"] == "periodic"


def test_cycles_of_a_relu_network_are_complete_where_all_sequences_were_tried(nullcline, tmp_path):
    # h' = relu(1 - 2 h): 0 -> 1 -> 0, and the repelling point 1/3.
    vanilla(tmp_path / "relu.npz", [[-2.0]], [1.0], activation="relu")
    result = nullcline("cycles", "relu.npz", "--period", "5", "--json", "r.json").good()
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["length"] == [2]
    assert np.ravel(document["states"]).tolist() == [0, 1]
    assert document["complete_periods"] == [2, 3, 4, 5]
    assert "complete for the periods 2, 3, 4, 5" in result.out


def test_a_rotation_above_neimark_sacker_is_an_invariant_circle(nullcline, tmp_path):
    angle = 2 * np.pi * (np.sqrt(5) - 1) / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    vanilla(tmp_path / "turn.npz", 1.1 * turn)
    result = nullcline("cycles", "turn.npz", "--period", "4", "--json", "r.json").good()
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["first_orbit"]["verdict"] == "invariant_circle"
    # Near the bifurcation the circle turns nearly as its linear part does.
    assert document["first_orbit"]["rotation_number"] == pytest.approx(1 - (np.sqrt(5) - 1) / 2, abs=0.02)
    assert "an invariant circle, which is no cycle" in " ".join(result.out.split())
    assert document["length"] == []


def test_the_limit_cycle_of_a_rate_network_is_that_of_an_integrator(nullcline, tmp_path):
    integrate = pytest.importorskip("scipy.integrate")
    W, tau = np.array([[2.0, -2.0], [2.0, 2.0]]), 0.1
    rate(tmp_path / "turn.npz", W, tau)
    document = nullcline("cycles", "turn.npz", "--flow", "--json", "-").good().json()

    def crossing(t, x):
        return x[0]

    crossing.direction = 1
    run = integrate.solve_ivp(
        lambda t, x: (W @ np.tanh(x) - x) / tau, [0, 20], [1, 0], events=crossing, rtol=1e-11, atol=1e-12
    )
    period = np.diff(run.t_events[0])[-1]
    assert document["period"] == [pytest.approx(period, rel=1e-8)]
    assert document["kind"] == ["stable"]
    assert np.abs(np.array(document["multipliers_real"][0]) - 1).min() < 1e-6
    assert document["statuses"] == {"converged": 4}


# Continuation


def test_the_hysteresis_of_a_unit_has_its_two_folds(nullcline, tmp_path):
    # h = tanh(2 h + u): 1 = 2 (1 - h^2), u = atanh h - 2 h.
    vanilla(tmp_path / "unit.npz", [[2.0]])
    arguments = ["continue", "unit.npz", "--from", "-1.5", "--to", "1.5"]
    result = nullcline(*arguments, "--json", "r.json", "--npz", "r.npz").good()
    branches = json.loads((tmp_path / "r.json").read_text())["branches"]
    assert len(branches) == 1
    assert [branches[0][end] for end in ("first_end", "last_end")] == ["parameter_bound"] * 2
    special = branches[0]["special"]
    assert [point["kind"] for point in special] == ["fold", "fold"]
    h = np.sqrt(0.5)
    u = 2 * h - np.arctanh(h)
    assert sorted(point["input"][0] for point in special) == pytest.approx([-u, u], abs=1e-9)
    assert result.out.count("parameter bound") == 2
    with np.load(tmp_path / "r.npz") as arrays:
        p, states = arrays["branch1_parameters"], arrays["branch1_states"][:, 0]
    np.testing.assert_allclose(np.tanh(2 * states + 3 * p - 1.5), states, atol=1e-11)


def test_between_two_networks_the_pitchfork_is_where_the_weight_is_one(nullcline, tmp_path):
    vanilla(tmp_path / "weak.npz", [[0.5]])
    vanilla(tmp_path / "strong.npz", [[2.0]])
    document = nullcline("continue", "weak.npz", "--to-network", "strong.npz", "--json", "-").good().json()
    points = [point for branch in document["branches"] for point in branch["special"]]
    assert {point["kind"] for point in points} == {"branch_point"}
    assert {point["crossing"] for point in points} == {"pitchfork"}
    for point in points:
        assert point["parameter"] == pytest.approx(1 / 3, abs=1e-7)


# Connections


def test_connections_of_two_bits_are_the_faces_of_a_square(nullcline, tmp_path):
    vanilla(tmp_path / "bits.npz", 2 * np.eye(2), readout=np.eye(2))
    result = nullcline("connections", "bits.npz", "--json", "r.json", "--dot", "r.dot").good()
    document = json.loads((tmp_path / "r.json").read_text())
    assert sorted(document["unstable"]) == [0] * 4 + [1] * 4 + [2]
    labels = [tuple(label) for label in document["labels"]]
    assert sorted(labels) == sorted(itertools.product([-1, 0, 1], repeat=2))
    edges = {(labels[a], labels[b]) for a, b in zip(document["from"], document["to"])}
    known = {
        (a, b)
        for a in labels
        for b in labels
        if a != b and all(x == y or x == 0 for x, y in zip(a, b))
    }  # fmt: skip
    assert edges == known
    assert document["bits_edge_distance"] == 0
    assert "9 nodes, 16 connections" in " ".join(result.out.split())
    assert (tmp_path / "r.dot").read_text().startswith("digraph")
    vanilla(tmp_path / "other.npz", 1.9 * np.eye(2), readout=np.eye(2))
    other = nullcline("connections", "other.npz", "--json", "-").good().json()
    assert other["hash"] == document["hash"]


# All of them


@pytest.mark.parametrize("command", DYNAMICS)
def test_json_and_npz_hold_the_same_numbers(nullcline, tmp_path, command):
    vanilla(tmp_path / "net.npz", 1.5 * np.eye(2), readout=np.eye(2))
    nullcline(command, "net.npz", "--json", "r.json", "--npz", "r.npz").good()
    document = json.loads((tmp_path / "r.json").read_text())
    with np.load(io.BytesIO((tmp_path / "r.npz").read_bytes())) as file:
        arrays = {name: file[name] for name in file.files}
    attributes = json.loads(bytes(arrays.pop("attributes_json")))
    assert arrays.keys() | attributes.keys() == document.keys()
    for name, array in arrays.items():
        written = np.array(document[name], dtype=float).reshape(array.shape)
        assert np.array_equal(written, np.where(np.isfinite(array), array, np.nan), equal_nan=True)


@pytest.mark.parametrize("command", DYNAMICS)
def test_a_trained_network_of_a_study_is_taken_as_it_is(nullcline, network, command):
    result = nullcline(command, network)
    assert result.code in (0, 1), result
    assert result.err == ""
    assert result.out.count("\n") > 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["lyapunov", "unit.npz", "--exponents", "2"], "--exponents"),
        (["lyapunov", "unit.npz", "--noise", "-1"], "--noise"),
        (["lyapunov", "unit.npz", "--noise", "1,2"], "2 numbers"),
        (["lyapunov", "unit.npz", "--noise", "task"], "no task"),
        (["lyapunov", "unit.npz", "--input", "1,2"], "2 numbers"),
        (["lyapunov", "unit.npz", "--steps", "0"], "--steps"),
        (["cycles", "unit.npz", "--flow"], "unit.npz: cell"),
        (["cycles", "unit.npz", "--period", "1"], "--period"),
        (["continue", "unit.npz"], "--from"),
        (["continue", "unit.npz", "--from", "1"], "--from"),
        (["continue", "unit.npz", "--from", "1", "--to", "1,2"], "--to"),
        (["continue", "unit.npz", "--to-network", "missing.npz"], "missing.npz"),
        (["continue", "unit.npz", "--to-network", "two.npz"], "two.npz"),
        (["continue", "unit.npz", "--to-network", "unit.npz", "--to", "1"], "--to-network"),
        (["connections", "unit.npz", "--dot", "no/such/x.dot"], "no/such"),
        (["connections", "unit.npz", "--samples", "0"], "--samples"),
        (["fixed-points", "unit.npz", "--max-starts", "0"], "--max-starts"),
        (["line-attractor", "unit.npz", "--output", "1"], "output"),
        (["line-attractor", "unit.npz", "--relax", "-1"], "--relax"),
    ],
)
def test_bad_usage_is_one_line(nullcline, tmp_path, arguments, words):
    vanilla(tmp_path / "unit.npz", [[2.0]])
    vanilla(tmp_path / "two.npz", 2 * np.eye(2))
    assert words in nullcline(*arguments).complaint()


@pytest.mark.parametrize(
    "arguments",
    [
        ["lyapunov", "net.npz", "--steps", "100000000"],
        ["fixed-points", "net.npz", "--starts", "1000000"],
        ["cycles", "net.npz", "--period", "64", "--recurrences", "200", "--orbits", "64"],
    ],
)
def test_ctrl_c_ends_long_work_with_130(tmp_path, arguments):
    random = np.random.default_rng(3)
    vanilla(tmp_path / "net.npz", random.normal(size=(40, 40)) * 0.4)
    process = subprocess.Popen(
        [COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err) == (b"", b"nullcline: interrupted\n")


def test_the_selftest_passes_and_every_number_of_it_has_a_source(nullcline, tmp_path):
    result = nullcline("selftest", "--json", "r.json")
    assert result.code == 0, result
    checks = json.loads((tmp_path / "r.json").read_text())["checks"]
    assert len(checks) > 100
    for check in checks:
        assert check["source"] and check["system"] and check["quantity"] in result.out
        assert check["ok"] and abs(check["measured"] - check["known"]) <= check["allowed"]
