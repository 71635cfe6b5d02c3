"""The cube: one row is one observation. ``_T`` in a dimension is the total over it, ``_Z`` "does not apply".

``value`` is set where the figure is exact; otherwise it is null and ``lower`` and ``upper`` hold its bounds. An exact
figure has lower = value = upper. A figure without any information has all three null.

Of the kind ``estimated``, ``value`` is the estimate and ``lower`` and ``upper`` its interval: no bounds of a count, and
no sum need respect them. A refused estimate has all three null and the status ``O``.
"""

import pyarrow as pa

DIMENSIONS = (
    "ref_area",
    "time_period",
    "sex",
    "age",
    "form",
    "citizenship",
    "counterpart_area",
    "reach",
    "list",
    "band",
)

CUBE = pa.schema(
    [
        ("indicator", pa.string()),  # id of the definition that made the row
        ("measure", pa.string()),  # codes: measure
        ("unit", pa.string()),  # codes: unit
        ("kind", pa.string()),  # codes: kind
        ("ref_area", pa.string()),  # ISO alpha-3, or M49 code of a region ("001" the world)
        ("time_period", pa.string()),  # "2011", "2019/2021", _T all years of the account
        ("sex", pa.string()),
        ("age", pa.string()),
        ("form", pa.string()),
        ("citizenship", pa.string()),
        ("counterpart_area", pa.string()),  # country of exploitation in flows
        ("reach", pa.string()),  # codes: reach
        ("list", pa.string()),  # name of the list, in tables by source
        ("band", pa.string()),  # codes: conviction_band and other bandings of areas
        ("value", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("obs_status", pa.string()),  # codes: obs_status
        (
            "confidential",
            pa.bool_(),
        ),  # counted from confidential records: must pass protection before release
        ("receipt_id", pa.string()),
    ]
)
