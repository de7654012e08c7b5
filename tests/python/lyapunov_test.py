# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from maps import henon, turning
from rate_network import random_arrays

import nullcline as nc


def test_exponents_of_henons_map():
    map = nc.Map(henon, dim=2, dt=0.5, batched=True)
    lam = nc.lyapunov_spectrum(map, [[0.1, 0.1], [0.2, 0.0]], steps=20000, seed=1)
    # 0.4192 and ln 0.3 - 0.4192 a step (Sprott 2003); here per second of dt = 0.5
    assert lam.exponents * 0.5 == pytest.approx([0.4192, np.log(0.3) - 0.4192], abs=4e-3)
    assert lam.exponents.sum() * 0.5 == pytest.approx(np.log(0.3), abs=1e-6)
    assert (lam.standard_errors > 0).all() and (lam.standard_errors < 0.02).all()
    # Kaplan-Yorke 1 + 0.4192 / 1.6232 = 1.258
    assert lam.kaplan_yorke == pytest.approx(1.258, abs=5e-3) and lam.kaplan_yorke_error > 0
    assert lam.entropy_rate == pytest.approx(lam.exponents[0])
    assert lam.verdict == lam.attractor.kind == "chaos" and lam.attractor.positive == 1
    assert list(lam.status) == ["done", "done"] and list(lam.orbits) == [0, 1]
    assert lam.of_orbits.shape == (2, 2) and lam.final_states.shape == (2, 2)
    assert lam.history.shape == (len(lam.times), 2) and lam.times[-1] > lam.times[0] > 0
    assert lam.history[-1] == pytest.approx(lam.exponents, abs=1e-9)
    assert lam.derivatives == "finite_differences"


def test_a_network_at_rest_has_the_exponents_of_its_fixed_point():
    arrays = random_arrays(n=6, n_in=2, n_out=1, gain=0.5, seed=1)
    net = nc.Network.rate(**arrays, tau=0.1, dt=0.02)
    u = [0.3, -0.2]
    fp = nc.fixed_points(net, input=u, starts=np.zeros((1, 6)))
    lam = nc.lyapunov_spectrum(net, np.zeros(6), input=u, steps=4000)
    expected = np.log(np.abs(fp.eigenvalues[0])) / net.dt
    assert lam.exponents == pytest.approx(expected, abs=2e-2)
    assert lam.verdict == "fixed_point" and lam.kaplan_yorke == 0
    # tangents may grow apart by 1e10 between two QR, and lose 1e10 eps = 2e-6 in an interval
    assert lam.sum_rule_steps > 0 and lam.sum_rule_error < 1e-6
    two = nc.lyapunov_spectrum(net, np.zeros(6), input=u, exponents=2, steps=4000, verdict=False)
    assert two.exponents.shape == (2,) and two.verdict is None and two.attractor is None
    assert two.exponents == pytest.approx(expected[:2], abs=2e-2)


def test_inputs_that_vary():
    arrays = random_arrays(n=5, n_in=2, n_out=1, gain=0.5, seed=2)
    net = nc.Network.rate(**arrays, dt=0.02)
    x = np.zeros((3, 5))
    u = np.array([0.3, -0.2])
    constant = nc.lyapunov_spectrum(net, x, input=u, steps=1000, verdict=False)
    repeated = nc.lyapunov_spectrum(net, x, input=np.tile(u, (4, 1)), steps=1000)
    assert repeated.exponents == pytest.approx(constant.exponents, rel=1e-12)
    assert repeated.verdict is None
    noisy = nc.lyapunov_spectrum(net, x, input=u, noise=[0.1, 0.1], steps=1000, seed=3)
    assert noisy.exponents[0] < 0 and np.any(noisy.exponents != constant.exponents)


@pytest.mark.parametrize("omega, kind", [(0.25, "cycle"), ((5**0.5 - 1) / 2, "torus")])
def test_verdicts_on_maps_that_turn(omega, kind):
    map = nc.Map(turning(omega), dim=2, batched=True)
    verdict = nc.attractor_verdict(map, [0.5, 0.1], steps=5000, transient=500, longest_period=2000)
    assert verdict.kind == kind
    assert verdict.exponents.shape == verdict.bars.shape == verdict.state.shape == (2,)
    assert verdict.period_steps == (4 if kind == "cycle" else 0)


def test_an_orbit_that_escapes_has_a_status():
    map = nc.Map(lambda x: 2 * x, dim=1)
    lam = nc.lyapunov_spectrum(map, [1.0], steps=1000, transient=100)
    assert list(lam.status) == ["diverged"] and lam.exponents.shape == (0,)
    assert lam.verdict is None


def test_covariant_vectors_are_carried_along():
    map = nc.Map(henon, dim=2, batched=True)
    v = nc.covariant_vectors(map, [0.1, 0.1], times=50)
    assert v.status == "done" and v.resolved == 2
    assert v.states.shape == (50, 2) and v.vectors.shape == (50, 2, 2)
    assert v.local_exponents.shape == (50, 2) and v.angles.shape == (50, 1)
    assert np.allclose(np.linalg.norm(v.vectors, axis=2), 1)
    for t in range(49):
        x = v.states[t, 0]
        pushed = v.vectors[t] @ np.array([[-2.8 * x, 1], [0.3, 0]]).T
        for carried, there in zip(pushed, v.vectors[t + 1], strict=True):
            cosine = abs(carried @ there) / np.linalg.norm(carried)
            assert cosine == pytest.approx(1, abs=1e-8)


def test_wrong_arguments_are_named():
    net = nc.Network.rate(np.eye(3))
    with pytest.raises(ValueError, match=r"start: found shape \(2,\), expected shape \(3,\)"):
        nc.lyapunov_spectrum(net, np.zeros(2))
    with pytest.raises(ValueError, match="steps"):
        nc.lyapunov_spectrum(net, np.zeros(3), steps=0)
    with pytest.raises(TypeError, match="needs a nullcline.Network"):
        nc.lyapunov_spectrum(nc.Map(np.tanh, dim=2), np.zeros(2), noise=[0.1])
