"""Which combinations of codes have a row in the cube: those that say something true.

A count of zero is a row. Four kinds of cells are none: pairs of band and age group that exclude each other, a narrow
band of which the lists of a year tell nothing, an unknown year in which nobody is, and what nobody was asked. The
decision a reader would question is the last: where every person of a year (and of a list, where lists are told apart)
has "not asked" as sex, "women: 0" would be a statement that no source makes; so would "girls: 0" where one list asks
the sex and another the age.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from palermo.account.axes import AGES, Axis

NOT_ASKED = "_N"
UNKNOWN = "_U"
TOTAL = "_T"
OF_A_LIST = ("time_period", "list")  # what every list tells
NO_OWN_CODE = ("reach",)  # columns whose code list does not tell "not asked" from "unknown"

Counts = npt.NDArray[np.float64]
Cells = npt.NDArray[np.bool_]
Labels = Sequence[Sequence[str]]


def kept_cells(
    made: Sequence[Axis], labels: Labels, counts: Counts, asked: Counts | None = None, there: Counts | None = None
) -> Cells:
    """True for each cell of ``counts`` that has a row. ``labels`` are those of each axis, with ``_T`` if it has one.

    Where a definition counts only some persons, ``there`` counts all of them, and ``asked`` those of whom any list
    says whether they belong to it.
    """
    keep = ~_unknown_year_of_nobody(made, counts)
    if asked is None or there is None:
        keep &= ~_not_asked(made, labels, counts, counts)
    else:
        keep &= ~_not_asked(made, labels, asked, there) & (_of_year(made, labels, asked) > 0)
    if any(axis.column == "band" for axis in made):
        keep &= _nested(made, counts)
    return keep


def _not_asked(made: Sequence[Axis], labels: Labels, asked: Counts, there: Counts) -> Cells:
    """Cells of people who are there, none of whom was asked all that the codes of the cell tell."""
    for number, axis in enumerate(made):
        if axis.column not in OF_A_LIST and labels[number][-1] == TOTAL:
            asked, there = _of_any_code(asked, axis, number), _of_any_code(there, axis, number, 0)
    return np.asarray((asked == 0) & (there > 0))


def _of_year(made: Sequence[Axis], labels: Labels, counts: Counts) -> Counts:
    """Everyone of each year."""
    for number, axis in enumerate(made):
        if axis.column != "time_period" and labels[number][-1] == TOTAL:
            counts = counts.take([-1], axis=number)
    return counts


def _of_any_code(counts: Counts, axis: Axis, number: int, less: int = 1) -> Counts:
    """``counts`` in which each code of an axis has the persons who were asked (``less``) or all of them."""
    moved = np.moveaxis(counts.copy(), number, 0)
    codes = [code for code, label in enumerate(axis.labels) if label != NOT_ASKED]
    not_asked = moved[axis.labels.index(NOT_ASKED)] if NOT_ASKED in axis.labels else 0.0
    moved[codes] = moved[-1] - less * not_asked
    return np.moveaxis(moved, 0, number)


def with_unknown(made: Sequence[Axis], labels: list[list[str]], counts: Counts, keep: Cells) -> tuple[Counts, Cells]:
    """Those who were not asked among the unknown, in columns whose code list has no other place for them."""
    for number, axis in enumerate(made):
        if axis.column in NO_OWN_CODE and NOT_ASKED in axis.labels:
            unknown, not_asked = (labels[number].index(code) for code in (UNKNOWN, NOT_ASKED))
            counts, keep = np.moveaxis(counts.copy(), number, 0), np.moveaxis(keep.copy(), number, 0)
            counts[unknown] += counts[not_asked]
            keep[unknown] |= keep[not_asked]
            counts = np.moveaxis(np.delete(counts, not_asked, axis=0), 0, number)
            keep = np.moveaxis(np.delete(keep, not_asked, axis=0), 0, number)
            labels[number].remove(NOT_ASKED)
    return counts, keep


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
    """Bands lie within age groups: only pairs that occur, and the total of each group.

    A band narrower than its group has a zero in a year only if others of the group have a narrow band in that year:
    where lists say only "child", nobody asked for "9 to 17".
    """
    age = next(number for number, axis in enumerate(made) if axis.column == "age")
    band = next(number for number, axis in enumerate(made) if axis.column == "band")
    others = tuple(number for number in range(counts.ndim) if number not in {age, band})
    pairs = counts.sum(axis=others, keepdims=True) > 0
    moved = np.moveaxis(pairs, (age, band), (0, 1))  # a view: what is set here is set in `pairs`
    moved[-1, :] = False
    moved[:, -1] = True
    narrow = np.array([label not in AGES for label in made[band].labels])
    by_band = np.moveaxis(counts, band, -1)
    told = np.moveaxis(by_band[..., :-1][..., narrow].sum(axis=-1, keepdims=True), -1, band) > 0
    wide = np.append(~narrow, True).reshape([-1 if number == band else 1 for number in range(counts.ndim)])
    return np.asarray(pairs & (wide | told))
