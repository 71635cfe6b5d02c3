"""Rows as codes, with those that are alike kept once and counted: ten million rows are a few hundred thousand.

The decision a reader would question: this is done block by block, so that the whole matrix is never in memory; whoever
needs the rows one by one (several rows of one person, a comparison with the true file) does not ask for it.
"""

import numpy as np
import numpy.typing as npt

from palermo.release.synthetic.coded import Matrix, Whole, distinct
from palermo.release.synthetic.columns import Column

Map = npt.NDArray[np.int32]

_ROWS = 1 << 19  # coded at a time
_MERGE = 1 << 21  # distinct rows of several blocks that are looked through again


def all_rows(maps: list[tuple[Column, Map]], rows: int) -> Matrix:
    """The code of each row in each column."""
    values = np.zeros((rows, len(maps)), np.int32, order="F")
    for position, (column, numbers) in enumerate(maps):
        column.as_codes(numbers, values[:, position])
    return values


def alike_together(maps: list[tuple[Column, Map]]) -> tuple[Matrix, Whole]:
    """Distinct rows and how many there are of each."""
    sizes = maps[0][0].block_sizes()
    kept: list[Matrix] = []
    held: list[Whole] = []
    first = 0
    while first < len(sizes):
        end, rows = first, 0
        while end < len(sizes) and (rows == 0 or rows + sizes[end] <= _ROWS):
            rows += sizes[end]
            end += 1
        values = np.zeros((rows, len(maps)), np.int32, order="F")
        for position, (column, numbers) in enumerate(maps):
            column.as_codes(numbers, values[:, position], slice(first, end))
        some, number = distinct(values)
        kept.append(some)
        held.append(number)
        if sum(map(len, kept[1:])) > max(_MERGE, len(kept[0])):
            kept, held = _merged(kept, held)
        first = end
    kept, held = _merged(kept, held)
    return kept[0], held[0]


def _merged(kept: list[Matrix], held: list[Whole]) -> tuple[list[Matrix], list[Whole]]:
    if len(kept) == 1:
        return kept, held
    rows, number = distinct(np.concatenate(kept), np.concatenate(held))
    return [rows], [number]
