"""The CTDC victim-perpetrator data set: all 69 frequency cells of the publisher follow from what intake writes.

53 of them come from the two tables. The other 16 are of bands of years and of regions, which the tables cannot hold;
intake counts them in its notices.
"""

import csv
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ctdc-vp-synthetic-2022"
FILE = SHARED / "CTDC_VPsynthetic_condensed.csv"
PUBLISHED = SHARED / "publisher_tabulations.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not here")

ROWS = 21_195
SETS = {
    "IP_Exploiter": "exploiter",
    "IP_Gender": "sex",
    "IP_ageBroad": "age_band",
    "IP_citizen_UNRegion": "citizenship_region",
    "IP_Relation": "relation",
    "IP_PayMoney": "pays_money",
    "IP_RecruiterBroker": "recruiter_broker",
    "IP_TransactionProcess": "transaction",
    "IP_ControlAbuseKidnap": "control_abuse",
}
WORDS = {
    "yes": "Yes",
    "no": "No",
    "F": "Female",
    "M": "Male",
    "Y0T29": "0--29",
    "Y30T38": "30--38",
    "Y39T47": "39--47",
    "Y_GE48": "48+",
    "Y_GE18": "Adult",
    "Y0T17": "Minor",
    "_U": "(missing)",
}
FLAGS = {"IP_Exploiter", "IP_RecruiterBroker", "IP_TransactionProcess", "IP_ControlAbuseKidnap"}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return intake_file(FILE, SourceOptions("vp"), tmp_path_factory.mktemp("vp"))


def tabulated(result):
    """(variable, value) -> frequency, in the words of the publisher."""
    cells = Counter()
    for row in pq.read_table(result.tables["cases"]).to_pylist():
        cells["gender", WORDS[row["sex"]]] += 1
        cells["majorityStatus", WORDS[row["age_band"]]] += 1
        cells["yearRegister", str(row["year"] or "(missing)")] += 1
        for variable, form in (("isForcedLabour", "forced_labour"), ("isSexualExploit", "sexual")):
            cells[variable, "1" if form in row["forms"] else "(missing)"] += 1
    variables = {attribute: variable for variable, attribute in SETS.items()}
    for row in pq.read_table(result.tables["perpetrator_sets"]).to_pylist():
        variable = variables[row["attribute"]]
        text = ";".join(WORDS.get(value, value) for value in row["values"])
        cells[variable, "1" if variable in FLAGS and text == "Yes" else text] += 1
    for notice in result.notices:
        cells[notice.column, notice.example] += notice.count
        if notice.column == "yearRegister":
            cells["yearRegister", "(missing)"] -= notice.count
    for variable in ("UN_COO_Region", "UN_COE_Region"):
        known = sum(count for (name, _), count in cells.items() if name == variable)
        cells[variable, "(missing)"] = ROWS - known
    return dict(cells)


def test_all_cells_of_the_publisher(result):
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        published = {(row["variable"], row["value"]): int(row["freq"]) for row in csv.DictReader(stream)}
    assert len(published) == 69
    assert tabulated(result) == published


def test_unit_is_the_set(result):
    """Nine attributes for each record: a set of perpetrators is never split into persons."""
    sets = pq.read_table(result.tables["perpetrator_sets"])
    assert sets.num_rows == 9 * ROWS
    female = sum(
        row["values"] == ["F"] for row in sets.select(["attribute", "values"]).to_pylist() if row["attribute"] == "sex"
    )
    assert round(100 * female / (female + 9_820), 1) == 26.4
