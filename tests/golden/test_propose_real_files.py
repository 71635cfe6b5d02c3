"""Proposals on the real files: what a user gets from `palermo map`, and that intake by it counts as it should."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.intake.convert import read_mapped
from palermo.intake.mapping import load_mapping
from palermo.intake.propose.proposal import Proposal, proposal_toml, propose_mapping
from palermo.intake.registry import SourceOptions
from palermo.intake.run import IntakeResult, intake_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CTDC_2021 = SHARED / "ctdc-synthetic-2021" / "CTDC_synthetic_20210825_recovered.csv.gz"
KANON = SHARED / "ctdc-kanon-2020-extract" / "dados_app.csv.gz"
NATIONAL = SHARED / "national-sdg-16-2-2"

pytestmark = pytest.mark.skipif(not CTDC_2021.exists(), reason=f"no real files in {SHARED}")


def targets(proposal: Proposal) -> dict[str, str]:
    return {str(one.target): one.column for one in proposal.columns if one.decision == "mapped"}


def by_proposal(path: Path, folder: Path) -> IntakeResult:
    mapping = folder / "proposed.toml"
    mapping.write_text(proposal_toml(propose_mapping(path)), encoding="utf-8")
    return intake_file(path, SourceOptions("list", mapping=load_mapping(mapping)), folder / "proposed")


def test_ctdc_2021_by_the_proposed_mapping_is_the_shipped_adapter_row_by_row(tmp_path: Path) -> None:
    proposed = by_proposal(CTDC_2021, tmp_path)
    shipped = intake_file(CTDC_2021, SourceOptions("list"), tmp_path / "shipped", adapter="ctdc-synthetic-2021")
    assert (proposed.read, proposed.accepted, proposed.quarantined) == (193_025, 193_025, 0)
    table = pq.read_table(proposed.tables["cases"])
    assert table.equals(pq.read_table(shipped.tables["cases"]))
    sexes = table.column("sex").value_counts().to_pylist()
    assert {one["values"]: one["counts"] for one in sexes} == {"F": 105_990, "M": 39_530, "O": 410, "_U": 47_095}


def test_ctdc_kanon_keeps_namibia_and_the_unknown_citizenship(tmp_path: Path) -> None:
    result = by_proposal(KANON, tmp_path)
    assert (result.read, result.quarantined) == (48_773, 0)
    table = pq.read_table(result.tables["cases"])
    sexes = {one["values"]: one["counts"] for one in table.column("sex").value_counts().to_pylist()}
    assert sexes == {"F": 35_506, "M": 13_267}
    citizenships = {one["values"]: one["counts"] for one in table.column("citizenship").value_counts().to_pylist()}
    assert citizenships["_U"] >= 8_858  # the code "0" of the source, and its blanks
    forms = table.column("forms").to_pylist()
    assert sum("sexual" in form for form in forms) == 16_039
    assert sum("forced_labour" in form for form in forms) == 9_772


def test_victim_perpetrator_file_is_known_and_its_perpetrators_are_not_mixed_in() -> None:
    proposal = propose_mapping(SHARED / "ctdc-vp-synthetic-2022" / "CTDC_VPsynthetic_condensed.csv")
    assert proposal.adapter is not None
    assert targets(proposal) == {"sex": "gender", "age_band": "majorityStatus"}


def test_unodc_workbook_names_in_row_three() -> None:
    proposal = propose_mapping(SHARED / "unodc-glotip" / "data_glotip_20250414.xlsx")
    found = targets(proposal)
    assert (proposal.header_row, proposal.table) == (3, "observations")
    assert (found["ref_area"], found["measure"], found["value"]) == ("Iso3_code", "Indicator", "txtVALUE")
    assert any("Dimension, Category" in text for text in proposal.check)


def test_fbi_offences_are_not_victims() -> None:
    proposal = propose_mapping(SHARED / "fbi-ucr-ht" / "HT_2013-2020.csv")
    constants = {one.target: one.value for one in proposal.constants}
    assert constants == {"measure": "offences", "unit": "OFFENCE", "kind": "_Z"}
    assert targets(proposal) == {"time_period": "DATA_YEAR", "form": "OFFENSE_SUBCAT_NAME", "value": "ACTUAL_COUNT"}


def test_federal_defendants_are_suspects(tmp_path: Path) -> None:
    path = SHARED / "us-federal-cases" / "defendant_data_minimised.csv"
    assert propose_mapping(path).table == "suspects"
    table = pq.read_table(by_proposal(path, tmp_path).tables["suspects"])
    sexes = {one["values"]: one["counts"] for one in table.column("sex").value_counts().to_pylist()}
    assert (table.num_rows, sexes["F"], sexes["M"]) == (1_762, 501, 1_249)
    assert table.column("prosecuted_year").null_count == 1_762 - 1_754


@pytest.mark.parametrize("name", ["deu_destatis_bka", "gbr_ons_nrm", "mlt_nso", "bih_rs", "esp_istac", "jam_statin"])
def test_national_files_are_figures_with_year_and_value(name: str, tmp_path: Path) -> None:
    proposal = propose_mapping(NATIONAL / f"{name}.csv")
    found = targets(proposal)
    assert proposal.table == "observations"
    assert (found["time_period"], found["value"]) == ("Year", "Value")
    assert any("ref_area" in text for text in proposal.check) or "ref_area" in found
    (tmp_path / "m.toml").write_text(proposal_toml(proposal), encoding="utf-8")
    assert load_mapping(tmp_path / "m.toml").table == "observations"


def test_german_bands_are_mapped_with_the_total_apart(tmp_path: Path) -> None:
    proposal = propose_mapping(NATIONAL / "deu_destatis_bka.csv")
    mapping = tmp_path / "deu.toml"
    text = proposal_toml(proposal).replace("[ignored]", '[fields.measure]\nconstant = "victims_detected"\n\n[ignored]')
    mapping.write_text(text, encoding="utf-8")
    options = SourceOptions("deu", area="DEU")
    (batch,) = read_mapped(NATIONAL / "deu_destatis_bka.csv", options, load_mapping(mapping))
    rows = [row for row in batch.tables["observations"].to_pylist() if row["unit"] == "PERSON"]
    totals = {
        row["time_period"]: row["value"] for row in rows if (row["sex"], row["age"], row["form"]) == ("_T", "_T", "_T")
    }
    assert (totals["2010"], totals["2022"], totals["2024"]) == (651, 1_495, 636)
    assert {row["age"] for row in rows} == {"_T", "_U", "Y0T13", "Y14T17", "Y18T20", "Y21T24", "Y_GE25"}
