"""Records numbered over all lists, and what joins them for certain: a number that two records share.

The decision a reader would question: two records of one list with the same ``record_id`` are one person, and so are two
records of any lists with the same ``person_key``; the relation is carried on (A with B by key, B with C by record
number: A, B and C are one). All work is done in DuckDB; rows never pass through Python.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from palermo.errors import UsageError
from palermo.intake.schema import CASES
from palermo.linkage.schema import PAIRS
from palermo.parts import part_files

SETTLED_WEIGHT = 100.0  # log2 odds of what is certain
ALL_PAIRS_OF = 20  # records of one number, up to which each is paired with each


def mark_by_identifier(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``joined``: (row_id, person_id) of every record that shares a person with another record.

    Persons are the connected parts of the graph in which records and identifiers are the nodes. Each step gives a
    record the least number found among the records that share one of its identifiers, until nothing changes; the
    number of steps is the length of the longest chain, which is one or two in practice.
    """
    _mark_identified(connection)
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


def key_pairs(files: Sequence[Path]) -> pa.Table:
    """The pairs (``PAIRS``) that shared numbers settle: all of each number; of one that many records have, each with
    the first of them, which joins them too."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"CREATE VIEW records AS {numbered_records(connection, files)}")
        _mark_identified(connection)
        found = connection.sql(
            f"""
            WITH ranked AS (
                SELECT row_id, identifier, row_number() OVER (PARTITION BY identifier ORDER BY row_id) AS place
                FROM identified
            )
            SELECT DISTINCT one.row_id AS "left", other.row_id AS "right", {SETTLED_WEIGHT} AS weight,
                1.0 AS probability, 1.0 AS calibrated, 'key' AS source, 'shared number' AS rule
            FROM ranked one JOIN ranked other USING (identifier)
            WHERE one.row_id < other.row_id AND (one.place = 1 OR other.place <= {ALL_PAIRS_OF}) ORDER BY ALL
            """
        ).to_arrow_table()
    return found.cast(PAIRS)


def _mark_identified(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``identified``: (row_id, identifier) of every identifier that several records have."""
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


def numbered_records(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """One SELECT over all files with ``row_id``, the number of the record over all files in the order given."""
    parts, offset = [], 1
    columns = ", ".join(f'"{name}"' for name in CASES.names)
    for file in (part for table in files for part in part_files(table)):
        if not file.is_file():
            raise UsageError(f"{file}: no such case table; run `palermo intake` first")
        reader = f"read_parquet({quoted(str(file))}, file_row_number = true)"
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


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
