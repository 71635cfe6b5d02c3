"""Made-up cubes: small tables of made-up persons of a made-up area, counted with all their totals."""

import itertools
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.schema import CUBE, DIMENSIONS

TABLES = {
    "victims_by_sex_age": ("time_period", "sex", "age"),
    "victims_by_form_sex_age": ("time_period", "sex", "age", "form"),
}


def row(indicator, value, **codes):
    """One confidential count."""
    given = {
        "indicator": indicator,
        "measure": "victims_detected",
        "unit": "PERSON",
        "kind": "detected",
        **dict.fromkeys(DIMENSIONS, "_T"),
        "ref_area": "XXA",
        "value": value,
        "lower": value,
        "upper": value,
        "obs_status": "A",
        "confidential": True,
        "receipt_id": "0123456789abcdef",
    }
    return {**given, **codes}


def counted(persons, tables=None):
    """The tables over made-up persons, each a dictionary of codes; every total and every zero is printed."""
    rows = []
    for indicator, dimensions in (tables or TABLES).items():
        axes = [[*sorted({person[name] for person in persons}), "_T"] for name in dimensions]
        for codes in itertools.product(*axes):
            wanted = dict(zip(dimensions, codes, strict=True))
            value = sum(all(code in {"_T", person[name]} for name, code in wanted.items()) for person in persons)
            rows.append(row(indicator, float(value), **wanted))
    return rows


def group(number, **codes):
    """So many made-up persons with the same codes."""
    return [{"time_period": "2021", "sex": "F", "age": "Y_GE18", "form": "sexual", **codes}] * number


@pytest.fixture
def persons():
    """Two made-up years with a group of two persons and one of three."""
    return [
        *group(12),
        *group(9, sex="M", form="forced_labour"),
        *group(2, sex="M"),
        *group(14, age="Y0T17", form="forced_labour"),
        *group(8, age="Y0T17", sex="M"),
        *group(20, time_period="2022"),
        *group(13, time_period="2022", sex="M", form="forced_labour"),
        *group(11, time_period="2022", age="Y0T17", form="forced_labour"),
        *group(7, time_period="2022", age="Y0T17", sex="M"),
        *group(3, time_period="2022", sex="O"),
    ]


@pytest.fixture
def written(tmp_path):
    """Writes a cube and its receipts; returns their paths."""

    def write(rows, receipts=None):
        cube, file = tmp_path / "cube.parquet", tmp_path / "receipts.json"
        pq.write_table(pa.Table.from_pylist(rows, CUBE), cube)
        file.write_text(json.dumps(receipts or {"indicators": {}, "inputs": []}), encoding="utf-8")
        return cube, file

    return write


@pytest.fixture
def cubes():
    """The makers of made-up cubes."""
    return {"row": row, "counted": counted, "group": group}
