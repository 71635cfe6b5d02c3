"""Columns that hold several codes of one person: from yes/no columns, from one cell with separators, or both.

The source says yes, no, nothing, or does not ask. A person with no "yes" is not a person without a form of
exploitation: the result is ``_N`` where every column was not asked, and ``_U`` otherwise. Only lists that hold the code
``none`` (help received, crisis) can say that every answer was "no".
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from palermo.codes import code_list, list_ids
from palermo.errors import UsageError
from palermo.intake.columns import Fault, Index, SourceColumn, read_texts
from palermo.intake.lookup import LISTS, NOT_ASKED, SPECIALS, UNKNOWN, Lookup, NoCode
from palermo.intake.mapping import FieldMapping
from palermo.intake.registry import Notice

MAX_FLAGS = 40
NONE = "none"
_ALL_NO = 2
_MOST = 100_000  # distinct answers remembered
_TABLE = 1 << 20  # the largest number for which a table is quicker than sorting
ANSWERS = "answers"  # the kind of notice that counts the answers of a yes/no column
_NO, _YES, _BLANK, _NOT_ASKED = 0, 1, 2, 3
_ANSWERS = {_NO: "no", _YES: "yes", _BLANK: "blank", _NOT_ASKED: "not asked"}


class SeveralCodes:
    """How one multi-valued column is made."""

    def __init__(self, field: FieldMapping) -> None:
        if len(field.flags) > MAX_FLAGS:
            raise UsageError(f"[fields.{field.target}]: {len(field.flags)} flags; expected at most {MAX_FLAGS}")
        self._field = field
        self._lookup = Lookup(field)
        self._flags = tuple(field.flags.values())
        self._states = _states(field)
        self._made: dict[tuple[int, tuple[str, ...], int], list[str]] = {}
        self._has_none = LISTS[field.target] in list_ids() and NONE in code_list(LISTS[field.target])

    def convert(self, source: Mapping[str, SourceColumn], count: int) -> tuple[pa.Array, list[Fault]]:
        """The lists of codes of ``count`` rows, and the faulty cells."""
        faults: list[Fault] = []
        key = np.zeros(count, np.int64)
        asked = np.zeros(count, np.bool_) if self._flags else None
        all_no = np.full(count, self._has_none)
        for bit, name in enumerate(self._field.flags):
            column = source[name]
            read = read_texts(column, self._state)
            states = np.array([_BLANK if state is None else state for state in read.values], np.int8)
            faults += read.faults
            if len(states):
                key |= (states == _YES).astype(np.int64)[column.index] << bit
                asked |= (states != _NOT_ASKED)[column.index]
                all_no &= (states == _NO)[column.index]
        cells: list[tuple[str, ...]] = [() if asked is not None else (UNKNOWN,)]
        if self._field.column is not None:
            column = source[self._field.column]
            parts = read_texts(column, self._codes)
            faults += parts.faults
            cells = [codes or () for codes in parts.values] or cells
            key = key * len(cells) + (column.index if len(column.texts) else 0)
        if asked is not None:
            key = key * 3 + asked + (asked & all_no)
        return self._lists(key, cells, asked is not None), faults

    def answers(self, source: Mapping[str, SourceColumn]) -> Iterator[Notice]:
        """How many cells of each yes/no column say yes, say no, are blank or are not asked."""
        for name in self._field.flags:
            column = source[name]
            tally = Counter[str]()
            for text, count in zip(column.texts, np.bincount(column.index, minlength=1).tolist(), strict=False):
                tally[_ANSWERS.get(self._states.get(text.strip().casefold(), -1), "other")] += count
            for answer in sorted(tally):
                yield Notice(ANSWERS, name, tally[answer], answer)

    def _lists(self, key: Index, cells: list[tuple[str, ...]], has_flags: bool) -> pa.Array:
        distinct, index = _distinct(key)
        lists = []
        for each in distinct.tolist():
            rest, answer = divmod(each, 3) if has_flags else (each, 1)
            bits, cell = divmod(rest, len(cells))
            said = (bits, cells[cell], answer)
            if said not in self._made:
                if len(self._made) > _MOST:
                    self._made.clear()
                self._made[said] = self._codes_of(*said)
            lists.append(self._made[said])
        return _taken(lists, index)

    def _codes_of(self, bits: int, cell: tuple[str, ...], answer: int) -> list[str]:
        codes = [code for bit, code in enumerate(self._flags) if bits >> bit & 1]
        known = _known([*codes, *cell], answer > 0)
        return [NONE] if answer == _ALL_NO and known == [UNKNOWN] else known

    def _state(self, text: str) -> int | NoCode:
        state = self._states.get(text.strip().casefold())
        if state is None:
            known = ", ".join(repr(word) for word in dict.fromkeys((*self._field.yes, *self._field.no)))
            return NoCode(f"yes, no or blank, as one of {known}", "not a yes or no")
        return state

    def _codes(self, text: str) -> tuple[str, ...] | NoCode:
        parts = [text] if self._field.separator is None else text.split(self._field.separator)
        codes = []
        for part in parts if len(parts) == 1 else filter(str.strip, parts):
            code = self._lookup(part)
            if isinstance(code, NoCode):
                return code
            codes.append(code)
        return tuple(codes) or (UNKNOWN,)


def _states(field: FieldMapping) -> dict[str, int]:
    """The state that each text of a yes/no column means."""
    states: dict[str, int] = {}
    for texts, state in ((field.not_asked, _NOT_ASKED), (field.unknown, _BLANK), (field.yes, _YES), (field.no, _NO)):
        for text in texts:
            states.setdefault(text.strip().casefold(), state)
    return states


def _known(codes: list[str], asked: bool) -> list[str]:
    """The distinct codes in order; exactly one of ``_U`` and ``_N`` where there is none."""
    known = list(dict.fromkeys(code for code in codes if code not in SPECIALS))
    if known:
        return known
    if codes:
        return [NOT_ASKED] if all(code == NOT_ASKED for code in codes) else [UNKNOWN]
    return [UNKNOWN] if asked else [NOT_ASKED]


def _distinct(key: Index) -> tuple[Index, Index]:
    """The distinct numbers and the place of each among them; by a table where the numbers are small."""
    largest = int(key.max(initial=0))
    if largest > _TABLE:
        distinct, index = np.unique(key, return_inverse=True)
        return distinct, index.reshape(-1)
    distinct = np.flatnonzero(np.bincount(key, minlength=1))
    place = np.zeros(largest + 1, np.int64)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[key]


def _taken(lists: list[list[str]], index: Index) -> pa.Array:
    """The list at each place of ``index``, with the codes in a dictionary: many rows say the same few things."""
    words = sorted({code for codes in lists for code in codes})
    place = {code: number for number, code in enumerate(words)}
    flat = np.array([place[code] for codes in lists for code in codes], np.int32)
    lengths = np.array([len(codes) for codes in lists], np.int64)
    starts = np.cumsum(lengths) - lengths
    taken = lengths[index] if len(lists) else lengths
    ends = np.cumsum(taken)
    offsets = np.concatenate([[0], ends])
    source = np.arange(offsets[-1]) + np.repeat(starts[index] - (ends - taken), taken) if len(index) else flat[:0]
    codes = pa.DictionaryArray.from_arrays(flat[source], pa.array(words, pa.string()))
    return pa.ListArray.from_arrays(offsets.astype(np.int32), codes)
