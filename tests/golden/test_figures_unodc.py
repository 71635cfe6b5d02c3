"""Figures of the published numbers of UNODC: what the report A/71/223 prints of them, and how large drawings become."""

from pathlib import Path

import pytest

from palermo.report.account import sections_of
from palermo.report.amounts import State
from palermo.report.draw import drawings, read_geometry
from palermo.report.figures.convicted import convicted_by_sex
from palermo.report.figures.people import people_rows, share_children, share_female, victims_by_age_and_sex
from palermo.report.figures.regions import parts_by_subregion
from palermo.report.reading import Release

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
UNODC = SHARED / "unodc-glotip" / "data_glotip_20250414.xlsx"
WORLD_MAP = SHARED / "world-map" / "countries-110m.json"
pytestmark = pytest.mark.skipif(not UNODC.exists(), reason="needs ../shared/data/unodc-glotip")


@pytest.fixture
def release(unodc_release) -> Release:
    return unodc_release


def test_p1_of_2011_agrees_with_paragraph_9(release) -> None:
    """Paragraph 9: 70 per cent women and girls, 33 per cent children, about half women, two of three children girls."""
    figure = victims_by_age_and_sex(release, "001", "2011")
    assert "2011" in figure.title
    rows = people_rows(release, "victims_trend_pooled", "001", "2011")
    women = figure.table.rows[0].amounts[1]
    female, children = share_female(rows), share_children(rows)
    assert female.floor < 70 < female.ceiling
    assert round(children.floor) == 33  # printed cells of "<5" at their least, as the printed shares take them
    assert 45 < women.floor <= women.ceiling < 50
    girls, boys = rows["F", "Y0T17"].amount, rows["M", "Y0T17"].amount
    assert girls.floor / (girls.floor + boys.ceiling) < 0.63 < girls.ceiling / (girls.ceiling + boys.floor)  # of 3, two


@pytest.mark.parametrize("area", ["001", "150", "DEU"])
def test_drawings_of_many_countries_stay_small(release, area) -> None:
    figures = [figure for *_, group in sections_of(release, area, "2021") for figure in group]
    filled = {figure.id for figure in figures if not figure.missing}
    assert {"P1", "P2", "P3", "P4", "P5", "P6", "F2", "F3", "F5", "F6", "C7"} <= filled
    for figure in figures:
        assert all(len(drawing.encode()) < 25_000 for drawing in drawings(figure)), figure.id


def test_no_share_of_a_region_is_given_where_it_could_be_anything(release) -> None:
    figure = parts_by_subregion(release, "001", "2022")
    cells = [amount for row in figure.table.rows for amount in row.amounts[1:]]
    assert not any(amount.floor <= 0 and amount.ceiling >= 100 for amount in cells if amount.is_known)
    assert any(amount.state is State.NOT_PUBLISHED for amount in cells)


@pytest.mark.skipif(not WORLD_MAP.exists(), reason="needs ../shared/data/world-map")
def test_a_choropleth_from_a_real_map_stays_small_and_shows_every_country(release) -> None:
    shapes = read_geometry(WORLD_MAP)
    assert len({shape.code for shape in shapes if shape.code}) > 170
    figure = parts_by_subregion(release, "001", "2022")
    made = drawings(figure, shapes)
    assert all(len(drawing.encode()) < 25_000 for drawing in made)
    assert all("<title" in drawing and "nan" not in drawing for drawing in made)
    assert "acceptance by the United Nations" in figure.note


def test_the_title_of_c6_names_the_year_that_it_shows(release) -> None:
    """Sexes of the convicted are printed from 2017 on: asked for 2011, the figure shows 2017 and says so."""
    figure = convicted_by_sex(release, "001", "2011")
    assert "2017" in figure.title
    assert all("2017" in row.stubs[0][1] for row in figure.table.rows)
