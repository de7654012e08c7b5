# SPDX-License-Identifier: Apache-2.0
import pathlib

import numpy as np
import pytest
import tiny_study

import nullcline as nc


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return tiny_study.write(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def run(study):
    return nc.run(study, out=study.parent / "out", quick=True, progress=False)


def test_a_run_has_networks_catalog_and_report(run, study):
    assert (run.trained, run.analyzed, run.reused, run.failures) == (2, 2, 0, [])
    assert [network.population for network in run.networks] == ["tanh", "relu"]
    assert run.directory == study.parent / "out"
    jobs = {(row["population"], row["kind"]): row for row in run.catalog}
    assert jobs.keys() == {(p, k) for p in ("tanh", "relu") for k in ("network", "pca")}
    assert all(row["state"] == "done" and row["error"] is None for row in run.catalog)
    row = jobs["tanh", "network"]
    assert row["id"] == run.networks[0].id
    assert row["parameters"]["cell"]["settings"]["units"] == 32
    assert row["metrics"]["steps"] == 3
    if run.report is not None:  # a build without the page writes none
        assert run.report == run.directory / "report.html" and run.report.exists()


def test_a_join_is_a_file_that_numpy_reads(study):
    run = nc.run(study, out=study.parent / "joined", quick=True, progress=False, set=[
        'joins.similarity.metrics=["cka"]', "joins.similarity.permutations=9"])
    assert list(run.joins) == ["similarity/cka"] and run.failures == []
    with np.load(run.joins["similarity/cka"]) as file:
        D = file["distances"]
    assert D.shape == (4, 4) and np.array_equal(D, D.T) and (D[~np.eye(4, dtype=bool)] > 0).all()
    assert nc.read(run.joins["similarity/cka"]).attributes["objects"][2] == "tanh 1 before training"


def test_files_of_a_network_can_be_loaded(run):
    for network in run.networks:
        assert isinstance(network.file, pathlib.Path)
        after, before = nc.load(network.file), nc.load(network.file, prefix="initial")
        W0, W = before.parameters["recurrent"], after.parameters["recurrent"]
        assert not np.array_equal(W0, W)
        # what was not trained came through single precision
        assert np.allclose(before.parameters["bias"], after.parameters["bias"], rtol=1e-7, atol=0)
        assert nc.connectivity(W0, W).relative_change > 0
        assert nc.read(network.file).arrays["loss"].shape == (3,)
        pca = nc.read(network.analyses["pca"])
        assert pca.arrays["trained_variance"].sum() == pytest.approx(1)
        assert "trained_dimension" in pca.attributes


def test_running_again_computes_nothing(run, study):
    again = nc.run(str(study), str(run.directory), quick=True, jobs=1)
    assert (again.trained, again.analyzed, again.reused) == (0, 0, 4)


def test_overrides_and_progress(study, tmp_path):
    seen = []
    run = nc.run(
        study,
        tmp_path,
        quick=True,
        set=["populations.*.training.steps=2000", "populations.*.cell.units=8"],
        progress=lambda fraction, what: seen.append((fraction, what)),
    )
    assert nc.load(run.networks[0].file).state_dim == 8
    assert nc.read(run.networks[0].file).arrays["loss"].shape == (2000,)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions) and all(0 <= f <= 1 for f in fractions)


def test_a_line_of_progress_is_wiped_away(study, tmp_path, capfd):
    nc.run(study, tmp_path, quick=True, progress=True)
    assert capfd.readouterr().err.endswith("\r\x1b[K")
    nc.run(study, tmp_path, quick=True)
    captured = capfd.readouterr()
    assert captured.err == "" and captured.out == ""


def test_a_progress_that_raises_stops_the_run_and_keeps_checkpoints(study, tmp_path):
    class Enough(Exception):
        pass

    def enough(fraction, what):
        if "step" in what:
            raise Enough(what)

    long = ["populations.*.training.steps=1000000"]
    with pytest.raises(Enough, match="step"):
        nc.run(study, tmp_path, set=long, progress=enough)
    assert list((tmp_path / "checkpoints").glob("*.h5"))


@pytest.mark.parametrize(
    "key, value, field",
    [
        ("populations.tanh.cell.unitss", "3", "populations.tanh.cell.unitss"),
        ("populations.tanh.training.batch", '"many"', "populations.tanh.training.batch"),
        ("populations.tanh.cell.tau", "-1.0", "populations.tanh.cell.tau"),
    ],
)
def test_a_study_that_does_not_fit_is_told_by_its_key(study, tmp_path, key, value, field):
    with pytest.raises(nc.Error) as caught:
        nc.run(study, tmp_path / "out", set=[f"{key}={value}"])
    assert (caught.value.path, caught.value.field) == (str(study), field)
    assert not (tmp_path / "out").exists()


def test_misuse_is_told(study, tmp_path):
    with pytest.raises(nc.Error, match="no-such-study"):
        nc.run("no-such-study", tmp_path)
    with pytest.raises(TypeError, match="list"):
        nc.run(study, tmp_path, set="seed=1")
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(nc.Error, match=str(blocked)):
        nc.run(study, blocked, quick=True)


def test_lists_say_what_there_is():
    tasks = {task["name"]: task for task in nc.list_tasks()}
    assert {"perception", "decision"} <= tasks.keys()
    settings = {setting["name"]: setting for setting in tasks["perception"]["settings"]}
    assert settings["levels"]["default"] == [0.5, 0.8]
    cells = {cell["name"]: cell for cell in nc.list_cells()}
    recurrent = cells["leaky_rate"]["parameters"][0]
    assert (recurrent["name"], recurrent["shape"]) == ("recurrent", ["n", "n"])
    assert {"pca", "dca", "fixed_points"} <= {analysis["name"] for analysis in nc.list_analyses()}
    studies = {study["name"]: study for study in nc.list_studies()}
    assert studies["amrut2021_hypotheses"]["title"]
