from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.intake.figures import read_figure
from palermo.intake.observations import Key, SourceFigure, Tally, batch_of, observation_table, settle
from palermo.intake.schema import OBSERVATIONS

KEY = Key("victims_detected", "PERSON", "detected", "PLM", "2020")


def figure(row, text, label="", **changes):
    return SourceFigure(KEY._replace(**changes), read_figure(text, whole=True), row, "Value", text, label)


def kinds(batch):
    return {one.kind: one.count for one in batch.notices}


def test_a_repeated_figure_is_put_aside():
    batch = batch_of("made up", "file.csv", [figure(1, "7"), figure(2, "7")], [], Tally())
    (aside,) = batch.quarantined
    assert (batch.read, batch.accepted) == (2, 1)
    assert (aside.row, aside.reason) == (2, "repeated key: repeats row 1, which has the same figure")
    assert kinds(batch) == {"repeated key": 1}


def test_of_conflicting_figures_the_first_exact_one_stands_and_both_are_named():
    batch = batch_of("made up", "file.csv", [figure(1, "<5"), figure(2, "17"), figure(3, "18")], [], Tally())
    assert batch.tables["observations"].column("value").to_pylist() == [17]
    assert [(row.row, row.found) for row in batch.quarantined] == [(1, "<5"), (3, "18")]
    assert all("row 2 has '17'" in row.expected for row in batch.quarantined)
    assert kinds(batch) == {"conflicting repeated key": 2, "keys in conflict": 1}


def test_two_labels_of_one_code_are_two_groups():
    """ "Other" and "Unknown" citizenship both have the code _U and are no repetition of each other."""
    kept, repeats = settle([figure(1, "7", "Other"), figure(2, "9", "Unknown")], "file.csv", Tally())
    assert (len(kept), repeats) == (2, [])


def test_fewer_women_than_men_sexually_exploited_is_said_and_not_repaired():
    rows = [figure(1, "10", sex="F", form="sexual"), figure(2, "90", sex="M", form="sexual")]
    batch = batch_of("made up", "file.csv", rows, [], Tally())
    (notice,) = batch.notices
    assert (notice.kind, notice.example) == ("sexes perhaps exchanged", "PLM 2020")
    assert batch.tables["observations"].column("value").to_pylist() == [10, 90]


def test_parts_that_add_up_to_the_total_of_the_other_sex_are_said():
    rows = [
        figure(1, "40", sex="F"),
        figure(2, "60", sex="M"),
        figure(3, "25", sex="F", form="forced_labour"),
        figure(4, "35", sex="F", form="begging"),
        figure(5, "40", sex="M", form="forced_labour"),
    ]
    batch = batch_of("made up", "file.csv", rows, [], Tally())
    assert [one.message for one in batch.notices] == ["forms add up to the total of the other sex"]


def test_small_figures_say_nothing_about_the_columns():
    rows = [figure(1, "1", sex="F", form="sexual"), figure(2, "3", sex="M", form="sexual")]
    assert batch_of("made up", "file.csv", rows, [], Tally()).notices == ()


def test_an_empty_table_has_the_schema():
    assert observation_table("made up", []).schema == OBSERVATIONS


TEXTS = st.sampled_from(["<5", "5", "17", "1,192", "", "-"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["2019", "2020"])), max_size=20))
def test_nothing_is_lost_and_each_key_stands_once(cells):
    figures = [figure(row, text, time_period=year) for row, (text, year) in enumerate(cells, 1)]
    batch = batch_of("made up", "file.csv", figures, [], Tally())
    table = batch.tables["observations"]
    assert batch.read == batch.accepted + len(batch.quarantined) == len(cells)
    assert sorted([*table.column("source_row").to_pylist(), *(row.row for row in batch.quarantined)]) == [
        one.row for one in figures
    ]
    assert table.num_rows == len({one.key for one in figures})
