"""The attacker finds what was planted, and nothing in a sound release."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError
from palermo.release.audit import audit_release
from palermo.release.freeze import make_release
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED


@pytest.fixture
def opened(tmp_path, cubes, persons, written):
    """A sound release and the true rows beside its published ones."""
    rows = cubes["counted"](persons)
    made = make_release(*written(rows), tmp_path / "out", Protection(), {})
    return made.path, rows, pq.read_table(made.path / "cube.parquet").to_pylist()


def change(folder, rows):
    pq.write_table(pa.Table.from_pylist(rows, RELEASED), folder / "cube.parquet")
    return audit_release(folder)


def shown(true):
    return {**true, "conf_status": "F"}


def test_a_sound_release_passes(opened):
    audit = audit_release(opened[0])
    assert audit.ok
    assert audit.findings == ()
    assert audit.hidden > audit.checked > 0, "some counts stand in two tables"


def test_every_small_cell_put_back_is_found(opened):
    folder, true, published = opened
    places = [number for number, row in enumerate(true) if 0 < row["value"] < 5]
    assert len(places) > 5
    for number in places:
        assert not change(folder, [*published[:number], shown(true[number]), *published[number + 1 :]]).ok


def test_a_guarding_cell_put_back_is_found(tmp_path, cubes, written):
    people = [*cubes["group"](3), *cubes["group"](9, sex="M"), *cubes["group"](30, age="Y0T17"),
              *cubes["group"](40, sex="M", age="Y0T17")]  # fmt: skip
    true = cubes["counted"](people, {"victims_by_sex_age": ("sex", "age")})
    made = make_release(*written(true), tmp_path / "out", Protection(), {})
    published = pq.read_table(made.path / "cube.parquet").to_pylist()
    places = [number for number, row in enumerate(published) if row["conf_status"] != "F"]
    assert len(places) == 4, "one small cell and the three other corners of the square"
    for number in places:
        audit = change(made.path, [*published[:number], shown(true[number]), *published[number + 1 :]])
        assert any(
            "it follows that it is 3" in str(finding) or "is printed" in str(finding) for finding in audit.findings
        )


def test_a_margin_printed_in_another_table_is_found(opened):
    folder, true, published = opened
    number = next(n for n, row in enumerate(published) if row["conf_status"] != "F" and row["form"] == "_T")
    other = {**shown(true[number]), "indicator": "victims_by_form_sex_age"}
    audit = change(folder, [*published, other])
    assert any("hidden in one table and printed in another" in str(finding) for finding in audit.findings)


def test_a_printed_rate_of_a_hidden_count_is_found(opened):
    folder, _, published = opened
    count = next(row for row in published if row["conf_status"] != "F")
    rate = {**count, "indicator": "victims_rate", "unit": "PER_100K", "value": 0.4, "lower": 0.4, "upper": 0.4,
            "conf_status": "F"}  # fmt: skip
    audit = change(folder, [*published, rate])
    assert [finding.indicator for finding in audit.findings] == ["victims_rate"]


def test_bounds_that_tell_too_much_are_found(opened):
    folder, true, published = opened
    number = next(n for n, row in enumerate(published) if row["conf_status"] != "F" and true[n]["value"] == 2)
    told = {**published[number], "lower": 1.0, "upper": 4.0}
    audit = change(folder, [*published[:number], told, *published[number + 1 :]])
    assert any("from 1 to" in str(finding) or "it is" in str(finding) for finding in audit.findings)


def test_a_value_left_in_a_hidden_row_is_found(opened):
    folder, true, published = opened
    number = next(n for n, row in enumerate(published) if row["conf_status"] != "F")
    told = {**published[number], "value": true[number]["value"]}
    audit = change(folder, [*published[:number], told, *published[number + 1 :]])
    assert any("still holds its value" in str(finding) for finding in audit.findings)


def test_counts_left_in_receipts_are_found(opened):
    folder = opened[0]
    receipts = {"indicators": {"victims_by_sex_age": {"counts": {"rows": 96}}}, "inputs": []}
    (folder / "receipts.json").write_text(json.dumps(receipts))
    assert [finding.indicator for finding in audit_release(folder).findings] == ["victims_by_sex_age"]


def test_silence_about_sums_does_not_blind_the_attacker(opened):
    folder, true, published = opened
    metadata = json.loads((folder / "metadata.json").read_text())
    metadata["protection"]["sums"] = {}
    (folder / "metadata.json").write_text(json.dumps(metadata))
    number = next(n for n, row in enumerate(published) if row["conf_status"] != "F")
    assert not change(folder, [*published[:number], shown(true[number]), *published[number + 1 :]]).ok


def test_contradicting_figures_are_a_finding(opened):
    folder, _, published = opened
    number = next(n for n, row in enumerate(published) if row["time_period"] == row["sex"] == row["age"] == "_T")
    wrong = {**published[number], "value": 1.0, "lower": 1.0, "upper": 1.0}
    audit = change(folder, [*published[:number], wrong, *published[number + 1 :]])
    assert any("contradict" in str(finding) for finding in audit.findings)


def test_no_release_is_an_error(tmp_path):
    with pytest.raises(PalermoError, match="not a release"):
        audit_release(tmp_path)


def test_public_figures_of_other_areas_need_not_add_up(tmp_path, cubes, persons, written):
    public = [
        cubes["row"]("victims_by_sex_age", n, ref_area="XXB", confidential=False, sex=sex)
        for n, sex in ((2.0, "F"), (1.0, "M"), (90.0, "_T"))
    ]
    rows = [*cubes["counted"](persons), *public]
    assert make_release(*written(rows), tmp_path / "out", Protection(), {}).audit.ok


CODES = st.fixed_dictionaries(
    {
        "time_period": st.sampled_from(["2020", "2021", "2022"]),
        "sex": st.sampled_from(["F", "M"]),
        "age": st.sampled_from(["Y0T17", "Y_GE18"]),
        "form": st.sampled_from(["sexual", "begging"]),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.tuples(CODES, st.integers(1, 12)), min_size=1, max_size=12), k=st.integers(2, 6))
def test_any_linked_tables_pass_the_audit(tmp_path, cubes, written, groups, k):
    people = [person for codes, number in groups for person in cubes["group"](number, **codes)]
    rows = cubes["counted"](people)
    rows += cubes["counted"](people, {"sdg_16_2_2": ("time_period", "form")})
    made = make_release(*written(rows), tmp_path / "out", Protection(k_tables=k), {})
    small = [row for row in rows if 0 < row["value"] < k]
    assert made.audit.ok
    assert made.hidden_primary >= len(small)


def several_forms(cubes, people):
    """The table by form, in which a person counts under each form, and its totals."""
    rows = []
    for year in ("2020", "2021", "2022", "_T"):
        for sex in ("F", "M", "_T"):
            chosen = [p for p in people if p["time_period"] in {year, *({p["time_period"]} if year == "_T" else ())}]
            chosen = [p for p in chosen if sex in {p["sex"], "_T"}]
            for form in ("sexual", "begging", "_T"):
                value = sum(form == "_T" or form in {p["form"], p["second"]} for p in chosen)
                codes = {"time_period": year, "sex": sex, "form": form}
                rows.append(cubes["row"]("victims_by_form_sex_age", float(value), **codes))
    return rows


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.tuples(CODES, st.integers(1, 12), st.sampled_from(["begging", ""])), min_size=1, max_size=9))
def test_tables_of_several_forms_per_person_and_assisted_persons_pass(tmp_path, cubes, written, groups):
    people = [{**one, "second": second} for codes, n, second in groups for one in cubes["group"](n, **codes)]
    rows = several_forms(cubes, people)
    rows += cubes["counted"](people, {"victims_by_sex_age": ("time_period", "sex", "age")})
    assisted = cubes["counted"](people[::3], {"victims_assisted_by_sex_age": ("time_period", "sex", "age")})
    rows += [{**row, "measure": "victims_assisted", "kind": "assisted"} for row in assisted]
    rounding = 5 if len(people) % 2 else None
    assert make_release(*written(rows), tmp_path / "out", Protection(rounding=rounding), {}).audit.ok
