"""The number against the threshold: the curve, what flattens it, and when it forbids a headline."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.link_threshold import Curve, Point, capture_of, curve, hindrance, judged
from palermo.hidden.linkage_table import pairs_of, transition
from palermo.linkage.schema import MEMBERSHIPS, PAIR_RATES

LISTS = ("A", "B", "C")
SEEN = np.array([0.2, 0.25, 0.3])
FOUND = {0.5: 1.0, 0.9: 0.9, 0.99: 0.7}  # made up: the share of true pairs that each threshold finds


def table_at(share):
    bits = np.arange(8)[:, None] >> np.arange(3) & 1
    cells = 8000 * np.where(bits, SEEN, 1 - SEEN).prod(axis=1)
    cells[0] = 0
    found = np.rint(transition(np.full(3, share), 3) @ cells).astype(np.int64)
    return CaptureTable(LISTS, np.array([1]), np.array([0])).with_cells(found)


TABLES = {threshold: table_at(share) for threshold, share in FOUND.items()}


def rates_at(share, labelled=100, overlap=False):
    perfect = table_at(1.0)
    rows = [
        {
            "list_a": LISTS[a], "list_b": LISTS[b], "labelled": labelled, "missed": 1 - share, "false": 0.0,
            "overlap": float(perfect.overlaps[a, b]) if overlap else None,
        }
        for a, b in pairs_of(3)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PAIR_RATES)


def answer(lower, upper):
    return Answer("main_effects", (lower + upper) / 2, lower, upper, 0.95)


def test_persons_become_histories_and_a_duplicate_within_a_list_counts_once():
    own = [("A", 1), ("B", 1), ("A", 3), ("A", 3), ("C", 5), ("elsewhere", 6)]
    rows = [
        {"row_id": number, "list": name, "record_id": str(number), "person_id": person, "probability": 1.0}
        for number, (name, person) in enumerate(own, 1)
    ]
    table = capture_of(pa.Table.from_pylist(rows, schema=MEMBERSHIPS), LISTS)
    assert table.cells.tolist() == [0, 1, 0, 1, 1, 0, 0, 0]
    assert capture_of(MEMBERSHIPS.empty_table(), LISTS).n == 0


def test_without_rates_there_is_only_the_uncorrected_curve():
    found = curve(TABLES, {})
    assert [point.threshold for point in found.points] == sorted(FOUND)
    assert not found.is_corrected
    low, high = found.reach(corrected=False)
    assert low == pytest.approx(8000, rel=0.01)
    assert high == pytest.approx(8000 / 0.7, rel=0.05)
    assert found.reach(corrected=True) is None


def test_rates_at_every_threshold_make_the_curve_flat():
    low, high = curve(TABLES, {at: rates_at(share) for at, share in FOUND.items()}).reach(corrected=True)
    assert low == pytest.approx(8000, rel=0.01)
    assert high == pytest.approx(8000, rel=0.01)


def test_overlaps_as_sums_of_probabilities_correct_where_a_threshold_has_no_rates():
    found = curve(TABLES, {0.9: rates_at(0.9, overlap=True)})
    assert found.is_corrected
    assert found.reach(corrected=True) == pytest.approx((8000, 8000), rel=0.01)
    assert found.rows()[0]["seen"] == TABLES[0.5].n


def test_rates_that_nobody_labelled_correct_nothing():
    assert not curve(TABLES, {0.9: rates_at(0.9, labelled=0)}).is_corrected


def test_no_threshold_at_all_is_a_mistake():
    with pytest.raises(UsageError, match="no thresholds"):
        curve({}, {})


def points(*values):
    return Curve("main_effects", tuple(Point(0.1 * n, 10, 5, value, value) for n, value in enumerate(values, 1)))


def test_without_labels_there_is_no_headline():
    refused = judged(answer(90, 110), points(100, 100), 0)
    assert refused.verdict is Verdict.REFUSED
    assert refused.estimate is None
    assert "only the curve" in refused.reasons[0]


def test_a_curve_wider_than_the_interval_refuses():
    refused = judged(answer(90, 110), points(80, 120), 100)
    assert refused.verdict is Verdict.REFUSED
    assert "from 80 to 120" in refused.reasons[0]


def test_a_curve_within_the_interval_leaves_the_answer_as_it_is():
    own = answer(90, 110)
    assert judged(own, points(95, 105, None), 100) is own
    assert hindrance(own, points(None), 100) is None
