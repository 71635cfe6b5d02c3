"""The stage with linkage by names: the number is corrected, and refused where nobody labelled a pair."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.cli.hidden_page import write_page
from palermo.errors import RefusedError
from palermo.hidden.links import Links
from palermo.hidden.stage import StageInputs, build_hidden, headlines
from palermo.hidden.stage_answers import linked_from, read_answers, read_captures
from palermo.intake.schema import CASES
from palermo.linkage.persons import build_persons
from palermo.linkage.schema import PAIR_RATES
from palermo.settings import Hidden, Rules

LISTS = ("clinic", "hotline", "police")
SEVERAL = {"transit", "forms", "means", "recruiter", "sector", "context", "services"}
SIZE, LOST = 1500, 0.1  # made-up persons; the share of records that fall off their person
MISSED = 1 - (1 - LOST) ** 2


@pytest.fixture
def inputs(tmp_path) -> StageInputs:
    rng = np.random.default_rng(3)
    seen = rng.random((SIZE, 3)) < (0.4, 0.3, 0.35)
    fallen = rng.random((SIZE, 3)) < LOST
    rows, joined, first, files = [], [], {}, []
    for place, name in enumerate(LISTS):
        own = []
        for person in np.flatnonzero(seen[:, place]).tolist():
            key = f"k{person}" + f"-{name}" * bool(fallen[person, place])
            row = {column: ["_U"] if column in SEVERAL else "_U" for column in CASES.names}
            row |= {"date": None, "age": None, "year": 2020, "source_row": len(own) + 1, "list": name}
            own.append(row | {"record_id": f"{name}-{person}", "person_key": key})
            number = len(rows) + 1
            joined.append({"threshold": 0.9, "row_id": number, "person_id": first.setdefault(key, number)})
            rows.append({"row_id": number, "list": name, "record_id": own[-1]["record_id"], "comparable": True})
        files.append(tmp_path / f"{name}.cases.parquet")
        pq.write_table(pa.Table.from_pylist(own, CASES), files[-1])
    build_persons(files, tmp_path / "persons.parquet")
    rates = [
        {"list_a": one, "list_b": other, "labelled": 300, "missed": MISSED, "missed_lower": MISSED - 0.03,
         "missed_upper": MISSED + 0.03, "false": 0.0, "false_lower": 0.0, "false_upper": 0.0}
        for one, other in combinations(LISTS, 2)
    ]  # fmt: skip
    tables = {"records": pa.Table.from_pylist(rows), "thresholds": pa.Table.from_pylist(joined)}
    tables["rates"] = pa.Table.from_pylist(rates, schema=PAIR_RATES)
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    links = Links(**{name: tmp_path / f"{name}.parquet" for name in tables}, draws=None, threshold=0.9, labelled=900)
    asked = Hidden(bootstrap=60, by=())
    return StageInputs(tmp_path / "persons.parquet", tuple(files), None, Rules(), asked, links)


def test_the_headline_is_corrected_and_tells_what_it_was(inputs, tmp_path):
    result = build_hidden(inputs, tmp_path / "hidden")
    (row,) = headlines(result.estimates)
    assert row["lower"] <= SIZE <= row["upper"]
    before = json.loads(row["diagnostics"])["uncorrected"]
    assert before["lower"] > SIZE
    assert 0 < json.loads(row["diagnostics"])["linkage_part"] < 1
    told = json.loads(result.links.read_text())
    assert {own["estimator"] for own in told["estimates"]} >= {"bic_average", "main_effects"}
    assert told["curve"]["points"][0]["corrected"] == pytest.approx(SIZE, rel=0.05)


def test_answers_that_are_not_corrected_say_so(inputs, tmp_path):
    result = build_hidden(inputs, tmp_path / "hidden")
    rows = {row["estimator"]: row for row in pq.read_table(result.estimates).to_pylist()}
    assert any("errors of linkage" in reason for reason in rows["stepwise_BCa"]["reasons"])
    assert not any("errors of linkage" in reason for reason in rows["bic_average"]["reasons"])


def test_parts_are_corrected_too_and_what_cannot_be_is_refused(inputs, tmp_path):
    persons = pq.read_table(inputs.persons).to_pylist()
    for row in persons:
        row["sex"] = "F" if row["person_id"] % 3 else "M"
    pq.write_table(pa.Table.from_pylist(persons, pq.read_schema(inputs.persons)), inputs.persons)
    asked = Hidden(bootstrap=30, by=("sex",))
    result = build_hidden(replace(inputs, settings=asked), tmp_path / "hidden")
    parts = {row["stratum"]: row for row in headlines(result.estimates) if row["period"] == "_T"}
    for sex, share in (("F", 2 / 3), ("M", 1 / 3)):
        part = parts[f"sex={sex}"]
        assert part["estimate"] == pytest.approx(share * SIZE, rel=0.1)
        assert part["lower"] < share * SIZE < part["upper"]
        assert 0 < json.loads(part["diagnostics"])["linkage_part"] < 1
    rows = pq.read_table(result.estimates).to_pylist()
    assert all(row["estimate"] is None for row in rows if row["estimator"] in ("stepwise_BCa", "dga_bma"))


def test_without_labels_there_is_no_number_but_a_curve(inputs, tmp_path):
    result = build_hidden(replace(inputs, links=replace(inputs.links, labelled=0)), tmp_path / "hidden")
    (row,) = headlines(result.estimates)
    assert row["estimate"] is None
    assert any("only the curve" in reason for reason in row["reasons"])
    told = json.loads(result.links.read_text())
    assert told["curve"]["points"][0]["uncorrected"] > SIZE
    assert told["curve"]["points"][0]["corrected"] is None


def test_what_the_stage_wrote_is_read_back(inputs, tmp_path):
    result = build_hidden(inputs, tmp_path / "hidden")
    answers = read_answers(result.estimates)
    (row,) = headlines(result.estimates)
    assert row["estimate"] in [answer.estimate for answer in answers]
    table = read_captures(result.captures, result.lists)
    assert table.n == row["used"]
    told = json.loads(result.links.read_text())
    assert linked_from(told).document() == told


def test_the_page_of_a_workspace_shows_what_linkage_does(inputs, tmp_path):
    result = build_hidden(inputs, tmp_path / "hidden")
    summary = {"estimates": str(result.estimates), "captures": str(result.captures), "lists": list(result.lists)}
    write_page(tmp_path / "page.html", summary, "Made-up country", made_up=True)
    page = (tmp_path / "page.html").read_text()
    assert "What the errors of linkage do" in page
    assert "Made-up country" in page
    with pytest.raises(RefusedError, match="nobody is on two lists"):
        write_page(tmp_path / "none.html", {"captures": None, "refusal": "nobody is on two lists"}, "", made_up=True)


def test_labels_that_cannot_be_true_leave_no_number_and_the_reason(inputs, tmp_path):
    why = "these labels do not agree with the scores: all were called the same"
    result = build_hidden(replace(inputs, links=replace(inputs.links, refused=why)), tmp_path / "hidden")
    (row,) = headlines(result.estimates)
    assert row["estimate"] is None
    assert row["reasons"][0] == why
    assert all(own["estimate"] is None for own in pq.read_table(result.estimates).to_pylist())
    told = json.loads(result.links.read_text())
    assert (told["hindrance"], told["estimates"]) == (why, [])
    assert told["curve"]["points"][0]["uncorrected"] > SIZE
    assert told["curve"]["points"][0]["corrected"] is None


def test_the_curve_counts_the_people_of_the_number(inputs, tmp_path):
    persons = pq.read_table(inputs.persons).to_pylist()
    for row in persons[::3]:
        row["status"] = "not_victim"
    for row in persons[1::3]:
        row["year"] = 1990
    pq.write_table(pa.Table.from_pylist(persons, pq.read_schema(inputs.persons)), inputs.persons)
    lower = pq.read_table(inputs.links.thresholds)
    alone = {"threshold": [0.99] * 2, "row_id": lower["row_id"][:2], "person_id": lower["row_id"][:2]}
    pq.write_table(pa.concat_tables([lower, pa.table(alone)]), inputs.links.thresholds)
    result = build_hidden(replace(inputs, years=(2015, 2025)), tmp_path / "hidden")
    told = json.loads(result.links.read_text())
    (row,) = headlines(result.estimates)
    at = {point["threshold"]: point for point in told["curve"]["points"]}
    assert (
        at[0.9]["seen"] == row["used"] == sum(row["status"] != "not_victim" and row["year"] == 2020 for row in persons)
    )
    assert at[0.99]["seen"] > at[0.9]["seen"]
    (of_curve,) = [own for own in told["estimates"] if own["estimator"] == told["curve"]["estimator"]]
    assert at[0.9]["uncorrected"] == pytest.approx(of_curve["uncorrected"])
    assert at[0.9]["corrected"] == pytest.approx(of_curve["corrected"])
