"""The columns of a released cube as every description tells them: name, type, meaning, whether always there, codes.

The decision a reader would question: a column lists its codes only where they are few (``CODES_AT_MOST``), and then
those that occur. A release is frozen, so the list is exact; the full lists are among the definitions.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from palermo.language import _
from palermo.release.notice import COLUMN as ABOUT
from palermo.release.schema import KEY, RELEASED
from palermo.report.data.cube import MEANINGS
from palermo.report.reading import Release

CODES_AT_MOST = 60
STRING, NUMBER = "string", "number"


@dataclass(frozen=True)
class Column:
    """One column. ``codes`` is empty for numbers, receipts and long lists."""

    name: str
    kind: str
    meaning: str
    required: bool
    codes: tuple[str, ...]


def columns(release: Release) -> tuple[Column, ...]:
    """The columns of ``cube.csv`` in their order, their meaning in the language spoken now."""
    told = tuple(_column(release, field) for field in RELEASED)
    if ABOUT not in release.metadata:  # made before the files said what their numbers count
        return told
    return (*told, Column(ABOUT, STRING, _("What the number counts and what it does not, in English"), True, ()))


def _column(release: Release, field: pa.Field) -> Column:
    held = release.cube[field.name]
    is_text = pa.types.is_string(field.type)
    found = pc.unique(held).to_pylist() if is_text and field.name != "receipt_id" else []
    codes = sorted(code for code in found if code is not None)
    few = tuple(codes) if len(codes) <= CODES_AT_MOST else ()
    required = field.name in KEY
    return Column(field.name, STRING if is_text else NUMBER, _(MEANINGS[field.name]), required, few)
