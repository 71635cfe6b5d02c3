"""Linking in clear: prepared records in, scored pairs out, with the model kept for the next month.

Splink on DuckDB scores the pairs; this module only says which pairs, and turns its table into ours. The one decision
a reader would question: the share of true pairs is learnt once more from all scored pairs, because the share that
training blocks suggest can be off by a factor of ten, and every probability hangs on it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from splink import Linker

from palermo.engine import opened
from palermo.linkage.blocking import LEAST_LIMIT, RECORDS, Blocking, add_keys, conditions, rows_of
from palermo.linkage.blocking_loss import Kept, estimate_kept
from palermo.linkage.model_file import ClearModel, save_model
from palermo.linkage.schema import PAIRS
from palermo.linkage.settings import LEAST_FILLED, TEXT_COLUMNS, LinkOptions
from palermo.linkage.spark_linker import brought_back
from palermo.linkage.training import Model, linker_for, train
from palermo.private_files import write_private_table
from palermo.progress import Progress
from palermo.settings import SPARK

PREDICTED = "palermo_pairs"
_BIRTH = ("birth_year", "birth_month", "birth_day", "birth_date", "birth_from", "birth_to")
_TEXTS = ("tokens", "given_skeleton", "family_skeleton", "skeleton", "citizenship")
NOTHING_TELLS = (
    "no column tells one record from another: each is empty in nearly all records, or holds one value in all of them. "
    "Every record is taken for a person of its own. If this is one record many times, keep it once and link again"
)
SLACK = 8.0  # log2 odds by which the share of true pairs may still rise after scoring
_ROUNDS = 30  # to learn the share of true pairs


@dataclass(frozen=True)
class Linked:
    """``pairs`` follow PAIRS; ``candidates`` is the number of pairs compared; ``model`` can score later records."""

    pairs: pa.Table
    candidates: int
    kept: tuple[Kept, ...]
    model: ClearModel
    notices: tuple[str, ...]


@dataclass(frozen=True)
class LinkResult:
    """The files that linking wrote, for their owner alone."""

    pairs: Path
    model: Path
    linked: Linked


def link_table(
    records: pa.Table,
    options: LinkOptions | None = None,
    model: ClearModel | None = None,
    fresh: Iterable[int] | None = None,
    progress: Progress = None,
) -> Linked:
    """Link prepared records (PREPARED, with columns of ``EXTRA`` where there are any).

    ``model``: score with what an earlier run learnt. ``fresh``: compare only pairs that hold one of these row_ids.
    """
    chosen = options or LinkOptions()
    tell = progress or (lambda _done, _total, _text: None)
    if records.num_rows < 2:
        return _nothing(model, "fewer than two records: nothing to link")
    with duckdb.connect(config=_config(chosen)) as connection, _engine_of(chosen):
        columns = load(connection, records, chosen, fresh)
        tell(1, 4, "blocks")
        columns = columns if model is None else model.model.columns
        largest = dict(model.largest) if model is not None and model.largest else None
        blocking = add_keys(connection, columns, limit_of(records.num_rows, chosen), largest)
        tell(2, 4, "learning")
        learnt = model.model if model is not None else train(connection, columns, chosen)
        if not learnt.splink["comparisons"] or not blocking.names:
            return _nothing(model, *blocking.notices, NOTHING_TELLS)
        tell(3, 4, "comparing")
        return _score(connection, _Job(learnt, blocking, chosen, fresh is not None), model)


def link_clear(prepared: Path, out: Path, options: LinkOptions | None = None, progress: Progress = None) -> LinkResult:
    """Link the records of ``prepared`` (PREPARED) into ``out``/pairs.parquet, with the model beside it.

    All files that are written can be read by their owner alone: pairs name records, the frequencies name names.
    """
    linked = link_table(pq.read_table(prepared), options, progress=progress)
    pairs = out / "pairs.parquet"
    write_private_table(linked.pairs, pairs)
    return LinkResult(pairs, save_model(linked.model, out), linked)


@dataclass(frozen=True)
class _Job:
    model: Model
    blocking: Blocking
    options: LinkOptions
    fresh: bool


def _nothing(model: ClearModel | None, *notices: str) -> Linked:
    empty = ClearModel(Model({"comparisons": []}, (), 0.0), {}, 0.0, {})
    return Linked(PAIRS.empty_table(), 0, (), model or empty, notices)


def _config(options: LinkOptions) -> dict[str, str | bool | int | float | list[str]]:
    config: dict[str, str | bool | int | float | list[str]] = {"preserve_insertion_order": False}
    if options.threads is not None:
        config["threads"] = options.threads
    if options.memory is not None:
        config["memory_limit"] = options.memory
    return config


def limit_of(records: int, options: LinkOptions) -> int:
    """Pairs that one blocking rule may let through."""
    return max(LEAST_LIMIT, options.pairs_per_record * records)


def load(
    connection: duckdb.DuckDBPyConnection,
    records: pa.Table,
    options: LinkOptions,
    fresh: Iterable[int] | None = None,
) -> tuple[str, ...]:
    """Put the records into the database. Returns the columns that can be compared: filled, and not all the same."""
    names = set(records.column_names)
    wanted = [name for name in (*TEXT_COLUMNS, *_TEXTS, *_BIRTH) if name in names]
    connection.register("palermo_given", records)
    connection.register("palermo_fresh", pa.table({"row_id": pa.array(fresh or (), pa.int64())}))
    connection.register("palermo_unique", pa.table({"list": pa.array(sorted(options.unique_lists), pa.string())}))
    connection.execute(
        f"CREATE OR REPLACE TABLE {RECORDS} AS SELECT row_id, list, {', '.join(wanted)}, "
        "CASE WHEN list IN (SELECT list FROM palermo_unique) THEN list ELSE row_id::VARCHAR END AS apart, "
        "row_id IN (SELECT row_id FROM palermo_fresh) AS fresh FROM palermo_given ORDER BY row_id"
    )
    asked = [name for name in (*TEXT_COLUMNS, *_TEXTS, "birth_from") if name in names]
    counts = ", ".join(f"count({name}), count(DISTINCT {name})" for name in asked)
    found = connection.execute(f"SELECT {counts} FROM {RECORDS}").fetchall()[0]
    least = LEAST_FILLED * records.num_rows
    filled = [name for name, n, kinds in zip(asked, found[::2], found[1::2], strict=True) if n >= least and kinds > 1]
    return tuple("birth" if name == "birth_from" else name for name in filled)


def _score(connection: duckdb.DuckDBPyConnection, job: _Job, earlier: ClearModel | None) -> Linked:
    rules = list(conditions(job.blocking, unique=bool(job.options.unique_lists), fresh=job.fresh))
    linker = linker_for(
        connection, {**job.model.splink, "blocking_rules_to_generate_predictions": rules}, job.options.engine
    )
    frequencies = _frequencies(connection, linker, job, earlier)
    start = log2(job.model.share_true / (1 - job.model.share_true))
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    _bring_back(connection, blocked, job.options)
    candidates = rows_of(connection, blocked.physical_name)
    linker.table_management.register_blocked_pairs_for_predict(blocked)
    predicted = linker.inference.predict(threshold_match_weight=job.options.least_weight - SLACK, warning_mode="never")
    _bring_back(connection, predicted, job.options)
    connection.execute(
        f"CREATE OR REPLACE TABLE {PREDICTED} AS SELECT row_id_l AS left_id, row_id_r AS right_id, "
        f"match_weight - {start!r} AS evidence, match_key::INTEGER AS rule FROM {predicted.physical_name}"
    )
    for table in (blocked, predicted):
        connection.execute(f"DROP TABLE IF EXISTS {table.physical_name}")
    shift = earlier.shift if earlier is not None else _learnt_shift(connection, job.model.share_true)
    pairs = _pairs(connection, shift, job)
    kept = estimate_kept(connection, pairs, job.blocking)
    largest = {count.rule.name: count.largest for count in job.blocking.counts}
    model = earlier or ClearModel(job.model, largest, shift, frequencies)
    return Linked(pairs, candidates, kept, model, (*job.blocking.notices, *job.model.notices))


@contextmanager
def _engine_of(options: LinkOptions) -> Iterator[None]:
    """Spark, while records are compared there."""
    if options.engine != SPARK:
        yield
        return
    with opened(SPARK):
        yield


def _bring_back(connection: duckdb.DuckDBPyConnection, table: Any, options: LinkOptions) -> None:
    if options.engine == SPARK:
        brought_back(connection, table)


def _frequencies(
    connection: duckdb.DuckDBPyConnection, linker: Linker, job: _Job, earlier: ClearModel | None
) -> dict[str, pa.Table]:
    """How often each value of a column occurs. An earlier model brings its own, so that its weights stay the same."""
    tables = {}
    for comparison in job.model.splink["comparisons"]:
        for level in comparison["comparison_levels"]:
            column = level.get("tf_adjustment_column")
            if column is None:
                continue
            if earlier is None:
                table = linker.table_management.compute_tf_table(column)
                _bring_back(connection, table, job.options)
                tables[column] = connection.table(table.physical_name).to_arrow_table().sort_by(column)
            else:
                name = f"palermo_frequency_{column}"
                given = linker.table_management.register_table(earlier.frequencies[column], name, overwrite=True)
                linker.table_management.register_term_frequency_lookup(given, column)
    return tables


def _learnt_shift(connection: duckdb.DuckDBPyConnection, share: float) -> float:
    """log2 odds of the share of true pairs, from the evidence of all pairs compared (EM with m and u held fast)."""
    rows = connection.execute(
        f"SELECT round(evidence * 20) / 20, count(*) FROM {PREDICTED} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    records = rows_of(connection, RECORDS)
    total = records * (records - 1) / 2
    for _ in range(_ROUNDS):
        odds = share / (1 - share)
        expected = sum(count / (1 + 2.0 ** -min(900.0, evidence) / odds) for evidence, count in rows)
        share = min(0.3, max(1e-12, expected / total))
    return log2(share / (1 - share))


def _pairs(connection: duckdb.DuckDBPyConnection, shift: float, job: _Job) -> pa.Table:
    rules = pa.table({"rule": pa.array(range(len(job.blocking.names)), pa.int32()), "name": job.blocking.names})
    connection.register("palermo_rules", rules)
    table: pa.Table = connection.sql(
        f'SELECT left_id AS "left", right_id AS "right", evidence + {shift!r} AS weight, '
        f"1 / (1 + 2.0 ** -least(900, evidence + {shift!r})) AS probability, NULL::DOUBLE AS calibrated, "
        f"'model' AS source, name AS rule FROM {PREDICTED} JOIN palermo_rules USING (rule) "
        f"WHERE evidence + {shift!r} >= {job.options.least_weight!r} ORDER BY left_id, right_id"
    ).to_arrow_table()
    return table.cast(PAIRS)
