# SPDX-License-Identifier: Apache-2.0
"""nullcline geometry, on networks whose metric is known."""

import json
import signal
import subprocess
import time

import numpy as np
import pytest
from conftest import COMMAND
from dynamics_test import vanilla, write_network

ALPHA, DT = 0.25, 0.1
W = np.array([[0.2, -0.5, 0.1], [0.4, 0.1, 0.3], [-0.2, 0.6, 0.5]])
B = np.array([[1, 0.3, 0.2, -0.1], [-0.4, 0.8, 0.1, 0.2], [0.5, 0.5, -0.3, 0.4]])


def parameters(B, prefix=""):
    return {
        prefix + "recurrent": W,
        prefix + "input": B,
        prefix + "bias": np.zeros((3, 1)),
        prefix + "readout": np.array([[1.0, 2, -1]]),
        prefix + "readout_bias": np.zeros((1, 1)),
    }


def linear(path, task=None):
    """x' = (1 - alpha) x + alpha (W x + B u): the same metric at every input."""
    settings = {
        "units": 3, "activation": "identity", "tau": DT / ALPHA, "dt": DT, "self_connections": True,
    }
    attributes = {"cell": {"name": "leaky_rate", "settings": settings}}
    if task:
        attributes["task"] = {"name": task, "settings": {}}
    arrays = {"parameters/" + name: array for name, array in parameters(B).items()}
    arrays |= {"initial/" + name: array for name, array in parameters(B / 2).items()}
    text = np.frombuffer(json.dumps(attributes).encode(), dtype=np.uint8)
    np.savez(path, attributes_json=text, **arrays)
    return path


def metric(t):
    """Of the two streams after t steps: the tangents are sum_{k < t} A^k alpha B."""
    A = (1 - ALPHA) * np.eye(3) + ALPHA * W
    tangents = np.zeros((3, 2))
    for _ in range(t):
        tangents = A @ tangents + ALPHA * B[:, :2]
    return tangents.T @ tangents


@pytest.fixture
def network(tmp_path):
    return linear(tmp_path / "net.npz", "context_integration")


def test_the_metric_of_a_linear_network_is_that_of_its_sum_at_every_input(nullcline, network):
    result = nullcline(
        "geometry", network, "--grid", "3,5", "--times", "2", "--initial", "--npz", "g.npz"
    ).good()
    assert "context 2: 15 points over stream 1; stream 2" in result.out
    with np.load(network.parent / "g.npz") as found:
        assert np.allclose(found["time"], [0.5, 1])
        assert found["0/kappa"].shape == (15, 2)
        assert np.allclose(found["0/kappa"][4], [-0.02, 0.02])  # the last one is the fastest
        for c in "01":
            G = found[c + "/trained/metric"]
            assert G.shape == (2, 15, 2, 2)
            for s, t in enumerate([5, 10]):
                assert np.allclose(G[s], metric(t), rtol=1e-12)
                assert np.allclose(found[c + "/untrained/metric"][s], metric(t) / 4, rtol=1e-12)
            assert np.allclose(
                found[c + "/trained/volume"], np.sqrt(np.linalg.det(G)), rtol=1e-10
            )
            assert np.all(found[c + "/trained/status"] == 0)
            assert np.all(np.abs(found[c + "/trained/curvature"]) < 1e-10)
            moved = found[c + "/trained/affine_invariant"]
            assert np.allclose(moved, np.sqrt(2) * np.log(4), rtol=1e-10)


def test_the_table_has_a_row_for_each_time_and_network(nullcline, network):
    lines = nullcline("geometry", network, "--times", "5", "--no-curvature").good().out.splitlines()
    # metric, eigenvalues, topology, ranks, decision
    assert len(lines) == 2 * (1 + 6 + 6 + 4 + 1 + 7)
    assert lines[1].split()[:2] == ["t,", "s"]
    volume = float(lines[6].split()[1])
    assert volume == pytest.approx(np.sqrt(np.linalg.det(metric(10))), rel=2e-3)  # three digits
    assert "int K dA" not in "\n".join(lines)
    before = nullcline("geometry", network, "--times", "5", "--parameters", "initial").good()
    assert float(before.out.splitlines()[6].split()[1]) == pytest.approx(volume / 4, rel=3e-3)


