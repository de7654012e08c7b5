# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import nullcline as nc


@pytest.fixture
def pair():
    rng = np.random.default_rng(0)
    before = rng.normal(size=(20, 20))
    np.fill_diagonal(before, 0)
    return before, before + 0.1 * np.outer(rng.normal(size=20), rng.normal(size=20))


def test_weights_are_read_row_by_row(pair):
    before, after = pair
    result = nc.connectivity(before, after)
    rows = np.abs(after).sum(axis=1)
    columns = np.abs(after).sum(axis=0)
    assert np.allclose(result.after.centralities.in_strength, rows / rows.sum(), rtol=1e-13)
    assert np.allclose(result.after.centralities.out_strength, columns / columns.sum(), rtol=1e-13)
    # the order in memory is not the matrix
    turned = nc.connectivity(np.asfortranarray(before), np.asfortranarray(after))
    assert np.array_equal(turned.after.eigenvalues, result.after.eigenvalues)
    assert np.array_equal(turned.after.centralities.katz, result.after.centralities.katz)


def test_spectra_are_those_of_numpy(pair):
    before, after = pair
    result = nc.connectivity(before, after)
    for ours, matrix in [(result.before, before), (result.after, after)]:
        s = np.linalg.svd(matrix, compute_uv=False)
        assert np.allclose(ours.singular_values, s, rtol=0, atol=1e-12 * s[0])
        numpys = np.linalg.eigvals(matrix)
        gaps = np.abs(ours.eigenvalues[:, None] - numpys[None, :])
        assert gaps.min(axis=1).max() < 1e-10 and gaps.min(axis=0).max() < 1e-10
        henrici = np.sqrt(np.sum(matrix**2) - np.sum(np.abs(numpys) ** 2))
        assert ours.departure.frobenius == pytest.approx(henrici, rel=1e-10)
    assert result.change.effective_rank == 1
    assert result.relative_change == pytest.approx(
        np.linalg.norm(after - before) / np.linalg.norm(before), rel=1e-12
    )


def test_histograms_count_between_common_edges(pair):
    before, after = pair
    result = nc.connectivity(before, after, bins=7)
    assert result.edges.shape == (8,)
    assert result.diagonal_included  # rank one filled it
    for part, matrix in [(result.before, before), (result.after, after)]:
        assert np.array_equal(part.histogram, np.histogram(matrix, bins=result.edges)[0])


def test_parts_outlive_the_whole(pair):
    weights = nc.connectivity(*pair).after
    values = weights.singular_values
    copy = values.copy()
    del weights
    assert np.array_equal(values, copy)


def test_undefined_centralities_say_so():
    chain = np.diag([1.0, 1.0], k=-1)
    result = nc.connectivity(chain, chain)
    assert result.after.centralities.status["eigenvector"] == "undefined"
    assert result.after.centralities.eigenvector.size == 0
    assert not result.after.centralities.strongly_connected


def test_matrices_of_different_sizes_are_named():
    with pytest.raises(nc.Error, match=r"after: found shape \(3, 3\), expected shape \(2, 2\)"):
        nc.connectivity(np.eye(2), np.eye(3))
    with pytest.raises(ValueError):
        nc.connectivity(np.zeros((2, 3)), np.zeros((2, 3)))


def test_eigenvalues_are_paired_by_the_least_sum_of_distances():
    found = nc.eigenvalue_change(np.diag([1.0, 0.5, -0.2]), np.diag([0.5, -0.2, 2.0]))
    np.testing.assert_allclose(found.distances, [1, 0, 0], atol=1e-12)
    assert found.before[0] == pytest.approx(1) and found.after[0] == pytest.approx(2)
    assert (found.radius, found.moved, found.outside) == (pytest.approx(1), 1, 1)
    with pytest.raises(ValueError):
        nc.eigenvalue_change(np.eye(2), np.eye(3))


def test_graphs_and_the_groups_of_dale():
    ring = np.roll(np.eye(4), 1, axis=0)
    assert nc.is_strongly_connected(ring) and nc.has_cycle(ring)
    chain = np.tril(np.ones((3, 3)), -1)
    assert not nc.is_strongly_connected(chain) and not nc.has_cycle(chain)
    assert nc.dale_groups(np.abs(np.ones((3, 3))) * [1, 1, -1]) == [0, 0, 1]
    assert nc.dale_groups(np.array([[0, 1.0], [1, 0]])) == []


def test_gates_of_a_gru_are_rows_of_its_weights():
    random = np.random.default_rng(0)
    shapes = {"weight_hh_l0": (12, 4), "weight_ih_l0": (12, 2), "bias_hh_l0": (12, 1)}
    shapes |= {"bias_ih_l0": (12, 1), "readout": (1, 4), "readout_bias": (1, 1)}
    parameters = {name: random.normal(size=shape) for name, shape in shapes.items()}
    net = nc.Network("gru", parameters, {"reset": "after"})
    assert list(net.recurrent_weights) == ["r", "z", "n"]
    np.testing.assert_array_equal(net.recurrent_weights["z"], parameters["weight_hh_l0"][4:8])
    np.testing.assert_array_equal(net.input_weights["n"], parameters["weight_ih_l0"][8:])
    rate = nc.Network.rate(np.eye(3))
    np.testing.assert_array_equal(rate.recurrent_weights["recurrent"], np.eye(3))
