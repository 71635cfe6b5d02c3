"""SDMX-CSV 2.0, and 1.0 on request: one row per observation; in 2.0 with the names of codes where asked for.

The note on what is counted stands in every row, as SDMX-CSV has no head and a file is passed on without its server.
"""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import pyarrow as pa
import pyarrow.csv as pcsv

from palermo.language import spoken_now
from palermo.report.sdmx.message import Message
from palermo.report.sdmx.model import Component, Names
from palermo.report.sdmx.query import Selection
from palermo.report.sdmx.rows import chunks, whole

IDS, NAMES, BOTH = "id", "name", "both"  # labels: codes; codes and names in columns of their own; "code: name"
Columns = list[tuple[str, pa.Array]]


def csv_2_0(selection: Selection, message: Message, labels: str = IDS) -> Iterator[bytes]:
    """The rows in SDMX-CSV 2.0."""
    fixed = {"STRUCTURE": "dataflow", "STRUCTURE_ID": selection.flow.reference}
    if labels == NAMES:
        fixed["STRUCTURE_NAME"] = _spoken(selection.flow.names)
    return _rows(selection, message, {**fixed, "ACTION": "I"}, labels)


def csv_1_0(selection: Selection, message: Message) -> Iterator[bytes]:
    """The rows in SDMX-CSV 1.0."""
    return _rows(selection, message, {"DATAFLOW": selection.flow.reference}, IDS)


def _rows(selection: Selection, message: Message, fixed: Mapping[str, str], labels: str) -> Iterator[bytes]:
    writers = [(part, _writer(selection, part, labels)) for part in (*selection.columns, *selection.attributes)]
    with_header = True
    for piece, _ in chunks(selection):
        columns: Columns = [(name, pa.repeat(text, piece.num_rows)) for name, text in fixed.items()]
        for part, write in writers:
            noted = part in selection.attributes
            values = pa.repeat(value_for(part.id, message), piece.num_rows) if noted else whole(piece, part.id)
            columns += write(values)
        held = BytesIO()
        options = pcsv.WriteOptions(include_header=with_header, quoting_style="needed", quoting_header="none")
        pcsv.write_csv(pa.table([array for _, array in columns], names=[name for name, _ in columns]), held, options)
        with_header = False
        yield held.getvalue()


def value_for(attribute: str, message: Message) -> str:
    """The value of an attribute of the whole dataset."""
    return {"RELEASE": message.release_id}.get(attribute, message.notice)


def _writer(selection: Selection, part: Component, labels: str) -> Callable[[pa.Array], Columns]:
    """What a component gives to a row: its value, and where asked for the name of its code."""
    if labels == IDS:
        return lambda values: [(part.id, _plain(values))]
    listed = selection.flow.structure.list_of(part)
    known = {entry.id: _spoken(entry.names) for entry in listed.entries} if listed else {}
    name = _spoken(part.names)
    if labels == BOTH:
        told = {code: f"{code}: {text}" for code, text in known.items()}
        return lambda values: [(f"{part.id}: {name}", _named(values, told) if known else _plain(values))]
    return lambda values: [(part.id, _plain(values)), (name, _named(values, known))]


def _named(values: pa.Array, known: Mapping[str, str]) -> pa.Array:
    """The text of each code; nothing where there is none."""
    if not pa.types.is_dictionary(values.type):
        return pa.nulls(len(values), pa.string())
    return pa.array([known.get(code) for code in values.dictionary.to_pylist()], pa.string()).take(values.indices)


def _spoken(names: Names) -> str:
    return names.get(spoken_now().code, names["en"])


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
