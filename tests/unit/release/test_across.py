"""Law 3 over several releases: an attacker who keeps them all isolates nobody (tried with code of its own)."""

import itertools
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from palermo.errors import RefusedError
from palermo.release.across import Earlier
from palermo.release.audit_across import audit_across
from palermo.release.folder import load_release
from palermo.release.freeze import Account, made_release, make_release, manifest_of, put_in_place
from palermo.release.history import History
from palermo.release.rules import Protection

K = 5
AXES = {"time_period": ("2021", "2022"), "sex": ("F", "M"), "age": ("Y0T17", "Y_GE18"), "form": ("sexual", "other")}
BY_AGE = {"victims_by_sex_age": ("time_period", "sex", "age")}
BY_FORM = {"victims_by_sex_form": ("time_period", "sex", "form")}
BOTH = {**BY_AGE, **BY_FORM}


@pytest.fixture
def office(cubes):
    """Releases made one after another, each with all those before it as history."""
    return lambda folder, within=None: Office(Path(folder), cubes["counted"], within or {})


class Office:
    """What the ledger does, without files that no test here needs."""

    def __init__(self, folder, counted, within):
        self.folder, self.counted, self.within = folder, counted, within
        self.earlier, self.folders, self.documents, self.held = [], [], [], []

    def release(self, persons, tables=None, rows=None):
        rows = self.counted(persons, tables or BY_AGE) if rows is None else rows
        history = History(tuple(self.earlier), tuple(self.folders), self.within, tuple(self.documents))
        account, rules = Account(rows, {"indicators": {}, "inputs": []}, {}), Protection()
        out = self.folder / str(len(self.earlier))
        with made_release(account, out, rules, {}, (history, None)) as made:
            frozen = put_in_place(made, out, manifest_of(made, rules, {}))
            true, self.held = made.rows, made.held.held
        loaded = load_release(frozen)
        published = loaded.cube.to_pylist()
        self.earlier.append(Earlier(made.id, true, published, loaded.metadata["protection"]))
        self.folders.append(frozen)
        told = {"metadata": loaded.metadata, "receipts": loaded.receipts, "tried": loaded.estimates}
        self.documents.append(told)
        return published

    def alone(self, rows):
        """A release that knows of no other; its folder."""
        self.release([], rows=rows)
        return self.folders[-1]


def shown(published):
    """Printed counts by their codes."""
    return {codes(row): row["value"] for row in published if row["conf_status"] == "F" and row["value"] is not None}


def codes(row):
    return tuple(row[name] for name in AXES)


def persons_of(*groups):
    """Made-up persons: (number, year, sex, age, form)."""
    return [dict(zip(AXES, codes, strict=True)) for number, *codes in groups for _ in range(number)]


BASE = persons_of(
    (12, "2021", "F", "Y_GE18", "sexual"), (9, "2021", "M", "Y_GE18", "other"), (3, "2021", "F", "Y0T17", "sexual"),
    (14, "2021", "M", "Y0T17", "other"), (20, "2022", "F", "Y_GE18", "sexual"), (11, "2022", "M", "Y_GE18", "other"),
    (8, "2022", "F", "Y0T17", "other"), (7, "2022", "M", "Y0T17", "sexual"),
)  # fmt: skip
ONE = {"time_period": "2021", "sex": "F", "age": "Y_GE18", "form": "sexual"}


def test_the_same_account_again_is_the_same_release(tmp_path, office):
    made = office(tmp_path)
    assert made.release(BASE) == made.release(BASE)
    assert made.earlier[0].id == made.earlier[1].id


@pytest.mark.parametrize("later", [[*BASE, ONE], BASE[1:], [{**BASE[0], "sex": "M"}, *BASE[1:]]])
def test_one_late_case_added_removed_or_corrected_changes_no_figure(tmp_path, office, later):
    made = office(tmp_path)
    assert shown(made.release(BASE)) == shown(made.release(later))
    assert [change.year for change in made.held] == ["2021"]


def test_a_late_case_in_the_year_before_a_new_one_stays_out_of_the_total_too(tmp_path, office):
    made = office(tmp_path)
    first = made.release(BASE)
    new = persons_of((15, "2023", "F", "Y_GE18", "sexual"), (16, "2023", "M", "Y0T17", "other"))
    second = shown(made.release([*BASE, ONE, *new]))
    whole = ("_T",) * len(AXES)
    assert second[whole] == shown(first)[whole] + 31
    assert second["2021", "_T", "_T", "_T"] == shown(first)["2021", "_T", "_T", "_T"]


