# SPDX-License-Identifier: Apache-2.0
"""What the analyses print and write: tables, JSON, npz, against NumPy and SciPy."""

import io
import json
import sqlite3

import h5py
import numpy as np
import pytest
import scipy.linalg

ANALYSES = ["fixed-points", "pca", "dca", "connectivity"]


def read_npz(data):
    with np.load(io.BytesIO(data)) as file:
        return {name: file[name] for name in file.files}


@pytest.mark.parametrize("command", ANALYSES)
def test_json_and_npz_hold_the_same_numbers(nullcline, network, tmp_path, command):
    both = nullcline(command, network, "--json", "r.json", "--npz", "r.npz").good()
    assert both.out.count("\n") > 3
    document = json.loads((tmp_path / "r.json").read_text())
    arrays = read_npz((tmp_path / "r.npz").read_bytes())
    attributes = json.loads(bytes(arrays.pop("attributes_json")))
    assert arrays.keys() | attributes.keys() == document.keys()
    for name, array in arrays.items():
        written = np.array(document[name], dtype=float).reshape(array.shape)
        assert np.array_equal(written, np.where(np.isfinite(array), array, np.nan), equal_nan=True)


@pytest.mark.parametrize("command", ANALYSES)
def test_a_dash_gives_standard_output_to_the_result_alone(nullcline, network, tmp_path, command):
    document = nullcline(command, network, "--json", "-").good().json()
    assert document
    arrays = read_npz(nullcline(command, network, "--npz", "-").good().bytes)
    assert arrays
    both = nullcline(command, network, "--json", "-", "--npz", "r.npz").good()
    assert both.json() == document
    assert read_npz((tmp_path / "r.npz").read_bytes()).keys() == arrays.keys()


@pytest.mark.parametrize("what", ["tasks", "cells", "analyses", "training", "studies"])
def test_lists_are_read_by_machines_too(nullcline, what):
    text = nullcline("list", what).good().out
    assert max(map(len, text.splitlines())) <= 100
    for entry in nullcline("list", what, "--json", "-").good().json():
        assert entry["name"] in text
        for setting in entry.get("settings", []):
            assert f"    {setting['name']} " in text
            assert setting["meaning"]


def linear_network(path, n=6, seed=0):
    """x' = (-x + W x + B u + b) / tau, alpha = 0.1: one fixed point, (I - W)^-1 (B u + b)."""
    random = np.random.default_rng(seed)
    W = random.normal(size=(n, n)) * 0.5 / np.sqrt(n)
    np.fill_diagonal(W, 0)
    parameters = {
        "recurrent": W,
        "input": random.normal(size=(n, 2)),
        "bias": random.normal(size=n),
        "readout": random.normal(size=(1, n)),
        "readout_bias": np.zeros(1),
    }
    settings = {"units": n, "activation": "identity", "tau": 0.1, "dt": 0.01}
    attributes = {"cell": {"name": "leaky_rate", "settings": settings}}
    arrays = {"parameters/" + name: array for name, array in parameters.items()}
    text = np.frombuffer(json.dumps(attributes).encode(), dtype=np.uint8)
    np.savez(path, attributes_json=text, **arrays)
    return parameters


def test_the_fixed_point_of_a_linear_network_is_the_one_of_linear_algebra(nullcline, tmp_path):
    p = linear_network(tmp_path / "linear.npz")
    inputs = np.array([[0.5, 0.2], [-1.0, 0.0]])
    result = nullcline(
        "fixed-points", "linear.npz", "--json", "-", "--input", "0.5,0.2", "--input", "-1,0"
    ).good().json()  # fmt: skip
    n = len(p["bias"])
    expected = np.linalg.solve(np.eye(n) - p["recurrent"], p["input"] @ inputs.T + p["bias"][:, None])
    assert result["input_index"] == [0, 1]
    assert result["input"] == inputs.tolist()
    np.testing.assert_allclose(np.array(result["states"]).T, expected, rtol=0, atol=1e-12)
    assert max(result["residual"]) <= 1e-12
    step = np.eye(n) + 0.1 * (p["recurrent"] - np.eye(n))
    rates = scipy.linalg.eigvals(step)
    found = np.array(result["eigenvalues_real"][0]) + 1j * np.array(result["eigenvalues_imag"][0])
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(rates), atol=1e-12)
    np.testing.assert_allclose(
        np.sort(result["time_constants"][0]), np.sort(-0.01 / np.log(np.abs(rates))), rtol=1e-10
    )
    assert [result["kinds"][kind] for kind in result["kind"]] == ["stable", "stable"]
    assert result["multiplicity"] == [64, 64]


