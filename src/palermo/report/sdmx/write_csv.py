"""SDMX-CSV 2.0, and 1.0 on request: one row per observation.

The note on what is counted stands in every row, as SDMX-CSV has no head and a file is passed on without its server.
"""

from collections.abc import Iterator
from io import BytesIO

import pyarrow as pa
import pyarrow.csv as pcsv

from palermo.report.sdmx.message import Message
from palermo.report.sdmx.query import Selection
from palermo.report.sdmx.rows import chunks, whole


def csv_2_0(selection: Selection, message: Message) -> Iterator[bytes]:
    """The rows in SDMX-CSV 2.0."""
    flow = selection.flow
    return _rows(selection, message, {"STRUCTURE": "dataflow", "STRUCTURE_ID": flow.reference, "ACTION": "I"})


def csv_1_0(selection: Selection, message: Message) -> Iterator[bytes]:
    """The rows in SDMX-CSV 1.0."""
    return _rows(selection, message, {"DATAFLOW": selection.flow.reference})


def _rows(selection: Selection, message: Message, fixed: dict[str, str]) -> Iterator[bytes]:
    noted = {part.id: value_for(part.id, message) for part in selection.attributes}
    with_header = True
    for piece, _ in chunks(selection):
        columns = {name: pa.repeat(text, piece.num_rows) for name, text in fixed.items()}
        columns |= {part.id: _plain(whole(piece, part.id)) for part in selection.columns}
        columns |= {name: pa.repeat(text, piece.num_rows) for name, text in noted.items()}
        held = BytesIO()
        options = pcsv.WriteOptions(include_header=with_header, quoting_style="needed", quoting_header="none")
        pcsv.write_csv(pa.table(columns), held, options)
        with_header = False
        yield held.getvalue()


def value_for(attribute: str, message: Message) -> str:
    """The value of an attribute of the whole dataset."""
    return {"RELEASE": message.release_id}.get(attribute, message.notice)


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
