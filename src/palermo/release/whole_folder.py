"""A folder that may be published is there whole or not at all.

The decision a reader would question: the folder under its final name is taken away only once the new one is complete,
and whoever calls has asked before whether it may be replaced.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A hidden folder beside ``out`` to write into; it takes the name ``out`` where nothing failed within."""
    part = out.parent / f".{out.name}.part"
    shutil.rmtree(part, ignore_errors=True)  # what an interrupted run left
    out.parent.mkdir(parents=True, exist_ok=True)
    part.mkdir()
    try:
        yield part
        if out.exists():
            shutil.rmtree(out)
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
