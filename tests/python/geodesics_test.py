# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from rate_network import random_arrays

import nullcline as nc

TORUS = [(0, 2 * np.pi, True), (0, 2 * np.pi, True)]


def two_angles(kappa, steps=24):
    """Two angles shown one after the other, a third of the time each."""
    u = np.zeros((len(kappa), steps, 2))
    du = np.zeros((len(kappa), 2, steps, 2))
    d2u = np.zeros((len(kappa), 3, steps, 2))
    for i, shown in enumerate([slice(0, steps // 3), slice(steps // 3, 2 * steps // 3)]):
        cos, sin = np.cos(kappa[:, i]), np.sin(kappa[:, i])
        u[:, shown] = np.stack([cos, sin], axis=-1)[:, None]
        du[:, i, shown] = np.stack([-sin, cos], axis=-1)[:, None]
        d2u[:, 2 * i, shown] = -u[:, shown]
    return u, du, d2u


@pytest.fixture
def network():
    arrays = random_arrays(10, 2, 1, 0.9, 4)
    arrays["input"] /= 3  # smooth enough for grids of some twenty nodes
    return nc.Network.rate(**arrays, activation="tanh", tau=0.05, dt=0.01)


def test_geodesics_of_surfaces_have_their_lengths():
    sphere = nc.Manifold.sphere(2.0)
    found = nc.geodesics_between(sphere, [1.2, 0.1], [1.2, 0.9], windings=0).shortest
    between = np.arccos(np.cos(1.2) ** 2 + np.sin(1.2) ** 2 * np.cos(0.8))
    assert found.status == "converged" and found.minimum
    assert np.isclose(found.length, 2 * between, rtol=1e-8)
    ray = nc.geodesic_rays(sphere, [[1.2, 0.1]], [found.start_velocity], intervals=8)
    assert np.allclose(ray.points[0], found.path, atol=1e-7)
    assert np.allclose(ray.ends, [[1.2, 0.9]], atol=1e-7)
    assert ray.error[0] < 1e-8

    torus = nc.Manifold.clifford_torus(1.0, 0.5)
    ways = nc.geodesics_between(torus, [0, 0], [1, 2]).all
    expected = [np.hypot(1 + 2 * np.pi * i, (2 + 2 * np.pi * j) / 2) for i, j in
                (way.winding for way in ways)]
    assert len(ways) == 9
    assert np.allclose([way.length for way in ways], expected, rtol=1e-8)


def test_vectors_come_back_turned_by_the_area_within():
    sphere, theta = nc.Manifold.sphere(), 1.0
    circle = lambda s: ([theta, 2 * np.pi * s], [0, 2 * np.pi])
    carried = nc.parallel_transport(sphere, circle, [[1, 0]])
    turn = nc.angle_between(sphere, [theta, 0], [1, 0], carried.vectors[0])
    assert carried.status == "converged" and carried.error < 1e-8
    assert np.isclose(turn % (2 * np.pi), 2 * np.pi * (1 - np.cos(theta)), atol=1e-8)
    with pytest.raises(nc.Error, match="curve"):
        nc.parallel_transport(sphere, lambda s: (1, 2, 3), [[1, 0]])


def test_slices_of_networks_are_manifolds(network):
    inputs = nc.InputFunctions(two_angles, TORUS)
    exact = nc.Manifold.slice(network, inputs, 24)
    kappa = np.array([[0.3, 1.0], [2.0, 5.0]])
    x, a, b = exact.jets(kappa)
    geo = nc.pullback_metric(network, inputs.at(kappa), [24])
    assert np.array_equal(x, geo.states[:, 0])
    assert np.array_equal(a, geo.tangents[:, 0])
    curvature = nc.curvature(network, inputs.at(kappa), [24])
    assert np.array_equal(b, curvature.second[:, 0])
    table = exact.interpolate([20, 20])
    assert exact.tail is None and table.tail < 1e-3
    assert np.allclose(table.jets(kappa, 0)[0], x, atol=10 * table.tail)
    one, other = (
        nc.geodesics_between(m, *kappa, windings=0, tolerance=1e-5).shortest.length
        for m in (exact, table)
    )
    assert np.isclose(one, other, rtol=10 * table.tail)


def test_inputs_of_tasks_are_functions_of_kappa():
    inputs = nc.InputFunctions.of_task("sequential_memory", dt=0.1)
    assert [c[2] for c in inputs.domain] == [True, True]
    man = inputs.at([[0.1, 0.2], [1, 2], [3, 4]])
    assert (man.points, man.dim) == (3, 2) and man.steps > 10
    with pytest.raises(nc.Error, match="manifold"):
        nc.InputFunctions.of_task("sequential_memory", dt=0.1, manifold=7)


def test_curvature_is_that_of_gauss_and_bonnet(network):
    totals = []
    for side in (24, 32):
        kappa = nc.Manifold.clifford_torus(1, 1).grid([side, side])
        u, du, d2u = two_angles(kappa)
        found = nc.curvature(network, nc.InputManifold(u, du, d2u), [8, 16])
        geo = nc.pullback_metric(network, nc.InputManifold(u, du), [16])
        K, volume = found.gaussian[:, 1], geo.volume[:, 0]
        size = nc.surface_integral(abs(K), volume, TORUS, [side, side])
        totals.append(abs(nc.surface_integral(K, volume, TORUS, [side, side])) / size)
    # the trapezoid rule of a smooth periodic function: what is left falls exponentially
    assert totals[0] < 1e-2 and totals[1] < totals[0] / 5
    assert np.all(np.isnan(found.gaussian[:, 0]))  # the second angle has not come yet
    legacy = nc.legacy_curvature(geo.metric[:, 0], K, TORUS, [side, side])
    assert np.allclose(legacy.difference, legacy.values - K)
    assert legacy.largest_difference == abs(legacy.difference[legacy.where])


def test_curvature_has_points_first(network):
    u, du, d2u = two_angles(np.array([[0.3, 1.0], [2.0, 5.0], [1.0, 1.0]]))
    square = np.stack([d2u[:, [0, 1]], d2u[:, [1, 2]]], axis=1)
    found = nc.curvature(network, nc.InputManifold(u, du, d2u), [16, 24])
    again = nc.curvature(network, nc.InputManifold(u, du, square), [16, 24])
    assert found.gaussian.shape == (3, 2)
    assert np.array_equal(np.asarray(again), found.gaussian)
    assert np.allclose(found.scalar, 2 * found.gaussian)
    assert found.ricci.shape == (3, 2, 2, 2) and found.sectional.shape == (3, 2, 1)
    assert found.mean_curvature.shape == (3, 2, 10) and found.second.shape == (3, 2, 3, 10)
    one = nc.curvature(network, nc.InputManifold(u[1:2], du[1:2], d2u[1:2]), [24])
    assert np.allclose(one.gaussian[0, 0], found.gaussian[1, 1], rtol=1e-9)
    with pytest.raises(ValueError, match="second derivatives"):
        nc.curvature(network, nc.InputManifold(u, du))
    with pytest.raises(nc.Error, match="d2u"):
        nc.InputManifold(u, du, d2u[:, :2])


def test_distances_embed_and_tell_whether_the_slice_is_injective(network):
    angles = lambda kappa: [part[..., :16, :] for part in two_angles(
        np.column_stack([kappa, 0 * kappa]), 24)]
    circle = lambda kappa: (angles(kappa)[0], angles(kappa)[1][:, :1], angles(kappa)[2][:, :1])
    man = nc.Manifold.slice(network, nc.InputFunctions(circle, [(0, 2 * np.pi, True)]), 16)
    far = nc.geodesic_distances(man, [40], checked=2, reach=1, windings=0, tolerance=1e-4)
    x, a = man.jets(far.kappa, 1)
    # a curve: half of it is the distance of opposite points, whatever way
    length = nc.surface_integral(np.ones(40), np.linalg.norm(a[:, 0], axis=-1), man.domain, [40])
    assert np.allclose(far.lengths.max(), length / 2, rtol=2e-2)
    assert far.largest_excess < 1e-3 and far.pairs[0].geodesic.status == "converged"
    assert nc.immersion(a).immersed
    near = nc.injectivity(x, far.lengths, length / 8)
    assert near.chord == pytest.approx(np.linalg.norm(x[near.pair[0]] - x[near.pair[1]]))
    assert 0 < near.smallest <= 1
    # as a circle in the plane, distances along it cannot be kept: 1 - 2 / pi at the far ends
    flat = nc.smacof(far.lengths, starts=0)
    assert 0.01 < flat.stress_1 < 0.4
    betti = nc.persistent_homology(x).betti_at(near.chord * 0.9)
    assert list(betti[:2]) == [1, 1]


def test_ranks_stay_once_inputs_have_ended(network):
    kappa = np.array([[0.3, 1.0], [2.0, 5.0]])
    history = nc.rank_history(
        network, nc.InputManifold(*two_angles(kappa)[:2]), [0, 4, 8, 12, 16, 24]
    )
    assert history.last_input == 15 and history.changes == 0
    assert np.array_equal(history.ranks, [[0, 1, 1, 2, 2, 2]] * 2)
    assert history.conditions.shape == (2, 6)


def test_gridlines_are_drawn_at_their_lengths():
    metric = np.zeros((15, 2, 2))
    metric[:, 0, 0], metric[:, 1, 1] = 4, 9
    lines = nc.gridlines(metric, [(0, 1), (-1, 1)], [5, 3])
    assert np.allclose(lines.positions[-1], [2 * 0.5, 3])
    assert np.allclose(lines.defect, 0) and not lines.obliqueness.any()
    assert lines.net_defect.shape == (15, 2)
    legacy = nc.gridlines(metric, [(0, 1), (-1, 1)], [5, 3], method="legacy_absolute")
    assert np.allclose(legacy.positions[-1], [4, 3]) and legacy.defect.size == 0
    with pytest.raises(nc.Error, match="method"):
        nc.gridlines(metric, [(0, 1), (-1, 1)], [5, 3], method="C")


def test_what_python_raises_comes_through(network):
    def broken(kappa):
        raise RuntimeError("no inputs today")

    man = nc.Manifold.slice(network, nc.InputFunctions(broken, TORUS), 3)
    with pytest.raises(RuntimeError, match="no inputs today"):
        nc.geodesics_between(man, [0, 0], [1, 1])
    short = nc.InputFunctions(lambda kappa: two_angles(kappa)[:2], TORUS)
    with pytest.raises(nc.Error, match="d2u"):
        nc.Manifold.slice(network, short, 3).jets([[0, 0]])
    with pytest.raises(nc.Error, match="domain"):
        nc.InputFunctions(broken, [(0, 1, True, 2)])
