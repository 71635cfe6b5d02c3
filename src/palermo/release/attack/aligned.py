"""A pack's rows, the true rows and held-out rows, coded alike: one number a value, 0 for blank.

The decision a reader would question: cells of several codes are put in the order of the alphabet before they are
compared, because a pack writes them so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import UsageError
from palermo.release.tables.reading import read_rows

Matrix = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Aligned:
    """Files coded alike: ``columns``, how many codes each has (blank included), and a matrix for each file."""

    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    files: tuple[Matrix, ...]


def aligned(paths: Sequence[Path]) -> Aligned:
    """Read files with the columns of the first. Raises ``UsageError`` where another lacks one."""
    tables = [read_rows(path) for path in paths]
    columns = tuple(tables[0].column_names)
    for path, table in zip(paths, tables, strict=True):
        lost = [name for name in columns if name not in table.column_names]
        if lost:
            raise UsageError(f"{path}: no column {', '.join(lost)}; expected the columns of {paths[0]}")
    coded = [[_texts(table, name) for table in tables] for name in columns]
    sizes, matrices = [], [np.zeros((table.num_rows, len(columns)), dtype=np.int64) for table in tables]
    for place, texts in enumerate(coded):
        known = {text: number for number, text in enumerate(sorted({"", *(one for some in texts for one in some)}))}
        sizes.append(len(known))
        for matrix, some in zip(matrices, texts, strict=True):
            matrix[:, place] = [known[text] for text in some]
    return Aligned(columns, tuple(sizes), tuple(matrices))


def _texts(table: pa.Table, name: str) -> list[str]:
    found = []
    for value in table[name].to_pylist():
        text = (value or "").strip()
        found.append(";".join(sorted(text.split(";"))) if ";" in text else text)
    return found


def hashes_of(matrix: Matrix) -> Counts:
    """One 62-bit number for each row, equal for equal rows; that two different ones agree has odds of one in 10^18."""
    draws = np.random.default_rng(0).integers(1, 2**62, size=(2, matrix.shape[1]), dtype=np.uint64)
    mixed = (matrix.astype(np.uint64)[:, :, None] + np.uint64(1)) * draws.T[None, :, :]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    total = mixed.sum(axis=1, dtype=np.uint64)
    found: Counts = ((total[:, 0] ^ (total[:, 1] >> np.uint64(7))) >> np.uint64(2)).astype(np.int64)
    return found
