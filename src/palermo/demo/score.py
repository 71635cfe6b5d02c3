"""Compare the account of the demo country with the truth, which the generator wrote and no stage reads.

The account at this stage joins records by the numbers they carry, so its figures differ from the number of persons
detected for known reasons. The score takes each difference apart: persons counted more than once because their records
share no number, persons all of whose rows are in quarantine, and the rest, which is values that the lists do not know
or hold wrongly. A published figure may not meet the first number; it must be explained by the three others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from palermo.demo import facts
from palermo.demo.truth import FOLDER, PERSONS_FILE
from palermo.errors import UsageError

HEADER = ("group", "all victims", "detected", "account", "difference", "counted again", "quarantined", "other", "why")
NO_FIGURE = "no figure"
SEX_LABELS = {"F": "female", "M": "male", "O": "other sex"}
AGE_LABELS = {"Y0T17": "children", "Y_GE18": "adults"}

Cell = tuple[str, str, str, str]  # sex, age, form, year; _T where all


@dataclass(frozen=True)
class Score:
    """``rows`` go with ``header``; numbers are persons. ``detected`` and ``account`` are the totals."""

    rows: tuple[tuple[object, ...], ...]
    victims: int
    detected: int
    counted_again: int
    quarantined: int
    account: int | None
    header: tuple[str, ...] = HEADER

    def summary(self) -> dict[str, Any]:
        """The score for JSON."""
        return {
            "note": facts.MADE_UP,
            "victims": self.victims,
            "detected": self.detected,
            "counted_again": self.counted_again,
            "all_rows_quarantined": self.quarantined,
            "account": self.account,
            "difference": None if self.account is None else self.account - self.detected,
            "rows": [dict(zip(self.header, row, strict=True)) for row in self.rows],
        }


def score(workspace: Path, cube: Path) -> Score:
    """The score of a cube against the truth of the demo workspace.

    Raises ``UsageError`` where the workspace holds no truth or the cube is missing.
    """
    truth = workspace / FOLDER / PERSONS_FILE
    if not truth.is_file():
        raise UsageError(f"{workspace}: no {FOLDER}/{PERSONS_FILE}; only a demo country has a truth to compare with")
    if not cube.is_file():
        raise UsageError(f"{cube}: no such cube; make the account first with `palermo run --workspace {workspace}`")
    with duckdb.connect(":memory:") as connection:
        true = _true_counts(connection, truth)
        account = _account_counts(connection, cube)
    rows = tuple(_row(cell, true.get(cell, (0, 0, 0, 0)), account.get(cell)) for cell in _cells(true))
    total = true[("_T", "_T", "_T", "_T")]
    counted = account.get(("_T", "_T", "_T", "_T"))
    return Score(rows, total[0], total[1], total[2], total[3], None if counted is None else round(counted))


def _true_counts(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[Cell, tuple[int, int, int, int]]:
    """Per cell: all victims, detected, counted again, detected persons all of whose rows are in quarantine."""
    counts = (
        "count(*), count_if(detected), coalesce(sum(greatest(counted_as - 1, 0)), 0)::BIGINT, "
        "count_if(detected AND counted_as = 0)"
    )
    # All victims go by the year of exploitation; the detected by the year in which a list first held them.
    rows = connection.execute(
        f"""
        WITH persons AS (
            SELECT *, coalesce(detected_year, year) AS in_year FROM read_parquet($truth) WHERE victim
        ), forms AS (SELECT * REPLACE (unnest(forms) AS forms) FROM persons)
        SELECT coalesce(sex, '_T'), coalesce(age_group, '_T'), '_T', '_T', {counts} FROM persons
            GROUP BY CUBE (sex, age_group)
        UNION ALL SELECT '_T', '_T', forms, '_T', {counts} FROM forms GROUP BY forms
        UNION ALL SELECT '_T', '_T', '_T', in_year::VARCHAR, {counts} FROM persons GROUP BY in_year
        """,
        {"truth": str(truth)},
    ).fetchall()
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5], row[6], row[7]) for row in rows}


def _account_counts(connection: duckdb.DuckDBPyConnection, cube: Path) -> dict[Cell, float | None]:
    """What the account says for each cell; None where it gives no exact figure."""
    rows = connection.execute(
        """
        SELECT DISTINCT sex, age, form, time_period, value FROM read_parquet($cube)
        WHERE measure = 'victims_detected' AND unit = 'PERSON'
            AND indicator IN ('victims_by_sex_age', 'victims_by_form_sex_age')
            AND (indicator = 'victims_by_sex_age' OR form <> '_T')
        """,
        {"cube": str(cube)},
    ).fetchall()
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _cells(true: Mapping[Cell, object]) -> Iterable[Cell]:
    """The total, then sex by age, forms in the order of the code list, years."""
    sexes, ages = ("_T", *SEX_LABELS), ("_T", *AGE_LABELS)
    yield from ((sex, age, "_T", "_T") for sex in sexes for age in ages if (sex, age, "_T", "_T") in true)
    yield from (("_T", "_T", form, "_T") for form in facts.FORMS)
    yield from sorted(cell for cell in true if cell[3] != "_T")


def _row(cell: Cell, true: tuple[int, int, int, int], counted: float | None) -> tuple[object, ...]:
    victims, detected, again, lost = true
    if counted is None:
        return (_label(cell), victims, detected, NO_FIGURE, "", again, lost, "", "the account has no such figure")
    difference = round(counted) - detected
    other = difference - again + lost
    return (_label(cell), victims, detected, round(counted), difference, again, lost, other, _why(again, lost, other))


def _label(cell: Cell) -> str:
    sex, age, form, year = cell
    if form != "_T":
        return form.replace("_", " ")
    if year != "_T":
        return year
    words = [labels[code] for labels, code in ((SEX_LABELS, sex), (AGE_LABELS, age)) if code != "_T"]
    return ", ".join(words) or "all"


def _why(again: int, lost: int, other: int) -> str:
    """The reasons in words, the largest first."""
    reasons = [
        (again, f"{again:,} counted again: records that share no number"),
        (lost, f"{lost:,} left out: all their rows are in quarantine"),
        (abs(other), f"{abs(other):,} {'too many' if other > 0 else 'missing'}: values unknown or wrong in the lists"),
    ]
    return "; ".join(text for size, text in sorted(reasons, reverse=True) if size) or "none"
