# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from rate_network import random_arrays

import nullcline as nc


def evidence(points=5, steps=12):
    """Two levels, held: kappa on a grid of points x points."""
    axis = np.linspace(-0.2, 0.2, points)
    kappa = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    u = np.repeat(kappa[:, None], steps, axis=1)
    du = np.zeros((len(kappa), 2, steps, 2))
    du[:, 0, :, 0] = du[:, 1, :, 1] = 1
    return kappa, nc.InputManifold(u, du)


@pytest.fixture
def network():
    arrays = random_arrays(12, 2, 3, 1.2, 1)
    return nc.Network.rate(**arrays, activation="tanh", tau=0.05, dt=0.01, form="current")


def metric(tangents):
    return np.einsum("ksin,ksjn->ksij", tangents, tangents)


def test_single_precision_is_near_double(network):
    _, man = evidence()
    double, single = (nc.pullback_metric(network, man, precision=p) for p in ("double", "single"))
    error = np.abs(single.metric - double.metric).max() / np.abs(double.metric).max()
    assert 0 < error < 1e-5
    with pytest.raises(nc.Error, match="precision"):
        nc.pullback_metric(network, man, precision="half")


def test_distances_are_those_of_the_quotient(network):
    _, man = evidence()
    a = nc.pullback_metric(network, man, [4, 12]).tangents
    b = a @ np.diag(np.linspace(1, 2, 12))
    found = nc.metric_distances(a, b)
    mu = np.linalg.eigvals(np.linalg.solve(metric(a), metric(b))).real
    assert np.allclose(found.affine_invariant, np.linalg.norm(np.log(mu), axis=-1), rtol=1e-8)
    assert np.allclose(
        found.spectral_ratio, 1 - np.sqrt(mu.min(-1) / mu.max(-1)), rtol=0, atol=1e-8
    )
    assert np.allclose(np.sort(found.ratios), np.sort(mu), rtol=1e-8)
    assert np.all(found.status == "immersed")
    steps = nc.metric_distances(a[:, :1], a[:, 1:]).affine_invariant[:, 0]
    over_time = nc.distances_over_time(a).affine_invariant
    assert over_time.shape == (2, 2)
    assert np.isclose(over_time[0, 1], np.median(steps))
    with pytest.raises(nc.Error, match="second"):
        nc.metric_distances(a, b[:, :1])


def test_alignment_and_the_readout(network):
    _, man = evidence()
    geo = nc.pullback_metric(network, man, [3, 12])
    H = nc.readout_directions(network, geo.states)
    slopes = 1 - np.tanh(geo.states) ** 2
    assert np.allclose(H, network.parameters["readout"] * slopes[:, :, None], rtol=1e-12)
    found = nc.tangent_alignment(geo.tangents, H)
    dots = np.einsum("ksin,kspn->ksip", geo.tangents, H)
    sizes = np.linalg.norm(geo.tangents, axis=-1)[..., None] * np.linalg.norm(H, axis=-1)[:, :, None]
    assert np.allclose(found.cosines, dots / sizes, rtol=1e-10)
    assert np.allclose(found.norm, np.linalg.norm(found.cosines, axis=-1))
    one = nc.tangent_alignment(geo.tangents, np.eye(12)[:1])
    assert np.allclose(one.part, np.abs(one.cosines[..., 0]))
    rates = nc.feature_tangents(network, geo.states, geo.tangents)
    assert np.allclose(rates, geo.tangents * slopes[:, :, None], rtol=1e-12)
    trace = np.trace(geo.readout_metric, axis1=2, axis2=3)
    norms = np.linalg.norm(H, ord=2, axis=(2, 3))
    expected = trace / (norms**2 * np.trace(geo.metric, axis1=2, axis2=3))
    assert np.allclose(nc.visible_fraction(geo.tangents, H), expected, rtol=1e-8)
    weights = np.arange(12.0)
    weighted = metric(nc.in_state_metric(geo.tangents, weights))
    assert np.allclose(weighted, metric(nc.in_state_metric(geo.tangents, np.diag(weights))))


def test_warp_indices_have_a_time_course(network):
    kappa, man = evidence()
    geo = nc.pullback_metric(network, man, [0, 6, 12])
    found = nc.warp_indices(geo.tangents, kappa[:, 0], near=0.05, far=0.15)
    near, far = np.abs(kappa[:, 0]) < 0.05, np.abs(kappa[:, 0]) > 0.15
    expected = geo.stretch[near, :, 0].mean(0)[1:] / geo.stretch[far, :, 0].mean(0)[1:]
    assert np.isnan(found.boundary_stretch[0])
    assert np.allclose(found.boundary_stretch[1:], expected)
    ratios = geo.metric[:, 1:, 1, 1] / geo.metric[:, 1:, 0, 0]
    assert np.allclose(found.compression[1:], ratios.mean(0))


