"""Rates read from linkage: what is missing is filled in and said, nothing labelled is refused, draws keep the width."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import RefusedError, UsageError
from palermo.hidden.linkage_rates import PairRates, Rate, read_rates
from palermo.linkage.schema import PAIR_RATES


def row(a, b, missed=(0.1, 0.06, 0.15), false=(0.02, 0.01, 0.04), labelled=100, **more):
    names = ("", "_lower", "_upper")
    own = {"list_a": a, "list_b": b, "labelled": labelled, **more}
    for rate, values in (("missed", missed), ("false", false)):
        own |= {f"{rate}{name}": value for name, value in zip(names, values, strict=True)}
    return own


def rates(*rows):
    return pa.Table.from_pylist(list(rows), schema=PAIR_RATES)


ABC = (row("A", "B"), row("C", "A", missed=(0.2, 0.1, 0.3)), row("B", "C"))
NONE = (None, None, None)


def test_pairs_stand_in_the_order_of_the_lists_whichever_way_they_are_named():
    found = read_rates(rates(*ABC), ("A", "B", "C"))
    assert found.missed.value.tolist() == [0.1, 0.2, 0.1]
    assert found.labelled.tolist() == [100, 100, 100]
    assert found.overlap is None
    assert found.notes == ()


def test_a_pair_without_rates_takes_the_others_and_says_so():
    found = read_rates(rates(ABC[0], ABC[1], row("B", "C", NONE, NONE, labelled=0)), ("A", "B", "C"))
    assert found.missed.value[2] == pytest.approx(0.15)
    assert (found.missed.lower[2], found.missed.upper[2]) == (0.06, 0.3)
    assert "B+C" in found.notes[0]


def test_a_pair_that_nobody_labelled_keeps_the_rates_that_linkage_gives_it():
    found = read_rates(rates(ABC[0], ABC[1], row("B", "C", (0.4, 0.1, 0.8), labelled=0)), ("A", "B", "C"))
    assert found.missed.value[2] == 0.4


def test_nothing_labelled_is_refused():
    none = [row(a, b, NONE, NONE, labelled=0) for a, b in ("AB", "AC", "BC")]
    with pytest.raises(RefusedError, match="no pair of records was labelled"):
        read_rates(rates(*none), ("A", "B", "C"))


def test_no_links_at_all_cannot_be_false():
    found = read_rates(rates(*(row(a, b, false=NONE) for a, b in ("AB", "AC", "BC"))), ("A", "B", "C"))
    assert found.false.value.tolist() == [0, 0, 0]


def test_lists_of_which_no_records_were_compared_err_as_the_others_do():
    drawn = draws((1, "A", "B", 0.1, 0.0), (1, "A", "C", 0.3, 0.02))
    found = read_rates(rates(*ABC[:2]), ("A", "B", "C"), drawn)
    assert found.missed.value[2] == pytest.approx(0.15)
    assert found.links[2] == 0
    assert found.draws is not None
    assert found.draws[0].tolist() == [[0.1, 0.3, pytest.approx(0.2)]]
    assert found.notes == ("no error rates of B+C: those of the other lists were taken",)


def test_a_list_without_any_rate_is_named():
    with pytest.raises(UsageError, match="no error rates of D"):
        read_rates(rates(*ABC), ("A", "B", "D"))


def test_a_rate_outside_its_limits_is_named():
    with pytest.raises(UsageError, match=r"missed rate of 0\.1"):
        read_rates(rates(row("A", "B", missed=(0.1, 0.2, 0.3))), ("A", "B"))


@pytest.mark.parametrize("given", [(0.1, 0.06, 0.15), (0.02, 0.01, 0.04), (0.0, 0.0, 0.0126), (0.5, 0.4, 0.6)])
def test_draws_have_the_limits_that_were_given(given):
    rate = Rate(*(np.array([value]) for value in given))
    drawn = rate.drawn(np.random.default_rng(1), 20_000)[:, 0]
    low, high = np.quantile(drawn, (0.025, 0.975))
    width = given[2] - given[1]
    assert abs(low - given[1]) < 0.15 * width
    assert abs(high - given[2]) < 0.15 * width


def test_a_rate_without_limits_does_not_vary():
    exact = np.array([0.1, 0.2])
    assert (Rate(exact, exact, exact).drawn(np.random.default_rng(1), 5) == exact).all()


def test_one_error_moves_all_pairs_together():
    rate = Rate(*(np.full(2, value) for value in (0.1, 0.06, 0.15)))
    together = rate.drawn(np.random.default_rng(1), 500)
    apart = rate.drawn(np.random.default_rng(1), 500, one_error=False)
    assert np.corrcoef(together.T)[0, 1] == pytest.approx(1)
    assert abs(np.corrcoef(apart.T)[0, 1]) < 0.2


def of_pair(links, missed):
    one = Rate(*(np.array([value]) for value in (missed, missed / 2, missed * 2)))
    return PairRates(("A", "B"), one, one, None, np.array([links]), np.array([10]))


def test_joining_by_third_records_takes_off_what_links_alone_miss():
    found = of_pair(80.0, 0.2).of_persons(np.array([90.0]))
    assert found.missed.value[0] == pytest.approx(0.1)
    assert (found.missed.lower[0], found.missed.upper[0]) == pytest.approx((0.05, 0.2))


def test_fewer_persons_than_links_says_nothing_of_what_is_missed():
    assert of_pair(80.0, 0.2).of_persons(np.array([70.0])).missed.value[0] == pytest.approx(0.2)


def draws(*rows):
    names = ("draw", "list_a", "list_b", "missed", "false")
    return pa.Table.from_pylist([dict(zip(names, own, strict=True)) for own in rows])


def test_draws_of_linkage_are_used_as_they_are():
    given = draws((1, "B", "A", 0.1, 0.0), (2, "A", "B", 0.3, 0.02), (1, "A", "X", 0.9, 0.9))
    found = read_rates(rates(ABC[0]), ("A", "B"), given)
    missed, false = found.drawn(np.random.default_rng(1), 50)
    assert set(zip(missed[:, 0].tolist(), false[:, 0].tolist(), strict=True)) == {(0.1, 0.0), (0.3, 0.02)}


def test_draws_without_one_pair_are_refused():
    with pytest.raises(UsageError, match="lack a pair of lists"):
        read_rates(rates(*ABC), ("A", "B", "C"), draws((1, "A", "B", 0.1, 0.0)))
