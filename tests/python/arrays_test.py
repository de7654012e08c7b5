# SPDX-License-Identifier: Apache-2.0
"""What happens to an array at the border."""

import tracemalloc

import numpy as np
import pytest
from rate_network import random_arrays

import nullcline as nc


@pytest.fixture
def net():
    return nc.Network.rate(**random_arrays(n=4, n_in=2, n_out=3, gain=0.5, seed=0))


def traced_bytes(call):
    """The most that NumPy allocated at a time during a call."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_float64_in_c_order_goes_in_without_a_copy(net):
    u = np.zeros((1000, 50, 2))
    assert traced_bytes(lambda: net.run(u)) < u.nbytes / 10


@pytest.mark.parametrize(
    "convert",
    [
        lambda u: u.astype(np.float32),
        lambda u: np.asfortranarray(u),
        lambda u: np.repeat(u, 2, axis=0)[::2],
        lambda u: u.astype(">f8"),
        lambda u: u.tolist(),
    ],
    ids=["float32", "Fortran order", "strided", "big-endian", "lists"],
)
def test_other_arrays_are_converted(net, convert):
    u = np.random.default_rng(0).integers(-4, 5, size=(6, 3, 2)) / 4.0  # exact in float32
    assert np.array_equal(net.run(convert(u)).states, net.run(u).states)


def test_integers_and_booleans_are_real_numbers(net):
    ones = net.run(np.ones((5, 1, 2))).states
    assert np.array_equal(net.run(np.ones((5, 1, 2), dtype=np.int16)).states, ones)
    assert np.array_equal(net.run(np.ones((5, 1, 2), dtype=bool)).states, ones)


def test_results_are_views_that_keep_their_result_alive(net):
    result = net.run(np.ones((7, 3, 2)))
    assert np.shares_memory(result.states, result.states)
    assert result.states.base is result
    assert result.states.flags.c_contiguous
    assert result.states.dtype == np.float64
    states, copy = result.states, result.states.copy()
    del result
    trash = [np.full((7, 3, 4), np.nan) for _ in range(100)]  # would land in freed memory
    assert np.array_equal(states, copy)
    del trash


def test_fixed_points_are_views_with_a_point_a_row(net):
    fp = nc.fixed_points(net, starts=np.zeros((2, 4)))
    for name in ("states", "eigenvalues", "time_constants", "frequencies"):
        array = getattr(fp, name)
        assert np.shares_memory(array, getattr(fp, name))
        assert array.shape == (1, 4) and array.flags.c_contiguous


def test_parameters_are_views_that_cannot_be_written_to(net):
    W = net.parameters["recurrent"]
    assert np.shares_memory(W, net.parameters["recurrent"])
    with pytest.raises(ValueError, match="read-only"):
        W[0, 0] = 1


def test_the_array_of_the_caller_is_not_kept():
    W = np.eye(3) / 2
    net = nc.Network.rate(W)
    W[:] = 7
    assert net.parameters["recurrent"][0, 0] == 0.5


@pytest.mark.parametrize(
    "shape, found, expected",
    [
        ((5, 2), "shape (5, 2)", "shape (T, B, 2)"),
        ((5, 1, 3), "shape (5, 1, 3)", "shape (T, B, 2)"),
        ((), "shape ()", "shape (T, B, 2)"),
    ],
)
def test_a_wrong_shape_says_what_was_found_and_expected(net, shape, found, expected):
    with pytest.raises(ValueError) as caught:
        net.run(np.zeros(shape))
    assert isinstance(caught.value, nc.Error)
    assert (caught.value.field, caught.value.found, caught.value.expected) == ("u", found, expected)
    assert str(caught.value) == f"u: found {found}, expected {expected}"


def test_a_wrong_vector_is_shown_as_python_shows_it(net):
    with pytest.raises(nc.Error, match=r"input: found shape \(3,\), expected shape \(2,\)"):
        nc.fixed_points(net, input=np.zeros(3), starts=np.zeros((1, 4)))


@pytest.mark.parametrize("bad", [np.zeros((2, 1, 2), complex), np.full((2, 1, 2), "0.5"), None])
def test_what_are_no_real_numbers_is_refused(net, bad):
    with pytest.raises(nc.Error, match="u: found dtype .*, expected real numbers"):
        net.run(bad)


def test_an_error_can_be_sent_to_another_process(net):
    import pickle

    with pytest.raises(nc.Error) as caught:
        net.run(np.zeros(3))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is nc.Error
    assert (str(copy), copy.field) == (str(caught.value), "u")
