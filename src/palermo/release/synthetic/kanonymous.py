"""True rows, blanked here and there until every row that is published is shared by at least k persons.

For one-off needs: figures stay exact where nothing is blanked, and small groups lose the values that set them apart. Of
each rare row the fewest values are blanked with which it joins k - 1 others; among equals the largest group wins. Rows
that no blanking saves (fewer than k blank ones) are left out.

The decision a reader would question: a blank is a value here, so that a row with blanks only hides among rows with the
same blanks. Counting it with every row that *could* fit gives more data and less protection.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.errors import PalermoError
from palermo.release.synthetic.utility import Codes, Ints, distinct_rows

_MOST_BLANKS = 3  # tried at once; rows that need more lose one value and are tried again
_MOST_TRIALS = 4_000_000  # rows times sets of columns, in one step
_SEED = 20_000_715  # of the hash of rows: any number

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class KAnonymous:
    """Rows in the order of their codes (the order of the file would tell), and what was lost."""

    rows: Codes
    k: int
    smallest_group: int
    values_blanked: int
    values: int
    rows_left_out: int


def k_anonymous(values: Codes, k: int) -> KAnonymous:
    """Blank values until every row is shared by ``k``. Raises ``PalermoError`` should the result fail the check."""
    rows, held = distinct_rows(values)
    rows = rows.astype(np.int32)
    search = _Search(rows, held, k)
    search.run()
    final, counts = search.result()
    made = np.repeat(final, counts, axis=0)
    smallest = smallest_group(made)
    if len(made) and smallest < k:
        raise PalermoError(f"a row is shared by {smallest} persons only, not by {k}: nothing was written; report this")
    full = int((values > 0).sum())
    return KAnonymous(made, k, smallest, full - int((made > 0).sum()), full, len(values) - len(made))


def smallest_group(rows: Codes) -> int:
    """Persons who share the rarest row; 0 where there is no row."""
    _, held = distinct_rows(rows)
    return int(held.min()) if len(held) else 0


class _Search:
    """Rare rows on their way to a group: ``rows`` and ``held`` are those not settled yet."""

    def __init__(self, rows: Codes, held: Ints, k: int) -> None:
        self._k = k
        tops = rows.max(axis=0, initial=0) + 1
        random = np.random.default_rng(_SEED)
        self._marks = [_marks(random, int(top)) for top in tops]
        common = held >= k
        self._settled = [(rows[common], held[common])]
        self._known: dict[int, int] = dict(zip(self._hashes(rows[common]).tolist(), held[common].tolist(), strict=True))
        self.rows, self.held = rows[~common], held[~common]

    def run(self) -> None:
        """Settle rows until none is left that could be."""
        while len(self.rows) and self.rows.any():
            if not any(self._step(blanks) for blanks in self._depths()):
                self._give_up_one()
        if len(self.rows) and (self.held.sum() >= self._k or self._blank_is_known()):
            self._settled.append((self.rows[:1], np.array([self.held.sum()])))

    def result(self) -> tuple[Codes, Ints]:
        """The settled rows, distinct and in order, with their numbers of persons."""
        rows = np.concatenate([some for some, _ in self._settled])
        held = np.concatenate([some for _, some in self._settled])
        return distinct_rows(rows, held)

    def _blank_is_known(self) -> bool:
        return int(self._hashes(self.rows[:1])[0]) in self._known

    def _depths(self) -> list[int]:
        width = self.rows.shape[1]
        sizes = {blanks: len(self.rows) * _choices(width, blanks) for blanks in range(1, _MOST_BLANKS + 1)}
        return [blanks for blanks, size in sizes.items() if blanks == 1 or (size <= _MOST_TRIALS and blanks <= width)]

    def _hashes(self, rows: Codes) -> Hashes:
        total = np.zeros(len(rows), np.uint64)
        for column, marks in enumerate(self._marks):
            total += marks[rows[:, column]]
        return total

    def _trials(self, blanks: int) -> tuple[list[tuple[int, ...]], Hashes, npt.NDArray[np.bool_]]:
        """For every row and every set of so many columns: the hash of the row without them, and whether it has them."""
        sets = list(combinations(range(self.rows.shape[1]), blanks))
        whole = self._hashes(self.rows)
        hashes = np.empty((len(self.rows), len(sets)), np.uint64)
        able = np.empty(hashes.shape, np.bool_)
        for at, columns in enumerate(sets):
            hashes[:, at] = whole
            able[:, at] = True
            for column in columns:
                hashes[:, at] -= self._marks[column][self.rows[:, column]]
                able[:, at] &= self.rows[:, column] > 0
        return sets, hashes, able

    def _best(self, hashes: Hashes, able: npt.NDArray[np.bool_]) -> tuple[Ints, npt.NDArray[np.float64]]:
        """For each row the set of columns with which it joins most persons, and how many those would be."""
        rows, sets = np.nonzero(able)
        keys, where = np.unique(hashes[rows, sets], return_inverse=True)
        total = np.bincount(where, weights=self.held[rows], minlength=len(keys))
        total += [self._known.get(key, 0) for key in keys.tolist()]
        score = np.full(hashes.shape, -1.0)
        score[rows, sets] = total[where]
        best = score.argmax(axis=1)
        return best, score[np.arange(len(score)), best]

    def _step(self, blanks: int) -> bool:
        """Settle what can be settled by blanking so many values of a row. Says whether any was."""
        sets, hashes, able = self._trials(blanks)
        if not able.any():
            return False
        best, joined = self._best(hashes, able)
        chosen = hashes[np.arange(len(best)), best]
        keys, where = np.unique(chosen, return_inverse=True)
        received = np.bincount(where, weights=np.where(joined > 0, self.held, 0), minlength=len(keys))
        received += [self._known.get(key, 0) for key in keys.tolist()]
        done = (joined > 0) & (received[where] >= self._k)
        if not done.any():
            return False
        settled = self._blanked(np.flatnonzero(done), sets, best)
        rows, held = distinct_rows(settled, self.held[done])
        for key, number in zip(self._hashes(rows).tolist(), held.tolist(), strict=True):
            self._known[key] = self._known.get(key, 0) + number
        self._settled.append((rows, held))
        self.rows, self.held = self.rows[~done], self.held[~done]
        return True

    def _blanked(self, which: Ints, sets: list[tuple[int, ...]], best: Ints) -> Codes:
        out = self.rows[which].copy()
        columns = np.array(sets)[best[which]]
        out[np.arange(len(which))[:, None], columns] = 0
        return out

    def _give_up_one(self) -> None:
        """Blank one value in every row that is left: the one without which most persons are like it."""
        sets, hashes, able = self._trials(1)
        best, joined = self._best(hashes, able)
        some = np.flatnonzero(joined >= 0)
        rows = self.rows.copy()
        rows[some] = self._blanked(some, sets, best)
        self.rows, self.held = distinct_rows(rows, self.held)


def _marks(random: np.random.Generator, top: int) -> Hashes:
    marks = random.integers(1, 2**63, top, dtype=np.uint64)
    marks[0] = 0
    return marks


def _choices(width: int, blanks: int) -> int:
    return len(list(combinations(range(width), blanks)))
