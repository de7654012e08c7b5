# SPDX-License-Identifier: Apache-2.0
"""The same numbers by other means: each method as its paper or another package has it, written plainly
with NumPy and SciPy, on data that nothing was tuned to."""

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
import scipy.spatial
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist, squareform

import nullcline as nc


@pytest.fixture(scope="module", params=[11, 12])
def pair(request):
    """Two recordings (samples, units) that share three signals of four, in units of their own."""
    rng = np.random.default_rng(request.param)
    signals = rng.normal(size=(90, 5)) * [5, 3, 2, 1, 1]
    sides = []
    for units, seen in ((7, [0, 1, 2, 3]), (9, [0, 1, 2, 4])):
        sides.append(signals[:, seen] @ rng.normal(size=(4, units)) + 0.2 * rng.normal(size=(90, units)))
    return sides


def centered(X):
    return X - X.mean(axis=0)


def canonical(X, Y):
    """Correlations, and the canonical variates of X, by an SVD of whitened data."""
    U, V = (np.linalg.svd(centered(A), full_matrices=False)[0] for A in (X, Y))
    left, rho, _ = np.linalg.svd(U.T @ V, full_matrices=False)
    return rho, U @ left


def leading(X, part):
    U, s, _ = np.linalg.svd(centered(X), full_matrices=False)
    kept = 1 + np.searchsorted(np.cumsum(s**2) / np.sum(s**2), part)
    return U[:, :kept] * s[:kept]


def test_svcca_is_pca_and_then_cca(pair):
    X, Y = (leading(A, 0.99) for A in pair)
    assert X.shape[1] < pair[0].shape[1]  # Some components are left out.
    sim = nc.compare(*pair, "svcca")
    assert sim.dims == (X.shape[1], Y.shape[1])
    assert sim.score == pytest.approx(canonical(X, Y)[0].mean(), abs=1e-12)


def test_pwcca_weighs_by_what_the_units_project(pair):
    rho, variates = canonical(*pair)
    weights = np.abs(variates.T @ centered(pair[0])).sum(axis=1)  # Morcos et al. 2018, eq. 2.
    assert nc.compare(*pair, "pwcca").score == pytest.approx(weights @ rho / weights.sum(), abs=1e-12)


def gaussian_kernel(X):
    squares = squareform(pdist(X, "sqeuclidean"))
    return np.exp(-squares / (2 * np.median(pdist(X)) ** 2))


@pytest.mark.parametrize("kernel, name", [(lambda X: X @ X.T, "cka"), (gaussian_kernel, "rbf_cka")])
def test_cka_is_that_of_gram_matrices(pair, kernel, name):
    K, L = (kernel(X) for X in pair)
    n = len(K)
    H = np.eye(n) - 1 / n

    def biased(A, B):
        return np.trace(A @ H @ B @ H)

    def unbiased(A, B):  # Song et al. 2012, eq. 4.
        A, B = A - np.diag(np.diag(A)), B - np.diag(np.diag(B))
        one = np.ones(n)
        return (np.trace(A @ B) + one @ A @ one * (one @ B @ one) / ((n - 1) * (n - 2))
                - 2 / (n - 2) * (one @ A @ B @ one))

    for metric, hsic in ((name, biased), (f"{name}_unbiased", unbiased)):
        expected = hsic(K, L) / np.sqrt(hsic(K, K) * hsic(L, L))
        assert nc.compare(*pair, metric).score == pytest.approx(expected, abs=1e-10)


def test_procrustes_is_that_of_scipy(pair):
    X, Y = centered(pair[0]), centered(pair[1])[:, :7]
    R, _ = scipy.linalg.orthogonal_procrustes(Y, X)
    assert nc.compare(X, Y, "procrustes").distance == pytest.approx(np.linalg.norm(X - Y @ R), rel=1e-12)
    # SciPy's own also scales Y: what is left is 1 - (sum s)^2 where the shape distance has 2 - 2 sum s.
    left = scipy.spatial.procrustes(X, Y)[2]
    shape = nc.compare(X, Y, "procrustes_shape").distance
    assert shape**2 == pytest.approx(2 - 2 * np.sqrt(1 - left), rel=1e-10)
    assert nc.compare(X, Y, "procrustes_angular").distance == pytest.approx(np.arccos(np.sqrt(1 - left)), rel=1e-10)


@pytest.mark.parametrize("ours, scipys", [("euclidean", "euclidean"), ("squared_euclidean", "sqeuclidean"),
                                          ("correlation", "correlation")])
