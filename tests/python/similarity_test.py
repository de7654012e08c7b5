# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import nullcline as nc


def activity(units, seed, samples=60):
    rng = np.random.default_rng(seed)
    shared = np.random.default_rng(99).normal(size=(samples, 3))
    return shared @ rng.normal(size=(3, units)) + 0.3 * rng.normal(size=(samples, units))


def test_cca_is_what_numpy_makes_of_it():
    X, Y = activity(4, 0), activity(6, 1)
    sim = nc.compare(X, Y, metric="cca")
    Q = [np.linalg.qr(A - A.mean(axis=0))[0] for A in (X, Y)]
    rho = np.linalg.svd(Q[0].T @ Q[1], compute_uv=False)
    assert sim.correlations == pytest.approx(rho, abs=1e-12)
    assert sim.distance == pytest.approx(1 - rho.mean(), abs=1e-12)
    assert sim.score == 1 - sim.distance
    assert sim.dims == (4, 6) and sim.defined


def test_trials_count_as_their_samples():
    X, Y = activity(4, 0), activity(6, 1)
    whole = nc.compare(X, Y, "cka").distance
    lists = nc.compare([X[:20], X[20:]], [Y[:20], Y[20:]], "cka").distance
    assert lists == pytest.approx(whole, abs=1e-13)


def test_all_pairs_are_those_of_compare():
    networks = [activity(3 + i, i) for i in range(5)]
    for metric in ("svcca", "procrustes", "pwcca", "matching"):
        D = nc.compare_all(networks, metric)
        known = [[nc.compare(X, Y, metric).distance if X is not Y else 0 for Y in networks] for X in networks]
        assert D == pytest.approx(np.array(known), abs=1e-6)
    part = D.copy()
    part[0, 3] = np.nan
    seen = []
    again = nc.compare_all(networks, "matching", known=part, progress=seen.append)
    assert np.array_equal(again, D)


def test_dsa_is_a_metric_like_the_others():
    trials = [np.stack([activity(4, 7 * n + b, 40) for b in range(2)], axis=1) for n in range(3)]
    sim = nc.compare(trials[0], trials[1], "dsa", delays=3, rank=3)
    same = nc.dsa(trials[0], trials[1], delays=3, rank=3, center=True).alignment
    assert sim.distance == pytest.approx(same.angle, abs=1e-8)
    assert 0 <= sim.gap == sim.distance - sim.bound and sim.alignment.angle == sim.distance
    assert nc.compare(trials[0], trials[1], "cka").gap == 0
    D, bounds = nc.compare_all(trials, "dsa", delays=3, rank=3, bounds=True)
    assert D[0, 1] == sim.distance and bounds[0, 1] == pytest.approx(sim.bound, abs=1e-15)
    assert (bounds <= D).all()
    # Sides of other lengths have dynamics too; what compares samples objects.
    assert nc.compare(trials[0], trials[1][:25], "dsa", delays=3, rank=3).distance > 0
    with pytest.raises(ValueError, match="samples"):
        nc.compare(trials[0], trials[1][:25], "cka")
    with pytest.raises(ValueError, match="rotations"):
        nc.compare(trials[0], trials[1], "dsa", group="special")
    with pytest.raises(nc.Error, match="networks.1..*25 steps.*40 steps"):
        nc.compare_all([trials[0], trials[1][:25]], "cka")


def test_networks_that_do_not_go_together_are_told():
    X, line = activity(4, 0), np.linspace(0, 1, 60)[:, None]
    for others, message in (([[]], "networks.1.: found no trial"), ([], "two networks"),
                            ([X[:30]], "30 samples, expected 60 samples"),
                            ([np.full_like(X, np.nan)], "network 1 is not finite"),
                            ([line], "network 1 have 1 dimensions, those of network 0 3")):
        with pytest.raises(ValueError, match=message):
            nc.compare_all([X, *others], "dsa", rank=3, delays=1)
    assert np.isfinite(nc.compare_all([X, line], "dsa", rank=3, delays=1, pad=True)).all()
    assert np.isnan(nc.compare_all([X, 0 * X], "dsa", rank=3, delays=1)[0, 1])


def test_memory_is_told_before():
    plan = nc.plan_comparison([128] * 1000, 5000)
    assert plan.pairs == 499500 and plan.blocks == 1 and 2.5e9 < plan.bytes < 4e9
    assert nc.plan_comparison([128] * 1000, 5000, memory=1e9).bytes <= 1e9
    with pytest.raises(ValueError, match="GB"):
        nc.plan_comparison([128] * 1000, 5000, memory=1e6)


def test_metrics_say_what_they_promise():
    metrics = {metric["name"]: metric for metric in nc.list_metrics()}
    assert metrics["procrustes"]["triangle_inequality"]
    assert not metrics["svcca"]["triangle_inequality"]
    with pytest.raises(ValueError, match="svcca"):
        nc.compare(activity(3, 0), activity(3, 1), "svca")


def test_angles_of_subspaces():
    found = nc.subspace_angles(np.eye(6)[:, :1], np.array([[1.0], [1], [0], [0], [0], [0]]))
    assert found.angles == pytest.approx([np.pi / 4])
    assert found.exact and found.null_low[0] < found.null_mean[0] < found.null_high[0]


def test_networks_that_do_not_vary_are_not_defined():
    still = np.ones((60, 3))
    sim = nc.compare(activity(3, 0), still, "cka")
    assert not sim.defined and np.isnan(sim.distance)
    assert np.isnan(nc.compare_all([activity(3, 0), still, activity(4, 1)], "cka")[1]).all()
