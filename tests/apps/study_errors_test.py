# SPDX-License-Identifier: Apache-2.0
"""A study that cannot be read: one line that names the file, the key, and what was expected."""

import os
import subprocess

import pytest
from conftest import contents


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("networks = 2", "netwroks = 2", ["populations.perception", "networks"]),
        ("units = 16", "unist = 16", ["populations.perception.cell", "unist", "units"]),
        ("units = 16", 'units = "many"', ["cell.units", "many", "a whole number"]),
        ("units = 16", "units = 1.5", ["cell.units", "1.5", "a whole number"]),
        ("units = 16", "units = 0", ["cell.units", "0", "1"]),
        ("steps = 30", "steps = -1", ["training.steps", "-1"]),
        ("networks = 2", "networks = 0", ["networks", "0"]),
        ("networks = 2", 'networks = "2"', ["networks"]),
        ("duration = 1.0", "duration = nan", ["duration"]),
        ('name = "perception"', 'name = "perceptoin"', ["task", "perceptoin", "perception"]),
        ('name = "leaky_rate"', 'name = "lstn"', ["cell", "lstn"]),
        ("pca = {", "pac = {", ["analyses", "pac", "pca"]),
        ("seed = 3", "seed = -3", ["seed", "-3"]),
        ("seed = 3", "", ["seed"]),
        ("seed = 3", "seed = = 3", ["tiny.toml"]),
        ('name = "tiny"', 'name = "../tiny"', ["name"]),
    ],
)
def test_a_bad_study_is_one_line(nullcline, study, tmp_path, old, new, words):
    message = nullcline("run", study(old, new)).complaint()
    for word in ["tiny.toml", *words]:
        assert word in message
    assert not (tmp_path / "runs").exists()


def test_a_syntax_error_names_its_line(nullcline, study):
    message = nullcline("run", study("seed = 3", "seed = ")).complaint()
    assert "line 4" in message or ":4" in message


def test_a_missing_study_is_answered_with_the_shipped_ones(nullcline):
    message = nullcline("run", "no_such_study").complaint()
    assert "no_such_study" in message
    assert "amrut2021_hypotheses" in message


def test_a_directory_is_no_study(nullcline, tmp_path):
    assert "directory" in nullcline("run", tmp_path).complaint()


def test_a_file_of_bytes_is_no_study(nullcline, tmp_path):
    path = tmp_path / "bytes.toml"
    path.write_bytes(os.urandom(1000))
    assert "bytes.toml" in nullcline("run", path).complaint()


@pytest.mark.parametrize(
    "change, words",
    [
        ("populations.perception.cell.units=zero", "units"),
        ("populations.none.networks=3", "populations.none"),
        ("populations.*.cel.units=3", "cel"),
        ("nonsense", "KEY=VALUE"),
    ],
)
def test_a_bad_override_is_one_line(nullcline, study, change, words):
    assert words in nullcline("run", study(), "--set", change).complaint()


def test_a_quick_run_needs_a_quick_version(nullcline, study):
    path = study()
    text = path.read_text()
    path.write_text(text[: text.index("[quick]")])
    assert "quick" in nullcline("run", path, "--quick").complaint()


def test_an_output_directory_below_a_file_is_told(nullcline, study, tmp_path):
    (tmp_path / "file").write_text("")
    assert "file/out" in nullcline("run", study(), "--out", "file/out").complaint()


def test_an_output_directory_without_permission_is_told(nullcline, study, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("permissions do not bind root")
    assert "locked" in nullcline("run", study(), "--out", "locked/out").complaint()


@pytest.fixture
def small_disk(tmp_path):
    """A tmpfs of 400 kB; mount(size) makes it larger."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    if os.geteuid() != 0 or not mount("size=400k"):
        pytest.skip("mounting a small disk needs the rights of root")
    yield folder, lambda size: mount(f"remount,size={size}")
    subprocess.run(["umount", folder], check=True)


def test_on_a_full_disk_nothing_is_lost_and_with_room_it_goes_on(nullcline, study, small_disk):
    disk, resize = small_disk
    arguments = ["run", study(), "--no-report", "--set", "populations.*.networks=12"]
    message = nullcline(*arguments, "--out", disk / "out").complaint()
    assert str(disk) in message
    assert "full" in message or "No space left" in message
    kept = contents(disk / "out")
    assert kept  # 400 kB hold some
    assert resize("100m")
    nullcline(*arguments, "--out", disk / "out").good()
    whole = contents(disk / "out")
    assert kept.items() <= whole.items()
    nullcline(*arguments, "--out", "elsewhere").good()
    assert contents(disk.parent / "elsewhere") == whole


def test_a_full_device_is_told_by_json(nullcline):
    assert "No space left" in nullcline("list", "tasks", "--json", "/dev/full").err
