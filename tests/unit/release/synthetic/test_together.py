"""Persons who are alike are one row with their number, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.release.synthetic import together
from palermo.release.synthetic.coded import Coded, distinct
from palermo.release.synthetic.reading import ReadOptions, read_file
from palermo.release.synthetic.settings import SynthesisSettings
from palermo.release.synthetic.synthesise import synthesise


@given(st.integers(0, 10**6), st.integers(0, 300), st.integers(1, 12), st.sampled_from([1, 3, 9_999]))
@settings(max_examples=60, deadline=None)
def test_distinct_rows_are_those_of_numpy(seed, rows, width, most):
    values = np.random.default_rng(seed).integers(0, most + 1, (rows, width), dtype=np.int32)
    found, held = distinct(values)
    expected, times = np.unique(values, axis=0, return_counts=True)
    assert found.tolist() == expected.tolist()
    assert held.tolist() == times.tolist()
    again, twice = distinct(np.concatenate([found, found]), np.concatenate([held, held]))
    assert again.tolist() == found.tolist()
    assert twice.tolist() == (2 * held).tolist()


def test_a_file_read_together_gives_the_same_release(tmp_path, monkeypatch):
    monkeypatch.setattr(together, "_MERGE", 4)
    path = tmp_path / "cases.csv"
    rng = np.random.default_rng(5)
    cells = rng.choice(["", "F", "M"], (2000, 2)).tolist()
    path.write_text("gender,isForcedLabour\n" + "".join(f"{a},{'1' if b else ''}\n" for a, b in cells), "utf-8")
    single, alike = read_file(path), read_file(path, ReadOptions(together=True))
    assert (single.rows, alike.rows, len(alike.data.values)) == (2000, 2000, 6)
    asked = SynthesisSettings(4.0, 1e-6, length=2, attributes_per_person=2, seed=1)
    one, other = synthesise(single.data, asked), synthesise(alike.data, asked)
    assert one.rows.tolist() == other.rows.tolist()
    assert one.number == other.persons


def test_those_with_more_values_than_are_counted_draw_lots_one_by_one():
    values = np.full((1, 3), 1, np.int32)
    data = Coded(("a", "b", "c"), (("x",),) * 3, values, weights=np.array([3000]))
    made = synthesise(data, SynthesisSettings(12.0, 1e-6, length=2, attributes_per_person=2, seed=1))
    pairs = made.counts.levels[1]
    assert len(pairs.noisy) == 3
    assert np.abs(pairs.noisy - 1000).max() < 200


def test_weights_are_one_for_each_row_and_not_with_persons():
    data = Coded(("a",), (("x",),), np.ones((2, 1), np.int32))
    with pytest.raises(UsageError, match="weights"):
        replace(data, weights=np.array([1]))
    with pytest.raises(UsageError, match="weights"):
        replace(data, weights=np.array([1, 1]), person=np.array([0, 1]))
