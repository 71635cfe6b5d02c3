"""From a categorical file to persons as small integers, with what must be said about it.

Each column gets its codes from, in this order: the user's list (``--codes``), a declaration that the values in the data
are public (``--codes-from-data``), a shipped list that the name and the values fit, or its own values, of which then
only those held by enough persons are let out. Cells with several codes may be split into one flag for each code; the
rows that are made are written as the file had them.

The decision a reader would question: a value outside its public list stops the work. Dropping it silently would make
the count of everybody who has it wrong, and adding it to the list would publish that somebody has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.errors import RefusedError, UsageError
from palermo.progress import Progress
from palermo.release.synthetic.coded import Coded
from palermo.release.synthetic.columns import Column, too_many, unfit, unfit_columns
from palermo.release.synthetic.public_codes import ONE_CODE, SPLIT, PublicList, recognise, split_cell, with_sets
from palermo.release.synthetic.stream import Table, open_table
from palermo.release.synthetic.together import alike_together, all_rows

FROM_DATA = "declared public by the user, codes as found in the data"
FOUND = "no public list: codes found in the data, those of few persons held back"
GIVEN = "given by the user"
_SHOWN = 3
ALL = "all"


@dataclass(frozen=True)
class ReadOptions:
    """What the user says about the file.

    ``blanks``: marks that mean nothing is known; ``split``: columns whose cells hold several codes, to become flags;
    ``whole``: columns whose cells are kept as one code though a shipped list would split them;
    ``together``: rows that are alike are kept once, with their number, unless they name their person.
    """

    blanks: frozenset[str] = frozenset()
    leave_out: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes_from_data: frozenset[str] = frozenset()
    unknown: Literal["refuse", "drop"] = "refuse"
    split: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    separator: str = ";"
    persons: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    together: bool = False


@dataclass(frozen=True)
class ReadColumn:
    """A column as the file has it: where its codes come from, and which columns of ``Coded`` it became."""

    name: str
    source: str
    codes: tuple[str, ...]
    public: bool
    at: tuple[int, ...]
    split: bool = False


@dataclass(frozen=True)
class Reading:
    """The file, coded; ``notices`` are for whoever holds the file, and tell of the true rows."""

    path: Path
    columns: tuple[ReadColumn, ...]
    data: Coded
    notices: tuple[str, ...]
    dropped: int = 0
    separator: str = ";"

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return self.data.rows


def read_file(path: Path, options: ReadOptions | None = None, progress: Progress = None) -> Reading:
    """Read and code the file. Raises ``RefusedError`` or ``UsageError``, naming file and column, where it cannot be."""
    asked = options or ReadOptions()
    table = open_table(path, asked.delimiter, asked.encoding, asked.leave_out)
    _check_names(table, asked)
    loaded = _load(table, asked, progress)
    _check_rows(path, loaded.rows, loaded.person)
    return _code(path, loaded, asked)


def _check_names(table: Table, asked: ReadOptions) -> None:
    named = {
        "--persons": [asked.persons] if asked.persons else [],
        "--leave-out": asked.leave_out,
        "--codes": asked.codes,
        "--codes-from-data": asked.codes_from_data - {ALL},
        "--split": asked.split - {ALL},
        "--one-code": asked.whole - {ALL},
    }
    for option, names in named.items():
        for name in sorted(set(names) - set(table.columns)):
            raise UsageError(f"{table.path}: {option} {name}: no such column; it has {', '.join(table.columns)}")
    if not asked.separator:
        raise UsageError("--separator: expected what stands between the codes of a cell, such as ; or |")
    if asked.persons in asked.leave_out:
        raise UsageError(f"{table.path}: column {asked.persons} is left out and names the persons; choose one")


@dataclass(frozen=True)
class _Loaded:
    """What was read; ``faults``: by column, why it cannot be published, known before its values were looked at."""

    columns: list[Column]
    person: npt.NDArray[np.int64] | None
    rows: int
    faults: Mapping[str, str]


def _load(table: Table, asked: ReadOptions, progress: Progress) -> _Loaded:
    away = {*asked.leave_out, *([asked.persons] if asked.persons else [])}
    kept = {name: Column(name, asked.blanks) for name in table.columns if name not in away}
    if not kept:
        raise UsageError(f"{table.path}: no column left to make a file of")
    faults = {name: f"{name}: {words}" for name, words in table.unfit.items()}
    if asked.persons in faults or set(faults) >= set(kept):  # nothing is left to read
        raise unfit_columns(table.path, list(faults.values()))
    persons: list[npt.NDArray[np.int64]] = []
    rows = 0
    for block in table.blocks(progress):
        rows += block.num_rows
        for name in [name for name in kept if name not in faults]:
            kept[name].add(block.column(name))
            if fault := too_many(kept[name]):
                faults[name] = fault
                kept[name].forget()  # an id of millions of rows shall not fill the memory
        if asked.persons:
            persons.append(_persons(table.path, block.column(asked.persons)))
    if not asked.persons:
        return _Loaded(list(kept.values()), None, rows, faults)
    return _Loaded(list(kept.values()), np.concatenate(persons) if persons else np.zeros(0, np.int64), rows, faults)


def _persons(path: Path, block: pa.DictionaryArray) -> npt.NDArray[np.int64]:
    """A number for each person: a hash, so that millions of ids need not stay in memory."""
    blank = sum(block.is_null().to_pylist()) if block.null_count else 0
    texts = block.dictionary.to_pylist()
    digests = [
        int.from_bytes(blake2b((text or "").strip().encode(), digest_size=8).digest(), "big") >> 1 for text in texts
    ]
    indices = block.indices.fill_null(0).to_numpy(zero_copy_only=False)
    empty = {at for at, text in enumerate(texts) if not (text or "").strip()}
    blank += int(np.isin(indices, sorted(empty)).sum()) if empty else 0
    if blank:
        raise RefusedError(
            f"{path}: {blank:,} rows do not say whose they are; each person is protected as a whole, so every row must "
            f"name its person. Leave those rows out of the file, or give them the id of their person"
        )
    return np.array(digests, np.int64)[indices] if digests else np.zeros(0, np.int64)


def _check_rows(path: Path, rows: int, person: npt.NDArray[np.int64] | None) -> None:
    if not rows:
        raise UsageError(f"{path}: no rows below the column names; nothing to make a file of")
    held = rows if person is None else len(np.unique(person))
    if held < 2:
        raise RefusedError(f"{path}: one {'row' if person is None else 'person'}; nobody can be hidden among others")


def _code(path: Path, loaded: _Loaded, asked: ReadOptions) -> Reading:
    columns, person, rows = loaded.columns, loaded.person, loaded.rows
    faults, plans = [], []
    for column in columns:
        plan = loaded.faults.get(column.name) or _plan(column, rows, asked)
        if isinstance(plan, str):
            faults.append(plan)
        else:
            plans.append(plan)
    if faults:
        raise unfit_columns(path, faults)
    maps = [(column, numbers) for column, plan in zip(columns, plans, strict=True) for numbers in plan.maps]
    together = asked.together and person is None
    values, weights = alike_together(maps) if together else (all_rows(maps, rows), None)
    names: list[str] = []
    codes: list[tuple[str, ...]] = []
    read: list[ReadColumn] = []
    for column, plan in zip(columns, plans, strict=True):
        at = tuple(range(len(names), len(names) + len(plan.maps)))
        names += [f"{column.name}={code}" for code in plan.codes] if plan.split else [column.name]
        codes += [(code,) for code in plan.codes] if plan.split else [plan.codes]
        read.append(ReadColumn(column.name, plan.source, plan.codes, plan.public, at, plan.split))
    found = frozenset(names[at] for one in read if not one.public for at in one.at)
    number = None if person is None else np.unique(person, return_inverse=True)[1].astype(np.int64)
    data = Coded(tuple(names), tuple(codes), values, number, found, weights)
    notices = tuple(notice for plan in plans for notice in plan.notices)
    return Reading(path, tuple(read), data, notices, sum(plan.dropped for plan in plans), asked.separator)


@dataclass(frozen=True)
class _Plan:
    """How one column is coded: for each column that it becomes, the code of each number that was met."""

    source: str
    codes: tuple[str, ...]
    public: bool
    split: bool
    maps: tuple[npt.NDArray[np.int32], ...]
    notices: tuple[str, ...]
    dropped: int


def _plan(column: Column, rows: int, asked: ReadOptions) -> _Plan | str:
    """The plan of a column, or why there can be none and what to do."""
    held = column.held()
    public, source = _public_list(column.name, held, asked)
    # that the values are public does not make free text, ids or dates a list of codes
    if public is None and (fault := unfit(column, rows)):
        return fault
    blank = public.blank if public else frozenset()
    held = {value: n for value, n in held.items() if value not in blank}
    split = _is_split(column.name, public, asked)
    if split and source == FOUND:
        return _split_words(column.name)
    codes = public.codes if public else _sorted_codes(held, split, asked.separator)
    places = {code: position + 1 for position, code in enumerate(_with_sets(public, codes, split))}
    outside = _outside(held, places, split, asked.separator)
    if outside and asked.unknown == "refuse":
        return _outside_words(column.name, held, outside, source)
    cells = [_cell(value, held, places, split, asked.separator) for value in column.values]
    maps = _split_maps(cells, codes, places) if split else (_map(cells, places),)
    is_public = source != FOUND
    listed = codes if split else tuple(places)
    notices = _notices(column.name, held, is_public, outside)
    return _Plan(source, listed, is_public, split, maps, notices, sum(held[value] for value in outside))


def _public_list(name: str, held: Mapping[str, int], asked: ReadOptions) -> tuple[PublicList | None, str]:
    if name in asked.codes:
        return PublicList(name, GIVEN, asked.codes[name]), GIVEN
    if name in asked.codes_from_data or ALL in asked.codes_from_data:
        return None, FROM_DATA
    shipped = recognise(name, held)
    return (shipped, f"{shipped.id} ({shipped.source})") if shipped else (None, FOUND)


def _is_split(name: str, public: PublicList | None, asked: ReadOptions) -> bool:
    if name in asked.split or (ALL in asked.split):
        return True
    return bool(public and public.several == SPLIT) and name not in asked.whole


def _split_words(name: str) -> str:
    return (
        f"{name}: --split makes a flag of each of its codes, and it has no public list. The number of "
        f"flags would then be the number of codes that somebody has, which one person can change; noise cannot hide "
        f"that. Give its list with --codes FILE; or say that the codes in the file are public with "
        f"--codes-from-data {name}; or leave the cells whole"
    )


def _with_sets(public: PublicList | None, codes: tuple[str, ...], split: bool) -> tuple[str, ...]:
    if public is None or split or public.several != ONE_CODE:
        return codes
    return with_sets(codes) or codes


def _sorted_codes(held: Mapping[str, int], split: bool, separator: str) -> tuple[str, ...]:
    found = {part for value in held for part in split_cell(value, separator)} if split else set(held)
    return tuple(sorted(found))


def _cell(
    value: str, held: Mapping[str, int], places: Mapping[str, int], split: bool, separator: str
) -> tuple[str, ...]:
    """The codes that a cell holds; none where it is blank or outside its list."""
    if value not in held:
        return ()
    if split:
        return tuple(part for part in split_cell(value, separator) if part in places)
    if value in places:
        return (value,)
    ordered = separator.join(sorted(split_cell(value, separator)))  # a set, written in another order
    return (ordered,) if ordered in places else ()


def _outside(held: Mapping[str, int], places: Mapping[str, int], split: bool, separator: str) -> list[str]:
    if split:
        return [value for value in held if any(part not in places for part in split_cell(value, separator))]
    return [value for value in held if not _cell(value, held, places, split, separator)]


def _map(cells: list[tuple[str, ...]], places: Mapping[str, int]) -> npt.NDArray[np.int32]:
    return np.array([0, *(places[cell[0]] if cell else 0 for cell in cells)], np.int32)


def _split_maps(
    cells: list[tuple[str, ...]], codes: tuple[str, ...], places: Mapping[str, int]
) -> tuple[npt.NDArray[np.int32], ...]:
    flags = np.zeros((len(codes), len(cells) + 1), np.int32)
    for number, cell in enumerate(cells, start=1):
        for code in cell:
            flags[places[code] - 1, number] = 1
    return tuple(flags)


def _outside_words(name: str, held: Mapping[str, int], outside: list[str], source: str) -> str:
    rows = sum(held[value] for value in outside)
    shown = ", ".join(repr(value[:40]) for value in sorted(outside, key=lambda value: (-held[value], value))[:_SHOWN])
    more = f" and {len(outside) - _SHOWN} more" if len(outside) > _SHOWN else ""
    return (
        f"{name}: {rows:,} rows hold {len(outside):,} values that its list of codes ({source}) lacks: "
        f"{shown}{more}. Correct them; or give a list that has them (--codes FILE); or make those cells blank "
        f"(--unknown drop)"
    )


def _notices(name: str, held: Mapping[str, int], public: bool, outside: list[str]) -> tuple[str, ...]:
    found = []
    if held and not public:
        found.append(
            f"column {name}: no public code list; values held by few are dropped; give --codes FILE or "
            f"--codes-from-data {name}"
        )
    if not held:
        found.append(f"column {name}: blank in every row")
    elif len(held) == 1 and not public:
        found.append(f"column {name}: one value only, {next(iter(held))!r}; it tells nothing of anybody")
    if outside:
        found.append(
            f"column {name}: {sum(held[value] for value in outside):,} cells were not on its list and made blank"
        )
    return tuple(found)
