# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest


def activity(units, seed, trials=4, steps=20):
    rng = np.random.default_rng(seed)
    shared = np.random.default_rng(99).normal(size=(trials, steps, 3))
    return shared @ rng.normal(size=(3, units)) + 0.3 * rng.normal(size=(trials, steps, units))


@pytest.fixture
def files(tmp_path):
    for i, units in enumerate((4, 6, 5)):
        np.savez(tmp_path / f"{'abc'[i]}.npz", rates=activity(units, i), other=np.zeros((3, 2)))
    return tmp_path


def cca(X, Y):
    Q = []
    for A in (X, Y):
        A = A.reshape(-1, A.shape[-1])
        Q.append(np.linalg.qr(A - A.mean(axis=0))[0])
    return np.linalg.svd(Q[0].T @ Q[1], compute_uv=False)


def test_two_files_are_compared_as_numpy_does(nullcline, files):
    result = nullcline("compare", "a.npz", "b.npz", "--key", "rates", "--metric", "cca", "--json", "-")
    rho = cca(activity(4, 0), activity(6, 1))
    assert result.good().json()["distance"] == pytest.approx(1 - rho.mean(), abs=1e-12)
    assert result.json()["correlations"] == pytest.approx(rho, abs=1e-12)


def test_more_files_give_a_matrix(nullcline, files):
    arguments = ["--key", "rates", "--metric", "procrustes", "--json", "-"]
    D = np.array(nullcline("compare", "a.npz", "b.npz", "c.npz", *arguments).good().json()["distances"])
    assert D.shape == (3, 3) and np.array_equal(D, D.T) and (D[~np.eye(3, dtype=bool)] > 0).all()
    pair = nullcline("compare", "a.npz", "c.npz", *arguments).good().json()["distance"]
    assert D[0, 2] == pytest.approx(pair, rel=1e-10)


def test_samples_that_do_not_correspond_are_told(nullcline, files):
    np.savez(files / "long.npz", rates=activity(4, 0, steps=30))
    np.savez(files / "many.npz", rates=activity(4, 0, trials=7))
    message = nullcline("compare", "a.npz", "long.npz", "--key", "rates").complaint()
    assert "long.npz" in message and "30 steps" in message and "20 steps" in message and "--resample" in message
    message = nullcline("compare", "a.npz", "many.npz", "--key", "rates").complaint()
    assert "7 trials" in message and "4 trials" in message
    nullcline("compare", "a.npz", "long.npz", "--key", "rates", "--resample", "20").good()
    nullcline("compare", "a.npz", "many.npz", "--key", "rates", "--average").good()


def test_dsa_tells_its_bound_and_takes_any_trials(nullcline, files):
    arguments = ["--key", "rates", "--metric", "dsa", "--delays", "3", "--rank", "3", "--json", "-"]
    pair = nullcline("compare", "a.npz", "b.npz", *arguments).good().json()
    assert pair["distance"] > 0 and pair["bound"] <= pair["distance"]
    assert pair["gap"] == pytest.approx(pair["distance"] - pair["bound"])
    assert pair["alignment"]["norm_bound"] <= pair["alignment"]["norm_distance"]
    three = nullcline("compare", "a.npz", "b.npz", "c.npz", *arguments).good().json()
    assert three["distances"][0][1] == pytest.approx(pair["distance"], rel=1e-12)
    assert three["bounds"][0][1] == pytest.approx(pair["bound"], rel=1e-12)
    np.savez(files / "long.npz", rates=activity(4, 0, trials=7, steps=30))
    nullcline("compare", "a.npz", "long.npz", *arguments).good()
    assert "long.npz" in nullcline("compare", "a.npz", "b.npz", "long.npz", *arguments).complaint()
    message = nullcline("compare", "a.npz", "b.npz", *arguments[:4], "--delays", "50").complaint()
    assert "50 delays" in message


def test_resampling_follows_straight_lines(nullcline, tmp_path):
    t = np.linspace(0, 1, 11)
    line = np.stack([t, t**2], axis=1)
    np.savez(tmp_path / "few.npz", x=line)
    fine = np.linspace(0, 1, 21)
    between = np.stack([np.interp(fine, t, line[:, i]) for i in range(2)], axis=1)
    np.savez(tmp_path / "many.npz", x=between)
    arguments = ["--resample", "21", "--metric", "procrustes", "--json", "-"]
    result = nullcline("compare", "few.npz", "many.npz", *arguments).good().json()
    assert result["distance"] < 1e-14


def test_metrics_are_listed_and_misspelled_ones_told(nullcline, files):
    metrics = {metric["name"]: metric for metric in nullcline("list", "metrics", "--json", "-").good().json()}
    assert metrics["subspace"]["triangle_inequality"] and not metrics["cka"]["triangle_inequality"]
    message = nullcline("compare", "a.npz", "b.npz", "--key", "rates", "--metric", "svca").complaint()
    assert "svca" in message and "svcca" in message


