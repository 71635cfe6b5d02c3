"""Each figure on the made-up release, with its hidden cells."""

import re

import pytest

from palermo.report.account import last_period, maker_of, sections_of
from palermo.report.amounts import NOT_PUBLISHED, Amount, State, between, exact, written
from palermo.report.draw import drawings
from palermo.report.figures import BY_ID, OF_SEVERAL_COUNTRIES
from palermo.report.figures.convicted import convicted_by_sex
from palermo.report.figures.flows import flows, reach
from palermo.report.figures.forms import form_by_sex_and_age, share_of_people, victims_by_form
from palermo.report.figures.justice import areas_by_convictions, justice_funnel
from palermo.report.figures.people import victims_by_age_and_sex
from palermo.report.figures.profile import country_profile
from palermo.report.figures.sdg import sdg_page
from palermo.report.figures.trend import detected_trend
from palermo.report.labels import WORLD

MAKERS = list(BY_ID.values())
AREA = "DEU"
TODAY = "2023"


def made(make, release):
    return make(release, AREA, TODAY)


def cells(figure):
    """(labels of the row, measure key) -> amount."""
    return {
        (*(text for _, text in row.stubs), measure.key): amount
        for row in figure.table.rows
        for measure, amount in zip(figure.table.measures, row.amounts, strict=True)
    }