def test_rsa_correlates_dissimilarities(pair, ours, scipys):
    # Correlations are of the patterns of units, whose means over samples are removed first.
    r = np.corrcoef(*(pdist(centered(X), scipys) for X in pair))[0, 1]
    assert nc.compare(*pair, "rsa", dissimilarity=ours).score == pytest.approx(r, abs=1e-10)


def test_matching_is_the_assignment_of_scipy(pair):
    X, Y = (centered(A)[:, :7] / np.linalg.norm(centered(A)[:, :7], axis=0) for A in pair)
    rows, columns = scipy.optimize.linear_sum_assignment(X.T @ Y, maximize=True)
    sim = nc.compare(X, Y, "matching")
    assert sim.distance == pytest.approx(np.sqrt(np.mean(2 - 2 * (X.T @ Y)[rows, columns])), rel=1e-10)


def test_principal_angles_are_those_of_scipy(pair):
    A, B = pair[0][:, :3], pair[1][:, :4]
    expected = np.sort(scipy.linalg.subspace_angles(A, B))
    assert nc.subspace_angles(A, B).angles == pytest.approx(expected, abs=1e-12)


def test_dimensions_are_those_of_the_covariance(pair):
    variances = np.linalg.eigvalsh(np.cov(pair[0].T))
    expected = variances.sum() ** 2 / np.sum(variances**2)
    assert nc.dimension(pair[0], surrogates=0).participation_ratio == pytest.approx(expected, rel=1e-12)


def test_dmd_is_least_squares_on_delayed_states():
    """Of noisy data, where the fit and not the system decides, with two delays and a rank that cuts."""
    rng = np.random.default_rng(3)
    A = scipy.linalg.block_diag(0.95 * np.array([[0.8, -0.6], [0.6, 0.8]]), [[0.9]], [[0.5]])
    X = np.zeros((200, 4))
    for t in range(1, 200):
        X[t] = A @ X[t - 1] + rng.normal(size=4)
    H = np.hstack([X[1:], X[:-1]])  # (199, 8), the newest first
    U, _, _ = np.linalg.svd(H, full_matrices=False)
    y = U[:, :5]
    steps = np.linalg.lstsq(y[:-1], y[1:], rcond=None)[0].T
    found = nc.hankel_dmd(X, delays=2, rank=5)
    ours, theirs = (v[np.lexsort((v.imag, v.real.round(9)))]
                    for v in (found.eigenvalues, np.linalg.eigvals(steps)))
    assert ours == pytest.approx(theirs, abs=1e-10)


def test_pieces_of_a_set_are_single_linkage():
    """H0 dies where clusters of nearest neighbors merge: SciPy's single linkage, without any complex."""
    X = np.random.default_rng(8).normal(size=(40, 3))
    deaths = nc.persistent_homology(X, landmarks=0).diagrams[0][:, 1]
    heights = hierarchy.linkage(pdist(X), "single")[:, 2]
    assert np.sort(deaths[np.isfinite(deaths)]) == pytest.approx(np.sort(heights), abs=1e-12)
    assert np.isinf(deaths).sum() == 1


@pytest.mark.parametrize("m", [6, 9, 12])
def test_the_loop_of_a_polygon_has_its_birth_and_death(m):
    a = 2 * np.pi * np.arange(m) / m
    (bar,) = nc.persistent_homology(np.column_stack([np.cos(a), np.sin(a)])).diagrams[1]
    assert bar == pytest.approx([2 * np.sin(np.pi / m), np.sqrt(3)], abs=1e-12)  # 3 divides m


def test_classical_scaling_is_that_of_an_eigenvalue_problem():
    D = np.abs(np.random.default_rng(4).normal(size=(12, 12))) + 1
    D = np.triu(D, 1) + np.triu(D, 1).T
    J = np.eye(12) - 1 / 12
    values, vectors = np.linalg.eigh(-J @ D**2 @ J / 2)
    found = nc.mds(D, dim=3)
    assert found.eigenvalues == pytest.approx(values[::-1], abs=1e-12)
    coordinates = vectors[:, ::-1][:, :3] * np.sqrt(values[::-1][:3])
    assert np.abs(found.points) == pytest.approx(np.abs(coordinates), abs=1e-10)


def test_trees_are_those_of_scipy():
    D = pdist(np.random.default_rng(6).normal(size=(25, 4)))
    expected = hierarchy.linkage(D, "average")
    found = nc.average_linkage(squareform(D)).merges
    assert found == pytest.approx(expected, abs=1e-12)


