"""From pairs to persons: links are joined from the strongest to the weakest, and no chain may grow without bound.

The decision a reader would question: a link that would break a rule is not made and is listed instead, so what falls
is always the weakest bridge. The rules: a person has at most ``cap`` records; at most one of a list that says it holds
nobody twice; and what a person decided about two records holds, whatever the model says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from palermo.linkage.schema import MEMBERSHIPS

CAP = 20
BROKEN = pa.schema(
    [
        pa.field("left", pa.int64(), nullable=False),
        pa.field("right", pa.int64(), nullable=False),
        ("probability", pa.float64()),
        ("reason", pa.string()),  # cap, list (which holds nobody twice), chain, decision; bridge where it was made
    ]
)
# Two groups are one person only if their pairs, those never compared counted as 0, have this probability on average.
# Without it one wrong link joins two persons with all their records.
LEAST_MEAN = 1 / 3


@dataclass(frozen=True)
class Clusters:
    """``table`` follows MEMBERSHIPS. ``broken`` are links not made; ``reviewed`` are bridges that a person should see.

    Both follow ``BROKEN``. ``largest`` is the greatest number of records of one person.
    """

    table: pa.Table
    broken: pa.Table
    reviewed: pa.Table
    largest: int


@dataclass(frozen=True)
class Decision:
    """What a person decided about two records (row_ids): ``same`` or not."""

    left: int
    right: int
    same: bool


@dataclass
class _Groups:
    """Disjoint sets of records, with what a group must not break."""

    parent: list[int]
    size: list[int]
    lists: list[int]  # number of the record's list, -1 where the list may hold a person twice
    cap: int
    members: list[list[int]] = field(default_factory=list)
    held: dict[int, set[int]] = field(default_factory=dict)  # group -> unique lists with a record in it
    foes: dict[int, set[int]] = field(default_factory=dict)  # group -> records that are another person

    @classmethod
    def of(cls, lists: list[int], cap: int) -> "_Groups":
        """Every record alone."""
        count = len(lists)
        return cls(list(range(count)), [1] * count, lists, cap, [[number] for number in range(count)])

    def find(self, record: int) -> int:
        root = record
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[record] != root:
            self.parent[record], record = root, self.parent[record]
        return root

    def refusal(self, one: int, two: int) -> str | None:
        """Why two groups cannot be one person, or None."""
        if any(self.find(foe) == two for foe in self.foes.get(one, ())):
            return "decision"
        if self.size[one] + self.size[two] > self.cap:
            return "cap"
        if not self._held(one).isdisjoint(self._held(two)):
            return "list"
        return None

    def join(self, one: int, two: int) -> None:
        """The group of the lesser number takes the other in, so that the least row_id names the person."""
        root, other = min(one, two), max(one, two)
        held, foes = self._held(one) | self._held(two), self.foes.pop(one, set()) | self.foes.pop(two, set())
        self.parent[other] = root
        self.size[root] += self.size[other]
        self.members[root] += self.members[other]
        self.members[other] = []
        if held:
            self.held[root] = held
        if foes:
            self.foes[root] = foes

    def _held(self, group: int) -> set[int]:
        if group in self.held:
            return self.held[group]
        return {self.lists[group]} if self.size[group] == 1 and self.lists[group] >= 0 else set()


def memberships(
    pairs: pa.Table,
    records: pa.Table,
    threshold: float,
    cap: int = CAP,
    decisions: Sequence[Decision] = (),
    unique_lists: Iterable[str] = (),
) -> Clusters:
    """Join the records (row_id, list, record_id) of one person.

    ``pairs`` follow PAIRS; the calibrated probability counts where there is one. Pairs below ``threshold`` join none.
    Decisions "same" are made first, whatever the cap; the same pairs give the same persons in any order.
    """
    rows = records["row_id"].to_numpy()
    place = {int(row): number for number, row in enumerate(rows)}
    groups = _Groups.of(_list_numbers(records, set(unique_lists)), cap)
    best = np.zeros(len(rows))
    broken: list[tuple[int, int, float, str]] = []
    reviewed: list[tuple[int, int, float, str]] = []
    for decision in decisions:
        one, two = place[decision.left], place[decision.right]
        if decision.same:
            _make(groups, best, one, two, 1.0)
        else:
            groups.foes.setdefault(groups.find(one), set()).add(two)
            groups.foes.setdefault(groups.find(two), set()).add(one)
    known = _Known.of(pairs)
    for left, right, probability in _links(pairs, threshold):
        one, two = groups.find(place[left]), groups.find(place[right])
        reason = groups.refusal(one, two) if one != two else None
        if reason is None and one != two and groups.size[one] * groups.size[two] > 1:
            mean = known.mean(rows[groups.members[one]], rows[groups.members[two]])
            if mean < LEAST_MEAN:
                reason = "chain"
            elif mean < threshold:
                reviewed.append((left, right, probability, "bridge"))
        if reason is not None:
            broken.append((left, right, probability, reason))
            continue
        _make(groups, best, place[left], place[right], probability)
    persons = np.array([rows[groups.find(number)] for number in range(len(rows))], np.int64)
    alone = np.bincount(np.searchsorted(np.unique(persons), persons))[np.searchsorted(np.unique(persons), persons)] == 1
    table = pa.table(
        [records["row_id"], records["list"], records["record_id"], persons, np.where(alone, 1.0, best)],
        names=MEMBERSHIPS.names,
    )
    return Clusters(table.cast(MEMBERSHIPS), _table(broken), _table(reviewed), max(groups.size, default=0))


@dataclass(frozen=True)
class _Known:
    """Probabilities of all scored pairs, to be looked up by their two row numbers."""

    keys: NDArray[np.int64]
    values: NDArray[np.float64]
    step: int

    @classmethod
    def of(cls, pairs: pa.Table) -> "_Known":
        left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
        step = int(right.max()) + 1 if len(right) else 1
        keys = left * step + right
        order = np.argsort(keys)
        return cls(keys[order], _probability(pairs).to_numpy()[order], step)

    def mean(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> float:
        """Mean over all pairs of a record of ``one`` and a record of ``two``."""
        left, right = np.repeat(one, len(two)), np.tile(two, len(one))
        keys = np.minimum(left, right) * self.step + np.maximum(left, right)
        where = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return float(np.where(self.keys[where] == keys, self.values[where], 0.0).mean())


def _probability(pairs: pa.Table) -> pa.ChunkedArray:
    return pc.coalesce(pairs["calibrated"], pairs["probability"])


def _make(groups: _Groups, best: np.ndarray, one: int, two: int, probability: float) -> None:
    best[one], best[two] = max(best[one], probability), max(best[two], probability)
    first, second = groups.find(one), groups.find(two)
    if first != second:
        groups.join(first, second)


def _list_numbers(records: pa.Table, unique: set[str]) -> list[int]:
    encoded = records["list"].combine_chunks().dictionary_encode()
    numbers = [number if name in unique else -1 for number, name in enumerate(encoded.dictionary.to_pylist())]
    return [numbers[index] for index in encoded.indices.to_pylist()]


def _links(pairs: pa.Table, threshold: float) -> Iterator[tuple[int, int, float]]:
    """Pairs at or above the threshold, the strongest first; equal ones by their numbers."""
    table = pa.table([pairs["left"], pairs["right"], _probability(pairs), pairs["weight"]], names=["l", "r", "p", "w"])
    table = table.filter(pc.greater_equal(table["p"], threshold))
    table = table.sort_by([("p", "descending"), ("w", "descending"), ("l", "ascending"), ("r", "ascending")])
    yield from zip(*(table[name].to_pylist() for name in ("l", "r", "p")), strict=True)


def _table(rows: list[tuple[int, int, float, str]]) -> pa.Table:
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[]] * 4, schema=BROKEN)