def test_data_that_does_not_vary_ends_with_one(nullcline, files):
    np.savez(files / "still.npz", rates=np.ones((4, 20, 3)))
    result = nullcline("compare", "a.npz", "still.npz", "--key", "rates", "--json", "-")
    assert result.code == 1 and result.json()["distance"] is None


def test_files_of_all_kinds_are_compared(nullcline, files):
    import h5py
    rates = activity(4, 0)
    np.savetxt(files / "flat.csv", rates[0], delimiter=",")
    with h5py.File(files / "x.h5", "w") as file:
        file["rates"] = rates
    with h5py.File(files / "x.nwb", "w") as file:
        file.attrs["nwb_version"] = "2.6.0"
        series = file.create_group("acquisition/rates")
        series.attrs["neurodata_type"] = "TimeSeries"
        series["data"] = rates.reshape(-1, 4)
        series.create_dataset("starting_time", data=0.0).attrs["rate"] = 100.0
        trials = file.create_group("intervals/trials")
        trials["start_time"], trials["stop_time"] = np.arange(4) * 0.2, np.arange(1, 5) * 0.2
    arguments = ["--key", "rates", "--metric", "procrustes", "--json", "-"]
    known = nullcline("compare", "x.h5", "b.npz", *arguments).good().json()["distance"]
    found = nullcline("compare", "x.nwb", "b.npz", *arguments, "--intervals", "trials").good().json()["distance"]
    assert found == pytest.approx(known, rel=1e-12)
    three = nullcline("compare", "x.nwb", "x.h5", "a.npz", *arguments, "--intervals", "trials")
    assert np.max(three.good().json()["distances"]) < 1e-6
    np.savez(files / "one.npz", rates=rates[:1])
    table = nullcline("compare", "flat.csv", "one.npz", *arguments).good().json()["distance"]
    assert table == pytest.approx(0, abs=1e-6)
    message = nullcline("compare", "a.npz", "b.npz", "--key", "rates", "--intervals", "trials").complaint()
    assert "--intervals" in message and "NWB" in message


def test_correlations_that_could_not_be_less_are_counted(nullcline, tmp_path):
    """Of 10 samples, less their mean, spaces of 6 and 5 dimensions share two, whatever they are."""
    random = np.random.default_rng(0)
    np.savez(tmp_path / "x.npz", x=random.normal(size=(10, 6)))
    np.savez(tmp_path / "y.npz", x=random.normal(size=(10, 5)))
    outcome = nullcline("compare", "x.npz", "y.npz", "--metric", "cca").good()
    assert "2 of the correlations are 1 whatever the data" in outcome.out
    one = nullcline("compare", "x.npz", "y.npz", "--metric", "cca", "--dim", "5").good()
    assert "1 of the correlations is 1 whatever the data" in one.out
    found = nullcline("compare", "x.npz", "y.npz", "--metric", "cca", "--json", "-").good().json()
    assert found["ones_by_necessity"] == 2
    assert found["correlations"][:2] == pytest.approx([1, 1], abs=1e-12) and found["correlations"][2] < 1 - 1e-6
    for arguments in (["--metric", "cca", "--dim", "3"], ["--metric", "cka"]):
        found = nullcline("compare", "x.npz", "y.npz", *arguments, "--json", "-").good().json()
        assert found["ones_by_necessity"] == 0
    np.savez(tmp_path / "z.npz", x=random.normal(size=(10, 2)))
    three = nullcline("compare", "x.npz", "y.npz", "z.npz", "--metric", "cca", "--npz", "d.npz").good()
    assert "1 of 3 pairs have correlations that are 1 whatever the data, of 10 samples" in three.out
    with np.load(tmp_path / "d.npz") as file:
        assert np.array_equal(file["ones_by_necessity"], [[0, 2, 0], [2, 0, 0], [0, 0, 0]])
    few = nullcline("compare", "x.npz", "y.npz", "z.npz", "--metric", "cca", "--dim", "3").good()
    assert "whatever the data" not in few.out


def test_a_key_that_no_file_needs_is_refused(nullcline, files):
    np.savetxt(files / "flat.csv", np.eye(3), delimiter=",")
    message = nullcline("compare", "flat.csv", "flat.csv", "--metric", "cka", "--key", "nothing").complaint()
    assert message == ("--key: found networks and tables alone, expected a file with named arrays, or no --key")


@pytest.mark.parametrize("metric, option, value, other", [
    ("cka", "--variance", "0.5", "a metric of CCA"), ("cka", "--bandwidth", "2", "a metric of rbf_cka"),
    ("cka", "--dissimilarity", "correlation", "a metric of rsa"), ("cca", "--pad", None, "dsa")])
def test_options_of_other_metrics_are_refused(nullcline, files, metric, option, value, other):
    arguments = [option] if value is None else [option, value]
    message = nullcline("compare", "a.npz", "b.npz", "--key", "rates", "--metric", metric, *arguments).complaint()
    assert message == f"{option}: found the metric {metric}, expected {other}"
