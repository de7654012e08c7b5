# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np


def write_circle(folder, K=120):
    a = 2 * np.pi * np.arange(K) / K
    np.savez(folder / "circle.npz", rates=np.column_stack([np.cos(a), np.sin(a)]))


def test_homology_of_a_circle_is_told_and_written(nullcline, tmp_path):
    write_circle(tmp_path)
    result = nullcline(
        "homology", "circle.npz", "--landmarks", "60", "--json", "r.json", "--npz", "r.npz"
    ).good()
    assert "60 landmarks" in result.out and "longest bars" in result.out
    told = json.loads((tmp_path / "r.json").read_text())
    assert told["betti_of_points"] == [1, 1]
    assert told["threshold_of_points"] == 4 * told["covering_radius"]
    with np.load(tmp_path / "r.npz") as arrays:
        assert arrays["h1"].shape == (1, 2)
        assert np.isclose(arrays["h1"][0, 1], np.sqrt(3), atol=2 * told["covering_radius"])
        assert np.isinf(arrays["h0"][0, 1])
        assert arrays["landmarks"].shape == (60,)


def test_the_size_is_told_without_the_work_and_more_is_refused(nullcline, tmp_path):
    write_circle(tmp_path)
    simplices = nullcline("homology", "circle.npz", "--size", "--json", "-").json()["simplices"]
    message = nullcline("homology", "circle.npz", "--max-simplices", simplices - 1).complaint()
    assert "circle.npz" in message and "fewer landmarks" in message
    assert "prime" in nullcline("homology", "circle.npz", "--prime", "4").complaint()
