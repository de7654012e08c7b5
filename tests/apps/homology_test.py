# SPDX-License-Identifier: Apache-2.0
import json
import signal
import subprocess
import time

import numpy as np
from conftest import COMMAND


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


def test_ctrl_c_ends_the_reduction_at_once(tmp_path):
    # Points without structure: millions of simplices, and half a minute of one uninterrupted call.
    random = np.random.default_rng(0)
    np.savez(tmp_path / "cloud.npz", rates=random.normal(size=(400, 12)))
    process = subprocess.Popen(
        [COMMAND, "homology", "cloud.npz", "--dims", "2", "--landmarks", "0", "--npz", "r.npz",
         "--max-simplices", "100000000"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - sent < 2
    assert process.returncode == 130
    assert (out, err) == (b"", b"nullcline: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["cloud.npz"]
