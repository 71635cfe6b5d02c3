"""`palermo run` on a workspace made from the CTDC 2021 file: a full protected account in one command."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

CTDC = Path(__file__).resolve().parents[3] / "shared/data/ctdc-synthetic-2021/CTDC_synthetic_20210825_recovered.csv.gz"
pytestmark = pytest.mark.skipif(not CTDC.exists(), reason=f"{CTDC.name} is not at hand")


def test_one_command_from_the_ctdc_file_to_the_page(palermo, tmp_path):
    folder = tmp_path / "ctdc"
    assert palermo("init", folder, "--area", "001", "--source", CTDC).code == 0
    answer = palermo("run", "--workspace", folder, "--json")
    assert answer.code == 0, answer.err
    done = answer.json
    assert (done["intake"]["read"], done["intake"]["quarantined"]) == (193_025, 0)
    assert done["release"]["hidden_small"] > 0
    released = pq.read_table(Path(done["release"]["path"]) / "cube.parquet").to_pylist()
    totals = {
        (row["sex"], row["age"]): row["value"]
        for row in released
        if row["indicator"] == "victims_by_sex_age" and row["time_period"] == "_T"
    }
    assert totals["_T", "_T"] == 193_025
    assert (totals["F", "_T"], totals["M", "_T"]) == (105_990, 39_530)
    forms = {
        row["form"]: row["value"]
        for row in released
        if row["indicator"] == "victims_by_form_sex_age"
        and (row["time_period"], row["sex"], row["age"]) == ("_T", "_T", "_T")
    }
    assert (forms["sexual"], forms["forced_labour"]) == (63_280, 42_340)
    page = Path(done["report"]["html"]).read_text(encoding="utf-8")
    assert "105,990" in page
    assert palermo("check", "--workspace", folder).code == 0
