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


@pytest.fixture
def words(session, tmp_path):
    """The choices as words in a file of each kind, with text and other types that no one asks for."""
    session()
    rates, stimulus, choice = planted(0)
    side = np.where(choice == 1, "rechts", "links \u00e4")
    np.savez(tmp_path / "words.npz", rates=rates, side=side, half=rates.astype("float16"), name="a text")
    with h5py.File(tmp_path / "words.h5", "w") as file:
        file["rates"], file["side"] = rates, np.array(side, dtype=h5py.string_dtype())
        file["fixed"] = np.char.encode(side, "utf-8")
    lines = ["side,stimulus", *(f'"{s}",{t:g}' for s, t in zip(side, stimulus))]
    (tmp_path / "words.csv").write_text("\n".join(lines) + "\n")
    B, T, n = rates.shape
    with h5py.File(tmp_path / "words.nwb", "w") as file:
        file.attrs["nwb_version"] = "2.6.0"
        series = file.create_group("acquisition/rates")
        series.attrs["neurodata_type"] = "TimeSeries"
        # A second before each trial and after it belongs to none.
        series["data"] = np.concatenate([np.pad(trial, ((3, 2), (0, 0))) for trial in rates])
        series.create_dataset("starting_time", data=5.0).attrs["rate"] = 100.0
        trials = file.create_group("intervals/trials")
        trials["start_time"] = 5 + (np.arange(B) * (T + 5) + 3) / 100
        trials["stop_time"] = 5 + (np.arange(B) * (T + 5) + 3 + T) / 100
        trials["side"] = np.array(side, dtype=h5py.string_dtype())
        trials["stimulus"], trials["correct"] = stimulus, choice == 1
    return choice


@pytest.mark.parametrize("arguments", [
    ["words.npz", "--key", "rates", "--labels", "side"],
    ["words.h5", "--key", "rates", "--labels", "side"],
    ["words.h5", "--key", "rates", "--labels", "fixed"],
    ["s.npz", "--key", "rates", "--labels", "side", "--labels-from", "words.csv"],
    ["s.npz", "--key", "rates", "--labels", "side", "--labels-from", "words.nwb"],
    ["words.nwb", "--intervals", "trials", "--labels", "side"],
    ["words.nwb", "--intervals", "trials", "--labels", "correct"],
])
def test_labels_are_words_or_numbers_in_any_kind_of_file(nullcline, words, arguments):
    result = nullcline("dpca", *arguments, "--json", "-").good().json()
    numbers = nullcline("dpca", "s.npz", "--key", "rates", "--labels", "choice", "--json", "-").good().json()
    levels = [0, 1] if "correct" in arguments else ["links \u00e4", "rechts"]
    assert result["levels"] == [levels] and result["trials"] == numbers["trials"]
    for found, known in zip(result["marginalizations"], numbers["marginalizations"]):
        assert found["variance"] == pytest.approx(known["variance"], rel=1e-9)


def test_words_and_numbers_of_a_table_go_together(nullcline, words):
    command = ["dpca", "words.nwb", "--intervals", "trials", "--labels", "stimulus,side", "--json", "-"]
    of_nwb = nullcline(*command).good().json()
    assert of_nwb["levels"] == [[10, 20, 40], ["links \u00e4", "rechts"]]
    of_table = nullcline(*command, "--labels-from", "words.csv").good().json()
    assert of_table["levels"] == of_nwb["levels"]
    assert by_name(of_table) == by_name(of_nwb)


@pytest.mark.parametrize(
    "arguments, words_of_error",
    [
        (["words.npz", "--labels", "half", "--key", "rates"], ["words.npz", "half", "<f2"]),
        (["words.npz", "--labels", "name", "--key", "rates"], ["words.npz", "'name'", "found shape ()", "one dimension"]),
        (["words.h5", "--labels", "rates", "--key", "rates"], ["words.h5", "rates"]),
        (["words.nwb", "--intervals", "trials", "--labels", "color"], ["intervals/trials/color", "side"]),
        (["words.nwb", "--labels", "side"], ["labels of 36 trials", "1"]),
        (["words.npz", "--labels", "side", "--key", "side"], ["'side'", "<U"]),
    ],
)
def test_dpca_says_what_no_label_can_be(nullcline, words, arguments, words_of_error):
    message = nullcline("dpca", *arguments).complaint()
    assert all(word in message for word in words_of_error), message


WORD = "a word of printable UTF-8, at most 200 bytes"


@pytest.mark.parametrize("words, found", [
    ([b"gr\xfcn", b"gr\xf6n"], "'gr?n'"),  # Latin-1: not to be taken for one word
    ([b"a" * 200 + b"1", b"a" * 200 + b"2"], f"'{'a' * 40}...'"),
    ([b"left", b""], "nothing"),
    ([b"a\0b", b"a\0c"], "'a?b'"),
])
def test_words_that_are_no_labels_are_refused_in_any_kind_of_file(nullcline, session, tmp_path, words, found):
    side = np.array(words * 18)
    command = [*session(side=side), "--labels", "side"]
    assert nullcline(*command).complaint() == f"s.npz: array 'side': found {found}, expected {WORD}"
    command += ["--labels-from"]
    with h5py.File(tmp_path / "l.h5", "w") as file:
        file["side"] = side
    assert nullcline(*command, "l.h5").complaint() == f"l.h5: array 'side': found {found}, expected {WORD}"
    (tmp_path / "l.csv").write_bytes(b"other,side\n" + b"".join(b"x," + word + b"\n" for word in side))
    line, expected = (3, "a label") if found == "nothing" else (2, WORD)
    message = nullcline(*command, "l.csv").complaint()
    assert message == f"l.csv: line {line}, column 2: found {found}, expected {expected}"


def test_text_of_other_kinds_says_which(nullcline, session):
    text = np.array(["a", "b"] * 18)
    others = {"swapped": text.astype(">U1"), "pairs": np.reshape(text, (18, 2)), "none": text[:0]}
    command = session(**others)
    for name, found in [("swapped", "big-endian text"), ("pairs", "shape (18, 2)"), ("none", "shape (0,)")]:
        assert nullcline(*command, "--labels", name).complaint() == (
            f"s.npz: array '{name}': found {found}, expected little-endian text of one dimension, a word a trial")


def test_entries_that_share_one_long_text_are_refused_before_they_are_read(nullcline, session, tmp_path):
    command = [*session(), "--labels", "side", "--labels-from", "l.h5"]
    side = np.array([b"a" * 200_000] + [b""] * 3999, dtype=object)
    with h5py.File(tmp_path / "l.h5", "w") as file:
        set_ = file.create_dataset("side", data=side, dtype=h5py.string_dtype())
        offset = set_.id.get_offset()
    with open(tmp_path / "l.h5", "r+b") as file:
        file.seek(offset)
        pointer = file.read(16)  # length, address and index in the heap
        file.seek(offset)
        file.write(4000 * pointer)
    message = nullcline(*command).complaint()
    assert "array 'side': found 800004000 bytes in 4000 texts" in message and message.endswith(WORD)


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
