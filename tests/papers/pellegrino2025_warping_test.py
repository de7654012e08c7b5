# SPDX-License-Identifier: Apache-2.0
"""The quick forms of the warping paper's studies, end to end: every job done, and what must hold."""
import json
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest
from quick_study import run

PAPER = Path(__file__).parents[2] / "papers" / "pellegrino2025_warping"
sys.path.insert(0, str(PAPER))
import claims  # noqa: E402
import decision_network  # noqa: E402
import memory  # noqa: E402
import warp_target  # noqa: E402

import nullcline as nc  # noqa: E402


@pytest.fixture(scope="module")
def causal(tmp_path_factory):
    return run(PAPER / "causal.toml", tmp_path_factory.mktemp("causal") / "out")


def jobs(directory):
    rows = sqlite3.connect(directory / "catalog.sqlite").execute(
        "SELECT population, kind, state, metrics FROM jobs")
    return [(population, kind, state, json.loads(metrics))
            for population, kind, state, metrics in rows]


def test_every_network_of_the_study_is_trained(tmp_path):
    out = run("pellegrino2025_warping", tmp_path / "out")
    done = jobs(out)
    assert len(done) == 6 * 3  # a training and two analyses of one network a population
    assert all(state == "done" for _, _, state, _ in done)
    metrics = {population: metrics for population, kind, _, metrics in done if kind == "network"}
    assert metrics["circle"]["score"] >= 0.99  # the whole training
    table = claims.measure({"circle": claims.load([out])["circle"]})
    verdicts = {claim.value: claims.verdict(claim, table[claim.population][claim.value])
                for claim in [*claims.CIRCLE, *claims.DECISION]}
    assert {value for value, found in verdicts.items() if found == "holds"} == {
        "stretch trained", "stretch grows", "ticks trained", "growth", "peak"}


def test_a_torus_is_told_from_a_plane():
    flat = nc.Manifold.clifford_torus(1, 1)
    (x,) = flat.jets(flat.grid([8, 8]), 0)
    # From where the squares of neighbors fill to where points three of eight apart close the loops.
    scales = np.sin(3 * np.pi / 8) / (np.sqrt(2) * np.sin(np.pi / 8))
    assert np.isclose(memory.torus_scales(nc.persistent_homology(x, 2, 0)), scales)
    plane = np.stack(np.meshgrid(np.arange(8.0), np.arange(8.0)), -1).reshape(-1, 2)
    assert memory.torus_scales(nc.persistent_homology(plane, 2, 0)) == 0


def test_the_warp_is_trained_and_can_be_read_out(causal):
    done = jobs(causal)
    assert len(done) == 12 * 3
    assert all(state == "done" for _, _, state, _ in done)
    steps = round(10 / 0.1)
    ratio = {}
    for population in ("untrained_readout", "warp"):
        (net,) = warp_target.networks_of(causal, population)
        ratio[population] = np.exp(warp_target.log_ratios(net, steps).mean())
    # Random networks do not tell the contexts apart; the target's mean is about a half.
    assert abs(np.log(ratio["untrained_readout"])) < 0.1
    assert ratio["warp"] < 0.9


def test_the_stand_in_decides(tmp_path):
    net = decision_network.decision_network()
    assert np.isclose(net.dt, 0.05)
    c = np.array([-1, -0.05, 0, 0.05, 1])
    run = net.run(np.tile(c[None, :, None], (400, 1, 1)))
    choice = run.outputs[-1, :, 0]
    assert np.all(np.sign(choice) == np.sign(c))
    assert np.all(np.abs(choice[c != 0]) > 0.84)
    nc.save(tmp_path / "decision.h5", net)
    assert np.array_equal(nc.load(tmp_path / "decision.h5").parameters["speed"], [0, 0, 1])
