"""Rows of nobody that an earlier release hid: they stay hidden, as their absence would tell that nobody is there."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.release.across import Earlier
from palermo.release.folder import load_release
from palermo.release.freeze import Account, made_release, manifest_of, put_in_place
from palermo.release.gone_rows import gone, needed
from palermo.release.history import History
from palermo.release.rules import FREE, HIDDEN, Protection

TABLES = {"victims_by_sex_age": ("time_period", "sex", "age")}
GROUPS = st.lists(
    st.tuples(st.integers(1, 14), st.sampled_from("FM"), st.sampled_from(["Y0T17", "Y_GE18"])), min_size=2, max_size=4
)


def not_asked(row):
    """Whether a row says zero of what nobody was asked in 2022."""
    return row["time_period"] == "2022" and (row["sex"] in {"F", "M"} or row["age"] in {"Y0T17", "Y_GE18"})


def released(folder, rows, earlier=(), folders=(), documents=()):
    account, rules = Account(rows, {"indicators": {}, "inputs": []}, {}), Protection()
    history = History(tuple(earlier), tuple(folders), {}, tuple(documents))
    with made_release(account, folder, rules, {}, (history, None)) as made:
        frozen = put_in_place(made, folder, manifest_of(made, rules, {}))
        true = made.rows
    loaded = load_release(frozen)
    told = {"metadata": loaded.metadata, "receipts": loaded.receipts, "tried": loaded.estimates}
    return Earlier(made.id, true, loaded.cube.to_pylist(), loaded.metadata["protection"]), frozen, told


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GROUPS, st.integers(10, 40))
def test_a_release_after_one_with_zeros_of_what_nobody_was_asked_is_made(cubes, groups, unasked) -> None:
    people = [{"time_period": "2021", "sex": sex, "age": age} for number, sex, age in groups for _ in range(number)]
    people += [{"time_period": "2022", "sex": "_N", "age": "_N"}] * unasked
    with_zeros = cubes["counted"](people, TABLES)
    with tempfile.TemporaryDirectory() as place:
        before, folder, told = released(Path(place) / "1", with_zeros)
        rows = [row for row in with_zeros if not not_asked(row)]
        after, _, _ = released(Path(place) / "2", rows, [before], [folder], [told])
    added = [row for row in after.published if not_asked(row)]
    assert all(row["conf_status"] == HIDDEN and row["value"] is None for row in added)
    assert len(after.published) == len(rows) + len(added) == len(after.rows)
    hidden = {codes(row) for row in before.published if row["conf_status"] != FREE}
    assert {codes(row) for row in added} <= hidden


def test_only_hidden_zeros_of_tables_that_are_still_made_come_back_and_go_when_free(cubes) -> None:
    row = cubes["row"]
    zero, one = row("victims_by_sex_age", 0.0, sex="M"), row("victims_by_sex_age", 4.0, sex="F")
    other, printed = row("victims_by_reach", 0.0, reach="DOM"), row("victims_by_sex_age", 0.0, sex="O")
    rows = [zero, one, other, printed]
    status = [HIDDEN, HIDDEN, HIDDEN, FREE]
    earlier = Earlier("1", rows, [{**row, "conf_status": one} for row, one in zip(rows, status, strict=True)], {})
    new = [row("victims_by_sex_age", 40.0)]
    assert gone(new, [earlier]) == [zero]
    for kept, mark in (([*new, zero], HIDDEN), (new, FREE)):
        protected = [{**new[0], "conf_status": FREE}, {**zero, "conf_status": mark}]
        assert needed([*new, zero], protected, 1) == (kept, protected[: len(kept)])


def codes(row):
    return row["time_period"], row["sex"], row["age"]