def test_a_network_without_a_fixed_point_ends_with_1(nullcline, tmp_path):
    p = linear_network(tmp_path / "linear.npz", n=2)
    p["recurrent"] = np.array([[0.0, 1.0], [1.0, 0.0]])  # I - W is singular
    p["input"], p["bias"] = np.zeros((2, 2)), np.array([1.0, 1.0])
    with np.load(tmp_path / "linear.npz") as file:
        arrays = dict(file)
    arrays.update({"parameters/" + name: array for name, array in p.items()})
    np.savez(tmp_path / "linear.npz", **arrays)
    result = nullcline("fixed-points", "linear.npz")
    assert result.code == 1
    assert "How the searches ended" in result.out


def test_fixed_points_of_a_studied_network_are_those_of_the_study(nullcline, finished, network):
    rows = sqlite3.connect(finished / "catalog.sqlite").execute(
        "SELECT id FROM jobs WHERE kind = 'fixed_points' AND network = ?", (network.stem,)
    )
    (identity,) = rows.fetchone()
    arrays = read_npz(nullcline("fixed-points", network, "--npz", "-").bytes)
    with h5py.File(finished / "analyses" / f"{identity}.h5") as study:
        for name in ("states", "eigenvalues_real", "kind", "multiplicity"):
            assert np.array_equal(study[name][()], arrays[name])


def test_threads_and_seeds_of_fixed_points(nullcline, network):
    one = nullcline("fixed-points", network, "--npz", "-", "--jobs", "1").bytes
    two = nullcline("fixed-points", network, "--npz", "-", "--jobs", "2").bytes
    assert one == two
    other = nullcline("fixed-points", network, "--npz", "-", "--seed", "99").bytes
    assert read_npz(other)["states"].tobytes() != read_npz(one)["states"].tobytes()


@pytest.mark.parametrize("axes", ["btn", "tbn"])
def test_pca_agrees_with_numpy(nullcline, tmp_path, axes):
    random = np.random.default_rng(1)
    trials = random.normal(size=(3, 50, 5)) * [5, 4, 3, 2, 1] + 7  # (b, t, n)
    stored = trials if axes == "btn" else trials.transpose(1, 0, 2)
    np.savez(tmp_path / "data.npz", rates=stored, beside=np.ones(3))
    result = nullcline("pca", "data.npz", "--axes", axes, "--dim", "2", "--json", "-").good().json()
    samples = trials.reshape(-1, 5)
    centered = samples - samples.mean(0)
    values, vectors = np.linalg.eigh(centered.T @ centered / (len(samples) - 1))
    np.testing.assert_allclose(result["variances"], values[::-1], rtol=1e-12)
    np.testing.assert_allclose(result["mean"], samples.mean(0), rtol=1e-12)
    basis = np.array(result["basis"])
    np.testing.assert_allclose(np.abs(np.sum(basis * vectors[:, [4, 3]], axis=0)), 1, rtol=1e-12)
    np.testing.assert_allclose(
        np.array(result["projections"]), (trials - samples.mean(0)) @ basis, atol=1e-12
    )


def test_dca_finds_the_predictable_direction(nullcline, tmp_path):
    """A slow AR(1) process among white noise: for T = 1 its information is -log(1 - r^2) / 2."""
    random = np.random.default_rng(2)
    steps, r = 20000, 0.9
    x = random.normal(size=(steps, 4))
    for t in range(1, steps):
        x[t, 2] = r * x[t - 1, 2] + np.sqrt(1 - r * r) * x[t, 2]
    np.savez(tmp_path / "data.npz", x=x)
    result = nullcline("dca", "data.npz", "--dim", "1", "--window", "1", "--json", "-").good().json()
    direction = np.array(result["projection"])[:, 0]
    assert abs(direction[2]) > 0.999
    # The estimate of r from 20000 steps has a standard error of 0.003.
    assert result["predictive_information"] == pytest.approx(-np.log(1 - r * r) / 2, abs=0.05)
    assert result["status"] == "converged"
    again = nullcline("dca", "data.npz", "--dim", "1", "--window", "1", "--json", "-", "--jobs", "1")
    assert again.json() == result


def test_dca_chooses_and_tests_on_demand(nullcline, tmp_path):
    random = np.random.default_rng(3)
    x = random.normal(size=(600, 3))
    for t in range(1, 600):
        x[t, 0] += 0.9 * x[t - 1, 0]
    np.savez(tmp_path / "data.npz", x=x)
    options = ["--dim", "2", "--starts", "1", "--dims", "--cross-validate", "1,2", "--folds", "3"]
    options += ["--null", "shuffled_time", "--draws", "19"]
    result = nullcline("dca", "data.npz", *options, "--json", "-").good().json()
    assert len(result["curve"]) == 2 and result["curve"][0] <= result["curve"][1]
    assert result["chosen_dim"] == 1 and result["windows"] == [1, 2]
    assert result["p_value"] == 0.05 and len(result["null"]) == 19
    assert sum(maximum["starts"] for maximum in result["maxima"]) == len(result["attempts"])
    message = nullcline("dca", "data.npz", "--dim", "1", "--cross-validate", "1,x").complaint()
    assert "--cross-validate" in message


