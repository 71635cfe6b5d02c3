"""The number with and without correction as one thing; nothing labelled, or a steep curve, leaves no number."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.linked_number import NOT_CORRECTED, LinkFiles, in_their_place, linked_number, read_links
from palermo.linkage.schema import MEMBERSHIPS, PAIR_RATES

LISTS = ("A", "B")
QUICK = Settings(bootstrap=80)


def persons(lost):
    """Made-up memberships: 400 persons, of whom 200 are on both lists; every ``lost``-th of these falls apart."""
    rows, number = [], 0
    for person in range(400):
        on = LISTS if person < 200 else LISTS[person % 2 : person % 2 + 1]
        apart = person < 200 and lost and person % lost == 0
        first = number + 1
        for name in on:
            number += 1
            own = number if apart else first
            rows.append({"row_id": number, "list": name, "record_id": str(number), "person_id": own})
    return pa.Table.from_pylist(rows, schema=MEMBERSHIPS)


def rates(missed, labelled=200):
    row = {"list_a": "A", "list_b": "B", "labelled": labelled, "false": 0.0, "false_lower": 0.0, "false_upper": 0.0}
    row |= {"missed": missed, "missed_lower": missed * 0.8, "missed_upper": missed * 1.2, "overlap": 200.0}
    return pa.Table.from_pylist([row], schema=PAIR_RATES)


@pytest.fixture
def files(tmp_path):
    for at, lost in ((0.5, 20), (0.9, 10), (0.99, 5)):
        pq.write_table(persons(lost), tmp_path / f"m{at}.parquet")
        pq.write_table(rates(1 / lost), tmp_path / f"r{at}.parquet")
    own = {name: {at: tmp_path / f"{name}{at}.parquet" for at in (0.5, 0.9, 0.99)} for name in "mr"}
    return LinkFiles(0.9, own["m"], own["r"])


def test_the_files_of_linkage_become_numbers_with_and_without_correction(files):
    found = read_links(files, LISTS, QUICK)
    truth = 300 * 300 / 200
    assert found.hindrance is None
    assert found.labelled == 200
    assert found.check == pytest.approx(truth)
    (row,) = [row for row in found.rows() if row["estimator"] == "main_effects"]
    assert row["corrected"] == pytest.approx(truth)
    assert row["uncorrected"] == pytest.approx(truth / 0.9)
    assert row["lower"] < truth < row["upper"]
    assert 0 < row["linkage_part"] < 1
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert [point["threshold"] for point in document["curve"]["points"]] == [0.5, 0.9, 0.99]


def test_without_labels_only_the_curve_is_left(files):
    pq.write_table(rates(0.1, labelled=0), files.rates[0.9])
    found = read_links(LinkFiles(0.9, files.memberships, {0.9: files.rates[0.9]}), LISTS, QUICK)
    assert found.labelled == 0
    assert "only the curve" in found.hindrance
    assert all(row["corrected"] is None for row in found.rows())
    assert found.curve.reach(corrected=False)[1] == pytest.approx(450 / 0.8)


def test_no_rates_at_all_is_the_same_refusal(files):
    found = read_links(LinkFiles(0.9, files.memberships, {}), LISTS, QUICK)
    assert found.answers == ()
    assert "only the curve" in found.hindrance


def test_rates_that_do_not_flatten_the_curve_leave_no_number(files):
    for at, path in files.rates.items():
        pq.write_table(rates(0.4 if at == 0.5 else 0.01), path)
    found = read_links(files, LISTS, QUICK)
    assert "moves the number" in found.hindrance
    assert {answer.verdict for answer in found.answers} == {Verdict.REFUSED}


def test_a_threshold_without_persons_is_named(files):
    with pytest.raises(UsageError, match=r"0\.7"):
        read_links(LinkFiles(0.7, files.memberships, files.rates), LISTS, QUICK)


def own(name, stratum="_T"):
    return Answer(name, 500.0, 450.0, 560.0, 0.95, stratum=stratum)


def test_corrected_answers_stand_in_the_place_of_the_others(files):
    found = read_links(files, LISTS, QUICK)
    one, other, part = in_their_place([own("main_effects"), own("dga_bma"), own("main_effects", "sex=F")], found)
    assert one.estimate == pytest.approx(450)
    assert other.estimate == part.estimate == 500
    assert NOT_CORRECTED in other.reasons
    assert NOT_CORRECTED in part.reasons


def test_where_no_number_may_stand_alone_none_does(files):
    found = read_links(LinkFiles(0.9, files.memberships, {}), LISTS, QUICK)
    (answer,) = in_their_place([own("main_effects")], found)
    assert answer.verdict is Verdict.REFUSED
    assert answer.reasons[0] == found.hindrance


def test_tables_without_the_threshold_that_is_used_are_a_mistake():
    with pytest.raises(UsageError, match="no persons at the threshold"):
        linked_number({}, {}, 0.9)


def test_the_made_up_persons_are_as_described():
    assert np.unique(persons(10)["person_id"].to_numpy()).size == 420
