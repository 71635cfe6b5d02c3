"""Whether the figures of an account can be true: whole numbers of persons, and parts that add up to their totals.

The decision a reader would question: such an account is refused before it is protected. Protection reads off the
figures which sums hold; one altered figure would make it believe that a table has no sums, and hide less than a reader,
who knows that they do hold, can work out.
"""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

from palermo.account.schema import DIMENSIONS
from palermo.errors import RefusedError
from palermo.release.cells import SDG, Cells, Row, cells_of, is_count, position
from palermo.release.structure import sums_of

ONE_CODE_EACH = ("sex", "age", "band", "time_period")
"""Along these a person has one code, unknown included: parts are their total. Forms, flows and areas may overlap."""
PARTIAL = frozenset({SDG})  # prints no unknown sex or age, so that its parts may be fewer
_SHOWN = 3


def check_figures(path: Path, rows: Sequence[Row]) -> None:
    """Raise ``RefusedError`` naming the figures of the cube ``path`` that cannot be true; not what they are."""
    strange = [f"{_codes(row)} is no whole number, 0 or more" for row in rows if is_count(row) and _strange(row)]
    found = strange or list(_not_added(cells_of(rows)))
    if found:
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        raise RefusedError(
            f"{path}: {'; '.join(found[:_SHOWN])}{more}. The file was altered or damaged after the account was made: "
            "delete it, and `palermo run` makes it again"
        )


def _strange(row: Row) -> bool:
    value = float(row["value"])
    return not isfinite(value) or value < 0 or value != int(value)


def _not_added(cells: Cells) -> Iterator[str]:
    for (indicator, dimension), sums in sorted(sums_of(cells).items()):
        if dimension not in ONE_CODE_EACH:
            continue
        for total, parts in sums:
            gap = sum(cells.values[part] for part in parts) - cells.values[total]
            if gap > 0 or (gap < 0 and indicator not in PARTIAL):
                name = " ".join(cells.keys[total][position(one)] for one in DIMENSIONS if _told(cells, total, one))
                yield f"{indicator} {name or 'all'}: its parts by {dimension} do not add up to it"


def _told(cells: Cells, cell: int, dimension: str) -> bool:
    return cells.keys[cell][position(dimension)] != "_T"


def _codes(row: Row) -> str:
    return " ".join([row["indicator"], *(row[name] for name in DIMENSIONS if row[name] not in {"_T", "_Z"})])