def test_held_changes_go_out_once_they_are_many(tmp_path, office):
    made = office(tmp_path)
    first = shown(made.release(BASE))
    assert shown(made.release([*BASE, *[ONE] * 3])) == first
    second = shown(made.release([*BASE, *[ONE] * 12]))
    assert second["2021", "_T", "_T", "_T"] == first["2021", "_T", "_T", "_T"] + 12
    assert made.held == []


def test_a_revision_hides_the_parts_in_which_few_came(tmp_path, office):
    made = office(tmp_path)
    base = persons_of(*((20 + number, *where) for number, where in enumerate(itertools.product(*AXES.values()))))
    first = shown(made.release(base))
    late = [*[ONE] * 9, *[{**ONE, "sex": "M"}] * 2, *[{**ONE, "sex": "M", "age": "Y0T17"}] * 7]
    second = shown(made.release([*base, *late]))
    assert second["2021", "_T", "_T", "_T"] == first["2021", "_T", "_T", "_T"] + 18
    assert ("2021", "M", "Y_GE18", "_T") in first
    assert ("2021", "M", "Y_GE18", "_T") not in second
    assert 0 < len(first) - len(second) < 10, "little else goes with it"


def test_another_table_of_the_same_data_does_not_open_the_first(tmp_path, office):
    made = office(tmp_path)
    made.release(BASE, BY_AGE)
    second = made.release(BASE, BOTH)
    assert second
    assert audit_across(made.folders, {}) == ()


def test_the_attacker_finds_a_late_case_in_releases_made_without_history(tmp_path, cubes, written):
    folders = []
    for name, persons in (("one", BASE), ("two", [*BASE, ONE])):
        cube = written(cubes["counted"](persons, BY_AGE))
        folders.append(make_release(*cube, tmp_path / name, Protection(), {}).path)
    words = [str(finding) for finding in audit_across(folders, {})]
    assert any("what was added or removed, but it follows from several releases that it is 1" in one for one in words)


def test_the_attacker_finds_a_hidden_count_that_another_release_leaves_open(tmp_path, cubes, written):
    few = persons_of((3, "2021", "F", "Y0T17", "sexual"), (30, "2021", "M", "Y0T17", "other"))
    folders = []
    for name, tables in (("one", {"a": ("sex",)}), ("two", {"b": ("age",)})):
        rows = cubes["counted"](few, tables)
        rows = [row for row in rows if not (name == "two" and row["age"] == "_T" and row["sex"] == "_T")]
        folders.append(make_release(*written(rows), tmp_path / name, Protection(), {}).path)
    assert audit_across(folders, {}) == ()
    # a table that prints no other sex: only such a one may have fewer parts than persons
    rows = [cubes["row"]("sdg_16_2_2", 30.0, sex="M", age="_T"), cubes["row"]("sdg_16_2_2", 33.0)]
    folders.append(make_release(*written(rows), tmp_path / "three", Protection(), {}).path)
    assert any("sex F" in str(finding) for finding in audit_across(folders, {}))


def test_an_area_and_the_same_without_a_small_part_are_not_both_printed(tmp_path, office, cubes):
    row = cubes["row"]
    within = {"XXB": "XXA"}
    made = office(tmp_path, within)
    made.release([], rows=[row("victims", 100.0), row("victims", 60.0, sex="F"), row("victims", 40.0, sex="M")])
    second = [row("victims", 97.0, ref_area="XXB"), row("victims", 59.0, ref_area="XXB", sex="F"),
              row("victims", 38.0, ref_area="XXB", sex="M")]  # fmt: skip
    published = made.release([], rows=second)
    assert [one["conf_status"] for one in published] == ["C"] * 3
    apart = Office(tmp_path / "apart", None, {})
    apart.release([], rows=made.earlier[0].rows)
    apart.release([], rows=second)
    assert audit_across(apart.folders, within)
    assert audit_across(made.folders, within) == ()


def test_two_periods_that_differ_by_few_are_not_both_printed(tmp_path, office, cubes):
    row = cubes["row"]
    made = office(tmp_path)
    made.release(
        [],
        rows=[row("victims", 100.0, time_period="2019/2022"), row("victims", 60.0, time_period="2019/2022", sex="F")],
    )
    later = [row("victims", 130.0, time_period="2019/2023"), row("victims", 62.0, time_period="2019/2023", sex="F")]
    published = made.release([], rows=later)
    assert [one["conf_status"] for one in published] == ["F", "C"]


