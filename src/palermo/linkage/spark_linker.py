"""Comparing records on Spark: Splink gets the records there, and its tables come back under the same names.

The decision a reader would question: Spark learns the words of DuckDB that the comparisons use, instead of every
condition being written twice. So one model file serves both. Learning, blocks, limits and what blocking loses stay in
DuckDB, which holds the records anyway; only what is asked of every pair of records is asked in Spark.
"""

import logging
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import duckdb
from splink import Linker, SettingsCreator

from palermo.linkage.blocking import RECORDS

_JARO_WINKLER = "uk.gov.moj.dash.linkage.JaroWinklerSimilarity"  # in the jar that comes with Splink
_LARGEST = 2**63 - 1  # Spark has no unsigned numbers
_FUNCTIONS = (
    "starts_with(a STRING, b STRING) RETURNS BOOLEAN RETURN startswith(a, b)",
    "hamming(a STRING, b STRING) RETURNS INT RETURN "
    "aggregate(sequence(1, length(a)), 0, (n, i) -> n + if(substr(a, i, 1) = substr(b, i, 1), 0, 1))",
)


def spark_linker(connection: duckdb.DuckDBPyConnection, settings: Mapping[str, Any]) -> Linker:
    """Splink on the records of ``connection``, handed over to the Spark session that is open."""
    session = import_module("pyspark.sql").SparkSession.getActiveSession()
    database = import_module("splink.backends.spark").SparkAPI(spark_session=session, break_lineage_method="persist")
    double = import_module("pyspark.sql.types").DoubleType()
    for name in ("jaro_winkler_similarity", "jarowinkler_similarity"):  # the second is how sqlglot writes the first
        session.udf.registerJavaFunction(name, _JARO_WINKLER, double)
    for function in _FUNCTIONS:
        session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")
    session.createDataFrame(_signed(connection)).persist().createOrReplaceTempView(RECORDS)
    creator = SettingsCreator.from_path_or_dict(dict(settings))
    return Linker(database.register(RECORDS), creator, log_level=logging.ERROR)


def _signed(connection: duckdb.DuckDBPyConnection) -> Any:
    """The records as Arrow. Keys are hashes of 64 bits: folding them makes two equal once in 2^63 pairs."""
    names = [str(row[0]) for row in connection.execute(f"DESCRIBE {RECORDS}").fetchall()]
    keys = ", ".join(f"({name} % {_LARGEST})::BIGINT AS {name}" for name in names if name.startswith("key_"))
    return connection.sql(f"SELECT *{f' REPLACE ({keys})' if keys else ''} FROM {RECORDS}").to_arrow_table()


def brought_back(connection: duckdb.DuckDBPyConnection, table: Any) -> None:
    """Put a table of Splink's into ``connection`` under the same name."""
    rows = table.as_pyarrow_table()
    connection.register("palermo_from_spark", rows)
    connection.execute(f"CREATE OR REPLACE TABLE {table.physical_name} AS FROM palermo_from_spark")
    connection.unregister("palermo_from_spark")
