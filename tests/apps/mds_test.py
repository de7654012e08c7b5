# SPDX-License-Identifier: Apache-2.0
"""nullcline mds: distances in, a map and tests of labels out."""
import json
import signal
import subprocess
import time

import numpy as np
import pytest

from conftest import COMMAND


def distances(X):
    return np.linalg.norm(X[:, None] - X[None], axis=2)


@pytest.fixture
def groups(tmp_path):
    """Two groups of six points in the plane, far apart, and a label that has nothing to do with it."""
    rng = np.random.default_rng(5)
    X = np.concatenate([rng.normal(size=(6, 2)), [20, 0] + rng.normal(size=(6, 2))])
    np.savez(tmp_path / "d.npz", distances=distances(X), other=np.zeros(3))
    np.savetxt(tmp_path / "d.csv", distances(X), delimiter=",")
    lines = ["cell,\"pair, of objects\""] + [f"{'gru' if i < 6 else 'lstm'},p{i % 6}" for i in range(12)]
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    return X


def test_exact_distances_give_the_points_back(nullcline, groups):
    for file in ("d.npz", "d.csv"):
        found = nullcline("mds", file, "--json", "-").good().json()
        for name in ("map", "classical"):
            assert distances(np.array(found[name])) == pytest.approx(distances(groups), abs=1e-4)
        assert found["status"] == "converged" and found["stress_1"] < 1e-5
        assert found["explained"] == pytest.approx(1) and found["negative_part"] < 1e-12
        assert sorted(found["order"]) == list(range(12))
        assert {frozenset(found["order"][:6]), frozenset(found["order"][6:])} == {
            frozenset(range(6)), frozenset(range(6, 12))}


def test_each_column_of_labels_is_tested(nullcline, groups, tmp_path):
    outcome = nullcline("mds", "d.npz", "--labels", "labels.csv", "--npz", "map.npz").good()
    assert "cell" in outcome.out and "lstm" in outcome.out and "stress-1" in outcome.out
    with np.load(tmp_path / "map.npz") as file:
        assert np.array_equal(file["label/cell"], np.repeat([0, 1], 6))
        tests = json.loads(bytes(file["attributes_json"]).decode())["tests"]
    cell, pair = tests
    assert cell["label"] == "cell" and cell["accuracy"] == 1 and cell["silhouette"] > 0.8
    assert cell["permanova_p"] == pytest.approx(cell["neighbor_p"], abs=0.02) and cell["permanova_p"] < 0.02
    D2, of = distances(groups) ** 2, np.repeat([0, 1], 6)
    within = sum(D2[np.ix_(of == c, of == c)].sum() / 2 / 6 for c in (0, 1))
    total = D2.sum() / 2 / 12
    assert cell["pseudo_f"] == pytest.approx((total - within) / (within / 10), rel=1e-10)
    assert pair["label"] == "pair, of objects" and pair["accuracy"] == 0 and pair["permanova_p"] > 0.5


def test_strata_restrict_the_permutations(nullcline, groups):
    found = nullcline("mds", "d.npz", "--labels", "labels.csv", "--strata", "pair, of objects", "--json", "-")
    tests = found.good().json()["tests"]
    assert [test["label"] for test in tests] == ["cell"]
    # Six pairs, each exchanged or not: 2 of the 64 ways separate the groups, 64 the pseudo-F.
    assert tests[0]["permanova_p"] == pytest.approx(2 / 64, abs=0.025)


def test_without_permutations_there_are_no_p_values(nullcline, groups):
    command = ["mds", "d.npz", "--labels", "labels.csv", "--permutations", "0"]
    assert not {"permanova_p", "chance", "neighbor_p"} & set(nullcline(*command, "--json", "-").good().json()["tests"][0])
    row = next(line.split() for line in nullcline(*command).good().out.splitlines() if line.startswith("cell"))
    assert row.count("-") == 3 and row[5] == row[8] == row[9] == "-"


