"""The corrected number: near the truth where the uncorrected one is not, wider, refused where nothing was labelled."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.hidden.answer import Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_error import Estimating, corrected, linkage_part, possible_cells
from palermo.hidden.linkage_table import pairs_of, transition
from palermo.linkage.schema import PAIR_RATES

LISTS = ("A", "B", "C", "D")
SEEN = np.array([0.1, 0.15, 0.2, 0.25])
PERSONS = 10_000
QUICK = Settings(bootstrap=100)


def expected(share=1.0):
    """Made-up table of independent lists, with this share of true pairs found."""
    bits = np.arange(16)[:, None] >> np.arange(4) & 1
    cells = PERSONS * np.where(bits, SEEN, 1 - SEEN).prod(axis=1)
    cells[0] = 0
    found = np.rint(transition(np.full(6, share), 4) @ cells).astype(np.int64)
    return CaptureTable(LISTS, np.array([1]), np.array([0])).with_cells(found)


def rates(missed, false=0.0, labelled=300, width=0.02):
    rows = [
        {
            "list_a": LISTS[a], "list_b": LISTS[b], "labelled": labelled,
            "missed": missed, "missed_lower": max(missed - width, 0), "missed_upper": missed + width,
            "false": false, "false_lower": false, "false_upper": false,
        }
        for a, b in pairs_of(4)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PAIR_RATES)


@pytest.mark.parametrize("name", ["main_effects", "stepwise", "bic_best", "bic_average", "aic_best", "aic_average"])
def test_the_correction_finds_the_number_that_perfect_linkage_would_have_given(name):
    (answer,) = corrected(expected(0.9), rates(0.1), QUICK, (name,))
    assert answer.estimate == pytest.approx(PERSONS, rel=0.01)
    assert answer.diagnostics["uncorrected"]["estimate"] > 1.08 * PERSONS
    assert answer.lower < PERSONS < answer.upper
    assert answer.lower > answer.diagnostics["seen_uncorrected"] * 0.9


def test_the_error_of_the_rates_is_in_the_interval():
    table = expected(0.9)
    sure, unsure = (corrected(table, rates(0.1, width=own), QUICK, ("main_effects",))[0] for own in (0.0, 0.06))
    assert unsure.upper - unsure.lower > 1.5 * (sure.upper - sure.lower)
    assert sure.diagnostics["linkage_part"] == pytest.approx(0, abs=0.01)
    assert unsure.diagnostics["linkage_part"] > 0.5
    assert unsure.verdict is Verdict.WARNED
    assert "more labelled pairs" in unsure.reasons[0]


def test_perfect_links_change_nothing():
    (answer,) = corrected(expected(), rates(0.0, width=0.0), QUICK, ("stepwise",))
    assert answer.estimate == pytest.approx(answer.diagnostics["uncorrected"]["estimate"])
    assert answer.diagnostics["dispersion"] == 1.0
    assert answer.verdict is Verdict.SHOWN


def test_false_links_push_the_corrected_number_up():
    (answer,) = corrected(expected(), rates(0.0, false=0.1, width=0.0), QUICK, ("main_effects",))
    assert answer.estimate > 1.05 * answer.diagnostics["uncorrected"]["estimate"]


def test_what_the_rates_of_pairs_leave_open_is_shown():
    (answer,) = corrected(expected(0.9), rates(0.1, false=0.05), QUICK, ("main_effects",))
    spread = answer.diagnostics["spread"]
    assert spread["missed_persons"] != answer.estimate
    assert spread["false_records"] < answer.estimate


def test_the_same_seed_gives_the_same_answer():
    one, other = (corrected(expected(0.9), rates(0.1), QUICK) for _ in range(2))
    assert one == other


def test_without_labels_there_is_no_number():
    (answer,) = corrected(expected(), rates(0.1, labelled=0), QUICK, ("main_effects",))
    assert answer.verdict is Verdict.REFUSED
    assert "labelled" in answer.reasons[0]


def test_a_table_of_nobody_is_refused():
    nobody = CaptureTable(LISTS, np.array([1]), np.array([0]))
    assert corrected(nobody, rates(0.1), QUICK, ("main_effects",))[0].verdict is Verdict.REFUSED


def test_an_estimator_without_correction_is_named():
    with pytest.raises(UsageError, match="lcmcr"):
        corrected(expected(), rates(0.1), QUICK, ("lcmcr",))


def test_rates_that_cannot_be_those_of_the_table_are_said():
    table = CaptureTable(LISTS, np.array([1, 2, 4, 8, 7, 15]), np.array([5, 5, 5, 5, 90, 90]))
    (answer,) = corrected(table, rates(0.0, false=0.5, width=0.0), QUICK, ("main_effects",))
    assert answer.diagnostics["replicates_repaired"] > 0.2
    assert any("than were seen there" in reason for reason in answer.reasons)


def test_the_part_of_linkage_is_unknown_where_nothing_varies():
    assert linkage_part(np.full(5, 10.0), np.full(5, 10.0)) is None


def test_who_is_seen_at_all_is_chance_too():
    table = expected()
    own = Estimating("main_effects", possible_cells(table), 4, QUICK)
    cells = table.cells * 1.0
    total, drawn = own.total_and_draws(cells, np.repeat(cells[None], 4000, axis=0))
    share = table.n / total
    assert drawn.std() / total == pytest.approx(((1 - share) / table.n) ** 0.5, rel=0.1)
    assert drawn.mean() == pytest.approx(total, rel=0.002)