def numbers_in(text):
    return {float(found.replace(",", "")) for found in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", text)}


OF_ONE_COUNTRY = [make for make in MAKERS if make not in OF_SEVERAL_COUNTRIES]


@pytest.mark.parametrize("make", OF_ONE_COUNTRY)
def test_a_figure_has_title_table_words_and_receipts(release, make):
    figure = made(make, release)
    assert not figure.missing
    assert "Exampleland" in figure.title or "the world" in figure.title
    assert re.search(r", (\d{4}|\d{4}\u2013\d{4})$", figure.title)
    assert figure.table.rows
    assert figure.alt
    assert figure.receipts
    assert set(figure.receipts) <= set(release.receipts)
    assert figure.made_up


@pytest.mark.parametrize("make", MAKERS)
def test_a_figure_of_an_empty_release_says_why_it_is_missing(releasing, make):
    figure = made(make, releasing([]))
    assert figure.missing.endswith(".")
    assert figure.title
    assert figure.marks == ()
    assert drawings(figure) == ()


@pytest.mark.parametrize(("name", "make"), BY_ID.items())
def test_a_figure_is_found_by_the_id_that_it_bears(release, releasing, name, make):
    assert {made(make, release).id, made(make, releasing([])).id} == {name}
    assert maker_of(name, WORLD) is make
    assert maker_of(name, AREA) is (None if make in OF_SEVERAL_COUNTRIES else make)


def test_nobody_makes_a_figure_that_stands_only_among_others():
    assert maker_of("E2", AREA) is maker_of("no figure", WORLD) is None


@pytest.mark.parametrize("make", MAKERS)
def test_a_hidden_number_is_never_written_as_zero(release, make):
    figure = made(make, release)
    for row in figure.table.rows:
        for measure, amount in zip(figure.table.measures, row.amounts, strict=True):
            if not amount.is_exact:
                assert written(amount, measure.decimals) not in {"0", "0.0", "0.00", ""}


@pytest.mark.parametrize("make", MAKERS)
def test_numbers_in_sentences_are_those_of_the_table(release, make):
    figure = made(make, release)
    shown = {2021.0, 2022.0, 2023.0, 100.0, 100000.0, 10.0, 15.0, 6.0}  # years, names, baseline, counts
    shown |= numbers_in(" ".join(text for row in figure.table.rows for _, text in row.stubs))
    for row in figure.table.rows:
        for measure, amount in zip(figure.table.measures, row.amounts, strict=True):
            for decimals in {0, 1, measure.decimals}:
                shown |= numbers_in(written(amount, decimals).replace("\u2013", " "))
                shown |= numbers_in(written(amount, decimals, "%").replace("\u2013", " "))
    for sentence in figure.text:
        if not re.search(r"together were|Children were|% more|% less", sentence):
            assert numbers_in(sentence.replace("SDG 16.2.2", "")) <= shown, sentence


def test_p1_shares_are_of_people_whose_sex_and_age_are_known(release):
    figure = made(victims_by_age_and_sex, release)
    found = cells(figure)
    women = found["Female", "Adults", "share"]
    assert women.value == pytest.approx(100 * 570 / 1080)
    assert found["Not asked", "Not asked", "share"].state is State.NOT_APPLICABLE
    assert "Based on information on 1,080 of 1,130 people detected." in figure.note
    assert figure.text[1:] == ("Women and girls together were 73%.", "Children were 31%.")


def test_p1_with_a_hidden_group_gives_ranges(releasing, observed):
    rows = [
        observed("victims_by_sex_age", value, time_period=TODAY, sex=sex, age=age)
        for sex, age, value in (("F", "Y_GE18", 50.0), ("M", "Y_GE18", 30.0), ("F", "Y0T17", 20.0),
                                ("M", "Y0T17", (0.0, 5.0)))
    ]  # fmt: skip
    figure = made(victims_by_age_and_sex, releasing(rows))
    found = cells(figure)
    women = found["Female", "Adults", "share"]
    assert (women.floor, women.ceiling) == (pytest.approx(100 * 50 / 105), 50.0)
    assert found["Male", "Children", "persons"].state is State.HIDDEN


def test_p3_hidden_form_keeps_its_range_and_zero_stays_zero(release):
    found = cells(made(victims_by_form, release))
    assert written(found["Removal of organs", "persons"]) == "hidden (1\u20134)"
    assert found["Forced marriage", "persons"].value == 0
    assert found["Sexual exploitation", "share"].value == pytest.approx(100 * 611 / 918)
    assert found["Not known", "share"].state is State.NOT_APPLICABLE


def test_p3_says_how_several_forms_count(release, releasing, rows):
    assert "more than 100%" in made(victims_by_form, release).note
    mixed = releasing(rows, rules={"forms": "mixed"})
    assert "counts once" in made(victims_by_form, mixed).note


def test_p5_has_a_panel_for_each_group_on_one_scale(release):
    figure = made(form_by_sex_and_age, release)
    assert [panel.title for panel in figure.marks] == ["Women", "Men", "Girls", "Boys"]
    assert {panel.most for panel in figure.marks} == {100.0}
    assert cells(figure)["Boys", "Forced begging", "persons"].state is State.HIDDEN


def test_l2_uses_the_rate_where_there_is_one(release):
    figure = made(detected_trend, release)
    assert figure.title == "Detected victims per 100,000 people, by year, in Exampleland, 2021\u20132023"
    assert cells(figure)["2023", "victims_rate"].value == pytest.approx(1.36)


def test_l2_without_a_rate_shows_numbers_and_says_so(releasing, rows):
    figure = made(detected_trend, releasing([row for row in rows if row["unit"] != "PER_100K"]))
    assert figure.title.startswith("Number of detected victims")
    assert "holds no rate" in figure.subtitle


def test_f1_of_a_hidden_reach_is_drawn_as_bars(release):
    figure = made(reach, release)
    assert cells(figure)["Transregional", "persons"].state is State.HIDDEN
    assert cells(figure)["Domestic", "share"].state is State.DERIVED_RANGE


def test_f4_counts_flows_and_names_the_largest(release):
    figure = made(flows, release)
    assert cells(figure)["Flows", "", "number"].value == 4
    assert "from Nigeria to Exampleland, with 88 people" in figure.text[0]
    assert figure.title.endswith("2021\u20132023")


def test_c3_shares_of_areas(release):
    assert cells(made(areas_by_convictions, release))["10 to 50 convictions", "share"].value == pytest.approx(27)


def test_c5_follows_the_cohort(release):
    figure = made(justice_funnel, release)
    assert [bar.label for bar in figure.marks[0].bars] == [
        "In contact with police, 2021", "Prosecuted, 2022", "Convicted, 2023",
    ]  # fmt: skip
    assert cells(figure)["2021", "convicted_per_100"].value == pytest.approx(100 * 125 / 410)


def test_c5_does_not_draw_stages_of_different_units(releasing, rows):
    changed = [row | {"unit": "CONVICTION"} if row["indicator"] == "persons_convicted" else row for row in rows]
    figure = made(justice_funnel, releasing(changed))
    assert figure.marks == ()
    assert "different units" in figure.note
    assert figure.table.rows


def test_c6_sets_three_ways_side_by_side_with_intervals_and_the_baseline(release):
    figure = made(convicted_by_sex, release)
    found = {row.stubs[0][0]: row.amounts for row in figure.table.rows}
    assert found["PANEL"][2].value == pytest.approx(55.7)
    assert (found["PANEL"][3].low, found["PANEL"][3].high) == (51.0, 60.1)
    assert set(found) >= {"PANEL", "POOLED", "MEDIAN"}
    assert "10\u201315%" in figure.note
    assert "A/71/223" in figure.note


def test_s1_names_the_series(release):
    figure = made(sdg_page, release)
    series = {row.stubs[0][0] for row in figure.table.rows}
    assert {"VC_HTF_DETV", "VC_HTF_DETVSX", "VC_HTF_DETVOG"} <= series


def test_n1_has_victims_and_justice_in_blocks_of_their_own(release):
    groups = {row.group for row in made(country_profile, release).table.rows}
    assert {"Victims detected", "Victims by age and sex", "Convicted"} <= groups


def test_the_last_period_is_that_of_the_account(release, releasing):
    assert last_period(release) == TODAY
    assert last_period(releasing([], years=None)) == "_T"
    assert len([f for *_, group in sections_of(release) for f in group]) == len(OF_ONE_COUNTRY)


def test_c5_shows_the_ratios_that_the_release_holds(releasing, rows, observed):
    held = observed("justice_funnel", 0.25, time_period="2021", unit="RATIO", kind="_Z", measure="persons_convicted")
    found = cells(made(justice_funnel, releasing([*rows, held])))
    assert found["2021", "convicted_per_100"].value == 25.0
    assert found["2021", "prosecuted_per_100"].value == pytest.approx(100 * 235 / 410)


def test_people_of_a_group_of_areas_come_from_the_printed_sums(releasing, observed):
    printed = [
        observed("victims_trend_pooled", value, ref_area="001", time_period="2011", sex=sex, age=age)
        for sex, age, value in (("F", "Y_GE18", 49.0), ("M", "Y_GE18", 17.0), ("F", "Y0T17", 21.0),
                                ("M", "Y0T17", 13.0), ("_T", "_T", 140.0))
    ]  # fmt: skip
    figure = victims_by_age_and_sex(releasing(printed, area="001", area_name=None), "001", "2011")
    assert cells(figure)["Female", "Adults", "share"].value == pytest.approx(49)
    assert figure.title.endswith("in the world, 2011")


def test_an_account_never_shows_another_country(releasing, observed):
    other = [observed("sdg_16_2_2", 9.0, ref_area="FRA", time_period="2023")]
    assert sdg_page(releasing(other), AREA, TODAY).missing


def test_shares_of_a_form_hold_whatever_the_hidden_numbers_are():
    assert share_of_people(Amount(2, 6, State.HIDDEN), between(10, 20)) == between(10, 60)
    assert share_of_people(exact(5), between(5, 10)) == between(50, 100)
    assert share_of_people(Amount(0, 6, State.HIDDEN), between(0, 20)) == NOT_PUBLISHED
    assert share_of_people(exact(0), exact(0)) == NOT_PUBLISHED


def test_l2_says_that_rates_are_hidden(releasing, rows, observed):
    hidden = [row | {"value": None, "lower": None, "upper": None, "obs_status": "Q", "conf_status": "C"}
              if row["unit"] == "PER_100K" else row for row in rows]  # fmt: skip
    figure = made(detected_trend, releasing(hidden))
    assert "rates are hidden" in figure.subtitle
    assert cells(figure)["2023", "victims_rate"].state is State.HIDDEN
    assert "rates are hidden" in made(sdg_page, releasing(hidden)).subtitle


def test_a_form_or_flow_is_called_largest_only_where_it_surely_is(releasing, rows):
    def blurred(row):
        return row | {"value": None, "lower": 0.0, "upper": 2000.0, "obs_status": "Q", "conf_status": "C"}

    unsure = [blurred(row) if "organ_removal" in row.values() or "VNM" in row.values() else row for row in rows]
    assert made(victims_by_form, releasing(unsure)).text[0].startswith("Among the forms were")
    assert "largest flow was" not in made(flows, releasing(unsure)).text[0]
    assert made(victims_by_form, releasing(rows)).text[0].startswith("The forms with most people")
