"""Receipts: every figure has one, it is stable, and it explains itself in words."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.receipts import explain, receipt
from palermo.errors import UsageError
from palermo.settings import Rules

PERSON = {
    "status": "identified",
    "year": 2020,
    "sex": "F",
    "age_band": "Y_GE18",
    "forms": ["sexual"],
    "lists": ["list"],
}


def test_each_row_has_its_own_receipt_of_16_signs(build) -> None:
    made = build(persons=[PERSON] * 3, cases=[{"list": "list", "year": 2020}])
    ids = [row["receipt_id"] for row in made.rows]
    assert len(set(ids)) == len(ids)
    assert {len(one) for one in ids} == {16}


def test_a_receipt_changes_with_the_rules_and_not_with_the_value(build) -> None:
    def id_of(made) -> str:
        return made.find("victims_by_sex_age", time_period="2020", sex="F", age="_T")[0]["receipt_id"]

    first = id_of(build(persons=[PERSON]))
    assert id_of(build(persons=[PERSON] * 2)) == first  # the inputs' hashes are the same here
    assert id_of(build(persons=[PERSON], rules=Rules(age_in_doubt="child"))) != first


def test_explained_in_words(build) -> None:
    made = build(persons=[PERSON] * 12, cases=[{"list": "list", "year": 2020}])
    row = made.find("victims_by_form_sex_age", time_period="2020", sex="F", age="Y_GE18", form="sexual")[0]
    text = explain(made.folder / "receipts.json", row["receipt_id"][:6].upper())
    for words in (
        "The figure is 12 (persons).",
        "Place: Germany (DEU)",
        "Time: 2020",
        "Sex: Female",
        "Form of exploitation: Sexual exploitation",
        "version 1.0",
        "rows read 10 = accepted 9 + quarantined 1",
        "a person counts under each form",
        "Rows counted for this table: 12",
    ):
        assert words in text
    assert "_T" not in text


def test_as_data(build) -> None:
    made = build(persons=[PERSON] * 12)
    row = made.find("victims_by_sex_age", time_period="_T", sex="_T", age="_T")[0]
    found = receipt(made.folder / "receipts.json", row["receipt_id"])
    assert found["figure"]["value"] == 12
    assert found["definition"]["id"] == "victims_by_sex_age"
    assert found["inputs"][0]["sha256"] == "0" * 64
    assert found["code_version"]


def test_a_hidden_figure_is_explained_without_its_value(build) -> None:
    made = build(persons=[PERSON] * 3)
    released = pq.read_table(made.folder / "cube.parquet").drop_columns(["confidential", "value", "lower", "upper"])
    size = released.num_rows
    for name, value in (("value", None), ("lower", 0.0), ("upper", 9.0)):
        released = released.append_column(name, pa.array([value] * size, pa.float64()))
    released = released.append_column("conf_status", pa.array(["A"] * size))
    pq.write_table(released, made.folder / "released.parquet")
    text = explain(made.folder / "receipts.json", made.rows[0]["receipt_id"], made.folder / "released.parquet")
    assert "hidden, because it is small" in text
    assert "from 0 to 9" in text


def test_ranges_and_intervals_are_told_apart(build) -> None:
    rows = [
        {"measure": "persons_convicted", "kind": "_Z", "ref_area": area, "sex": sex, "value": 10.0}
        for area in ("DEU", "FRA")
        for sex in ("F", "M")
    ]
    rows += [{"ref_area": "DEU", "lower": 0.0, "upper": 4.0}]
    made = build(area="001", observations=rows, public=frozenset({"published"}))
    range_row = made.find("published_observations", measure="victims_detected")[0]
    share_row = made.find("convicted_share_female", band="POOLED")[0]
    file = made.folder / "receipts.json"
    assert "known only to lie from 0 to 4" in explain(file, range_row["receipt_id"])
    told = explain(file, share_row["receipt_id"])
    assert "with an interval from" in told
    assert "10 to 15 per cent of the persons convicted" in told
    assert "Band: all areas together" in told


@pytest.mark.parametrize("wrong", ["123", "nothex!", "0123456789abcdef0"])
def test_what_is_no_receipt_is_refused(build, wrong: str) -> None:
    made = build(persons=[PERSON])
    with pytest.raises(UsageError, match="not a receipt"):
        explain(made.folder / "receipts.json", wrong)


def test_unknown_and_ambiguous_receipts_are_errors(build, tmp_path) -> None:
    made = build(persons=[PERSON])
    file = made.folder / "receipts.json"
    with pytest.raises(UsageError, match="no figure has the receipt"):
        explain(file, "0" * 16)
    twice = pa.concat_tables([pq.read_table(made.folder / "cube.parquet")] * 2)
    pq.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(UsageError, match="2 figures have receipts"):
        explain(file, made.rows[0]["receipt_id"], tmp_path / "twice.parquet")
    with pytest.raises(UsageError, match="no cube"):
        explain(file, "0" * 16, tmp_path / "absent.parquet")
    with pytest.raises(UsageError, match="no receipts here"):
        explain(tmp_path / "receipts.json", "0" * 16)
    (tmp_path / "receipts.json").write_text("{}")
    with pytest.raises(UsageError, match="not a file of receipts"):
        explain(tmp_path / "receipts.json", "0" * 16, made.folder / "cube.parquet")


def test_numbers_in_the_file_of_receipts_stand_under_counts_alone(build) -> None:
    made = build(persons=[PERSON] * 88, cases=[{"list": "list", "year": 2020}] * 88)
    document = json.loads((made.folder / "receipts.json").read_text())

    def without_counts(part):
        if isinstance(part, dict):
            return {key: without_counts(value) for key, value in part.items() if key != "counts"}
        return [without_counts(value) for value in part] if isinstance(part, list) else part

    assert "88" not in json.dumps(without_counts(document["indicators"]["victims_by_sex_age"]))
    assert document["inputs"][0]["counts"] == {"read": 10, "accepted": 9, "quarantined": 1}


def test_every_code_is_told_in_words(build) -> None:
    people = [{**PERSON, "citizenship": code, "origin": "NGA"} for code in ("STATELESS", "_U", "NGA")] * 2
    rows = [
        {"measure": "persons_convicted", "kind": "_Z", "ref_area": area, "time_period": str(year), "value": 10.0}
        for area in ("DEU", "FRA")
        for year in (2018, 2019, 2020)
    ]
    made = build(persons=people, observations=rows, public=frozenset({"published"}))
    file = made.folder / "receipts.json"

    def told(indicator: str, **codes: str) -> str:
        return explain(file, made.find(indicator, **codes)[0]["receipt_id"])

    assert "stateless" in told("victims_by_citizenship", citizenship="STATELESS")
    assert "not known" in told("victims_by_citizenship", citizenship="_U")
    assert "Time: 2018 to 2020" in told("areas_by_convictions")
    assert "Band: 10 to 50 convictions" in told("areas_by_convictions", band="10T50")
    assert "List: published" in told("published_observations")
    flow = told("flows", citizenship="NGA")
    assert "Figures under 5 are left out." in flow
    assert "Other country: Germany (DEU)" in flow


def test_receipts_of_another_cube_or_no_json_are_errors(build, tmp_path) -> None:
    made = build(persons=[PERSON])
    document = json.loads((made.folder / "receipts.json").read_text())
    (tmp_path / "receipts.json").write_text(json.dumps({**document, "indicators": {}}))
    with pytest.raises(UsageError, match="another cube"):
        explain(tmp_path / "receipts.json", made.rows[0]["receipt_id"], made.folder / "cube.parquet")
    (tmp_path / "receipts.json").write_text("{")
    with pytest.raises(UsageError, match="not a file of receipts"):
        explain(tmp_path / "receipts.json", made.rows[0]["receipt_id"])
