"""Where rows are grouped: DuckDB in this process, Polars, or Apache Spark. One lazy code path runs on each of them.

The contract: a stage describes its grouping on a Narwhals lazy frame, the engine does it, and only cells come back, as
Arrow. The decision a reader would question: more than ``MOST_CELLS`` are refused instead of waited for. A table of that
size was not grouped, and the point of an engine is that rows stay where they are.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa

from palermo.errors import PalermoError, UsageError
from palermo.parts import part_files
from palermo.settings import DUCKDB, ENGINES, POLARS, SPARK

MOST_CELLS = 20_000_000
JAVA_LEAST = 17  # Spark 4: https://spark.apache.org/docs/4.0.0/, "Spark runs on Java 17/21"
# Environment variables by which people tell Spark of their cluster.
CLUSTER = {"SPARK_REMOTE", "SPARK_CONF_DIR", "SPARK_HOME", "MASTER", "PYSPARK_SUBMIT_ARGS", "PYSPARK_GATEWAY_PORT"}
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
_NEEDS_JAVA = (
    f"Spark needs Java {JAVA_LEAST} or newer. Install one (Debian: apt install openjdk-17-jre-headless; elsewhere: "
    'https://adoptium.net) or set JAVA_HOME to it, or count with engine = "duckdb"'
)


@dataclass(frozen=True)
class Engine:
    """An open engine. ``scan`` makes its own lazy frame of Parquet files."""

    name: str
    scan: Callable[[Sequence[Path]], Any]

    def read(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        """The rows of Parquet tables, each a file or a folder of part files, as one lazy frame."""
        parts = [part for file in files for part in part_files(file)]
        frame: nw.LazyFrame[Any] = nw.from_native(self.scan(parts)).lazy()
        return frame

    def cells(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        """Do what the frame says and bring the cells back, with the same Arrow types from every engine.

        Raises ``PalermoError`` where there are more than ``MOST_CELLS``.
        """
        table = plain(frame.head(MOST_CELLS + 1).collect("pyarrow").to_native())
        if table.num_rows > MOST_CELLS:
            raise PalermoError(
                f"grouping by {', '.join(table.column_names)} gives more than {MOST_CELLS:,} cells; a column holds far "
                "more different values than its code list. Look at the quality reports of intake"
            )
        return table


@contextmanager
def opened(name: str = DUCKDB) -> Iterator[Engine]:
    """An engine by name, closed on leaving. Raises ``UsageError`` where it is unknown or cannot run here."""
    openers = {DUCKDB: _duckdb, POLARS: _polars, SPARK: _spark}
    if name not in openers:
        raise UsageError(f"engine {name!r}; expected one of {', '.join(ENGINES)}")
    with openers[name]() as engine:
        yield engine


@contextmanager
def _duckdb() -> Iterator[Engine]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET preserve_insertion_order = false")
        yield Engine(DUCKDB, lambda files: connection.read_parquet([str(file) for file in files]))


@contextmanager
def _polars() -> Iterator[Engine]:
    if find_spec("polars") is None:
        raise UsageError('engine "polars" is not installed: pip install polars, or count with engine = "duckdb"')
    polars: Any = import_module("polars")
    yield Engine(POLARS, lambda files: polars.scan_parquet(list(files), glob=False))


@contextmanager
def _spark() -> Iterator[Engine]:
    if find_spec("pyspark") is None:
        raise UsageError(
            'engine "spark" is not installed: pip install \'palermo[spark]\', or count with engine = "duckdb"'
        )
    if "SPARK_REMOTE" not in os.environ:  # a client of Spark Connect needs no Java
        check_java()
    sessions: Any = import_module("pyspark.sql").SparkSession
    running = sessions.getActiveSession()
    session = running or _session(sessions.builder, _scratch().name)
    try:
        yield Engine(SPARK, lambda files: session.read.parquet(*[spark_path(file) for file in files]))
    finally:
        if running is None:
            session.stop()


@cache
def _scratch() -> "TemporaryDirectory[str]":
    """A folder closed to others until the process ends, as the Java machine does not end before."""
    return TemporaryDirectory(prefix="palermo-spark-", ignore_cleanup_errors=True)


def _session(builder: Any, scratch: str) -> Any:
    """A session of the cluster that Spark's own settings name; of this machine alone where they name none.

    ``scratch`` is a folder closed to others. What Spark spills holds rows, names among them, and Spark closes nothing.
    """
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}  # opens no page, prints no bar
    settings["spark.jars"] = import_module("splink.backends.spark").similarity_jar_location()  # to compare names
    if not CLUSTER.intersection(os.environ):
        settings |= {"spark.master": "local[*]", "spark.sql.shuffle.partitions": "8", **_LOOPBACK}
        settings |= {"spark.local.dir": scratch, "spark.sql.warehouse.dir": scratch}
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.appName("palermo").getOrCreate()
    if "SPARK_REMOTE" not in os.environ:
        session.sparkContext.setLogLevel("ERROR")  # its warnings are for those who run clusters
    return session


def check_java() -> None:
    """Raise ``UsageError``, saying what to do, where Java is missing or too old for Spark."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if java is None:
        where = f"JAVA_HOME ({home}) has no bin/java" if home else "no java on the search path"
        raise UsageError(f'engine "spark": {where}. {_NEEDS_JAVA}')
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    if found is None or int(found[1]) < JAVA_LEAST:
        version = f"is version {found[1]}" if found else "does not say its version"
        raise UsageError(f'engine "spark": {java} {version}. {_NEEDS_JAVA}')


def spark_path(file: Path) -> str:
    """The path as Spark reads it: on a file system that every machine has mounted, with no sign meant as a pattern."""
    return "file://" + re.sub(r"([\\{}\[\]*?])", r"\\\1", file.resolve().as_posix())


def plain(table: pa.Table) -> pa.Table:
    """The table with plain text and lists, whatever width or view the engine uses, and whole numbers of one width."""
    return table.cast(pa.schema([(field.name, _plain_type(field.type)) for field in table.schema]))


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_plain_type(kind.value_type))
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_dictionary(kind):
        return pa.string()
    return pa.int64() if pa.types.is_integer(kind) else kind
