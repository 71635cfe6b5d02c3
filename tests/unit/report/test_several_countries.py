"""Every figure on a release of several countries, and what each of them says."""

import pytest

from palermo.language import speaking
from palermo.report.account import sections_of
from palermo.report.amounts import exact
from palermo.report.draw import drawings
from palermo.report.figures.citizenship import convicted_by_citizenship, nationals_among_victims
from palermo.report.figures.conviction_gap import few_convictions_many_victims
from palermo.report.figures.conviction_rate import convictions_per_100k
from palermo.report.figures.conviction_trend import convictions_rising_or_falling, trend_of
from palermo.report.figures.coverage import coverage
from palermo.report.figures.criminalisation import criminalisation_by_year, years_of_the_offence
from palermo.report.figures.flows import flows, reach
from palermo.report.figures.forms import form_by_sex_and_age, victims_by_form
from palermo.report.figures.forms_over_time import forms_over_time
from palermo.report.figures.main_flows import transregional_flows
from palermo.report.figures.origins import destinations_by_origin, origins_by_destination
from palermo.report.figures.people import victims_by_age_and_sex
from palermo.report.figures.people_over_time import people_over_time
from palermo.report.figures.people_within_forms import people_within_forms
from palermo.report.figures.regions import children_by_subregion, largest, parts_by_subregion

FILLED = [
    coverage, victims_by_age_and_sex, victims_by_form, form_by_sex_and_age, people_within_forms, people_over_time,
    forms_over_time, parts_by_subregion, children_by_subregion, origins_by_destination, destinations_by_origin,
    transregional_flows, reach, flows, nationals_among_victims, convicted_by_citizenship, convictions_rising_or_falling,
    convictions_per_100k, few_convictions_many_victims,
]  # fmt: skip


def cells(figure):
    """(codes of the row, measure key) -> amount."""
    return {
        (*(code for code, _ in row.stubs), measure.key): amount
        for row in figure.table.rows
        for measure, amount in zip(figure.table.measures, row.amounts, strict=True)
    }


def bounds(amount):
    return amount.floor, amount.ceiling


@pytest.mark.parametrize("make", FILLED)
def test_a_figure_of_several_countries_is_filled_and_drawn(several, make):
    figure = make(several, "001", "2023")
    assert not figure.missing
    assert figure.table.rows and figure.receipts and figure.alt and figure.made_up
    made = drawings(figure)
    assert made
    for drawing in made:
        assert "<title" in drawing and "<desc" in drawing and "MADE UP DATA" in drawing
        assert len(drawing.encode()) < 25_000


@pytest.mark.parametrize("make", FILLED)
@pytest.mark.parametrize("language", ["ar", "zh"])
def test_a_figure_is_drawn_in_other_directions_and_scripts(several, make, language):
    with speaking(language):
        for drawing in drawings(make(several, "001", "2023")):
            assert "nan" not in drawing
            assert len(drawing.encode()) < 30_000


def test_people_of_a_region_come_from_its_countries_with_their_ranges(several):
    found = cells(victims_by_age_and_sex(several, "001", "2023"))
    assert found["F_Y_GE18", "persons"] == exact(5 * 210.0)
    assert bounds(found["F_Y0T17", "persons"]) == (0.0, 24.0)
    assert found["F_Y0T17", "share"].floor == 0
    assert found["F_Y0T17", "share"].ceiling == pytest.approx(100 * 24 / (8 * 210 + 24))


def test_a_country_that_leaves_out_a_part_is_not_in_the_shares(several, releasing):
    rows = [row for row in several.cube.to_pylist() if not (row["ref_area"] == "UMI" and row["age"] == "Y0T17")]
    fewer = releasing(rows, **several.metadata)
    assert cells(victims_by_age_and_sex(fewer, "001", "2023"))["F_Y_GE18", "persons"] == exact(5 * 150.0)


