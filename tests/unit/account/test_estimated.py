"""Estimates as rows of the cube: a kind of their own that adds to nothing."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.bounds import KindMixError, exact, total
from palermo.account.build import build_account
from palermo.account.estimated import codes_of, rounded_reason
from palermo.account.making import AccountInputs
from palermo.account.receipts import explain, receipt
from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.estimate import as_row
from palermo.hidden.schema import STAGE_ESTIMATES
from palermo.linkage.schema import PERSONS
from palermo.settings import Rules

SEVERAL = {field.name for field in PERSONS if pa.types.is_list(field.type)}


def person(number):
    row = {field.name: ["_U"] if field.name in SEVERAL else "_U" for field in PERSONS}
    return row | {"person_id": number, "lists": ["police"], "records": 1, "age": 30, "year": 2020, "sex": "F",
                  "conflicts": []}  # fmt: skip


def row(answer, **more):
    nothing = dict.fromkeys(("lowest", "highest", "estimators", "detected", "used"))
    return {**as_row(answer), "period": "_T", "headline": True, **nothing, **more}


@pytest.fixture
def built(tmp_path):
    """An account of forty made-up women with an estimate for everyone and a refusal for men."""

    def build(rows):
        pq.write_table(pa.Table.from_pylist([person(n) for n in range(1, 41)], PERSONS), tmp_path / "persons.parquet")
        pq.write_table(pa.Table.from_pylist(rows, STAGE_ESTIMATES), tmp_path / "estimates.parquet")
        inputs = AccountInputs(
            persons=tmp_path / "persons.parquet",
            cases=(), suspects=(), observations=(), public_lists=frozenset(), inputs=(), population=None,
            population_shape=None, area="XXA", area_name=None, years=None, rules=Rules(),
            estimates=tmp_path / "estimates.parquet", compared=("police", "clinic"),
        )  # fmt: skip
        return build_account(inputs, tmp_path / "out")

    return build


ALL = Answer("bic_average", 101.5, 80.0, 150.0, 0.95, {"bootstrap": 50, "seed": 1}, Verdict.WARNED,
             ("only 7 persons are on two lists or more; chance decides",))  # fmt: skip
MEN = Answer(**{**vars(refused("not_run", 0.95, "too few persons")), "stratum": "sex=M"})


def rows_of(result):
    return [row for row in pq.read_table(result.cube).to_pylist() if row["kind"] == "estimated"]


def test_the_estimate_its_range_and_the_hidden_are_rows_of_their_own(built):
    found = built([row(ALL, lowest=70.0, highest=160.0, estimators=3, detected=40, used=38), row(MEN)])
    rows = {(r["indicator"], r["sex"]): r for r in rows_of(found)}
    everyone = rows["victims_estimated", "_T"]
    assert (everyone["value"], everyone["lower"], everyone["upper"]) == (101.5, 80.0, 150.0)
    assert (everyone["obs_status"], everyone["confidential"]) == ("E", True)
    spread = rows["victims_estimated_range", "_T"]
    assert (spread["value"], spread["lower"], spread["upper"]) == (None, 70.0, 160.0)
    unseen = rows["victims_hidden", "_T"]
    assert (unseen["value"], unseen["lower"], unseen["upper"]) == (61.5, 40.0, 110.0)
    men = rows["victims_estimated", "M"]
    assert (men["value"], men["lower"], men["obs_status"]) == (None, None, "O")
    assert ("victims_estimated_range", "M") not in rows


def test_the_receipt_tells_method_verdict_and_lists_without_small_numbers(built):
    result = built([row(ALL, lowest=70.0, highest=160.0, estimators=3, detected=40, used=38)])
    number = next(r["receipt_id"] for r in rows_of(result) if r["indicator"] == "victims_estimated")
    told = receipt(result.receipts, number)["estimate"]
    assert told["lists"] == ["police", "clinic"]
    assert (told["estimator"], told["verdict"], told["settings"]["seed"]) == ("bic_average", "shown with warnings", 1)
    assert told["reasons"] == ["fewer than 10 persons are on two lists or more; chance decides"]
    assert "Lists compared: police, clinic" in explain(result.receipts, number)


def test_a_refusal_of_everyone_is_a_note_and_the_account_comes_out(built):
    result = built([row(refused("not_run", 0.95, "no identifier is shared"))])
    assert any("no identifier is shared" in note and "not zero" in note for note in result.notes)
    assert {r["obs_status"] for r in rows_of(result)} == {"O"}
    assert json.loads(result.receipts.read_text())["estimates"]["answers"]["_T _T _T _T"]["verdict"] == "refused"


def test_law_5_detected_and_estimated_do_not_add():
    with pytest.raises(KindMixError):
        total([exact(40, "PERSON", "detected"), exact(101.5, "PERSON", "estimated")])


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("only 7 persons are on two lists", "fewer than 10 persons are on two lists"),
        ("there are 10,321 or more", "there are 10,000 or more"),
        ("take 10,000 replicates", "take 10,000 replicates"),
        ("1,234 persons of it", "about 1,200 persons of it"),
        ("12% of the records", "12% of the records"),
        ("give about 5,700 persons: outside", "give about 5,700 persons: outside"),
        ("fewer than 10 persons are on two lists", "fewer than 10 persons are on two lists"),
        ("median 282 with delta 0.125, 107 with 0.5", "median 280 with delta 0.125, 110 with 0.5"),
        ("too rarely (Chan, Silverman and Vincent 2021)", "too rarely (Chan, Silverman and Vincent 2021)"),
        ("more than 100 times, and 100% of 1,234,567", "more than 100 times, and 100% of 1,200,000"),
    ],
)
def test_numbers_in_reasons_are_coarse(reason, told):
    assert rounded_reason(reason) == told


def test_strata_become_codes_of_the_cube():
    assert codes_of("2020", "sex=F, age=Y0T17") == {"time_period": "2020", "sex": "F", "age": "Y0T17", "form": "_T"}
    assert codes_of("_T", "_T")["form"] == "_T"
