# SPDX-License-Identifier: Apache-2.0
"""Recordings as others write them: NWB by h5py (the layout of schema 2), HDF5, npz, tables."""

import json

import h5py
import numpy as np
import pytest

RATE = 100.0  # Hz


def text(value):
    return np.array(value, dtype=h5py.string_dtype())[()]


def add_series(group, name, data, kind="TimeSeries", **attributes):
    series = group.create_group(name)
    series.attrs["neurodata_type"] = kind
    series.attrs["namespace"] = "core"
    data = series.create_dataset("data", data=data)
    data.attrs["unit"] = "volts"
    for key, value in attributes.items():
        data.attrs[key] = value
    return series


def add_rate(series, start=0.0, rate=RATE):
    series.create_dataset("starting_time", data=start).attrs["rate"] = rate
    return series


@pytest.fixture
def random():
    return np.random.default_rng(7)


@pytest.fixture
def write_nwb(tmp_path):
    """The root of a file with what every NWB file has, much of which is nobody's numbers."""

    def write(name="recording.nwb"):
        file = h5py.File(tmp_path / name, "w")
        file.attrs["nwb_version"] = "2.6.0"
        file.attrs["neurodata_type"] = "NWBFile"
        for group in ("acquisition", "analysis", "processing", "stimulus/presentation", "general"):
            file.create_group(group)
        file["session_description"] = text("a session")
        file["file_create_date"] = np.array(["2024-01-01"], dtype=h5py.string_dtype())
        return file

    return write


def pca(nullcline, *arguments):
    return nullcline("pca", *arguments, "--json", "-").good().json()


def scores(result):
    """The centered data back from all components, (trials, T, n) or (samples, n)."""
    return np.array(result["projections"]) @ np.array(result["basis"]).T + np.array(result["mean"])


def complaint(nullcline, *arguments):
    return nullcline("pca", *arguments).complaint()


def test_a_time_series_of_nwb_is_scaled_to_its_unit(nullcline, write_nwb, random):
    counts = random.integers(-1000, 1000, size=(50, 4)).astype(np.int16)
    with write_nwb() as file:
        series = add_series(
            file["acquisition"], "lfp", counts, "ElectricalSeries", conversion=1e-3, offset=0.5
        )
        add_rate(series)
        series["channel_conversion"] = np.array([1.0, 2.0, 3.0, 4.0])
        series["electrodes"] = np.arange(4)
        series["electrodes"].attrs["table"] = file["general"].ref
    result = pca(nullcline, "recording.nwb", "--dim", "4")
    expected = counts * 1e-3 * np.array([1.0, 2.0, 3.0, 4.0]) + 0.5
    assert np.allclose(scores(result)[0], expected, atol=1e-12)
    assert "time series acquisition/lfp: 1 trial of 50 steps, 4 units" in result["data"]


def test_trials_cut_a_time_series_by_rate_and_by_time_stamps_alike(nullcline, write_nwb, random):
    data = random.normal(size=(100, 3))
    with write_nwb() as file:
        module = file["processing"].create_group("behavior")
        box = module.create_group("Position")
        add_rate(add_series(box, "by_rate", data, "SpatialSeries"), start=2.0)
        add_series(box, "by_stamps", data)["timestamps"] = 2.0 + np.arange(100) / RATE
        trials = file.create_group("intervals/trials")
        trials["start_time"] = [2.1, 2.5]
        trials["stop_time"] = [2.3, 2.6]
    for key in ("by_rate", "processing/behavior/Position/by_stamps"):
        result = pca(nullcline, "recording.nwb", "--key", key, "--intervals", "trials", "--dim", "3")
        assert result["trial_lengths"] == [20, 10]
        expected = np.concatenate([data[10:30], data[50:60]])
        assert np.allclose(scores(result), expected, atol=1e-12)


