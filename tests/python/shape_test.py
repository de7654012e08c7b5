# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import nullcline as nc


def distances(X):
    return np.linalg.norm(X[:, None] - X[None], axis=2)


def circle(K, radius=1.0):
    a = 2 * np.pi * np.arange(K) / K
    return radius * np.column_stack([np.cos(a), np.sin(a)])


def test_mds_has_the_distances_that_it_was_given():
    X = np.random.default_rng(0).normal(size=(20, 3))
    result = nc.mds(distances(X), dim=3)
    assert result.points.shape == (20, 3)
    assert np.allclose(distances(result.points), distances(X), atol=1e-12)
    assert result.positive == 3 and result.negative_part < 1e-14


def test_smacof_is_no_worse_than_classical_scaling():
    X = np.random.default_rng(1).normal(size=(15, 5))
    D = distances(X)
    result = nc.smacof(D, dim=2, starts=3, seed=2)
    assert result.points.shape == (15, 2) and len(result.attempts) == 4
    upper = np.triu_indices(15, 1)
    residuals = D[upper] - distances(result.points)[upper]
    assert result.stress == pytest.approx(residuals @ residuals, rel=1e-10)
    classical = D[upper] - distances(nc.mds(D).points)[upper]
    assert result.stress <= classical @ classical
    assert np.all(np.diff(result.attempts[0].stress) <= 1e-12)


def test_weights_of_smacof_leave_distances_out():
    X = np.random.default_rng(3).normal(size=(10, 2))
    D, weights = distances(X), np.ones((10, 10)) - np.eye(10)
    D[2, 7] = D[7, 2] = 50
    weights[2, 7] = weights[7, 2] = 0
    result = nc.smacof(D, weights=weights, tolerance=1e-9)
    assert np.allclose(distances(result.points), distances(X), atol=1e-5)


def test_labels_are_any_words():
    D = distances(np.array([[0.0], [1], [10], [12]]))
    result = nc.silhouette(D, ["near", "near", "far", "far"])
    assert list(result.classes) == ["far", "near"]
    assert result.values == pytest.approx([10 / 11, 9 / 10, 7.5 / 9.5, 9.5 / 11.5])
    assert result.mean == pytest.approx(result.values.mean())


def test_permanova_is_the_analysis_of_variance_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(4)
    groups = [rng.normal(mean, 1, size=size) for mean, size in [(0, 7), (0.5, 5), (1.5, 9)]]
    D = distances(np.concatenate(groups)[:, None])
    labels = np.repeat([0, 1, 2], [7, 5, 9])
    result = nc.permanova(D, labels, permutations=4999)
    known = stats.f_oneway(*groups)
    assert result.pseudo_f == pytest.approx(known.statistic, rel=1e-10)
    deviation = np.sqrt(known.pvalue * (1 - known.pvalue) / 4999)
    # permutation and normal theory agree for normal data up to a small part
    assert result.p_value == pytest.approx(known.pvalue, abs=4 * deviation + 0.2 * known.pvalue)
    assert nc.permanova(D, labels, strata=labels, permutations=50).p_value == 1


def test_neighbors_tell_labels():
    X = np.concatenate([circle(6), circle(6) + 10])
    result = nc.neighbor_accuracy(distances(X), ["a"] * 6 + ["b"] * 6, neighbors=3)
    assert result.accuracy == 1 and np.all(result.credits == 1)
    assert result.p_value == pytest.approx(1 / 1000, abs=3e-3)
    assert 0.3 < result.chance < 0.6


@pytest.mark.parametrize("call", [nc.mds, nc.smacof, lambda D: nc.silhouette(D, [0, 1])])
def test_what_is_no_distance_is_an_error(call):
    with pytest.raises(ValueError, match="symmetric|square|K"):
        call(np.array([[0.0, 1], [2, 0]]))


def orbit(A, steps, seed):
    x, rows = np.random.default_rng(seed).normal(size=len(A)), []
    for _ in range(steps):
        rows.append(x)
        x = A @ x
    return np.array(rows)


