# SPDX-License-Identifier: Apache-2.0
"""Progress: one line on a terminal, nothing in a pipe."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time

import pytest
from conftest import COMMAND, TINY


def on_terminal(folder, width, kind="xterm"):
    """What a run of about a second writes to a terminal of so many columns."""
    (folder / "study.toml").write_text(TINY.replace("steps = 30", "steps = 1000"))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen(
        [COMMAND, "run", "study.toml", "--no-report"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": kind},
    )
    os.close(slave)
    started, written = time.monotonic(), b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        written += piece
    output = process.stdout.read().decode()
    assert process.wait() == 0
    os.close(master)
    return written.decode(), output, time.monotonic() - started


@pytest.mark.parametrize("width", [100, 40])
def test_progress_is_one_line_that_fits_and_goes_away(tmp_path, width):
    text, output, seconds = on_terminal(tmp_path, width)
    updates = [part for part in re.split(r"\r|\x1b\[K", text) if part]
    assert updates
    assert "\n" not in text
    assert all(re.search(r"\d+%", update) for update in updates)
    assert max(map(len, updates)) < width
    assert len(updates) <= 10 * seconds + 1
    assert text.endswith("\r\x1b[K")
    assert "%" not in output
    if width == 100:
        assert any(re.search(r"perception [12]: step \d+ of 1000", update) for update in updates)


def test_a_terminal_that_cannot_go_back_gets_no_progress(tmp_path):
    assert on_terminal(tmp_path, 80, kind="dumb")[0] == ""


def test_a_pipe_gets_no_progress(nullcline, study):
    result = nullcline("run", study(), "--no-report").good()
    assert "\r" not in result.out and "\x1b" not in result.out
