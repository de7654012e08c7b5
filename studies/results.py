# SPDX-License-Identifier: Apache-2.0
"""Result directories of studies, for the tables of their READMEs."""
import itertools
import json
import math
import sqlite3
import statistics
import sys
import tomllib

import h5py
import numpy as np


def read(path):
    """(attributes, arrays) of an analysis."""
    with h5py.File(path) as file:
        return json.loads(file["attributes"][0]), {name: file[name][()] for name in file}


def read_analysis(directory, jobs, kind):
    """(attributes, arrays) of an analysis of a network; `jobs` as network_of gets them."""
    return read(directory / "analyses" / f"{jobs[kind]}.h5")


def reached(directory, jobs):
    """Whether a network performs its task; None where it was not trained or not scored."""
    if {"network", "outputs"} - set(jobs):
        return None
    return read_analysis(directory, jobs, "outputs")[0]["metrics"]["reached"]


def training_of(directory, jobs):
    """(steps, status, parameters) of a network; the status is "criterion" if it stopped at that."""
    with h5py.File(directory / "networks" / f"{jobs['network']}.h5") as file:
        status = json.loads(file["attributes"][0])["status"]
        parameters = {name: file["parameters"][name][()] for name in file["parameters"]}
        return len(file["loss"]) if "loss" in file else 0, status, parameters


def jobs(directory):
    """{(population, number, kind): (id, state, metrics)}, of several the last written."""
    with sqlite3.connect(directory / "catalog.sqlite") as catalog:
        rows = catalog.execute(
            "SELECT population, number, kind, id, state, metrics FROM jobs ORDER BY rowid")
        return {tuple(row[:3]): (row[3], row[4], json.loads(row[5]) or {}) for row in rows}


def load(directory, network_of):
    """(study, {population: [network_of(directory, name, {analysis: id of those done})]}): every
    network that the study asks for; names are "population 1", ..."""
    study = tomllib.loads((directory / "study.toml").read_text())
    done = {}
    for (population, number, kind), (job, state, _) in jobs(directory).items():
        if state == "done":
            done.setdefault((population, number), {})[kind] = job
    return study, {
        name: [network_of(directory, f"{name} {number + 1}", done.get((name, number), {}))
               for number in range(population["networks"])]
        for name, population in study["populations"].items()}


def joins(directory, kind):
    """{metric: (attributes, arrays)} of the metrics of a join that are done."""
    found = {}
    for (_, _, part), (job, state, _) in jobs(directory).items():
        path = directory / "joins" / f"{job}.npz"
        if part.startswith(f"{kind}/") and state == "done" and path.exists():
            with np.load(path) as file:
                found[part.split("/")[1]] = (json.loads(bytes(file["attributes_json"])),
                                             {name: file[name] for name in file})
    return found


def spread(values, form):
    """The median of the values that are known, with the least and greatest where there are several;
    "-" of nothing."""
    values = [value for value in values if math.isfinite(value)]
    if not values:
        return "-"
    middle, least, most = (f"{of(values):{form}}" for of in (statistics.median, min, max))
    return middle if len(values) == 1 else f"{middle} [{least} .. {most}]"


def sign_flip_test(differences):
    """Two-sided p of a mean of paired differences as far from 0 or farther, all signs being equally
    likely: exact, over all 2^n of them; n <= 20."""
    differences = np.asarray(differences, float)
    signs = np.array(list(itertools.product((-1, 1), repeat=len(differences))))
    means = np.abs(signs @ differences)
    return float(np.mean(means >= means[-1] * (1 - 1e-12)))  # the last one has no sign flipped


def mean_difference(what, differences, of):
    """A line: the mean of the differences that are known, its p, and how many there are `of` it."""
    known = [value for value in differences if math.isfinite(value)]
    if not known:
        return f"{what}: no {of} to compare"
    return f"{what} {np.mean(known):+.2f}, p = {sign_flip_test(known):.2g} ({len(known)} {of})"


def print_table(head, rows):
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(map(str, row)) + " |")


def print_label_tests(joined, labels):
    """How networks cluster by these labels, of joins(..)."""
    print_table(["metric", "label", "networks", "n", "silhouette", "R2", "p", "nearest alike",
                 "by chance", "p nearest"],
                [[metric, test["label"], test["objects"], test["count"], f"{test['silhouette']:.2f}",
                  f"{test['r_squared']:.2f}", f"{test['permanova_p']:.3f}", f"{test['accuracy']:.2f}",
                  f"{test['chance']:.2f}", f"{test['neighbor_p']:.3f}"]
                 for metric, (attributes, _) in joined.items() for test in attributes["tests"]
                 if test["label"] in labels and test["status"] == "tested"])


def finish(objections, notes=(), good=""):
    """Prints notes and objections, `good` if there is none of these, and ends: 1 if there is one."""
    print("\n" + "\n".join([*notes, *(objections or [good])]))
    sys.exit(1 if objections else 0)
