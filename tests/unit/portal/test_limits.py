"""Fair use: a minute's worth at once, then as many as come back, for each address apart."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from palermo.portal.middleware.limits import ADDRESSES_AT_MOST, Allowance, fair_use


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


@pytest.mark.usefixtures("site")
def test_who_asks_too_fast_is_told_to_wait_and_what_the_numbers_are():
    with override_settings(REQUESTS_PER_MINUTE=1):
        respond = fair_use(lambda _request: HttpResponse("read"))
    answers = [respond(RequestFactory().get("/api/")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) >= 1
    assert b"not all people trafficked" in answers[1].content
