"""Reading ahead changes when items are made, never which, and leaves no thread behind."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.intake.ahead import ahead


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "palermo-read-ahead"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(), max_size=30), st.integers(1, 4))
def test_same_items_in_the_same_order(items, depth):
    assert list(ahead((item for item in items), depth)) == items
    assert not threads()


def test_an_error_comes_where_the_item_would_have_come():
    def items():
        yield 1
        raise ValueError("row 2")

    read = ahead(items())
    assert next(read) == 1
    with pytest.raises(ValueError, match="row 2"):
        next(read)
    assert not threads()


def test_leaving_early_closes_what_was_read():
    closed = []

    def items():
        try:
            yield from range(1_000)
        finally:
            closed.append(True)

    read = ahead(items(), depth=1)
    assert next(read) == 0
    read.close()
    assert closed == [True]
    assert not threads()
