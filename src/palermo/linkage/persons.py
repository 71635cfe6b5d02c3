"""From records to persons: records that share an identifier are joined into one row per person.

The decision a reader would question: one table, memberships, says which records are one person, however that was found.
Without it the records are joined by the numbers they share and by nothing else; everyone else then stands alone, so
where lists share no numbers a person held by several lists is counted several times, and ``PersonsResult`` says how
many records had none. All work is done in DuckDB, and tables larger than memory stream or spill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from palermo.errors import UsageError
from palermo.linkage.alone import write_alone
from palermo.linkage.identifiers import mark_by_identifier, numbered_records, quoted
from palermo.linkage.resolution import resolved_sql
from palermo.rounded_words import about
from palermo.whole_files import whole

KEYS = "keys"  # joined by shared numbers alone


@dataclass(frozen=True)
class PersonsResult:
    """What linkage did. ``records`` = all records read; ``joined`` = records beyond the first of their person.

    ``method`` is how persons were found: by numbers (keys), or by names too (clear, encodings). ``unrecognised`` are
    the records by which nobody could be found on another list: without a number and, where names count, a name.
    """

    persons: int
    records: int
    joined: int
    without_key: int
    with_conflicts: int
    lists: tuple[str, ...]
    method: str = KEYS
    unrecognised: int | None = None

    def notes(self) -> tuple[str, ...]:
        """Sentences for the account. They are published, so numbers of persons are rounded to tens."""
        notes = [f"{about(self.records)} records are {about(self.persons)} persons."]
        alone = self.without_key if self.unrecognised is None else self.unrecognised
        lack = "no key shared with" if self.method == KEYS else "neither a name nor a number known to"
        if alone and len(self.lists) > 1:
            notes.append(
                f"{about(alone)} records carry {lack} other lists: a person whom several lists "
                "hold may be counted more than once."
            )
        if self.with_conflicts:
            notes.append(f"{about(self.with_conflicts)} persons have records that disagree.")
        return tuple(note[0].upper() + note[1:] for note in notes)


def build_persons(case_files: Sequence[Path], out: Path, memberships: Path | None = None) -> PersonsResult:
    """Write the persons table (``PERSONS``, Parquet) made from case tables (``CASES``), whole or not at all.

    ``memberships`` (``MEMBERSHIPS``, Parquet) must number the records of the files in the order given; without it
    records are joined by shared numbers. ``person_id`` is the number of the person's first record over all files,
    counting from 1. Raises ``UsageError`` where a file is missing or lacks columns of ``CASES``.
    """
    if not case_files:
        raise UsageError("no case tables to link; run `palermo intake` first")
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = out.with_name(f".{out.name}.scratch")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET temp_directory = {quoted(str(scratch))}")
        with whole(out) as part:
            result = _build(connection, case_files, part, memberships)
    return result


def _build(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], part: Path, memberships: Path | None
) -> PersonsResult:
    connection.execute(f"CREATE VIEW records AS {numbered_records(connection, files)}")
    records, keyed, named, lists = _one_row(
        connection,
        "SELECT count(*), count(person_key), count_if(record_id <> source_row::VARCHAR), "
        "list_sort(list(DISTINCT list)) FROM records",
    )
    numbered = named == 0 and len(lists) == len(files)  # rows that intake itself has numbered, each list apart
    if memberships is None and keyed == 0 and (numbered or _all_differ(connection, records)):
        persons, conflicts = write_alone(files, part), 0
    else:
        if memberships is None:
            mark_by_identifier(connection)
        else:
            _mark_members(connection, memberships)
        query = resolved_sql("records", "joined")
        connection.execute(f"COPY ({query}) TO {quoted(str(part))} (FORMAT parquet, COMPRESSION snappy)")
        persons, conflicts = _one_row(
            connection, f"SELECT count(*), count_if(len(conflicts) > 0) FROM read_parquet({quoted(str(part))})"
        )
    return PersonsResult(
        persons=persons,
        records=records,
        joined=records - persons,
        without_key=records - keyed,
        with_conflicts=conflicts,
        lists=tuple(lists or ()),
    )


def _mark_members(connection: duckdb.DuckDBPyConnection, memberships: Path) -> None:
    """Make ``joined``: (row_id, person_id) of every record that shares a person with another record."""
    connection.execute(
        """
        CREATE TEMP TABLE joined AS
        SELECT row_id, person_id FROM read_parquet($memberships)
        QUALIFY count(*) OVER (PARTITION BY person_id) > 1
        """,
        {"memberships": str(memberships)},
    )


def _all_differ(connection: duckdb.DuckDBPyConnection, records: int) -> bool:
    """Whether no two records have the same list and identifier.

    Distinct hashes prove distinct identifiers; equal hashes only ask for the exact way, which finds the same answer.
    """
    (distinct,) = _one_row(connection, "SELECT count(DISTINCT hash(list, record_id)) FROM records")
    return bool(distinct == records)


def _one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None  # an aggregate without GROUP BY always has one row
    return row