def test_subregions_stand_side_by_side(several):
    found = cells(parts_by_subregion(several, "001", "2023"))
    assert {key[0] for key in found} == {"202", "419", "053", "057"}
    assert found["419", "areas"] == exact(2)
    assert found["419", "sexual"].is_exact


def test_the_largest_group_is_named_only_where_it_is_sure(several):
    assert largest({"a": exact(5), "b": exact(4)}) == "a"
    assert largest({"a": exact(5), "b": exact(5)}) == "open"
    people, forms = parts_by_subregion(several, "001", "2023").marks
    assert dict(people.areas)["HMD"] == "F_Y_GE18"
    assert set(dict(forms.areas).values()) == {"open"}


def test_children_are_a_range(several):
    share = cells(children_by_subregion(several, "001", "2023"))["057", "share"]
    assert bounds(share) == pytest.approx((100 * 60 / 480, 100 * 64 / 484))


def test_origins_and_destinations_show_the_same_people(several):
    by_destination = origins_by_destination(several, "001", "2023")
    by_origin = destinations_by_origin(several, "001", "2023")
    ends = [
        sum(amount.floor for key, amount in cells(f).items() if key[-1] == "persons")
        for f in (by_destination, by_origin)
    ]
    assert ends[0] == ends[1] == 3 * 210 + 6 * 40
    assert cells(by_destination)["419", "419", "persons"].floor == 3 * 30 + 40


def test_flows_between_regions_have_a_share_at_their_destination(several):
    found = cells(transregional_flows(several, "001", "2023"))
    assert found["UMI", "BVT", "persons"] == exact(40)
    assert bounds(found["UMI", "BVT", "share"]) == pytest.approx((100 * 40 / 74, 100 * 40 / 70))
    assert ("BVT", "SGS", "persons") not in found


def test_nationals_and_foreigners_with_those_brought_back_apart(several):
    found = cells(nationals_among_victims(several, "001", "2023"))
    assert found["419", "returned"] == exact(14)
    assert bounds(found["053", "persons"]) == (190.0, 194.0)
    assert cells(convicted_by_citizenship(several, "001", "2023"))["053", "nationals"].floor == pytest.approx(
        100 * 150 / 194
    )


def test_a_country_that_does_not_print_its_nationals_does_not_count(several, releasing):
    rows = [row for row in several.cube.to_pylist() if not (row["ref_area"] == row["citizenship"] == "HMD")]
    fewer = releasing(rows, **several.metadata)
    assert "053" not in {key[0] for key in cells(nationals_among_victims(fewer, "001", "2023"))}


def test_trends_of_convictions(several):
    found = cells(convictions_rising_or_falling(several, "001", "2023"))
    assert bounds(found["rising", "areas"]) == (1, 2)
    assert bounds(found["stable", "areas"]) == (3, 4)
    assert bounds(found["falling", "areas"]) == (1, 2)


@pytest.mark.parametrize(
    ("before", "after", "classes"),
    [(100, 100, {"stable"}), (100, 140, {"rising"}), (100, 62, {"falling"}), (1, 3, {"stable"}), (0, 0, {"stable"})],
)
def test_a_trend_is_a_difference_that_chance_would_seldom_bring(before, after, classes):
    assert trend_of(exact(before), exact(after)) == classes


def test_convictions_per_100_000_use_the_population_behind_the_rate(several):
    one = cells(convictions_per_100k(several, "BVT", "2023"))
    assert one["2016", "rate"].value == pytest.approx(20 / 100)  # 150 people at 1.5 per 100,000: 10 million
    group = cells(convictions_per_100k(several, "001", "2023"))
    assert bounds(group["2016", "rate"]) == pytest.approx((254 / 600, 258 / 600))


def test_few_convictions_and_many_victims_only_where_both_are_sure(several):
    assert {row.stubs[0][0] for row in few_convictions_many_victims(several, "001", "2023").table.rows} == {
        "IOT",
        "HMD",
        "UMI",
    }