def test_spike_times_are_counted_in_bins(nullcline, write_nwb, random):
    spikes = [np.sort(random.uniform(1.0, 5.0, size=count)) for count in (40, 0, 25)]
    with write_nwb() as file:
        units = file.create_group("units")
        units["spike_times"] = np.concatenate(spikes)
        units["spike_times_index"] = np.cumsum([len(s) for s in spikes]).astype(np.uint64)
        units["id"] = np.arange(3)
        trials = file.create_group("intervals/trials")
        trials["start_time"] = [1.0, 3.0]
        trials["stop_time"] = [2.0, 4.3]  # the last 0.05 s is no whole bin
    options = ["--bin", "0.25", "--dim", "3"]
    whole = scores(pca(nullcline, "recording.nwb", *options))[0]
    first = min(s.min() for s in spikes if len(s))
    edges = 0.25 * np.floor(first / 0.25) + 0.25 * np.arange(len(whole) + 1)
    assert np.allclose(whole, np.stack([np.histogram(s, edges)[0] for s in spikes], axis=1))
    assert whole.sum() == pytest.approx(65)

    cut = pca(nullcline, "recording.nwb", *options, "--intervals", "trials")
    assert cut["trial_lengths"] == [4, 5]
    edges = [1.0 + 0.25 * np.arange(5), 3.0 + 0.25 * np.arange(6)]
    expected = [np.stack([np.histogram(s, e)[0] for s in spikes], axis=1) for e in edges]
    assert np.allclose(scores(cut), np.concatenate(expected), atol=1e-12)


def test_links_within_a_file_are_followed_and_those_out_of_it_are_not(
    nullcline, write_nwb, random, tmp_path
):
    data = random.normal(size=(20, 2))
    with h5py.File(tmp_path / "secret.h5", "w") as other:
        other["data"] = data
    with write_nwb() as file:
        add_rate(add_series(file["acquisition"], "first", data))
        linked = add_rate(file["acquisition"].create_group("second"))
        linked["data"] = h5py.SoftLink("/acquisition/first/data")
        away = add_rate(file["acquisition"].create_group("third"))
        away["data"] = h5py.ExternalLink("secret.h5", "data")
    result = pca(nullcline, "recording.nwb", "--key", "second", "--dim", "2")
    assert np.allclose(scores(result)[0], data, atol=1e-12)
    assert "no time series 'third'" in complaint(nullcline, "recording.nwb", "--key", "third")


def test_what_to_read_is_asked_where_there_are_several(nullcline, write_nwb, random):
    with write_nwb() as file:
        for name in ("a", "b"):
            add_rate(add_series(file["acquisition"], name, random.normal(size=(9, 2))))
    message = complaint(nullcline, "recording.nwb")
    assert "--key" in message and "acquisition/a, acquisition/b" in message


def series_faults():
    ramp = np.arange(10.0)[:, None] @ np.ones((1, 2))
    stamps = np.arange(10) / RATE
    hole = np.where(np.arange(10) < 5, stamps, stamps + 1)
    missing = ramp.copy()
    missing[3, 1] = np.nan
    return [
        (missing, stamps, ["data", "nan at step 3, channel 1"]),
        (ramp, hole, ["timestamps", "a gap of 1.01 s behind 0.04 s"]),
        (ramp, stamps[::-1], ["timestamps", "ascend"]),
        (ramp, stamps[:5], ["timestamps", "5 times", "10"]),
        (ramp, None, ["neither timestamps nor starting_time"]),
        (ramp[:0], stamps[:0], ["data", "not empty"]),
    ]


@pytest.mark.parametrize("data, stamps, words", series_faults())
def test_faults_of_a_time_series_are_one_line(nullcline, write_nwb, data, stamps, words):
    with write_nwb() as file:
        series = add_series(file["acquisition"], "x", data)
        if stamps is not None:
            series["timestamps"] = stamps
    message = complaint(nullcline, "recording.nwb")
    for word in ["recording.nwb", *words]:
        assert word in message


def test_an_interval_without_steps_is_named(nullcline, write_nwb):
    with write_nwb() as file:
        add_rate(add_series(file["acquisition"], "x", np.ones((10, 2))))
        trials = file.create_group("intervals/trials")
        trials["start_time"], trials["stop_time"] = [0.0, 7.0], [0.05, 8.0]
    message = complaint(nullcline, "recording.nwb", "--intervals", "trials")
    assert "interval 1" in message and "7 s to 8 s" in message
    assert "one of trials" in complaint(nullcline, "recording.nwb", "--intervals", "trails")


