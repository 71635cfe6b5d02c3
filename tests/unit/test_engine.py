"""Engines: which there are, what is said where one cannot run, and that cells come back alike."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo import engine, linkage_work
from palermo.engine import check_java, opened, plain, spark_path
from palermo.errors import PalermoError, UsageError
from palermo.parts import part_files, part_name
from palermo.settings import CLEAR, POLARS, SPARK, Linkage, Settings
from palermo.workspace import Workspace, find_workspace


def java_that_says(folder, words: str):
    """A made-up Java under ``folder`` that prints ``words`` when asked for its version."""
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{words}' >&2\n")
    program.chmod(0o755)
    return folder


def test_an_unknown_engine_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="'dask'; expected one of duckdb, polars, spark"), opened("dask"):
        pass


@pytest.mark.parametrize(("name", "package"), [(POLARS, "pip install polars"), (SPARK, r"palermo\[spark\]")])
def test_a_missing_package_is_named_with_what_to_install(monkeypatch, name, package):
    monkeypatch.setattr(engine, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=package), opened(name):
        pass


def test_java_that_is_nowhere_is_named_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match=r"has no bin/java.*Java 17 or newer.*openjdk-17.*JAVA_HOME"):
        check_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="no java on the search path"):
        check_java()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('java version "1.8.0_392"', "version 8"),
        ('openjdk version "11.0.21" 2023-10-17', "version 11"),
        ("no such option", "does not say its version"),
    ],
)
def test_an_old_or_strange_java_is_named(monkeypatch, tmp_path, words, found):
    monkeypatch.setenv("JAVA_HOME", str(java_that_says(tmp_path, words)))
    with pytest.raises(UsageError, match=f"{found}.*Java 17 or newer"):
        check_java()


@pytest.mark.parametrize("words", ['openjdk version "17.0.15" 2025-04-15', 'openjdk version "21" 2023-09-19'])
def test_a_java_that_is_new_enough_passes(monkeypatch, tmp_path, words):
    monkeypatch.setenv("JAVA_HOME", str(java_that_says(tmp_path, words)))
    assert check_java() is None


def test_spark_takes_no_sign_of_a_path_for_a_pattern(tmp_path):
    file = tmp_path / "a [1] {b}*?" / "x.parquet"
    assert spark_path(file) == "file://" + tmp_path.resolve().as_posix() + r"/a \[1\] \{b\}\*\?/x.parquet"


def test_cells_have_the_same_types_whatever_the_engine_gives():
    table = pa.table(
        {
            "text": pa.array(["a"], pa.large_string()),
            "view": pa.array(["a"], pa.string_view()),
            "codes": pa.array([["a"]], pa.large_list(pa.large_string())),
            "coded": pa.array(["a"]).dictionary_encode(),
            "n": pa.array([1], pa.uint32()),
            "year": pa.array([2020], pa.int16()),
            "value": pa.array([0.5]),
            "adult": pa.array([True]),
        }
    )
    made = plain(table)
    kinds = [pa.string(), pa.string(), pa.list_(pa.string()), pa.string(), pa.int64(), pa.int64()]
    assert made.schema.types == [*kinds, pa.float64(), pa.bool_()]
    assert made.to_pylist() == table.to_pylist()


def test_a_grouping_that_is_none_is_refused(monkeypatch, tmp_path):
    pq.write_table(pa.table({"record_id": [str(number) for number in range(9)]}), tmp_path / "x.parquet")
    monkeypatch.setattr(engine, "MOST_CELLS", 8)
    with opened() as one:
        grouped = one.read([tmp_path / "x.parquet"]).group_by("record_id").agg(nw.len().alias("n"))
        with pytest.raises(PalermoError, match="record_id, n gives more than 8 cells"):
            one.cells(grouped)


def test_part_files_stand_in_the_order_of_their_rows(tmp_path):
    folder = tmp_path / "list.cases.parquet"
    folder.mkdir()
    for number in (10, 2, 0):
        (folder / part_name(number)).touch()
    (folder / "_SUCCESS").touch()  # Spark leaves one
    assert [file.name for file in part_files(folder)] == [part_name(number) for number in (0, 2, 10)]
    assert part_files(tmp_path / "one.parquet") == [tmp_path / "one.parquet"]


def test_the_settings_name_the_engine_and_the_command_goes_before(tmp_path):
    file = tmp_path / "palermo.toml"
    file.write_text('engine = "polars"\n[account]\narea = "DEU"\n')
    assert find_workspace(tmp_path).settings.engine == "polars"
    assert find_workspace(tmp_path, "spark").settings.engine == "spark"
    with pytest.raises(UsageError, match="--engine dask: expected one of duckdb, polars, spark"):
        find_workspace(tmp_path, "dask")
    file.write_text('engine = "dask"\n[account]\narea = "DEU"\n')
    with pytest.raises(UsageError, match="engine: found 'dask', expected duckdb or polars or spark"):
        find_workspace(tmp_path)
    file.write_text('[account]\narea = "DEU"\n')
    assert find_workspace(tmp_path).settings.engine == "duckdb"


def test_no_engine_but_the_chosen_one_is_loaded():
    code = "import sys, palermo.engine; sys.exit(bool({'pyspark', 'polars'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def session(monkeypatch):
    """``session(**environment)``: the settings of a session made in that environment."""
    for name in engine.CLUSTER:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(engine, "import_module", lambda _: SimpleNamespace(similarity_jar_location=lambda: "a.jar"))

    def made(**environment: str) -> dict[str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        builder = MagicMock()
        builder.config.return_value = builder
        engine._session(builder, "scratch")
        return dict(call.args for call in builder.config.call_args_list)

    return made


def test_spark_without_a_cluster_stays_on_this_machine_and_spills_where_others_cannot_read(session):
    found = session()
    assert found["spark.master"] == "local[*]"
    assert found["spark.driver.host"] == found["spark.driver.bindAddress"] == "127.0.0.1"
    assert found["spark.ui.enabled"] == "false"
    assert found["spark.local.dir"] == "scratch"
    assert Path(engine._scratch().name).stat().st_mode & 0o777 == 0o700
    assert engine._scratch() is engine._scratch()


@pytest.mark.parametrize("name", sorted(engine.CLUSTER))
def test_a_cluster_that_is_named_is_left_as_it_is(session, name):
    found = session(**{name: "made-up"})
    assert not {"spark.master", "spark.driver.host", "spark.local.dir"} & found.keys()
    assert found["spark.jars"] == "a.jar"


def test_the_engine_of_the_workspace_reaches_the_comparison_of_records(monkeypatch, tmp_path):
    asked = []

    def stopped(lists, settings, closed, progress, engine):
        asked.append(engine)
        raise PalermoError("stopped here")

    monkeypatch.setattr(linkage_work, "find_pairs", stopped)
    monkeypatch.setattr(linkage_work, "method_of", lambda *_: CLEAR)
    settings = Settings("made up", "DEU", (), linkage=Linkage(method=CLEAR), engine=SPARK)
    work = linkage_work.LinkageWork(Workspace(tmp_path, settings), [])
    with pytest.raises(PalermoError, match="stopped here"):
        work.find(lambda *_: None)
    assert asked == [SPARK]
    assert work.read_for_pairs()["on_spark"] is True
