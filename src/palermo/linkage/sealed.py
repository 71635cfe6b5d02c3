"""Persons under seal taken out of the tables that are counted, with all their records, on whatever list these stand.

The decision a reader would question: what is counted by default are the tables WITHOUT them. Whoever writes another
table from persons or cases leaves them out without having to think of it; the one figure that counts them asks for
them by name (``palermo.account.sealed``). All files are for their owner alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from palermo.errors import UsageError
from palermo.linkage.identifiers import mark_by_identifier, numbered_records, quoted
from palermo.private_files import private_part, write_private_text

_SHORT_NUMBER = re.compile(r"\d{1,8}|.{1,5}")  # stands in tables by chance, so nothing follows from finding it


@dataclass(frozen=True)
class Parted:
    """The tables without the sealed persons, those persons, and how many records of each list were taken out."""

    persons: Path
    sealed: Path
    cases: tuple[Path, ...]
    strings: Path | None  # what must stand in no release, one a line; None where there is nothing long enough
    left_out: Mapping[str, int]
    counts: Mapping[str, int]  # of the persons left: as in ``PersonsResult``


def part_sealed(
    cases: Sequence[Path], persons: Path, marks: pa.Table, memberships: Path | None, folder: Path
) -> Parted:
    """Write the parted tables into ``folder``. ``marks`` (``SEALED``) says which records are under seal.

    ``memberships`` says which records are one person, as linkage found it; without it shared numbers do. Raises
    ``UsageError`` where a mark names no record, because a typing error would leave a person unprotected.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE records AS {numbered_records(connection, cases)}")
        connection.register("marks", marks)
        _check(connection)
        if memberships is None:
            mark_by_identifier(connection)
        else:
            connection.execute(
                f"CREATE TEMP TABLE joined AS SELECT row_id, person_id FROM read_parquet({quoted(str(memberships))})"
            )
        connection.execute(
            """
            CREATE TEMP TABLE members AS
            SELECT records.row_id, list, record_id, person_key, coalesce(person_id, records.row_id) AS person_id
            FROM records LEFT JOIN joined ON joined.row_id = records.row_id;
            CREATE TEMP TABLE under_seal AS
            SELECT DISTINCT person_id FROM members SEMI JOIN marks USING (list, record_id);
            CREATE TEMP TABLE gone AS FROM members SEMI JOIN under_seal USING (person_id);
            """
        )
        people = f"FROM read_parquet({quoted(str(persons))})"
        left, apart = folder / persons.name, folder / "under-seal.parquet"
        _copy(connection, f"{people} ANTI JOIN under_seal USING (person_id) ORDER BY person_id", left)
        _copy(connection, f"{people} SEMI JOIN under_seal USING (person_id) ORDER BY person_id", apart)
        parts = [folder / file.name for file in cases]
        rows = "SELECT * EXCLUDE row_id FROM records ANTI JOIN gone USING (row_id)"
        for file, part in zip(cases, parts, strict=True):
            _copy(connection, f"{rows} WHERE list = {quoted(_list(file))} ORDER BY row_id", part)
        left_out = dict(connection.execute("SELECT list, count(*) FROM gone GROUP BY list ORDER BY list").fetchall())
        strings = _strings(connection, folder / "search.txt")
        counts = _counts(connection, left)
    return Parted(left, apart, tuple(parts), strings, left_out, counts)


def _list(file: Path) -> str:
    return file.name.removesuffix(".cases.parquet")


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    absent = connection.execute(
        "SELECT list, source_row FROM marks ANTI JOIN records USING (list, record_id) ORDER BY ALL LIMIT 1"
    ).fetchone()
    if absent is not None:
        raise UsageError(
            f"persons under seal: row {absent[1]} names a record of list {absent[0]!r} that is not among its accepted "
            "records. A person of whom the seal is not found would be counted everywhere. Correct the row; a record "
            "in quarantine is not counted, and its row can be taken out"
        )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    with private_part(path) as part:
        written = "FORMAT parquet, COMPRESSION snappy, USE_TMP_FILE false"  # no other file takes its place and mode
        connection.execute(f"COPY ({query}) TO {quoted(str(part))} ({written})")


def _strings(connection: duckdb.DuckDBPyConnection, path: Path) -> Path | None:
    """Write the numbers of the sealed persons that could not stand in a release by chance."""
    found = connection.execute("SELECT record_id FROM gone UNION SELECT person_key FROM gone ORDER BY 1").fetchall()
    texts = [text for (text,) in found if text and not _SHORT_NUMBER.fullmatch(text) and not text.startswith("row ")]
    if not texts:
        path.unlink(missing_ok=True)
        return None
    write_private_text("".join(f"{text}\n" for text in texts), path)
    return path


def _counts(connection: duckdb.DuckDBPyConnection, persons: Path) -> dict[str, int]:
    row = connection.execute(
        f"SELECT count(*), count_if(len(conflicts) > 0) FROM read_parquet({quoted(str(persons))})"
    ).fetchone()
    kept = connection.execute(
        "SELECT count(*), count_if(person_key IS NULL) FROM records ANTI JOIN gone USING (row_id)"
    )
    records = kept.fetchone()
    assert row is not None and records is not None  # an aggregate always has one row
    return {
        "persons": row[0],
        "records": records[0],
        "joined": records[0] - row[0],
        "without_key": records[1],
        "with_conflicts": row[1],
    }
