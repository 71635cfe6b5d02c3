"""The engine against counting by hand, row by row."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.account.axes import Axis, Frame
from palermo.account.definition import definitions
from palermo.account.engine import columns_of, counted, families, finest_cells, outside, roll_up, selected
from palermo.codes import ages
from palermo.engine import opened
from palermo.linkage.schema import PERSONS
from palermo.settings import Rules

FORMS = st.one_of(
    st.lists(st.sampled_from(["sexual", "sexual_slavery", "begging", "other"]), min_size=1, max_size=3, unique=True),
    st.sampled_from([["_U"], ["_N"]]),
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "status": st.sampled_from(["presumed", "identified", "declined", "_U", "_N", "not_victim"]),
            "year": st.sampled_from([2019, 2020, None]),
            "sex": st.sampled_from(["F", "M", "O", "_U", "_N"]),
            "age_band": st.sampled_from(["Y0T17", "Y9T17", "Y_GE18", "Y16T20", "_U", "_N"]),
            "age": st.sampled_from([None, None, 12, 30]),
            "forms": FORMS,
            "services": st.sampled_from([["_U"], ["_N"], ["shelter"], ["legal", "medical"]]),
        }
    ),
    min_size=1,
    max_size=25,
)


def cells_of(people: list[dict], folder, definition_id: str):
    rows = [
        {field.name: person.get(field.name, [] if pa.types.is_list(field.type) else None) for field in PERSONS}
        for person in people
    ]
    path = folder / "persons.parquet"
    pq.write_table(pa.Table.from_pylist(rows, PERSONS), path)
    definition = definitions()[definition_id]
    with opened() as engine:
        cells = finest_cells(engine, [path], columns_of(definition), "persons", definition.settings.get("bands", ()))
    return definition, selected(definition, cells)


def as_dict(columns, counts) -> dict[tuple[str, ...], float]:
    keys = zip(*[columns[name].to_pylist() for name in columns], strict=True)
    return dict(zip(keys, counts.tolist(), strict=True))


def group_of(person: dict) -> str:
    return ages.group_of_age(person["age"]) if person["age"] is not None else ages.age_group(person["age_band"])


def form_codes(person: dict, rule: str) -> list[str]:
    if rule == "each":
        return person["forms"]
    narrow = set(person["forms"]) - ({"sexual"} if "sexual_slavery" in person["forms"] else set())
    return [narrow.pop()] if len(narrow) == 1 else ["_M"]


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.sampled_from(["each", "mixed"]), st.sampled_from(["unknown", "child"]))
def test_every_cell_is_what_counting_by_hand_gives(tmp_path_factory, people, forms, in_doubt) -> None:
    definition, cells = cells_of(people, tmp_path_factory.mktemp("p"), "victims_by_form_sex_age")
    frame = Frame("DEU", Rules(forms=forms, age_in_doubt=in_doubt))
    found = as_dict(*counted(definition, cells, frame))
    expected: Counter = Counter()
    for person in people:
        if person["status"] == "not_victim":
            continue
        age = group_of(person)
        age = "Y0T17" if age == "_U" and in_doubt == "child" else age
        year = "_U" if person["year"] is None else str(person["year"])
        for y in (year, "_T"):
            for s in (person["sex"], "_T"):
                for a in (age, "_T"):
                    for f in (*form_codes(person, forms), "_T"):
                        expected[y, s, a, f] += 1
    assert {key: count for key, count in found.items() if count} == dict(expected)


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_forms_add_up_to_the_total_or_more_and_mixed_exactly(tmp_path_factory, people) -> None:
    definition, cells = cells_of(people, tmp_path_factory.mktemp("p"), "victims_by_form_sex_age")
    for rule in ("each", "mixed"):
        found = as_dict(*counted(definition, cells, Frame("DEU", Rules(forms=rule))))
        whole = {key[:3]: count for key, count in found.items() if key[3] == "_T"}
        for cell, count in whole.items():
            parts = sum(value for key, value in found.items() if key[:3] == cell and key[3] != "_T")
            assert parts == count if rule == "mixed" else parts >= count


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_assisted_are_detected_with_a_service(tmp_path_factory, people) -> None:
    definition, cells = cells_of(people, tmp_path_factory.mktemp("p"), "victims_assisted_by_sex_age")
    with_service = [p for p in people if p["status"] != "not_victim" and p["services"][0] not in {"_U", "_N"}]
    found = as_dict(*counted(definition, cells, Frame("DEU", Rules())))
    if all(p["services"] == ["_N"] for p in people if p["status"] != "not_victim"):
        assert not found  # nobody was asked: that is not zero
    else:
        assert found["_T", "_T", "_T"] == len(with_service)


def test_a_year_in_which_nobody_was_asked_for_services_has_no_zero(tmp_path) -> None:
    people = [
        {"sex": "F", "age_band": "Y_GE18", "year": 2019, "services": ["_N"]},
        {"sex": "F", "age_band": "Y_GE18", "year": 2020, "services": ["_U"]},
        {"sex": "M", "age_band": "Y_GE18", "year": 2021, "services": ["shelter"]},
    ]
    definition, cells = cells_of(people, tmp_path, "victims_assisted_by_sex_age")
    found = as_dict(*counted(definition, cells, Frame("DEU", Rules())))
    assert ("2019", "_T", "_T") not in found
    assert [found[year, "_T", "_T"] for year in ("2020", "2021", "_T")] == [0, 1, 1]


def test_bands_lie_within_their_age_group(tmp_path) -> None:
    people = [
        {"age_band": "Y5", "sex": "F", "year": 2020},  # a single year: in the band 0 to 8
        {"age_band": "Y9T17", "sex": "F", "year": 2020},
        {"age_band": "Y16T20", "sex": "F", "year": 2020},  # spans 18
        {"age_band": "_U", "age": 30, "sex": "F", "year": 2020},
    ]
    definition, cells = cells_of(people, tmp_path, "victims_by_age_band")
    found = as_dict(*counted(definition, cells, Frame("DEU", Rules())))
    assert {key[1:]: value for key, value in found.items() if key[0] == "_T" and value} == {
        ("Y0T17", "Y0T8"): 1,
        ("Y0T17", "Y9T17"): 1,
        ("Y0T17", "_T"): 2,
        ("Y_GE18", "Y30T38"): 1,
        ("Y_GE18", "_T"): 1,
        ("_U", "Y16T20"): 1,
        ("_U", "_T"): 1,
        ("_T", "_T"): 4,
    }


def test_years_beyond_the_account_are_left_out_and_counted(tmp_path) -> None:
    people = [{"year": year, "sex": "F"} for year in (2018, 2019, 2019, None, 2025)]
    _, cells = cells_of(people, tmp_path, "victims_by_sex_age")
    kept, left_out = outside(cells, "year", (2019, 2020))
    assert (kept.counts.sum(), left_out) == (3, 2)
    assert outside(cells, "year", None) == (cells, 0)


def test_columns_that_no_definition_crosses_are_grouped_apart() -> None:
    known = definitions()
    made = families(
        [known[name] for name in ("victims_by_sex_age", "victims_by_form_sex_age", "victims_by_reach", "flows")]
    )
    assert sorted(map(sorted, made)) == [
        ["adult", "age_band", "forms", "sex"],
        ["citizenship", "destination", "origin"],
    ]


def test_roll_up_needs_no_axis_and_keeps_what_has_no_total() -> None:
    axis = Axis("sex", ("F", "M"), np.array([0, 1, 0]))
    counts, labels = roll_up([axis], np.array([1.0, 2.0, 4.0]), no_total=("sex",))
    assert (counts.tolist(), labels) == ([5.0, 2.0], [["F", "M"]])
    counts, labels = roll_up([], np.array([1.0, 2.0]))
    assert (counts.tolist(), labels) == (3.0, [])


@pytest.mark.parametrize("name", sorted(definitions()))
def test_each_definition_says_what_counts_and_from_where(name: str) -> None:
    definition = definitions()[name]
    assert len(definition.words) > 40
    assert definition.source
    assert definition.version
    assert all(later >= 0 and origin in definitions() for origin, later in definition.derived_from)
