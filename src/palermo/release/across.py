"""Protection of a new release together with all earlier ones: what a reader who keeps them all could work out.

Every release is a linear system over its true counts (``structure``). Here they become one system. A figure of a table
and period that has not changed is ONE unknown, whichever releases print it: printed once, it is known for ever, and
cannot guard anything. Where a period was revised, old and new figure are two unknowns, and what came or went between
them is a third, which must not be shown to be 1 to k - 1 persons. Periods and areas that lie within each other are tied
in the same way: what is in the larger and not in the smaller is a count too.

The decision a reader would question: where all changes of a period go one way, a reader is taken to know it, as late
cases are mostly added; differences then have a floor of none and tell more. Only figures of the new release can be
hidden.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from palermo.progress import Progress
from palermo.release.cells import TOTAL, Cells, Key, cells_of, position
from palermo.release.feasible import Flags, Relations, Vector
from palermo.release.joint_suppression import JointSuppression
from palermo.release.nested import Pair, nested_pairs
from palermo.release.rules import FREE
from palermo.release.structure import structure_of
from palermo.release.suppress import Unknown

Row = Mapping[str, Any]
_TIME, _AREA = position("time_period"), position("ref_area")
_FAMILY = 4  # a key begins with table, measure, unit and kind


@dataclass(frozen=True)
class Earlier:
    """A release made before: its true rows, the same rows as published, and what it says of its protection."""

    id: str
    rows: Sequence[Row]
    published: Sequence[Row]
    said: Mapping[str, Any]


@dataclass
class Part:
    """One release as a system of its own: its counts under names that other releases use too."""

    keys: list[Key]
    values: Vector
    relations: Relations
    shown: Flags
    needed: Vector
    floor: Vector
    indicators: list[set[str]]
    places: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def whole_period(keys: Sequence[Key]) -> str:
    """The years that "all years" stands for."""
    years = [key[_TIME] for key in keys if key[_TIME].isdigit()]
    return f"{min(years)}/{max(years)}" if years else TOTAL


def named(cells: Cells) -> list[Key]:
    """The keys with "all years" spelt out, so that it means the same in every release."""
    whole = whole_period(cells.keys)
    return [(*key[:_TIME], whole, *key[_TIME + 1 :]) if key[_TIME] == TOTAL else key for key in cells.keys]


def part_of(earlier: Earlier) -> Part:
    """An earlier release as a system."""
    cells = cells_of(earlier.rows)
    shown = [any(earlier.published[row]["conf_status"] == FREE for row in rows) for rows in cells.rows]
    k, least = earlier.said["k"], earlier.said["least"]
    return Part(
        named(cells),
        np.array(cells.values, dtype=float),
        structure_of(cells).relations,
        np.array(shown, dtype=bool),
        np.array([max(k[name] for name in names) for names in cells.indicators], dtype=float),
        np.array([max(least[name] for name in names) for names in cells.indicators], dtype=float),
        cells.indicators,
    )


class Together:
    """The joint system of some earlier releases and a new one.

    ``within`` says which area is part of which.
    """

    def __init__(self, earlier: Sequence[Earlier], within: Mapping[str, str]) -> None:
        self._earlier = [part_of(one) for one in earlier]
        self._within = within

    def complete(self, new: Part, first: Sequence[int], progress: Progress = None) -> Flags:
        """Which counts of the new release are hidden once no release gives one away. ``first`` are hidden anyhow.

        Raises ``PalermoError`` where hiding figures of the new release is not enough.
        """
        parts = [*self._earlier, new]
        joint = _Joint(parts)
        joint.tie(nested_pairs(joint.keys, joint.releases, self._within))
        suppression = joint.suppression(parts, first)
        suppression.complete(progress)
        return np.asarray(suppression.hidden[new.places])


class _Joint:
    """Unknowns of several releases under one numbering, with the differences between them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.keys: list[Key] = []
        self.values: list[float] = []
        self.releases: list[set[int]] = []
        self._editions: dict[Key, list[int]] = {}  # the unknowns of one key, oldest first
        self._equal: list[dict[int, int]] = []
        self._differences: list[tuple[int, float, float, float]] = []  # unknown, value, floor, need
        self._same: list[tuple[int, int]] = []  # a figure and what took its place in a later edition
        groups: dict[tuple[str, ...], list[dict[Key, int]]] = {}
        for release, part in enumerate(parts):
            part.places = self._place(part, release, groups)
        self._k = max((float(part.needed.max(initial=0)) for part in parts), default=0.0)
        self._ceiling = 4 * max(self.values, default=0.0) + 1000
        for editions in groups.values():
            for number, edition in enumerate(editions):
                self._compare(edition, editions[:number][::-1])
        self._compare_apart(parts)

    def _place(
        self, part: Part, release: int, groups: dict[tuple[str, ...], list[dict[Key, int]]]
    ) -> npt.NDArray[np.int64]:
        """Number the counts of a release: those of a table and period that has not changed are known already."""
        blocks: dict[tuple[str, ...], list[int]] = {}
        for cell, key in enumerate(part.keys):
            blocks.setdefault((*key[:_FAMILY], key[_AREA], key[_TIME]), []).append(cell)
        places = np.zeros(len(part.keys), dtype=np.int64)
        for block, cells in blocks.items():
            editions = groups.setdefault(block, [])
            edition = next((one for one in reversed(editions) if self._agree(one, part, cells)), None)
            if edition is None:
                edition = {}
                editions.append(edition)
            for cell in cells:
                key = part.keys[cell]
                if key not in edition:
                    edition[key] = self._new(key, float(part.values[cell]))
                places[cell] = edition[key]
                self.releases[edition[key]].add(release)
        return places

    def _agree(self, edition: Mapping[Key, int], part: Part, cells: Sequence[int]) -> bool:
        return all(
            self.values[edition[part.keys[cell]]] == part.values[cell] for cell in cells if part.keys[cell] in edition
        )

    def _new(self, key: Key, value: float) -> int:
        self.keys.append(key)
        self.values.append(value)
        self.releases.append(set())
        return len(self.keys) - 1

    def _compare(self, edition: Mapping[Key, int], before: Sequence[Mapping[Key, int]]) -> None:
        """Each figure of an edition with the latest earlier edition that holds it."""
        waiting = set(edition)
        for old in before:
            common = sorted(waiting & old.keys())
            waiting.difference_update(common)
            self._revise([(old[key], edition[key]) for key in common])

    def _compare_apart(self, parts: Sequence[Part]) -> None:
        """Figures of a table that stands apart in one release and not in another, so that its keys differ."""
        before: dict[tuple[str, Key], int] = {}
        for part in parts:
            here = {
                (name, key[1:]): int(place)
                for key, place, names in zip(part.keys, part.places, part.indicators, strict=True)
                for name in names
            }
            pairs = [(before[row], place) for row, place in here.items() if row in before]
            for old, new in sorted({(old, new) for old, new in pairs if self.keys[old][0] != self.keys[new][0]}):
                self._revise([(old, new)])
            before |= here

    def _revise(self, common: Sequence[tuple[int, int]]) -> None:
        """Differences between two editions of a table in one period."""
        self._same += common
        changes = [self.values[after] - self.values[before] for before, after in common]
        one_way = min(changes, default=0.0) >= 0 or max(changes, default=0.0) <= 0
        falling = min(changes, default=0.0) < 0
        for (before, after), change in zip(common, changes, strict=True):
            more, less = (before, after) if one_way and falling else (after, before)
            self._difference([more], [less], 0.0 if one_way else -self._ceiling, abs(change) if one_way else change)

    def tie(self, pairs: Sequence[Pair]) -> None:
        """Counts of which one contains others: what is in it besides them is a count of its own."""
        for whole, inside in pairs:
            value = self.values[whole] - sum(self.values[one] for one in inside)
            if value >= 0:
                self._difference([whole], list(inside), 0.0, value)

    def _difference(self, more: list[int], less: list[int], floor: float, value: float) -> None:
        key = self.keys[more[0]]
        unknown = self._new((f"difference {len(self.keys)}", *key[1:]), value)
        self._equal.append({unknown: -1, **dict.fromkeys(more, 1), **dict.fromkeys(less, -1)})
        self._differences.append((unknown, value, floor, self._k if 0 < abs(value) < self._k else 0.0))

    def _whole_periods(self, parts: Sequence[Part]) -> list[tuple[int, int]]:
        """Figures over all years of the last release, and over all years of the new one."""
        before, after = ({_rest(key): n for key, n in _over_all_years(part)} for part in parts[-2:])
        return [(before[rest], after[rest]) for rest in before.keys() & after.keys()]

    def suppression(self, parts: Sequence[Part], first: Sequence[int]) -> "JointSuppression":
        """The search for counts to hide, with what is known from earlier releases fixed."""
        count = len(self.keys)
        needed, floor = np.zeros(count), np.zeros(count)
        known, hidden = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        fixed = np.ones(count, dtype=bool)
        for part in parts:
            np.maximum.at(needed, part.places, part.needed)
            np.maximum.at(floor, part.places, part.floor)
        for part in parts[:-1]:
            known[part.places] |= part.shown
            hidden[part.places] = True
        fixed[parts[-1].places] = False
        hidden[parts[-1].places[list(first)]] = True
        hidden &= ~known
        for before, after in (*self._same, *self._whole_periods(parts)):
            hidden[after] |= hidden[before] and not known[after]  # the old choice of figures to hide is the start
        for unknown, _, least, need in self._differences:
            hidden[unknown], floor[unknown], needed[unknown] = True, least, need
        relations = Relations(
            _joined([(part.relations.equal, part.places) for part in parts], self._equal, count),
            _joined([(part.relations.at_most, part.places) for part in parts], [], count),
        )
        limits = Unknown(floor, self._ceiling)
        return JointSuppression(self.keys, np.array(self.values), relations, needed, limits, (hidden, known | fixed))


def _over_all_years(part: Part) -> Iterator[tuple[Key, int]]:
    whole = whole_period(part.keys)
    return ((key, int(place)) for key, place in zip(part.keys, part.places, strict=True) if key[_TIME] == whole)


def _rest(key: Key) -> Key:
    return (*key[:_TIME], *key[_TIME + 1 :])


def _joined(
    parts: Sequence[tuple[sparse.csr_matrix, npt.NDArray[np.int64]]], more: list[dict[int, int]], count: int
) -> sparse.csr_matrix:
    """The rows of several systems over one numbering."""
    moved = []
    for matrix, places in parts:
        entries = matrix.tocoo()
        moved.append(
            sparse.csr_matrix((entries.data, (entries.row, places[entries.col])), shape=(matrix.shape[0], count))
        )
    return sparse.vstack([*moved, Relations.of(more, [], count).equal], format="csr")
