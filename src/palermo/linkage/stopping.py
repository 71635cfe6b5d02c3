"""Ctrl-C and failures within the engine: DuckDB and Splink turn both into errors of their own, which quote SQL.

The decision a reader would question: what the engine said is not shown. Its messages can quote a value, which here is a
person's name; the kind of failure and the usual reason have to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from splink.internals.exceptions import SplinkException

from palermo.errors import PalermoError

_STOPPED = "interrupted"  # how DuckDB ends a query that Ctrl-C stopped


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, Ctrl-C is KeyboardInterrupt wherever it is heard, and a failed query is a ``PalermoError``."""
    try:
        yield
    except (SplinkException, duckdb.Error, RuntimeError) as error:
        cause = error.__cause__ or error
        if _STOPPED in str(cause).lower():
            raise KeyboardInterrupt from None
        if isinstance(cause, duckdb.Error):
            raise PalermoError(
                f"comparing records failed in the engine ({type(cause).__name__}); most often memory or the disk for "
                "temporary files is full. Close other programs or link fewer lists at a time"
            ) from None
        raise
