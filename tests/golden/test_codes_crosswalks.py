"""The crosswalks cover the published code lists completely, in the standards' own words."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from palermo.codes import Crosswalk, crosswalk

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
STANDARDS = SHARED.parent / "standards"
CTDC_2021 = SHARED / "ctdc-synthetic-2021" / "CTDC_synthetic_20210825_recovered.csv.gz"
SDG = SHARED / "un-sdg-16-2-2"

needs_standards = pytest.mark.skipif(not STANDARDS.exists(), reason="shared/standards is not here")
needs_ctdc = pytest.mark.skipif(not CTDC_2021.exists(), reason="the CTDC 2021 file is not here")
needs_sdg = pytest.mark.skipif(not SDG.exists(), reason="the UN SDG files are not here")

HTCDS_FIELDS = {
    "prs_Gender": "sex",
    "vic_TypeOfExploitation": "form",
    "vic_MethodsOfControl": "means",
    "vic_ForcedLabourIndustry": "sector",
    "vic_TypeOfSexExploitation": "sector",
    "vic_RelationshipToTrafficker": "recruiter",
    "vic_TraffickingStatus": "victim_status",
    "org_Type": "source_type",
    "spl_Type": "service",
}
LIST_OF_PREFIX = {
    "means": "means",
    "isForced": "form",
    "isSexual": "form",
    "isOther": "form",
    "typeOf": "sector",
    "recruiterRelation": "recruiter",
}


def standard(name: str) -> Any:
    return json.loads((STANDARDS / name).read_text(encoding="utf-8"))


def is_known(walk: Crosswalk, list_id: str, text: str) -> bool:
    lost = {loss.code for loss in walk.losses(list_id) if loss.direction == "to_palermo"}
    return walk.to_palermo(list_id, text) is not None or text in lost


def list_of(variable: str) -> str | None:
    return next((list_id for prefix, list_id in LIST_OF_PREFIX.items() if variable.startswith(prefix)), None)


@needs_standards
@pytest.mark.parametrize("field", sorted(HTCDS_FIELDS))
def test_every_htcds_code_and_label_is_known(field: str) -> None:
    walk, list_id = crosswalk("htcds-2.0"), HTCDS_FIELDS[field]
    codes = next(entry["codes"] for entry in standard("htcds.json")["fields"] if entry["id"] == field)
    assert codes
    assert [code for code in codes if not is_known(walk, list_id, code["code"])] == []
    differing = [c for c in codes if walk.to_palermo(list_id, c["label"]) != walk.to_palermo(list_id, c["code"])]
    assert differing == []


@needs_standards
def test_every_htcds_name_of_a_method_in_the_text_is_known() -> None:
    names = standard("htcds.json")["reference_lists"]["methods_of_control_in_field_definitions"]["names"]
    assert [name for name in names if not is_known(crosswalk("htcds-2.0"), "means", name)] == []


@needs_standards
def test_every_migration_label_of_the_htcds_guidance_is_known() -> None:
    groups = standard("htcds.json")["reference_lists"]["migration_and_protection_labels"]
    labels = [label for group in groups.values() for label in group]
    walk = crosswalk("htcds-2.0")
    assert len(labels) == 18
    assert [label for label in labels if not is_known(walk, "migration_status", label)] == []


@needs_standards
def test_forms_go_where_our_proposal_says() -> None:
    wrong = []
    for row in standard("exploitation-crosswalk.json")["rows"]:
        code = "_U" if row["key"] == "unknown" else row["key"]
        for column, walk in (
            ("htcds", "htcds-2.0"),
            ("ctdc", "ctdc-2021"),
            ("ctdc", "ctdc-2024"),
            ("eurostat", "eurostat"),
        ):
            found = crosswalk(walk).from_palermo("form", code)
            if row[column] is not None and found != row[column]:
                wrong.append((code, walk, row[column], found))
    assert wrong == []


@needs_standards
def test_every_variable_and_value_of_ctdc_2024_is_known() -> None:
    walk, document = crosswalk("ctdc-2024"), standard("ctdc-global-2024.json")
    variables = {variable["name"]: variable for variable in document["variables"]}
    flags = [name for name in variables if list_of(name) is not None]
    assert len(flags) == 21
    assert [name for name in flags if not is_known(walk, list_of(name) or "", name)] == []
    assert [value for value in variables["gender"]["values"] if not is_known(walk, "sex", value)] == []
    assert [value for value in variables["ageBroad"]["values"] if not is_known(walk, "age", value)] == []


@needs_standards
def test_the_means_of_2024_merge_those_of_2021_as_the_codebook_says() -> None:
    earlier, later = crosswalk("ctdc-2021"), crosswalk("ctdc-2024")
    for flag, merged in standard("ctdc-global-2024.json")["merged_from_2021"].items():
        codes = {code for name in merged for code in earlier.to_palermo("means", f"meansOfControl{name}") or ()}
        assert codes == set(later.to_palermo("means", flag) or ())


@needs_ctdc
def test_every_column_and_value_of_the_2021_file_is_known() -> None:
    walk = crosswalk("ctdc-2021")
    with gzip.open(CTDC_2021, "rt", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        values = {(row[1], row[2]) for row in reader}
    flags = [name for name in header if list_of(name) is not None]
    assert len(flags) == 30
    assert [name for name in flags if walk.to_palermo(list_of(name) or "", name) is None] == []
    assert {gender for gender, _ in values if walk.to_palermo("sex", gender) is None} == set()
    assert {age for _, age in values if walk.to_palermo("age", age) is None} == set()


@needs_sdg
def test_every_code_of_the_sdg_series_is_known() -> None:
    walk, seen = crosswalk("sdg-16.2.2"), set()
    for path in sorted(SDG.glob("*.json.gz")):
        series = path.name.split("_Series_")[1].removesuffix(".json.gz")
        assert walk.to_palermo("form", series) is not None
        seen |= set(codes_in(json.loads(gzip.decompress(path.read_bytes()))))
    assert len(seen) > 5
    assert [pair for pair in seen if walk.to_palermo(*pair) is None] == []


def codes_in(node: Any) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [pair for item in node for pair in codes_in(item)]
    if not isinstance(node, dict):
        return []
    names = {"sexCode": "sex", "ageCode": "age", "unitsCode": "unit"}
    here = [(names[key], value) for key, value in node.items() if key in names and isinstance(value, str)]
    return here + [pair for value in node.values() for pair in codes_in(value)]
