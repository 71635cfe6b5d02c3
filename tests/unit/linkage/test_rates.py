import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import PalermoError, UsageError
from palermo.linkage.blocking_loss import Kept, limits
from palermo.linkage.calibration import calibrate
from palermo.linkage.rates import kept_shares, links_of, pair_rates, rate_draws, rates_of
from palermo.linkage.schema import LABELS, PAIR_RATES
from palermo.linkage.score_bands import list_pairs

from .made_linkage import TRUE_PAIRS, made_labels, made_pairs, made_records

NAMES = ("overlap", "missed", "false")


@pytest.fixture(scope="module")
def made():
    pairs, same = made_pairs(2)
    labels = made_labels(pairs, same, error=0.01)
    return pairs, same, labels, calibrate(pairs, labels, records=made_records())


def test_rates_hold_the_truth(made):
    _, same, labels, calibration = made
    rates = rates_of(calibration, labels, made_records(), {}).to_pylist()
    linked = links_of(calibration.pairs, 0.9)
    for number, row in enumerate(rates):
        mine = calibration.groups.index == number
        truth = {
            "overlap": same[mine].sum(),
            "missed": (same & ~linked)[mine].sum() / same[mine].sum(),
            "false": (linked & ~same)[mine].sum() / linked[mine].sum(),
        }
        assert abs(same[mine].sum() - TRUE_PAIRS[row["list_a"], row["list_b"]]) < 20
        for name in NAMES:
            assert row[f"{name}_lower"] <= row[name] <= row[f"{name}_upper"]
            assert row[f"{name}_lower"] - 0.01 <= truth[name] <= row[f"{name}_upper"] * 1.05 + 0.01
        assert row["links"] == linked[mine].sum() and row["candidates"] == mine.sum() and row["labelled"] > 50


def test_the_share_kept_by_blocking_raises_overlap_and_missed_rate(made):
    _, _, labels, calibration = made
    whole = rates_of(calibration, labels, made_records(), {}).to_pylist()[0]
    half = rates_of(calibration, labels, made_records(), {("b", "a"): 0.5}).to_pylist()[0]
    assert half["overlap"] == pytest.approx(2 * whole["overlap"])
    assert half["missed"] == pytest.approx(1 - (1 - whole["missed"]) / 2)
    assert half["false"] == whole["false"] and half["kept"] == 0.5


def test_doubt_of_the_share_kept_widens_the_interval(made):
    _, _, labels, calibration = made
    known = rates_of(calibration, labels, made_records(), {("a", "b"): 0.8}).to_pylist()[0]
    doubtful = rates_of(calibration, labels, made_records(), {("a", "b"): (0.8, 0.6, 0.95)}).to_pylist()[0]
    assert doubtful["overlap"] == known["overlap"]
    width = [row["overlap_upper"] - row["overlap_lower"] for row in (known, doubtful)]
    assert width[1] > 1.3 * width[0]


@pytest.mark.parametrize("kept", [0.0, 1.2, (0.8, 0.9, 0.95), (0.8, 0.0, 0.9)])
def test_an_impossible_share_is_refused(made, kept):
    with pytest.raises(UsageError, match="share kept by blocking between a and b"):
        rates_of(made[3], made[2], made_records(), {("a", "b"): kept})


def test_without_labels_there_are_counts_but_no_rates(made):
    rates = pair_rates(made[0], LABELS.empty_table(), made_records(), {})
    assert rates.schema.equals(PAIR_RATES)
    assert rates["overlap"].null_count == rates["missed_upper"].null_count == rates.num_rows == 3
    assert rates["labelled"].to_pylist() == [0, 0, 0] and min(rates["links"].to_pylist()) > 100


def test_links_of_persons_count_where_memberships_are_given(made):
    pairs, _, labels, calibration = made
    records = made_records()
    alone = records.append_column("person_id", records["row_id"])
    row = rates_of(calibration, labels, records, {}, memberships=alone).to_pylist()[0]
    assert row["links"] == 0 and row["missed"] == 1 and row["false"] is None
    one = pa.table({"row_id": records["row_id"], "person_id": np.ones(records.num_rows, dtype=np.int64)})
    assert links_of(pairs, 0.9, one).all()


def test_a_threshold_that_is_no_probability_is_refused(made):
    with pytest.raises(UsageError, match="expected a probability"):
        links_of(made[0], 1.0)


def test_pairs_of_unknown_records_are_refused(made):
    with pytest.raises(PalermoError, match="link again"):
        pair_rates(made[0], made[2], made_records().slice(0, 100), {})


def test_draws_are_of_one_curve_for_all_pairs_of_lists(made):
    _, _, _, calibration = made
    groups = list_pairs(calibration.pairs, made_records())
    draws = rate_draws(calibration, groups, links_of(calibration.pairs, 0.9), {}, seed=3)
    assert draws.overlap.shape == (400, 3) and draws.lists == groups.names
    again = rate_draws(calibration, groups, links_of(calibration.pairs, 0.9), {}, seed=3)
    assert (again.overlap == draws.overlap).all() and draws.overlap.std(axis=0).min() > 5
    assert ((draws.missed >= 0) & (draws.missed <= 1) & (draws.false >= 0) & (draws.false <= 1)).all()


def test_shares_kept_come_with_the_error_of_their_links():
    def one(list_b, links):
        return Kept("a", list_b, 0.9, links, *limits(0.9, links, 0.2))

    shares = kept_shares([one("b", 20.0), one("c", 20_000.0), Kept("b", "c", 1.0, 0.0, 1.0, 1.0)])
    assert shares["a", "b"][0] == 0.9
    assert shares["a", "b"][1] < shares["a", "c"][1] < 0.9 < shares["a", "c"][2] < shares["a", "b"][2]
    assert shares["b", "c"] == (1.0, 1.0, 1.0)
