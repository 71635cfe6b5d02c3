"""Files written whole or not at all: what stops on the way leaves the old file as it was, or none.

The decision a reader would question: the new file is begun under a name of the process's own, so that two that write at
once cannot mix their halves; the later one stands.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name beside ``path`` to write to; it takes the place of ``path`` unless something fails within."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
