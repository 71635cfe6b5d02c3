"""Files for their owner alone (mode 0600), written whole or not at all: all that holds names, pairs or answers.

The decision a reader would question: the part file is made with its mode, not given it afterwards. Between the two,
whoever may list the folder could open it. A file that must never take the place of another (a key) is ``exclusive``: it
gets its name by a link, which fails where the name is taken, even by a process that was quicker.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OWNER_ONLY = 0o600


@contextmanager
def private_part(path: Path, mode: int = OWNER_ONLY, *, exclusive: bool = False) -> Iterator[Path]:
    """A new empty file beside ``path`` to write into; it takes the place of ``path`` where nothing failed within.

    ``mode`` is another one for what may be sent. With ``exclusive`` it raises ``FileExistsError`` where ``path`` is
    there by the end, and leaves that as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = f".{os.getpid()}" if exclusive else ""  # two that race must not write into one part
    part = path.with_name(f".{path.name}{own}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        part.chmod(mode)  # whatever the mask of the process took away
        yield part
        if exclusive:
            _named_once(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _named_once(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as on many USB sticks: nothing better than to look first
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)


def write_private_table(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet."""
    with private_part(path) as part:
        pq.write_table(table, part)


def write_private_text(text: str, path: Path, *, exclusive: bool = False) -> None:
    """Write text, with the same ends of lines on every machine; ``exclusive`` as ``private_part`` has it."""
    with private_part(path, exclusive=exclusive) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def is_shared(path: Path) -> bool:
    """Whether others than its owner may read or change a file. Windows keeps no such bits, and files there are not."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
