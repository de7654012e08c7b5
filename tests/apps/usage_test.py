# SPDX-License-Identifier: Apache-2.0
"""Help, version, and what a mistyped command line is answered."""

import os
import stat

import pytest
from conftest import COMMAND as COMMAND_UNDER_TEST

COMMANDS = [
    "run",
    "report",
    "list",
    "show",
    "convert",
    "fixed-points",
    "lyapunov",
    "cycles",
    "continue",
    "connections",
    "pca",
    "dca",
    "homology",
    "compare",
    "mds",
    "jpca",
    "dpca",
    "connectivity",
    "geometry",
    "selftest",
    "completion",
]


def test_help_names_every_command(nullcline):
    text = nullcline("--help").good().out
    for command in COMMANDS:
        assert f"  {command} " in text
    assert "Examples:" in text


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples_and_fits_100_columns(nullcline, command, flag):
    text = nullcline(command, flag).good().out
    assert f"Usage: nullcline {command}" in text
    assert f"  nullcline {command}" in text[text.index("Examples:") :] or command == "completion"
    assert max(map(len, text.splitlines())) <= 100


def test_version_is_three_numbers(nullcline):
    name, version = nullcline("--version").good().out.split()
    assert name == "nullcline"
    assert len(version.split(".")) == 3


def test_no_command_is_bad_usage(nullcline):
    assert "a command is missing" in nullcline().complaint()


@pytest.mark.parametrize(
    "arguments, suggestion",
    [
        (["fixd-points", "x.h5"], "'fixed-points'"),
        (["lst", "tasks"], "'list'"),
        (["run", "study.toml", "--jbos", "3"], "'--jobs'"),
        (["run", "--jbos", "3", "study.toml"], "'--jobs'"),
        (["dca", "x.npz", "--windw=3"], "'--window'"),
        (["lyapnov", "x.npz"], "'lyapunov'"),
        (["lyapunov", "x.npz", "--exponent", "3"], "'--exponents'"),
    ],
)
def test_a_misspelled_word_is_answered_by_the_nearest(nullcline, arguments, suggestion):
    assert f"did you mean {suggestion}?" in nullcline(*arguments).complaint()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["frobnicate"], "unknown command 'frobnicate'"),
        (["run"], "STUDY"),
        (["list", "taks"], "taks"),
        (["run", "a.toml", "b.toml"], "unexpected argument 'b.toml'"),
        (["run", "a.toml", "--jobs", "many"], "--jobs"),
        (["run", "a.toml", "--jobs", "-1"], "--jobs"),
        (["run", "a.toml", "--shard", "3/2"], "--shard"),
        (["run", "a.toml", "--shard", "x"], "--shard"),
        (["dca", "a.npz", "--window", "2.5"], "--window"),
        (["dca", "a.npz", "--window", "0"], "--window"),
        (["dca", "a.npz", "--axes", "nbx"], "--axes"),
        (["fixed-points", "a.h5", "--starts", "0"], "--starts"),
        (["fixed-points", "a.h5", "--seed", "-1"], "--seed"),
        (["dca", "a.npz", "--seed", "1.5"], "--seed"),
        (["pca", "a.npz", "--json", "-", "--npz", "-"], "standard output"),
        (["pca", "a.npz", "--json", "no/such/folder/x.json"], "no/such/folder"),
    ],
)
def test_bad_usage_is_one_line_that_names_the_option(nullcline, arguments, words):
    assert words in nullcline(*arguments).complaint()


def test_a_full_standard_output_is_told(nullcline, tmp_path):
    if not stat.S_ISCHR(os.stat("/dev/full").st_mode):
        pytest.skip("no /dev/full")
    shell = COMMAND_UNDER_TEST + " list tasks > /dev/full"
    code = os.waitstatus_to_exitcode(os.system(shell + " 2> " + str(tmp_path / "err")))
    assert code == 2
    assert "No space left" in (tmp_path / "err").read_text()


def test_control_characters_in_names_do_not_reach_the_terminal(nullcline):
    message = nullcline("show", "\x1b[31mred\n.h5").complaint()
    assert "\x1b" not in message
