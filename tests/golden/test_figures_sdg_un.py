"""SDG 16.2.2 from the workbook of UNODC against the series of the UN's own database (release 2019.Q2.G.01)."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SERIES = SHARED / "un-sdg-16-2-2" / "Indicator_16.2.2_Series_VC_HTF_DETV.json.gz"
pytestmark = pytest.mark.skipif(
    not SERIES.exists() or not (SHARED / "unodc-glotip").exists(),
    reason="needs ../shared/data/un-sdg-16-2-2 and unodc-glotip",
)


def values(node: Any, area: str = "") -> Iterator[tuple[tuple[str, str], float]]:
    """(area, year) and value, wherever they stand in the file."""
    if isinstance(node, dict):
        area = node.get("ISO3") or area
        if "timePeriod" in node:
            yield (area, str(node["timePeriod"])), float(node["value_numeric_part"])
        for part in node.values():
            yield from values(part, area)
    elif isinstance(node, list):
        for part in node:
            yield from values(part, area)


@pytest.fixture(scope="module")
def found(unodc_release) -> dict[str, Counter[str]]:
    """Countries and years of the UN's total by year: equal, within our range, different, not in ours."""
    rows = [row for row in unodc_release.observations("sdg_16_2_2") if row.unit == "PERSON"]
    ours = {
        (row["ref_area"], row["time_period"]): row.amount
        for row in rows
        if (row["sex"], row["age"], row["form"]) == ("_T", "_T", "_T")
    }
    result: dict[str, Counter[str]] = {}
    with gzip.open(SERIES, "rt", encoding="utf-8") as file:
        for key, value in values(json.load(file)):
            amount = ours.get(key)
            if amount is None:
                verdict = "absent"
            elif amount.floor == amount.ceiling == value:
                verdict = "equal"
            else:
                verdict = "within" if amount.floor <= value <= amount.ceiling else "differs"
            result.setdefault(key[1], Counter())[verdict] += 1
    return result


def test_country_years_of_the_un_stand_in_ours(found) -> None:
    """Of 943 that both have, 777 are equal and 82 stand in the range of a cell printed as "<5"."""
    total = sum(found.values(), Counter())
    assert total == {"equal": 777, "within": 82, "differs": 84, "absent": 55}


def test_most_differences_are_the_year_that_the_un_had_not_finished(found) -> None:
    """The UN's release of 2019 holds 2017 in part. Before it, 36 of 878 differ, by later revisions."""
    assert found["2017"]["differs"] == 48
    assert sum(counts["differs"] for year, counts in found.items() if year < "2017") == 36


def test_what_is_absent_is_mostly_before_the_workbook_begins(found) -> None:
    """The workbook prints totals from 2007; the UN's database holds zeros of 2003 to 2006."""
    early = sum(counts["absent"] for year, counts in found.items() if year < "2007")
    assert early == 30
    assert not any(counts["equal"] for year, counts in found.items() if year < "2007")
