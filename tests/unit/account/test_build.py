"""Accounts of made-up persons: what counts, what is zero, what is left out and said."""

import pytest

from palermo.account.receipts import explain
from palermo.errors import UsageError
from palermo.rounded_words import about
from palermo.settings import Rules

PERSON = {"status": "identified", "year": 2020, "sex": "F", "age_band": "Y_GE18", "forms": ["sexual"]}


def test_zero_is_a_row_and_absent_is_not(build) -> None:
    made = build(persons=[PERSON, {**PERSON, "year": 2021, "sex": "M"}])
    for sex in ("F", "M", "_U", "_T"):
        for age in ("Y0T17", "Y_GE18", "_U", "_T"):
            assert len(made.find("victims_by_sex_age", time_period="2020", sex=sex, age=age)) == 1
    assert made.value("victims_by_sex_age", time_period="2020", sex="M") == 0
    assert made.find("victims_by_sex_age", time_period="2019") == []
    assert made.value("victims_by_form_sex_age", time_period="2020", form="_U") == 0
    assert made.find("victims_by_sex_age", sex="_N") == []  # nobody has it in any year
    assert made.find("victims_by_form_sex_age", form="begging") == []


def test_a_code_that_occurs_in_one_year_is_zero_in_the_others(build) -> None:
    people = [PERSON, {**PERSON, "year": 2021, "sex": "_N", "age_band": "_N", "forms": ["_N"]}]
    made = build(persons=people)
    for code in ({"sex": "_N"}, {"age": "_N"}):
        assert made.value("victims_by_sex_age", time_period="2020", **code) == 0
        assert made.value("victims_by_sex_age", time_period="2021", **code) == 1
        assert made.value("victims_assisted_by_sex_age", time_period="2021", **code) == 0
    assert made.value("victims_by_form_sex_age", time_period="2020", form="_N") == 0


def test_every_status_but_not_victim_is_detected(build) -> None:
    statuses = ("presumed", "identified", "confirmed", "declined", "_U", "_N", "not_victim")
    made = build(persons=[{**PERSON, "status": status} for status in statuses])
    assert made.value("victims_by_sex_age", time_period="_T") == 6


def test_assisted_is_another_kind(build) -> None:
    made = build(persons=[{**PERSON, "services": ["shelter"]}, {**PERSON, "services": ["_N"]}])
    rows = made.find("victims_assisted_by_sex_age", time_period="2020", sex="_T", age="_T")
    assert [(row["value"], row["kind"], row["measure"]) for row in rows] == [(1, "assisted", "victims_assisted")]


def test_unknown_years_stand_apart_and_others_are_left_out(build) -> None:
    people = [{**PERSON, "year": year} for year in (2018, 2020, None)]
    made = build(persons=people, years=(2020, 2021))
    assert made.value("victims_by_sex_age", time_period="_T") == 2
    assert made.value("victims_by_sex_age", time_period="_U") == 1
    assert made.find("victims_by_sex_age", time_period="2018") == []
    assert any("other years" in note and "Fewer than 10" in note for note in made.notes)


def test_reach_falls_back_to_citizenship_and_to_the_country_of_the_account(build) -> None:
    people = [
        {**PERSON, "origin": "NGA", "citizenship": "DEU", "destination": "DEU"},  # origin goes before citizenship
        {**PERSON, "origin": "_U", "citizenship": "FRA", "destination": "_N"},  # to the country of the account
        {**PERSON, "origin": "_N", "citizenship": "DEU", "destination": "DEU"},
        {**PERSON, "origin": "_U", "citizenship": "_U"},
    ]
    made = build(persons=people)
    found = {
        code: made.value("victims_by_reach", time_period="2020", reach=code) for code in ("DOM", "SUBR", "TREG", "_U")
    }
    assert found == {"DOM": 1, "SUBR": 1, "TREG": 1, "_U": 1}


