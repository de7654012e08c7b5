# SPDX-License-Identifier: Apache-2.0
"""Every file of examples/ runs, and says what it should."""

import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
SAYS = {
    "connections_of_your_network.py": ["9 fixed points, 9 proven", "agree", "two free bits: True"],
    "cycles_and_chaos_of_your_function.py": ["verdict: chaos", "period 7: 4 cycles"],
    "dca_against_pca_on_lorenz.py": ["signal / noise"],
    "fixed_points_of_your_network.py": ["2 stable", "1 saddle"],
    "fixed_points_of_your_function.py": ["(0.6313545, 0.1894063)", "(-1.1313545, -0.3394063)"],
    "train_and_take_apart.py": ["fixed points", "nats"],
}


def test_no_example_is_forgotten():
    assert {path.name for path in EXAMPLES.glob("*.py")} == SAYS.keys()


@pytest.mark.parametrize("name", sorted(SAYS))
def test_example_runs(name, tmp_path):
    result = subprocess.run(
        [sys.executable, EXAMPLES / name], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    for words in SAYS[name]:
        assert words in result.stdout