def test_geodesics_of_a_linear_network_are_straight(nullcline, network):
    """Lengths are |a (q - p)| with the tangents a; rays end where they point."""
    result = nullcline(
        "geometry", network, "--grid", "3", "--times", "2", "--geodesics", "2", "--initial",
        "--geodesic", "0,0:0.02,-0.01", "--geodesic=-0.02,0:0.02,0.02", "--ray", "0,0:0.01,0.005",
        "--distances", "--npz", "g.npz",
    ).good()
    assert "converged" in result.out and "distances at 1 s, untrained: of 9 points" in result.out
    with np.load(network.parent / "g.npz") as found:
        prefix = "1/trained/geodesics/"
        assert found[prefix + "steps"].tolist() == [5, 10]
        ways = np.array([[0.02, -0.01], [0.04, 0.02]])
        for p, t in enumerate([5, 10]):
            exact = np.sqrt(np.einsum("gi,ij,gj->g", ways, metric(t), ways))
            assert np.allclose(found[prefix + "length"][p, :, 0], exact, rtol=1e-10)
            assert np.allclose(found[prefix + "straight"][p, :, 0], exact, rtol=1e-10)
            before = found["1/untrained/geodesics/length"][p, :, 0]
            assert np.allclose(before, exact / 2, rtol=1e-10)
            ray = np.array([0.01, 0.005])
            length = found[prefix + "ray_length"][p, 0]
            assert length == pytest.approx(np.sqrt(ray @ metric(t) @ ray), rel=1e-9)
            # Neighbors of the grid are tied by an edge.
            step = 0.02 * np.sqrt(metric(t)[1, 1])
            assert found[prefix + "distances"][p, 0, 1] == pytest.approx(step, rel=1e-9)
        assert np.allclose(found[prefix + "ray_paths"][0, 0, -1], ray, rtol=1e-9)
        assert np.all(found[prefix + "status"] == 0)
        assert np.allclose(found[prefix + "paths"][0, 0, 0, -1], [0.02, -0.01])


def test_geodesics_of_a_slice_that_is_no_manifold_end_with_1(nullcline, network):
    result = nullcline("geometry", network, "--steps", "0", "--geodesics", "1")
    assert result.code == 1
    assert "no metric" in result.out


def test_a_task_can_be_named_and_steps_be_chosen(nullcline, tmp_path):
    linear(tmp_path / "bare.npz")
    result = nullcline(
        "geometry", "bare.npz", "--task", "context_integration", "--steps", "0,3", "--json", "-"
    ).good()
    document = result.json()
    assert document["steps"] == [0, 3]
    assert np.allclose(document["0/trained/metric"][1][7], metric(3), rtol=1e-12)
    assert set(document["0/trained/status"][0]) == {2}
    assert document["statuses"][2] == "collapsed"
    assert document["manifolds"][0]["grid"] == [15, 15]


def test_a_torus_of_inputs_from_a_file_has_its_curvature(nullcline, tmp_path):
    """The network's state is its input, u on the torus of radii 2 and 0.5."""
    settings = {"units": 3, "activation": "identity", "dt": 0.1}
    names = {
        "weight_hh_l0": np.zeros((3, 3)), "weight_ih_l0": np.eye(3), "bias_hh_l0": np.zeros((3, 1)),
        "bias_ih_l0": np.zeros((3, 1)), "readout": np.eye(3)[:1], "readout_bias": np.zeros((1, 1)),
    }
    write_network(tmp_path / "mirror.npz", "vanilla", settings, names)
    v, w = np.array([[0, 1.0], [np.pi, 2.0], [1.0, 3.0]]).T
    one, zero = np.ones(3), np.zeros(3)
    out, around = np.stack([np.cos(w), np.sin(w), zero], 1), np.stack([-np.sin(w), np.cos(w), zero], 1)
    up = np.stack([zero, zero, one], 1)
    rho, c, s = (2 + 0.5 * np.cos(v))[:, None], 0.5 * np.cos(v)[:, None], 0.5 * np.sin(v)[:, None]
    u = rho * out + s * up
    du = np.stack([-s * out + c * up, rho * around], 1)
    d2u = np.stack([-c * out - s * up, -s * around, -rho * out], 1)
    in_time = {"u": u[:, None], "du": du[:, :, None], "d2u": d2u[:, :, None]}  # one step
    np.savez(tmp_path / "torus.npz", kappa=np.stack([v, w], 1), **in_time)
    document = nullcline(
        "geometry", "mirror.npz", "--manifold", "torus.npz", "--json", "-"
    ).good().json()
    known = np.cos(v) / (0.5 * (2 + 0.5 * np.cos(v)))
    assert np.allclose(document["0/trained/curvature"][0], known, rtol=1e-12)
    text = nullcline("geometry", "mirror.npz", "--manifold", "torus.npz").good().out
    assert "3.14, 2" in text  # where the curvature is least


