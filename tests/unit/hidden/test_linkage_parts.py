"""Parts with errors of linkage taken out: near the truth, adding up, wider than without. All persons are made up."""

import numpy as np
import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linkage_parts import LINKAGE_PART, Mended, told_of_linkage, widened
from palermo.hidden.linkage_rates import PairRates, Rate
from palermo.hidden.linkage_table import transition
from palermo.hidden.strata import estimate_by
from palermo.hidden.strata_replicates import Draws

LISTS = ("A", "B", "C")
TRUTH = {"F": 6000, "M": 3000}
REACH = {"F": (0.2, 0.25, 0.3), "M": (0.3, 0.2, 0.15)}
LOST = 0.1  # share of records that fall off their person
MISSED = 1 - (1 - LOST) ** 2


def rates(missed=MISSED, width=0.0):
    values = np.full(3, missed)
    none = np.zeros(3)
    own = Rate(values, values - width, values + width)
    return PairRates(LISTS, own, Rate(none, none, none), None, np.full(3, np.nan), np.full(3, 100))


def expected(sex, lost=LOST):
    """The expected table of one sex, with records that fell off."""
    cells = np.array(
        [TRUTH[sex] * np.prod([p if h >> i & 1 else 1 - p for i, p in enumerate(REACH[sex])]) for h in range(8)]
    )
    cells[0] = 0.0
    return transition(np.full(3, (1 - lost) ** 2), 3) @ cells


def table(unknown=0.0):
    rows = [(h, round((1 - unknown) * n), sex) for sex in TRUTH for h, n in enumerate(expected(sex)) if h]
    rows += [
        (h, round(unknown * (n + m)), None)
        for h, (n, m) in enumerate(zip(expected("F"), expected("M"), strict=True))
        if h
    ]
    histories, counts, sexes = zip(*rows, strict=True)
    return CaptureTable(LISTS, np.array(histories), np.array(counts), {"sex": sexes})


def answers(own, mended, bootstrap=0):
    return {
        one.stratum: one for one in estimate_by(own, ("sex",), Settings(bootstrap=bootstrap, seed=2), mended=mended)
    }


@pytest.mark.parametrize("unknown", [0.0, 0.1])
def test_parts_are_near_the_truth_and_add_up(unknown):
    before, after = answers(table(unknown), None), answers(table(unknown), Mended(rates()))
    for sex, truth in TRUTH.items():
        assert before[f"sex={sex}"].estimate > 1.1 * truth
        assert after[f"sex={sex}"].estimate == pytest.approx(truth, rel=0.02)
    assert after["_T"].estimate == pytest.approx(sum(after[f"sex={sex}"].estimate for sex in TRUTH))


def test_nothing_missed_changes_nothing():
    before, after = answers(table(), None), answers(table(), Mended(rates(0.0)))
    assert after["sex=F"].estimate == pytest.approx(before["sex=F"].estimate)


def test_the_error_of_the_rates_is_in_the_limits_of_every_part():
    sure, unsure = (answers(table(), Mended(rates(width=width)), 40) for width in (0.0, 0.08))
    for part in ("_T", "sex=F", "sex=M"):
        wide, narrow = ((own[part].upper - own[part].lower) for own in (unsure, sure))
        assert wide > 1.2 * narrow
        assert 0 < sure[part].diagnostics[LINKAGE_PART] < unsure[part].diagnostics[LINKAGE_PART] <= 1
    assert unsure["sex=F"].lower < TRUTH["F"] < unsure["sex=F"].upper


def test_one_draw_moves_all_parts_together():
    drawn = Draws(np.full((400, 2), 100.0), 40)
    moved = widened(drawn, np.array([[0.5, 0.5], [2.0, 2.0]]), 1)
    assert set(np.unique(moved.persons)) == {50.0, 200.0}
    assert (moved.persons[:, 0] == moved.persons[:, 1]).all()
    assert widened(drawn, np.empty((0, 2)), 1) is drawn
    assert told_of_linkage(drawn, None, 0) == {}
    assert told_of_linkage(drawn, np.empty((0, 2)), 0) == {LINKAGE_PART: None}
