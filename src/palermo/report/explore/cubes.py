"""The released cube, cut into cubes of one measure each and indexed so that any cell is found at once.

The decision a reader would question: a cell is looked up by one number made of the places of its codes, in a sorted
array. Cells of a release with a million observations are then found in microseconds, and no observation becomes a
Python object before it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.codes import code_list
from palermo.release.schema import COUNTED, DIMENSIONS, KEY
from palermo.report.labels import LISTS
from palermo.report.reading import Observation, observations_of

FIRST = ("_T", "_Z")  # codes of a dimension that is not broken down, in the order in which a view begins with them
LAST = ("_U", "_N", "_Z")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """The codes of rows and of columns, and where the observation of each cell stands in its cube; -1 if nowhere."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    places: Ints

    @property
    def filled(self) -> "Grid":
        """Without rows and columns in which nothing is published."""
        held = self.places >= 0
        down, across = np.flatnonzero(held.any(axis=1)), np.flatnonzero(held.any(axis=0))
        rows = tuple(self.rows[place] for place in down)
        columns = tuple(self.columns[place] for place in across)
        return Grid(rows, columns, self.places[np.ix_(down, across)])


@dataclass(frozen=True)
class Cube:
    """Observations of one indicator, measure, unit and kind. ``codes`` holds what occurs in each dimension."""

    id: str
    indicator: str
    measure: str
    unit: str
    kind: str
    codes: Mapping[str, tuple[str, ...]]
    rows: pa.Table
    _places: Ints  # observations x dimensions: the place of each code in ``codes``

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions in which observations differ: those that can be rows, columns or filters."""
        return tuple(name for name in DIMENSIONS if len(self.codes[name]) > 1)

    @cached_property
    def _weights(self) -> Ints:
        sizes = [len(self.codes[name]) for name in DIMENSIONS]
        return np.array([int(np.prod(sizes[place + 1 :], dtype=object)) for place in range(len(sizes))], np.int64)

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        keys = self._places @ self._weights
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    def grid(self, rows: str, columns: str | None, filters: Mapping[str, str]) -> Grid:
        """Where the observations of a view stand; dimensions that are not named hold one code."""
        down, across = self.codes[rows], self.codes[columns] if columns else ("",)
        base = sum(self._step(name, code) for name, code in filters.items())
        if any(code not in self._place_of[name] for name, code in filters.items()):
            return Grid(down, across, np.full((len(down), len(across)), -1, np.int64))
        asked = base + np.arange(len(down))[:, None] * self._weight(rows)
        if columns:
            asked = asked + np.arange(len(across))[None, :] * self._weight(columns)
        keys, order = self._sorted
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return Grid(down, across, np.where(keys[at] == asked, order[at], -1))

    def _step(self, name: str, code: str) -> int:
        return self._weight(name) * self._place_of[name].get(code, 0)

    def _weight(self, name: str) -> int:
        return int(self._weights[DIMENSIONS.index(name)])

    def observations(self, places: Ints) -> list[Observation | None]:
        """The observations at these places, row by row; None where there is none."""
        flat = places.ravel()
        made = iter(observations_of(self.rows.take(pa.array(flat[flat >= 0]))))
        return [next(made) if place >= 0 else None for place in flat]

    def least(self, places: Ints) -> npt.NDArray[np.float64]:
        """The least that the figures at these places can be; 0 where there is none."""
        lower: npt.NDArray[np.float64] = np.append(self._lower, 0.0)[places]  # the last is that of place -1
        return lower

    @cached_property
    def _lower(self) -> npt.NDArray[np.float64]:
        lower: npt.NDArray[np.float64] = np.nan_to_num(self.rows["lower"].to_numpy().astype(np.float64))
        return lower

    @cached_property
    def _place_of(self) -> dict[str, dict[str, int]]:
        return {name: {code: place for place, code in enumerate(held)} for name, held in self.codes.items()}

    def occurring(self, dimension: str, fixed: Mapping[str, str]) -> tuple[str, ...]:
        """The codes of a dimension that occur together with these codes of others, in order."""
        mask = np.ones(len(self._places), bool)
        for name, code in fixed.items():
            place = self._place_of[name].get(code)
            mask &= self._places[:, DIMENSIONS.index(name)] == (-1 if place is None else place)
        held = np.unique(self._places[mask, DIMENSIONS.index(dimension)])
        return tuple(self.codes[dimension][place] for place in held)

    def default(self, dimension: str) -> str:
        """The code to begin with: not broken down, else the last year, else the first code."""
        held = self.codes[dimension]
        if dimension == "time_period":
            years = [code for code in held if code[-4:].isdigit()]
            return max(years, key=lambda code: (code[-4:], code)) if years else held[0]
        return next((code for code in FIRST if code in held), held[0])


def cubes_of(table: pa.Table) -> dict[str, Cube]:
    """Every cube of a released table by its id: indicator, measure and unit, and the kind where there are several."""
    encoded = {name: table[name].combine_chunks().dictionary_encode() for name in KEY}
    group = _groups([encoded[name] for name in COUNTED])
    made: dict[str, Cube] = {}
    for first in dict.fromkeys(np.unique(group, return_index=True)[1].tolist()):
        at = np.flatnonzero(group == group[first])
        names = tuple(encoded[name][first].as_py() for name in COUNTED)
        cube = _cube(names, table, encoded, at)
        made[cube.id if cube.id not in made else f"{cube.id}.{cube.kind}"] = cube
    return dict(sorted(made.items()))


def _groups(columns: list[pa.DictionaryArray]) -> Ints:
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        number = number * len(column.dictionary) + column.indices.to_numpy(zero_copy_only=False)
    return number


def _cube(names: tuple[str, ...], table: pa.Table, encoded: Mapping[str, pa.DictionaryArray], at: Ints) -> Cube:
    indicator, measure, unit, kind = names
    codes, places = {}, np.empty((len(at), len(DIMENSIONS)), np.int64)
    for column, name in enumerate(DIMENSIONS):
        indices = encoded[name].indices.to_numpy(zero_copy_only=False)[at]
        held = np.unique(indices)
        known = [encoded[name].dictionary[int(place)].as_py() for place in held]
        order = [place for _, place in sorted((_rank(name, code), place) for place, code in enumerate(known))]
        codes[name] = tuple(known[place] for place in order)
        ranks = np.empty(len(held), np.int64)
        ranks[order] = np.arange(len(held))
        places[:, column] = ranks[np.searchsorted(held, indices)]
    identity = ".".join((indicator, measure, unit))
    return Cube(identity, indicator, measure, unit, kind, codes, table.take(pa.array(at)), places)


def _rank(dimension: str, code: str) -> tuple[int, int, str]:
    """Totals first, then codes in the order of their list, then what is not known, not asked and does not apply."""
    if code == "_T":
        return 0, 0, code
    if code in LAST:
        return 2, LAST.index(code), code
    list_id = LISTS.get(dimension)
    order = _order(list_id) if list_id and list_id != "area" else {}
    return 1, order.get(code, len(order)), code


def _order(list_id: str) -> dict[str, int]:
    listed = code_list(list_id)
    return {code.id: place for place, code in enumerate((*listed.codes, *listed.table_codes))}
