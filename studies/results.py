# SPDX-License-Identifier: Apache-2.0
"""Result directories of studies, for the tables of their READMEs."""
import json
import sqlite3
import tomllib

import h5py


def read(path):
    """(attributes, arrays) of an analysis."""
    with h5py.File(path) as file:
        return json.loads(file["attributes"][0]), {name: file[name][()] for name in file}


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


def print_table(head, rows):
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(map(str, row)) + " |")
