"""From what a user names on the command line to a specification: columns, countries in regions.

The decision a reader would question: country codes of two letters and names of countries become codes of three
letters before they are counted, so that regions are known; what is no country stands in region ``_UR``, and is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from palermo.codes import areas
from palermo.errors import UsageError
from palermo.release.tables.hierarchy import NOT_ASKED, TOTAL, UNKNOWN, Dimension, of_areas
from palermo.release.tables.reading import codes_of
from palermo.release.tables.specification import Specification

MOST_CODES = 1_000  # in a column of a table; more is an id, a date or free text


@dataclass(frozen=True)
class Asked:
    """The rows with their country codes settled, the tables, and the texts that are no country."""

    rows: pa.Table
    specification: Specification
    no_countries: tuple[str, ...] = ()


def asked_for(rows: pa.Table, dimensions: Sequence[str], countries: Sequence[str] = ()) -> Asked:
    """One table over these columns with all margins. ``countries`` names those that hold countries."""
    strange = [name for name in countries if name not in dimensions]
    if strange:
        raise UsageError(f"--areas {', '.join(strange)}: no dimension; dimensions: {', '.join(dimensions)}")
    missing = [name for name in dimensions if name not in rows.column_names]
    if missing:
        raise UsageError(f"no column {', '.join(missing)}; columns: {', '.join(rows.column_names)}")
    no_countries: set[str] = set()
    made = []
    for name in dimensions:
        if name in countries:
            rows, others = _settled(rows, name)
            no_countries.update(others)
        codes = tuple(code for code in codes_of(rows, name) if code != TOTAL)
        if len(codes) > MOST_CODES:
            raise UsageError(
                f"column {name} holds {len(codes):,} different values; expected at most {MOST_CODES:,} codes. "
                "Turn dates into years and ages into bands; leave out ids and free text"
            )
        made.append(of_areas(name, codes) if name in countries else Dimension(name, codes))
    return Asked(rows, Specification(tuple(made)), tuple(sorted(no_countries)))


def without_totals(rows: pa.Table) -> pa.Table:
    """The rows that are no total of anything: codes are learnt from these."""
    totals = [[text == TOTAL for text in column.cast(pa.string()).to_pylist()] for column in rows.columns]
    return rows.filter(pa.array([not any(some) for some in zip(*totals, strict=True)], pa.bool_()))


def _settled(rows: pa.Table, name: str) -> tuple[pa.Table, set[str]]:
    texts = [text or UNKNOWN for text in rows[name].cast(pa.string()).to_pylist()]
    codes = {text: _country(text) for text in sorted(set(texts))}
    others = {text for text, code in codes.items() if code is None and text not in {UNKNOWN, NOT_ASKED, TOTAL}}
    place = rows.column_names.index(name)
    return rows.set_column(place, name, pa.array([codes[text] or text for text in texts], pa.string())), others


def _country(text: str) -> str | None:
    if areas.is_area(text):
        return text
    return areas.from_iso2(text) or areas.match(text)