@pytest.mark.parametrize("make", [criminalisation_by_year, years_of_the_offence])
def test_laws_are_not_made_up(several, make):
    figure = make(several, "001", "2023")
    assert "holds no laws" in figure.missing
    assert not figure.marks


def test_laws_are_shown_where_a_release_holds_them(releasing, observed):
    common = {"ref_area": "001", "unit": "AREA", "kind": "_Z", "measure": "areas"}
    rows = [
        observed("areas_by_criminalisation", 10.0 * (place + 1), time_period=year, band=band, **common)
        for year in ("2022", "2023")
        for place, band in enumerate(("NONE", "PARTIAL", "FULL"))
    ]
    rows.append(observed("areas_by_years_of_offence", 12.0, time_period="2023", band="GE15", **common))
    release = releasing(rows, area="001", area_name=None)
    assert cells(criminalisation_by_year(release, "001", "2023"))["2023", "FULL"] == exact(30)
    assert len(drawings(criminalisation_by_year(release, "001", "2023"))) == 1
    assert cells(years_of_the_offence(release, "001", "2023"))["GE15", "areas"] == exact(12)


def test_coverage_counts_areas_and_their_share(several, releasing, observed):
    found = cells(coverage(several, "001", "2023"))
    assert (found["419", "areas"], found["419", "all"]) == (exact(2), exact(52))
    assert found["021", "areas"] == exact(0)
    assert ("021", "population") not in found
    people = [
        observed("population", 100.0, ref_area=code, time_period="2022", kind="_Z")
        for code in ("HMD", "CCK", "CXR", "AUS", "NFK", "NZL")
    ]
    wider = cells(coverage(releasing([*several.cube.to_pylist(), *people], **several.metadata), "001", "2023"))
    assert wider["053", "population"].value == pytest.approx(100 / 6)
    assert not wider["419", "population"].is_known


def test_what_compares_countries_is_left_out_for_one_country(several):
    def ids(area):
        return {figure.id for *_, figures in sections_of(several, area, "2023") for figure in figures}

    assert {"P7", "P8", "C1", "C2", "C4", "C9"} <= ids("001")
    assert not {"P7", "P8", "C1", "C2", "C4", "C9"} & ids("BVT")


def test_forms_counted_from_records_are_never_stacked(release):
    figure = forms_over_time(release, "DEU", "2023")
    assert [type(drawing).__name__ for drawing in figure.marks] == ["Bars"] * len(figure.marks)
    assert cells(figure)["organ_removal", "2023"].floor > 0


def test_origins_of_one_country_come_from_its_flows(release):
    found = cells(origins_by_destination(release, "DEU", "2023"))
    assert found["DEU", "NGA", "persons"] == exact(88)
    assert bounds(found["DEU", "VNM", "persons"]) == (5.0, 9.0)


def test_a_pair_that_may_be_a_flow_makes_their_number_a_range(several, releasing, observed):
    found = cells(flows(several, "001", "2023"))
    assert found["", "", "number"].value in {6, 12}
    printed = {"ref_area": "BVT", "time_period": "2022", "list": "questionnaire", "printed": True}
    rows = [
        observed("published_observations", v, citizenship=c, **printed) for c, v in (("NZL", 9.0), ("AUS", (2.0, 6.0)))
    ]
    counted = flows(releasing(rows, **several.metadata), "001", "2023").table.rows[0].amounts[0]
    assert bounds(counted) == (1, 2)


def test_reach_of_published_figures_is_that_of_the_citizenship(several):
    share = cells(reach(several, "001", "2023"))
    assert share["DOM", "persons"] == exact(3 * 210)
    assert bounds(share["SUBR", "persons"]) == (80, 84)
    assert share["DOM", "share"].floor > 60


def test_published_forms_of_several_countries_are_told_with_their_years(several):
    figure = victims_by_form(several, "001", "2023")
    (told,) = figure.text
    assert told.startswith("Of the people whose form of exploitation is published, 2021–2023: sexual exploitation ")
