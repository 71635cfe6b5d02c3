import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.schema import CUBE
from palermo.demo.score import HEADER, NO_FIGURE, score
from palermo.demo.truth import FOLDER, PERSONS_FILE
from palermo.errors import UsageError

# victim, detected, sex, age group, year, forms, counted as
PEOPLE = (
    (True, True, "F", "Y_GE18", 2020, ["sexual"], 1),
    (True, True, "F", "Y_GE18", 2020, ["sexual", "begging"], 3),
    (True, True, "F", "Y0T17", 2021, ["begging"], 1),
    (True, True, "M", "Y_GE18", 2021, ["forced_labour"], 0),
    (True, False, "M", "Y0T17", 2021, ["begging"], 0),
    (False, False, "M", "Y0T17", 2021, ["begging"], 1),  # presumed to be a victim
    (False, False, "F", "Y0T17", 2021, ["begging"], 0),
)
COLUMNS = ("victim", "detected", "sex", "age_group", "year", "forms", "counted_as")


def figure(value, sex="_T", age="_T", form="_T", time="_T"):
    indicator = "victims_by_sex_age" if form == "_T" else "victims_by_form_sex_age"
    row = dict.fromkeys(CUBE.names)
    row |= {"indicator": indicator, "measure": "victims_detected", "unit": "PERSON", "kind": "detected"}
    row |= {"sex": sex, "age": age, "form": form, "time_period": time, "value": value}
    return row


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / FOLDER).mkdir()
    rows = [dict(zip(COLUMNS, person, strict=True)) for person in PEOPLE]
    rows = [
        row | {"detected_year": row["year"] if row["detected"] else None, "numbered": row["counted_as"] == 1}
        for row in rows
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / FOLDER / PERSONS_FILE)
    return tmp_path


def scored(workspace, *figures):
    cube = workspace / "cube.parquet"
    pq.write_table(pa.Table.from_pylist(list(figures), CUBE), cube)
    result = score(workspace, cube)
    return result, {line.group: line for line in result.lines}


def test_a_difference_is_taken_apart_into_its_reasons(workspace):
    result, lines = scored(workspace, figure(6.0), figure(2.0, sex="F", age="Y0T17"))
    total = result.total
    assert (total.victims, total.detected, total.account, total.difference) == (5, 4, 6, 2)
    assert (total.counted_again, total.not_victims, total.quarantined, total.other) == (2, 1, 1, 0)
    assert total.why() == "+2 counted again, +1 not victims, -1 in quarantine"
    girls = lines["female, children"]
    assert (girls.detected, girls.account, girls.other) == (1, 2, 1)
    assert girls.why() == "+1 unknown or wrong"


def test_forms_and_years_have_lines_and_a_person_counts_under_each_form(workspace):
    _, lines = scored(workspace, figure(9.0, form="sexual"), figure(4.0, time="2020"))
    assert (lines["sexual"].victims, lines["sexual"].detected) == (2, 2)
    assert (lines["begging"].victims, lines["begging"].detected, lines["begging"].not_victims) == (3, 2, 1)
    assert lines["2020"].difference == 2
    assert lines["2021"].row()[3] == NO_FIGURE


def test_a_line_adds_up(workspace):
    result, _ = scored(workspace, figure(5.0), figure(7.0, form="sexual"), figure(1.0, sex="M"))
    for line in result.lines:
        if line.account is not None:
            explained = line.counted_again + line.not_victims - line.quarantined + line.other
            assert line.detected + explained == line.account
    assert {len(row) for row in result.rows} == {len(HEADER)}


def test_figures_that_meet_the_truth_need_no_reason(workspace):
    _, lines = scored(workspace, figure(1.0, sex="F", age="Y0T17"))
    assert lines["female, children"].why() == "they agree"


def test_a_cell_given_as_bounds_only_is_no_figure(workspace):
    result, _ = scored(workspace, figure(None))
    assert result.rows[0][3] == NO_FIGURE
    assert "no exact figure" in result.total.why()


def test_figures_of_another_measure_are_not_compared(workspace):
    other = figure(99.0) | {"measure": "victims_assisted"}
    result, _ = scored(workspace, other, figure(4.0))
    assert result.total.account == 4


def test_the_summary_is_plain_data(workspace):
    result, _ = scored(workspace, figure(4.0))
    summary = json.loads(json.dumps(result.summary()))
    assert summary["difference"] == 0
    assert summary["note"] == "MADE UP DATA"
    assert summary["lines"][0]["group"] == "all"


def test_a_workspace_without_truth_or_cube_is_named(workspace, tmp_path):
    with pytest.raises(UsageError, match="no such cube"):
        score(workspace, tmp_path / "none.parquet")
    with pytest.raises(UsageError, match="only a demo country"):
        score(tmp_path / "elsewhere", tmp_path / "none.parquet")
