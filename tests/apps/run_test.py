# SPDX-License-Identifier: Apache-2.0
"""`nullcline run`: the same results whatever happens on the way."""

import json
import os
import signal
import subprocess
import time

import pytest
from conftest import COMMAND, contents

QUIETLY = ["--no-report", "--quick", "--jobs", "1"]
LONG = ("steps = 30, batch = 8", "steps = 3000, batch = 8")  # a second or two


def test_a_run_says_what_came_of_each_population(nullcline, study, tmp_path):
    result = nullcline("run", study(), "--json", "summary.json", "--no-report").good()
    heading, row = result.out.splitlines()[:2]
    assert heading.split()[:2] == ["population", "networks"]
    assert row.split()[:3] == ["perception", "2", "2"]
    assert "2 networks trained, 12 analyses computed." in result.out
    assert "did not reach the criterion" in result.out  # after 30 steps
    assert len(contents(tmp_path / "runs" / "tiny")) == 14
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["trained"] == 2
    assert len(summary["populations"][0]["errors"]) == 2


def test_running_again_computes_nothing(nullcline, study, tmp_path):
    nullcline("run", study(), "--no-report").good()
    before = contents(tmp_path / "runs" / "tiny")
    again = nullcline("run", study(), "--no-report").good()
    assert "Everything was there already." in again.out
    assert contents(tmp_path / "runs" / "tiny") == before


def test_another_analysis_is_computed_without_training_again(nullcline, study):
    nullcline("run", study(), "--no-report").good()
    again = nullcline("run", study(), "--no-report", "--set", "analyses.dca.window=4").good()
    assert "0 networks trained, 2 analyses computed; 12 there already." in again.out


def test_threads_do_not_change_a_bit(nullcline, study, finished):
    for jobs in (1, 2):
        nullcline("run", study(), "--no-report", "--jobs", jobs, "--out", f"out{jobs}").good()
        assert contents(study().parent / f"out{jobs}") == contents(finished)


def test_shards_at_the_same_time_are_together_the_whole(nullcline, study, finished, tmp_path):
    parts = [
        subprocess.Popen(
            [COMMAND, "run", study(), "--no-report", "--shard", f"{part}/2", "--out", "out"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
        )
        for part in (2, 1)
    ]
    assert [part.wait(timeout=250) for part in parts] == [0, 0]
    assert contents(tmp_path / "out") == contents(finished)
    assert "already" in nullcline("run", study(), "--no-report", "--out", "out").good().out


def test_a_quick_run_goes_where_its_name_says(nullcline, study, tmp_path):
    nullcline("run", study(), "--quick", "--no-report").good()
    assert len(list((tmp_path / "runs" / "tiny_quick" / "networks").iterdir())) == 1


def test_overrides_reach_the_networks(nullcline, study, tmp_path):
    nullcline(
        "run", study(), "--no-report", "--out", "out",
        "--set", "populations.perception.cell.units=8", "--set", 'populations.*.cell.activation="tanh"',
    ).good()  # fmt: skip
    network = next((tmp_path / "out" / "networks").iterdir())
    shown = nullcline("show", network, "--json", "-").good().json()
    assert shown["attributes"]["cell"]["settings"]["units"] == 8
    assert shown["attributes"]["cell"]["settings"]["activation"] == "tanh"


def wait_for(condition, process):
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "the run ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.002)


def start(study_path, *arguments):
    return subprocess.Popen(
        [COMMAND, "run", study_path, *QUIETLY, *arguments],
        cwd=study_path.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def interrupt(study_path, with_signal, out):
    """Starts a run and sends the signal once it has written a checkpoint."""
    folder = study_path.parent / out / "checkpoints"

    def checkpoints():
        return {(path.name, path.stat().st_mtime_ns) for path in folder.glob("[!.]*.h5")}

    before = checkpoints()
    process = start(study_path, "--out", out)
    wait_for(lambda: checkpoints() - before, process)
    process.send_signal(with_signal)
    _, error = process.communicate(timeout=60)
    assert not list((study_path.parent / out / "networks").glob("[!.]*"))  # it is in work
    return process.returncode, error.decode()


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_continues_to_the_same_bits(nullcline, study, tmp_path, with_signal):
    path = study(*LONG)
    for _ in range(2):
        code, error = interrupt(path, with_signal, "stopped")
        if with_signal == signal.SIGKILL:
            assert code == -signal.SIGKILL
        else:
            assert code == 128 + with_signal
            assert error.count("\n") == 1
            assert "goes on from there" in error
    nullcline("run", path, *QUIETLY, "--out", "stopped").good()
    nullcline("run", path, *QUIETLY, "--out", "straight").good()
    assert contents(tmp_path / "stopped") == contents(tmp_path / "straight")
    assert not list((tmp_path / "stopped" / "checkpoints").glob("[!.]*"))


def test_what_runs_in_the_background_of_a_script_ignores_the_keyboard(study):
    process = subprocess.Popen(
        [COMMAND, "run", study(), "--no-report"],
        cwd=study().parent,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=250) == 0


def test_a_training_that_diverges_is_told_and_does_not_stop_the_others(nullcline, study, tmp_path):
    path = study("steps = 30", "learning_rate = 1e6, steps = 200")
    text = path.read_text()
    good = text[text.index("[populations.perception]") : text.index("[analyses]")]
    good = good.replace("perception]", "calm]").replace("learning_rate = 1e6, steps = 200", "steps = 2")
    path.write_text(text.replace("[analyses]", good + "[analyses]"))
    result = nullcline("run", path, "--no-report", "--out", "out")
    assert result.code == 1
    assert "not finite" in result.err
    for line in result.err.splitlines():
        assert line.startswith("nullcline: failed: perception ")
    rows = {line.split()[0]: line.split()[1:3] for line in result.out.splitlines()[1:3]}
    assert rows == {"perception": ["2", "0"], "calm": ["2", "2"]}
    again = nullcline("run", path, "--no-report", "--out", "out")
    assert (again.code, again.err) == (1, result.err)


def test_a_damaged_network_in_the_result_directory_is_told(nullcline, study, tmp_path):
    nullcline("run", study(), "--no-report", "--out", "out").good()
    damaged = sorted((tmp_path / "out" / "networks").iterdir())[0]
    os.truncate(damaged, 1000)
    assert damaged.name in nullcline("run", study(), "--no-report", "--out", "out").complaint()