def test_connectivity_agrees_with_numpy(nullcline, network):
    result = nullcline("connectivity", network, "--json", "-").good().json()
    with h5py.File(network) as file:
        before, after = file["initial/recurrent"][()], file["parameters/recurrent"][()]
    for name, matrix in (("before", before), ("after", after), ("change", after - before)):
        np.testing.assert_allclose(
            result[f"{name}_singular_values"],
            scipy.linalg.svdvals(matrix),
            atol=1e-12 * np.linalg.norm(matrix),
        )
    assert result["relative_change"] == pytest.approx(
        np.linalg.norm(after - before) / np.linalg.norm(before), rel=1e-12
    )


def test_connectivity_of_two_files(nullcline, network, tmp_path):
    random = np.random.default_rng(3)
    np.savez(tmp_path / "before.npz", W=random.normal(size=(4, 4)))
    np.savez(tmp_path / "after.npz", W=random.normal(size=(4, 4)))
    result = nullcline("connectivity", "before.npz", "after.npz", "--key", "W", "--json", "-").json()
    with np.load(tmp_path / "after.npz") as file:
        np.testing.assert_allclose(
            result["after_singular_values"], scipy.linalg.svdvals(file["W"]), rtol=1e-12
        )
    same = nullcline("connectivity", network, network, "--json", "-").good().json()
    assert same["relative_change"] == 0


def test_show_tells_what_an_array_holds(nullcline, tmp_path):
    x = np.array([[1.0, 2.0, np.nan], [4.0, np.inf, -3.0]])
    np.savez(tmp_path / "data.npz", x=x, counts=np.arange(4), single=np.float32([1.5]))
    arrays = {a["name"]: a for a in nullcline("show", "data.npz", "--json", "-").json()["arrays"]}
    assert arrays["x"]["dtype"] == "float64"
    assert arrays["x"]["shape"] == [2, 3]
    assert (arrays["x"]["nan"], arrays["x"]["infinite"]) == (1, 1)
    assert (arrays["x"]["minimum"], arrays["x"]["maximum"], arrays["x"]["mean"]) == (-3, 4, 1)
    assert (arrays["counts"]["dtype"], arrays["counts"]["mean"]) == ("int64", 1.5)
    assert arrays["single"]["dtype"] == "float32"
    assert "(2, 3)" in nullcline("show", "data.npz").good().out


def test_show_tells_where_a_network_comes_from(nullcline, network):
    text = nullcline("show", network).good().out
    for words in (
        "16 units, 1 input, 1 output",
        "cell leaky_rate",
        "task perception",
        "status: finished after 30 steps, last loss",
        "seed = 3",
        "study = tiny",
        "parameters/recurrent",
        "(16, 16)",
    ):
        assert words in text


def test_show_resolves_a_study(nullcline, study, tmp_path):
    shown = nullcline("show", study()).good().out
    (tmp_path / "resolved.toml").write_text(shown)
    assert nullcline("show", "resolved.toml").good().out == shown
    assert "settling" in shown
    assert nullcline("show", "amrut2021_hypotheses").good().out


def test_show_lists_the_networks_of_a_directory(nullcline, finished):
    before = {path: path.stat().st_mtime_ns for path in finished.rglob("*")}
    text = nullcline("show", finished).good().out
    assert text.splitlines()[0] == "Two small networks"
    assert len([line for line in text.splitlines() if " done " in line]) == 2
    assert {path: path.stat().st_mtime_ns for path in finished.rglob("*")} == before


def test_connectivity_says_where_the_change_writes_and_reads(nullcline, network):
    result = nullcline("connectivity", network, "--json", "-").good().json()
    with h5py.File(network) as file:
        change = file["parameters/recurrent"][()] - file["initial/recurrent"][()]
        readout = file["parameters/readout"][()]
    q = np.linalg.qr(readout.T)[0]
    energy = np.linalg.norm(q.T @ change) ** 2 / np.linalg.norm(change) ** 2
    assert result["alignment"]["writes_to_readout"]["energy"] == pytest.approx(energy, rel=1e-10)
    assert sum(result["triads_after"]) == 16 * 15 * 14 // 6
    assert len(result["rank_p_values"]) >= 1
    text = nullcline("connectivity", network, "--pseudospectrum", "9").good().out
    assert "the change writes to readout" in text and "rank of the change" in text
