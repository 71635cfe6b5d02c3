"""One column while it is read, and whether it may go on: refusals of free text, ids and dates.

The decision a reader would question: these checks look at the data, and their outcome is told to whoever holds the file
and to nobody else. A refused file publishes nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import RefusedError
from palermo.release.synthetic.stream import date_words

MOST_CODES = 9_999
_LONG = 60  # letters; labels of codes are shorter
_MANY_WORDS = 6
_FEW_VALUES = 30  # a column of so few values is categorical, whatever they look like
_TEXT_SHARE = 0.3
_DATE_SHARE = 0.9
_ID_SHARE = 0.9  # so many of the values stand in one row only
_ID_ROWS = 50
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})([ T].*)?"
    r"|\d{1,2}[ -][A-Za-z]{3,9}\.?[ -]\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4}"
)

Ids = npt.NDArray[np.integer]


@dataclass
class Column:
    """Values in the order in which they were met, the number of each in every row, and how many rows hold each.

    Number 0 is blank; value j of ``values`` has number j + 1.
    """

    name: str
    blanks: frozenset[str]
    values: list[str] = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)
    _blocks: list[Ids] = field(default_factory=list)

    def add(self, block: pa.DictionaryArray) -> None:
        """Take the next rows."""
        texts = block.dictionary.to_pylist()
        numbers = np.array([0, *(self._numbered(text) for text in texts)], np.int32)
        indices = block.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        kind = np.uint8 if len(self.values) < 256 else np.uint16 if len(self.values) < 65_536 else np.int32
        self._blocks.append(numbers[indices + 1].astype(kind))

    def _numbered(self, text: str | None) -> int:
        trimmed = (text or "").strip()
        if not trimmed or trimmed in self.blanks:
            return 0
        found = self._number.get(trimmed)
        if found is None:
            self.values.append(trimmed)
            found = self._number[trimmed] = len(self.values)
        return found

    def forget(self) -> None:
        """Give back the memory of the rows; the values stay, so that it can be said what they are."""
        self._blocks.clear()

    def rows(self) -> int:
        """How many rows were read."""
        return sum(self.block_sizes())

    def counts(self) -> npt.NDArray[np.int64]:
        """Rows of each number, blank first."""
        total = np.zeros(len(self.values) + 1, np.int64)
        for block in self._blocks:
            total += np.bincount(block, minlength=len(total))
        return total

    def held(self) -> dict[str, int]:
        """Rows of each value that is not blank."""
        return dict(zip(self.values, self.counts()[1:].tolist(), strict=True))

    def block_sizes(self) -> list[int]:
        """Rows of each block in which the column was read: the same for all columns of a file."""
        return [len(block) for block in self._blocks]

    def as_codes(
        self, code_of_number: npt.NDArray[np.int32], into: npt.NDArray[np.int32], blocks: slice = slice(None)
    ) -> None:
        """Write the code of every row, or every row of these blocks, into ``into``."""
        start = 0
        for block in self._blocks[blocks]:
            into[start : start + len(block)] = code_of_number[block]
            start += len(block)


def unfit(column: Column, rows: int) -> str | None:
    """Why no code list could describe a column without a public list, and what to do; None where one could.

    It quotes no text and no id: what is printed ends in logs, and might be about a person.
    """
    values = column.values
    if values and _are_dates(values):
        return f"{column.name}: {date_words(column.name, repr(values[0]))}"
    if len(values) <= _FEW_VALUES:
        return None
    if _share(values, _is_long) >= _TEXT_SHARE:
        return (
            f"{column.name}: holds free text ({len(values):,} different texts), which cannot be protected. "
            f"{_instead(column.name)}"
        )
    once = int((column.counts()[1:] == 1).sum())
    if rows >= _ID_ROWS and once >= _ID_SHARE * len(values) and len(values) >= 0.5 * rows:
        return (
            f"{column.name}: {once:,} of its values stand in one row only, as an id does. Name it with "
            f"--persons {column.name} if it says whose row it is; if not, {_leave(column.name)}"
        )
    return too_many(column)


def too_many(column: Column) -> str | None:
    """Why a column of more values than a code list can have is unfit; None where it has fewer."""
    if len(column.values) <= MOST_CODES:
        return None
    if _are_dates(column.values):
        return f"{column.name}: {date_words(column.name, repr(column.values[0]))}"
    return (
        f"{column.name}: {MOST_CODES + 1:,} different values or more; this is an id, a name or free text, and cannot "
        f"be protected. {_instead(column.name)} If it says whose row it is, name it with --persons {column.name}"
    )


def unfit_columns(path: Path, faults: Sequence[str]) -> RefusedError:
    """One refusal that names every column, so that a file is corrected once and not column by column."""
    if len(faults) == 1:
        return RefusedError(f"{path}: column {faults[0]}")
    return RefusedError(
        "\n  column ".join([f"{path}: {len(faults)} columns cannot be published as they are:", *faults])
    )


def _are_dates(values: list[str]) -> bool:
    return _share(values, lambda text: bool(_DATE.fullmatch(text))) >= _DATE_SHARE


def _share(values: list[str], question: Callable[[str], bool]) -> float:
    return sum(map(question, values)) / len(values)


def _is_long(text: str) -> bool:
    return len(text) > _LONG or text.count(" ") >= _MANY_WORDS


def _leave(name: str) -> str:
    return f"leave it out with --leave-out {name}"


def _instead(name: str) -> str:
    return f"Code it into a list of categories, or {_leave(name)}."
