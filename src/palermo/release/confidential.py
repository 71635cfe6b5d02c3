"""What the office keeps of each release and never publishes: its true figures, and seeds of random methods.

Both lie in the closed folder, readable by its owner alone. Without the true figures no later correction could be
compared with what was published; with a seed, noise could be taken off again, so no release ever holds one.
The decision a reader would question: the hash of the true figures stands in their own file and not in the ledger. An
exported ledger must not let anybody try whether hidden counts guessed are the true ones. So damage and careless hands
are found, but not somebody who alters figure and hash together.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.account.schema import CUBE
from palermo.errors import PalermoError, RefusedError
from palermo.private_files import private_part

_PRINT = b"palermo.rows.sha256"


def keep(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that only its owner may read, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with private_part(folder / name) as part, part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return folder / name


def keep_true_rows(folder: Path, release: str, rows: Sequence[dict[str, Any]]) -> Path:
    """Keep the true figures that a release was made from."""
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist(list(rows), CUBE)
    pq.write_table(table.replace_schema_metadata({_PRINT: _print_of(table)}), sink, compression="zstd")
    return keep(folder, f"{release}.parquet", sink.getvalue().to_pybytes())


def _print_of(table: pa.Table) -> bytes:
    """Hash over every value of every row, whatever the file is packed with."""
    text = json.dumps(table.select(CUBE.names).to_pylist(), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest().encode()


def has_print(path: Path) -> bool:
    """Whether a file of true figures says its own hash. Older versions wrote none, and other programs drop it."""
    return _PRINT in (pq.read_schema(path).metadata or {})


def true_rows(folder: Path, release: str, published: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The true figures of a release, checked against what it published. Raises ``RefusedError`` where they are not."""
    path = folder / f"{release}.parquet"
    if not path.is_file():
        raise RefusedError(
            f"{path}: missing. A new release is compared with the true figures of release {release}, which only the "
            "office keeps. Bring the file back from a copy"
        )
    try:
        table = pq.read_table(path)
        rows: list[dict[str, Any]] = table.select(CUBE.names).to_pylist()
    except (pa.ArrowException, KeyError, OSError) as error:
        raise PalermoError(f"{path}: cannot be read ({error}). Bring the file back from a copy") from None
    whole = (table.schema.metadata or {}).get(_PRINT) in {None, _print_of(table)}  # None: see ``has_print``
    same = len(rows) == len(published) and all(
        one["receipt_id"] == other["receipt_id"] and other["value"] in {None, one["value"]}
        for one, other in zip(rows, published, strict=True)
        if one["kind"] != "estimated"
    )
    if not (whole and same):
        raise RefusedError(
            f"{path}: altered: not the figures that release {release} was made from. Bring the file back from a copy"
        )
    return rows
