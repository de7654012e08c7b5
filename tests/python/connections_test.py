# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
import scipy.optimize
from maps import turning

import nullcline as nc

X = scipy.optimize.brentq(lambda x: np.tanh(2 * x) - x, 0.5, 1, xtol=1e-15)  # x = tanh(2 x)


def bits(count):
    """`count` units of the fixed points -X, 0, X, read out as -1, 0, 1, with an input each."""
    return nc.Network.rate(
        2 * np.eye(count), input=np.eye(count), readout=np.eye(count) / X, tau=0.1, dt=0.05
    )


def points_of(count):
    grid = np.meshgrid(*[[-1.0, 0.0, 1.0]] * count, indexing="ij")
    starts = 0.95 * X * np.stack(grid, axis=-1).reshape(-1, count)
    return nc.fixed_points(bits(count), starts=starts)


def test_the_saddle_of_one_bit_leads_to_both_sides():
    fp = points_of(1)
    c = nc.connections(bits(1), fp)
    saddle = int(np.flatnonzero(fp.unstable == 1)[0])
    assert len(fp) == 3 and len(c.graph) == 3
    assert np.array_equal(c.graph.unstable, fp.unstable) and not c.graph.cycle.any()
    assert {tuple(edge) for edge in c.edges} == {(saddle, i) for i in range(3) if i != saddle}
    assert list(c.found) == ["branch", "branch"]
    assert list(c.fractions) == [0.5, 0.5] == list(c.graph.weights)
    assert np.array_equal(c.graph.labels[:, 0], np.round(fp.states[:, 0] / X))
    assert c.departures["orbits"][saddle] == 2 and c.departures["escaped"].sum() == 0
    assert c.new_points.shape == (0, 1) and c.new_cycles == [] and c.new_saddles.shape == (0, 1)
    assert c.to_dot().startswith("digraph")


def test_the_graph_of_two_bits_is_that_of_two_bits():
    c = nc.connections(bits(2), points_of(2), samples=32)
    ideal = nc.flip_flop_graph(2)
    assert len(ideal) == 9
    assert c.graph.hash() == ideal.hash() and c.graph.hash(labels=True) == ideal.hash(labels=True)
    assert nc.isomorphic(c, ideal, labels=True) is True
    assert nc.graph_distance(c, ideal, by="edges") == 0
    assert nc.graph_distance(c, ideal, by="structure") == 0
    assert nc.graph_distance(c, ideal) < 0.5  # fractions of 32 orbits
    one = nc.flip_flop_graph(1)
    assert nc.isomorphic(one, ideal) is False and nc.graph_distance(one, ideal, by="structure") > 0


def test_an_attractor_that_was_not_given_becomes_a_node():
    c = nc.connections(bits(1), [[0.0], [X]], readout=[[1 / X]])
    assert len(c.graph) == 3 and np.allclose(c.new_points, [[-X]])
    assert list(c.graph.labels[:, 0]) == [0, 1, -1]


def test_a_graph_is_made_of_arrays():
    graph = nc.ConnectionGraph([1, 0, 0], [[0, 1], [0, 2]], [0.5, 0.5], [[0], [-1], [1]])
    assert nc.isomorphic(graph, nc.flip_flop_graph(1), labels=True)
    assert nc.graph_distance(graph, nc.flip_flop_graph(1)) == 0
    other = nc.ConnectionGraph([1, 0, 0], [[0, 1], [0, 2]], cycle=[False, True, False])
    assert other.hash() != graph.hash() and list(other.weights) == [0, 0]
    with pytest.raises(ValueError):
        nc.ConnectionGraph([1, 0], [[0, 2]])
    with pytest.raises(ValueError, match="weights"):
        nc.ConnectionGraph([1, 0], [[0, 1]], [0.5, 0.5])
    with pytest.raises(ValueError, match="by: found 'size'"):
        nc.graph_distance(graph, other, by="size")
    with pytest.raises(TypeError, match="ConnectionGraph"):
        nc.graph_distance(graph, 3)


def test_basins_of_one_bit():
    starts = np.random.default_rng(0).uniform(-1, 3, size=(400, 1))
    basins = nc.basins(bits(1), starts, points=[[X], [0.0]])
    to_plus = (starts > 0).mean()
    assert np.allclose(basins.fractions, [to_plus, 0, 1 - to_plus])  # the last was not given
    assert np.allclose(basins.new_points, [[-X]]) and basins.orbits.sum() == 400
    assert (basins.low <= basins.fractions).all() and (basins.fractions <= basins.high).all()
    assert basins.low[0] < 0.75 < basins.high[0]
    assert np.array_equal(basins.landmark_of_start == 0, starts[:, 0] > 0)
    assert set(basins.ends) == {"fixed_point", "new_fixed_point"}
    assert basins.escaped[0] == basins.undecided[0] == basins.not_finite[0] == 0
    assert basins.steps.shape == (400,) and basins.states.shape == (400, 1)


def test_a_stable_cycle_is_a_landmark():
    map = nc.Map(lambda x: -np.tanh(2 * x), dim=1, batched=True)
    cycles = nc.cycles(map, 2, starts=[[0.5]])
    assert np.allclose(np.sort(cycles.states[0].ravel()), [-X, X])
    basins = nc.basins(map, [[0.3], [-2.0]], points=[[0.0]], cycles=cycles)
    assert list(basins.landmark_of_start) == [1, 1] and list(basins.ends) == ["cycle", "cycle"]
    c = nc.connections(map, [[0.0]], cycles=cycles)
    assert list(c.graph.cycle) == [False, True] and {tuple(edge) for edge in c.edges} == {(0, 1)}


def test_a_curve_is_a_landmark_too():
    map = nc.Map(turning((5**0.5 - 1) / 2), dim=2, batched=True)
    circle = nc.invariant_circle(map, [0.5, 0.1])
    c = nc.connections(map, [[0.0, 0.0]], curves=[circle.curve], samples=16)
    assert list(c.graph.cycle) == [False, True] and list(c.graph.unstable) == [2, 0]
    assert c.edges.tolist() == [[0, 1]] and list(c.graph.weights) == [1]
    alone = nc.basins(map, [[0.1, 0.3]], points=[[0.0, 0.0]], max_steps=1000)
    assert list(alone.ends) == ["undecided"]


def test_pulses_flip_a_bit():
    net, points = bits(1), [[-X], [0.0], [X]]
    table = nc.transitions(net, [[2.0], [-2.0]], points, duration=10)
    assert list(table.origins) == [0, 0, 2, 2] and list(table.pulses) == [0, 1, 0, 1]
    assert list(table.to) == [2, 0, 2, 0] and set(table.ends) == {"fixed_point"}
    assert len(table) == 4 and table.new_points.shape == (0, 1)

    least = nc.pulse_thresholds(net, [[2.0]], points, duration=10, tolerance=1e-4)
    assert list(least.found) == [True, False] and list(least.to)[0] == 2
    assert 0 < least.below[0] < least.above[0] < 1
    for amplitude, to in [(least.below[0], 0), (least.above[0], 2)]:
        assert nc.transitions(net, [[2.0 * amplitude]], points, duration=10).to[0] == to
    with pytest.raises(TypeError, match="needs a nullcline.Network"):
        nc.transitions(nc.Map(np.tanh, dim=1), [[1.0]], points)