def test_a_decision_on_a_manifold_of_a_file_is_by_the_coordinate_asked_for(nullcline, tmp_path):
    """x = u = kappa + kappa^3 / 3, of stretch 1 + kappa^2: about 0.4, from -1 to 1, up to 1.4 away."""
    names = {
        "weight_hh_l0": np.zeros((1, 1)), "weight_ih_l0": np.eye(1), "bias_hh_l0": np.zeros((1, 1)),
        "bias_ih_l0": np.zeros((1, 1)), "readout": np.eye(1), "readout_bias": np.zeros((1, 1)),
    }
    settings = {"units": 1, "activation": "identity", "dt": 0.1}
    write_network(tmp_path / "mirror.npz", "vanilla", settings, names)
    kappa = np.linspace(-1, 1, 11)[:, None]
    np.savez(tmp_path / "cubic.npz", kappa=kappa, u=(kappa + kappa**3 / 3)[:, None],
             du=(1 + kappa**2)[:, None, None])
    arguments = ["geometry", "mirror.npz", "--manifold", "cubic.npz", "--relevant", "0",
                 "--boundary", "0.4"]
    found = nullcline(*arguments, "--json", "-").good().json()["0/trained/decision/boundary_stretch"]
    near = 1 + np.mean(np.square([0.2, 0.4, 0.6]))  # within 0.28
    far = 1 + np.mean(np.square([1, 0.8]))  # 1.12 away or more
    assert np.allclose(found, near / far, rtol=1e-12)
    text = nullcline(*arguments).good().out
    assert "boundary stretch" in text
    assert "no times after that" in text  # the input lasts to the end


def test_points_that_nothing_moves_end_with_1(nullcline, tmp_path):
    vanilla(tmp_path / "deaf.npz", np.eye(2) * 0.5, B=np.zeros((2, 1)))
    np.savez(tmp_path / "m.npz", u=np.zeros((2, 3, 1)), du=np.ones((2, 1, 3, 1)))
    result = nullcline("geometry", "deaf.npz", "--manifold", "m.npz")
    assert result.code == 1
    assert "0 of 2" in result.out