def test_ellipses_hold_the_metric_and_courses_settle(network):
    _, man = evidence(3)
    geo = nc.pullback_metric(network, man, [4, 8, 12])
    a, b = geo.tangents[0, -1]
    found = nc.neuron_ellipse(a, b)
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert np.allclose(found.second_moment, [[1, cosine], [cosine, 1]])
    assert np.allclose(found.points.mean(0), found.mean)
    assert nc.settling_step([np.nan, 1, 2, 5, 5.1, 5]) == 3
    for fraction in (7, -0.1, np.nan):
        with pytest.raises(ValueError, match="fraction"):
            nc.settling_step([1, 2], fraction)
    own = nc.distances_over_time(geo.tangents).affine_invariant
    assert own.shape == (3, 3) and np.all(np.diag(own) == 0)
    # Rows are the times of the first network, two of them, columns those of the other, four.
    other = 2 * nc.pullback_metric(network, man, [2, 5, 9, 11]).tangents
    found = nc.distances_over_time(geo.tangents[:, 1:], other).affine_invariant
    one = nc.metric_distances(geo.tangents[:, 2:], other[:, 1:2]).affine_invariant
    assert found.shape == (2, 4)
    assert np.isclose(found[1, 1], np.median(one))


def test_learning_changes_the_metric_to_first_order(network):
    _, man = evidence(3)
    rng = np.random.default_rng(5)
    dW = rng.normal(size=(12, 12)) / 12
    found = nc.metric_change(network, {"recurrent": dW}, man, [12])

    def moved(by):
        arrays = {name: np.array(A) for name, A in network.parameters.items()}
        arrays["recurrent"] = arrays["recurrent"] + by * dW
        return nc.Network.rate(**arrays, activation="tanh", tau=0.05, dt=0.01, form="current")

    h = 1e-4
    up, down = (nc.pullback_metric(moved(s), man, [12]).metric for s in (h, -h))
    # h^2 of a third derivative; what stands for the change of the map is good to 1e-10.
    assert np.allclose(found.metric_change, (up - down) / (2 * h), rtol=1e-5, atol=1e-9)
    again = nc.metric_change(network, moved(1), man, [12])
    assert np.allclose(again.metric_change, found.metric_change, rtol=1e-6, atol=1e-9)


def test_backwards_and_in_time(network):
    _, man = evidence(3)
    geo = nc.pullback_metric(network, man, [12])
    w = np.random.default_rng(6).normal(size=(9, 2, 12))
    found = nc.adjoint_products(network, man, w)
    assert np.allclose(found, np.einsum("kqn,kin->kqi", w, geo.tangents[:, 0]), rtol=1e-10)
    there = nc.space_time(network, man, [12])
    assert np.allclose(there.tangents[:, :, 0], geo.velocities)
    assert np.array_equal(there.tangents[:, :, 1:], geo.tangents)
    assert there.second is None


def test_the_mean_metric_of_two_is_between_them(network):
    _, man = evidence()
    a = nc.pullback_metric(network, man, [4, 12]).tangents
    b = a @ np.diag(np.linspace(1, 2, 12))
    apart = nc.metric_distances(a, b).affine_invariant
    mean = nc.mean_metric([a, b])
    assert mean.converged.all() and np.all(mean.status == "immersed")
    assert np.allclose(mean.dispersion, apart / 2, rtol=1e-9)
    assert np.allclose(mean.distances, apart[..., None] / 2, rtol=1e-9)
    volumes = [np.linalg.det(metric(x)) for x in (a, b)]
    assert np.allclose(np.linalg.det(mean.metric), np.sqrt(volumes[0] * volumes[1]), rtol=1e-7)
    pairs = nc.distances_of_networks([a, b, a])
    assert np.allclose(pairs.affine_invariant[:, 0, 1], np.median(apart, axis=0))
    assert np.all(pairs.affine_invariant[:, 0, 2] < 1e-9)
    with pytest.raises(nc.Error, match=r"tangents\[1\]"):
        nc.mean_metric([a, b[:, :1]])
    with pytest.raises(nc.Error, match="one network or more"):
        nc.distances_of_networks([])