def test_departure_from_normality_is_that_of_schur_forms():
    W = np.random.default_rng(7).normal(size=(20, 20))
    triangle = np.triu(scipy.linalg.schur(W.astype(complex), "complex")[0], 1)
    found = nc.departure_from_normality(W)
    assert found.frobenius == pytest.approx(np.linalg.norm(triangle), rel=1e-12)
    assert nc.departure_from_normality(W + W.T).frobenius < 1e-6 * found.frobenius


def test_centralities_solve_their_equations():
    W = np.random.default_rng(9).normal(size=(15, 15))
    A, found = np.abs(W), nc.centralities(W, katz_fraction=0.5, damping=0.7)
    rho = np.max(np.abs(np.linalg.eigvals(A)))
    assert A @ found.eigenvector == pytest.approx(rho * found.eigenvector, rel=1e-10)
    katz = np.linalg.solve(np.eye(15) - 0.5 / rho * A, np.ones(15))
    assert found.katz == pytest.approx(katz / katz.sum(), rel=1e-10)
    walk = 0.7 * A / A.sum(axis=0) @ found.pagerank + 0.3 / 15
    assert found.pagerank == pytest.approx(walk, rel=1e-10)
    assert found.in_strength == pytest.approx(A.sum(axis=1) / A.sum(), rel=1e-12)


def test_surrogates_keep_what_they_say():
    X = np.random.default_rng(2).normal(size=(64, 3)).cumsum(axis=0)
    cross = lambda A: np.einsum("fi,fj->fij", np.fft.rfft(A, axis=0), np.fft.rfft(A, axis=0).conj())
    common = nc.surrogate(X, "common_phases", seed=1)
    assert cross(common)[:-1] == pytest.approx(cross(X)[:-1], abs=1e-8) and not np.allclose(common, X)
    alone = nc.surrogate(X, "independent_phases", seed=1)
    power = lambda A: np.abs(np.fft.rfft(A, axis=0)) ** 2
    assert power(alone) == pytest.approx(power(X), abs=1e-8)
    assert not np.allclose(cross(alone), cross(X))
    shuffled = nc.surrogate(X, "shuffled_time", seed=1)
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, X))


def test_farthest_points_are_chosen_greedily():
    X = np.random.default_rng(5).normal(size=(30, 2))
    D, chosen = squareform(pdist(X)), [3]
    while len(chosen) < 6:
        chosen.append(int(np.argmax(D[chosen].min(axis=0))))
    found = nc.farthest_points(X, 6, first=3)
    assert list(found.points) == chosen
    assert found.covering_radius == pytest.approx(D[chosen].min(axis=0).max(), rel=1e-12)
    assert list(nc.farthest_points(D, 6, first=3, distances=True).points) == chosen
    assert list(nc.farthest_points(np.zeros((4, 2)), 3).points) == [0]  # No other differs.
    for wrong in (np.eye(3), -D, np.triu(D)):
        with pytest.raises(ValueError, match="distances"):
            nc.farthest_points(wrong, 2, distances=True)


def test_marginalizations_are_the_analysis_of_variance():
    rng = np.random.default_rng(10)
    labels = np.array([(i, j) for i in range(2) for j in range(3) for _ in range(2)])
    X = rng.normal(size=(8, 12, 4)) + labels[:, 0, None]  # (T, B, n)
    found = nc.marginalize(X, labels, merge_time=False)
    cells = np.stack([X[:, (labels == c).all(axis=1)].mean(axis=1) for c in found.conditions])  # (C, T, n)
    cells -= cells.mean(axis=(0, 1))
    parts = dict(zip([m.name for m in found.marginalizations], found.parts))
    time = np.broadcast_to(cells.mean(axis=0), cells.shape)
    first = np.stack([cells[found.conditions[:, 0] == c[0]].mean(axis=(0, 1)) for c in found.conditions])
    assert parts["time"] == pytest.approx(time, abs=1e-12)
    assert parts["0"] == pytest.approx(np.broadcast_to(first[:, None], cells.shape), abs=1e-12)
    assert sum(found.parts) == pytest.approx(cells, abs=1e-12)
    assert all(m.encoder.size == 0 for m in found.marginalizations)
    fitted, direct = found.with_components(2, ridge=1e-3), nc.dpca(X, labels, 2, ridge=1e-3, merge_time=False)
    for one, other in zip(fitted.marginalizations, direct.marginalizations):
        assert np.array_equal(one.decoder, other.decoder)
