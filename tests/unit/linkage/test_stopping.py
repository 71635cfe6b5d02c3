"""Ctrl-C within the engine, and failures whose words could name a person."""

import duckdb
import pytest
from splink.internals.exceptions import SplinkException

from palermo.errors import PalermoError
from palermo.linkage.stopping import stoppable


def fail(cause):
    try:
        raise cause
    except (RuntimeError, duckdb.Error) as error:
        raise SplinkException("SELECT Kiluba") from error


def test_ctrl_c_in_a_query_is_an_interrupt():
    with pytest.raises(KeyboardInterrupt), stoppable():
        fail(RuntimeError("Query interrupted"))
    with pytest.raises(KeyboardInterrupt), stoppable():
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")


def test_a_failed_query_does_not_repeat_what_it_held():
    with pytest.raises(PalermoError, match="OutOfMemoryException") as raised, stoppable():
        fail(duckdb.OutOfMemoryException("while reading Kiluba"))
    assert "Kiluba" not in str(raised.value)


def test_another_error_passes_as_it_is():
    with pytest.raises(RuntimeError, match="another"), stoppable():
        raise RuntimeError("another")
