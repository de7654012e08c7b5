# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import nullcline as nc


def one_unit(weight=2.0):
    return nc.Network.rate([[weight]], input=[[1.0]], tau=0.1, dt=0.05)


def test_the_folds_of_one_unit():
    # x = tanh(2 x + u) folds where 2 (1 - x^2) = 1; here u = 2 p - 1.
    x = np.sqrt(0.5)
    u = np.arctanh(x) - 2 * x
    branch = nc.continue_fixed_point(one_unit(), [-1.0], [1.0], state=[-1.0])
    folds = [point for point in branch.special if point.kind == "fold"]
    assert sorted(f.parameter for f in folds) == pytest.approx([(1 + u) / 2, (1 - u) / 2], abs=1e-9)
    for fold in folds:
        assert abs(fold.state[0]) == pytest.approx(x, abs=1e-7)
        assert fold.eigenvalue == pytest.approx(1, abs=1e-6) and fold.junction == -1
    P = len(branch)
    assert branch.states.shape == (P, 1) and branch.tangents.shape == (P, 2)
    assert branch.hessian_eigenvalues.shape == branch.eigenvalues.shape
    assert np.array_equal(branch.hessian_eigenvalues[:, 0], branch.smallest_hessian)
    for name in ("parameters", "arclength", "unstable", "smallest_hessian"):
        assert getattr(branch, name).shape == (P,)
    inputs = 2 * branch.parameters - 1
    assert np.allclose(np.tanh(2 * branch.states[:, 0] + inputs), branch.states[:, 0], atol=1e-10)
    assert np.array_equal(branch.unstable, (np.abs(branch.eigenvalues) > 1).sum(axis=1))
    assert {branch.first_end, branch.last_end} == {"parameter_bound"}
    assert branch.derivatives == "exact" and branch.period == 1


def test_the_pitchfork_of_a_function_of_the_user():
    family = nc.MapFamily(lambda x, p: x + p * x - x**3, dim=1, batched=True)
    assert family.dim == 1 and family.dt == 1
    diagram = nc.bifurcation_diagram(
        family, states=[[0.0]], parameters=-0.5, min_parameter=-0.5, max_parameter=0.5
    )
    assert len(diagram.branches) == 2 and diagram.complete
    (junction,) = diagram.junctions
    assert junction.kind == "branch_point" and junction.parameter == pytest.approx(0, abs=1e-6)
    assert list(diagram.branch_of_start) == [0] and list(junction.branches) == [0, 1]
    side = diagram.branches[1]
    assert np.allclose(side.states[:, 0] ** 2, side.parameters, atol=1e-5)
    assert side.origin == 0 and diagram.branches[0].special[0].crossing == "pitchfork"


def test_between_two_networks():
    # x = tanh(w x), w = 1/2 + p, has its pitchfork at w = 1.
    family = nc.MapFamily.between(one_unit(0.5), one_unit(1.5))
    branch = nc.continue_fixed_point(family, state=[0.0])
    (special,) = branch.special
    assert special.kind == "branch_point" and special.parameter == pytest.approx(0.5, abs=1e-6)
    with pytest.raises(ValueError, match="another shape of 'bias'"):
        nc.MapFamily.between(one_unit(), nc.Network.rate(np.eye(2), input=np.ones((2, 1))))


def test_cycles_are_continued_too():
    # x -> p x (1 - x) doubles its period at p = 3; the 2-cycle does at 1 + sqrt(6).
    family = nc.MapFamily(lambda x, p: p * x * (1 - x), dim=1, batched=True)
    diagram = nc.bifurcation_diagram(
        family, states=[[1 - 1 / 2.5]], parameters=2.5, min_parameter=2.0, max_parameter=3.5
    )
    doublings = sorted(j.parameter for j in diagram.junctions if j.kind == "period_doubling")
    assert doublings[0] == pytest.approx(3, abs=1e-6)
    two = next(branch for branch in diagram.branches if branch.period == 2)
    found = [s.parameter for s in two.special if s.kind == "period_doubling"]
    assert found == pytest.approx([1 + 6**0.5], abs=1e-6)


def test_what_a_function_raises_and_what_does_not_fit():
    def fails(x, p):
        raise KeyError("here")

    with pytest.raises(KeyError, match="here"):
        nc.continue_fixed_point(nc.MapFamily(fails, dim=1), state=[0.0])
    with pytest.raises(TypeError, match="Network or a nullcline.MapFamily"):
        nc.continue_fixed_point(nc.Map(np.tanh, dim=1), state=[0.0])
    with pytest.raises(ValueError, match="input_to"):
        nc.continue_fixed_point(one_unit(), [0.0], [0.0, 1.0], state=[0.0])
    nowhere = nc.MapFamily(lambda x, p: x + 1 + p**2, dim=1)
    assert nc.continue_fixed_point(nowhere, state=[0.0]).first_end == "no_start"
