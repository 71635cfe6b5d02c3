"""Which combinations of codes have a row in the cube: those that say something true.

A count of zero is a row. Three kinds of cells are none: pairs of band and age group that exclude each other, an unknown
year in which nobody is, and the codes of a column that nobody was asked for. The decision a reader would question is
the last: where every person of a year (and of a list, where lists are told apart) has "not asked" as sex, "women: 0"
would be a statement that no source makes.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from palermo.account.axes import Axis

NOT_ASKED = "_N"
TOTAL = "_T"
ASKED_APART = ("time_period", "list")  # what one year or one list did not ask, another may have asked

Counts = npt.NDArray[np.float64]
Cells = npt.NDArray[np.bool_]


def kept_cells(made: Sequence[Axis], labels: Sequence[Sequence[str]], counts: Counts) -> Cells:
    """True for each cell of ``counts`` that has a row. ``labels`` are those of each axis, with ``_T`` if it has one."""
    keep = ~_unknown_year_of_nobody(made, counts) & ~_not_asked(made, labels, counts)
    if any(axis.column == "band" for axis in made):
        keep &= _nested(made, counts)
    return keep


def _not_asked(made: Sequence[Axis], labels: Sequence[Sequence[str]], counts: Counts) -> Cells:
    """Cells of a code of a column that was asked of nobody in that year and list."""
    marked = np.zeros(counts.shape, dtype=bool)
    for number, axis in enumerate(made):
        if NOT_ASKED not in axis.labels:
            continue
        margin = counts
        for other, one in enumerate(made):
            if other != number and one.column not in ASKED_APART and labels[other][-1] == TOTAL:
                margin = margin.take([-1], axis=other)
        codes = np.moveaxis(margin, number, 0)[: len(axis.labels)]
        not_asked = axis.labels.index(NOT_ASKED)
        asked = np.delete(codes, not_asked, axis=0).any(axis=0)
        place = np.moveaxis(marked, number, 0)  # a view of `marked`
        others = [code for code in range(len(axis.labels)) if code != not_asked]
        place[others] |= ~asked & (codes[not_asked] > 0)
    return marked


def _unknown_year_of_nobody(made: Sequence[Axis], counts: Counts) -> Cells:
    """The cells of unknown year, where nobody is in any of them."""
    marked = np.zeros(counts.shape, dtype=bool)
    for number, axis in enumerate(made):
        if axis.column == "time_period" and "_U" in axis.labels:
            place = np.moveaxis(marked, number, 0)  # a view of `marked`
            unknown = axis.labels.index("_U")
            place[unknown] = not np.moveaxis(counts, number, 0)[unknown].any()
    return marked


def _nested(made: Sequence[Axis], counts: Counts) -> Cells:
    """Bands lie within age groups: only pairs that occur, and the total of each group."""
    age = next(number for number, axis in enumerate(made) if axis.column == "age")
    band = next(number for number, axis in enumerate(made) if axis.column == "band")
    others = tuple(number for number in range(counts.ndim) if number not in {age, band})
    pairs = counts.sum(axis=others, keepdims=True) > 0
    moved = np.moveaxis(pairs, (age, band), (0, 1))  # a view: what is set here is set in `pairs`
    moved[-1, :] = False
    moved[:, -1] = True
    return np.broadcast_to(pairs, counts.shape)
