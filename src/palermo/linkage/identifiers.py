"""Records numbered over all lists, and what joins them for certain: a number that two records share.

The decision a reader would question: two records of one list with the same ``record_id`` are one person, and so are two
records of any lists with the same ``person_key``; the relation is carried on (A with B by key, B with C by record
number: A, B and C are one). All work is done in DuckDB; rows never pass through Python.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from palermo.errors import UsageError
from palermo.intake.schema import CASES


def mark_by_identifier(connection: duckdb.DuckDBPyConnection) -> None:
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


def numbered_records(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """One SELECT over all files with ``row_id``, the number of the record over all files in the order given."""
    parts, offset = [], 1
    columns = ", ".join(f'"{name}"' for name in CASES.names)
    for file in files:
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
