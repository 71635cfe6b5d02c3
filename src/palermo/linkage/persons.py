"""From records to persons: records that share an identifier are joined into one row per person.

First form of linkage, by identifiers alone: two records of one list with the same ``record_id`` are one person, and so
are two records of any lists with the same ``person_key``; the relation is carried on (A with B by key, B with C by
record number: A, B and C are one). Everyone else stands alone, so where lists share no keys a person held by several
lists is counted several times: ``PersonsResult`` says how many records had no key. All work is done in DuckDB; rows
never pass through Python, and tables larger than memory stream or spill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from palermo.errors import UsageError
from palermo.intake.schema import CASES
from palermo.linkage.alone import write_alone
from palermo.linkage.resolution import resolved_sql
from palermo.rounded_words import about


@dataclass(frozen=True)
class PersonsResult:
    """What linkage did. ``records`` = all records read; ``joined`` = records beyond the first of their person."""

    persons: int
    records: int
    joined: int
    without_key: int
    with_conflicts: int
    lists: tuple[str, ...]

    def notes(self) -> tuple[str, ...]:
        """Sentences for the account. They are published, so numbers of persons are rounded to tens."""
        notes = [f"{about(self.records)} records are {about(self.persons)} persons."]
        if self.without_key and len(self.lists) > 1:
            notes.append(
                f"{about(self.without_key)} records carry no key shared with other lists: a person whom several lists "
                "hold may be counted more than once."
            )
        if self.with_conflicts:
            notes.append(f"{about(self.with_conflicts)} persons have records that disagree.")
        return tuple(note[0].upper() + note[1:] for note in notes)


def build_persons(case_files: Sequence[Path], out: Path) -> PersonsResult:
    """Write the persons table (``PERSONS``, Parquet) made from case tables (``CASES``), whole or not at all.

    ``person_id`` is the number of the person's first record over all files in the order given, counting from 1.
    Raises ``UsageError`` where a file is missing or lacks columns of ``CASES``.
    """
    if not case_files:
        raise UsageError("no case tables to link; run `palermo intake` first")
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    scratch = out.with_name(f".{out.name}.scratch")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET temp_directory = {_quoted(str(scratch))}")
        try:
            return _build(connection, case_files, part, out)
        finally:
            part.unlink(missing_ok=True)


def _build(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], part: Path, out: Path) -> PersonsResult:
    connection.execute(f"CREATE VIEW records AS {_union_of(connection, files)}")
    records, keyed, named, lists = _one_row(
        connection,
        "SELECT count(*), count(person_key), count_if(record_id <> source_row::VARCHAR), "
        "list_sort(list(DISTINCT list)) FROM records",
    )
    numbered = named == 0 and len(lists) == len(files)  # rows that intake itself has numbered, each list apart
    if keyed == 0 and (numbered or _all_differ(connection, records)):
        persons, conflicts = write_alone(files, part), 0
    else:
        _mark_persons(connection)
        query = resolved_sql("records", "joined")
        connection.execute(f"COPY ({query}) TO {_quoted(str(part))} (FORMAT parquet, COMPRESSION snappy)")
        persons, conflicts = _one_row(
            connection, f"SELECT count(*), count_if(len(conflicts) > 0) FROM read_parquet({_quoted(str(part))})"
        )
    part.replace(out)
    return PersonsResult(
        persons=persons,
        records=records,
        joined=records - persons,
        without_key=records - keyed,
        with_conflicts=conflicts,
        lists=tuple(lists or ()),
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


def _mark_persons(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``joined``: (row_id, person_id) of every record that shares a person with another record.

    Persons are the connected parts of the graph in which records and identifiers are the nodes. Each step gives a
    record the least number found among the records that share one of its identifiers, until nothing changes; the
    number of steps is the length of the longest chain, which is one or two in practice.
    """
    connection.execute(
        """
        CREATE TEMP TABLE identified AS
        WITH identifiers AS (
            SELECT row_id, 'record' || chr(31) || list || chr(31) || record_id AS identifier FROM records
            UNION ALL
            SELECT row_id, 'person' || chr(31) || person_key FROM records WHERE person_key IS NOT NULL
        ),
        candidates AS (  -- by hash first, as the texts of all identifiers may not fit in memory
            SELECT hash(identifier) AS code FROM identifiers GROUP BY code HAVING count(*) > 1
        )
        SELECT row_id, identifier FROM identifiers WHERE hash(identifier) IN (FROM candidates)
        """
    )
    connection.execute("CREATE TEMP TABLE joined AS SELECT DISTINCT row_id, row_id AS person_id FROM identified")
    while True:
        connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE next AS
            WITH least AS (
                SELECT identifier, min(person_id) AS person_id FROM identified JOIN joined USING (row_id) GROUP BY ALL
            )
            SELECT row_id, min(least.person_id) AS person_id
            FROM identified JOIN least USING (identifier) GROUP BY row_id
            """
        )
        changed = connection.execute(
            "SELECT count(*) FROM next JOIN joined USING (row_id) WHERE next.person_id <> joined.person_id"
        ).fetchone()
        connection.execute("CREATE OR REPLACE TEMP TABLE joined AS FROM next")
        if changed == (0,):
            return


def _union_of(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """One SELECT over all files with ``row_id``, the number of the record over all files in the order given."""
    parts, offset = [], 1
    columns = ", ".join(f'"{name}"' for name in CASES.names)
    for file in files:
        if not file.is_file():
            raise UsageError(f"{file}: no such case table; run `palermo intake` first")
        reader = f"read_parquet({_quoted(str(file))}, file_row_number = true)"
        try:
            found = connection.execute(f"SELECT count(*) FROM {reader}").fetchone()
            names = set(connection.sql(f"FROM {reader}").columns)
        except duckdb.Error as error:
            raise UsageError(f"{file}: not a readable Parquet file ({error}); run `palermo intake` again") from None
        if missing := [name for name in CASES.names if name not in names]:
            raise UsageError(f"{file}: lacks the columns {', '.join(missing)}; run `palermo intake` again")
        parts.append(f"SELECT {columns}, file_row_number + {offset} AS row_id FROM {reader}")
        assert found is not None
        offset += found[0]
    return " UNION ALL ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
