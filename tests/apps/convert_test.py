# SPDX-License-Identifier: Apache-2.0
"""`nullcline convert` moves arrays between formats bit by bit."""

import h5py
import numpy as np


def test_there_and_back_is_the_same_bits(nullcline, network, tmp_path):
    nullcline("convert", network, "a.npz").good()
    nullcline("convert", "a.npz", "b.h5").good()
    assert (tmp_path / "b.h5").read_bytes() == network.read_bytes()
    with h5py.File(network) as file, np.load(tmp_path / "a.npz") as arrays:
        recurrent = file["parameters/recurrent"][()]
        assert arrays["parameters/recurrent"].tobytes() == recurrent.tobytes()
    assert nullcline("fixed-points", "a.npz").code == nullcline("fixed-points", network).code


def test_every_bit_pattern_survives(nullcline, tmp_path):
    words = np.random.default_rng(0).integers(0, 2**32, size=200, dtype=np.uint64)
    doubles = ((words[:100] << np.uint64(32)) | words[100:]).view(np.float64)
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324])
    arrays = {
        "doubles": np.concatenate([doubles, special]),
        "floats": words.astype(np.uint32).view(np.float32).reshape(10, 20),
        "integers": np.array([[-(2**63), 2**63 - 1]]),
        "bytes": np.arange(256, dtype=np.uint8),
        "scalar": np.float64(1 / 3),
        "empty": np.zeros((0, 3)),
    }
    np.savez(tmp_path / "in.npz", **arrays)
    nullcline("convert", "in.npz", "x.h5").good()
    nullcline("convert", "x.h5", "out.npz").good()
    with np.load(tmp_path / "out.npz") as out:
        assert set(out.files) == set(arrays)
        for name, array in arrays.items():
            assert out[name].dtype == array.dtype
            assert out[name].shape == array.shape
            assert out[name].tobytes() == array.tobytes()


def test_a_file_is_not_overwritten_unless_forced(nullcline, tmp_path):
    np.savez(tmp_path / "in.npz", x=np.ones(3))
    (tmp_path / "out.h5").write_text("precious")
    assert "out.h5" in nullcline("convert", "in.npz", "out.h5").complaint()
    assert (tmp_path / "out.h5").read_text() == "precious"
    nullcline("convert", "in.npz", "out.h5", "--force").good()
    assert "array" in nullcline("show", "out.h5").good().out


def test_an_unknown_format_is_told_before_reading(nullcline):
    assert ".npz" in nullcline("convert", "missing.h5", "out.csv").complaint()