def test_dmd_has_the_eigenvalues_of_the_system():
    A = np.array([[0.9, -0.3, 0], [0.3, 0.9, 0.1], [0, 0, 0.5]])
    result = nc.hankel_dmd([orbit(A, 12, 0), orbit(A, 9, 1)], delays=1)
    assert np.allclose(
        np.sort_complex(result.eigenvalues), np.sort_complex(np.linalg.eigvals(A)), atol=1e-10
    )
    assert result.A.shape == (3, 3) and result.rank == 3


def test_dsa_does_not_see_coordinates_but_dynamics():
    A = np.array([[0.95, -0.3], [0.3, 0.95]])
    trials = [orbit(A, 40, seed) for seed in range(3)]
    turned = [trial @ np.array([[1.0, 2], [0, 3]]) for trial in trials]
    slower = [orbit(np.array([[0.98, -0.1], [0.1, 0.98]]), 40, seed) for seed in range(3)]
    same = nc.dsa(trials, turned, delays=1, starts=2).alignment
    other = nc.dsa(trials, slower, delays=1, starts=2).alignment
    assert same.angle < 1e-6 and same.angle_gap < 1e-6
    assert other.angle > 0.1 and abs(other.angle_gap) < 1e-12  # rotations are normal
    assert same.status == "converged"


def test_alignment_is_within_its_bounds():
    rng = np.random.default_rng(5)
    A, B = rng.normal(size=(2, 5, 5))
    result = nc.align_dynamics(A, B, starts=4)
    C = result.C
    assert np.allclose(C @ C.T, np.eye(5), atol=1e-12)
    assert result.distance == pytest.approx(np.linalg.norm(A - C @ B @ C.T), rel=1e-12)
    assert result.distance_bound <= result.distance
    assert result.distance_gap == pytest.approx(result.distance - result.distance_bound)
    sym = np.linalg.eigvalsh(A + A.T) - np.linalg.eigvalsh(B + B.T)
    skew = np.linalg.svd(A - A.T)[1] - np.linalg.svd(B - B.T)[1]
    assert result.bounds.symmetric_skew == pytest.approx(np.sqrt(sym @ sym + skew @ skew) / 2)
    assert {attempt.determinant for attempt in result.attempts} == {-1, 1}
    with pytest.raises(ValueError, match="pad"):
        nc.align_dynamics(A, B[:4, :4])


def test_a_circle_has_one_loop():
    result = nc.persistent_homology(circle(30, 2.0))
    assert result.diagrams[1] == pytest.approx(
        np.array([[4 * np.sin(np.pi / 30), 2 * np.sqrt(3)]]), rel=1e-14
    )
    assert np.isinf(result.diagrams[0][0, 1]) and result.diagrams[0].shape == (30, 2)
    assert result.betti_at(1.0) == [1, 1]
    assert result.size.complete and result.covering_radius == 0
    by_distance = nc.persistent_homology(distances(circle(30, 2.0)), distances=True)
    assert nc.bottleneck_distance(result.diagrams[1], by_distance.diagrams[1]) < 1e-14


def test_landmarks_come_with_an_error_and_betti_numbers_with_a_threshold():
    X = circle(600).reshape(300, 2, 2)  # (T, B, n): all states of all trials
    result = nc.persistent_homology(X, landmarks=60)
    assert len(result.landmarks) == 60
    betti = result.betti()
    assert betti.threshold == pytest.approx(4 * result.covering_radius)
    assert betti.numbers == [1, 1]
    radius = nc.sampling_radius(X, seed=1)
    assert result.betti(radius).threshold == pytest.approx(4 * (result.covering_radius + radius))


def test_too_many_simplices_are_refused_before():
    X = np.random.default_rng(6).normal(size=(60, 6))
    size = nc.homology_size(X, max_dimension=2)
    assert size.points == 60 and size.kept_edges <= size.edges
    with pytest.raises(ValueError, match="fewer landmarks"):
        nc.persistent_homology(X, max_dimension=2, max_simplices=size.simplices - 1)


def test_diagrams_of_different_infinities_are_infinitely_apart():
    assert np.isinf(nc.bottleneck_distance([[0, np.inf]], np.zeros((0, 2))))
    assert nc.bottleneck_distance([[0, np.inf], [1, 3]], [[0.5, np.inf]]) == 1
