"""The CTDC shapes: every column of an edition is mapped or left out with a reason; labels drift between editions."""

import json
from pathlib import Path

import pytest

from palermo.intake.head import Head
from palermo.intake.registry import SourceOptions, adapter_for
from palermo.intake.shapes.ctdc import ADAPTERS, shipped_mapping

STANDARDS = Path(__file__).resolve().parents[5] / "shared" / "standards"
NAMES = ("ctdc_synthetic_2021", "ctdc_kanon", "ctdc_global_2024", "ctdc_vp_2022")


def columns_of(name):
    mapping = shipped_mapping(name)
    return sorted(mapping.source_columns() | set(mapping.ignored))


def convert(tmp_path, header, *rows):
    path = tmp_path / "made-up.csv"
    lines = [",".join(header), *(",".join(row.get(name, "") for name in header) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    adapter = adapter_for(path)
    batches = list(adapter.read(path, SourceOptions("made-up")))
    found = [row for batch in batches for row in batch.tables["cases"].to_pylist()]
    return adapter.name, found, [bad for batch in batches for bad in batch.quarantined]


@pytest.mark.parametrize("name", NAMES[:3])
def test_each_edition_is_recognised_by_its_columns(name):
    head = Head(Path("x.csv"), "csv", tuple(columns_of(name)))
    assert next(adapter.name for adapter in ADAPTERS if adapter.recognise(head)) == name.replace("_", "-")


def test_numbers_of_columns():
    assert len(columns_of("ctdc_synthetic_2021")) == 37
    assert len(columns_of("ctdc_kanon")) == 62  # as many as the publisher's dictionary lists


@pytest.mark.skipif(not STANDARDS.exists(), reason="the standards are not here")
def test_all_columns_of_2024_have_a_place():
    standard = json.loads((STANDARDS / "ctdc-global-2024.json").read_text(encoding="utf-8"))
    names = {variable["name"] for variable in standard["variables"]}
    assert names <= set(columns_of("ctdc_global_2024"))


def test_kanon_keeps_namibia_and_three_states(tmp_path):
    header = columns_of("ctdc_kanon")
    rows = (
        {"citizenship": "NA", "gender": "Female", "ageBroad": "9--17", "isForcedLabour": "1", "isSexualExploit": "0"},
        {"citizenship": "0", "gender": "-99", "ageBroad": "-99", "isForcedLabour": "-99", "yearOfRegistration": "-99"},
        {"citizenship": "00", "gender": "Transgender", "typeOfLabourAquafarming": "1", "isAbduction": "1"},
    )
    name, cases, bad = convert(tmp_path, header, *rows)
    assert (name, bad) == ("ctdc-kanon", [])
    assert [row["citizenship"] for row in cases] == ["NAM", "_U", "_U"]
    assert [row["sex"] for row in cases] == ["F", "_U", "O"]
    assert [row["age_band"] for row in cases] == ["Y9T17", "_U", "_U"]
    assert [row["forms"] for row in cases] == [["forced_labour"], ["_U"], ["_U"]]
    assert (cases[2]["sector"], cases[2]["means"]) == (["fishing"], ["abduction"])


def test_2024_labels(tmp_path):
    header = [name for name in columns_of("ctdc_global_2024") if name != "meansWithholdDocs"]
    name, (case,), _ = convert(
        tmp_path, header, {"gender": "Woman", "citizenship": "PHL", "meansWithholdDocuments": "1", "ageBroad": "NULL"}
    )
    assert name == "ctdc-global-2024"
    assert (case["sex"], case["citizenship"], case["means"]) == ("F", "PHL", ["withholds_documents"])


def test_file_saved_again_with_semicolons_is_known(tmp_path):
    columns = columns_of("ctdc_synthetic_2021")
    path = tmp_path / "made-up.csv"
    text = ";".join(columns) + "\n" + ";".join("Female" if name == "gender" else "" for name in columns) + "\n"
    path.write_bytes(text.encode("utf-16"))
    adapter = adapter_for(path)
    (batch,) = adapter.read(path, SourceOptions("made-up"))
    assert (adapter.name, batch.tables["cases"].column("sex").to_pylist()) == ("ctdc-synthetic-2021", ["F"])


def test_labels_of_2021(tmp_path):
    name, (case,), _ = convert(
        tmp_path, columns_of("ctdc_synthetic_2021"), {"ageBroad": "09--17", "gender": "Transgender/NonConforming"}
    )
    assert (name, case["age_band"], case["sex"], case["status"]) == ("ctdc-synthetic-2021", "Y9T17", "O", "_N")


def test_fault_in_the_set_of_perpetrators_quarantines_the_record(tmp_path):
    header = (
        "yearRegister,gender,majorityStatus,isForcedLabour,isSexualExploit,UN_COO_Region,UN_COE_Region,IP_Exploiter,"
        "IP_Gender,IP_ageBroad,IP_citizen_UNRegion,IP_Relation,IP_PayMoney,IP_RecruiterBroker,IP_TransactionProcess,"
        "IP_ControlAbuseKidnap"
    )
    good = "2019,Female,Adult,1,,Asia,Asia,1,Female;Male,,Asia;Europe,,No;Yes,1,,"
    bad = "2019,Femal,Adult,1,,Asia,Asia,1,Nobody,,Asia,,No,1,,"
    path = tmp_path / "made-up.csv"
    path.write_text(f"{header}\n{good}\n{bad}\n", encoding="utf-8")
    (batch,) = adapter_for(path).read(path, SourceOptions("made-up"))
    assert (batch.read, batch.accepted) == (2, 1)
    sets = {row["attribute"]: row["values"] for row in batch.tables["perpetrator_sets"].to_pylist()}
    assert len(sets) == 9
    assert sets["sex"] == ["F", "M"]
    assert sets["pays_money"] == ["no", "yes"]
    assert sets["citizenship_region"] == ["Asia", "Europe"]
    assert sets["transaction"] == ["_U"]
    (row,) = batch.quarantined
    assert (row.row, row.column, row.found) == (2, "gender", "Femal")
    assert row.also[0].startswith("IP_Gender: found 'Nobody'")
    assert ("UN_COO_Region", 2) in {(notice.column, notice.count) for notice in batch.notices}
