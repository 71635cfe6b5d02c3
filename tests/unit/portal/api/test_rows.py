"""Rows: their status is that of the figures, labels cannot be run, and a large table never sits whole in memory."""

import csv
import io
import tracemalloc

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.account.schema import DIMENSIONS
from palermo.portal.api.rows import PIECE, WITH_INTERVAL, csv_pieces, json_rows, statuses
from palermo.release.schema import RELEASED
from palermo.report.amounts import State
from palermo.report.observations import amount_of, observations_of
from palermo.report.reading import Release


def row(value, lower, upper, obs_status="A", conf_status="F", **codes):
    made = {"indicator": "i", "measure": "victims_detected", "unit": "PERSON", "kind": "detected"}
    made |= dict.fromkeys(DIMENSIONS, "_T") | {"ref_area": "DEU", "time_period": "2022", "receipt_id": "r"}
    return made | {"value": value, "lower": lower, "upper": upper, "obs_status": obs_status,
                   "conf_status": conf_status} | codes  # fmt: skip


def table_of(*rows):
    return pa.Table.from_pylist(list(rows), RELEASED)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (row(0.0, 0.0, 0.0), State.EXACT),
        (row(None, 0.0, 9.0, "Q", "A"), State.HIDDEN),
        (row(None, None, None, "Q", "D"), State.HIDDEN),
        (row(None, 0.0, 4.0, "Q", "F"), State.PRINTED_RANGE),
        (row(10.0, 8.0, 12.0), State.ROUNDED),
        (row(35.0, 22.0, 50.0, "E", unit="PERCENT"), WITH_INTERVAL),
        (row(120.0, 90.0, 200.0, "E", kind="estimated"), WITH_INTERVAL),
        (row(None, None, None, "O"), State.NO_FIGURE),
    ],
)
def test_how_a_number_came_to_be_what_it_is(made, told):
    assert statuses(table_of(made)) == [told]


NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 9.0]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            row, NUMBERS, NUMBERS, NUMBERS, st.sampled_from("AQEO"), st.sampled_from("FAD"),
            unit=st.sampled_from(["PERSON", "PERCENT"]), kind=st.sampled_from(["detected", "estimated"]),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_many_rows_have_the_statuses_that_each_has_alone(rows):
    table = table_of(*rows)
    alone = [
        WITH_INTERVAL if one.interval else amount_of(made).state
        for one, made in zip(observations_of(table), rows, strict=True)
    ]
    assert statuses(table) == alone


def test_a_label_that_a_spreadsheet_would_run_stands_behind_a_quote():
    release = Release("0" * 16, table_of(row(1.0, 1.0, 1.0, list="=HYPERLINK(1)")), {}, {"made_up": False})
    (line,) = csv.DictReader(io.StringIO(b"".join(csv_pieces(release, release.cube)).decode()))
    assert line["list"] == "'=HYPERLINK(1)"
    assert line["list_label"].startswith("'=")
    assert json_rows(release.cube)[0]["list"] == "=HYPERLINK(1)"


def test_a_million_numbers_are_sent_a_few_thousand_at_a_time():
    size = 1_000_000
    one = table_of(row(None, 0.0, 9.0, "Q", "A"), row(1.0, 1.0, 1.0))
    table = one.take(pa.array(np.arange(size) % 2))
    release = Release("0" * 16, table, {}, {"made_up": True})
    pieces = csv_pieces(release, table)
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    sent = most = 0
    for _ in range(20):
        sent += len(next(pieces))
        most = max(most, pa.total_allocated_bytes() - before)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > 20 * PIECE * 100
    assert most + held < 64 * 1024**2


def test_an_endless_bound_is_left_out_of_json():
    (told,) = json_rows(table_of(row(None, 0.0, float("inf"), "Q", "A")))
    assert (told["lower"], told["upper"]) == (0.0, None)
