# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from maps import henon, turning

import nullcline as nc

HENON = nc.Map(henon, dim=2, batched=True)


def test_the_two_cycle_of_henons_map():
    # x1 + x2 = (1 - b) / a = 1/2, x1 x2 = ((1 - b)^2 - a) / a^2, y = b times the other x.
    x = np.sort(np.roots([1, -0.5, (0.49 - 1.4) / 1.96]))
    expected = np.stack([x, 0.3 * x[::-1]], axis=1)
    for found in (
        nc.cycles(HENON, period=2),
        nc.cycles(HENON, 2, starts=[[1.0, 0.0], [-0.5, 0.3]]),
        nc.cycles(HENON, 2, starts=[expected + 0.01]),
    ):
        assert len(found) == 1 and list(found.periods) == [2]
        assert np.allclose(found.states[0], expected, rtol=0, atol=1e-10)
        # the product of the Jacobians [-2.8 x, 1; 0.3, 0]
        J = [np.array([[-2.8 * one, 1], [0.3, 0]]) for one in x]
        multipliers = np.linalg.eigvals(J[1] @ J[0])
        assert np.allclose(np.sort(found.multipliers[0]), np.sort(multipliers), atol=1e-6)
        assert list(found.stable) == [False] and list(found.kinds) == ["saddle"]
        assert list(found.unstable) == [1] and found.radii[0] < 1e-6
        assert found.multiplicity[0] == (found.cycle_of_start == 0).sum()
        assert found.residuals[0] < 1e-10
        assert found.derivatives == "finite_differences"


def test_periods_of_henons_map_are_counted():
    # Cycles of period 1 .. 7: 2, 1, 0, 1, 0, 2, 4 (Galias 2001); all on the attractor but one of
    # the two fixed points, which no orbit comes near.
    assert [len(nc.cycles(HENON, period)) for period in (2, 3, 4, 5, 6, 7)] == [1, 0, 1, 0, 2, 4]


def test_a_search_that_finds_none_has_a_status():
    found = nc.cycles(nc.Network.rate(np.eye(3) / 2), 3, starts=np.ones((4, 3)))
    assert len(found) == 0 and found.states == [] and found.stable.shape == (0,)
    assert set(found.status) == {"smaller_period"} and (found.cycle_of_start == -1).all()
    assert found.multipliers.shape == (0, 0)


def turning_network(dt=0.01):
    """A quarter turn of the state commutes with this network."""
    return nc.Network.rate([[2.0, -2.0], [2.0, 2.0]], tau=1.0, dt=dt)


def test_the_limit_cycle_of_an_ode():
    net = turning_network()
    cycle = nc.limit_cycle(net, [0.5, 0.0], transient=20.0, max_period=20.0)
    assert cycle.status == "converged" and cycle.kind == "stable" and cycle.stable
    assert cycle.period_error < 1e-6 * cycle.period
    S = len(cycle.times)
    assert cycle.states.shape == (S, 2) and cycle.amplitudes.shape == (2,)
    assert cycle.times[1] == pytest.approx(cycle.period / S)
    # a quarter of the period is a quarter turn
    turned = cycle.states @ np.array([[0.0, -1.0], [1.0, 0.0]]).T
    assert np.allclose(np.roll(cycle.states, -S // 4, axis=0), turned, atol=1e-7)
    assert np.abs(cycle.multipliers - 1).min() == pytest.approx(cycle.trivial_error)
    assert cycle.trivial_error < 1e-6 and np.abs(cycle.multipliers).min() < 0.5

    again = nc.refine_limit_cycle(net, cycle.states[:: S // 16], 1.1 * cycle.period)
    assert again.status == "converged" and again.period == pytest.approx(cycle.period, rel=1e-8)

    # the Euler steps of the network turn as fast, to the order of dt
    circle = nc.invariant_circle(net, [0.5, 0.0], transient=5000)
    assert circle.verdict in ("invariant_circle", "undecided")
    assert net.dt / circle.rotation_number == pytest.approx(cycle.period, rel=0.02)


def test_what_is_no_limit_cycle():
    rest = nc.limit_cycle(nc.Network.rate(np.eye(2) / 2), [0.5, 0.1], transient=5.0)
    assert rest.status == "fixed_point" and not rest.stable and rest.states.size == 0
    with pytest.raises(TypeError, match="needs a nullcline.Network"):
        nc.limit_cycle(HENON, [0.0, 0.0])


@pytest.mark.parametrize("omega", [(5**0.5 - 1) / 2, 2 / 7])
def test_a_circle_is_told_apart_from_a_cycle(omega):
    circle = nc.invariant_circle(nc.Map(turning(omega), dim=2, batched=True), [0.5, 0.1])
    if omega == 2 / 7:
        assert circle.verdict == "periodic" and circle.period == 7
        assert circle.cycle.shape == (7, 2) and circle.multipliers.shape == (2,)
        return
    assert circle.verdict == "invariant_circle" and circle.winds
    assert circle.rotation_number == pytest.approx(1 - omega, abs=1e-9)
    assert circle.curve.shape == (256, 2)
    assert np.allclose(np.linalg.norm(circle.curve, axis=1), 1, atol=1e-6)
    assert circle.convergent[1] > 1


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="period"):
        nc.cycles(HENON, 0)
    with pytest.raises(ValueError, match=r"starts: found shape \(1, 3, 2\), expected shape \(K, 2"):
        nc.cycles(HENON, 2, starts=np.zeros((1, 3, 2)))