def test_indices_of_spikes_beyond_the_spikes_are_an_error(nullcline, write_nwb):
    for index in ([3, 2, 5], [2, 9], [2, 3], [-1, 5], [2**63, 5]):
        with write_nwb() as file:
            units = file.create_group("units")
            units["spike_times"] = np.arange(5.0)
            dtype = np.int64 if min(index) < 0 else np.uint64
            units["spike_times_index"] = np.array(index, dtype=dtype)
        assert "spike_times_index" in complaint(nullcline, "recording.nwb", "--bin", "1")


def test_bins_that_would_fill_memory_are_refused(nullcline, write_nwb):
    with write_nwb() as file:
        units = file.create_group("units")
        units["spike_times"] = [0.0, 1e9]
        units["spike_times_index"] = [2]
    assert "bytes" in complaint(nullcline, "recording.nwb", "--bin", "1e-9")
    assert "--bin" in complaint(nullcline, "recording.nwb")


def test_a_file_cut_short_anywhere_is_one_line(nullcline, write_nwb, tmp_path):
    with write_nwb() as file:
        add_rate(add_series(file["acquisition"], "x", np.ones((10, 2))))
    whole = (tmp_path / "recording.nwb").read_bytes()
    for length in [0, 1, 100, len(whole) // 3, len(whole) // 2, len(whole) - 1]:
        (tmp_path / "cut.nwb").write_bytes(whole[:length])
        assert "cut.nwb" in complaint(nullcline, "cut.nwb")


def test_hdf5_beside_what_is_no_array(nullcline, tmp_path, random):
    data = random.normal(size=(3, 20, 4))
    with h5py.File(tmp_path / "mixed.h5", "w") as file:
        file["notes"] = text("words")
        file["session/rates"] = data
        file["session/ids"] = np.arange(4)
    for key in ([], ["--key", "session/rates"]):
        result = pca(nullcline, "mixed.h5", *key, "--dim", "4")
        assert np.allclose(scores(result), data, atol=1e-12)
    assert "'session/rates'?" in complaint(nullcline, "mixed.h5", "--key", "session/rate")


@pytest.mark.parametrize("axes", ["btn", "bnt", "tbn", "tnb", "nbt", "ntb"])
def test_every_order_of_axes_is_the_same_recording(nullcline, tmp_path, random, axes):
    data = random.normal(size=(3, 7, 4))
    np.savez(tmp_path / "x.npz", x=data.transpose(["btn".index(letter) for letter in axes]))
    np.savez(tmp_path / "y.npz", x=data[0] if axes.index("t") < axes.index("n") else data[0].T)
    assert np.allclose(scores(pca(nullcline, "x.npz", "--axes", axes, "--dim", "4")), data)
    assert np.allclose(scores(pca(nullcline, "y.npz", "--axes", axes, "--dim", "4"))[0], data[0])


def test_arrays_of_one_beginning_are_trials_in_natural_order(nullcline, tmp_path, random):
    trials = [random.normal(size=(5 + i, 3)) for i in range(12)]
    np.savez(tmp_path / "x.npz", other=np.ones((2, 9)), **{f"trial_{i}": x for i, x in enumerate(trials)})
    result = pca(nullcline, "x.npz", "--key", "trial_*", "--dim", "3")
    assert result["trial_lengths"] == [len(x) for x in trials]
    assert np.allclose(scores(result), np.concatenate(trials), atol=1e-12)


def test_tables_with_and_without_names(nullcline, tmp_path, random):
    data = random.normal(size=(20, 3))
    rows = [",".join(map(repr, row.tolist())) for row in data]
    (tmp_path / "plain.csv").write_text("\n".join(rows))
    (tmp_path / "named.csv").write_text('\ufeff"unit ""1""","a,b",c\r\n' + "\r\n".join(rows) + "\r\n")
    (tmp_path / "x.tsv").write_text("\n".join(rows).replace(",", "\t") + "\n")
    (tmp_path / "semi.csv").write_text("\n".join(rows).replace(",", " ; ") + "\n")
    for arguments in (["plain.csv"], ["named.csv"], ["x.tsv"], ["semi.csv", "--separator", ";"]):
        result = pca(nullcline, *arguments, "--dim", "3")
        assert np.allclose(scores(result)[0], data, atol=1e-14)
    turned = pca(nullcline, "plain.csv", "--axes", "nt", "--dim", "20")
    assert np.allclose(scores(turned)[0], data.T, atol=1e-12)


@pytest.mark.parametrize(
    "table, words",
    [
        ("1,2\n3,x\n", ["line 2, column 2", "'x'", "a finite number"]),
        ("1,2\n3,\n", ["line 2, column 2", "nothing"]),
        ("1,\n3,4\n", ["line 1, column 2", "nothing"]),
        ("1,2\n3,nan\n", ["line 2, column 2", "'nan'"]),
        ("1,2\n3,1e999\n", ["line 2, column 2", "1e999"]),
        ("a,b\n1,2\n1,2,3\n", ["line 3", "3 fields", "expected 2"]),
        ("1,2\n\n3,4\n", ["line 2", "nothing"]),
        ('1,2\n"3,4\n', ["line 2, column 1", "closing quote"]),
        ('1,2\n"3"4,5\n', ["line 2, column 1", "separator"]),
        ("a,b\n", ["names alone"]),
        ("", ["empty"]),
        ("1,2\n3,0x10\n", ["line 2, column 2"]),
        ("1,2\n3,\x00\n", ["line 2, column 2"]),
    ],
)
def test_faults_of_a_table_are_named_by_line_and_column(nullcline, tmp_path, table, words):
    (tmp_path / "x.csv").write_text(table)
    message = complaint(nullcline, "x.csv")
    for word in ["x.csv", *words]:
        assert word in message


def test_what_is_done_before_an_analysis(nullcline, tmp_path, write_nwb, random):
    data = random.normal(size=(40, 3)) * [1.0, 10.0, 100.0]
    with write_nwb() as file:
        add_rate(add_series(file["acquisition"], "x", data))
    kernel = np.exp(-0.5 * (np.arange(-8, 9) / 2.0) ** 2)
    weight = np.convolve(np.ones(40), kernel, "same")
    smooth = np.stack([np.convolve(x, kernel, "same") / weight for x in data.T], axis=1)
    binned = smooth[:39].reshape(13, 3, 3).sum(axis=1)
    z = (binned - binned.mean(axis=0)) / binned.std(axis=0, ddof=1)
    for width in ("2", "0.02s"):
        options = ["--smooth", width, "--rebin", "3", "--rebin-by", "sum", "--normalize", "zscore"]
        result = pca(nullcline, "recording.nwb", *options, "--dim", "3")
        assert np.allclose(scores(result)[0], z, atol=1e-12)
    soft = pca(nullcline, "recording.nwb", "--normalize", "soft", "--softness", "2", "--dim", "3")
    assert np.allclose(scores(soft)[0], data / (np.ptp(data, axis=0) + 2), atol=1e-12)
    np.savez(tmp_path / "x.npz", x=data)
    assert "time step" in complaint(nullcline, "x.npz", "--smooth", "0.02s")
    assert "a bin of 41" in complaint(nullcline, "x.npz", "--rebin", "41")
    assert "--smooth" in complaint(nullcline, "x.npz", "--smooth", "wide")


def test_options_of_another_format_are_not_overlooked(nullcline, tmp_path, write_nwb):
    np.savez(tmp_path / "x.npz", x=np.ones((4, 2)))
    (tmp_path / "x.csv").write_text("1,2\n3,5\n")
    with write_nwb() as file:
        add_rate(add_series(file["acquisition"], "x", np.ones((10, 2))))
    assert "--bin" in complaint(nullcline, "x.npz", "--bin", "0.1")
    assert "--intervals" in complaint(nullcline, "x.csv", "--intervals", "trials")
    assert "--key" in complaint(nullcline, "x.csv", "--key", "rates")
    assert "--axes" in complaint(nullcline, "recording.nwb", "--axes", "nt")
    assert "spike times" in complaint(nullcline, "recording.nwb", "--key", "x", "--bin", "1")


def test_dca_takes_the_same_files(nullcline, tmp_path, random):
    np.savetxt(tmp_path / "x.csv", random.normal(size=(60, 3)), delimiter=",")
    result = nullcline("dca", "x.csv", "--dim", "1", "--window", "2", "--json", "-")
    assert json.loads(result.out)["status"] == "converged"
