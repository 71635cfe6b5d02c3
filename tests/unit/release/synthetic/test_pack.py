"""The pack: accuracy in public and in confidence, whole or not at all, budgets that are none refused."""

import json

import numpy as np
import pytest

from palermo.errors import RefusedError, UsageError
from palermo.release.synthetic.accuracy import confidential_accuracy, public_accuracy, tally_of_counts, values_lost
from palermo.release.synthetic.budget import check_budget, delta_or_default
from palermo.release.synthetic.coded import Coded
from palermo.release.synthetic.noisy_counts import LevelCounts, NoisyCounts
from palermo.release.synthetic.pack import check_folder, write_folder
from palermo.release.synthetic.reading import ReadColumn
from palermo.release.synthetic.synthesise import Synthesis
from palermo.release.synthetic.utility import distinct_rows, tally

TRUE = np.array([[1, 1]] * 60 + [[1, 2]] * 60 + [[2, 0]] * 5, np.int32)
DATA = Coded(("a", "b"), (("x", "y"), ("u", "v")), TRUE)


def _level(length, cells, error):
    columns, codes, noisy = zip(*cells, strict=True)
    size = len(noisy)
    return LevelCounts(
        length,
        np.array(columns, np.int32),
        np.array(codes, np.int32),
        np.array(noisy, np.int64),
        np.full(size, error),
        np.ones(size, bool),
        size,
    )


def _made(rows):
    singles = _level(1, [((0,), (0,), 121), ((1,), (0,), 58), ((1,), (1,), 61)], 2.0)
    pairs = _level(2, [((0, 1), (0, 0), 66), ((0, 1), (0, 1), 60)], 3.0)
    return Synthesis(
        rows, np.ones(len(rows), np.int64), NoisyCounts(DATA.columns, DATA.codes, (singles, pairs)), 125, {}
    )


def _read(name, at):
    return ReadColumn(name, "list", DATA.codes[at], public=True, at=(at,))


def test_counts_and_rows_have_the_same_keys():
    radix = np.array([3, 3])
    counted = tally(*distinct_rows(TRUE), 2, radix)
    let_out = tally_of_counts(_made(TRUE).counts.levels[1], radix)
    assert list(counted) == list(let_out) == [(0, 1)]
    assert counted[0, 1][0].tolist() == let_out[0, 1][0].tolist()


def test_public_accuracy_does_not_look_at_the_true_rows():
    other = Coded(DATA.columns, DATA.codes, np.zeros((3, 2), np.int32))
    assert public_accuracy(DATA, _made(TRUE)) == public_accuracy(other, _made(TRUE))
    one, two = public_accuracy(DATA, _made(TRUE))
    assert (one["combinations"], two["smallest_count"], two["standard_error"]) == (3, 60, 3.0)
    assert two["rows_against_counts_wape"] == pytest.approx(6 / 126)
    assert two["relative_noise_from_50"] == pytest.approx(np.mean([3 / 66, 3 / 60]) * np.sqrt(2 / np.pi))


def test_values_lost_are_told_by_column_of_the_file():
    rows = np.array([[1, 0]] * 60 + [[0, 2]] * 65, np.int32)
    columns = (_read("a", 0), _read("b", 1))
    one, two = values_lost(columns, _made(rows))
    assert (one["counted"], one["in_rows"], one["lost"]) == (121, 60, 1 - 60 / 121)
    assert (two["counted"], two["in_rows"], two["lost"]) == (119, 65, 1 - 65 / 119)
    both = ReadColumn("a and b", "list", ("x", "y"), public=True, at=(0, 1), split=True)
    assert values_lost((both,), _made(rows))[0]["counted"] == 240


def test_confidential_accuracy_is_exact_and_says_so():
    found = confidential_accuracy(DATA, _made(TRUE), 2)
    assert "CONFIDENTIAL" in found["warning"]
    assert found["rows"][1]["wape"] == 0
    assert found["counts"][1]["wape"] == pytest.approx(6 / 120)
    assert found["counts"][0]["miss"] == pytest.approx(1 / 4)  # value y of five persons


def test_a_folder_is_written_whole_or_not_at_all(tmp_path):
    def fails(part):
        (part / "rows.csv").write_text("a\n")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", fails)
    assert list(tmp_path.iterdir()) == []


def test_the_id_is_that_of_the_content(tmp_path):
    ids = [
        write_folder(tmp_path / name, lambda part, text=text: (part / "a.txt").write_text(text))
        for name, text in (("one", "x"), ("two", "x"), ("three", "y"))
    ]
    assert ids[0] == ids[1] != ids[2]
    assert json.loads((tmp_path / "one" / "manifest.json").read_text())["id"] == ids[0]


def test_folders_that_hold_something_are_left_alone(tmp_path):
    check_folder(tmp_path / "new")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="a file"):
        check_folder(tmp_path / "file")
    with pytest.raises(UsageError, match="holds other files"):
        check_folder(tmp_path, force=True)


def test_budgets():
    assert check_budget(4, 1e-10, 50_000) == ()
    assert "weak" in check_budget(13, 1e-10, 50_000)[0]
    assert "very small" in check_budget(0.01, 1e-10, 50_000)[0]
    assert "close to one over" in check_budget(1, 1e-5, 50_000)[0]
    for epsilon in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="epsilon"):
            check_budget(epsilon, 1e-10, 50_000)
    with pytest.raises(RefusedError, match="protects nobody"):
        check_budget(1e9, 1e-10, 50_000)
    with pytest.raises(RefusedError, match="nothing but noise"):
        check_budget(1e-6, 1e-10, 50_000)
    with pytest.raises(RefusedError, match="more than one over"):
        check_budget(1, 0.001, 50_000)


def test_delta_is_never_taken_from_the_file():
    assert delta_or_default(1e-7, None) == 1e-7
    assert delta_or_default(None, 1000) == 1e-6
    with pytest.raises(UsageError, match="--public-persons"):
        delta_or_default(None, None)
