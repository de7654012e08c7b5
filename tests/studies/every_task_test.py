# SPDX-License-Identifier: Apache-2.0
"""Every task trains to its criterion with the settings of the shipped study.

The environment variable FORM says which networks are trained: slow, all of the study; quick, those
of its quick form.
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "studies" / "every_task"
TABLE = STUDY / "table.py"
sys.path.insert(0, str(STUDY))
import table  # noqa: E402  (the script that makes the README's table)


def nullcline(*words):
    return subprocess.run([os.environ["NULLCLINE"], *words], check=True, capture_output=True,
                          text=True).stdout


def print_table(directory):
    return subprocess.run([sys.executable, TABLE, directory], capture_output=True, text=True)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    form = ["--quick"] if os.environ["FORM"] == "quick" else []
    nullcline("run", "every_task", *form, "--jobs", "1", "--no-report", "--out", out)
    return out


@pytest.fixture
def copy(result, tmp_path):
    shutil.copytree(result, tmp_path / "copy")
    return tmp_path / "copy"


def test_every_kind_of_task_is_in_the_study():
    kinds = {task["name"] for task in json.loads(nullcline("list", "tasks", "--json", "-"))}
    study = tomllib.loads((STUDY / "study.toml").read_text())
    assert {population["task"]["name"] for population in study["populations"].values()} == kinds


def test_tasks_have_their_default_settings():
    defaults = {task["name"]: {s["name"]: s["default"] for s in task["settings"]}
                for task in json.loads(nullcline("list", "tasks", "--json", "-"))}
    study = tomllib.loads((STUDY / "study.toml").read_text())
    # Which rules, and how often, is what the battery leaves to the study.
    for population in study["populations"].values():
        task = population["task"]
        assert set(task) <= {"name", "rules", "rule_weights"}
        for change in population["training"].get("curriculum", []):
            setting, last = re.fullmatch(r"(\w+) = \S+ -> (\S+) over \d+ steps", change).groups()
            assert float(last) == defaults[task["name"]][setting]
    for key in study["quick"]:
        assert ".task." not in key or key.endswith((".rules", ".rule_weights"))


def test_every_network_reaches_the_criterion_of_its_task(result):
    printed = print_table(result)
    assert printed.returncode == 0, printed.stdout


def test_the_table_has_every_population(result):
    printed = print_table(result).stdout
    for name in tomllib.loads((result / "study.toml").read_text())["populations"]:
        assert f"| {name} | " in printed


# The table itself can fail: a result with one fault.


def change(directory, kind, **columns):
    with sqlite3.connect(directory / "catalog.sqlite") as catalog:
        for column, value in columns.items():
            catalog.execute(f"UPDATE jobs SET {column} = ? WHERE kind = ? AND number = 0 "
                            "AND population = 'perception'", (value, kind))
    catalog.close()


@pytest.mark.parametrize("kind, columns", [
    ("network", {"metrics": json.dumps({"steps": 2000, "score": 0.06, "status": "finished"})}),
    ("network", {"metrics": json.dumps({"steps": 2000, "score": None, "status": "finished"})}),
    ("network", {"state": "failed"}),
    ("outputs", {"metrics": json.dumps({"score": 0.06})}),
    ("outputs", {"state": "failed"}),
])
def test_a_network_that_misses_fails_the_table(copy, kind, columns):
    change(copy, kind, **columns)
    printed = print_table(copy)
    assert printed.returncode == 1
    assert "perception 1 did not" in printed.stdout


def test_a_network_that_is_missing_fails_the_table(copy):
    with sqlite3.connect(copy / "catalog.sqlite") as catalog:
        catalog.execute("DELETE FROM jobs WHERE population = 'flip_flop'")
    catalog.close()
    printed = print_table(copy)
    assert printed.returncode == 1
    assert "flip_flop 1 did not: missing" in printed.stdout


def test_a_score_counts_from_its_own_side(result):
    low = table.Network("", 1, "done", score=0.96, on_conditions=0.96, criterion=0.95)
    assert low.reached()
    low.on_conditions = 0.94
    assert not low.reached()
    high = table.Network("", 1, "done", score=9, on_conditions=9, criterion=10,
                         higher_is_better=False)
    assert high.reached()
    high.score = 11
    assert not high.reached()
