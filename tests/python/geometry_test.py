# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from rate_network import RateNetwork, random_arrays

import nullcline as nc


def circle(angles, steps=20):
    """An angle shown as (cos, sin) for half of the time."""
    u = np.zeros((len(angles), steps, 2))
    du = np.zeros((len(angles), 1, steps, 2))
    u[:, : steps // 2] = np.stack([np.cos(angles), np.sin(angles)], axis=-1)[:, None]
    du[:, 0, : steps // 2] = np.stack([-np.sin(angles), np.cos(angles)], axis=-1)[:, None]
    return u, du


@pytest.fixture
def networks():
    arrays = random_arrays(12, 2, 3, 1.2, 1)
    ours = nc.Network.rate(**arrays, activation="tanh", tau=0.05, dt=0.01)
    return ours, RateNetwork(arrays, "tanh", alpha=0.2)


def test_the_metric_is_that_of_finite_differences(networks):
    ours, numpys = networks
    angles, h = np.linspace(0, 6, 7), 1e-5
    geo = nc.pullback_metric(ours, nc.InputManifold(*circle(angles)), [5, 20])

    def run(at):
        states, outputs = numpys.run(circle(at)[0].transpose(1, 0, 2), np.zeros((7, 12)))
        return states[[4, 19]], outputs[[4, 19]]  # states after steps 5 and 20

    (x_up, y_up), (x_down, y_down) = run(angles + h), run(angles - h)
    tangents = ((x_up - x_down) / (2 * h)).transpose(1, 0, 2)
    # h^2 of a third derivative and eps / h
    assert np.allclose(geo.tangents[:, :, 0], tangents, rtol=0, atol=1e-8)
    assert geo.metric.shape == (7, 2, 1, 1)
    assert np.allclose(geo.metric[..., 0, 0], np.sum(tangents**2, axis=-1), rtol=1e-6)
    outputs = ((y_up - y_down) / (2 * h)).transpose(1, 0, 2)
    assert np.allclose(geo.readout_metric[..., 0, 0], np.sum(outputs**2, axis=-1), rtol=1e-6)
    assert np.allclose(geo.states, run(angles)[0].transpose(1, 0, 2), rtol=0, atol=1e-12)
    assert np.allclose(geo.time, [0.05, 0.2])
    assert np.all(geo.status == "immersed")


def test_without_tangents_the_metric_is_the_same(networks):
    manifold = nc.InputManifold(*circle(np.linspace(0, 6, 7)))
    geo = nc.pullback_metric(networks[0], manifold, [5, 20])
    alone = nc.pullback_metric(networks[0], manifold, [5, 20], tangents=False)
    assert np.array_equal(alone.metric, geo.metric)
    assert np.array_equal(alone.time, geo.time)
    assert alone.readout_metric is None
    with pytest.raises(nc.Error, match="not kept"):
        alone.tangents


def test_inputs_at_nodes_that_do_not_change_are_held_ones():
    arrays = random_arrays(12, 2, 3, 1.2, 1)
    u, du = circle(np.linspace(0, 6, 7))
    twice = nc.InputManifold(np.tile(u, 2), np.tile(du, 2))
    for method, inputs in [("euler", nc.InputManifold(u, du)), ("heun", twice)]:
        net = nc.Network.rate(**arrays, activation="tanh", tau=0.05, dt=0.01, method=method)
        held = nc.pullback_metric(net, nc.InputManifold(u, du), [5, 20])
        nodes = nc.pullback_metric(net, inputs, [5, 20], nodes=method)
        assert np.allclose(nodes.tangents, held.tangents, rtol=1e-12, atol=1e-14)
        assert np.allclose(nodes.readout_metric, held.readout_metric, rtol=1e-11)


def test_layers_are_steps():
    """Tangents of layer l are W_l diag(f') those of layer l - 1, f the identity."""
    random = np.random.default_rng(0)
    W0, W1 = random.normal(size=(4, 2)), random.normal(size=(4, 4))
    parameters = {
        "weight_l0": W0, "bias_l0": np.zeros((4, 1)), "weight_l1": W1, "bias_l1": np.zeros((4, 1)),
        "readout": np.ones((1, 4)), "readout_bias": np.zeros((1, 1)),
    }
    settings = {"units": 4, "layers": 2, "activation": "identity", "dt": 0.1}
    net = nc.Network("feedforward", parameters, settings)
    u, du = circle(np.linspace(0, 6, 5), steps=2)
    manifold = nc.InputManifold(u[:, :1], du[:, :, :1])
    geo = nc.pullback_metric(net, manifold, layers=True)
    assert geo.metric.shape == (5, 2, 1, 1)
    first = du[:, 0, 0] @ W0.T
    assert np.allclose(geo.tangents[:, 0, 0], first, rtol=1e-13)
    assert np.allclose(geo.tangents[:, 1, 0], first @ W1.T, rtol=1e-13)
    assert geo.time.tolist() == [1, 2]
    with pytest.raises(nc.Error, match="velocities"):
        geo.velocities
    with pytest.raises(nc.Error, match="layers"):
        nc.pullback_metric(net, manifold, layers=True, tangents=False)


def test_points_that_are_not_moved_yet_are_named(networks):
    u, du = circle(np.linspace(0, 1, 3))
    both = np.concatenate([du, np.zeros_like(du)], axis=1)
    both[:, 1, 15:, 0] = 1  # a second variable, that comes later
    geo = nc.pullback_metric(networks[0], nc.InputManifold(u, both), [0, 10, 20])
    assert list(geo.status[0]) == ["collapsed", "degenerate", "immersed"]
    assert geo.metric.shape == (3, 3, 2, 2)
    assert np.array_equal(geo.metric[:, 1, 1, 1], np.zeros(3))
    assert np.allclose(geo.volume[:, 2], np.sqrt(np.linalg.det(geo.metric[:, 2])), rtol=1e-10)
    assert np.allclose(geo.eigenvalues.sum(-1), np.trace(geo.metric, axis1=2, axis2=3), rtol=1e-12)


def test_gated_cells_have_a_metric_too():
    rng = np.random.default_rng(3)
    net = nc.Network(
        "gru",
        {
            "weight_ih_l0": rng.normal(size=(24, 2)),
            "weight_hh_l0": rng.normal(size=(24, 8)) / 3,
            "bias_ih_l0": np.zeros(24),
            "bias_hh_l0": np.zeros(24),
            "readout": rng.normal(size=(1, 8)),
            "readout_bias": np.zeros(1),
        },
    )
    angles = np.array([0.3, 1.0])
    h = 1e-5
    geo = nc.pullback_metric(net, nc.InputManifold(*circle(angles)), [20])
    up, down = (net.run(circle(angles + s)[0].transpose(1, 0, 2)).states[-1] for s in (h, -h))
    assert np.allclose(geo.tangents[:, 0, 0], (up - down) / (2 * h), rtol=0, atol=1e-8)
    assert geo.readout_metric.shape == (2, 1, 1, 1)


def test_a_loss_on_the_metric_has_gradients(networks):
    net = networks[0]
    u, du = circle(np.array([0.2, 1.3, 2.5]))
    both = np.concatenate([du, np.roll(du, 1, axis=-1)], axis=1)
    manifold = nc.InputManifold(u, both)
    geo = nc.pullback_metric(net, manifold)
    weights = np.linspace(0, 1, u.shape[1])
    result = nc.metric_loss(net, manifold, "log_ratio", 0.5, above=1, below=0, weights=weights)
    assert np.allclose(result.metric, geo.metric, rtol=1e-10, atol=1e-14)
    logs = np.log(geo.metric[..., 1, 1] / geo.metric[..., 0, 0] / 0.5) ** 2
    share = weights / weights.sum() / len(u)
    assert np.isclose(result.loss, (logs * share)[:, 1:].sum(), rtol=1e-10)
    for name, gradient in result.gradients.items():
        assert gradient.shape == net.parameters[name].shape

    # Along the gradient by the input weights the loss rises by the gradient's square.
    step = 1e-6 / np.linalg.norm(result.gradients["input"])
    moved = dict(net.parameters)
    losses = []
    for sign in (1, -1):
        moved["input"] = net.parameters["input"] + sign * step * result.gradients["input"]
        other = nc.Network(net.cell, moved, net.settings)
        losses.append(
            nc.metric_loss(
                other, manifold, "log_ratio", 0.5, above=1, below=0, weights=weights
            ).loss
        )
    slope = (losses[0] - losses[1]) / (2 * step)
    assert np.isclose(slope, np.sum(result.gradients["input"] ** 2), rtol=1e-6)

    same = nc.metric_loss(net, manifold, "metric", geo.metric)
    assert same.loss < 1e-20
    with pytest.raises(nc.Error, match="goal"):
        nc.metric_loss(net, manifold, "ratio")
    with pytest.raises(ValueError, match="coordinates"):
        nc.metric_loss(net, manifold, "log_ratio", above=2)


def test_wrong_sizes_are_named(networks):
    u, du = circle(np.zeros(2))
    with pytest.raises(nc.Error, match="du"):
        nc.InputManifold(u, du[:, :, :5])
    with pytest.raises(nc.Error, match="u"):
        nc.pullback_metric(networks[0], nc.InputManifold(u[..., :1], du[..., :1]))
    with pytest.raises(ValueError, match="steps"):
        nc.pullback_metric(networks[0], nc.InputManifold(u, du), [3, 2])
