"""Working out hidden cells of a plain table: by one subtraction, then by linear programmes over all its sums.

A table says nothing of its sums, so they are tried: where most of the groups that are printed whole add up to their
total, a reader takes it that all do. The decision a reader would question: where some printed groups do not add up, or
zeros and small counts look alike, a hidden cell that follows is called likely, not certain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from palermo.errors import PalermoError
from palermo.release.attack.containment import splits
from palermo.release.attack.finding import CERTAIN, LIKELY, Finding, Outcome, could_not, ran
from palermo.release.attack.long_table import HIDDEN, SHOWN, LongTable, Vector
from palermo.release.feasible import Prover, Relations, propagate

SUBTRACTION, RECONSTRUCTION, SMALL = "subtraction", "reconstruction", "small counts"
_MOST_ADD = 0.7  # share of the groups printed whole that must add up before a reader believes the others do
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """A cell and the cells that make it up, along one dimension."""

    dimension: int
    whole: int
    parts: tuple[int, ...]
    covers: bool


@dataclass
class Sums:
    """The sums of a table that hold as far as is printed."""

    groups: list[Group] = field(default_factory=list)
    short: list[Group] = field(default_factory=list)  # printed whole, and their parts do not add up
    full: int = 0
    adding: int = 0

    @property
    def always(self) -> bool:
        """Whether every group that is printed whole adds up."""
        return self.full > 0 and self.adding == self.full


def groups_of(table: LongTable, within: Mapping[str, str]) -> list[Group]:
    """Every cell with the cells within it, along each dimension."""
    found = []
    for place, dimension in enumerate(table.dimensions):
        ways = splits(dimension, table.labels[place], within)
        if not ways:
            continue
        rest = np.unique(np.delete(table.codes, place, axis=1), axis=0, return_inverse=True)[1].reshape(-1)
        by_rest: dict[int, dict[int, int]] = {}
        for cell, (group, code) in enumerate(zip(rest.tolist(), table.codes[:, place].tolist(), strict=True)):
            by_rest.setdefault(group, {})[code] = cell
        for way in ways:
            for cells in by_rest.values():
                parts = tuple(cells[part] for part in way.parts if part in cells)
                if way.whole in cells and parts:
                    found.append(Group(place, cells[way.whole], parts, way.covers))
    return found


def sums_of(table: LongTable, within: Mapping[str, str]) -> Sums:
    """The groups that add up, or would: by dimension, judged by those that are printed whole."""
    shown = table.status == SHOWN
    by_dimension: dict[tuple[int, bool], list[Group]] = {}
    for group in groups_of(table, within):
        by_dimension.setdefault((group.dimension, group.covers), []).append(group)
    sums = Sums()
    for (_, covers), groups in by_dimension.items():
        whole = [group for group in groups if shown[[group.whole, *group.parts]].all()]
        adding = [group for group in whole if table.low[group.whole] == table.low[list(group.parts)].sum()]
        if covers or len(adding) >= _MOST_ADD * len(whole):
            sums.full += len(whole)
            sums.adding += len(adding)
            broken = {id(group) for group in whole} - {id(group) for group in adding}
            sums.groups += [group for group in groups if id(group) not in broken]
            sums.short += [group for group in whole if id(group) in broken]
    return sums


def small_counts(table: LongTable) -> Outcome:
    """Printed counts under k."""
    small = np.flatnonzero((table.status == SHOWN) & (table.low >= 1) & (table.low < table.k))
    found = [
        Finding(SMALL, table.name, f"{table.cell(cell)}: a count under k = {table.k} is printed")
        for cell in small.tolist()
    ]
    return ran(SMALL, table.name, int((table.status == SHOWN).sum()), "printed counts looked at", found)


def subtraction(table: LongTable, sums: Sums) -> Outcome:
    """Hidden cells that are the only one missing in a group."""
    hidden = int(((table.status == HIDDEN) & ~table.noisy).sum())
    left_out = _left_out(table, sums)
    if not hidden and not sums.full:
        return could_not(SUBTRACTION, table.name, "no cell is hidden, and no total with parts was recognised")
    if not sums.groups:
        return could_not(
            SUBTRACTION, table.name, "no totals with parts were recognised, or printed parts do not add up"
        )
    followed = followed_by_one(table, sums.groups)
    severity = CERTAIN if sums.always else LIKELY
    found = [
        Finding(
            SUBTRACTION,
            table.name,
            f"{table.cell(cell)}: hidden, but it follows by one subtraction",
            severity,
            f"{int(value)}",
        )
        for cell, value in sorted(followed.items())
    ]
    along = [
        f"along {name} {some:,} of {every:,} with a printed total ({some / every:.0%})"
        for name, (some, every) in shares(table, sums.groups).items()
    ]
    words = "; ".join(
        [
            "hidden cells",
            f"{sums.adding:,} of {sums.full:,} groups printed whole add up",
            *([", ".join(along)] * bool(along)),
        ]
    )
    return ran(SUBTRACTION, table.name, hidden + sums.full, words, [*found, *left_out])


def _left_out(table: LongTable, sums: Sums) -> list[Finding]:
    """Totals that exceed the parts printed by 1 to k - 1: rows were left out instead of hidden."""
    found = []
    for group in sums.short:
        rest = table.low[group.whole] - table.low[list(group.parts)].sum()
        if 0 < rest < table.k:
            along = table.dimensions[group.dimension]
            words = (
                f"{table.cell(group.whole)}: along {along} the parts printed fall short of it by fewer than "
                f"k = {table.k}: codes that are left out hold so few"
            )
            found.append(Finding(SUBTRACTION, table.name, words, LIKELY, f"{rest:g}"))
    return found


def followed_by_one(table: LongTable, groups: Iterable[Group]) -> dict[int, float]:
    """Hidden cells, and what one subtraction gives, where that agrees with what is printed of them.

    One cell is missing in a group; or several are, and nobody is left for them.
    """
    found: dict[int, float] = {}
    for group in groups:
        missing = [cell for cell in group.parts if table.status[cell] != SHOWN]
        if any(table.status[cell] != HIDDEN for cell in missing) or table.noisy[[group.whole, *missing]].any():
            continue
        parts = float(sum(table.low[cell] for cell in group.parts if table.status[cell] == SHOWN))
        if table.status[group.whole] != SHOWN:
            missing, value = ([group.whole], parts) if not missing else ([], 0.0)
            missing = [cell for cell in missing if table.status[cell] == HIDDEN]
        else:
            value = float(table.low[group.whole]) - parts
        if len(missing) == 1 or (missing and value == 0):
            for cell in missing:
                if table.low[cell] <= value <= table.high[cell]:
                    found.setdefault(cell, value)
    return found


def shares(table: LongTable, groups: Sequence[Group]) -> dict[str, tuple[int, int]]:
    """By dimension: hidden cells that follow by one subtraction, and all whose total along it is printed."""
    found = {}
    for place, dimension in enumerate(table.dimensions):
        mine = [group for group in groups if group.dimension == place and table.status[group.whole] == SHOWN]
        hidden = {cell for group in mine for cell in group.parts if table.status[cell] == HIDDEN}
        if hidden:
            found[dimension] = (len(hidden & followed_by_one(table, mine).keys()), len(hidden))
    return found


def reconstruction(table: LongTable, sums: Sums) -> Outcome:
    """The interval of every hidden cell, from all sums at once."""
    hidden = np.flatnonzero(table.status == HIDDEN)
    if not len(hidden):
        return could_not(RECONSTRUCTION, table.name, "no cell is hidden")
    if not sums.groups:
        return could_not(RECONSTRUCTION, table.name, "no totals with parts were recognised, or parts do not add up")
    low, high, left_out = intervals(table, sums.groups)
    known = followed_by_one(table, sums.groups)  # said already
    severity = CERTAIN if sums.always else LIKELY
    found = [
        _worked_out(table, cell, (low[cell], high[cell]), severity)
        for cell in hidden.tolist()
        if cell not in known and _is_told(table, cell, low[cell], high[cell])
    ]
    words = "hidden cells, by linear programming over all sums"
    if left_out:
        words += f"; {left_out:,} stand in sums that contradict each other and were left out"
    return ran(RECONSTRUCTION, table.name, len(hidden), words, found)


def _is_told(table: LongTable, cell: int, low: float, high: float) -> bool:
    """Whether an interval tells too much: of a rounded or noisy figure, only that it is of 1 to k - 1 persons."""
    if table.noisy[cell]:
        return low >= 1 and high < table.k and (low, high) != (table.low[cell], table.high[cell])
    return high - low < _doubt(table, cell)


def _doubt(table: LongTable, cell: int) -> float:
    """How wide the interval of a hidden cell must be: k, but no wider than what its own mark leaves."""
    if table.noisy[cell]:
        return float(table.k)
    own = table.high[cell] - table.low[cell]
    return 1.0 if np.isfinite(own) and own < table.k else float(table.k)


def _worked_out(table: LongTable, cell: int, ends: tuple[float, float], severity: str) -> Finding:
    low, high = int(ends[0]), int(ends[1])
    found = "it is known exactly" if low == high else f"it is known to within {high - low + 1} values, fewer than k"
    told = f"{low}" if low == high else f"{low} to {high}"
    return Finding(
        RECONSTRUCTION,
        table.name,
        f"{table.cell(cell)}: hidden, but all sums together tell it: {found}",
        severity,
        told,
    )


def intervals(table: LongTable, groups: Sequence[Group]) -> tuple[Vector, Vector, int]:
    """Least and most of every cell; and how many hidden cells are left out, as their sums contradict each other."""
    ceiling = 4 * float(table.low[table.status == SHOWN].max(initial=0)) + 1000
    low, high = table.low.copy(), np.minimum(table.high, ceiling)
    relations = Relations.of([_row(group) for group in groups], [], len(low))
    part = _parts(relations, table.status != SHOWN)
    narrow_low, narrow_high = propagate(relations, low, high)
    broken = set(part[narrow_low > narrow_high].tolist())
    while True:
        bad = np.isin(part, sorted(broken)) & (table.status != SHOWN)
        kept = [row for row, group in enumerate(groups) if not bad[[group.whole, *group.parts]].any()]
        kept = [row for row in kept if (table.status[[groups[row].whole, *groups[row].parts]] != SHOWN).any()]
        found, worse = _solved(Relations.of([_row(groups[row]) for row in kept], [], len(low)), low, high, table, part)
        if found is not None:
            return (*found, int((bad & (table.status == HIDDEN)).sum()))
        broken |= worse


def _row(group: Group) -> dict[int, int]:
    return {group.whole: -1, **dict.fromkeys(group.parts, 1)}


def _parts(relations: Relations, free: npt.NDArray[np.bool_]) -> Whole:
    """Which unknown cells hang together."""
    some = abs(relations.equal).multiply(free[None, :]).tocsr()
    both = sparse.bmat([[None, some], [some.T, None]], format="csr")
    part: Whole = connected_components(both, directed=False)[1][some.shape[0] :].astype(np.int64)
    return part


def _solved(
    relations: Relations, low: Vector, high: Vector, table: LongTable, part: Whole
) -> tuple[tuple[Vector, Vector] | None, set[int]]:
    """Exact intervals of hidden cells that are too narrow; or the parts whose sums contradict each other."""
    low, high = propagate(relations, low, high)
    if (low > high).any():
        return None, set(part[low > high].tolist())
    tied = np.asarray(abs(relations.equal).sum(axis=0)).ravel() > 0
    hidden = (table.status == HIDDEN) & tied
    wanted = np.where(hidden, [_doubt(table, cell) for cell in range(len(low))], 0.0)
    high = np.where(tied, high, low)  # what stands in no sum is no question for a programme
    prover = Prover(relations, low, high)
    try:
        narrow = prover.too_narrow(wanted[prover.free])
    except PalermoError:
        return None, _infeasible(relations, (low, high), part)
    lowest, highest = prover.whole()
    least, most = table.low.copy(), table.high.copy()
    fixed = hidden & (low == high)
    least[fixed], most[fixed] = low[fixed], high[fixed]
    found = prover.free[narrow]
    least[found], most[found] = lowest[narrow], highest[narrow]
    return (least, most), set()


def _infeasible(relations: Relations, ends: tuple[Vector, Vector], part: Whole) -> set[int]:
    """The parts for which no table fits, tried one by one."""
    low, high = ends
    found = set()
    for number in np.unique(part[high > low]).tolist():
        mine = part == number
        try:
            prover = Prover(relations, low, np.where(mine, high, low))
            prover.narrow_so_far(np.where(mine, 1.0, 0.0)[prover.free])
        except PalermoError:
            found.add(number)
    if not found:
        raise PalermoError("the sums of the table contradict each other, and no part of it was found to blame")
    return found
