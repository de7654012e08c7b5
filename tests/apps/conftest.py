# SPDX-License-Identifier: Apache-2.0
"""The command under test is $NULLCLINE_COMMAND."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

COMMAND = os.environ.get("NULLCLINE_COMMAND", "nullcline")

TINY = """
name = "tiny"
title = "Two small networks"
seed = 3
[populations.perception]
networks = 2
task = { name = "perception", duration = 1.0 }
cell = { name = "leaky_rate", units = 16 }
training = { steps = 30, batch = 8, checkpoint_every = 10 }
[analyses]
training = {}
outputs = { trials = 2 }
pca = { trials = 2 }
dca = { trials = 2, starts = 1, dim = 2 }
fixed_points = {}
connectivity = {}
[quick]
"populations.*.networks" = 1
"""


class Outcome:
    """How a call of the command ended."""

    def __init__(self, process):
        self.code = process.returncode
        self.bytes = process.stdout
        self.out = process.stdout.decode(errors="replace")
        self.err = process.stderr.decode(errors="replace")

    def __repr__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"

    def complaint(self):
        """The one line on standard error of bad usage or bad input."""
        assert self.code == 2, self
        assert self.out == "", self
        assert re.fullmatch(r"nullcline: [^\n]+\n", self.err), self
        return self.err.rstrip("\n").removeprefix("nullcline: ")

    def good(self):
        assert self.code == 0, self
        assert self.err == "", self
        return self

    def json(self):
        return json.loads(self.out)


@pytest.fixture
def nullcline(tmp_path):
    """nullcline("list", "tasks") calls the command in an empty directory."""

    def call(*arguments, directory=tmp_path, **options):
        process = subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            timeout=250,
            check=False,
            **options,
        )
        return Outcome(process)

    return call


@pytest.fixture
def study(tmp_path):
    """study(old, new) writes the tiny study with a text replaced."""

    def write(old="", new="", name="tiny.toml"):
        assert old in TINY
        path = tmp_path / name
        path.write_text(TINY.replace(old, new) if old else TINY)
        return path

    return write


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The result directory of the tiny study; not to be written to."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "tiny.toml").write_text(TINY)
    subprocess.run(
        [COMMAND, "run", "tiny.toml", "--out", "out", "--no-report"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=250,
    )
    return folder / "out"


@pytest.fixture
def network(finished):
    return sorted((finished / "networks").glob("*.h5"))[0]


def contents(directory):
    """{name: bytes} of the networks and analyses of a result directory."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for folder in ("networks", "analyses")
        for path in sorted(Path(directory, folder).iterdir())
    }
