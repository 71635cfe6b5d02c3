"""The estimate table: one row is one estimator's answer for one stratum, as the account and the report read it.

``settings`` and ``diagnostics`` are JSON text with sorted keys: estimators differ in both, and a column for each would
be empty in most rows. ``estimate``, ``lower`` and ``upper`` are persons in all, seen and unseen, and null if refused.
"""

import pyarrow as pa

ESTIMATES = pa.schema(
    [
        pa.field("stratum", pa.string(), nullable=False),  # "_T" or "sex=F, age=Y0T17"
        pa.field("estimator", pa.string(), nullable=False),
        pa.field("settings", pa.string(), nullable=False),  # JSON
        pa.field("estimate", pa.float64()),
        pa.field("lower", pa.float64()),
        pa.field("upper", pa.float64()),
        pa.field("level", pa.float64(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),  # answer.Verdict
        pa.field("reasons", pa.list_(pa.string()), nullable=False),
        pa.field("diagnostics", pa.string(), nullable=False),  # JSON
    ]
)

# What the stage writes for the account: every answer of every period, and which one stands for its part.
STAGE_ESTIMATES = pa.schema(
    [
        *ESTIMATES,
        pa.field("period", pa.string(), nullable=False),  # "_T" all years of the account, or one year
        pa.field("headline", pa.bool_(), nullable=False),  # whether this answer stands for its part, given or refused
        pa.field("lowest", pa.float64()),  # of the headline: the lowest limit of all answers with an interval
        pa.field("highest", pa.float64()),  # and the highest
        pa.field("estimators", pa.int32()),  # how many answers these are
        pa.field("detected", pa.int64()),  # persons whom the lists detected, joinable or not; of everyone only
        pa.field("used", pa.int64()),  # those of them in the capture table
    ]
)
