"""The released cube: the cube after protection, with the mark that says what was done to each cell.

A hidden cell has ``value`` null, ``obs_status`` ``Q`` and a ``conf_status``; ``lower`` and ``upper`` then hold the
interval that a reader can derive from the whole release, never the true value.
"""

import pyarrow as pa

from palermo.account.schema import CUBE, DIMENSIONS

__all__ = ["COUNTED", "DIMENSIONS", "ESTIMATES", "KEY", "RELEASED"]

ESTIMATES = "estimates.json"  # what stands around the estimate of everyone (``release.tried``)
COUNTED = ("indicator", "measure", "unit", "kind")  # what a number is a number of
KEY = (*COUNTED, *DIMENSIONS)  # tells each observation from every other
RELEASED = pa.schema(
    [field for field in CUBE if field.name != "confidential"]
    + [pa.field("conf_status", pa.string())]  # codes: conf_status (F free, C hidden)
)