def test_flows_are_pairs_of_five_or_more_over_the_period(build) -> None:
    people = [{**PERSON, "origin": "NGA", "year": 2019 + number % 3} for number in range(5)]
    people += [{**PERSON, "origin": "BEN"}] * 4
    made = build(persons=people)
    found = [
        (row["citizenship"], row["counterpart_area"], row["time_period"], row["value"]) for row in made.find("flows")
    ]
    assert found == [("NGA", "DEU", "2019/2021", 5)]


def test_records_are_counted_by_list_and_are_not_persons(build) -> None:
    made = build(persons=[PERSON], cases=[{"list": "police", "year": 2020}, {"list": "shelter", "year": 2020}] * 2)
    rows = made.find("records_by_list", time_period="2020")
    assert {row["list"]: (row["value"], row["unit"]) for row in rows} == {
        "police": (2, "RECORD"),
        "shelter": (2, "RECORD"),
        "_T": (4, "RECORD"),
    }


def test_suspects_fill_the_funnel_with_a_year_per_stage(build) -> None:
    suspects = [{"sex": "M", "contact_year": 2018, "prosecuted_year": 2019, "convicted_year": 2020}] * 2
    suspects += [{"sex": "F", "contact_year": 2018}] * 2
    suspects += [{"sex": "F", "convicted_year": 2020}]
    made = build(suspects=suspects)
    assert made.value("persons_contacted", time_period="2018") == 4
    assert made.value("persons_prosecuted", time_period="2019", sex="F") == 0
    ratios = {
        (row["measure"], row["sex"]): row["value"] for row in made.find("justice_funnel", time_period="2018", age="_T")
    }
    assert ratios["persons_prosecuted", "_T"] == 0.5
    assert ratios["persons_convicted", "_T"] == 0.75
    assert ("persons_convicted", "O") not in ratios  # nobody in contact: no ratio
    share = made.find("convicted_share_female", time_period="2020")
    assert [(row["band"], round(row["value"], 1)) for row in share] == [("POOLED", 33.3)]
    assert all(row["confidential"] for row in made.rows)


def test_sdg_groups_that_are_one_form_are_its_cell_and_others_name_their_series(build) -> None:
    people = [
        {**PERSON, "forms": forms} for forms in (["sexual"], ["forced_labour", "domestic_servitude"], ["begging"])
    ]
    made = build(persons=people)
    found = {
        (row["form"], row["band"]): row["value"]
        for row in made.find("sdg_16_2_2", time_period="2020", sex="_T", age="_T")
    }
    assert found == {
        ("_T", "_Z"): 3,
        ("sexual", "_Z"): 1,
        ("forced_labour", "VC_HTF_DETVFL"): 1,
        ("other", "VC_HTF_DETVOP"): 1,
    }
    mixed = build(persons=people, rules=Rules(forms="mixed"))
    assert {row["form"] for row in mixed.find("sdg_16_2_2")} == {"_T"}


def test_no_population_no_rate_and_a_note_says_so(build) -> None:
    made = build(persons=[PERSON])
    assert made.find("victims_rate") == []
    assert any("no rates" in note for note in made.notes)


def test_rates_stand_beside_their_counts_with_the_same_codes(build, tmp_path) -> None:
    file = tmp_path / "population.csv"
    file.write_text("area,year,sex,age,persons\nDEU,2020,_T,_T,200000\nDEU,2020,F,_T,100000\n")
    made = build(persons=[PERSON] * 3, population=file)
    assert made.value("victims_rate", time_period="2020") == 1.5
    row = made.find("victims_rate", time_period="2020", sex="F")[0]
    told = explain(made.folder / "receipts.json", row["receipt_id"])
    assert "Population of this group: 100,000." in told
    assert "File population.csv" in told
    assert made.value("victims_rate", time_period="2020", sex="F") == 3
    assert made.find("victims_rate", sex="M") == []
    assert made.find("victims_rate", time_period="_T") == []
    rates = made.find("sdg_16_2_2", unit="PER_100K", time_period="2020", sex="_T", form="sexual")
    assert [row["value"] for row in rates] == [1.5]


