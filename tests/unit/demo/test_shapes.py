"""File and mapping are made from one declaration; here they meet the reader of mappings and the code lists."""

from dataclasses import replace
from datetime import date

import pytest

from palermo.codes import code_list
from palermo.demo import facts
from palermo.demo.identities import Written
from palermo.demo.lists import HOTLINE, POLICE, SHAPES, SHELTER
from palermo.demo.records import Record
from palermo.demo.shapes import mapping_toml, misspelt
from palermo.intake.mapping import load_mapping

RECORD = Record(
    record_id="P000001",
    person=0,
    person_key="R-0000001",
    identity=Written("Zevwox", "Qovvixglo", "2003-02-01", "Zevbruton"),
    day=date(2021, 3, 5),
    status="identified",
    sex="F",
    age=0,
    age_in_doubt=False,
    citizenship="NAM",
    origin="_U",
    destination="XXA",
    forms=("sexual", "begging"),
    means=(),
    recruiter="family",
    context="none",
    services=(),
)


def cells(shape, **changes):
    return dict(zip(shape.headers, shape.row(replace(RECORD, **changes)), strict=True))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_mapping_of_each_list_loads_and_knows_every_column(shape, tmp_path):
    path = tmp_path / f"{shape.name}.toml"
    path.write_text(mapping_toml(shape), encoding="utf-8")
    mapping = load_mapping(path)
    assert mapping.source_columns() | set(mapping.ignored) == set(shape.headers)
    assert mapping.source_columns().isdisjoint(mapping.ignored)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_what_says_who_a_person_is_goes_to_no_column_of_the_cases(shape):
    identifying = {column.identity: column for column in shape.columns if column.identity}
    assert all(not column.target for column in identifying.values())
    assert shape.name == "hotline" or {"birth_date", "place"} < set(identifying)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_word_stands_for_a_code_of_its_list(shape):
    lists = {"sex": "sex", "age_band": "age", "forms": "form", "means": "means", "recruiter": "recruiter"}
    lists |= {"status": "victim_status", "context": "context", "services": "service"}
    for column in shape.columns:
        if column.target in lists:
            for code in (*column.words, *filter(None, [column.flag])):
                assert code in code_list(lists[column.target])
        assert len(set(column.words.values())) == len(column.words)
    assert shape.source_type in code_list("source_type")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_no_misspelt_word_is_a_word_of_the_list_or_of_its_code_list(shape):
    for column in shape.columns:
        if column.target == "forms":
            for word in column.words.values():
                assert misspelt(word) not in column.words.values()
                assert code_list("form").match(misspelt(word)) is None
    assert misspelt("yes") not in {"yes", "no"}
    assert misspelt("aaa") == "aaaa"


def test_a_baby_is_written_0_and_an_unknown_age_is_not():
    assert cells(POLICE)["Age"] == "0"
    assert cells(POLICE, age=None)["Age"] == "unknown"
    assert cells(POLICE, age=None, age_in_doubt=True)["Age"] == "in doubt"
    assert cells(SHELTER, age=None)["Age at arrival"] == ""
    assert cells(HOTLINE)["Tranche d'âge"] == "moins de 12 ans"
    assert cells(HOTLINE, age=None)["Tranche d'âge"] == "inconnu"


def test_no_form_known_leaves_all_flags_blank_and_no_help_given_says_no():
    blank = cells(SHELTER, forms=())
    assert {text for header, text in blank.items() if header.startswith("Form:")} == {""}
    assert {text for header, text in blank.items() if header.startswith("Help:")} == {"no"}
    known = cells(SHELTER)
    assert known["Form: begging"] == "yes"
    assert known["Form: surrogacy"] == "no"


def test_a_list_writes_its_own_words():
    row = cells(POLICE)
    assert row["Registered on"] == "05/03/2021"
    assert row["Exploitation"] == "sexual exploitation / begging"
    assert row["Recruited in"] == "unknown"
    assert row["made_up"] == facts.MADE_UP


@pytest.mark.parametrize(
    ("fault", "header", "text"),
    [
        ("misspelt code", "Exploitation", "sxeual exploitation / begging"),
        ("impossible date", "Registered on", "39/02/2021"),
        ("age not a number", "Age", "0l"),
    ],
)
def test_a_fault_spoils_the_cell_where_it_belongs(fault, header, text):
    whole, faulty = cells(POLICE), cells(POLICE, fault=fault)
    assert faulty[header] == text
    assert {key for key in whole if whole[key] != faulty[key]} == {header}


def test_a_torn_row_has_one_cell_too_many():
    torn = replace(RECORD, fault="torn row")
    assert len(POLICE.row(torn)) == len(POLICE.headers) + 1


def test_a_year_is_spoilt_where_there_is_no_date():
    assert cells(HOTLINE, fault="impossible date")["Année"] == "2O21"
