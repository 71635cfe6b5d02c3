"""One process at a time in a stage of a workspace: another one waits for its turn, and then finds the work done.

The decision a reader would question: who waits a minute in vain is refused. Without the lock two runs would write into
the same unfinished files, and one of them would fail with a message that says nothing.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from palermo.errors import RefusedError

PATIENCE = 60.0  # seconds
_BETWEEN = 0.2


@contextmanager
def own_turn(lock: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock, waiting for it. Raises ``RefusedError`` where another process does not leave it.

    The lock is a transaction of SQLite: it works on every system and ends with the process that holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(lock, timeout=0, isolation_level=None)
    except sqlite3.OperationalError:  # a folder in which nothing can be written: the stage says so if it has to
        yield
        return
    try:
        until = time.monotonic() + patience
        while not _taken(connection):
            if time.monotonic() > until:
                raise RefusedError(
                    f"{lock.parent.parent}: another process has been working in this workspace for {patience:.0f} "
                    "seconds. Wait until it is done, then try again"
                )
            time.sleep(_BETWEEN)
        yield
    finally:
        connection.close()


def _taken(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
    return True