def test_same_input_same_bytes(build) -> None:
    people = [
        {**PERSON, "sex": sex, "forms": forms} for sex in "FM" for forms in (["sexual"], ["begging", "other"])
    ] * 3
    first = build(persons=people)
    before = {file.name: file.read_bytes() for file in first.folder.iterdir()}
    second = build(persons=people)
    assert {file.name: file.read_bytes() for file in second.folder.iterdir()} == before
    assert set(before) == {"cube.parquet", "receipts.json", "estimates.json"}


def test_a_person_table_without_persons_makes_no_figures_up(build) -> None:
    made = build(persons=[{**PERSON, "status": "not_victim"}])
    assert all(row["value"] == 0 for row in made.rows)


def test_nothing_to_count_is_an_error(build) -> None:
    with pytest.raises(UsageError, match="nothing to count"):
        build()


def test_numbers_in_notes_do_not_tell_of_few() -> None:
    assert about(9) == "fewer than 10"
    assert about(1_234) == "about 1,230"


def test_progress_is_told_step_by_step(build) -> None:
    told = []
    build(persons=[PERSON], progress=lambda done, total, text: told.append((done, total, text)))
    assert [done for done, _, _ in told] == [0, 1, 2, 3, 4]
    assert told[-1] == (4, 5, "receipts")


def test_a_population_without_the_area_gives_no_rate_and_a_note(build, tmp_path) -> None:
    file = tmp_path / "population.csv"
    file.write_text("area,year,sex,age,persons\nFRA,2020,_T,_T,200000\n")
    made = build(persons=[PERSON], population=file)
    assert made.find("victims_rate") == []
    assert any("population.csv has no figure" in note for note in made.notes)


def test_children_in_doubt_and_mixed_forms_are_said_in_notes(build) -> None:
    people = [{**PERSON, "age_band": "_U", "forms": ["sexual", "begging"]}]
    made = build(persons=people, rules=Rules(forms="mixed", age_in_doubt="child"))
    assert made.value("victims_by_sex_age", time_period="2020", age="Y0T17") == 1
    assert made.value("victims_by_form_sex_age", time_period="2020", form="_M") == 1
    assert "Persons whose age is in doubt count as children." in made.notes
    assert any("several forms" in note for note in made.notes)


def test_a_narrow_band_is_not_zero_in_a_year_whose_lists_say_only_child_or_adult(build) -> None:
    people = [{"year": 2019, "age_band": "Y0T17"}] * 3 + [{"year": 2020, "age": 4}, {"year": 2020, "age": 12}] * 2
    account = build(persons=[*people, {"year": 2021, "age": 4}])
    bands = {
        year: {row["band"] for row in account.find("victims_by_age_band", time_period=year)}
        for year in ("2019", "2021")
    }
    assert "Y0T8" not in bands["2019"] and "Y9T17" not in bands["2019"]
    assert {"Y0T8", "Y9T17"} <= bands["2021"]
    assert account.value("victims_by_age_band", time_period="2021", age="Y0T17", band="Y9T17") == 0


def test_reach_is_unknown_and_not_zero_where_neither_origin_nor_citizenship_was_asked(build) -> None:
    unasked = {"year": 2019, "citizenship": "_N", "origin": "_N"}
    account = build(persons=[unasked, unasked, {"year": 2020, "citizenship": "DEU", "origin": "_N"}])
    assert {row["reach"]: row["value"] for row in account.find("victims_by_reach", time_period="2019")} == {
        "_U": 2,
        "_T": 2,
    }
    assert account.value("victims_by_reach", time_period="2020", reach="TREG") == 0


def test_a_stage_that_no_list_tells_has_no_figure(build) -> None:
    account = build(suspects=[{"contact_year": 2020, "sex": "F"}, {"contact_year": 2021, "sex": "M"}])
    assert account.value("persons_contacted", time_period="2020", sex="M") == 0
    assert not account.find("persons_convicted")
