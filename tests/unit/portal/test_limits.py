"""Fair use: a minute's worth at once, then as many as come back, for each address apart."""

from palermo.portal.middleware.limits import ADDRESSES_AT_MOST, Allowance


def test_a_reader_may_ask_a_minutes_worth_and_then_waits():
    now = [0.0]
    allowance = Allowance(60, lambda: now[0])
    assert [allowance.take("one") for _ in range(60)] == [0.0] * 60
    assert allowance.take("one") == 1.0
    assert allowance.take("other") == 0.0
    now[0] = 1.0
    assert allowance.take("one") == 0.0
    assert allowance.take("one") > 0


def test_addresses_are_forgotten():
    allowance = Allowance(1, lambda: 0.0)
    for number in range(ADDRESSES_AT_MOST + 5):
        allowance.take(str(number))
    assert allowance.take("0") == 0.0  # forgotten, so it may ask again
    assert allowance.take(str(ADDRESSES_AT_MOST + 4)) > 0
