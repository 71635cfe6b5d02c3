"""Figures of published numbers against a second computation, from the raw rows of the workbook of UNODC alone.

It shares with Palermo the reading of country names and the regions of M49, and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from palermo.codes import areas
from palermo.intake.shapes.unodc import is_leaked_code
from palermo.intake.shapes.unodc_countries import read_country
from palermo.report.account import sections_of
from palermo.report.amounts import Amount
from palermo.report.figure import Figure

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
WORKBOOK = SHARED / "unodc-glotip" / "data_glotip_20250414.xlsx"
pytestmark = pytest.mark.skipif(not WORKBOOK.exists(), reason="needs ../shared/data/unodc-glotip")

Range = tuple[float, float]
VICTIMS, CONTACTED = "Detected trafficking victims", "Persons brought into formal contact"
PROSECUTED, CONVICTED = "Persons prosecuted", "Persons convicted"
PEOPLE = [("Female", "18 years or over"), ("Male", "18 years or over"), ("Female", "0 to 17 years")]
PEOPLE += [("Male", "0 to 17 years")]
PEOPLE_CODES = ["F_Y_GE18", "M_Y_GE18", "F_Y0T17", "M_Y0T17"]
FORMS = {"Sexual exploitation": "sexual", "Forced labour": "forced_labour", "Other forms of exploitation": "other"}
WHOLE = ("Total", "Total", "Total")
YEARS = (2014, 2020, 2022)


class Raw:
    """(indicator, dimension) -> (country, year) -> (category, sex, age) -> range."""

    def __init__(self) -> None:
        cells = CalamineWorkbook.from_path(WORKBOOK).get_sheet_by_index(0).to_python()
        self.cells: dict = defaultdict(lambda: defaultdict(dict))
        for row in cells[3:]:
            iso, country, _region, _sub, indicator, dimension, category, sex, age, year, _unit, text, _source = row
            text = str(text).removesuffix(".0")
            if is_leaked_code(str(category), text):
                continue
            low, high = (0.0, 4.0) if text == "<5" else (float(text.replace(",", "")),) * 2
            here = self.cells[indicator, dimension][iso or areas.match(country), int(year)]
            key = (str(category), sex, age)
            before = here.get(key, (0.0, 0.0))
            here[key] = (before[0] + low, before[1] + high)  # rows of one key are parts

    def of_year(self, indicator: str, dimension: str, year: int, within: set[str]) -> dict[str, dict]:
        table = self.cells[indicator, dimension]
        return {iso: table[iso, year] for iso in within if (iso, year) in table}

    def latest(self, dimension: str, year: int, within: set[str], keys: list) -> list[dict]:
        """Victims: of each country the latest year of three that has every key."""
        found: dict[str, dict] = {}
        for when in range(year - 2, year + 1):
            of_year = self.of_year(VICTIMS, dimension, when, within).items()
            found |= {iso: cells for iso, cells in of_year if all(key in cells for key in keys)}
        return list(found.values())


def plus(ranges: Iterable[Range]) -> Range:
    kept = list(ranges)
    return sum(one[0] for one in kept), sum(one[1] for one in kept)


def share(part: Range, rest: Range) -> Range:
    return 100 * part[0] / (part[0] + rest[1]), 100 * part[1] / (part[1] + rest[0])


def same(amount: Amount, wanted: Range) -> bool:
    return (amount.floor, amount.ceiling) == pytest.approx(wanted, abs=1e-4)


def rows(figure: Figure) -> Iterator[tuple[tuple[str, ...], dict[str, Amount]]]:
    for row in figure.table.rows:
        keys = [measure.key for measure in figure.table.measures]
        yield tuple(code for code, _label in row.stubs), dict(zip(keys, row.amounts, strict=True))


@pytest.fixture(scope="module")
def raw() -> Raw:
    return Raw()


@pytest.fixture(scope="module")
def figures(unodc_release) -> dict:
    made = {}
    for area in ("001", "150"):
        for year in YEARS:
            sections = sections_of(unodc_release, area, str(year))
            made[area, year] = {figure.id: figure for *_, group in sections for figure in group}
    return made


@pytest.fixture(params=[(area, year) for area in ("001", "150") for year in YEARS], ids=lambda p: f"{p[0]}-{p[1]}")
def at(request, raw, figures):
    area, year = request.param
    within = {iso for tables in raw.cells.values() for iso, _year in tables if iso}
    if area != "001":
        within = {iso for iso in within if areas.region(iso) == area}
    return raw, figures[area, year], year, within


def test_people_by_sex_and_age(at) -> None:
    raw, made, year, within = at
    keys = [("Total", *people) for people in PEOPLE]
    if made["P1"].title.endswith(f", {year}") and "001" in made["P1"].observations[0]["ref_area"]:
        of = list(raw.of_year(VICTIMS, "Total", year, within).values())
    else:
        of = raw.latest("Total", year, within, keys)
    parts = {
        code: plus(cells[key] for cells in of if key in cells) for code, key in zip(PEOPLE_CODES, keys, strict=True)
    }
    found = {"_".join(codes): amounts for codes, amounts in rows(made["P1"])}
    for code, number in parts.items():
        assert same(found[code]["persons"], number)
        low, high = share(number, plus(other for name, other in parts.items() if name != code))
        assert low - 1e-6 <= found[code]["share"].floor <= found[code]["share"].ceiling <= high + 1e-6


def test_people_by_form(at) -> None:
    raw, made, year, within = at
    of = raw.latest("by form of exploitation", year, within, [(form, "Total", "Total") for form in FORMS])
    parts = {code: plus(cells[form, "Total", "Total"] for cells in of) for form, code in FORMS.items()}
    for (code,), amounts in rows(made["P3"]):
        assert same(amounts["persons"], parts[code])
        assert same(amounts["share"], share(parts[code], plus(x for name, x in parts.items() if name != code)))


def test_forms_of_women_men_girls_and_boys(at) -> None:
    raw, made, year, within = at
    keys = [(form, *people) for people in PEOPLE for form in FORMS]
    of = raw.latest("by form of exploitation", year, within, keys)
    wanted = {
        (code.replace("_", " ", 1), FORMS[form]): plus(cells[form, *people] for cells in of)
        for code, people in zip(PEOPLE_CODES, PEOPLE, strict=True)
        for form in FORMS
    }
    for codes, amounts in rows(made["P5"]):
        assert same(amounts["persons"], wanted[codes])


def test_reach_and_flows(at) -> None:
    raw, made, year, within = at
    found: dict[str, dict[str, Range]] = {}
    for when in range(year - 2, year + 1):
        for iso, cells in raw.of_year(VICTIMS, "by citizenship", when, within).items():
            read = {category: read_country(category, iso) for (category, *_) in cells}
            known = {read[category].code: number for (category, *_), number in cells.items() if read[category]}
            found |= {iso: known} if known else {}
    reached: dict[str, list[Range]] = defaultdict(list)
    flows, counted = 0, set()
    for iso, origins in found.items():
        for origin, number in origins.items():
            if origin not in {"_U", "_T", "STATELESS"}:
                reached[areas.reach(origin, iso)].append(number)
                flows += number[0] >= 5
                counted.add(iso)
    for (reach,), amounts in rows(made["F1"]):
        assert same(amounts["persons"], plus(reached[reach]))
    assert made["F4"].table.rows[0].amounts[0].floor == flows
    assert all(f" {len(counted)} countries" in made[one].note for one in ("F1", "F2", "F3", "F4", "F5"))


def test_contact_prosecution_conviction(at) -> None:
    raw, made, _year, within = at
    stages = {"contacted": (CONTACTED, 0), "prosecuted": (PROSECUTED, 1), "convicted": (CONVICTED, 2)}
    if "the world" in made["C5"].title:  # the account of the world holds these stages for countries and the world alone
        within = {iso for tables in raw.cells.values() for iso, _year in tables if iso}
    for (year,), amounts in rows(made["C5"]):
        for key, (indicator, later) in stages.items():
            cells = raw.of_year(indicator, "Total", int(year) + later, within).values()
            if amounts[key].is_known:
                assert same(amounts[key], plus(one[WHOLE] for one in cells if WHOLE in one))


def test_few_convictions_and_many_victims(at) -> None:
    raw, made, year, within = at
    means: dict[str, dict[str, Range]] = defaultdict(dict)
    for indicator in (VICTIMS, CONVICTED):
        numbers: dict[str, list[Range]] = defaultdict(list)
        for when in range(year - 2, year + 1):
            for iso, cells in raw.of_year(indicator, "Total", when, within).items():
                if WHOLE in cells:
                    numbers[iso].append(cells[WHOLE])
        for iso, known in numbers.items():
            means[iso][indicator] = tuple(side / len(known) for side in plus(known))
    both = {iso: of for iso, of in means.items() if len(of) == 2}
    wanted = {iso for iso, of in both.items() if of[CONVICTED][1] < 10 and of[VICTIMS][0] >= 100}
    found = dict(rows(made["C9"]))
    assert {code for (code,) in found} == wanted
    for (code,), amounts in found.items():
        assert same(amounts["victims"], both[code][VICTIMS])


def test_victims_of_every_year(raw, figures) -> None:
    """L2: all countries together, and the same countries in each of the last ten years."""
    everywhere = {iso for tables in raw.cells.values() for iso, _year in tables if iso}
    of_year = {year: raw.of_year(VICTIMS, "Total", year, everywhere) for year in range(2003, 2023)}
    always = [iso for iso in everywhere if all(WHOLE in of_year[year].get(iso, {}) for year in range(2013, 2023))]
    shown = dict(rows(figures["001", 2022]["L2"]))
    assert len(shown) == 16
    for (year,), amounts in shown.items():
        cells = of_year[int(year)]
        assert same(amounts["victims_trend_pooled"], plus(one[WHOLE] for one in cells.values() if WHOLE in one))
        if amounts["victims_trend_panel"].is_known:
            assert same(amounts["victims_trend_panel"], plus(cells[iso][WHOLE] for iso in always))
