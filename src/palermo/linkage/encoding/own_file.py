"""Files that only their owner may read, written whole or not at all."""

import os
import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import RefusedError
from palermo.private_files import OWNER_ONLY, is_shared, private_part


def write_whole(path: Path, data: bytes, mode: int = OWNER_ONLY, *, exclusive: bool = False) -> None:
    """Write ``data`` to ``path`` with the given mode from its first byte on; ``exclusive``: never over another file."""
    with private_part(path, mode, exclusive=exclusive) as part, part.open("r+b") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet, for its owner alone."""
    data = pa.BufferOutputStream()
    pq.write_table(table, data, compression="zstd", write_statistics=False)
    write_whole(path, data.getvalue().to_pybytes())


def refuse_if_shared(path: Path, what: str) -> None:
    """Refuse a secret file that anyone but its owner may read or change.

    Windows keeps no such bits; there the file is taken as it is.
    """
    if is_shared(path):
        mode = stat.S_IMODE(path.stat().st_mode)
        raise RefusedError(
            f"{path}: others may read this {what} (mode {mode:04o}; expected 0600). Treat it as seen: if anyone else "
            f"had access to this machine, make a new one. Otherwise close it with: chmod 600 {path}"
        )
