"""Released observations as JSON objects and as CSV, a few thousand at a time.

The decision a reader would question: how a figure came to be what it is (``status``) is decided by ``amount_of`` alone,
once for every combination of columns that it looks at; a million rows hold a handful of those.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from palermo.language import _
from palermo.portal.api.said import about_kinds
from palermo.release.schema import DIMENSIONS, KEY, RELEASED
from palermo.report.amounts import State
from palermo.report.explore.words import code_name
from palermo.report.labels import label
from palermo.report.observations import amount_of, observations_of
from palermo.report.page import words
from palermo.report.reading import Release
from palermo.spreadsheets import FORMULA_STARTS

PIECE = 8_192
WITH_INTERVAL = "value with interval"  # an estimate or a share: its bounds are no range of a hidden number
_FORMULA = f"^([{re.escape(''.join(FORMULA_STARTS))}])"


def statuses(table: pa.Table) -> list[str]:
    """For each row the word for how its figure came to be what it is."""
    if not table.num_rows:
        return []
    value, lower, upper = (table[name] for name in ("value", "lower", "upper"))
    together = pc.fill_null(pc.equal(lower, upper), False)
    looked_at = [
        pc.is_null(value), pc.is_null(lower), pc.is_null(upper), together,
        *(table[name] for name in ("unit", "kind", "obs_status", "conf_status")),
    ]  # fmt: skip
    number = np.zeros(table.num_rows, np.int64)
    for column in looked_at:
        encoded = pa.chunked_array(column).combine_chunks().dictionary_encode(null_encoding="encode")
        number = number * len(encoded.dictionary) + encoded.indices.to_numpy(zero_copy_only=False)
    _unique, first, back = np.unique(number, return_index=True, return_inverse=True)
    found = table.take(pa.array(first))
    told = [_status(row) for row in found.to_pylist()]
    return [told[place] for place in back.ravel().tolist()]


def _status(row: Mapping[str, Any]) -> str:
    (observation,) = observations_of(pa.Table.from_pylist([dict(row)], schema=RELEASED))
    return WITH_INTERVAL if observation.interval else str(amount_of(row).state)


def json_pieces(table: pa.Table) -> Iterator[list[dict[str, Any]]]:
    """The rows as JSON objects."""
    for start in range(0, table.num_rows, PIECE):
        yield json_rows(table.slice(start, PIECE))


def json_rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a small table as JSON objects: codes, value, bounds, statuses, receipt."""
    told = zip(_finite(table.select(RELEASED.names)).to_pylist(), statuses(table), strict=True)
    return [row | {"status": status} for row, status in told]


def _finite(table: pa.Table) -> pa.Table:
    """The table with nothing where a bound is endless, which JSON cannot say."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            column = table[field.name]
            table = table.set_column(place, field, pc.if_else(pc.is_finite(column), column, None))
    return table


def not_published_cell() -> dict[str, Any]:
    """A cell that is not in the release."""
    return {"value": None, "lower": None, "upper": None, "obs_status": None, "conf_status": None,
            "status": str(State.NOT_PUBLISHED), "receipt_id": None}  # fmt: skip


def labels_of(release: Release, table: pa.Table) -> dict[str, dict[str, str]]:
    """For each column of codes the label of every code that occurs."""
    return {
        name: {code: named(release, name, code) for code in sorted(filter(None, pc.unique(table[name]).to_pylist()))}
        for name in KEY
    }


def named(release: Release, column: str, code: str) -> str:
    """The label of a code in the language spoken now."""
    if column == "indicator":
        return _(str(release.definition_of(code).get("title") or code.replace("_", " ")))
    return code_name(release, column, code) if column in DIMENSIONS else label(column, code)


def csv_pieces(release: Release, table: pa.Table) -> Iterator[bytes]:
    """The rows as CSV with labels, and on every row from which release it is and what it counts.

    Labels are looked up before the first piece is asked for, as the language is spoken only until then.
    """
    labels = labels_of(release, table)
    about = about_kinds(labels["kind"])
    told = {"release_id": release.id, "made_up": "yes" if release.made_up else "no", "release_status":
            release.status, "warning": words.standing(release.standing)}  # fmt: skip
    sentences = {kind: words.about(sentence, made_up=release.made_up) for kind, sentence in about.items()}
    return _csv_pieces(table, labels, told, sentences)


def _csv_pieces(
    table: pa.Table, labels: Mapping[str, Mapping[str, str]], told: Mapping[str, str], about: Mapping[str, str]
) -> Iterator[bytes]:
    for start in range(0, max(table.num_rows, 1), PIECE):
        piece = table.slice(start, PIECE)
        columns = {name: _safe(piece[name]) for name in RELEASED.names}
        columns["status"] = pa.array(statuses(piece), pa.string())
        columns |= {f"{name}_label": _safe(_mapped(piece[name], labels[name])) for name in KEY}
        columns |= {name: pa.repeat(text, piece.num_rows) for name, text in told.items()}
        columns["about"] = _mapped(piece["kind"], about)
        sink = BytesIO()
        pa_csv.write_csv(pa.table(columns), sink, pa_csv.WriteOptions(include_header=not start))
        yield sink.getvalue()


def _mapped(column: pa.ChunkedArray, labels: Mapping[str, str]) -> pa.Array:
    encoded = column.combine_chunks().dictionary_encode()
    named = pa.array([labels.get(code) for code in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(named, encoded.indices)


def _safe(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Text that a spreadsheet would run as a formula behind a single quote; numbers as they are."""
    if not pa.types.is_string(column.type):
        return column
    encoded = pa.chunked_array(column).combine_chunks().dictionary_encode()
    safe = pc.replace_substring_regex(encoded.dictionary, _FORMULA, r"'\1")
    return column if safe.equals(encoded.dictionary) else pc.take(safe, encoded.indices)
