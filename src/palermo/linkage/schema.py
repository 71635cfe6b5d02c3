"""The persons table: one row is one person, after records that are hers have been joined."""

import pyarrow as pa

CODES = pa.list_(pa.string())

PERSONS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("lists", CODES),  # names of the lists that hold the person
        ("source_types", CODES),
        ("records", pa.int32()),  # number of records joined
        ("status", pa.string()),  # the furthest status any list gives
        ("year", pa.int16()),  # first year in which any list holds the person; null where unknown
        ("sex", pa.string()),  # the value most lists give; _U where they are evenly split
        ("age", pa.int16()),
        ("age_band", pa.string()),
        ("citizenship", pa.string()),
        ("origin", pa.string()),
        ("destination", pa.string()),
        ("forms", CODES),  # union over records
        ("means", CODES),
        ("recruiter", CODES),
        ("sector", CODES),
        ("migration_stage", pa.string()),
        ("migration_status", pa.string()),
        ("context", CODES),
        ("services", CODES),
        ("conflicts", CODES),  # names of the columns in which the person's records disagree
    ]
)
