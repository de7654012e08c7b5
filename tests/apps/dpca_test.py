# SPDX-License-Identifier: Apache-2.0
import h5py
import numpy as np
import pytest


def planted(noise, repeats=6, steps=12, units=8):
    """Trials (B, T, n) of 3 stimuli and 2 choices: an axis each, and one for time."""
    random = np.random.default_rng(1)
    axes = np.linalg.qr(random.normal(size=(units, 3)))[0]
    stimulus = np.tile(np.repeat([10.0, 20.0, 40.0], 2), repeats)
    choice = np.tile([0, 1], 3 * repeats)
    level = np.searchsorted([10, 20, 40], stimulus) - 1.0
    time = np.sin(0.6 * np.arange(steps))
    rates = (
        np.outer(np.ones(len(stimulus)), time)[:, :, None] * axes[:, 0]
        + level[:, None, None] * axes[:, 1]
        + (choice - 0.5)[:, None, None] * np.linspace(0, 1, steps)[:, None] * axes[:, 2]
    )
    return rates + noise * random.normal(size=rates.shape), stimulus, choice


@pytest.fixture
def session(tmp_path):
    def write(noise=0.0, **others):
        rates, stimulus, choice = planted(noise)
        np.savez(tmp_path / "s.npz", rates=rates, stimulus=stimulus, choice=choice, **others)
        return ["dpca", "s.npz", "--key", "rates"]

    return write


def by_name(result):
    return {each["name"]: each for each in result["marginalizations"]}


def test_dpca_takes_planted_axes_apart(nullcline, session, tmp_path):
    command = [*session(), "--labels", "stimulus,choice", "--json", "-", "--npz", "r.npz"]
    result = nullcline(*command).good().json()
    assert result["variables"] == ["stimulus", "choice"]
    assert result["levels"] == [[10, 20, 40], [0, 1]]
    found = by_name(result)
    rates, stimulus, _ = planted(0)
    averages = rates[:6] - rates[:6].mean(axis=(0, 1))
    total = (averages**2).sum()
    of_time = ((rates[:6].mean(axis=0) - rates[:6].mean(axis=(0, 1))) ** 2).sum() * 6
    assert found["time"]["variance"] == pytest.approx(of_time / total, rel=1e-10)
    assert found["stimulus x choice"]["variance"] == pytest.approx(0, abs=1e-12)
    assert sum(each["variance"] for each in found.values()) == pytest.approx(1, rel=1e-12)
    assert found["stimulus"]["reliability"] == pytest.approx(1, rel=1e-12)
    with np.load(tmp_path / "r.npz") as arrays:
        assert arrays["conditions"].shape == (6, 2)
        stimulus_at = list(found).index("stimulus")
        components = arrays[f"m{stimulus_at}_components"]
        assert components.shape[:2] == (6, 12)
        # One component, which does not change in time.
        assert np.ptp(components[:, :, 0], axis=1).max() < 1e-6


def test_dpca_tells_signal_from_noise_and_chooses_a_ridge(nullcline, session):
    command = [*session(0.5), "--labels", "stimulus,choice", "--json", "-"]
    result = nullcline(*command, "--cross-validate", "--repeats", "4").good().json()
    found = by_name(result)
    truth = by_name(nullcline(*session(0.0), "--labels", "stimulus,choice", "--json", "-").json())
    for name in ("time", "stimulus", "choice", "stimulus x choice"):
        error = abs(found[name]["variance_without_noise"] - truth[name]["variance"])
        assert error < abs(found[name]["variance"] - truth[name]["variance"]) + 0.02
    assert found["stimulus x choice"]["reliability"] < 0.5 < found["stimulus"]["reliability"]
    assert result["ridge"] > 1e-4 and len(result["ridge_errors"]) == 26


def test_dpca_takes_labels_from_other_files(nullcline, session, tmp_path):
    command = session()
    _, stimulus, choice = planted(0)
    lines = ["stimulus,choice", *(f"{s},{c}" for s, c in zip(stimulus, choice))]
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    expected = nullcline(*command, "--labels", "choice", "--json", "-").good().json()
    read = nullcline(*command, "--labels", "choice", "--labels-from", "labels.csv", "--json", "-")
    assert by_name(read.good().json()) == by_name(expected)
    with h5py.File(tmp_path / "labels.h5", "w") as file:
        file["choice"] = choice
    read = nullcline(*command, "--labels", "choice", "--labels-from", "labels.h5", "--json", "-")
    assert by_name(read.good().json()) == by_name(expected)


def test_dpca_of_a_network_takes_its_conditions(nullcline, network):
    result = nullcline("dpca", network, "--trials", "3", "--json", "-").good().json()
    assert result["variables"] == ["condition"]
    assert set(by_name(result)) == {"time", "condition"}


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], ["--labels", "nothing"]),
        (["--labels", "sound"], ["s.npz", "sound", "choice"]),
        (["--labels", "short"], ["labels of 3 trials", "36"]),
        (["--labels", "rates"], ["rates", "(trials,)"]),
        (["--labels", "choice", "--steps", "20"], ["--steps", "at most 12"]),
        (["--labels", "single"], ["only one"]),
        (["--labels-from", "s.npz"], ["--labels"]),
    ],
)
def test_dpca_says_what_is_wrong(nullcline, session, arguments, words):
    single = np.arange(36)
    message = nullcline(
        *session(short=np.arange(3), single=single), *arguments, "--cross-validate"
    ).complaint()
    for word in words:
        assert word in message
