"""A made-up release of a made-up country, with every kind of nothing in it."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pytest

from palermo.account.schema import DIMENSIONS
from palermo.release.schema import RELEASED
from palermo.report.reading import Release

AREA = "DEU"  # any code of a real area serves; the metadata name it otherwise and say that it is made up
YEARS = ("2021", "2022", "2023")
HIDDEN = "hidden"

Rows = list[dict[str, Any]]

# What stands around the estimate of everyone, as the file estimates.json of a release holds it.
METHOD: dict[str, Any] = {"estimator": "bic_best", "estimate": 5120.0, "lower": 4330.0, "upper": 6410.0,
          "verdict": "shown with warnings", "reasons": ["lists differ"]}  # fmt: skip
NONE: dict[str, Any] = dict.fromkeys(("estimate", "lower", "upper"))
TRIED: dict[str, Any] = {
    "why": "",
    "receipt": "r1",
    "lists": ["clinic", "hotline", "police"],
    "level": 0.95,
    "best": "bic_best",
    "methods": [METHOD, {**METHOD, **NONE, "estimator": "main_effects", "verdict": "refused", "reasons": ["no fit"]}],
    "models": {"points": [{"bic": 0, "estimate": 5000.0}, {"bic": 3, "estimate": 6300.0},
                          {"bic": 50, "estimate": 13_000.0}], "bands": [1, 1, 0, 40], "without": 3},
    "changes": [
        {"kind": "interaction", "estimator": "bic_best", "changed": f"interaction of all lists {x:+.1f}", "at": x,
         "estimate": 5000.0 + 100 * x, "lower": 4000.0, "upper": 7000.0} for x in (-1.0, 0.0, 1.0)
    ] + [
        {"kind": "leave_out", "estimator": "bic_best", "changed": f"without list {name}", "at": None, **NONE,
         "estimate": estimate} for name, estimate in (("clinic", 4700.0), ("police", None))
    ],
    "coverage": [{"family": "Drawn from the model fitted to this table",
                  "estimator": "bic_best", "runs": 50, "shown": 50, "covered": 46,
                  "missed_with_warning": 2, "bias": 0.01}],
    "overlap": {"base": 10, "sizes": [{"lower": 110.0, "upper": 119.0}, {"lower": 60.0, "upper": 69.0},
                                      {"lower": 0.0, "upper": 9.0}],
                "shared": [{"history": 1, "lower": 90.0, "upper": 99.0}, {"history": 3, "lower": 20.0, "upper": 29.0}]},
}  # fmt: skip


def observation(indicator: str, value: Any, **codes: Any) -> dict[str, Any]:
    """One released row. ``value``: a number; (low, high) hidden; None no figure. ``printed`` makes a printed range."""
    row: dict[str, Any] = dict.fromkeys(DIMENSIONS, "_T")
    row |= {"indicator": indicator, "measure": "victims_detected", "unit": "PERSON", "kind": "detected",
            "ref_area": AREA, "counterpart_area": "_Z", "conf_status": "F", "obs_status": "A"}  # fmt: skip
    printed, interval = codes.pop("printed", False), codes.pop("interval", None)
    row |= codes
    if isinstance(value, tuple):
        row |= {"value": None, "lower": value[0], "upper": value[1], "obs_status": "Q",
                "conf_status": "F" if printed else "A"}  # fmt: skip
    else:
        low, high = interval or (value, value)
        row |= {"value": value, "lower": low, "upper": high}
    row["receipt_id"] = f"r{abs(hash_of(row)):08x}"[:9]
    return row


def hash_of(row: Mapping[str, Any]) -> int:
    """A stable number from the codes of a row."""
    number = 7
    for key in (*DIMENSIONS, "indicator", "unit"):
        for letter in str(row[key]):
            number = (number * 131 + ord(letter)) % 2**32
    return number


def people(indicator: str, year: str, numbers: Mapping[tuple[str, str], Any], **codes: str) -> Rows:
    return [
        observation(indicator, value, time_period=year, sex=sex, age=age, **codes)
        for (sex, age), value in numbers.items()
    ]


def _victims() -> Rows:
    rows: Rows = []
    for step, year in enumerate(YEARS):
        numbers = {
            ("F", "Y_GE18"): 490.0 + 40 * step, ("M", "Y_GE18"): 171.0, ("F", "Y0T17"): 214.0, ("M", "Y0T17"): 125.0,
            ("_U", "Y_GE18"): 12.0, ("F", "_U"): 31.0, ("_N", "_N"): 7.0, ("F", "_T"): 735.0 + 40 * step,
            ("M", "_T"): 296.0, ("_T", "_T"): 1050.0 + 40 * step,
        }  # fmt: skip
        rows += people("victims_by_sex_age", year, numbers)
    return rows


def _forms(year: str) -> Rows:
    totals = {"sexual": 611.0, "forced_labour": 214.0, "begging": 55.0, "organ_removal": (1.0, 4.0),
              "forced_marriage": 0.0, "_U": 200.0, "_N": 12.0, "_T": 1130.0}  # fmt: skip
    rows = [observation("victims_by_form_sex_age", v, time_period=year, form=f) for f, v in totals.items()]
    cells = {
        ("F", "Y_GE18"): {"sexual": 402.0, "forced_labour": 61.0, "begging": 21.0, "_U": 80.0},
        ("M", "Y_GE18"): {"sexual": 15.0, "forced_labour": 131.0, "begging": 12.0, "_U": 13.0},
        ("F", "Y0T17"): {"sexual": 170.0, "forced_labour": 9.0, "begging": (1.0, 9.0), "_U": 26.0},
        ("M", "Y0T17"): {"sexual": 24.0, "forced_labour": 13.0, "begging": (10.0, 18.0), "_U": 80.0},
    }
    for (sex, age), forms in cells.items():
        rows += [
            observation("victims_by_form_sex_age", v, time_period=year, form=f, sex=sex, age=age)
            for f, v in forms.items()
        ]
    return rows


def _movement(year: str) -> Rows:
    reaches = {"DOM": 320.0, "SUBR": 210.0, "REG": 95.0, "TREG": (11.0, 19.0), "_U": 480.0, "_T": 1130.0}
    rows = [observation("victims_by_reach", v, time_period=year, reach=r) for r, v in reaches.items()]
    origins = {"NGA": 88.0, "ROU": 61.0, "BOL": 17.0, "VNM": (5.0, 9.0)}
    rows += [
        observation("flows", v, time_period="2021/2023", citizenship=c, counterpart_area=AREA)
        for c, v in origins.items()
    ]
    citizens = {AREA: 320.0, "NGA": 40.0, "ROU": 30.0, "BOL": (1.0, 4.0), "_U": 480.0}
    rows += [observation("victims_by_citizenship", v, time_period=year, citizenship=c) for c, v in citizens.items()]
    return rows


def _justice() -> Rows:
    rows: Rows = []
    for step, year in enumerate(YEARS):
        for indicator, male, female in (
            ("persons_contacted", 300.0, 110.0), ("persons_prosecuted", 170.0, 64.0), ("persons_convicted", 81.0, 42.0),
        ):  # fmt: skip
            common = {"kind": "_Z", "measure": indicator, "time_period": year}
            rows += [observation(indicator, male + step, sex="M", **common)]
            rows += [observation(indicator, female, sex="F", **common)]
            rows += [observation(indicator, male + female + step, **common)]
    bands = {"NONE": 15.0, "1T9": 25.0, "10T50": 27.0, "GT50": 33.0}
    rows += [
        observation("areas_by_convictions", v, ref_area="001", time_period="2021/2023", band=b, unit="AREA", kind="_Z")
        for b, v in bands.items()
    ]
    ways = {"PANEL": (55.7, (51.0, 60.1)), "POOLED": (38.0, (36.2, 39.9)), "MEDIAN": (41.2, (30.0, 50.5))}
    rows += [
        observation("convicted_share_female", v, ref_area="001", time_period="2022", band=b, unit="PERCENT", kind="_Z",
                    interval=interval)
        for b, (v, interval) in ways.items()
    ]  # fmt: skip
    return rows


def _sdg() -> Rows:
    rows: Rows = []
    for step, year in enumerate(YEARS):
        common = {"unit": "PER_100K", "time_period": year}
        rows += [observation("victims_rate", 1.26 + 0.05 * step, **common)]
        rows += [observation("sdg_16_2_2", 1.26 + 0.05 * step, **common)]
        rows += [observation("sdg_16_2_2", 1050.0 + 40 * step, time_period=year)]
        rows += [observation("sdg_16_2_2", 1.75, sex="F", **common), observation("sdg_16_2_2", 0.71, sex="M", **common)]
        rows += [observation("sdg_16_2_2", 611.0, form="sexual", time_period=year)]
        rows += [observation("sdg_16_2_2", (1.0, 4.0), form="organ_removal", time_period=year)]
    return rows


def _estimates() -> Rows:
    """Estimates of all persons, seen and unseen, with their intervals; one refused."""
    common = {"kind": "estimated", "measure": "victims_estimated", "obs_status": "E"}
    return [
        observation("victims_estimated", 5120.0, interval=(4330.0, 6410.0), **common),
        observation("victims_estimated", 3610.0, interval=(3040.0, 4500.0), sex="F", **common),
        observation("victims_estimated", None, sex="O", **{**common, "obs_status": "O"}),
        observation("victims_estimated_range", None, interval=(3870.0, 9260.0), **common),
        observation("victims_hidden", 1930.0, interval=(1140.0, 3220.0), **{**common, "measure": "victims_hidden"}),
    ]


def _records() -> Rows:
    common = {"unit": "RECORD", "kind": "_Z", "measure": "records", "time_period": "2023"}
    return [observation("records_by_list", v, list=name, **common) for name, v in (("police", 640), ("shelters", 410))]


def _printed() -> Rows:
    """What another office printed of the convicted by citizenship."""
    common = {"kind": "_Z", "measure": "persons_convicted", "time_period": "2023", "list": "police"}
    citizens = {AREA: 61.0, "ROU": 22.0, "NGA": (0.0, 4.0)}
    return [
        observation("published_observations", v, citizenship=c, printed=True, **common) for c, v in citizens.items()
    ]


def make_rows() -> Rows:
    """All rows of the made-up release."""
    made = [*_victims(), *_forms("2023"), *_movement("2023"), *_justice(), *_sdg(), *_estimates()]
    return [*made, *_records(), *_printed()]


def metadata(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "title": "Trafficking in persons in Exampleland", "area": AREA, "area_name": "Exampleland",
        "years": [2021, 2023], "made_up": True,
        "rules": {"forms": "each", "age_in_doubt": "unknown", "k_tables": 5, "k_microdata": 10, "rounding": None},
        "inputs": [
            {"list": "police", "file": "police.csv", "sha256": "ab" * 32, "adapter": "mapped", "read": 1400,
             "accepted": 1388, "quarantined": 12},
            {"list": "shelters", "file": "shelters.xlsx", "sha256": "cd" * 32, "adapter": "htcds", "read": 640,
             "accepted": 640, "quarantined": 0},
        ],
    }  # fmt: skip
    return known | changes


def make_release(rows: Rows, **changes: Any) -> Release:
    """A release of these rows, each with a receipt."""
    receipts = {
        row["receipt_id"]: {"definition": {"id": row["indicator"], "version": "1"}, "lists": ["police", "shelters"],
                            "rows_counted": 2028, "period": row["time_period"], "code_version": "0.1.0+abcdef12"}
        for row in rows
    }  # fmt: skip
    return Release("0123456789abcdef", pa.Table.from_pylist(rows, schema=RELEASED), receipts, metadata(**changes))


@pytest.fixture(scope="session")
def release() -> Release:
    return make_release(make_rows())


@pytest.fixture(scope="session")
def releasing() -> Callable[..., Release]:
    """Make a release of chosen rows: ``releasing(rows, **metadata)``."""
    return make_release


@pytest.fixture(scope="session")
def observed() -> Callable[..., dict[str, Any]]:
    return observation


@pytest.fixture(scope="session")
def rows() -> Rows:
    return make_rows()


@pytest.fixture(scope="session")
def tried() -> dict[str, Any]:
    """What stands around the estimate of everyone."""
    return TRIED


# Uninhabited islands in four subregions stand for countries, so that no number can be taken for that of a real one.
ISLANDS = ("BVT", "SGS", "ATF", "IOT", "HMD", "UMI")
FORMS = ("sexual", "forced_labour", "other")


def _of_island(place: int, island: str, year: str) -> Rows:
    """What one island printed in a year: larger numbers for those further down the list."""
    common = {"ref_area": island, "time_period": year, "list": "questionnaire"}
    size = 10.0 * (place + 1)
    groups = {("F", "Y_GE18"): 5 * size, ("M", "Y_GE18"): 2 * size, ("F", "Y0T17"): (0.0, 4.0), ("M", "Y0T17"): size}
    published = "published_observations"
    rows = [observation(published, 9 * size, **common)]
    for (sex, age), value in groups.items():
        rows.append(observation(published, value, sex=sex, age=age, printed=True, **common))
        rows += [observation(published, size, sex=sex, age=age, form=form, **common) for form in FORMS]
    rows += [observation(published, 4 * size - place, form=form, **common) for form in FORMS]
    citizens = {island: 3 * size, ISLANDS[place - 1]: 40.0, "NZL": (0.0, 4.0)}
    for measure, kind in (("victims_detected", "detected"), ("persons_convicted", "_Z")):
        named = {**common, "measure": measure, "kind": kind}
        rows += [observation(published, v, citizenship=c, printed=True, **named) for c, v in citizens.items()]
    return [*rows, observation(published, 7.0, **{**common, "counterpart_area": "NZL"})]


def _series_of_island(place: int, island: str) -> Rows:
    """Convictions, victims and their rate over eight years; convictions rise, stay or fall with the place."""
    rows: Rows = []
    for step in range(8):
        common = {"ref_area": island, "time_period": str(2016 + step)}
        convicted = [20.0 + 20 * step, 30.0, 200.0 - 20 * step, (0.0, 4.0), 1.0, 3.0][place]
        justice = {**common, "kind": "_Z", "measure": "persons_convicted", "printed": True}
        rows.append(observation("persons_convicted", convicted, **justice))
        rows.append(observation("sdg_16_2_2", 150.0, **common))
        rows.append(observation("victims_rate", 1.5, unit="PER_100K", **common))
    return rows


@pytest.fixture(scope="session")
def several() -> Release:
    """A release of the published figures of several made-up countries."""
    rows = [row for place, island in enumerate(ISLANDS) for row in _series_of_island(place, island)]
    for place, island in enumerate(ISLANDS):
        for year in ("2021", "2022") if island != "UMI" else ("2021",):
            rows += _of_island(place, island, year)
    inputs = [{"list": "questionnaire", "file": "made-up.xlsx", "sha256": "ef" * 32, "adapter": "unodc-tip"}]
    return make_release(rows, area="001", area_name=None, years=[2016, 2023], inputs=inputs)
