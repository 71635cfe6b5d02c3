"""From persons to capture tables: who of the persons could have been found on several lists, and in which group.

The decision a reader would question: a record without an identifier shared by the lists, and where linkage compares
names without a name, is left out of the estimate. It
could never meet its twin on another list, so its person would look like one whom one list alone saw, and every such
person pushes the number of those unseen up: on the demo country, keeping them doubles the estimate. A list less its
unjoinable records is still a list, only a shorter one. Persons who never get an identifier are in no estimate.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from palermo.codes import ages
from palermo.hidden.capture import CaptureTable
from palermo.hidden.links import Links
from palermo.parts import part_files

UNKNOWN = frozenset({"_U", "_N"})
SEVERAL = "_M"


@dataclass(frozen=True)
class Person:
    """What an estimate needs of one person. ``sex`` and ``age`` are None where unknown."""

    lists: frozenset[str]
    joinable: bool
    year: int | None
    sex: str | None
    age: str | None
    forms: frozenset[str]


@dataclass(frozen=True)
class Held:
    """What a list holds: its records, and those of them by which a person can be recognised on other lists."""

    name: str
    records: int
    keyed: int

    @property
    def share(self) -> float:
        """The share of the records that can be joined."""
        return self.keyed / self.records if self.records else 0.0


def lists_held(cases: Sequence[Path], links: Links | None = None) -> list[Held]:
    """The lists of the case tables by name; with ``links`` records are recognised by names too."""
    files, known = [str(part) for file in cases for part in part_files(file)], "person_key IS NOT NULL"
    if links is not None:
        files, known = [str(links.records)], "comparable"
    with duckdb.connect(":memory:") as connection:
        found = connection.execute(
            f"SELECT list, count(*), count_if({known}) FROM read_parquet($files) GROUP BY list ORDER BY list",
            {"files": files},
        ).fetchall()
    return [Held(*row) for row in found]


def read_people(
    persons: Path, cases: Sequence[Path], child_in_doubt: bool, links: Links | None = None
) -> list[tuple[Person, int]]:
    """The victims of the persons table, those alike together with their number.

    ``cases`` must be in the order in which linkage read them: ``person_id`` is the number of the person's first record.
    A person is joinable who is on two lists or more, or one of whose records in her only list has an identifier (with
    ``links``: a name or an identifier).
    """
    with duckdb.connect(":memory:") as connection:
        if links is None:
            connection.execute(f"CREATE VIEW records AS {_numbered(connection, cases)}")
        else:
            connection.execute(f"CREATE VIEW records AS {_compared(links)}")
        rows = connection.execute(
            """
            WITH keyed AS (SELECT DISTINCT list, record_id FROM records WHERE comparable),
            first AS (
                SELECT row_id, keyed.record_id IS NOT NULL AS has_key
                FROM records LEFT JOIN keyed USING (list, record_id)
            )
            SELECT list_sort(list_distinct(lists)), len(list_distinct(lists)) > 1 OR has_key, year, sex, age, age_band,
                list_sort(list_distinct(forms)), count(*)
            FROM read_parquet($persons) JOIN first ON row_id = person_id
            WHERE status IS DISTINCT FROM 'not_victim'
            GROUP BY ALL ORDER BY ALL
            """,
            {"persons": str(persons)},
        ).fetchall()
    return [(_person(row, child_in_doubt), row[-1]) for row in rows]


def counted_persons(
    persons: Path, years: tuple[int, int] | None, *, unknown_too: bool
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The numbers of the victims of these years; ``unknown_too``: with those of whom no year is known."""
    first, last = years or (0, 9999)
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            """
            SELECT person_id FROM read_parquet($persons)
            WHERE status IS DISTINCT FROM 'not_victim' AND coalesce(year BETWEEN $first AND $last, $unknown)
            ORDER BY person_id
            """,
            {"persons": str(persons), "first": first, "last": last, "unknown": unknown_too},
        ).fetchall()
    return np.array([number for (number,) in rows], np.int64)


def _numbered(connection: duckdb.DuckDBPyConnection, cases: Sequence[Path]) -> str:
    parts, offset = [], 1
    for file in (part for table in cases for part in part_files(table)):
        reader = "read_parquet('" + str(file).replace("'", "''") + "', file_row_number = true)"
        columns = f"list, record_id, person_key IS NOT NULL AS comparable, file_row_number + {offset} AS row_id"
        parts.append(f"SELECT {columns} FROM {reader}")
        counted = connection.execute(f"SELECT count(*) FROM {reader}").fetchone()
        assert counted is not None  # an aggregate always has one row
        offset += counted[0]
    return " UNION ALL ".join(parts)


def _compared(links: Links) -> str:
    file = str(links.records).replace("'", "''")
    return f"SELECT list, record_id, comparable, row_id FROM read_parquet('{file}')"


def _person(row: tuple[Any, ...], child_in_doubt: bool) -> Person:
    lists, joinable, year, sex, age, band, forms, _ = row
    group = age_group(age, band or "_U")
    if group == "_U" and child_in_doubt:
        group = ages.CHILD
    return Person(
        lists=frozenset(lists),
        joinable=bool(joinable),
        year=year,
        sex=None if sex in UNKNOWN else sex,
        age=None if group in UNKNOWN else group,
        forms=frozenset(forms or ()) - UNKNOWN,
    )


@cache
def age_group(age: int | None, band: str) -> str:
    """Child or adult: the age in years where it is known, else the band, as in the account."""
    if age is not None:
        return ages.ADULT if age >= 18 else ages.CHILD
    return ages.age_group(band)


def capture_table(
    people: Sequence[tuple[Person, int]], lists: tuple[str, ...], form: str | None = None
) -> CaptureTable:
    """Histories of the joinable persons by sex and age, or by whether they suffered ``form`` (yes, no, unknown)."""
    counted: Counter[tuple[int, tuple[str | None, ...]]] = Counter()
    for person, number in people:
        history = sum(1 << bit for bit, name in enumerate(lists) if name in person.lists)
        if history and person.joinable:
            values = (person.sex, person.age) if form is None else (_has(person, form),)
            counted[history, values] += number
    keys = sorted(counted, key=lambda key: (key[0], tuple(value or "~" for value in key[1])))
    names = ("sex", "age") if form is None else ("form",)
    return CaptureTable(
        lists=lists,
        histories=np.array([key[0] for key in keys], np.int64),
        counts=np.array([counted[key] for key in keys], np.int64),
        covariates={name: tuple(key[1][place] for key in keys) for place, name in enumerate(names)},
        name="persons",
    )


def form_of(person: Person, mixed: bool) -> frozenset[str]:
    """The codes of form under which a person counts; several forms are one code of their own by the rule ``mixed``."""
    return frozenset({SEVERAL}) if mixed and len(person.forms) > 1 else person.forms


def _has(person: Person, form: str) -> str | None:
    if not person.forms:
        return None
    held = len(person.forms) > 1 if form == SEVERAL else form in person.forms
    return "yes" if held else "no"
