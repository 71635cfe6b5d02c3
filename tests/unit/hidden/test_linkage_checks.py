"""What needs less than the full correction: two lists, calibrated overlaps, draws of the linkage."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_checks import by_overlaps, two_lists
from palermo.hidden.linkage_error import pair_overlaps
from palermo.hidden.linkage_rates import Rate, read_rates
from palermo.hidden.linkage_table import transition
from palermo.linkage.schema import PAIR_RATES

LISTS = ("A", "B", "C", "D")
PERSONS = 10_000
QUICK = Settings(bootstrap=100)
RATES = [
    {"list_a": one, "list_b": other, "labelled": 300, "missed": 0.1, "false": 0.05}
    for one, other in combinations(LISTS, 2)
]


def expected(share):
    """Made-up table of four independent lists, with this share of true pairs found."""
    bits = np.arange(16)[:, None] >> np.arange(4) & 1
    seen = np.array([0.1, 0.15, 0.2, 0.25])
    cells = PERSONS * np.where(bits, seen, 1 - seen).prod(axis=1)
    cells[0] = 0
    found = np.rint(transition(np.full(6, share), 4) @ cells).astype(np.int64)
    return CaptureTable(LISTS, np.array([1]), np.array([0])).with_cells(found)


def test_calibrated_overlaps_check_the_number():
    table, truth = expected(0.9), pair_overlaps(expected(1.0))
    number = by_overlaps(table, Rate(truth, truth, truth), "main_effects", QUICK)
    assert number == pytest.approx(PERSONS, rel=0.02)


def test_lists_that_share_nobody_keep_their_zero():
    counts = np.array([150, 80, 40, 70, 30])
    table = CaptureTable(("A", "B", "C"), np.array([1, 2, 3, 4, 5]), counts)
    wanted = np.array([50.0, 30.0, 0.2])  # B and C share nobody but for a fifth of a person
    assert by_overlaps(table, Rate(wanted, wanted, wanted), "main_effects", QUICK) is not None


def test_overlaps_that_no_table_can_have_give_no_number():
    table = CaptureTable(("A", "B"), np.array([1, 2]), np.array([50, 40]))
    wanted = np.array([10.0])
    assert by_overlaps(table, Rate(wanted, wanted, wanted), "main_effects", QUICK) is None


def test_two_lists_by_lincoln_petersen_and_chapman():
    table = CaptureTable(LISTS, np.array([1, 2, 3]), np.array([80, 60, 20]))
    first, second, *_ = two_lists(table, read_rates(pa.Table.from_pylist(RATES, PAIR_RATES), LISTS))
    assert first["lincoln_petersen"] == pytest.approx(100 * 80 / 20)
    assert first["lincoln_petersen_corrected"] == pytest.approx(100 * 80 / 20 * 0.9 / 0.95)
    assert first["chapman"] == pytest.approx(101 * 81 / 21 - 1)
    assert second["lincoln_petersen"] is None
