"""Differences between published tables: a cell hidden here and printed there, figures that differ by fewer than k.

All pairs of tables and releases are compared that are broken down alike; and, over all of them together, each area,
period or band of ages with those within it. The decision a reader would question: cells are matched by their codes
alone, whatever the tables are called, because that is how a reader matches them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from palermo.release.attack.containment import splits
from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.attack.long_table import HIDDEN, SHOWN, LongTable, is_total

DIFFERENCING = "differencing"
Key = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Cells:
    name: str
    k: int
    shown: Mapping[Key, float]
    hidden: frozenset[Key]


def differencing(tables: Sequence[LongTable], within: Mapping[str, str]) -> Outcome:
    """Compare all pairs of tables."""
    if len(tables) < 2:
        return could_not(DIFFERENCING, "plain tables", "fewer than two tables were given")
    cells = [_cells(table) for table in tables]
    pairs = list(combinations(cells, 2))
    found = [finding for one, other in pairs for finding in _between(one, other)]
    found += _nested(tables, cells, within)
    words = f"all {len(pairs):,} pairs of {len(tables):,} tables, and areas, periods and ages within each other"
    tried = sum(len(one.shown.keys() & other.shown.keys()) for one, other in pairs)
    return ran(DIFFERENCING, "plain tables", tried, words, found)


def keys_of(table: LongTable) -> list[Key]:
    """Cells by their codes that are no totals."""
    names = [name.strip().casefold() for name in table.dimensions]
    return [
        frozenset(
            (name, table.labels[place][code])
            for place, (name, code) in enumerate(zip(names, row, strict=True))
            if not is_total(table.labels[place][code])
        )
        for row in table.codes.tolist()
    ]


def _cells(table: LongTable) -> _Cells:
    keys = keys_of(table)
    often = Counter(keys)
    shown = {key: float(table.low[n]) for n, key in enumerate(keys) if table.status[n] == SHOWN and often[key] == 1}
    hidden = frozenset(
        key for n, key in enumerate(keys) if table.status[n] == HIDDEN and not table.noisy[n] and often[key] == 1
    )
    return _Cells(table.name, table.k, shown, hidden)


def _between(one: _Cells, other: _Cells) -> list[Finding]:
    where, k = f"{one.name} and {other.name}", max(one.k, other.k)
    found = [
        Finding(DIFFERENCING, where, f"{_words(key)}: hidden in one and printed in the other")
        for key in sorted((one.hidden & other.shown.keys()) | (other.hidden & one.shown.keys()), key=_words)
    ]
    for key in sorted(one.shown.keys() & other.shown.keys(), key=_words):
        change = abs(one.shown[key] - other.shown[key])
        if 0 < change < k:
            words = f"{_words(key)}: the two figures differ by fewer than k = {k} persons"
            found.append(Finding(DIFFERENCING, where, words, told=f"{change:g}"))
    return found


def _nested(tables: Sequence[LongTable], cells: Sequence[_Cells], within: Mapping[str, str]) -> list[Finding]:
    """What a larger code counts and those within it, printed elsewhere, do not."""
    k = max(table.k for table in tables)
    printed: dict[Key, float] = {}
    home: dict[Key, int] = {}
    for number, some in enumerate(cells):
        for key, value in some.shown.items():
            printed.setdefault(key, value)
            home.setdefault(key, number)
    found = []
    for dimension in sorted({name.strip().casefold() for table in tables for name in table.dimensions}):
        by_rest: dict[Key, dict[str, Key]] = {}
        for key in printed:
            code = next((code for name, code in key if name == dimension), None)
            if code is not None:
                by_rest.setdefault(key - {(dimension, code)}, {})[code] = key
        for codes in by_rest.values():
            found += _left_over(dimension, codes, printed, home, (cells, within, k))
    return sorted(found, key=lambda one: (one.where, one.words))


def _left_over(
    dimension: str,
    codes: Mapping[str, Key],
    printed: Mapping[Key, float],
    home: Mapping[Key, int],
    known: tuple[Sequence[_Cells], Mapping[str, str], int],
) -> list[Finding]:
    cells, within, k = known
    labels = sorted(codes)
    found = []
    for split in splits(dimension, labels, within):
        whole, parts = codes[labels[split.whole]], [codes[labels[part]] for part in split.parts]
        if {home[part] for part in parts} == {home[whole]}:
            continue  # the sums of one table are for ``reconstruction``
        rest = printed[whole] - sum(printed[part] for part in parts)
        if 0 < rest < k:
            where = " and ".join(sorted({cells[home[key]].name for key in (whole, *parts)}))
            words = f"{_words(whole)}: counts fewer than k = {k} persons whom those within it do not"
            found.append(Finding(DIFFERENCING, where, words, told=f"{rest:g}"))
    return found


def _words(key: Key) -> str:
    return ", ".join(f"{name} {code}" for name, code in sorted(key)) or "total"