def test_states_that_leave_the_numbers_are_counted_and_end_with_1(nullcline, tmp_path):
    """x' = 1e200 x + u overflows in the third step."""
    vanilla(tmp_path / "burst.npz", np.eye(2) * 1e200, B=np.ones((2, 1)), activation="identity")
    np.savez(tmp_path / "m.npz", u=np.ones((4, 5, 1)), du=np.ones((4, 1, 5, 1)))
    arguments = ["geometry", "burst.npz", "--manifold", "m.npz", "--steps", "1,5", "--npz", "g.npz"]
    result = nullcline(*arguments)
    assert result.code == 1 and result.err == "", result
    with np.load(tmp_path / "g.npz") as found:
        assert found["0/trained/status"].tolist() == [[0] * 4, [3] * 4]
        assert np.all(np.isnan(found["0/trained/alignment"][1]))


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["bare.npz"], ["attributes.task", "--manifold"]),
        (["bare.npz", "--task", "decision"], ["--task", "2 inputs", "4"]),
        (["bare.npz", "--task", "nonsense"], ["nonsense"]),
        (["bare.npz", "--manifold", "none.npz"], ["none.npz"]),
        (["bare.npz", "--manifold", "no_u.npz"], ["no_u.npz", "u", "no such array"]),
        (["bare.npz", "--manifold", "shape.npz"], ["shape.npz", "du", "(2, 1, 4, 4)"]),
        (["bare.npz", "--manifold", "nan.npz"], ["nan.npz", "u", "not finite"]),
        (["bare.npz", "--manifold", "narrow.npz"], ["narrow.npz", "3 inputs", "4"]),
        (["net.npz", "--grid", "3,3,3"], ["grid", "3 x 3 x 3"]),
        (["net.npz", "--grid", "1"], ["--grid"]),
        (["net.npz", "--grid", "2000"], ["4000000 points"]),
        (["net.npz", "--steps", "3,11"], ["steps", "10", "11"]),
        (["net.npz", "--initial", "--parameters", "initial"], ["--initial"]),
        (["net.npz", "--task", "decision", "--manifold", "nan.npz"], ["--manifold", "--task"]),
        (["interval.npz"], ["without an input manifold"]),
        (["net.npz", "--geodesic", "0,0"], ["--geodesic", "0,0", "colon"]),
        (["net.npz", "--geodesic", "0:0,0"], ["--geodesic", "2 numbers"]),
        (["net.npz", "--geodesic", "0,0:0,1"], ["--geodesic", "coordinate 2", "-0.02 and 0.02"]),
        (["net.npz", "--ray", "0,1:0,0"], ["--ray", "coordinate 2"]),
        (["net.npz", "--geodesics", "1", "--nodes", "5,5,5"], ["--nodes", "5 x 5 x 5"]),
        (["net.npz", "--geodesics", "1", "--nodes", "1001,2"], ["--nodes", "1001", "1000"]),
        (["net.npz", "--nodes", "9,9"], ["--nodes", "no geodesics"]),
        (["--ray", "0,0:0.01", "net.npz"], ["--ray", "2 numbers"]),
        (["net.npz", "--grid", "40", "--distances"], ["--distances", "1600 points", "1000"]),
        (["bare.npz", "--manifold", "good.npz", "--geodesics", "1"], ["--geodesics", "of a task"]),
        (["net.npz", "--relevant", "0"], ["--relevant", "a task's manifold", "--manifold FILE"]),
        (["net.npz", "--boundary", "1"], ["--boundary", "--relevant"]),
        (["bare.npz", "--manifold", "good.npz", "--relevant", "0"], ["good.npz", "kappa", "(K, m)"]),
        (["bare.npz", "--manifold", "named.npz", "--relevant", "1"], ["--relevant", "from 0 to 0"]),
        (
            ["bare.npz", "--manifold", "named.npz", "--relevant", "0", "--boundary", "100"],
            ["--boundary", "100", "between 0 and 1"],
        ),
    ],
)
def test_bad_input_is_one_line(nullcline, tmp_path, arguments, words):
    linear(tmp_path / "bare.npz")
    linear(tmp_path / "net.npz", "context_integration")
    W1 = {"weight_hh_l0": np.eye(1), "weight_ih_l0": np.ones((1, 2)), "bias_hh_l0": np.zeros((1, 1)),
          "bias_ih_l0": np.zeros((1, 1)), "readout": np.eye(1), "readout_bias": np.zeros((1, 1))}
    cell = {"name": "vanilla", "settings": {"units": 1, "dt": 0.1}}
    about = {"cell": cell, "task": {"name": "ready_set_go", "settings": {}}}
    np.savez(
        tmp_path / "interval.npz",
        attributes_json=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        **{"parameters/" + name: array for name, array in W1.items()},
    )
    good = {"u": np.zeros((2, 3, 4)), "du": np.zeros((2, 1, 3, 4))}
    np.savez(tmp_path / "good.npz", **good)
    np.savez(tmp_path / "named.npz", kappa=np.array([[0.0], [1]]), **good)
    np.savez(tmp_path / "no_u.npz", du=good["du"])
    np.savez(tmp_path / "shape.npz", u=good["u"], du=np.zeros((2, 1, 4, 4)))
    np.savez(tmp_path / "nan.npz", u=good["u"] * np.nan, du=good["du"])
    np.savez(tmp_path / "narrow.npz", u=good["u"][..., :3], du=good["du"][..., :3])
    complaint = nullcline("geometry", *arguments).complaint()
    for word in words:
        assert word in complaint


def test_ctrl_c_ends_it_with_130(tmp_path):
    random = np.random.default_rng(3)
    vanilla(tmp_path / "net.npz", random.normal(size=(60, 60)) * 0.1, B=random.normal(size=(60, 2)))
    command = [COMMAND, "geometry", "net.npz", "--task", "decision", "--grid", "400"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err) == (b"", b"nullcline: interrupted\n")
