"""The stage between linkage and account on made-up persons: what it compares, what it refuses, what it leaves out."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.hidden.joined import capture_table, lists_held, read_people
from palermo.hidden.links import Links
from palermo.hidden.reading import from_frame, from_persons
from palermo.hidden.schema import STAGE_ESTIMATES
from palermo.hidden.stage import StageInputs, build_hidden, headlines
from palermo.intake.schema import CASES
from palermo.linkage.persons import build_persons
from palermo.linkage.schema import PAIR_RATES
from palermo.settings import Hidden, Rules

LISTS = ("clinic", "hotline", "police")
SEVERAL = {"transit", "forms", "means", "recruiter", "sector", "context", "services"}


def record(name: str, number: int, key: str | None, **values) -> dict:
    row = {column: ["_U"] if column in SEVERAL else "_U" for column in CASES.names}
    row |= {"date": None, "age": None, "year": 2020, "source_row": number + 1}
    return row | {"list": name, "record_id": f"{name}-{number}", "person_key": key} | values


def country(keyed: bool = True, size: int = 900) -> dict[str, list[dict]]:
    """Three independent lists of a made-up country; the truth is ``size`` persons."""
    draws = np.random.default_rng(3).random((size, len(LISTS)))
    rows: dict[str, list[dict]] = {name: [] for name in LISTS}
    for person, place in product(range(size), range(len(LISTS))):
        if draws[person, place] < (0.4, 0.3, 0.35)[place]:
            about = {"sex": "F" if person % 3 else "M", "age": 30 if person % 2 else 12, "year": 2020 + person % 2}
            name = LISTS[place]
            rows[name].append(record(name, len(rows[name]), f"k{person}" if keyed else None, **about))
    return rows


def inputs(tmp_path: Path, rows: dict[str, list[dict]], **settings) -> StageInputs:
    files = []
    for name, own in rows.items():
        files.append(tmp_path / f"{name}.cases.parquet")
        pq.write_table(pa.Table.from_pylist(own, CASES), files[-1])
    build_persons(files, tmp_path / "persons.parquet")
    asked = Hidden(**{"bootstrap": 50, "by": ("sex",), **settings})
    return StageInputs(tmp_path / "persons.parquet", tuple(files), None, Rules(), asked)


def test_the_truth_of_independent_lists_lies_in_the_interval(tmp_path: Path) -> None:
    result = build_hidden(inputs(tmp_path, country()), tmp_path / "hidden")
    rows = {row["stratum"]: row for row in headlines(result.estimates)}
    assert not result.refusal
    assert result.lists == LISTS
    assert set(rows) == {"_T", "sex=F", "sex=M"}
    assert rows["_T"]["lower"] <= 900 <= rows["_T"]["upper"]
    assert rows["_T"]["lowest"] <= rows["_T"]["lower"]
    assert rows["_T"]["highest"] >= rows["_T"]["upper"]
    assert rows["_T"]["detected"] == rows["_T"]["used"] < rows["_T"]["estimate"]
    assert pq.read_schema(result.estimates).names == STAGE_ESTIMATES.names


def test_the_capture_table_reads_back(tmp_path: Path) -> None:
    result = build_hidden(inputs(tmp_path, country(), by=()), tmp_path / "hidden")
    table = from_frame(pq.read_table(result.captures).drop_columns(["period", "sex", "age"]).group_by(list(LISTS))
                       .aggregate([("count", "sum")]).rename_columns([*LISTS, "count"]))  # fmt: skip
    assert table.n == headlines(result.estimates)[0]["used"]


def test_records_without_identifier_refuse_and_do_not_fail(tmp_path: Path) -> None:
    result = build_hidden(inputs(tmp_path, country(keyed=False)), tmp_path / "hidden")
    (row,) = headlines(result.estimates)
    assert row["verdict"] == "refused"
    assert row["estimate"] is None
    assert "nobody can be recognised on two lists" in row["reasons"][0]
    assert result.refusal == row["reasons"][0]
    assert result.captures is None


def test_lists_that_share_nobody_are_refused(tmp_path: Path) -> None:
    rows = {name: [record(name, number, f"{name}{number}") for number in range(60)] for name in LISTS}
    result = build_hidden(inputs(tmp_path, rows), tmp_path / "hidden")
    assert "no person was recognised on two lists" in result.refusal


def test_a_list_whose_records_cannot_be_joined_is_left_out_or_refused_by_name(tmp_path: Path) -> None:
    rows = country()
    rows["diary"] = [record("diary", number, None) for number in range(40)]
    result = build_hidden(inputs(tmp_path, rows), tmp_path / "hidden")
    assert result.lists == LISTS
    assert any("diary" in note for note in result.notes)
    named = build_hidden(inputs(tmp_path, rows, lists=("police", "diary")), tmp_path / "named")
    assert "in diary fewer than half" in named.refusal


def test_records_without_identifier_are_left_out_and_said(tmp_path: Path) -> None:
    whole = build_hidden(inputs(tmp_path, country(), by=()), tmp_path / "hidden")
    rows = country()
    rows["police"] += [record("police", 5000 + number, None) for number in range(60)]
    more = build_hidden(inputs(tmp_path, rows, by=()), tmp_path / "more")
    first, second = headlines(whole.estimates)[0], headlines(more.estimates)[0]
    assert second["estimate"] == pytest.approx(first["estimate"])
    assert second["detected"] == first["detected"] + 60
    assert second["verdict"] == "shown with warnings"
    assert any("left out" in reason for reason in second["reasons"])


def test_each_year_has_its_own_answer_and_a_small_group_is_refused(tmp_path: Path) -> None:
    rows = country()
    for number in range(8):
        rows["police"].append(record("police", 9000 + number, f"o{number}", sex="O"))
    result = build_hidden(inputs(tmp_path, rows, each_year=True), tmp_path / "hidden")
    found = headlines(result.estimates)
    assert {row["period"] for row in found} == {"_T", "2020", "2021"}
    other = next(row for row in found if row["stratum"] == "sex=O" and row["period"] == "_T")
    assert other["estimate"] is None
    assert "too few persons" in other["reasons"][0]


def test_a_group_beside_which_all_others_are_too_small_is_refused_too(tmp_path: Path) -> None:
    rows = country()
    for own in rows.values():
        own[:] = [row | {"sex": "F" if index > 3 else "M"} for index, row in enumerate(own)]
    found = headlines(build_hidden(inputs(tmp_path, rows), tmp_path / "hidden").estimates)
    reasons = {row["stratum"]: row["reasons"][0] for row in found if row["estimate"] is None}
    assert "too few persons" in reasons["sex=M"]
    assert "all other groups are too small" in reasons["sex=F"]


def test_a_person_of_unknown_sex_is_kept(tmp_path: Path) -> None:
    rows = country()
    rows["police"] += [record("police", 7000 + number, f"u{number}", sex="_U") for number in range(30)]
    made = inputs(tmp_path, rows)
    table = capture_table(read_people(made.persons, made.cases, child_in_doubt=False), LISTS)
    kept = sum(n for sex, n in zip(table.covariates["sex"], table.counts, strict=True) if sex is None)
    assert kept == 30


def test_a_form_is_estimated_against_all_others(tmp_path: Path) -> None:
    rows = country()
    for name, number in product(LISTS, range(120)):
        if number < len(rows[name]):
            rows[name][number]["forms"] = ["sexual", "begging"]
    result = build_hidden(inputs(tmp_path, rows, by=("form",)), tmp_path / "hidden")
    strata = {row["stratum"] for row in headlines(result.estimates)}
    assert strata == {"_T", "form=sexual", "form=begging"}


def test_lists_tell_how_many_records_join(tmp_path: Path) -> None:
    made = inputs(tmp_path, {"police": [record("police", 0, "a"), record("police", 1, None)]})
    (held,) = lists_held(made.cases)
    assert (held.records, held.keyed, held.share) == (2, 1, 0.5)


def test_the_same_settings_give_the_same_bytes(tmp_path: Path) -> None:
    made = inputs(tmp_path, country(), by=())
    first = build_hidden(made, tmp_path / "a").estimates.read_bytes()
    assert build_hidden(made, tmp_path / "b").estimates.read_bytes() == first


def test_a_table_of_persons_gives_the_same_capture_table(tmp_path: Path) -> None:
    rows = country()
    rows["police"][0] |= {"forms": ["sexual", "begging"], "status": "not_victim"}
    rows["police"][1]["forms"] = ["sexual", "begging"]
    made = inputs(tmp_path, rows)
    table = capture_table(read_people(made.persons, made.cases, child_in_doubt=False), LISTS)
    same = from_persons(pq.read_table(made.persons), LISTS, ("sex", "age"))
    assert (same.cells == table.cells).all()
    assert set(same.covariates["age"]) == {"Y0T17", "Y_GE18"}
    assert "_M" in from_persons(pq.read_table(made.persons), LISTS, ("form",)).covariates["form"]


def linked(tmp_path: Path, rows: dict[str, list[dict]], comparable: bool = True, **settings) -> StageInputs:
    """The country joined by names: the same memberships, and no number in any record."""
    asked = inputs(tmp_path, rows, **settings)
    plain = {name: [row | {"person_key": None} for row in own] for name, own in rows.items()}
    for name, own in plain.items():
        pq.write_table(pa.Table.from_pylist(own, CASES), tmp_path / f"{name}.cases.parquet")
    numbered = [row for own in rows.values() for row in own]
    first: dict[str, int] = {}
    for number, row in enumerate(numbered, 1):
        first.setdefault(row["person_key"], number)
    records = [
        {"row_id": number, "list": row["list"], "record_id": row["record_id"], "comparable": comparable}
        for number, row in enumerate(numbered, 1)
    ]
    members = [
        {"threshold": at, "row_id": number, "person_id": first[row["person_key"]]}
        for at in (0.5, 0.9)
        for number, row in enumerate(numbered, 1)
    ]
    for name, table in (("records", records), ("thresholds", members)):
        pq.write_table(pa.Table.from_pylist(table), tmp_path / f"{name}.parquet")
    pq.write_table(PAIR_RATES.empty_table(), tmp_path / "rates.parquet")
    files = {name: tmp_path / f"{name}.parquet" for name in ("records", "thresholds", "rates")}
    return replace(asked, links=Links(**files, draws=None, threshold=0.9, labelled=0))


def test_a_record_with_a_name_can_be_recognised_without_any_number(tmp_path: Path) -> None:
    asked = linked(tmp_path, country())
    assert [entry.share for entry in lists_held(asked.cases, asked.links)] == [1.0, 1.0, 1.0]
    assert [entry.share for entry in lists_held(asked.cases)] == [0.0, 0.0, 0.0]
    people = read_people(asked.persons, asked.cases, False, asked.links)
    assert all(person.joinable for person, _ in people)


def test_joined_by_names_without_labels_there_is_a_curve_and_no_headline(tmp_path: Path) -> None:
    result = build_hidden(linked(tmp_path, country()), tmp_path / "hidden")
    rows = headlines(result.estimates)
    assert {row["verdict"] for row in rows} == {"refused"}
    assert all("no pair of records was labelled" in row["reasons"][0] for row in rows if row["stratum"] == "_T")
    assert (tmp_path / "hidden" / "links.json").is_file()


def test_records_without_a_name_refuse_as_those_without_a_number_do(tmp_path: Path) -> None:
    result = build_hidden(linked(tmp_path, country(), comparable=False), tmp_path / "hidden")
    assert "neither a name nor an identifier shared by two lists" in result.refusal
