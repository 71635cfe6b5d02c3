"""The official SDG structure for indicator 16.2.2: the form stands in the series, the area is an M49 number.

Only the codes of the official lists that a release uses are given, marked as partial. The decision a reader would
question: what the structure has no code for is left out and not pressed into another code: all years together, an
area without M49 number, sex other than female and male. Layout: dataflow IAEG-SDGs:DF_SDG_GLH(1.24) of the UN
Statistics Division, whose files write M49 numbers without leading zeros.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.codes import ages, areas, crosswalk
from palermo.codes.sdg_structure import UNUSED_DIMENSIONS
from palermo.language import marked
from palermo.report.labels import label
from palermo.report.page.words import about
from palermo.report.reading import Release
from palermo.report.sdmx.model import (
    ATTRIBUTE,
    DIMENSION,
    DOUBLE,
    MEASURE,
    OBS_VALUE,
    OBSERVATION,
    PERIOD,
    SERIES,
    STRING,
    TIME,
    TIME_PERIOD,
    Component,
    Entry,
    Flow,
    Scheme,
    Structure,
)
from palermo.report.sdmx.table import Dataset, dataset, translated
from palermo.report.sdmx.texts import names, notices

OWNER, FLOW, STRUCTURE, EDITION = "IAEG-SDGs", "DF_SDG_GLH", "SDG", "1.24"
INDICATOR = "sdg_16_2_2"
TOTAL = "_T"
SERIES_NAMES = {
    "VC_HTF_DETV": marked("Detected victims of human trafficking (number)"),
    "VC_HTF_DETVFL": marked("Detected victims of human trafficking for forced labour, servitude and slavery (number)"),
    "VC_HTF_DETVOG": marked("Detected victims of human trafficking for removal of organ (number)"),
    "VC_HTF_DETVOP": marked("Detected victims of human trafficking for other purposes (number)"),
    "VC_HTF_DETVSX": marked("Detected victims of human trafficking for sexual exploitation (number)"),
    "VC_HTF_DETVR": marked("Detected victims of human trafficking (number per 100,000 population)"),
    "VC_HTF_DETVFLR": marked(
        "Detected victims of human trafficking for forced labour, servitude and slavery (number per 100,000 population)"
    ),
    "VC_HTF_DETVOGR": marked(
        "Detected victims of human trafficking for removal of organ (number per 100,000 population)"
    ),
    "VC_HTF_DETVOPR": marked(
        "Detected victims of human trafficking for other purposes (number per 100,000 population)"
    ),
    "VC_HTF_DETVSXR": marked(
        "Detected victims of human trafficking for sexual exploitation (number per 100,000 population)"
    ),
}
_EMPTY = (
    "BASE_PER",
    "TIME_COVERAGE",
    "COMMENT_TS",
    "GEO_INFO_URL",
    "GEO_INFO_TYPE",
    "CUST_BREAKDOWN_LB",
    "DATA_LAST_UPDATE",
)
_DIMENSIONS = ("FREQ", "REPORTING_TYPE", "SERIES", "REF_AREA", "SEX", "AGE", *UNUSED_DIMENSIONS)
_CODED = ("OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE", "NATURE")
_ATTRIBUTES = (
    "OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE", "BASE_PER", "NATURE", "TIME_DETAIL", "COMMENT_OBS", "TIME_COVERAGE",
    "UPPER_BOUND", "LOWER_BOUND", "SOURCE_DETAIL", "COMMENT_TS", "GEO_INFO_URL", "GEO_INFO_TYPE", "CUST_BREAKDOWN_LB",
    "DATA_LAST_UPDATE",
)  # fmt: skip
_BOUNDS = {"UPPER_BOUND": "upper", "LOWER_BOUND": "lower"}
_NAMES = {
    ("FREQ", "A"): marked("Annual"),
    ("REPORTING_TYPE", "N"): marked("National reporting"),
    ("NATURE", "C"): marked("Country data"),
    ("UNIT_MULT", "0"): marked("Units"),
    ("UNIT_MEASURE", "NUMBER"): marked("Number"),
    ("UNIT_MEASURE", "PER_100000_POP"): marked("Per 100,000 population"),
}
_OUR_LISTS = {"SEX": "sex", "AGE": "age", "OBS_STATUS": "obs_status"}


def official_dataset(release: Release) -> Dataset | None:
    """The rows of indicator 16.2.2 in the official structure; None where the release has none that it can say."""
    rows = _sayable(release.cube, made_up=release.made_up)
    if not rows.num_rows:
        return None
    walk = crosswalk("sdg-16.2.2")
    fixed = {
        "FREQ": "A",
        "REPORTING_TYPE": "N",
        "UNIT_MULT": "0",
        "NATURE": "C",
        **dict.fromkeys(UNUSED_DIMENSIONS, TOTAL),
    }
    fixed |= {"COMMENT_OBS": about(made_up=release.made_up), "SOURCE_DETAIL": f"Palermo {release.id}"}
    columns: dict[str, Any] = {name: pa.chunked_array([pa.repeat(code, rows.num_rows)]) for name, code in fixed.items()}
    columns |= {name: pa.chunked_array([pa.nulls(rows.num_rows, pa.string())]) for name in _EMPTY}
    columns |= {
        "SERIES": rows["series"],
        "REF_AREA": translated(rows["ref_area"], _m49),
        "SEX": rows["sex"],
        "AGE": rows["age"],
        TIME_PERIOD: rows["time_period"],
        "TIME_DETAIL": rows["time_period"],
        OBS_VALUE: rows["value"],
        "OBS_STATUS": _status(rows),
        "UNIT_MEASURE": translated(rows["unit"], lambda unit: walk.from_palermo("unit", unit) or unit),
        **{name: rows[column] for name, column in _BOUNDS.items()},
    }
    return dataset(_flow(columns, release), columns)


def _status(rows: pa.Table) -> pa.ChunkedArray:
    """The status of each row; a value that is kept back and bounded, as "<5" by its publisher, is no normal value."""
    kept_back = pc.and_(pc.is_null(rows["value"]), pc.is_valid(rows["upper"]))
    return pc.if_else(pc.and_(kept_back, pc.equal(rows["obs_status"], "A")), "Q", rows["obs_status"])


def left_out(release: Release) -> int:
    """How many rows of the indicator the official structure cannot say."""
    ours = release.cube.filter(pc.equal(release.cube["indicator"], INDICATOR)).num_rows
    return int(ours - _sayable(release.cube, made_up=release.made_up).num_rows)


def _sayable(cube: pa.Table, *, made_up: bool) -> pa.Table:
    """The rows that the structure has codes for, with their series. A made-up country keeps its own code."""
    rows = cube.filter(pc.equal(cube["indicator"], INDICATOR))
    fits: Mapping[str, Callable[[str], bool]] = {
        "ref_area": lambda area: made_up or areas.get(area).m49 is not None,
        "time_period": lambda period: period.isdigit() and len(period) == 4,
        "sex": lambda sex: sex in {TOTAL, "F", "M"},
        "age": lambda age: age in {TOTAL, ages.CHILD, ages.ADULT},
        "unit": lambda unit: unit in {"PERSON", "PER_100K"},
    }
    for column, test in fits.items():
        known = [code for code in rows[column].unique().to_pylist() if test(code)]
        rows = rows.filter(pc.is_in(rows[column], pa.array(known, pa.string())))
    series = [
        _series(form, band, unit)
        for form, band, unit in zip(*(rows[name].to_pylist() for name in ("form", "band", "unit")), strict=True)
    ]
    rows = rows.append_column("series", pa.array(series, pa.string()))
    return rows.filter(pc.is_valid(rows["series"]))


def _series(form: str, band: str, unit: str) -> str | None:
    """The series of a row: the one that its band names, else that of its form; a final R for the rate."""
    stem = band if band in SERIES_NAMES else crosswalk("sdg-16.2.2").from_palermo("form", form)
    return stem and stem + ("R" if unit == "PER_100K" else "")


def _m49(area: str) -> str:
    number = areas.get(area).m49
    return str(int(number)) if number else area


def _flow(columns: Mapping[str, Any], release: Release) -> Flow:
    coded = (*_DIMENSIONS, *_CODED)
    lists = tuple(_scheme(name, columns[name], release) for name in coded)
    title = names(marked("SDG indicator 16.2.2, detected victims of trafficking in persons"))
    structure = Structure(OWNER, STRUCTURE, EDITION, title, _components(), lists, "SDG_CONCEPTS")
    return Flow(OWNER, FLOW, EDITION, title, structure, notices(release))


def _components() -> tuple[Component, ...]:
    made = [Component(name, DIMENSION, _named(name), f"CL_{name}", is_mandatory=True) for name in _DIMENSIONS]
    made.append(Component(TIME_PERIOD, TIME, _named(TIME_PERIOD), None, PERIOD, is_mandatory=True))
    made.append(Component(OBS_VALUE, MEASURE, _named(OBS_VALUE), None, DOUBLE))
    for name in _ATTRIBUTES:
        listed = f"CL_{name}" if name in _CODED else None
        data_type = DOUBLE if name in _BOUNDS else STRING
        attached = SERIES if name == "UNIT_MEASURE" else OBSERVATION
        made.append(Component(name, ATTRIBUTE, _named(name), listed, data_type, attached, name in _CODED))
    return tuple(made)


def _named(name: str) -> Mapping[str, str]:
    return {"en": name.replace("_", " ").capitalize()}


def _scheme(name: str, column: pa.ChunkedArray, release: Release) -> Scheme:
    codes = sorted(code for code in column.unique().to_pylist() if code is not None)
    entries = tuple(Entry(code, _code_names(name, code, release)) for code in codes)
    return Scheme(OWNER, f"CL_{name}", EDITION, _named(name), entries, is_partial=True)


def _code_names(name: str, code: str, release: Release) -> Mapping[str, str]:
    if name == "SERIES":
        return names(SERIES_NAMES[code])
    if name == "REF_AREA":
        area = areas.from_m49(code.zfill(3)) or code
        return {**areas.get(area).names, "en": release.name_of(area)}
    if (name, code) in _NAMES:
        return names(_NAMES[name, code])
    return names(label(_OUR_LISTS.get(name, name), code))
