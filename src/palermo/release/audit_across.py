"""The attacker who keeps every release: what the published folders give away together.

It reads folders and nothing else, names counts as ``audit_tables`` does, and assumes what a reader may assume: a table
and period whose printed figures are the same in two releases has not changed at all; where they differ and all go one
way, cases were only added (or only removed). An assumption that contradicts the published figures is dropped. The
decision a reader would question: a count that an earlier release printed is no secret any more and is not looked for.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy import sparse

from palermo.errors import PalermoError
from palermo.release.audit import Finding
from palermo.release.audit_tables import Name, Tables, read_tables
from palermo.release.feasible import Prover, Relations, Vector, propagate
from palermo.release.rules import is_safe

Block = tuple[str, str, str]
Edition = dict[Name, int]


@dataclass(frozen=True)
class Assumed:
    """What the attacker takes for granted of figures that two releases print."""

    unchanged: bool  # tables and periods printed alike are alike
    one_way: bool  # cases were only added, or only removed


MODELS = (Assumed(True, True), Assumed(True, False), Assumed(False, False))


@dataclass
class _System:
    names: list[Name] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    k: list[float] = field(default_factory=list)
    printed: list[bool] = field(default_factory=list)
    equal: list[dict[int, int]] = field(default_factory=list)
    differences: dict[int, str] = field(default_factory=dict)

    def add(self, name: Name, indicator: str, low: float, high: float, k: float) -> int:
        """A new unknown."""
        self.names.append(name)
        self.indicators.append(indicator)
        self.low.append(low)
        self.high.append(high)
        self.k.append(k)
        self.printed.append(False)
        return len(self.names) - 1


def audit_across(folders: Sequence[Path], within: Mapping[str, str]) -> tuple[Finding, ...]:
    """What follows from all these releases together; the last is the new one. Raises ``PalermoError`` if unreadable."""
    tables = [_read(folder) for folder in folders]
    for model in MODELS:
        found = _attack(tables, within, model)
        if found is not None:
            return found
    return (Finding("", "the figures of these releases contradict each other, so that nothing can be proved of them"),)


def _read(folder: Path) -> tuple[Tables, str]:
    """The counts of a release and the years that "all years" means there."""

    try:
        rows = pq.read_table(folder / "cube.parquet").to_pylist()
        said = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["protection"]
    except (OSError, KeyError, ValueError) as error:
        raise PalermoError(f"{folder}: not a release that can be audited: {error}") from None
    counted = [row for row in rows if row["ref_area"] in said["areas"].get(row["indicator"], ())]
    years = [row["time_period"] for row in counted if row["time_period"].isdigit()]
    return read_tables(rows, said), f"{min(years)}/{max(years)}" if years else ""


def _attack(
    tables: Sequence[tuple[Tables, str]], within: Mapping[str, str], model: Assumed
) -> tuple[Finding, ...] | None:
    """What the attacker finds with these assumptions; None where they contradict what is published."""
    system = _System()
    editions: dict[Block, list[Edition]] = {}
    places = [_place(system, one, span, editions, unchanged=model.unchanged) for one, span in tables]
    for group in editions.values():
        for number, edition in enumerate(group):
            _compare(system, edition, group[:number][::-1], one_way=model.one_way)
    _compare_apart(system, tables, places, one_way=model.one_way)
    _lie_within(system, editions, within)
    count = len(system.names)
    relations = Relations(
        _stack([(one.relations.equal, place) for (one, _), place in zip(tables, places, strict=True)], system, count),
        _stack([(one.relations.at_most, place) for (one, _), place in zip(tables, places, strict=True)], None, count),
    )
    try:
        return _look(system, relations)
    except PalermoError:
        return None


def _place(
    system: _System, tables: Tables, span: str, editions: dict[Block, list[Edition]], *, unchanged: bool
) -> list[int]:
    """Number the counts of one release."""
    blocks: dict[Block, list[int]] = {}
    names = [_spelt_out(name, span) for name in tables.names]
    for cell, (family, codes) in enumerate(names):
        known = dict(codes)
        blocks.setdefault((family, known.get("ref_area", ""), known["time_period"]), []).append(cell)
    place = [0] * len(names)
    for block, cells in blocks.items():
        group = editions.setdefault(block, [])
        edition = next((e for e in reversed(group) if _alike(system, e, tables, names, cells)), None)
        if edition is None or not unchanged:
            edition = {}
            group.append(edition)
        for cell in cells:
            place[cell] = _unknown(system, edition, tables, names[cell], cell)
    return place


def _unknown(system: _System, edition: Edition, tables: Tables, name: Name, cell: int) -> int:
    low, high, k = float(tables.low[cell]), float(tables.high[cell]), float(tables.k[cell])
    number = edition.get(name)
    if number is None:
        number = edition[name] = system.add(name, tables.indicators[cell], low, high, k)
    system.low[number] = max(low, system.low[number])
    system.high[number] = min(high, system.high[number])
    system.k[number] = max(k, system.k[number])
    system.printed[number] |= not bool(tables.hidden[cell])
    return number


def _alike(system: _System, edition: Edition, tables: Tables, names: Sequence[Name], cells: Sequence[int]) -> bool:
    """Whether what is printed of a block could be the same figures; a release that prints none of them fits any."""
    for cell in cells:
        number = edition.get(names[cell])
        if number is not None and max(system.low[number], tables.low[cell]) > min(
            system.high[number], tables.high[cell]
        ):
            return False
    return True


def _spelt_out(name: Name, span: str) -> Name:
    family, codes = name
    if any(dimension == "time_period" for dimension, _ in codes):
        return name
    return family, codes | {("time_period", span)}


def _compare(system: _System, edition: Edition, before: Sequence[Edition], *, one_way: bool) -> None:
    waiting = set(edition)
    for old in before:
        common = sorted(waiting & old.keys(), key=str)
        waiting.difference_update(common)
        pairs = [(old[name], edition[name]) for name in common]
        least = [system.low[after] - system.high[one] for one, after in pairs]
        most = [system.high[after] - system.low[one] for one, after in pairs]
        printed = [n for n, (one, after) in enumerate(pairs) if system.printed[one] and system.printed[after]]
        rising = one_way and bool(printed) and all(least[n] >= 0 for n in printed)
        falling = one_way and bool(printed) and all(most[n] <= 0 for n in printed)
        for (one, after), low, high in zip(pairs, least, most, strict=True):
            ends = (max(low, 0.0) if rising else low, min(high, 0.0) if falling else high)
            if ends[0] <= ends[1]:
                _difference(system, after, [one], ends, "what was added or removed")


def _compare_apart(
    system: _System, tables: Sequence[tuple[Tables, str]], places: Sequence[list[int]], *, one_way: bool
) -> None:
    """Figures of a table that stands apart in one release and not in another."""
    before: dict[tuple[str, str, frozenset[tuple[str, str]]], int] = {}
    for (one, span), place in zip(tables, places, strict=True):
        for cell, name in enumerate(one.names):
            family, codes = _spelt_out(name, span)
            rows = [(table, family.partition("|")[2], codes) for table in sorted(one.printed_in[cell])]
            old = {before[row] for row in rows if row in before and system.names[before[row]][0] != family}
            for number in sorted(old):
                _compare(system, {name: place[cell]}, [{name: number}], one_way=one_way)
            before.update(dict.fromkeys(rows, place[cell]))


def _difference(system: _System, more: int, less: Sequence[int], ends: tuple[float, float], words: str) -> None:
    number = system.add(system.names[more], system.indicators[more], *ends, system.k[more])
    system.equal.append({number: -1, more: 1, **dict.fromkeys(less, -1)})
    system.differences[number] = words


def _lie_within(system: _System, editions: Mapping[Block, list[Edition]], within: Mapping[str, str]) -> None:
    """Periods within periods of tables that print no single years, and areas within areas."""
    latest = {name: number for group in editions.values() for edition in group for name, number in edition.items()}
    by_period: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, int]] = {}
    by_area: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, int]] = {}
    for (family, codes), number in latest.items():
        known = dict(codes)
        for dimension, found in (("time_period", by_period), ("ref_area", by_area)):
            rest = frozenset(item for item in codes if item[0] != dimension)
            found.setdefault((family, rest), {})[known.get(dimension, "")] = number
    for periods in by_period.values():
        _periods(system, periods)
    for areas in by_area.values():
        _areas(system, areas, within)


def _periods(system: _System, periods: Mapping[str, int]) -> None:
    spans = [tuple(period.split("/")) for period in periods if "/" in period]
    if len(spans) < 2 or any(period.isdigit() for period in periods):
        return
    for first, last in spans:
        for one, other in spans:
            if (one, other) != (first, last) and first <= one and other <= last:
                outer, inner = periods[f"{first}/{last}"], periods[f"{one}/{other}"]
                _rest(system, outer, [inner], "what one period holds and the other does not")


def _areas(system: _System, areas: Mapping[str, int], within: Mapping[str, str]) -> None:
    inner: dict[str, list[int]] = {}
    for area, number in areas.items():
        above = within.get(area)
        while above is not None and above not in areas and above != within.get(above):
            above = within.get(above)
        if above is not None and above in areas and above != area:
            inner.setdefault(above, []).append(number)
    for outer, numbers in inner.items():
        _rest(system, areas[outer], numbers, "what one area holds and those within it do not")


def _rest(system: _System, outer: int, inner: Sequence[int], words: str) -> None:
    high = system.high[outer] - sum(system.low[one] for one in inner)
    if high >= 0:
        _difference(system, outer, inner, (0.0, high), words)


def _stack(parts: Sequence[tuple[sparse.csr_matrix, list[int]]], system: _System | None, count: int) -> Any:
    moved = []
    for matrix, place in parts:
        entries = matrix.tocoo()
        columns = np.array(place, dtype=np.int64)[entries.col] if len(place) else entries.col
        moved.append(sparse.csr_matrix((entries.data, (entries.row, columns)), shape=(matrix.shape[0], count)))
    return sparse.vstack([*moved, Relations.of(system.equal if system else [], [], count).equal], format="csr")


def _look(system: _System, relations: Relations) -> tuple[Finding, ...]:
    low, high = propagate(relations, np.array(system.low), np.array(system.high))
    if (low > high).any():
        raise PalermoError("the assumptions contradict what is published")
    is_difference = np.zeros(len(low), dtype=bool)
    is_difference[list(system.differences)] = True
    secret = ~np.array(system.printed, dtype=bool) & ~is_difference
    wanted = np.where(secret, np.array(system.k), 0.0)
    lowest, highest = low.copy(), high.copy()
    suspects = np.flatnonzero((secret | is_difference) & (low == high)).tolist()
    prover = Prover(relations, low, high)
    narrow = np.flatnonzero(prover.too_narrow(wanted[prover.free]))
    one_sided = prover.cannot_be_none(np.flatnonzero(is_difference[prover.free]))
    lowest[prover.free], highest[prover.free] = prover.whole()
    suspects += prover.free[np.concatenate([narrow, one_sided])].tolist()
    return tuple(_finding(system, cell, lowest, highest) for cell in suspects if _tells(system, cell, lowest, highest))


def _tells(system: _System, cell: int, low: Vector, high: Vector) -> bool:
    """Whether it follows that fewer than k persons are in a hidden count, or came or went.

    A difference may be known to be none, or k or more, and one that can be none shows that nobody came or went.
    """
    k = int(system.k[cell])
    if is_safe(int(low[cell]), int(high[cell]), k):
        return False
    return cell not in system.differences or not (low[cell] <= 0 <= high[cell] or low[cell] >= k or high[cell] <= -k)


def _finding(system: _System, cell: int, low: Vector, high: Vector) -> Finding:
    codes = ", ".join(f"{dimension} {code}" for dimension, code in sorted(system.names[cell][1]))
    found = f"is {int(low[cell])}" if low[cell] == high[cell] else f"is from {int(low[cell])} to {int(high[cell])}"
    what = system.differences.get(cell, "hidden")
    words = f"{system.indicators[cell]} ({codes}): {what}, but it follows from several releases that it {found}"
    return Finding(system.indicators[cell], words)
