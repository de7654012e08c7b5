# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
import scipy.linalg

import nullcline as nc


def var1_trials(n=6, lengths=(400, 300), seed=0):
    """Trials of x_t = A x_{t-1} + noise."""
    rng = np.random.default_rng(seed)
    A = np.diag(np.linspace(0.1, 0.9, n))
    A[0, n - 1] = 0.3
    trials = []
    for length in lengths:
        x, rows = np.zeros(n), []
        for _ in range(length):
            x = A @ x + rng.normal(size=n)
            rows.append(x)
        trials.append(np.array(rows))
    return trials


def stacked_covariance(trials, steps):
    """The covariance of `steps` successive states, from all windows of the trials padded with
    zeros, over the number of samples. (steps n, steps n)"""
    mean = np.concatenate(trials).mean(axis=0)
    windows = []
    for trial in trials:
        pad = np.zeros((steps - 1, trial.shape[1]))
        padded = np.concatenate([pad, trial - mean, pad])
        windows += [padded[t : t + steps].ravel() for t in range(len(padded) - steps + 1)]
    windows = np.array(windows)
    return windows.T @ windows / sum(map(len, trials))


def predictive_information(trials, V, window, ridge):
    n = V.shape[0]
    added = ridge * np.trace(stacked_covariance(trials, 1)) / n

    def half_log_det(steps):
        filters = np.kron(np.eye(steps), V)
        C = stacked_covariance(trials, steps) + added * np.eye(steps * n)
        return np.linalg.slogdet(filters.T @ C @ filters)[1] / 2

    return 2 * half_log_det(window) - half_log_det(2 * window)


@pytest.mark.parametrize("ridge", [0.0, 1e-8, 0.1])
def test_predictive_information_is_that_of_stacked_windows(ridge):
    trials = var1_trials()
    result = nc.dca(trials, dim=2, window=3, starts=2, ridge=ridge)
    assert result.status == "converged"
    expected = predictive_information(trials, result.projection, 3, ridge)
    assert result.predictive_information == pytest.approx(expected, abs=1e-10)
    # and no worse than any plane of two axes
    for i in range(6):
        for j in range(i):
            axes = np.eye(6)[:, [i, j]]
            assert predictive_information(trials, axes, 3, ridge) <= expected + 1e-9


def test_dca_has_the_shapes_that_it_says():
    trials = var1_trials()
    result = nc.dca(trials, dim=2, window=3, starts=4, seed=7)
    assert result.projection.shape == (6, 2)
    assert np.allclose(result.projection.T @ result.projection, np.eye(2), atol=1e-12)
    assert result.mean.shape == (6,) and result.variances.shape == (2,)
    assert len(result.attempts) == 10  # two deterministic starts, four exchanges
    best = result.attempts[result.best]
    assert best.predictive_information == result.predictive_information
    assert best.status == "converged"
    projected = result.project(trials[0])
    assert np.allclose(projected, (trials[0] - result.mean) @ result.projection, atol=1e-12)


