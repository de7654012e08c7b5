# SPDX-License-Identifier: Apache-2.0
"""Modes, lines, reversibility: what surrounds points."""

import numpy as np
import pytest

import nullcline as nc


@pytest.fixture
def linear():
    """A linear network, its J and its dF/du."""
    rng = np.random.default_rng(1)
    W, B = rng.normal(size=(4, 4)) / 4, rng.normal(size=(4, 2))
    net = nc.Network.rate(W, input=B, activation="identity", tau=0.1, dt=0.02)
    return net, 0.8 * np.eye(4) + 0.2 * W, 0.2 * B


def test_modes_are_dual_and_make_up_the_jacobian(linear):
    net, J, J_in = linear
    modes = nc.linear_modes(net, np.zeros((2, 4)))
    assert len(modes) == 2 and list(modes.status) == ["complete"] * 2
    for name in ("right", "left", "jacobians"):
        assert getattr(modes, name).shape == (2, 4, 4)
    for name in ("eigenvalues", "conditions", "partners", "time_constants", "frequencies"):
        assert getattr(modes, name).shape == (2, 4)
    R, L, values = modes.right[0], modes.left[0], modes.eigenvalues[0]
    assert np.allclose(L.conj().T @ R, np.eye(4))
    assert np.allclose(R @ np.diag(values) @ L.conj().T, J)
    assert np.allclose(modes.jacobians[0], J) and np.allclose(modes.input_jacobians[0], J_in)
    assert np.allclose(modes.norms, np.linalg.norm(J, 2)) and (modes.peaks >= 1).all()
    departure = np.sqrt(np.sum(J**2) - np.sum(np.abs(values) ** 2))
    assert np.allclose(modes.departures, departure)

    u = np.array([[1.0, 0.0], [0.3, -2.0]])
    expected = u @ J_in.T @ np.linalg.matrix_power(J, 3).T
    assert np.allclose(modes.response(0, u, steps=3), expected)
    parts = sum(modes.response(0, u, steps=3, modes=[a]) for a in range(4))
    assert np.allclose(parts, expected)
    with pytest.raises(IndexError):
        modes.response(2, u)


def test_modes_are_removed_one_by_one(linear):
    net, J, J_in = linear
    w, u = np.arange(4.0), np.array([0.6, 0.8])
    ablation = nc.linear_modes(net, np.zeros((3, 4))).ablate(u, w, steps=2)
    assert ablation.outputs.shape == (5, 3) and ablation.mean.shape == (5,)
    assert ablation.outputs[0] == pytest.approx(0)
    assert ablation.mean[-1] == pytest.approx(w @ J @ J @ J_in @ u)
    assert ablation.standard_error[-1] == pytest.approx(0, abs=1e-15) and ablation.points == 3
    assert 0 < ablation.modes_needed <= 4


def test_a_linear_network_is_predicted_exactly(linear):
    net, *_ = linear
    inputs = np.random.default_rng(0).normal(size=(20, 3, 2))
    states = net.run(inputs).states
    # the state at t and the input that leads from it to the next
    errors = nc.linear_errors(net, np.zeros((1, 4)), states[:-1], inputs[1:], horizon=4)
    assert errors.mean.shape == errors.median.shape == errors.upper.shape == (4,)
    assert np.allclose(errors.mean, 0, atol=1e-12) and (errors.persistence > 0.01).all()
    assert errors.one_step.shape == errors.nearest.shape == (19 * 3,)
    assert list(errors.lost) == [0] * 4 and errors.counts[0] > errors.counts[3] > 0


def test_a_line_attractor_and_none():
    map = nc.Map(lambda x: x * [1.0, 0.5, 0.5], dim=3, dt=0.01, batched=True)
    points = np.linspace(-1, 2, 40)[:, None] * [1.0, 0.0, 0.0]
    line = nc.line_attractor(map, points, readout=[2.0, 0, 0], input_effects=[[0.0, 1, 0]])
    assert line.verdict == "line" and not line.closed and line.distinct == 40
    assert line.length == pytest.approx(3, rel=0.05) and line.thickness < 1e-6
    assert np.allclose(np.abs(line.axis), [1, 0, 0]) and line.readout_alignment == pytest.approx(1)
    assert line.input_alignments == pytest.approx([0])
    assert (np.diff(line.theta) >= 0).all() and line.members.shape == line.theta.shape
    S, D = len(line.spectra.theta), len(line.drift.theta)
    assert line.spectra.states.shape == (S, 3) and line.spectra.input_selection.shape == (S, 1)
    assert np.allclose(line.spectra.leading, 1, atol=1e-6) and line.spectra.finite.all()
    assert line.drift.velocities.shape == (D,) and line.drift.standing == 1
    assert line.drift.zeros == []

    spread = np.random.default_rng(0).normal(size=(12, 3)) * 100
    assert nc.line_attractor(map, spread).verdict != "line"


def test_entropy_production_of_a_rotation():
    # 4 rho^2 sin^2 theta / (1 - rho^2) for a rotation by theta with contraction rho
    rho, theta = 0.8, 0.4
    J = rho * np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])
    e = nc.entropy_production(J)
    assert e.status == "converged"
    assert e.rate == pytest.approx(4 * rho**2 * np.sin(theta) ** 2 / (1 - rho**2))
    assert np.allclose(e.covariance, np.eye(2) / (1 - rho**2))
    assert e.reversed_jacobian.shape == e.reversed_noise.shape == (2, 2) and e.asymmetry > 0
    assert nc.entropy_production(np.diag([0.5, 0.2]), np.diag([1.0, 2.0])).rate == pytest.approx(0)
    assert nc.entropy_production(2 * np.eye(2)).status == "unstable"


def test_contraction_is_the_determinant(linear):
    net, J, _ = linear
    c = nc.contraction(net, np.zeros((3, 4)))
    assert np.allclose(c.log_volumes, np.log(abs(np.linalg.det(J)))) and c.finite.all()
    assert np.allclose(c.divergences, np.trace(J - np.eye(4)) / net.dt)
    assert c.derivatives == "exact"


def test_trajectories_funnel_through_a_point():
    # Two trials come from +-1 to the origin, stay near it for three steps, and leave together.
    path = np.array([[1.0, -1.0], [0.05, -0.05], [0.0, 0.0], [0.01, -0.01], [1.0, 1.01]])
    f = nc.funnel([[0.0], [9.0]], path[:, :, None], radius=0.1, margin=1)
    assert list(f.passing) == [2, 0] and list(f.ending) == [0, 0] and list(f.end_point) == [-1, -1]
    assert f.dwell[0] == 3 and f.spread_before[0] > f.spread_after[0]
    assert f.log_contraction[0] < 0 and f.log_contraction[1] == 0
