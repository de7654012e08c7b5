# SPDX-License-Identifier: Apache-2.0
"""Completion for bash: the script is valid and proposes what the command takes."""

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")


@pytest.fixture
def complete(nullcline, tmp_path):
    """complete("nullcline", "run", "am") gives what bash would propose for the last word."""
    script = nullcline("completion", "bash").good().out
    (tmp_path / "nullcline.bash").write_text(script)

    def propose(*words):
        quoted = " ".join(f"'{word}'" for word in words)
        code = (
            "source ./nullcline.bash; compopt() { :; }; "
            f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _nullcline; "
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "--norc", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return set(done.stdout.split("\n")) - {""}

    return propose


def test_the_script_is_valid(complete, tmp_path):
    assert subprocess.run(["bash", "-n", tmp_path / "nullcline.bash"], check=False).returncode == 0


def test_it_is_registered(complete, tmp_path):
    code = "source ./nullcline.bash; complete -p nullcline"
    shown = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "_nullcline" in shown.stdout


def test_it_completes_commands(complete):
    assert {"run", "fixed-points", "list", "--help"} <= complete("nullcline", "")
    assert complete("nullcline", "fix") == {"fixed-points"}
    assert complete("nullcline", "con") == {"convert", "connectivity", "continue", "connections"}


def test_it_completes_options(complete):
    assert complete("nullcline", "run", "x.toml", "--q") == {"--quick"}
    assert {"--out", "--jobs", "--set", "--shard"} <= complete("nullcline", "run", "--")
    assert complete("nullcline", "dca", "--win") == {"--window"}
    assert complete("nullcline", "lyapunov", "x.h5", "--exp") == {"--exponents"}
    assert complete("nullcline", "fixed-points", "x.h5", "--comp") == {"--complete"}


def test_it_completes_studies_and_files(complete, tmp_path):
    (tmp_path / "amber.toml").write_text("")
    assert complete("nullcline", "run", "am") == {"amrut2021_hypotheses", "amber.toml"}
    assert complete("nullcline", "pca", "amb") == {"amber.toml"}
    assert complete("nullcline", "run", "--jobs", "2", "--quick", "amr") == {"amrut2021_hypotheses"}


def test_it_completes_words_and_values(complete, tmp_path):
    assert complete("nullcline", "list", "") == {"tasks", "cells", "analyses", "joins", "training", "metrics", "studies"}
    assert complete("nullcline", "fixed-points", "x.h5", "--parameters", "in") == {"initial"}
    (tmp_path / "folder").mkdir()
    (tmp_path / "foreign").write_text("")
    assert complete("nullcline", "run", "x.toml", "--out", "fo") == {"folder"}
    assert complete("nullcline", "run", "x.toml", "--jobs", "") == set()
