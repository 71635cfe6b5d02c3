import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.schema import CUBE
from palermo.demo.score import HEADER, NO_FIGURE, score
from palermo.demo.truth import FOLDER, PERSONS_FILE
from palermo.errors import UsageError

# detected, sex, age group, year, forms, counted as
PEOPLE = (
    (True, "F", "Y_GE18", 2020, ["sexual"], 1),
    (True, "F", "Y_GE18", 2020, ["sexual", "begging"], 3),
    (True, "F", "Y0T17", 2021, ["begging"], 1),
    (True, "M", "Y_GE18", 2021, ["forced_labour"], 0),
    (False, "M", "Y0T17", 2021, ["begging"], 0),
)


def figure(value, sex="_T", age="_T", form="_T", time="_T"):
    indicator = "victims_by_sex_age" if form == "_T" else "victims_by_form_sex_age"
    row = dict.fromkeys(CUBE.names)
    row |= {"indicator": indicator, "measure": "victims_detected", "unit": "PERSON", "kind": "detected"}
    row |= {"sex": sex, "age": age, "form": form, "time_period": time, "value": value}
    return row


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / FOLDER).mkdir()
    rows = [
        {"victim": True, "detected": d, "sex": s, "age_group": a, "year": y, "detected_year": y if d else None}
        | {"forms": f, "counted_as": c}
        for d, s, a, y, f, c in PEOPLE
    ]
    rows.append(rows[0] | {"victim": False, "detected": False})  # noticed, and not a victim
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / FOLDER / PERSONS_FILE)
    return tmp_path


def scored(workspace, *figures):
    cube = workspace / "cube.parquet"
    pq.write_table(pa.Table.from_pylist(list(figures), CUBE), cube)
    result = score(workspace, cube)
    return result, {row[0]: dict(zip(HEADER, row, strict=True)) for row in result.rows}


def test_a_difference_is_taken_apart_into_its_reasons(workspace):
    result, rows = scored(workspace, figure(5.0), figure(2.0, sex="F", age="Y0T17"))
    assert (result.victims, result.detected, result.account) == (5, 4, 5)
    total = rows["all"]
    assert (total["difference"], total["counted again"], total["quarantined"], total["other"]) == (1, 2, 1, 0)
    assert total["why"].startswith("2 counted again")
    girls = rows["female, children"]
    assert (girls["detected"], girls["account"], girls["other"]) == (1, 2, 1)
    assert "1 too many" in girls["why"]


def test_forms_and_years_have_rows_and_a_person_counts_under_each_form(workspace):
    _, rows = scored(workspace, figure(9.0, form="sexual"), figure(4.0, time="2020"))
    assert (rows["sexual"]["all victims"], rows["sexual"]["detected"]) == (2, 2)
    assert (rows["begging"]["all victims"], rows["begging"]["detected"]) == (3, 2)
    assert rows["2020"]["difference"] == 2
    assert rows["2021"]["account"] == NO_FIGURE


def test_a_row_adds_up(workspace):
    result, rows = scored(workspace, figure(5.0), figure(7.0, form="sexual"), figure(1.0, sex="M"))
    for row in rows.values():
        if row["account"] != NO_FIGURE:
            assert row["detected"] + row["counted again"] - row["quarantined"] + row["other"] == row["account"]
    assert len({len(row) for row in result.rows} | {len(HEADER)}) == 1


def test_a_cell_given_as_bounds_only_is_no_figure(workspace):
    _, rows = scored(workspace, figure(None))
    assert rows["all"]["account"] == NO_FIGURE


def test_figures_of_another_measure_are_not_compared(workspace):
    other = figure(99.0) | {"measure": "victims_assisted"}
    result, _ = scored(workspace, other, figure(4.0))
    assert result.account == 4


def test_the_summary_is_plain_data(workspace):
    result, _ = scored(workspace, figure(4.0))
    summary = result.summary()
    assert summary["difference"] == 0
    assert summary["note"] == "MADE UP DATA"
    assert summary["rows"][0]["group"] == "all"


def test_a_workspace_without_truth_or_cube_is_named(workspace, tmp_path):
    with pytest.raises(UsageError, match="no such cube"):
        score(workspace, tmp_path / "none.parquet")
    with pytest.raises(UsageError, match="only a demo country"):
        score(tmp_path / "elsewhere", tmp_path / "none.parquet")
