# SPDX-License-Identifier: Apache-2.0
"""Network and data files that are damaged or not what they should be."""

import json
import shutil

import h5py
import numpy as np
import pytest


@pytest.fixture
def changed(network, tmp_path):
    """A copy of a network file in which changed(name, array) replaces an array."""

    def replace(name, value):
        path = tmp_path / "changed.h5"
        shutil.copy(network, path)
        with h5py.File(path, "r+") as file:
            del file[name]
            if value is not None:
                file[name] = value
        return path

    return replace


@pytest.mark.parametrize("tenth", range(10))
def test_a_truncated_network_is_told(nullcline, network, tmp_path, tenth):
    data = network.read_bytes()
    path = tmp_path / "truncated.h5"
    path.write_bytes(data[: len(data) * tenth // 10 + (7 if tenth else 0)])
    for arguments in (["fixed-points", path], ["show", path], ["pca", path], ["convert", path, "x.npz"]):
        assert "truncated.h5" in nullcline(*arguments).complaint()
    assert not (tmp_path / "x.npz").exists()


@pytest.mark.parametrize("command", ["fixed-points", "connectivity", "dca", "show"])
@pytest.mark.parametrize(
    "name, value, words",
    [
        ("parameters/recurrent", np.full((16, 16), b"x"), "recurrent"),
        ("parameters/recurrent", np.ones((16, 16), dtype=complex), "recurrent"),
        ("parameters/recurrent", np.ones((16, 15)), "recurrent"),
        ("parameters/recurrent", np.ones((2, 16, 16)), "recurrent"),
        ("parameters/recurrent", None, "recurrent"),
        ("parameters/bias", np.ones(17), "bias"),
        ("parameters/input", np.full((16, 1), np.nan), "input"),
        ("parameters/input", np.full((16, 1), np.inf), "input"),
        ("parameters/surplus", None, None),
    ],
)
def test_a_wrong_parameter_is_named(nullcline, changed, command, name, value, words):
    if words is None:
        path = changed("parameters/bias", np.zeros(16))
        with h5py.File(path, "r+") as file:
            file[name] = np.ones(3)
        words = "surplus"
    else:
        path = changed(name, value)
    message = nullcline(command, path).complaint()
    assert "changed.h5" in message
    assert words in message


@pytest.mark.parametrize(
    "key, value",
    [
        ("cell", {"name": "leaky_rat"}),
        ("cell", {"name": "leaky_rate", "settings": {"units": "many"}}),
        ("cell", {"name": 3}),
        ("task", {"name": "perceptio"}),
        ("task", "perception"),
        ("task", {"name": "decision"}),
        ("seed", "one"),
        ("stream", "xyz"),
    ],
)
def test_wrong_attributes_are_named(nullcline, network, tmp_path, key, value):
    path = tmp_path / "attributes.h5"
    shutil.copy(network, path)
    with h5py.File(path, "r+") as file:
        attributes = json.loads(file["attributes"][0])
        attributes[key] = value
        del file["attributes"]
        file["attributes"] = np.array([json.dumps(attributes).encode()])
    message = nullcline("fixed-points", path).complaint()
    assert "attributes.h5" in message
    assert key in message


@pytest.mark.parametrize(
    "command",
    ["fixed-points", "lyapunov", "cycles", "connections", "pca", "dca", "connectivity", "show"],
)
def test_a_file_that_is_not_there_is_told(nullcline, command):
    assert "missing.h5" in nullcline(command, "missing.h5").complaint()


@pytest.mark.parametrize("command", ["fixed-points", "pca", "dca", "connectivity"])
def test_a_directory_and_an_unknown_extension_are_told(nullcline, tmp_path, command):
    (tmp_path / "folder.h5").mkdir()
    assert "folder.h5" in nullcline(command, "folder.h5").complaint()
    (tmp_path / "data.xls").write_text("1,2\n")
    assert ".npz" in nullcline(command, "data.xls").complaint()


@pytest.mark.parametrize("command", ["fixed-points", "lyapunov", "cycles", "connections"])
def test_data_that_is_no_network_has_no_dynamics(nullcline, tmp_path, command):
    np.savez(tmp_path / "data.npz", x=np.ones((3, 4)))
    assert "network" in nullcline(command, "data.npz").complaint()


@pytest.mark.parametrize(
    "arrays, arguments, words",
    [
        ({"x": np.ones(5)}, [], "two or three dimensions"),
        ({"x": np.ones((5, 2)), "y": np.ones((5, 2))}, [], "--key"),
        ({"rates": np.ones((5, 2)), "y": np.ones(2)}, ["--key", "rats"], "'rates'?"),
        ({"x": np.ones((0, 2))}, [], "not empty"),
        ({"x": np.array([[1.0, np.nan], [0.0, 1.0]])}, [], "'x'"),
        ({"x": np.array([["a"]])}, [], "x"),
        ({"x": np.ones((5, 2))}, ["--dim", "0"], "--dim"),
    ],
)
def test_data_that_pca_cannot_use_is_told(nullcline, tmp_path, arrays, arguments, words):
    np.savez(tmp_path / "data.npz", **arrays)
    message = nullcline("pca", "data.npz", *arguments).complaint()
    assert words in message


def test_trials_that_are_too_short_for_the_window_are_told(nullcline, tmp_path):
    np.savez(tmp_path / "data.npz", x=np.random.default_rng(0).normal(size=(5, 3)))
    message = nullcline("dca", "data.npz", "--window", "5").complaint()
    assert "data.npz: --window" in message
    assert "data.npz: --dim" in nullcline("dca", "data.npz", "--dim", "4", "--window", "1").complaint()


def test_an_input_of_the_wrong_size_is_told(nullcline, network):
    message = nullcline("fixed-points", network, "--input", "0.5,0.2").complaint()
    assert "--input" in message and "2 numbers" in message
    assert "--input" in nullcline("fixed-points", network, "--input", "a").complaint()


@pytest.mark.parametrize(
    "arguments",
    [
        ["cycles", "--flow", "--max-period", "nan"],
        ["cycles", "--flow", "--max-period", "0"],
        ["continue", "--from", "0", "--to", "1", "--max-step", "nan"],
        ["lyapunov", "--seed", "x"],
        ["lyapunov", "--seed", "-1"],
        ["lyapunov", "--seed", "010"],
        ["homology", "--seed", "09"],
        ["lyapunov", "--seed", str(2**64)],
    ],
)
def test_a_number_out_of_range_is_told_in_few_words(nullcline, network, arguments):
    message = nullcline(arguments[0], network, *arguments[1:]).complaint()
    assert arguments[-2] in message and arguments[-1] in message
    assert len(message) < 160  # a line; the largest double has 309 digits


def test_matrices_of_different_size_are_not_compared(nullcline, network, tmp_path):
    np.savez(tmp_path / "w.npz", recurrent=np.ones((3, 3)))
    assert "(3, 3)" in nullcline("connectivity", network, "w.npz").complaint()
    np.savez(tmp_path / "w.npz", recurrent=np.ones((3, 4)))
    assert "(3, 4)" in nullcline("connectivity", "w.npz", network).complaint()


def test_a_result_directory_that_is_none_is_told(nullcline, tmp_path):
    for command in ("show", "report"):
        assert "study.toml" in nullcline(command, tmp_path).complaint()
        assert "nowhere" in nullcline(command, "nowhere").complaint()
