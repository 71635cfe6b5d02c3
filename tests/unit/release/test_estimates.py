"""Estimates in a release: hidden with their counts, rounded, and attacked by the audit."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.audit import audit_release
from palermo.release.estimates import coarse, guarded, step_of
from palermo.release.freeze import make_release
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED

FIGURES = ("value", "lower", "upper")


def estimated(cubes, indicator="victims_estimated", figures=(123.4, 101.7, 178.2), **codes):
    measure = "victims_hidden" if indicator == "victims_hidden" else "victims_estimated"
    given = dict(zip(FIGURES, figures, strict=True))
    return cubes["row"](indicator, None, kind="estimated", measure=measure, obs_status="E", **codes) | given


@pytest.fixture
def folder(tmp_path, cubes, persons, written):
    """A release with estimates for everyone and for a year and sex whose detected count is hidden or not."""
    seen = float(len(persons))
    rows = [
        *cubes["counted"](persons),
        estimated(cubes),
        estimated(cubes, "victims_estimated_range", (None, 88.8, 301.2)),
        estimated(cubes, "victims_hidden", (123.4 - seen, 101.7 - seen, 178.2 - seen)),
        estimated(cubes, sex="O", figures=(None, None, None)),
    ]
    return make_release(*written(rows), tmp_path / "out", Protection(), {}).path


def found(folder, indicator):
    rows = pq.read_table(folder / "cube.parquet").to_pylist()
    return [row for row in rows if row["indicator"] == indicator]


def test_estimates_are_rounded_and_free(folder):
    everyone, other = found(folder, "victims_estimated")
    assert [everyone[name] for name in FIGURES] == [120.0, 100.0, 180.0]
    assert everyone["conf_status"] == "F"
    assert other["value"] is None
    assert [found(folder, "victims_estimated_range")[0][name] for name in FIGURES] == [None, 90.0, 300.0]


def test_subtraction_gives_one_rounded_number_whatever_is_subtracted(folder, persons):
    (hidden,), (everyone, _) = found(folder, "victims_hidden"), found(folder, "victims_estimated")
    gaps = {everyone[name] - hidden[name] for name in FIGURES}
    assert gaps == {coarse(float(len(persons)), 5)}


def test_bounds_of_an_estimate_are_no_knowledge_about_counts(folder):
    audit = audit_release(folder)
    assert audit.ok
    assert not [finding for finding in audit.findings if "contradict" in finding.words]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": 123.0}, "finer than steps of 10"),
        ({"value": 12_340.0, "upper": 20_000.0}, "more than 3 digits"),
        ({"time_period": "1999"}, "although the number detected is not published"),
    ],
)
def test_a_planted_estimate_is_found(folder, change, words):
    rows = pq.read_table(folder / "cube.parquet").to_pylist()
    row = next(row for row in rows if row["indicator"] == "victims_estimated")
    row.update(change)
    pq.write_table(pa.Table.from_pylist(rows, RELEASED), folder / "cube.parquet")
    assert any(words in finding.words for finding in audit_release(folder).findings)


def row_and_made(cubes, value, shown):
    row = cubes["row"]("victims_by_sex_age", value)
    return row, {**row, "conf_status": "F"} if shown else {**row, "value": None, "conf_status": "C"}


@pytest.mark.parametrize("shown", [True, False])
def test_an_estimate_goes_with_its_detected_count(cubes, shown):
    row, made = row_and_made(cubes, 40.0, shown)
    rows = [row, estimated(cubes)]
    released = [made, dict(rows[1])]
    hidden = guarded(rows, released, {"victims_estimated": 5})
    assert hidden == ([] if shown else [1])
    assert (released[1]["value"] is None) is not shown
    assert released[1]["obs_status"] == ("E" if shown else "Q")


def test_an_estimate_of_whom_nothing_is_printed_is_hidden(cubes):
    rows = [estimated(cubes, sex="F")]
    released = [dict(rows[0])]
    assert guarded(rows, released, {"victims_estimated": 5}) == [0]


def test_hidden_victims_with_few_detected_behind_them_are_hidden(cubes):
    row, made = row_and_made(cubes, 40.0, shown=True)
    rows = [row, estimated(cubes), estimated(cubes, "victims_hidden", (120.4, 98.7, 175.2))]
    released = [made, dict(rows[1]), dict(rows[2])]
    assert guarded(rows, released, {"victims_estimated": 5, "victims_hidden": 5}) == [2]


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1e7), st.integers(2, 60))
def test_a_rounded_number_leaves_k_persons_in_doubt(number, k):
    step = step_of(k)
    made = coarse(number, k)
    assert step >= 2 * k
    assert made % step == 0
    assert abs(made - number) <= max(step, 0.01 * number) / 2 + 1e-6
    assert coarse(made, k) == made
