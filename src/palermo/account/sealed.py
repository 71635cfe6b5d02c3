"""The one figure that counts persons under seal: the whole country, broken down by year, or sex, or age alone.

It stands in the cube with its true value, as all figures there; a release prints ranges (``palermo.release.sealed``).
"""

import numpy as np
import pyarrow as pa

from palermo.account.engine import Counts
from palermo.account.kept_cells import TOTAL

INDICATOR, RULE = "victims_with_sealed", "sealed"
DIMENSIONS = ("time_period", "sex", "age")


def broad(without: Counts, with_sealed: Counts) -> Counts:
    """The rows with one code at most that is no total, and only where others than sealed persons gave it a row."""
    there = set(_codes(without))
    keep = np.array([codes in there and sum(code != TOTAL for code in codes) <= 1 for codes in _codes(with_sealed)])
    columns, values = with_sealed
    return {name: column.filter(pa.array(keep)) for name, column in columns.items()}, values[keep]


def _codes(counts: Counts) -> list[tuple[str, ...]]:
    return list(zip(*(counts[0][name].to_pylist() for name in DIMENSIONS), strict=True))