def test_one_dimension_of_points_on_a_line_is_told_in_words(nullcline, tmp_path):
    np.savez(tmp_path / "line.npz", distances=distances(np.arange(4.0)[:, None]))
    text = nullcline("mds", "line.npz", "--dim", "1").good().out
    assert "1 dimension holds 100.0 % of what is Euclidean; 0.0 % is not" in text


def test_permutations_can_be_interrupted(groups, tmp_path):
    arguments = ["mds", "d.npz", "--labels", "labels.csv", "--permutations", "10000000", "--starts", "0"]
    process = subprocess.Popen([COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.3)  # The map takes a hundredth of it, the permutations most of a minute.
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, b"", b"nullcline: interrupted\n")


def test_distances_of_compare_have_the_names_of_its_files(nullcline, tmp_path):
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(50, 3))
    for name in "abc":
        np.savez(tmp_path / f"{name}.npz", x=shared @ rng.normal(size=(3, 4)) + rng.normal(size=(50, 4)))
    nullcline("compare", "a.npz", "b.npz", "c.npz", "--metric", "pwcca", "--npz", "d.npz").good()
    assert "must be symmetric" in nullcline("mds", "d.npz").complaint()
    outcome = nullcline("mds", "d.npz", "--symmetrize", "--json", "-").good()
    assert outcome.json()["names"] == ["a.npz", "b.npz", "c.npz"]


@pytest.mark.parametrize(
    "arguments, labels, words",
    [
        (["d.npz", "--key", "nothing"], None, ["d.npz", "array 'nothing'", "distances"]),
        (["d.npz", "--key", "other"], None, ["array 'other'", "shape (3,)", "(K, K)"]),
        (["d.npz", "--dim", "13"], None, ["d.npz", "dim"]),
        (["d.csv", "--key", "x"], None, ["d.csv", "--key"]),
        (["d.npz"], "cell\na\nb\n", ["labels.csv", "2 lines", "12"]),
        (["d.npz"], "cell\na\n,\n", ["labels.csv", "line 3", "2 fields"]),
        (["d.npz"], "a,a\n" + "x,y\n" * 12, ["labels.csv", "line 1, column 2", "'a' again"]),
        (["d.npz"], "a,b\n" + "x, \n" * 12, ["labels.csv", "line 2, column 2", "nothing"]),
        (["d.npz"], "", ["labels.csv", "is empty"]),
        (["d.npz", "--strata", "x"], "a\n" + "u\nv\n" * 6, ["--strata", "'x'", "one of a"]),
        (["missing.npz"], None, ["missing.npz"]),
        (["d.npz", "--neighbors", "12"], "a\n" + "u\nv\n" * 6, ["--neighbors", "found 12", "12 objects of d.npz"]),
        (["d.npz", "--neighbors", "1"], None, ["--neighbors", "--labels"]),
        (["d.npz", "--permutations", "9"], None, ["--permutations", "--labels"]),
        (["d.npz", "--strata", "a"], None, ["--strata", "--labels"]),
        (["d.npz"], "a,../../x\n" + "u,v\n" * 12, ["labels.csv", "'label/../../x'", "the name"]),
    ],
)
def test_what_does_not_fit_is_one_line(nullcline, groups, tmp_path, arguments, labels, words):
    if labels is not None:
        (tmp_path / "labels.csv").write_text(labels)
        arguments = [*arguments, "--labels", "labels.csv"]
    message = nullcline("mds", *arguments).complaint()
    assert all(word in message for word in words), message


def test_labels_that_cannot_be_tested_are_told(nullcline, groups, tmp_path):
    (tmp_path / "labels.csv").write_text("one\tof_each\n" + "".join(f"x\t{i}\n" for i in range(12)))
    (tmp_path / "labels.csv").rename(tmp_path / "labels.tsv")
    out = nullcline("mds", "d.npz", "--labels", "labels.tsv").good().out
    assert "one: one class, not tested" in out and "of_each: too few objects, not tested" in out
