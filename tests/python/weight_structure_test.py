# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import nullcline as nc


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_rank_of_a_change_is_what_was_planted(rng):
    before = rng.normal(size=(40, 40))
    parts = [20 * np.outer(*np.linalg.qr(rng.normal(size=(40, 2)))[0].T) for _ in range(2)]
    after = before + sum(parts) + 0.3 * rng.normal(size=(40, 40))
    found = nc.change_rank(before, after)
    assert found.known and found.rank == 2
    assert np.allclose(
        found.singular_values, np.linalg.svd(after - before, compute_uv=False)[:3], rtol=1e-10
    )
    assert found.p_values[1] == 0.05 < found.p_values[2]


def test_functional_rank_sees_weights_row_by_row(rng):
    before = rng.normal(size=(6, 6))
    after = before + np.outer(rng.normal(size=6), rng.normal(size=6))
    rank, losses, of_all = nc.functional_rank(
        before, after, lambda W: float(np.sum((W - after) ** 2)), max_rank=3
    )
    assert rank == 1 and losses.shape == (4,)
    assert losses[0] == pytest.approx(np.sum((after - before) ** 2))
    assert of_all < 1e-20
    with pytest.raises(ZeroDivisionError):
        nc.functional_rank(before, after, lambda W: 1 / 0)


def test_alignment_tells_writing_from_reading(rng):
    inputs, readout = rng.normal(size=(30, 2)), rng.normal(size=(1, 30))
    change = np.outer(readout[0], inputs @ [1, 2])
    found = nc.change_alignment(change, inputs, readout, leading=1)
    assert found.known and found.writes_to_readout.energy == pytest.approx(1)
    assert found.reads_from_inputs.energy == pytest.approx(1)
    assert found.reads_from_inputs.expected == pytest.approx(2 / 30)
    assert found.writes_to_inputs.energy < 0.5
    cosine = readout[0] @ inputs @ np.linalg.pinv(inputs) @ readout[0] / (readout[0] @ readout[0])
    assert found.writes_to_inputs.energy == pytest.approx(cosine)


def test_pseudospectra_are_smallest_singular_values(rng):
    A = rng.normal(size=(9, 9))
    found = nc.pseudospectrum(A, resolution=5, left=-2, right=3, bottom=-1, top=2)
    assert found.known and found.real[-1] == 3 and found.imaginary[0] == -1
    for i, y in enumerate(found.imaginary):
        for j, x in enumerate(found.real):
            smallest = np.linalg.svd((x + 1j * y) * np.eye(9) - A, compute_uv=False)[-1]
            assert found.distance[i, j] == pytest.approx(smallest, rel=1e-7)
    with pytest.raises(ValueError, match="resolution"):
        nc.pseudospectrum(A, resolution=1)


def test_kreiss_constant_is_below_transient_growth(rng):
    A = np.triu(rng.normal(size=(10, 10)), 1) + 0.5 * np.eye(10)
    found = nc.kreiss_constant(A)
    growth = max(np.linalg.norm(np.linalg.matrix_power(A, k), 2) for k in range(100))
    assert found.known and 1 < found.constant <= growth <= found.upper_bound
    assert found.spectral == pytest.approx(0.5, abs=0.02)  # a Jordan block: the tenth root of eps
    assert nc.kreiss_constant(A, dynamics="flow").constant == np.inf
    with pytest.raises(ValueError, match="dynamics: found 'step'"):
        nc.kreiss_constant(A, dynamics="step")


def test_motifs_count_what_is_there(rng):
    W = rng.normal(size=(12, 12))
    assert nc.pair_motifs(W + W.T)["reciprocal"] == pytest.approx(1)
    loop = np.zeros((3, 3))
    loop[1, 0] = loop[2, 1] = loop[0, 2] = 1
    census = nc.triad_census(loop)
    assert census.names[int(np.argmax(census.counts))] == "030C"
    assert census.counts.sum() == 1


def test_blocks_are_means_between_groups(rng):
    W = rng.normal(size=(6, 6))
    found = nc.block_statistics(W, [0, 0, 0, 1, 1, 1])
    assert found.mean[0, 1] == pytest.approx(W[:3, 3:].mean())
    off = ~np.eye(3, dtype=bool)
    assert found.mean[1, 1] == pytest.approx(W[3:, 3:][off].mean())
    with pytest.raises(ValueError, match="labels"):
        nc.block_statistics(W, [0, 1])
