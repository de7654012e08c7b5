# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from rate_network import RateNetwork, random_arrays

import nullcline as nc


def both(activation, n=12, n_in=2, n_out=3, gain=1.2, seed=1):
    arrays = random_arrays(n, n_in, n_out, gain, seed)
    ours = nc.Network.rate(**arrays, activation=activation, tau=0.05, dt=0.01)
    return ours, RateNetwork(arrays, activation, alpha=0.2)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_run_is_the_loop_in_numpy(activation):
    ours, numpys = both(activation)
    rng = np.random.default_rng(2)
    u, start = rng.normal(size=(40, 5, 2)), rng.normal(size=(5, 12))
    result = ours.run(u, start)
    states, outputs = numpys.run(u, start)
    # 40 steps of a dozen sums each, with weights of order 1
    assert np.allclose(result.states, states, rtol=0, atol=1e-12)
    assert np.allclose(result.outputs, outputs, rtol=0, atol=1e-11)


def test_one_start_serves_all_trials_and_none_is_zero():
    ours, _ = both("tanh")
    u, x = np.ones((3, 4, 2)), np.linspace(-1, 1, 12)
    assert np.array_equal(ours.run(u, x).states, ours.run(u, np.tile(x, (4, 1))).states)
    assert np.array_equal(ours.run(u).states, ours.run(u, np.zeros(12)).states)


def test_noise_belongs_to_its_seed():
    net = nc.Network.rate(np.eye(4) / 2, sigma=0.1)
    u = np.zeros((20, 3, 0))
    once = net.run(u, seed=1).states
    assert np.array_equal(once, net.run(u, seed=1).states)
    assert not np.array_equal(once, net.run(u, seed=2).states)
    assert np.array_equal(net.run(u).states, np.zeros((20, 3, 4)))


def test_input_readout_and_biases_may_be_left_out():
    net = nc.Network.rate(np.zeros((5, 5)))
    assert (net.state_dim, net.input_dim, net.output_dim) == (5, 0, 0)
    result = net.run(np.zeros((2, 3, 0)))
    assert result.states.shape == (2, 3, 5)
    assert result.outputs.shape == (2, 3, 0)


def test_the_diagonal_of_the_users_weights_counts():
    # x = tanh(2 x) has the roots 0 and +- 0.957504024077 (of the inverse function, by bisection).
    net = nc.Network.rate(2 * np.eye(1))
    fp = nc.fixed_points(net, starts=[[-1.0], [0.01], [1.0]])
    assert np.allclose(np.sort(fp.states[:, 0]), [-0.957504024077, 0, 0.957504024077], atol=1e-11)
    assert net.settings["self_connections"] is True


def test_parameters_have_the_shapes_that_went_in():
    arrays = random_arrays(n=6, n_in=1, n_out=1, gain=1, seed=3)
    parameters = nc.Network.rate(**arrays).parameters
    assert parameters.keys() == arrays.keys()
    for name, array in arrays.items():
        assert np.array_equal(parameters[name], array) and parameters[name].shape == array.shape


@pytest.mark.parametrize("suffix", [".h5", ".npz"])
def test_a_saved_network_is_the_same_network(tmp_path, suffix):
    net, _ = both("relu", n_in=1)
    path = tmp_path / f"net{suffix}"
    nc.save(path, net)
    copy = nc.load(str(path))
    assert (copy.cell, copy.settings) == (net.cell, net.settings)
    assert copy.parameters.keys() == net.parameters.keys()
    for name, array in net.parameters.items():
        assert np.array_equal(copy.parameters[name], array)
    assert np.array_equal(
        nc.read(path).arrays["parameters/recurrent"], net.parameters["recurrent"]
    )


def test_conversion_keeps_everything(tmp_path):
    net, _ = both("tanh")
    nc.save(tmp_path / "a.h5", net)
    nc.convert(tmp_path / "a.h5", tmp_path / "b.npz")
    a, b = nc.read(tmp_path / "a.h5"), nc.read(tmp_path / "b.npz")
    assert a.attributes == b.attributes
    assert a.arrays.keys() == b.arrays.keys()
    for name in a.arrays:
        assert np.array_equal(a.arrays[name], b.arrays[name])
    with np.load(tmp_path / "b.npz", allow_pickle=False) as npz:
        assert np.array_equal(npz["parameters/bias"], net.parameters["bias"])


def test_a_cell_of_the_registry_is_made_from_its_arrays():
    arrays = random_arrays(n=6, n_in=2, n_out=1, gain=1, seed=4)
    net = nc.Network("leaky_rate", arrays, {"activation": "softplus", "self_connections": True})
    same = nc.Network.rate(**arrays, activation="softplus")
    u = np.ones((9, 1, 2))
    assert np.array_equal(net.run(u).states, same.run(u).states)
    assert net.settings["units"] == 6


def test_the_current_form_steps_the_rates_through_the_weights():
    rng = np.random.default_rng(2)
    W, B, b, D = rng.normal(size=(4, 4)), rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=(1, 4))
    x, u = rng.normal(size=4), rng.normal(size=2)

    def slope(x):
        return (-x + W @ np.tanh(x) + B @ u + b) / 0.1

    for method in "euler", "heun":
        net = nc.Network.rate(W, input=B, bias=b, readout=D, form="current", method=method, dt=0.02)
        result = net.run(u.reshape(1, 1, 2), start=x)
        k1 = slope(x)
        step = x + 0.02 * (k1 if method == "euler" else (k1 + slope(x + 0.02 * k1)) / 2)
        assert np.allclose(result.states[0, 0], step, rtol=0, atol=1e-14)
        assert np.allclose(result.outputs[0, 0], D @ np.tanh(step), rtol=0, atol=1e-14)
    with pytest.raises(ValueError, match='form: found "spikes", expected one of'):
        nc.Network.rate(np.eye(2), form="spikes")



@pytest.mark.parametrize(
    "arguments, field",
    [
        ({"recurrent": np.zeros((2, 3))}, "recurrent"),
        ({"recurrent": np.eye(2), "bias": np.zeros(3)}, "bias"),
        ({"recurrent": np.eye(2), "input": np.zeros((3, 1))}, "input"),
        ({"recurrent": np.eye(2), "readout": np.zeros((1, 3))}, "readout"),
        ({"recurrent": np.eye(2), "readout_bias": np.zeros(1)}, "readout_bias"),
        ({"recurrent": [[np.nan]]}, "recurrent[0, 0]"),
        ({"recurrent": np.eye(2), "activation": "tanhh"}, "activation"),
        ({"recurrent": np.eye(2), "dt": -1.0}, "dt"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(arguments, field):
    with pytest.raises(nc.Error) as caught:
        nc.Network.rate(**arguments)
    assert caught.value.field == field


def test_a_file_that_is_no_network_is_named(tmp_path):
    path = tmp_path / "data.npz"
    np.savez(path, X=np.zeros(3))
    with pytest.raises(nc.Error) as caught:
        nc.load(path)
    assert caught.value.path == str(path)
    with pytest.raises(nc.Error, match="nothing.h5"):
        nc.load(tmp_path / "nothing.h5")


def test_a_truncated_file_is_named(tmp_path):
    net, _ = both("tanh")
    path = tmp_path / "net.h5"
    nc.save(path, net)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(nc.Error) as caught:
        nc.load(path)
    assert caught.value.path == str(path)
