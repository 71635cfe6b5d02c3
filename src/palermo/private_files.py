"""Files for their owner alone (mode 0600), written whole or not at all: all that holds names, pairs or answers.

The decision a reader would question: the part file is made with its mode, not given it afterwards. Between the two,
whoever may list the folder could open it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OWNER_ONLY = 0o600


@contextmanager
def private_part(path: Path, mode: int = OWNER_ONLY) -> Iterator[Path]:
    """A new empty file beside ``path`` to write into; it takes the place of ``path`` where nothing failed within.

    ``mode`` is another one for what may be sent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        part.chmod(mode)  # whatever the mask of the process took away
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_private_table(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet."""
    with private_part(path) as part:
        pq.write_table(table, part)


def write_private_text(text: str, path: Path) -> None:
    """Write text, with the same ends of lines on every machine."""
    with private_part(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
