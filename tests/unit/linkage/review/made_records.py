"""Three made-up records for tests of the review."""

import datetime as dt

import pyarrow as pa

from palermo.intake.schema import IDENTITIES
from palermo.linkage.schema import PREPARED as SCHEMA

DAY, OTHER = dt.date(1990, 3, 5), dt.date(1990, 5, 3)


def _row(number, name, record, tokens, day, **more):
    given, family = tokens.split()
    date = {"birth_year": day.year, "birth_month": day.month, "birth_day": day.day, "birth_date": day.isoformat()}
    limits = {"birth_from": day, "birth_to": day}
    names = {"given": given, "family": family, "tokens": " ".join(sorted((given, family))), "skeleton": tokens[0]}
    return {"row_id": number, "list": name, "record_id": record, **names, **date, **limits, **more}


PREPARED = pa.Table.from_pylist(
    [
        _row(1, "shelter", "1", "testa made", DAY, sex="F", citizenship="XXA", year=2020),
        _row(2, "police", "1", "made testa", OTHER, sex="F", citizenship="_U", year=2021),
        _row(3, "police", "2", "zuri quill", dt.date(1971, 1, 1), sex="M", year=2021),
    ],
    schema=SCHEMA,
)
WRITTEN = pa.Table.from_pylist(
    [
        {"list": "shelter", "record_id": "1", "given_name": "Testa", "family_name": "Made", "birth_date": "05.03.1990"},
        {
            "list": "police",
            "record_id": "1",
            "full_name": "Made\x1b[2J Testa\u202e",
            "other_names": "<script>x</script>",
        },
    ],
    schema=IDENTITIES,
)
