"""Compare the account of the demo country with the truth, which the generator wrote and no stage reads.

The account joins records by the numbers they carry, so its figures differ from the number of persons detected for known
reasons. The score takes each difference apart: persons counted more than once because their records share no number,
persons who are not victims and were presumed to be, persons all of whose rows are in quarantine, and the rest, which is
values that the lists do not know or hold wrongly. The account need not meet the truth, but its distance is explained.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from palermo.demo import facts
from palermo.demo.truth import FOLDER, PERSONS_FILE
from palermo.errors import UsageError

HEADER = ("group", "all victims", "detected", "account", "difference", "why")
ESTIMATE_HEADER = ("group", "all victims", "with a number", "estimated", "interval", "holds")
NO_FIGURE = "no figure"
SEX_LABELS = {"F": "female", "M": "male", "O": "other sex"}
AGE_LABELS = {"Y0T17": "children", "Y_GE18": "adults"}

Cell = tuple[str, str, str, str]  # sex, age, form, year; _T where all
TOTAL: Cell = ("_T", "_T", "_T", "_T")


@dataclass(frozen=True)
class ScoreLine:
    """One group of persons. ``account`` is None where the account gives no exact figure; then so is ``other``.

    detected + counted_again + not_victims - quarantined + other = account.
    """

    group: str
    victims: int
    detected: int
    account: int | None
    counted_again: int
    not_victims: int
    quarantined: int

    @property
    def difference(self) -> int | None:
        """Persons by which the account exceeds the number detected."""
        return None if self.account is None else self.account - self.detected

    @property
    def other(self) -> int | None:
        """The part of the difference that comes from values unknown or wrong in the lists."""
        if self.difference is None:
            return None
        return self.difference - self.counted_again - self.not_victims + self.quarantined

    def why(self) -> str:
        """The parts of the difference, the largest first; short, as they stand in a column of a terminal."""
        if self.other is None:
            return "no exact figure in the account"
        parts = (
            (self.counted_again, "counted again"),
            (self.not_victims, "not victims"),
            (-self.quarantined, "in quarantine"),
            (self.other, "unknown or wrong"),
        )
        by_size = sorted(parts, key=lambda part: -abs(part[0]))
        return ", ".join(f"{persons:+,} {reason}" for persons, reason in by_size if persons) or "they agree"

    def row(self) -> tuple[object, ...]:
        """The line as a row under ``HEADER``."""
        shown = (NO_FIGURE, "") if self.account is None else (self.account, self.difference)
        return (self.group, self.victims, self.detected, *shown, self.why())


@dataclass(frozen=True)
class EstimateLine:
    """One estimate beside the truth. ``numbered``: victims given a number by which lists could recognise them."""

    group: str
    victims: int
    numbered: int
    estimate: float | None
    lower: float | None
    upper: float | None

    def holds(self, truth: int) -> bool:
        """Whether the interval holds a true number."""
        return self.lower is not None and self.upper is not None and self.lower <= truth <= self.upper

    def row(self) -> tuple[object, ...]:
        """The line as a row under ``ESTIMATE_HEADER``."""
        if self.estimate is None or self.lower is None or self.upper is None:
            return (self.group, self.victims, self.numbered, NO_FIGURE, "", "refused")
        held = [word for word, truth in (("all", self.victims), ("numbered", self.numbered)) if self.holds(truth)]
        interval = f"{self.lower:,.0f} to {self.upper:,.0f}"
        return (
            self.group,
            self.victims,
            self.numbered,
            round(self.estimate),
            interval,
            " and ".join(held) or "neither",
        )


@dataclass(frozen=True)
class Score:
    """One line for all persons, then one per sex and age, form and year; and one per estimate."""

    lines: tuple[ScoreLine, ...]
    header: tuple[str, ...] = HEADER
    estimates: tuple[EstimateLine, ...] = ()
    estimate_header: tuple[str, ...] = ESTIMATE_HEADER

    @property
    def estimate_rows(self) -> tuple[tuple[object, ...], ...]:
        """The estimates as rows under ``estimate_header``."""
        return tuple(line.row() for line in self.estimates)

    @property
    def rows(self) -> tuple[tuple[object, ...], ...]:
        """The lines as rows under ``header``."""
        return tuple(line.row() for line in self.lines)

    @property
    def total(self) -> ScoreLine:
        """The line of all persons."""
        return self.lines[0]

    def summary(self) -> dict[str, Any]:
        """The score for JSON: the total, and every line with its reasons as numbers."""
        lines = [asdict(line) | {"difference": line.difference, "other": line.other} for line in self.lines]
        total = {key: lines[0][key] for key in lines[0] if key != "group"}
        estimates = [
            asdict(line) | {"holds_all": line.holds(line.victims), "holds_numbered": line.holds(line.numbered)}
            for line in self.estimates
        ]
        return {"note": facts.MADE_UP, **total, "lines": lines, "estimates": estimates}


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
        estimates = _estimates(connection, truth, cube)
    lines = tuple(_line(cell, true.get(cell, (0,) * 5), account.get(cell)) for cell in _cells(true))
    return Score(lines, estimates=estimates)


def _true_counts(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[Cell, tuple[int, ...]]:
    """Per cell: victims, detected, counted again, not victims but counted, detected with all rows in quarantine."""
    counts = """count_if(victim), count_if(detected),
        coalesce(sum(greatest(counted_as - 1, 0)) FILTER (victim), 0)::BIGINT,
        coalesce(sum(counted_as) FILTER (NOT victim), 0)::BIGINT, count_if(detected AND counted_as = 0)"""
    # Hidden victims go by the year of exploitation, the detected by the year in which a list first held them.
    rows = connection.execute(
        f"""
        WITH persons AS (SELECT *, coalesce(detected_year, year) AS in_year FROM read_parquet($truth)),
        by_form AS (SELECT * REPLACE (unnest(forms) AS forms) FROM persons)
        SELECT coalesce(sex, '_T'), coalesce(age_group, '_T'), '_T', '_T', {counts} FROM persons
            GROUP BY CUBE (sex, age_group)
        UNION ALL SELECT '_T', '_T', forms, '_T', {counts} FROM by_form GROUP BY forms
        UNION ALL SELECT '_T', '_T', '_T', in_year::VARCHAR, {counts} FROM persons GROUP BY in_year
        """,
        {"truth": str(truth)},
    ).fetchall()
    return {(row[0], row[1], row[2], row[3]): tuple(row[4:]) for row in rows}


def _account_counts(connection: duckdb.DuckDBPyConnection, cube: Path) -> dict[Cell, float | None]:
    """What the account says for each cell; None where it gives no exact figure."""
    rows = connection.execute(
        """
        SELECT sex, age, form, time_period, value FROM read_parquet($cube)
        WHERE measure = 'victims_detected' AND unit = 'PERSON' AND (
            indicator = 'victims_by_sex_age' OR (indicator = 'victims_by_form_sex_age' AND form <> '_T'))
        """,
        {"cube": str(cube)},
    ).fetchall()
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _estimates(connection: duckdb.DuckDBPyConnection, truth: Path, cube: Path) -> tuple[EstimateLine, ...]:
    """The estimates by sex and age over all years; those by form and year are not scored."""
    rows = connection.execute(
        """
        WITH estimates AS (
            SELECT sex, age, value, lower, upper FROM read_parquet($cube)
            WHERE indicator = 'victims_estimated' AND time_period = '_T' AND form = '_T'
        )
        SELECT any_value(e.sex), any_value(e.age), count(*), count_if(numbered), any_value(value), any_value(e.lower),
            any_value(e.upper)
        FROM estimates e JOIN read_parquet($truth) t
            ON t.victim AND e.sex IN ('_T', t.sex) AND e.age IN ('_T', t.age_group)
        GROUP BY e.sex, e.age ORDER BY e.sex DESC, e.age DESC
        """,
        {"cube": str(cube), "truth": str(truth)},
    ).fetchall()
    named = [(_label((sex, age, "_T", "_T")), *figures) for sex, age, *figures in rows]
    return tuple(EstimateLine(*line) for line in sorted(named, key=lambda line: line[0] != "all"))


def _cells(true: Mapping[Cell, object]) -> Iterable[Cell]:
    """The total, then sex by age, forms in the order of the code list, years."""
    sexes, ages = ("_T", *SEX_LABELS), ("_T", *AGE_LABELS)
    yield from ((sex, age, "_T", "_T") for sex in sexes for age in ages)
    yield from (("_T", "_T", form, "_T") for form in facts.FORMS)
    yield from sorted(cell for cell in true if cell[3] != "_T")


def _line(cell: Cell, true: tuple[int, ...], counted: float | None) -> ScoreLine:
    victims, detected, again, not_victims, quarantined = true
    account = None if counted is None else round(counted)
    return ScoreLine(_label(cell), victims, detected, account, again, not_victims, quarantined)


def _label(cell: Cell) -> str:
    sex, age, form, year = cell
    if form != "_T":
        return form.replace("_", " ")
    if year != "_T":
        return year
    words = [labels[code] for labels, code in ((SEX_LABELS, sex), (AGE_LABELS, age)) if code != "_T"]
    return ", ".join(words) or "all"