def test_a_table_that_comes_to_stand_apart_is_still_compared_with_itself(tmp_path, office, cubes):
    row = cubes["row"]
    made = office(tmp_path)
    made.release([], rows=[row("a", 100.0), row("b", 100.0)])
    second = [row("a", 200.0), row("b", 102.0)]
    published = made.release([], rows=second)
    assert [one["conf_status"] for one in published] == ["F", "C"]
    assert audit_across(made.folders, {}) == ()
    apart = Office(tmp_path / "apart", None, {})
    apart.release([], rows=made.earlier[0].rows)
    folders = [*apart.folders, Office(tmp_path / "alone", None, {}).alone(second)]
    assert any(finding.indicator == "b" for finding in audit_across(folders, {}))


leaf = st.tuples(*(st.sampled_from(codes) for codes in AXES.values()))
files = st.lists(st.tuples(leaf, st.integers(0, 9)), min_size=4, max_size=12, unique_by=lambda pair: pair[0])
correction = st.tuples(st.sampled_from(["add", "drop", "move"]), leaf, st.integers(0, 10**6))


def corrected(persons, change):
    """The file after one late correction."""
    what, where, number = change
    case = dict(zip(AXES, where, strict=True))
    place = number % len(persons)
    rest = [*persons[:place], *persons[place + 1 :]]
    return {"add": [*persons, case], "drop": rest, "move": [*rest, case]}[what]


def published_system(published, leaves):
    """Equations over leaf counts that every reader can set up: printed sums."""
    rows, right = [], []
    for where, value in shown(published).items():
        rows.append([float(all(code in {"_T", own} for code, own in zip(where, leaf, strict=True))) for leaf in leaves])
        right.append(value)
    return np.array(rows).reshape(-1, len(leaves)), np.array(right)


def reach(target, equal, right, bounds):
    """Least and most of a sum of unknowns; None where no table fits."""
    ends = []
    for sign in (1, -1):
        answer = linprog(sign * target, A_eq=equal, b_eq=right, bounds=bounds, method="highs")
        if answer.status != 0:
            return None
        ends.append(sign * answer.fun)
    return np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)


def isolated(first, second, leaves):
    """Sums of cases that came or went, shown to be of 1 to K - 1 persons, by one who knows that cases only came."""
    one, other = published_system(first, leaves), published_system(second, leaves)
    size = len(leaves)
    equal = np.block([[one[0], np.zeros_like(one[0])], [other[0], other[0]]])  # unknowns: old leaves, and what came
    right = np.concatenate([one[1], other[1]])
    found = []
    for where in itertools.product(*((*AXES[name], "_T") for name in AXES)):
        mask = np.array([float(all(c in {"_T", own} for c, own in zip(where, leaf, strict=True))) for leaf in leaves])
        target = np.concatenate([np.zeros(size), mask])
        ends = reach(target, equal, right, [(0, None)] * size + [(0, None)] * size)
        if ends is not None and ends[0] >= 1 and ends[1] < K:
            found.append((where, ends))
    return found


@settings(
    max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(files=files, change=correction, tables=st.sampled_from(list(itertools.product((BY_AGE, BOTH), repeat=2))))
def test_law_3_no_pair_of_releases_isolates_fewer_than_k(cubes, files, change, tables):
    persons = persons_of(*((number + 1, *where) for where, number in files))
    leaves = list(itertools.product(*AXES.values()))
    with tempfile.TemporaryDirectory() as folder:
        made = Office(Path(folder), cubes["counted"], {})
        first = made.release(persons, tables[0])
        try:
            second = made.release(corrected(persons, change), tables[1])
        except RefusedError:
            return  # said with the reason
    assert isolated(first, second, leaves) == []
    assert isolated(second, first, leaves) == [], "removed cases are found as little as added ones"
    changed = {
        where for where in shown(first).keys() & shown(second).keys() if shown(first)[where] != shown(second)[where]
    }
    assert changed == set(), "one case never changes a printed figure"
    for where in shown(first).keys() | shown(second).keys():
        assert not 0 < {**shown(first), **shown(second)}[where] < K


def test_published_folders_hold_what_the_test_reads(tmp_path, office):
    made = office(tmp_path)
    published = made.release(BASE)
    assert pq.read_table(made.folders[0] / "cube.parquet").num_rows == len(published)
