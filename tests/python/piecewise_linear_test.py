# SPDX-License-Identifier: Apache-2.0
"""Exact methods for ReLU networks and PLRNNs."""

import numpy as np
import pytest

import nullcline as nc

# The two-unit PLRNNs of SCYFI's own tests (Eisenmann et al. 2023): diagonal, W_01, the only fixed
# point, and the largest modulus of its multipliers.
SCYFI = [
    ((0.7, -0.7), -0.14375, (1.24327510, -0.19207617), 0.7),
    ((-0.0222311, 0.96461297), -0.64375, (0.36487105, -22.26064871), 0.96461297),
    ((0.8377689, 0.96461297), -0.64375, (1.87241987, 0.10752279), 1.07057),
    ((0.9777689, 0.96461297), -0.14375, (2.01900155, 2.28242021), 1.00928),
]


def scyfi(diagonal, w):
    return nc.Network.plrnn(
        diagonal=diagonal, recurrent=[[0, w], [0.52505308, 0]], bias=[0.37298253, -0.97931491]
    )


@pytest.mark.parametrize("diagonal, w, point, modulus", SCYFI)
def test_fixed_points_of_a_plrnn(diagonal, w, point, modulus):
    net = scyfi(diagonal, w)
    assert isinstance(net, nc.Map) and net.dim == net.kinks == 2
    exact = nc.piecewise_linear_points(net)
    assert np.allclose(exact.states, [point], rtol=0, atol=1e-7)
    assert np.abs(exact.eigenvalues).max() == pytest.approx(modulus, abs=1e-5)
    assert exact.complete and exact.regions_visited == 4
    assert np.array_equal(exact.regions, exact.states > 0)
    assert exact.status.shape == (0,) and exact.continua == [] and not exact.on_border.any()

    fp = nc.fixed_points(net, starts=exact.states + 1e-3)
    assert np.allclose(fp.states, exact.states, rtol=0, atol=1e-12)
    assert fp.derivatives == "exact"

    # The saddle and the stable points lie inside of their regions: each is proven, and alone.
    assert list(fp.certified) == [True]
    assert 0 < fp.radius_exists[0] < 1e-12 * (1 + np.abs(point).max())
    assert fp.radius_unique[0] > fp.radius_exists[0]

    started = nc.piecewise_linear_points(net, starts=[[3.0, -3.0]])
    assert np.allclose(started.states, exact.states, rtol=0, atol=1e-12)
    assert list(started.status) == ["fixed_point"] and not started.complete


def test_a_plrnn_steps_as_it_says():
    net = scyfi((0.7, -0.7), -0.14375)
    z = np.array([[0.5, -1.0], [-2.0, 3.0]])
    W, h = np.array([[0, -0.14375], [0.52505308, 0]]), [0.37298253, -0.97931491]
    expected = z * [0.7, -0.7] + np.maximum(z, 0) @ W.T + h
    assert np.allclose(net(z), expected, rtol=1e-15)
    assert np.allclose(net(z[0]), expected[0], rtol=1e-15)
    orbit = net.orbit(z, 3)
    assert orbit.shape == (3, 2, 2) and np.array_equal(orbit[0], net(z))
    assert np.array_equal(orbit[2], net(orbit[1])) and net.orbit(z[0], 5).shape == (5, 1, 2)


def test_all_cycles_of_a_plrnn_and_that_they_are_cycles():
    net = scyfi((0.9777689, 0.96461297), -0.14375)
    for period in (1, 2, 5):
        found = nc.piecewise_linear_cycles(net, period)
        assert found.exhaustive and found.complete
        assert len(found.states) == len(found) == len(found.stable) == len(found.regions)
        for cycle in found.states:
            assert cycle.shape == (period, 2)
            assert np.allclose(net(cycle), np.roll(cycle, -1, axis=0), rtol=0, atol=1e-10)
    one = nc.piecewise_linear_cycles(net, 1)
    assert np.allclose(one.states[0], [SCYFI[3][2]], rtol=0, atol=1e-7)
    assert np.abs(one.multipliers).max() == pytest.approx(1.00928, abs=1e-5)


def test_a_relu_network_is_solved_region_by_region():
    # Two units that inhibit each other: x = relu(b - 2 x'), with one saddle and two stable points.
    net = nc.Network.rate([[0, -2], [-2, 0]], bias=[1, 1], activation="relu", dt=0.01, tau=0.1)
    exact = nc.piecewise_linear_points(net)
    found = {tuple(np.round(state, 12)) for state in exact.states}
    assert found == {(1, 0), (0, 1), (round(1 / 3, 12), round(1 / 3, 12))}
    assert sorted(exact.kinds) == ["saddle", "stable", "stable"]
    assert exact.complete and exact.degree == 1


def test_a_line_of_fixed_points_is_named():
    # x = relu(x) for x >= 0
    points = nc.piecewise_linear_points(nc.PiecewiseLinearMap([[0.0]], [[1.0]], [[1.0]]))
    assert not points.complete or points.singular > 0
    (line,) = points.continua
    assert np.allclose(np.abs(line.directions), [[1.0]]) and line.point.shape == (1,)
    assert line.region.dtype == np.bool_


def test_what_has_no_pieces_is_refused():
    with pytest.raises(nc.Error, match="piecewise linear"):
        nc.piecewise_linear_points(nc.Network.rate(np.eye(2)))
    with pytest.raises(nc.Error, match="piecewise linear"):
        nc.piecewise_linear_cycles(nc.Map(np.tanh, dim=2), 3)
    with pytest.raises(ValueError, match=r"recurrent: found shape \(2, 2\)"):
        nc.Network.plrnn(diagonal=[1, 2, 3], recurrent=np.eye(2))
