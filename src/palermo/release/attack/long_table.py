"""A plain table of counts, ours or somebody else's: one row a count, as CSV, Parquet or a sheet of a workbook.

Every cell gets the least and the most that is printed of it: ``<5`` is 0 to 4 where the table prints no zero (nobody
can then tell them apart) and 1 to 4 where it does. The decision a reader would question: columns that are not the count
are all taken for codes, as what breaks a table down cannot be told from a label; a label that repeats a code does no
harm. A blank in a column without a label for everybody means everybody, as in most national files of indicators.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from python_calamine import CalamineError, CalamineWorkbook

from palermo.errors import PalermoError, UsageError
from palermo.release.attack.wide_table import VALUE, long_of
from palermo.release.synthetic.stream import open_table

Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

VALUES = ("value", "count", "counts", "persons", "obs_value", "txtvalue", "number", "figure", "cases", "victims", "n")
TOTALS = frozenset(
    ["_t", "t", "total", "all", "tot", "both", "both sexes", "both_sexes", "all ages", "all persons", "everybody"]
) | frozenset(["ensemble", "insgesamt", "gesamt", "totale", "todos", "alle"])
_NOT_CODES = frozenset(
    ["source", "note", "notes", "comment", "comments", "footnote", "decimals", "obs_status", "conf_status", "mark"]
) | frozenset(["status", "lower", "upper", "done", "standard_error"])
_HIDDEN_WORDS = frozenset(["*", "c", "x", "s", "suppressed", "hidden", "confidential", "(c)", "[c]", "few"])
_MISSING_WORDS = frozenset(["", "-", "–", ":", "..", "...", "na", "n/a", "nan", "unknown", "not_asked"])
_BELOW = re.compile(r"(?:<|under|fewer than|less than|moins de)\s*(\d+)", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:≤|<=)\s*(\d+)")
_SPAN = re.compile(r"(\d+)\s*(?:-|–|to)\s*(\d+)")
_NUMBER = re.compile(r"\d{1,3}(?:[,\u00a0 ]\d{3})+|\d+(?:\.0+)?")
_RATE = re.compile(r"percent|per_100|per 100|rate\b|ratio|share|%|km2")
_HEAD = 10
_FEW = 20  # rows of a table in which a column of codes may well differ in each
_UNLIMITED = np.inf

SHOWN, HIDDEN, MISSING = 0, 1, 2
_WITHIN_LIMITS = frozenset(["perturbed", "rounded", "sum_of_rounded"])  # lower and upper hold for certain
Conflicts = Literal["unknown", "first"]


@dataclass(frozen=True)
class LongTable:
    """Cells: ``codes`` (cells x dimensions, places in ``labels``), what is printed of each, and from which k on."""

    path: Path
    dimensions: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: Codes
    low: Vector
    high: Vector
    status: Codes
    k: int
    differing: int  # cells printed twice with different figures
    noisy: Flags  # cells of which rounding or noise is printed: ``low`` and ``high`` are what it leaves open
    value: Vector  # the figure as printed, NaN where none is

    @property
    def name(self) -> str:
        """The name that findings use."""
        return self.path.name

    @cached_property
    def _telling(self) -> frozenset[int]:
        """The dimensions that a cell is named by: not those of one label, nor those that repeat an earlier one."""
        kept: list[int] = []
        for place, labels in enumerate(self.labels):
            pairs = (len(np.unique(self.codes[:, [one, place]], axis=0)) for one in kept)
            if len(labels) > 1 and all(n > len(self.labels[one]) for n, one in zip(pairs, kept, strict=True)):
                kept.append(place)
        return frozenset(kept)

    def total_of(self, place: int) -> int | None:
        """The place of the total among the labels of a dimension, where it has one."""
        found = [number for number, label in enumerate(self.labels[place]) if is_total(label)]
        return found[0] if len(found) == 1 else None

    def cell(self, number: int) -> str:
        """A cell in words: the codes that are no totals."""
        parts = [
            f"{dimension} {self.labels[place][code]}"
            for place, (dimension, code) in enumerate(zip(self.dimensions, self.codes[number].tolist(), strict=True))
            if not is_total(self.labels[place][code]) and place in self._telling
        ]
        return ", ".join(parts) or "total"


def is_total(label: str) -> bool:
    """Whether a label means everybody."""
    return label.strip().casefold() in TOTALS


def value_column(columns: Sequence[str], asked: str | None = None) -> str | None:
    """The column of counts. Raises ``UsageError`` where the one asked for is not there."""
    if asked is not None:
        if asked not in columns:
            raise UsageError(f"--value {asked}: no such column; the table has {', '.join(columns)}")
        return asked
    folded = {name.strip().casefold(): name for name in columns}
    return next((folded[name] for name in VALUES if name in folded), None)


def is_table(path: Path, value: str | None) -> bool:
    """Whether a file is a table of counts; the others are files of rows, one a person."""
    columns = list(read_columns(path, head=True))
    if value in columns or value_column(columns) is not None:
        return True
    return long_of(read_columns(path), printed, is_total) is not None


def read_columns(path: Path, head: bool = False) -> dict[str, list[str]]:
    """A file as text by column; with ``head`` at least its column names."""
    if path.suffix.casefold() in {".xlsx", ".xls", ".ods"}:
        return _sheet(path)
    table = open_table(path)
    if head:
        return {name: [] for name in table.columns}
    found: dict[str, list[str]] = {name: [] for name in table.columns}
    for block in table.blocks(None):
        for name in table.columns:
            found[name] += [text or "" for text in block.column(name).to_pylist()]
    return found


def _sheet(path: Path) -> dict[str, list[str]]:
    try:
        book = CalamineWorkbook.from_path(path)
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, OSError) as error:
        raise PalermoError(f"{path}: cannot be read as a workbook: {error}") from None
    if not rows:
        raise PalermoError(f"{path}: the first sheet is empty; expected one row a count")
    filled = [sum(cell not in {"", None} for cell in row) for row in rows[:_HEAD]]
    first = filled.index(max(filled))
    texts = [[_cell_text(cell) for cell in row] for row in rows[first:]]
    names = [name or f"column {number + 1}" for number, name in enumerate(texts[0])]
    return {name: [row[number] for row in texts[1:]] for number, name in enumerate(names)}


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def printed(text: str) -> tuple[float, float, int]:
    """Least, most and status of what is printed in a cell; 0 as the least of a hidden one. NaN where not a count."""
    bare = text.strip().removeprefix("'")
    if _NUMBER.fullmatch(bare):
        number = float(re.sub(r"[,\u00a0 ]", "", bare))
        return number, number, SHOWN
    folded = bare.casefold()
    if below := _BELOW.fullmatch(folded):
        return 0.0, float(below[1]) - 1, HIDDEN
    if at_most := _AT_MOST.fullmatch(folded):
        return 0.0, float(at_most[1]), HIDDEN
    if span := _SPAN.fullmatch(folded):
        return float(span[1]), float(span[2]), HIDDEN
    if folded in _HIDDEN_WORDS:
        return 0.0, _UNLIMITED, HIDDEN
    return (0.0, _UNLIMITED, MISSING) if folded in _MISSING_WORDS else (np.nan, np.nan, MISSING)


def read_table(path: Path, value: str | None = None, k: int = 5, conflicts: Conflicts = "unknown") -> LongTable:
    """Read a table. Of cells printed twice the first figure holds, or both are possible (``unknown``).

    Raises ``PalermoError`` where no column holds counts.
    """
    columns = read_columns(path)
    name = value_column(list(columns), value)
    if name is None and (melted := long_of(columns, printed, is_total)) is not None:
        columns, name = melted, VALUE
    if name is None:
        raise UsageError(f"{path}: no column of counts; name it with --value. It has {', '.join(columns)}")
    read = {text: printed(text) for text in set(columns[name])}
    ends = np.array([read[text] for text in columns[name]], dtype=float).reshape(-1, 3)
    kept = np.flatnonzero(~np.isnan(ends[:, 0]) & ~_no_counts(columns))
    if not len(kept):
        raise PalermoError(f"{path}: column {name} holds no count; expected numbers and marks as <5")
    low, high, status = ends[kept, 0], ends[kept, 1], ends[kept, 2].astype(np.int64)
    marks = [most for least, most, kind in read.values() if kind == HIDDEN and least <= 1 and np.isfinite(most)]
    if (high[status == SHOWN] == 0).any():
        low[(status == HIDDEN) & np.isfinite(high)] = np.maximum(low[(status == HIDDEN) & np.isfinite(high)], 1)
    figure = np.where(status == SHOWN, low, np.nan)
    texts = {one.strip().casefold(): [columns[one][row].strip().casefold() for row in kept.tolist()] for one in columns}
    noisy = _apply_what_was_done(texts, status, low, high)
    names = [one for one in columns if one != name and not _is_remark(one)]
    labels, codes = _coded([[columns[one][row] for row in kept.tolist()] for one in names], len(kept))
    names, labels, codes = _without_numbers_of_rows(names, labels, codes)
    one, differing = _each_once(codes, low, high, status, conflicts)
    needed = max([k, *(int(most) + 1 for most in marks)])
    parts = codes[one], low[one], high[one], status[one]
    return LongTable(path, tuple(names), labels, *parts, needed, differing, noisy[one], figure[one])


def _no_counts(columns: Mapping[str, list[str]]) -> Flags:
    """Rows whose unit says that they are shares or rates."""
    found = np.zeros(len(next(iter(columns.values()))), dtype=bool)
    for name, texts in columns.items():
        if name.strip().casefold().startswith("unit"):
            rates = {text for text in set(texts) if _RATE.search(text.casefold())}
            found |= np.array([text in rates for text in texts], dtype=bool)
    return found


def _apply_what_was_done(texts: Mapping[str, list[str]], status: Codes, low: Vector, high: Vector) -> Flags:
    """What other columns say of each cell: suppressed, or changed within limits. Returns which were changed."""
    size = len(status)
    blank = np.zeros(size, dtype=bool)
    for name in ("mark", "conf_status"):
        said = texts.get(name, [""] * size)
        blank |= np.array([text in {"suppressed", "c", "d", "s"} for text in said], dtype=bool) & (status == MISSING)
    status[blank], low[blank], high[blank] = HIDDEN, 0.0, _UNLIMITED
    done = texts.get("done", [""] * size)
    noisy = np.array([text in _WITHIN_LIMITS for text in done], dtype=bool)
    noised = np.array([text == "noised" for text in done], dtype=bool)  # its limits are likely, not certain
    status[noised], low[noised], high[noised] = MISSING, 0.0, _UNLIMITED
    status[noisy] = HIDDEN
    limited = noisy | blank
    for name, ends in (("lower", low), ("upper", high)):
        said = texts.get(name, [""] * size)
        for cell in np.flatnonzero(limited).tolist():
            if _NUMBER.fullmatch(said[cell]):
                ends[cell] = float(said[cell])
    return noisy


def _coded(columns: list[list[str]], rows: int) -> tuple[tuple[tuple[str, ...], ...], Codes]:
    labels, codes = [], []
    for texts in columns:
        found, which = np.unique(np.array([text.strip() for text in texts], dtype=object), return_inverse=True)
        has_total = any(is_total(label) for label in found)
        labels.append(tuple("_T" if not label and not has_total else str(label) for label in found))
        codes.append(which.reshape(-1))
    return tuple(labels), np.stack(codes, axis=1) if codes else np.zeros((rows, 0), dtype=np.int64)


def _is_remark(name: str) -> bool:
    """Whether a column says something about a figure, and does not break it down."""
    folded = name.strip().casefold()
    return folded in _NOT_CODES or folded.startswith(("comment", "footnote", "source", "obs_status"))


def _without_numbers_of_rows(
    names: list[str], labels: tuple[tuple[str, ...], ...], codes: Codes
) -> tuple[list[str], tuple[tuple[str, ...], ...], Codes]:
    """Without columns that number the rows (a receipt, an id): most labels occur once, and others tell cells apart."""
    for place in reversed(range(len(names))):
        rest = np.delete(codes, place, axis=1)
        if len(names) > 1 and 2 * len(labels[place]) > len(codes) > _FEW and len(np.unique(rest, axis=0)) == len(codes):
            names, codes = [*names[:place], *names[place + 1 :]], rest
            labels = (*labels[:place], *labels[place + 1 :])
    return names, labels, codes


def _each_once(codes: Codes, low: Vector, high: Vector, status: Codes, conflicts: Conflicts) -> tuple[Codes, int]:
    """One row of each cell, the first; where another row differs, the cell is unknown between the two."""
    _, first, which = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    which = which.reshape(-1)
    odd = (low != low[first[which]]) | (high != high[first[which]])
    if conflicts == "unknown":
        for row in np.flatnonzero(odd).tolist():
            kept = first[which[row]]
            low[kept], high[kept] = min(low[kept], low[row]), max(high[kept], high[row])
            status[kept] = MISSING
    return np.sort(first), len(np.unique(which[odd]))
