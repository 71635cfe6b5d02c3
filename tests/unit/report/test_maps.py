"""Tiles, arcs, bands and shapes: every area has its place, and nothing is lost in drawing."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.codes import areas
from palermo.errors import UsageError
from palermo.language import speaking
from palermo.report.amounts import NOT_PUBLISHED, Amount, State, between, exact
from palermo.report.draw import PAPER, SCREEN, equal_earth, read_geometry
from palermo.report.draw.arcs import draw_arcs
from palermo.report.draw.choropleth import draw_choropleth, small_areas
from palermo.report.draw.sankey import draw_sankey
from palermo.report.draw.stacks import draw_stacks
from palermo.report.draw.svg import BOX_WIDTH
from palermo.report.draw.tile_map import blocks_of, draw_tile_map
from palermo.report.draw.tiles import rows_of_tiles
from palermo.report.marks import Arcs, AreaMap, Band, Bar, Link, Quantity, Sankey, StackRow, Stacks

PEOPLE = Quantity("detected", "PERSON")
MAP = AreaMap((Band("a", "First", "first"), Band("b", "Open", "range")), (("MLT", "a"), ("FRA", "b")), PEOPLE)


def test_every_country_and_area_has_one_tile_in_its_subregion():
    placed = [(sub, code) for sub, rows in rows_of_tiles().items() for row in rows for code in row]
    assert sorted(code for _sub, code in placed) == sorted(a.code for a in areas.countries() if a.code != "XXA")
    assert all((areas.subregion(code) or "") == sub for sub, code in placed)
    assert all(len(row) <= 7 for rows in rows_of_tiles().values() for row in rows)


@pytest.mark.parametrize("layout", [SCREEN, PAPER])
@pytest.mark.parametrize("language", ["en", "ar", "ru", "zh"])
def test_tiles_lie_within_the_map_and_never_on_each_other(language, layout):
    with speaking(language):
        blocks, height = blocks_of(frozenset({"XXA"}), layout)
    assert {block.subregion for block in blocks} == set(rows_of_tiles())
    places = {code: place for block in blocks for code, place in block.tiles.items()}
    assert "XXA" in places
    assert len(set(places.values())) == len(places)
    assert all(0 <= x <= layout.width - 20 and 0 <= y <= height for x, y in places.values())


def test_a_made_up_country_has_a_tile_only_where_it_is_shown():
    blocks, _height = blocks_of(frozenset())
    assert not any("XXA" in block.tiles for block in blocks)


def test_an_area_without_a_figure_is_drawn_as_such_and_a_range_is_hatched():
    _height, parts = draw_tile_map(MAP, "m")
    drawing = "".join(parts)
    assert "no-figure" in drawing and "url(#m-range)" in drawing and ">MLT</tspan>" in drawing
    assert "No figure" in drawing


def test_arcs_are_numbered_and_broken_where_their_number_is_open():
    links = (
        Link("NGA", "ITA", exact(100), "Nigeria to Italy"),
        Link("VNM", "FRA", between(5, 9), "Viet Nam to France"),
    )
    _height, parts = draw_arcs(Arcs(links, PEOPLE), "a")
    drawing = "".join(parts)
    assert drawing.count("stroke-dasharray") == 1
    assert "Nigeria to Italy: 100" in drawing and "Viet Nam to France: 5\u20139" in drawing
    assert drawing.count("arc-rank") == 4


def test_numbers_of_arcs_on_one_tile_stand_side_by_side_within_the_drawing():
    links = tuple(Link(code, "CAN", exact(9), code) for code in ("NGA", "VNM")) + tuple(
        Link("CAN", code, exact(5), code) for code in ("NGA", "VNM", "JPN")
    )
    _height, parts = draw_arcs(Arcs(links, PEOPLE), "a")
    found = re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)" r="6.5"', "".join(parts))
    numbers = [(float(x), float(y)) for x, y in found[: len(links)]]
    for place, (x, y) in enumerate(numbers):
        assert 6.5 <= x <= 322 - 6.5
        assert all(abs(x - other) >= 13 or abs(y - level) >= 13 for other, level in numbers[:place])


def test_bands_are_as_wide_as_sure_and_hatched_as_wide_as_may_be():
    links = (Link("A", "X", exact(300)), Link("A", "Y", between(0, 300)), Link("B", "X", exact(400)))
    _height, parts = draw_sankey(Sankey(links, PEOPLE), "s")
    assert sum("url(#s-range)" in part for part in parts) == 1
    assert "300\u2013600" in "".join(parts)


def test_bands_turn_around_where_one_reads_from_the_right():
    drawing = Sankey((Link("A", "X", exact(3)),), PEOPLE)
    starts = []
    for language in ("en", "ar"):
        with speaking(language):
            starts += re.findall(r'd="M([\d.]+) [\d.]+C', "".join(draw_sankey(drawing, "s")[1]))[:1]
    assert float(starts[0]) == pytest.approx(BOX_WIDTH - float(starts[1]), abs=0.1)


def test_a_flow_that_nothing_bounds_is_drawn_open_and_small():
    links = (Link("A", "X", exact(900)), Link("B", "Y", Amount(100, None, State.HIDDEN)))
    height, parts = draw_sankey(Sankey(links, PEOPLE), "s")
    drawing = "".join(parts)
    assert "nan" not in drawing and "inf" not in drawing
    assert height > 250
    bars = [float(high) for high in re.findall(r'<rect [^>]*width="7" height="([\d.]+)"', drawing)]
    assert bars[0] > 6 * bars[1] > 100
    assert drawing.count("url(#s-range)") == 1


def test_of_a_flow_that_is_not_published_no_band_is_drawn():
    links = (Link("A", "X", exact(900)), Link("A", "Y", NOT_PUBLISHED))
    drawing = "".join(draw_sankey(Sankey(links, PEOPLE), "s")[1])
    assert "url(#s-range)" not in drawing and "not published" in drawing


@pytest.mark.parametrize("width", [SCREEN.width, PAPER.width])
def test_names_stand_beside_the_bands_and_never_on_them(width):
    links = tuple(Link(f"Name of the place {n}", "Latin America and the Caribbean", exact(n)) for n in range(1, 5))
    _height, parts = draw_sankey(Sankey(links, PEOPLE), "s", width)
    drawing = "".join(parts)
    ends = [(float(x1), float(x2)) for x1, x2 in re.findall(r'd="M([\d.]+) [^"]*? ([\d.]+) [\d.]+v', drawing)]
    labels = re.findall(r'<text x="([\d.]+)" y="[\d.]+" class="flow-label"( text-anchor="end")?>', drawing)
    assert ends and labels
    assert all(float(x) < ends[0][0] if anchor else float(x) > ends[0][1] for x, anchor in labels)
    assert ends[0][1] - ends[0][0] > width / 5


def test_what_ranges_leave_open_of_a_stack_is_hatched_at_its_end():
    share = Quantity("detected", "PERCENT")
    rows = (StackRow("2022", (Bar("A", exact(60), share, "first"), Bar("B", between(10, 40), share, "second"))),)
    _height, parts = draw_stacks(Stacks(rows), "k")
    hatched = [part for part in parts if "url(#k-range)" in part and "%" in part]
    assert len(hatched) == 1
    assert 'width="25.8%"' in hatched[0]  # 30 of 100, of the width beside the labels


def square(code, west, south, size=20.0, **properties):
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": code, "properties": properties, "geometry": geometry}


@pytest.fixture
def shapes(tmp_path):
    file = tmp_path / "map.json"
    features = [square("250", 0, 40), square("", 30, 40, ISO_A3="POL"), square("", 60, 10, name="Nowhere")]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return read_geometry(file)


def test_shapes_are_known_by_number_or_property_and_else_by_none(shapes):
    assert [shape.code for shape in shapes] == ["FRA", "POL", ""]


def test_a_topology_is_read_with_its_arcs_turned_and_joined(tmp_path):
    file = tmp_path / "map.topojson"
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [0, 40]},
        "arcs": [[[0, 0], [20, 0], [0, 20]], [[0, 0], [0, 20], [20, 0]]],
        "objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[0, -2]], "id": "250"}]}},
    }
    file.write_text(json.dumps(topology))
    (shape,) = read_geometry(file)
    assert shape.rings == (((0, 40), (10, 40), (10, 50), (0, 50), (0, 40)),)


@pytest.mark.parametrize(
    "content", ["no json", "[]", '{"type": "Point"}', '{"type": "FeatureCollection"}',
                '{"type": "FeatureCollection", "features": []}', '{"type": "Topology", "arcs": [], "objects": {}}'],
)  # fmt: skip
def test_a_file_that_is_no_map_is_refused_with_its_name(tmp_path, content):
    file = tmp_path / "map.json"
    file.write_text(content)
    with pytest.raises(UsageError, match=r"map\.json"):
        read_geometry(file)


def test_a_missing_map_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        read_geometry(tmp_path / "none.json")


def test_small_states_are_dots_and_unknown_land_has_no_figure(shapes):
    _height, parts = draw_choropleth(MAP, shapes, "c")
    drawing = "".join(parts)
    assert drawing.count("dot") >= 1 and "MLT" in small_areas()
    assert 'class="land"' in drawing


def test_the_equal_earth_projection_has_the_published_extent():
    assert equal_earth.project(180, 0)[0] == pytest.approx(equal_earth.HALF_WIDTH, abs=1e-6)
    assert equal_earth.project(0, 90)[1] == pytest.approx(equal_earth.HALF_HEIGHT, abs=1e-6)
    assert equal_earth.project(0, 0) == (0, 0)


def test_a_ring_over_180_degrees_is_cut_in_two():
    pieces = equal_earth.cut([(170, 0), (-170, 0), (-170, 10), (170, 10), (170, 0)])
    assert len(pieces) == 2
    assert {max(x for x, _y in piece) for piece in pieces} == {180.0, -170.0}


def test_a_ring_around_a_pole_is_led_along_it():
    ring = [(float(x), -70.0) for x in (-180, -90, 0, 90, 179)]
    assert min(y for piece in equal_earth.cut(ring) for _x, y in piece) == -90.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=40), st.floats(0.1, 5))
def test_simplifying_keeps_the_ends_and_moves_no_line_further_than_allowed(points, tolerance):
    kept = equal_earth.simplified(points, tolerance)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert set(kept) <= set(points)
