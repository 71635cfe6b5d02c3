"""Counting: one engine for every indicator that counts persons, records or suspects.

The engine of the workspace (``palermo.engine``) groups each table once to its finest cells, and these are added up in
memory to all the tables and totals that the definitions ask for. The decision a reader would question: columns that no
definition crosses (say citizenship and form) are grouped apart, because their product could have far more cells than
any table.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from palermo.account import axes
from palermo.account.axes import Axis, Frame
from palermo.account.definition import Definition
from palermo.account.kept_cells import TOTAL, kept_cells, with_unknown
from palermo.codes import ages, areas
from palermo.engine import Engine

# Columns of the cube, and the count of each row.
Counts = tuple[dict[str, pa.Array], npt.NDArray[np.float64]]

NOT_A_VICTIM = "not_victim"
CROSSED = {"persons": ("year",), "cases": ("year",), "suspects": ("sex",)}  # columns that every group has

# Which columns of the finest cells each dimension needs. Those of ``_made`` are made on the way.
NEEDS = {
    "time_period": (),
    "sex": ("sex",),
    "age": ("age_band", "adult"),
    "band": ("age_band", "adult", "years_band"),
    "form": ("forms",),
    "citizenship": ("citizenship",),
    "origin": ("origin", "citizenship"),
    "counterpart_area": ("destination",),
    "reach": ("origin", "citizenship", "destination"),
    "list": ("list",),
}


@dataclass(frozen=True)
class Cells:
    """The finest cells of one table: their columns and how many rows stand in each (``n``).

    Where a definition counts only some rows, ``asked`` is how many are known to belong to it or not, ``there`` all.
    """

    table: pa.Table

    def where(self, keep: pa.ChunkedArray) -> "Cells":
        """The cells for which ``keep`` holds."""
        return Cells(self.table.filter(keep))

    def only(self, belongs: pa.ChunkedArray) -> "Cells":
        """All cells, with no rows in those for which ``belongs`` does not hold; null where nobody was asked."""
        rows = self.table["n"]
        none = pa.scalar(0, rows.type)
        columns = {
            "n": pc.if_else(pc.fill_null(belongs, False), rows, none),
            "asked": pc.if_else(pc.is_valid(belongs), rows, none),
            "there": rows,
        }
        table = self.table.drop_columns(["n"])
        for name, column in columns.items():
            table = table.append_column(name, column)
        return Cells(table)

    @property
    def counts(self) -> npt.NDArray[np.float64]:
        """Rows in each cell."""
        return self.weights("n")

    @property
    def selects(self) -> bool:
        """Whether a definition counts only some of the rows."""
        return "asked" in self.table.column_names

    def weights(self, name: str) -> npt.NDArray[np.float64]:
        """The rows by ``n``, ``asked`` or ``there``."""
        return np.asarray(self.table[name].to_numpy(), dtype=np.float64)


def columns_of(definition: Definition) -> frozenset[str]:
    """The columns that a definition needs, the year apart."""
    needed = {column for dimension in definition.dimensions for column in NEEDS[dimension]}
    if definition.select == "assisted":
        needed.add("assisted")
    if definition.table == "suspects":
        needed.add(definition.year)
    return frozenset(needed)


def families(definitions: Sequence[Definition]) -> list[frozenset[str]]:
    """Sets of columns such that those of each definition lie within one set, and sets share no column."""
    found: list[frozenset[str]] = []
    for definition in definitions:
        needed = columns_of(definition)
        touching = [family for family in found if family & needed]
        found = [family for family in found if not family & needed]
        found.append(needed.union(*touching))
    return found


def finest_cells(
    engine: Engine,
    files: Sequence[Path],
    columns: frozenset[str],
    table: str,
    bands: Sequence[str] = (),
) -> Cells:
    """Group the files of one table to the finest cells of ``columns``. Persons found not to be victims are left out.

    ``bands`` are the age bands into which known ages in years are put.
    """
    frame = engine.read(files)
    if table == "persons":
        frame = frame.filter((nw.col("status") != NOT_A_VICTIM) | nw.col("status").is_null())
    made = _made(bands)
    keys = sorted({*columns, *CROSSED[table]})
    selected = frame.select(*[made[key].alias(key) if key in made else nw.col(key) for key in keys])
    grouped = selected.group_by(*keys).agg(nw.len().alias("n"))
    return Cells(engine.cells(grouped))


def _made(bands: Sequence[str]) -> dict[str, nw.Expr]:
    """Columns that no table has: whether adult, and the band, by age in years; whether any service is known."""
    first = nw.col("services").list.get(0)
    years_band = nw.lit(None, nw.String())
    for band in bands:
        lower, upper = ages.bounds(band) or (0, -1)
        within = nw.col("age") >= lower
        within = within if upper is None else within & (nw.col("age") <= upper)
        years_band = nw.when(within).then(nw.lit(band)).otherwise(years_band)
    return {
        "adult": nw.col("age") >= 18,
        "years_band": years_band,
        # A multi-valued column holds codes, or one of _U and _N alone: the first code tells. Null where not asked.
        "assisted": nw.when(first != "_N").then(~first.is_in(list(axes.NOT_HELPED))),
    }


def outside(cells: Cells, year: str, years: tuple[int, int] | None) -> tuple[Cells, int]:
    """Cells within the years of the account or of unknown year, and how many rows were left out."""
    if years is None:
        return cells, 0
    within = pc.and_(pc.greater_equal(cells.table[year], years[0]), pc.less_equal(cells.table[year], years[1]))
    kept = cells.where(pc.fill_null(within, True))
    return kept, int(cells.counts.sum() - kept.counts.sum())


def counted(definition: Definition, cells: Cells, frame: Frame) -> Counts:
    """The columns of the cube and the counts of every cell of a definition, totals and zeros among them."""
    made = [_axis(name, definition, cells.table, frame) for name in definition.dimensions]
    made.sort(key=lambda axis: axis.cells is not None)  # the multi-valued axis last
    counts, labels = roll_up(made, cells.counts, definition.no_total)
    others = ("asked", "there") if cells.selects else ()
    asked_there = [roll_up(made, cells.weights(name), definition.no_total)[0] for name in others]
    keep = kept_cells(made, labels, counts, *asked_there) & (counts >= definition.minimum)
    counts, keep = with_unknown(made, labels, counts, keep)
    positions = np.nonzero(keep)
    columns = {
        axis.column: pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), pa.array(words)).cast(pa.string())
        for axis, place, words in zip(made, positions, labels, strict=True)
    }
    return columns, counts[keep]


def roll_up(
    made: Sequence[Axis], weights: npt.NDArray[np.float64], no_total: Sequence[str] = ()
) -> tuple[npt.NDArray[np.float64], list[list[str]]]:
    """Counts over all combinations of codes, with ``_T`` last on each axis; and the labels of each axis.

    Only the last axis may be multi-valued; its ``_T`` counts each cell once, however many codes it has.
    """
    several = made[-1] if made and made[-1].cells is not None else None
    single = made[:-1] if several is not None else made
    shape = tuple(len(axis.labels) for axis in single)
    base = np.zeros(len(weights), dtype=np.int64)
    for axis in single:
        base = base * len(axis.labels) + axis.codes
    size = int(np.prod(shape, dtype=np.int64))
    counts = np.asarray(np.bincount(base, weights=weights, minlength=size), dtype=np.float64).reshape(shape)
    if several is not None:
        counts = _with_codes(several, base, weights, counts)
    labels = [list(axis.labels) for axis in made]
    if several is not None:
        labels[-1].append(TOTAL)
    for number, axis in enumerate(single):
        if axis.column not in no_total:
            counts = np.concatenate([counts, counts.sum(axis=number, keepdims=True)], axis=number)
            labels[number].append(TOTAL)
    return counts, labels


def _with_codes(
    axis: Axis, base: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], plain: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """``plain`` counts by code of a multi-valued axis, with ``plain`` itself as the total."""
    size = len(axis.labels)
    places = base[axis.cells] * size + axis.codes
    by_code = np.bincount(places, weights=weights[axis.cells], minlength=plain.size * size)
    return np.concatenate([by_code.reshape(*plain.shape, size), plain[..., np.newaxis]], axis=-1)


def flow_pairs(definition: Definition, cells: Cells, frame: Frame) -> Counts:
    """Pairs of two countries, origin and destination, with at least ``minimum`` persons, and their reach."""
    home, place = axes.home_axis(cells.table), axes.place_axis(cells.table, frame)
    width = max(len(place.labels), 1)
    pairs, positions = np.unique(home.codes * width + place.codes, return_inverse=True)
    counts = np.bincount(positions.reshape(-1), weights=cells.counts, minlength=len(pairs))
    countries = {area.code for area in areas.countries()}
    rows: dict[tuple[str, str, str], float] = defaultdict(float)
    for pair, count in zip(pairs, counts, strict=True):
        origin, destination = home.labels[pair // width], place.labels[pair % width]
        reach = areas.reach(origin, destination)
        if count >= definition.minimum and origin in countries and destination in countries:
            rows[origin, destination, reach] += count
    columns = {
        name: pa.array([codes[number] for codes in rows], pa.string())
        for number, name in enumerate(("citizenship", "counterpart_area", "reach"))
    }
    return columns, np.array(list(rows.values()), dtype=np.float64)


def _axis(name: str, definition: Definition, table: pa.Table, frame: Frame) -> Axis:
    settings: Mapping[str, Any] = definition.settings
    makers = {
        "time_period": lambda: axes.year_axis(table, definition.year),
        "sex": lambda: axes.sex_axis(table),
        "age": lambda: axes.age_axis(table, frame),
        "band": lambda: axes.band_axis(table, tuple(settings["bands"])),
        "form": lambda: (
            axes.group_axis(table, settings["groups"]) if "groups" in settings else axes.form_axis(table, frame)
        ),
        "citizenship": lambda: axes.citizenship_axis(table),
        "reach": lambda: axes.reach_axis(table, frame),
        "list": lambda: axes.list_axis(table),
    }
    return makers[name]()


def selected(definition: Definition, cells: Cells) -> Cells:
    """The cells with the rows that a definition counts; a cell of which it counts none stays, as a zero.

    No year says of suspects either that the stage was not reached or that no list asks for it: the latter is assumed.
    """
    if definition.select == "assisted":
        return cells.only(cells.table["assisted"])
    if definition.table == "suspects":
        year = cells.table[definition.year]
        return cells.only(pc.if_else(pc.is_valid(year), pa.scalar(True), pa.scalar(None, pa.bool_())))
    return cells
