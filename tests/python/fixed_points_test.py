# SPDX-License-Identifier: Apache-2.0
import json

import h5py
import numpy as np
import pytest
import scipy.optimize
import tiny_study
from rate_network import RateNetwork, random_arrays

import nullcline as nc


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The files of a trained tanh and a trained ReLU network."""
    folder = tmp_path_factory.mktemp("trained")
    run = nc.run(tiny_study.write(folder), folder / "out", progress=False)
    assert run.failures == [] and run.trained == 2
    return {network.population: network.file for network in run.networks}


def read_with_h5py(path):
    with h5py.File(path) as file:
        arrays = {name: array[:].astype(float) for name, array in file["parameters"].items()}
        settings = json.loads(file["attributes"][0])["cell"]["settings"]
    return RateNetwork(arrays, settings["activation"], settings["dt"] / settings["tau"])


def starts_of(net, count, seed):
    """States of noisy trajectories, mixed and scattered."""
    rng = np.random.default_rng(seed)
    levels = rng.choice([0.0, 0.5, 0.8], size=(1, 20, 1)).repeat(80, axis=0)
    states = net.run(levels + 0.05 * rng.normal(size=levels.shape), seed=seed).states
    states = states.reshape(-1, net.state_dim)
    first, second = states[rng.integers(len(states), size=(2, count))]
    mixes = first + rng.uniform(size=(count, 1)) * (second - first)
    return mixes + rng.normal(size=mixes.shape) * states.std() * np.linspace(0, 2, count)[:, None]


@pytest.mark.parametrize("level", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("population", ["tanh", "relu"])
def test_fixed_points_of_a_trained_network_are_those_of_scipy(trained, population, level):
    net, numpys = nc.load(trained[population]), read_with_h5py(trained[population])
    u = np.array([level])
    X0 = starts_of(net, count=60, seed=1)
    fp = nc.fixed_points(net, input=u, starts=X0)

    for x, residual in zip(fp.states, fp.residuals, strict=True):
        gap = np.linalg.norm(numpys.step(x, u) - x)
        assert gap <= 1e-10
        assert gap == pytest.approx(residual, abs=1e-13)

    converged = 0
    for x0 in X0:
        root = scipy.optimize.root(
            lambda x: numpys.step(x, u) - x,
            x0,
            jac=lambda x: numpys.jacobian(x, u) - np.eye(numpys.n),
            method="hybr",
            tol=1e-14,
        )
        if np.linalg.norm(root.fun) > 1e-12:
            continue
        converged += 1
        assert np.linalg.norm(fp.states - root.x, axis=1).min(initial=np.inf) <= 1e-8
    print(f"SciPy converged from {converged} of {len(X0)} starts; {len(fp)} fixed points")
    assert converged >= len(X0) / 2

    # and the dynamics around them
    for x, eigenvalues in zip(fp.states, fp.eigenvalues, strict=True):
        gaps = np.abs(eigenvalues[:, None] - np.linalg.eigvals(numpys.jacobian(x, u)))
        assert gaps.min(axis=1).max() < 1e-8 and gaps.min(axis=0).max() < 1e-8


def test_every_field_has_the_shape_that_it_says():
    net = nc.Network.rate(**random_arrays(n=10, n_in=1, n_out=1, gain=1.6, seed=3))
    X0 = np.random.default_rng(0).normal(size=(40, 10))
    fp = nc.fixed_points(net, input=[0.1], starts=X0, threads=2)
    P, K, n = len(fp), 40, 10
    assert P >= 1
    for name in ("states", "eigenvalues", "time_constants", "frequencies"):
        assert getattr(fp, name).shape == (P, n)
    for name in (
        "residuals", "radii", "speeds", "unstable", "multiplicity", "kinds", "degrees",
        "certified", "certificates", "radius_exists", "radius_unique", "proven_unstable",
        "proven_degrees",
    ):  # fmt: skip
        assert getattr(fp, name).shape == (P,)
    for name in ("status", "point_of_start", "start_residuals", "iterations"):
        assert getattr(fp, name).shape == (K,)
    assert fp.eigenvalues.dtype == np.complex128
    assert fp.derivatives == "exact"

    assert np.array_equal(fp.unstable, (np.abs(fp.eigenvalues) > 1).sum(axis=1))
    assert np.array_equal(fp.kinds == "stable", fp.unstable == 0)
    assert fp.degree == fp.degrees.sum()
    assert np.allclose(fp.time_constants, -net.dt / np.log(np.abs(fp.eigenvalues)), rtol=1e-9)
    found = np.isin(fp.status, ["fixed_point", "rounding_limited"])
    assert np.array_equal(found, fp.point_of_start >= 0)
    assert np.array_equal(np.bincount(fp.point_of_start[found], minlength=P), fp.multiplicity)
    assert np.allclose(fp.speeds, fp.residuals**2 / (2 * net.dt**2), rtol=1e-9)


def two_bits():
    """Two units with the fixed points -x, 0, x each, x = tanh(2 x)."""
    x = scipy.optimize.brentq(lambda x: np.tanh(2 * x) - x, 0.5, 1, xtol=1e-15)
    return nc.Network.rate(2 * np.eye(2), tau=0.1, dt=0.05), x


def test_fixed_points_are_proven():
    net, x = two_bits()
    fp = nc.fixed_points(net, starts=[[1, 1], [0.1, -1], [0.01, -0.01]])
    assert len(fp) == 3
    assert fp.certified.dtype == np.bool_ and fp.certified.all()
    assert set(fp.certificates) == {"certified"}
    assert np.array_equal(fp.proven_unstable, fp.unstable)
    assert np.array_equal(fp.proven_degrees, fp.degrees)
    assert (fp.radius_exists < 1e-12).all() and (fp.radius_unique > 1e-3).all()
    exact = np.round(fp.states / x) * x
    assert (np.abs(fp.states - exact).max(axis=1) <= fp.radius_exists + 1e-15).all()
    assert fp.proven_distinct
    assert fp.degree_verdict == ("consistent" if fp.degree == 1 else "missing")


def test_points_proven_to_be_one_are_not_called_distinct():
    # A gate that leaves 1e-9 of a step: rounding moves the one fixed point, tanh(0.5), by 1e-7, more
    # than points with a nearly singular I - J are merged over.
    weights = {"weight_ih_l0": np.zeros((2, 1)), "weight_hh_l0": np.zeros((2, 1))}
    bias = {"bias_ih_l0": np.array([np.log(1e9), 0.5])}
    readout = {"readout": np.ones((1, 1)), "readout_bias": np.zeros(1)}
    net = nc.Network("ugrnn", weights | bias | readout)
    fp = nc.fixed_points(net, starts=np.tanh(0.5) + 3e-8 * np.arange(-3, 4)[:, None])
    assert len(fp) > 1 and fp.certified.all()
    assert (np.abs(fp.states - np.tanh(0.5)).max(axis=1) <= fp.radius_exists).all()
    assert not fp.proven_distinct


def test_what_is_not_to_be_proven_is_an_error_to_ask_for():
    net, _ = two_bits()
    fp = nc.fixed_points(net, starts=[[1, 1]], certify=False)
    with pytest.raises(ValueError, match="certify was False"):
        fp.certified
    user = nc.fixed_points(nc.Map(np.tanh, dim=1), starts=[[0.5]])
    assert list(user.certificates) == ["no_enclosure"] and not user.certified.any()


def test_a_search_goes_on_until_no_point_is_likely_to_be_missing():
    net, x = two_bits()
    states = np.random.default_rng(0).uniform(-1, 1, size=(50, 2))
    fp = nc.find_all_fixed_points(net, states=states, seed=1)
    assert isinstance(fp, nc.FixedPoints)
    expected = {(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    assert {tuple(np.round(state / x).astype(int)) for state in fp.states} == expected
    assert fp.completeness == "agree" and fp.bounded and fp.degree == 1
    assert fp.degree_verdict == "consistent"
    assert fp.unseen.seen <= len(fp) == 9
    assert fp.unseen.lower <= fp.unseen.estimate <= fp.unseen.upper < 0.5
    assert 0.9 < fp.unseen.coverage <= 1
    again = nc.find_all_fixed_points(net, states=states, seed=1, threads=1)
    assert np.array_equal(again.states, fp.states)


def test_threads_do_not_change_the_result():
    net = nc.Network.rate(**random_arrays(n=16, n_in=0, n_out=1, gain=2, seed=4))
    X0 = np.random.default_rng(0).normal(size=(50, 16))
    one, all_cores = (nc.fixed_points(net, starts=X0, threads=threads) for threads in (1, 0))
    assert np.array_equal(one.states, all_cores.states)
    assert np.array_equal(one.status, all_cores.status)


@pytest.mark.parametrize("batched", [False, True])
def test_fixed_points_of_a_function_of_the_user(batched):
    # Henon's map, a = 1.4, b = 0.3: 1.4 x^2 + 0.7 x - 1 = 0, y = 0.3 x; both are saddles.
    def henon(z):
        x, y = z[..., 0], z[..., 1]
        return np.stack([1 - 1.4 * x**2 + y, 0.3 * x], axis=-1)

    map = nc.Map(henon, dim=2, dt=0.5, batched=batched)
    fp = nc.fixed_points(map, starts=[[1.0, 0.0], [-1.0, 0.0], [0.6, 0.1]])
    x = np.array([1, -1]) * np.sqrt(0.49 + 5.6) / 2.8 - 0.7 / 2.8
    assert np.allclose(fp.states, np.stack([x, 0.3 * x], axis=1), rtol=0, atol=1e-12)
    assert list(fp.multiplicity) == [2, 1]
    assert list(fp.kinds) == ["saddle", "saddle"]
    assert fp.derivatives == "finite_differences"
    # lambda^2 + 2.8 x lambda - 0.3 = 0; differences are good to eps^(2/3)
    for point, eigenvalues in zip(fp.states, fp.eigenvalues, strict=True):
        roots = np.roots([1, 2.8 * point[0], -0.3])
        assert np.allclose(np.sort(eigenvalues), np.sort(roots), rtol=0, atol=1e-8)
    assert np.allclose(fp.time_constants, -0.5 / np.log(np.abs(fp.eigenvalues)))


def test_what_a_function_raises_comes_through():
    class Surprise(Exception):
        pass

    def fails(x):
        raise Surprise("here")

    with pytest.raises(Surprise, match="here"):
        nc.fixed_points(nc.Map(fails, dim=2), starts=np.zeros((3, 2)))


def test_a_function_without_values_ends_in_a_status():
    nowhere = nc.Map(lambda x: x * np.nan, dim=2, batched=True)
    x = np.ones((3, 2))
    for found in (nc.fixed_points(nowhere, starts=x), nc.cycles(nowhere, 2, starts=x)):
        assert len(found) == 0 and list(found.status) == ["not_finite"] * 3
    assert len(nc.cycles(nowhere, 2)) == 0
    assert len(nc.find_all_fixed_points(nowhere, states=x, max_starts=256)) == 0
    assert set(nc.lyapunov_spectrum(nowhere, x).status) == {"not_finite"}
    assert nc.attractor_verdict(nowhere, x[0]).kind == "undecided"
    assert nc.covariant_vectors(nowhere, x[0]).status == "not_finite"
    assert nc.invariant_circle(nowhere, x[0]).verdict == "not_finite"
    assert nc.basins(nowhere, x).not_finite[0] == 1
    assert not nc.contraction(nowhere, x).finite.any()
    branch = nc.continue_fixed_point(nc.MapFamily(lambda x, p: x * np.nan, dim=2), state=x[0])
    assert branch.first_end in ("no_start", "not_finite")


def test_a_network_without_fixed_points_and_starts_far_outside_end_in_a_status():
    # x = relu(2 x + 1) has no solution: x = -1 is where the relu is 0.
    none = nc.Network.rate(2 * np.eye(3), bias=np.ones(3), activation="relu")
    x = np.random.default_rng(1).normal(size=(6, 3))
    found = nc.fixed_points(none, starts=x)
    assert len(found) == 0 and (found.point_of_start == -1).all()
    assert set(found.status) <= {"stalled", "escaped", "max_iterations"}
    searched = nc.find_all_fixed_points(none, states=x, max_starts=512)
    assert len(searched) == 0 and searched.completeness == "likely_missing"
    assert not searched.bounded
    assert list(nc.lyapunov_spectrum(none, x[0], steps=2000).status) == ["diverged"]
    # A network of tanh has no state beyond 1: its search begins on the surface of that box.
    far = nc.fixed_points(nc.Network.rate(2 * np.eye(3)), starts=np.full((2, 3), 1e3))
    assert list(far.status) == ["fixed_point"] * 2 and np.abs(far.states).max() < 1


def test_a_function_of_another_size_is_named():
    with pytest.raises(nc.Error, match=r"value of the function: found shape \(3,\)"):
        nc.fixed_points(nc.Map(lambda x: np.zeros(3), dim=2), starts=np.zeros((1, 2)))


def test_slow_points_lie_between_two_ghosts():
    # x -> x + x^2 + h has no fixed point for h > 0; its speed is least at x = 0, q = h^2 / 2.
    h = 1e-3
    map = nc.Map(lambda x: x + x**2 + h, dim=1)
    assert len(nc.fixed_points(map, starts=[[0.1]])) == 0
    slow = nc.slow_points(map, starts=[[0.1], [-0.2]], gradient_tolerance=1e-9)
    assert slow.states.shape == (1, 1)
    assert abs(slow.states[0, 0]) < 1e-4
    assert slow.speeds[0] == pytest.approx(h**2 / 2, rel=1e-4)
    assert list(slow.kinds) == ["slow_point"] and list(slow.multiplicity) == [2]
    assert slow.smallest_eigenvalues.shape == slow.gradients.shape == (1,)
    assert slow.passage[0] == pytest.approx(np.pi / np.sqrt(h), rel=1e-4)
    assert slow.dwell[0] == pytest.approx(slow.passage[0] / 4, abs=3)
    assert slow.decay[0] == 0 and slow.escape[0] == np.inf and list(slow.grades) == ["ghost"]
    assert slow.eigenvalues.shape == (1, 1)


def test_speeds_along_a_trajectory():
    net, x = two_bits()
    states = net.run(np.zeros((300, 4, 0)), start=np.full((4, 2), 0.1)).states
    q = nc.speeds(net, states, gradient_tolerance=1e-6)
    assert q.speeds.shape == q.gradients.shape == q.slow.shape == q.minimum.shape == (300, 4)
    assert q.slow.dtype == q.minimum.dtype == np.bool_
    drive = (-states + np.tanh(2 * states)) / 0.1
    assert np.allclose(q.speeds, (drive**2).sum(axis=2) / 2, rtol=1e-9, atol=1e-20)
    assert q.slow[-1].all() and not q.slow[0].any()
    assert (q.smallest_eigenvalues[-1] > 0).all() and q.derivatives == "exact"
    assert nc.speeds(net, states, hessians=False).slow.shape == (0, 4)


def test_what_cannot_be_analyzed_is_a_type_error():
    with pytest.raises(TypeError, match="nullcline.Network or a nullcline.Map"):
        nc.fixed_points(np.tanh, starts=np.zeros((1, 2)))
    with pytest.raises(ValueError, match="input"):
        nc.fixed_points(nc.Map(np.tanh, dim=2), input=[1.0], starts=np.zeros((1, 2)))
    with pytest.raises(ValueError, match=r"starts: found shape \(2,\), expected shape \(K, 2\)"):
        nc.fixed_points(nc.Map(np.tanh, dim=2), starts=np.zeros(2))
    with pytest.raises(ValueError, match="tolerance"):
        nc.fixed_points(nc.Map(np.tanh, dim=2), starts=np.zeros((1, 2)), tolerance=-1)


def test_no_starts_lead_to_no_points():
    net = nc.Network.rate(np.eye(3) / 2)
    fp = nc.fixed_points(net, starts=np.zeros((0, 3)))
    assert fp.states.shape == (0, 3) and fp.status.shape == (0,)
    assert fp.kinds.shape == (0,) and fp.eigenvalues.shape == (0, 3)
