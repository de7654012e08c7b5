# SPDX-License-Identifier: Apache-2.0
"""Other threads of Python go on during a call, and Ctrl-C ends it."""

import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import tiny_study
from rate_network import random_arrays

import nullcline as nc


def ticks_during(call):
    """How often another thread of Python came to run during a call."""
    ticks, done = 0, threading.Event()

    def tick():
        nonlocal ticks
        while not done.is_set():
            time.sleep(0.001)
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        before = ticks
        call()
        return ticks - before
    finally:
        done.set()
        thread.join()


def dca(size):
    X = np.random.default_rng(0).normal(size=(100 * size, 20))
    return lambda: nc.dca(X, dim=3, window=3, starts=size)


def pca(size):
    X = np.random.default_rng(0).normal(size=(500 * size, 100))
    return lambda: nc.pca([X])


def simulation(size):
    net = nc.Network.rate(np.eye(100))
    u = np.zeros((100 * size, 4, 0))
    return lambda: net.run(u)


def fixed_points(size):
    net = nc.Network.rate(**random_arrays(n=40, n_in=0, n_out=1, gain=2, seed=0))
    X0 = np.random.default_rng(0).normal(size=(4 * size, 40))
    return lambda: nc.fixed_points(net, starts=X0)


def lyapunov(size):
    net = nc.Network.rate(**random_arrays(n=40, n_in=0, n_out=1, gain=2, seed=0))
    return lambda: nc.lyapunov_spectrum(net, np.ones(40), steps=20 * size, verdict=False)


@pytest.mark.parametrize("work", [dca, pca, simulation, fixed_points, lyapunov])
def test_another_thread_runs_meanwhile(work):
    # Whatever the speed of the machine: work grows until the other thread came by ten times.
    for size in (1, 4, 16, 64, 256):
        if ticks_during(work(size)) >= 10:
            return
    pytest.fail("the call kept the GIL")


def interrupt(tmp_path, program):
    """Runs a program, sends it SIGINT once it has said 'ready', and returns what it says then."""
    script = tmp_path / "program.py"
    script.write_text(program)
    process = subprocess.Popen(
        [sys.executable, "-u", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    return rest


def test_ctrl_c_ends_a_search_for_fixed_points(tmp_path):
    said = interrupt(
        tmp_path,
        """
import numpy as np, nullcline as nc
rng = np.random.default_rng(0)
net = nc.Network.rate(rng.normal(size=(200, 200)) * 3 / 200**0.5)
starts = rng.normal(size=(20000, 200))  # many minutes
try:
    print("ready")
    nc.fixed_points(net, starts=starts)
except KeyboardInterrupt:
    print("interrupted")
print(nc.fixed_points(net, starts=np.zeros((1, 200))).residuals[0])
""",
    )
    assert said == "interrupted\n0.0\n"


def test_ctrl_c_ends_a_function_of_the_user(tmp_path):
    said = interrupt(
        tmp_path,
        """
import numpy as np, nullcline as nc
map = nc.Map(lambda x: np.tanh(2 * x), dim=10)
starts = np.random.default_rng(0).normal(size=(200000, 10))  # many minutes
try:
    print("ready")
    nc.fixed_points(map, starts=starts)
except KeyboardInterrupt:
    print("interrupted")
""",
    )
    assert said == "interrupted\n"


@pytest.mark.parametrize("function", ["mean_metric", "distances_of_networks"])
def test_ctrl_c_ends_what_is_asked_of_the_metrics_of_a_population(tmp_path, function):
    said = interrupt(
        tmp_path,
        f"""
import numpy as np, nullcline as nc
random = np.random.default_rng(0)
tangents = [random.normal(size=(2500, 8, 3, 4)) for _ in range(60)]  # half a minute or more
try:
    print("ready")
    nc.{function}(tangents)
except KeyboardInterrupt:
    print("interrupted")
""",
    )
    assert said == "interrupted\n"


def test_ctrl_c_ends_a_run_and_keeps_its_checkpoints(tmp_path):
    study = tiny_study.write(tmp_path)
    said = interrupt(
        tmp_path,
        f"""
import nullcline as nc
begun = False
def progress(fraction, what):
    global begun
    if "step" in what and not begun:
        begun = True
        print("ready")
try:
    nc.run({str(study)!r}, {str(tmp_path / "out")!r}, progress=progress,
           set=["populations.*.training.steps=1000000"])
except KeyboardInterrupt:
    print("interrupted")
""",
    )
    assert said == "interrupted\n"
    checkpoints = list((tmp_path / "out" / "checkpoints").glob("*.h5"))
    assert checkpoints
    assert nc.read(checkpoints[0]).arrays["loss"].size > 0


@pytest.mark.parametrize(
    "call",
    [
        # Each is one call that nothing inside answers to for seconds.
        "nc.persistent_homology(rng.normal(size=(400, 12)), 2, 0, max_simplices=10**8)",
        "nc.smacof(D, dim=3, starts=50, tolerance=1e-15)",
    ],
)
def test_ctrl_c_ends_persistent_homology_and_scaling_within_a_second(tmp_path, call):
    said = interrupt(
        tmp_path,
        f"""
import os, time
import numpy as np, nullcline as nc
rng = np.random.default_rng(0)
X = rng.normal(size=(600, 5))
D = np.linalg.norm(X[:, None] - X, axis=2) * rng.uniform(0.5, 1.5)
D = (D + D.T) / 2
start = time.monotonic()
try:
    print("ready")
    {call}
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - start < 1.5, flush=True)
os._exit(0)  # what was abandoned would go on
""",
    )
    assert said == "interrupted True\n"