def test_threads_do_not_change_dca():
    trials = var1_trials()
    one, two = (nc.dca(trials, starts=4, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.projection, two.projection)


def test_data_come_as_a_trial_as_a_batch_or_as_a_list():
    first, second = (trial[:200] for trial in var1_trials())
    together = nc.pca([first, second])
    assert np.array_equal(nc.pca((first, second)).basis, together.basis)
    assert np.array_equal(nc.pca(np.stack([first, second], axis=1)).basis, together.basis)
    assert np.array_equal(nc.pca(first).basis, nc.pca([first]).basis)


def test_pca_is_that_of_numpy():
    X = var1_trials()[0]
    result = nc.pca(X, dim=3)
    values, vectors = np.linalg.eigh(np.cov(X.T))
    assert np.allclose(result.variances, values[::-1][:3], rtol=1e-12)
    assert np.allclose(np.abs(result.basis.T @ vectors[:, ::-1][:, :3]), np.eye(3), atol=1e-10)
    assert result.total_variance == pytest.approx(values.sum(), rel=1e-12)
    assert np.allclose(result.explained, result.variances / result.total_variance, rtol=1e-14)
    assert np.allclose(result.project(X), (X - X.mean(axis=0)) @ result.basis, atol=1e-12)


def test_a_recording_is_data_for_every_function(tmp_path):
    trials = var1_trials(n=4)
    np.savez(tmp_path / "x.npz", trial_1=trials[0], trial_10=trials[0][:50], trial_2=trials[1])
    recording = nc.read_recording(tmp_path / "x.npz", "trial_*")
    assert [len(x) for x in recording.trials] == [400, 300, 50]
    assert np.array_equal(recording.trials[1], trials[1])
    assert recording.step == 0 and recording.starts.size == 0 and recording.columns == []
    assert nc.pca(recording.trials).basis.shape == (4, 4)
    np.savetxt(tmp_path / "x.csv", trials[1], delimiter=";", header="a;b;c;d", comments="")
    table = nc.read_recording(tmp_path / "x.csv", separator=";")
    assert table.columns == ["a", "b", "c", "d"]
    assert np.allclose(table.trials[0], trials[1], rtol=1e-15)
    with pytest.raises(nc.Error) as caught:
        nc.read_recording(tmp_path / "x.npz", "trail_1")
    assert "'trial_1'" in str(caught.value)
    with pytest.raises(ValueError, match="axes"):
        nc.read_recording(tmp_path / "x.npz", axes="tt")


def test_preprocess_smooths_bins_and_normalizes_each_trial():
    trials = var1_trials(n=3, lengths=(20, 31))
    binned = nc.preprocess(trials, rebin=3)
    for X, Y in zip(trials, binned, strict=True):
        steps = len(X) // 3
        assert np.allclose(Y, X[: 3 * steps].reshape(steps, 3, 3).mean(axis=1), atol=1e-14)
    every = np.concatenate(nc.preprocess(trials, normalize="zscore"))
    assert np.allclose(every.mean(axis=0), 0, atol=1e-14)
    assert np.allclose(every.std(axis=0, ddof=1), 1, atol=1e-13)
    with pytest.raises(nc.Error, match="normalize"):
        nc.preprocess(trials, normalize="z")


@pytest.mark.parametrize(
    "X, field",
    [
        (np.zeros(5), "X"),
        ([np.zeros((5, 2)), np.zeros((5, 3))], "X[1]"),
        ([np.zeros((5, 2)), np.zeros(5)], "X[1]"),
    ],
)
def test_trials_that_do_not_fit_are_named(X, field):
    with pytest.raises(nc.Error) as caught:
        nc.pca(X)
    assert caught.value.field == field


def test_options_out_of_range_are_value_errors():
    with pytest.raises(ValueError, match="window"):
        nc.dca(var1_trials(), window=0)
    with pytest.raises(ValueError, match="dim"):
        nc.dca(var1_trials(), dim=7)


def test_dca_without_enough_directions_says_so():
    X = np.outer(var1_trials()[0][:, 5], np.ones(3))
    result = nc.dca(X, dim=2)
    assert result.status == "rank_deficient"
    assert result.projection.size == 0


def test_jpca_of_a_rotation_is_that_rotation():
    angle, rng = 0.25, np.random.default_rng(1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    trials = []
    for _ in range(4):
        rows = [rng.normal(size=2)]
        for _ in range(19):
            rows.append(turn @ rows[-1])
        trials.append(np.array(rows) @ np.eye(2, 5))
    result = nc.jpca(trials, 2)
    assert result.frequencies == pytest.approx([angle], abs=1e-12)
    assert result.skew_r2 == pytest.approx(1, abs=1e-12)
    assert result.planes.shape == (5, 2) and result.condition_mean.shape == (20, 5)
    y = result.project(trials)
    assert len(y) == 4 and y[0].shape == (20, 2)
    with pytest.raises(nc.Error, match="derivative"):
        nc.jpca(trials, 2, derivative="backward")


def test_slow_features_solve_the_generalized_eigenproblem():
    X = var1_trials(n=4)[0]
    result = nc.slow_features(X)
    centered, steps = X - X.mean(axis=0), np.diff(X, axis=0)
    D, C = steps.T @ steps / len(steps), centered.T @ centered / len(X)
    assert np.allclose(result.deltas, scipy.linalg.eigh(D, C)[0], rtol=1e-10)
    y = result.project(X)
    assert np.allclose(y.T @ y / len(X), np.eye(4), atol=1e-10)


def test_lle_and_dimension_have_the_shapes_that_they_say():
    angles = np.random.default_rng(2).uniform(0, 2 * np.pi, size=(400, 2))
    X = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    found = nc.lle(X, 2, 8)
    assert found.status == "converged" and found.embedding.shape == (400, 2)
    result = nc.dimension(X, surrogates=0)
    assert result.two_nn.low < 2 < result.two_nn.high and result.two_nn.points == 400
    assert result.parallel == -1 and len(result.at_threshold) == 4


def test_dpca_takes_averages_apart():
    rng = np.random.default_rng(3)
    labels = np.array([[s, c] for s in range(3) for c in range(2)] * 2)
    trials = [rng.normal(size=(7, 4)) for _ in labels]
    result = nc.dpca(trials, labels)
    assert [part.name for part in result.marginalizations] == ["time", "0", "1", "0 x 1"]
    assert np.allclose(sum(result.parts), result.averages, atol=1e-12)
    assert sum(part.variance for part in result.marginalizations) == pytest.approx(1)
    both = np.mean([x for x, l in zip(trials, labels, strict=True) if (l == [2, 1]).all()], axis=0)
    assert (result.conditions[5] == [2, 1]).all()
    assert np.allclose(result.averages[5] + result.mean, both, atol=1e-12)
    with pytest.raises(nc.Error, match="labels"):
        nc.dpca(trials, np.ones(12))


def test_randomized_pca_says_what_it_did():
    X = np.random.default_rng(4).normal(size=(60, 3)) @ np.random.default_rng(5).normal(size=(3, 20))
    result = nc.pca(X, 3, method="randomized")
    assert result.method == "randomized" and nc.pca(X).method == "exact"
    assert np.allclose(result.variances, nc.pca(X, 3).variances, rtol=1e-12)


def test_the_curve_and_a_given_subspace_agree_with_dca():
    trials = var1_trials()
    curve = nc.dca_curve(trials, dims=3, window=3, starts=2)
    values = [at.predictive_information for at in curve]
    assert len(curve) == 3 and values == sorted(values)
    V = curve[1].projection
    by_window = nc.predictive_information(trials, V, window=3, ridge=1e-8)
    assert by_window.shape == (3,)
    assert by_window[2] == pytest.approx(values[1], abs=1e-10)
    assert sum(maximum.starts for maximum in curve[0].maxima) == len(curve[0].attempts)


def test_cross_validation_and_nulls_have_the_shapes_that_they_say():
    trials = var1_trials()
    scores = nc.dca_cross_validation(trials, max_dim=2, windows=[1, 2], folds=3, starts=1)
    assert scores.held_out.shape == scores.fitted.shape == (2, 2)
    assert not scores.by_trials and scores.windows == [1, 2]
    best = scores.held_out[scores.windows.index(scores.window), scores.dim - 1]
    assert best == scores.held_out.max()
    null = nc.dca_null(trials, "shuffled_time", count=19, dim=1, window=1, starts=1)
    assert null.p_value == 0.05 and null.values.shape == (19,)
    with pytest.raises(ValueError, match="common_phases"):
        nc.dca_null(trials, "phases")


def test_covariances_are_those_of_numpy():
    X = np.random.default_rng(0).normal(size=(300, 3)).cumsum(axis=0)
    lags = nc.cross_covariances(X, 4)
    centered = X - X.mean(axis=0)
    for k in range(4):
        expected = centered[k:].T @ centered[: len(X) - k] / len(X)
        np.testing.assert_allclose(lags[k], expected, atol=1e-12 * np.abs(expected).max())
    C = nc.block_toeplitz(lags, 3)
    np.testing.assert_array_equal(C[3:6, :3], lags[1])
    np.testing.assert_array_equal(C[:3, 3:6], lags[1].T)
    logs = nc.toeplitz_log_determinants(lags)
    np.testing.assert_allclose(logs[2], np.linalg.slogdet(C)[1], rtol=1e-10)
    assert nc.held_out_information(lags, lags, np.eye(3), 2) == pytest.approx(
        logs[1] - logs[3] / 2, rel=1e-9
    )
    with pytest.raises(ValueError, match="divisor"):
        nc.cross_covariances(X, 4, divisor="none")


def test_an_indefinite_covariance_is_repaired():
    lags = np.array([[[1.0]], [[1.5]]])  # eigenvalues 1 +- 1.5
    floor = nc.repair_covariances(lags, "floor", smallest=0.01)
    assert floor.smallest_eigenvalue == pytest.approx(-0.5, abs=1e-14)
    assert floor.added_variance == pytest.approx(0.51, abs=1e-14)
    taper = nc.repair_covariances(lags, "taper", smallest=0.01)
    assert taper.taper == pytest.approx(0.66, abs=1e-6) and taper.changed
    assert taper.lags.shape == (2, 1, 1)
    with pytest.raises(ValueError, match="floor"):
        nc.repair_covariances(lags, "ceiling")
    X = np.random.default_rng(3).normal(size=(24, 6)).cumsum(axis=0)
    how = {"dim": 6, "window": 6, "starts": 0, "ridge": 0, "divisor": "products"}
    assert nc.dca(X, **how).status == "undefined"
    repaired = nc.dca(X, repair="taper", **how)
    assert repaired.predictive_information > 0 and repaired.repair_taper < 1


def test_random_lines_in_the_plane_have_even_angles():
    found = nc.random_principal_angles(2, 1, 1, draws=2000, probabilities=[0.25, 0.75])
    # Uniform on 0 .. pi / 2: 2000 draws leave a deviation of about 0.016 of a quartile.
    np.testing.assert_allclose(found.quantiles[0], np.pi / 2 * np.array([0.25, 0.75]), atol=0.08)
    assert found.mean.shape == (1,)


def test_dpca_chooses_a_ridge_and_knows_the_noise():
    random = np.random.default_rng(0)
    labels = np.tile([0, 1, 2], 8)
    axis = random.normal(size=10)
    X = random.normal(size=(9, 24, 10)) + 2 * labels[:, None] * axis  # (T, B, n)
    ridge = nc.dpca_ridge(X, labels, repeats=3)
    assert ridge.best in ridge.ridges and len(ridge.errors) == len(ridge.ridges) == 26
    halves = nc.dpca_split_half(X, labels, splits=5)
    assert halves.splits == 5
    dpca = nc.dpca(X, labels, ridge=ridge.best)
    names = [each.name for each in dpca.marginalizations]
    # Averages of 4 trials a half, 2 x 9 x 10 numbers that are not the same for all conditions.
    power = 9 * 8 * axis @ axis
    assert halves.reliability[names.index("0")] == pytest.approx(power / (power + 180 / 4), abs=0.05)
    assert abs(halves.reliability[names.index("time")]) < 0.5
