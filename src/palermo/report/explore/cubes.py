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
from palermo.codes.areas import WORLD
from palermo.release.schema import COUNTED, DIMENSIONS, KEY
from palermo.report.labels import LISTS
from palermo.report.observations import Observation, observations_of

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
    _places: npt.NDArray[np.int32]  # observations x dimensions: the place of each code in ``codes``

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
        keys = self._places.astype(np.int64) @ self._weights
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    def grid(self, rows: str, columns: str | None, filters: Mapping[str, str]) -> Grid:
        """Where the observations of a view stand; dimensions that are not named hold one code.

        A code for the dimension of the rows or the columns leaves that row or column alone.
        """
        down, across = self._along(rows, filters), self._along(columns, filters) if columns else ("",)
        rest = {name: code for name, code in filters.items() if name not in {rows, columns}}
        if any(code not in self._place_of[name] for name, code in rest.items()):
            return Grid(down, across, np.full((len(down), len(across)), -1, np.int64))
        base = sum(self._steps(name, (code,))[0] for name, code in rest.items())
        asked = base + self._steps(rows, down)[:, None]
        asked = asked + self._steps(columns, across)[None, :] if columns else asked
        keys, order = self._sorted
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return Grid(down, across, np.where(keys[at] == asked, order[at], -1))

    def _along(self, name: str, filters: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(code for code in self.codes[name] if filters.get(name, code) == code)

    def _steps(self, name: str, codes: tuple[str, ...]) -> Ints:
        weight = int(self._weights[DIMENSIONS.index(name)])
        return np.array([self._place_of[name][code] for code in codes], np.int64) * weight

    def observations(self, places: Ints) -> list[Observation | None]:
        """The observations at these places, row by row; None where there is none."""
        flat = places.ravel()
        made = iter(observations_of(self.taken(flat[flat >= 0])))
        return [next(made) if place >= 0 else None for place in flat]

    def taken(self, places: Ints) -> pa.Table:
        """The rows at these places, in that order. Pieces are looked into one by one: a table would be copied whole."""
        order = np.argsort(places, kind="stable")
        ends = np.cumsum([piece.num_rows for piece in self._pieces])
        parts = np.split(places[order], np.searchsorted(places[order], ends[:-1]))
        found = [
            piece.take(pa.array(part - (end - piece.num_rows)))
            for piece, part, end in zip(self._pieces, parts, ends, strict=True)
            if len(part)
        ]
        return pa.Table.from_batches(found, self.rows.schema).take(pa.array(np.argsort(order)))

    @cached_property
    def _pieces(self) -> list[pa.RecordBatch]:
        pieces: list[pa.RecordBatch] = self.rows.to_batches()
        return pieces

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
            mask &= ~self._differs(name, code)
        return self._held(dimension, np.flatnonzero(mask))

    def open_choices(self, filters: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """For each dimension of ``filters``, the codes that occur together with the codes of all the others, in order.

        Each observation is compared once with each code: one that differs in nothing else keeps a choice open.
        """
        differing = {name: self._differs(name, code) for name, code in filters.items()}
        count = np.zeros(len(self._places), np.uint8)
        for mask in differing.values():
            count += mask
        near = np.flatnonzero(count <= 1)
        return {name: self._held(name, near[count[near] == mask[near]]) for name, mask in differing.items()}

    def _differs(self, name: str, code: str) -> npt.NDArray[np.bool_]:
        differs: npt.NDArray[np.bool_] = self._places[:, DIMENSIONS.index(name)] != self._place_of[name].get(code, -1)
        return differs

    def _held(self, dimension: str, places: Ints) -> tuple[str, ...]:
        held = np.bincount(self._places[places, DIMENSIONS.index(dimension)], minlength=len(self.codes[dimension]))
        return tuple(code for code, times in zip(self.codes[dimension], held, strict=True) if times)

    @cached_property
    def _area_with_most(self) -> str:
        return self.codes["ref_area"][int(np.bincount(self._places[:, DIMENSIONS.index("ref_area")]).argmax())]

    def default(self, dimension: str) -> str:
        """The code to begin with: not broken down, else the last year, the area with most figures, the first code."""
        held = self.codes[dimension]
        if dimension == "ref_area" and not {*FIRST} & {*held}:
            return WORLD if WORLD in held else self._area_with_most
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
    codes, places = {}, np.empty((len(at), len(DIMENSIONS)), np.int32, order="F")
    for column, name in enumerate(DIMENSIONS):
        indices = encoded[name].indices.to_numpy(zero_copy_only=False)[at]
        held = np.flatnonzero(np.bincount(indices))
        known = [encoded[name].dictionary[int(place)].as_py() for place in held]
        order = [place for _, place in sorted((rank(name, code), place) for place, code in enumerate(known))]
        codes[name] = tuple(known[place] for place in order)
        ranks = np.zeros(held[-1] + 1, np.int32)
        ranks[held[order]] = np.arange(len(held))
        places[:, column] = ranks[indices]
    identity = ".".join((indicator, measure, unit))
    return Cube(identity, indicator, measure, unit, kind, codes, _rows(table, at), places)


def _rows(table: pa.Table, at: Ints) -> pa.Table:
    """These rows of a table; not copied where they stand together, as they do in a release."""
    stand_together = at[-1] - at[0] + 1 == len(at)
    return table.slice(int(at[0]), len(at)) if stand_together else table.take(pa.array(at))


def rank(dimension: str, code: str) -> tuple[int, int, str]:
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
