"""The rows of a released cube, found by their codes before any of them is read.

The decision a reader would question: a row becomes an observation when a figure first asks for it, and that observation
is kept for every other figure, area and language. Releases of many countries hold far more rows than are ever shown,
and the same rows are shown often.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.report.observations import NOT_BROKEN_DOWN, READ, Observation, observation

Ints = npt.NDArray[np.integer[Any]]
_NOT_NUMBERED = frozenset({"value", "lower", "upper", "receipt_id"})  # no words, or as many words as rows


class Column(NamedTuple):
    """A column of words: each word once, and for each row the place of its word; the last word is None."""

    words: npt.NDArray[np.object_]
    places: Ints
    place_of: Mapping[str, int]


class Rows:
    """The rows of a cube. Rows are named by their number in it, and found in the order of the cube."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._columns: dict[str, Column] = {}
        self._made: dict[int, Observation] = {}

    def column(self, name: str) -> Column:
        """A column of words by numbers, made when first asked for."""
        if name not in self._columns:
            self._columns[name] = _encoded(self._table[name])
        return self._columns[name]

    def of(self, indicator: str, area: str | None = None, period: str | None = None) -> Ints:
        """The rows of an indicator, of an area and of a period, where they are named."""
        words = [word for word in (indicator, area, period) if word is not None]
        places = [self.column(name).place_of.get(word) for name, word in zip(_PLACED, words, strict=False)]
        if None in places:
            return self._order[:0]
        first = sum(place * step for place, step in zip(places, self._steps, strict=False) if place)
        start, end = np.searchsorted(self._keys, (first, first + self._steps[len(words) - 1]))
        return np.sort(self._order[start:end])

    def periods(self, indicator: str, area: str) -> set[str]:
        """The periods of which there is any row."""
        return set(self._words("time_period", self.of(indicator, area)))

    def having(self, rows: Ints, column: str, codes: Iterable[str]) -> Ints:
        """Those of the rows that have one of the codes in a column."""
        return rows[self._is_any(column, codes)[self.column(column).places[rows]]]

    def broken_down(self, rows: Ints, column: str) -> Ints:
        """Those of the rows that have a code that is no total."""
        return rows[~self._is_any(column, NOT_BROKEN_DOWN)[self.column(column).places[rows]]]

    def observations(self, rows: Ints) -> list[Observation]:
        """The rows as observations."""
        asked, made = rows.tolist(), self._made
        unread = [row for row in asked if row not in made]
        if unread:
            made.update(zip(unread, self._read(np.array(unread)), strict=True))
        return [made[row] for row in asked]

    def _read(self, rows: Ints) -> Iterable[Observation]:
        return map(observation, zip(*(self._cells(name, rows) for name in READ), strict=True))

    def _cells(self, name: str, rows: Ints) -> list[Any]:
        if name in _NOT_NUMBERED:
            taken: list[Any] = self._table[name].take(pa.array(rows)).to_pylist()
            return taken
        return self._words(name, rows)

    def _words(self, name: str, rows: Ints) -> list[str]:
        column = self.column(name)
        words: list[str] = column.words[column.places[rows]].tolist()
        return words

    def _is_any(self, column: str, codes: Iterable[str]) -> npt.NDArray[np.bool_]:
        wanted = set(codes)
        return np.array([word in wanted for word in self.column(column).words], bool)

    @cached_property
    def _steps(self) -> tuple[int, ...]:
        """How far apart the keys of an indicator, an area and a period lie from those of the next."""
        areas, periods = (len(self.column(name).words) for name in _PLACED[1:])
        return areas * periods, periods, 1

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self._all_keys(), kind="stable")

    @cached_property
    def _keys(self) -> Ints:
        return self._all_keys()[self._order]

    def _all_keys(self) -> Ints:
        """One number for the indicator, area and period of each row."""
        keys = np.zeros(self._table.num_rows, np.int64)
        for name, step in zip(_PLACED, self._steps, strict=True):
            keys += self.column(name).places.astype(np.int64) * step
        return keys


_PLACED = ("indicator", "ref_area", "time_period")


def _encoded(column: pa.ChunkedArray) -> Column:
    encoded = column.combine_chunks().dictionary_encode()
    known = encoded.dictionary.to_pylist()
    words = np.array([*known, None], object)
    places = encoded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    return Column(words, places.astype(np.min_scalar_type(len(words))), {word: at for at, word in enumerate(known)})
