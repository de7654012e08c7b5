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


def load(directory, network_of):
    """(study, {population: [network_of(directory, name, {analysis: id of those done})]}): every
    network that the study asks for; names are "population 1", ..."""
    study = tomllib.loads((directory / "study.toml").read_text())
    with sqlite3.connect(directory / "catalog.sqlite") as catalog:
        rows = catalog.execute("SELECT population, number, kind, id FROM jobs "
                               "WHERE state = 'done' ORDER BY rowid").fetchall()
    done = {}
    for population, number, kind, job in rows:  # of several the last written
        done.setdefault((population, number), {})[kind] = job
    return study, {
        name: [network_of(directory, f"{name} {number + 1}", done.get((name, number), {}))
               for number in range(population["networks"])]
        for name, population in study["populations"].items()}


def print_table(head, rows):
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(map(str, row)) + " |")
