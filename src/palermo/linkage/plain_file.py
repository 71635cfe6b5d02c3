"""One plain file outside a workspace: its rows, read as the identities and prepared records that linkage compares.

The column of the truth is taken out before anything else sees the table, so it can never help to find a pair.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from anyascii import anyascii

from palermo.codes import areas, code_list
from palermo.codes.folding import fold
from palermo.errors import UsageError
from palermo.intake.head import read_head
from palermo.intake.propose.lexicon import lexicon
from palermo.intake.read import read_rows
from palermo.intake.schema import IDENTITIES
from palermo.linkage.names.placeholders import is_placeholder
from palermo.linkage.plain_mapping import PlainMapping, propose
from palermo.linkage.prepare import prepare_table
from palermo.linkage.settings import EXTRA, LinkOptions

_AGE_YEAR = 2020  # plain files do not say when an age was asked; any year serves, as long as it is the same for all
# A name of a column is shown in messages and in the report; without a row of names it would be a person's.
_LIKE_DATA = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\S@\S|^\d{5,}$")


@dataclass(frozen=True)
class PlainOptions:
    """``truth``: name of a column, or ``COLUMN:PATTERN`` with one group (``rec_id:rec-(\\d+)``).

    ``mappings``: one for all files or one for each, in their order; proposed where there is none.
    ``threshold``: probability from which two records are one person; where None, the one at which the expected F1 is
    best.
    """

    truth: str | None = None
    mappings: tuple[PlainMapping, ...] = ()
    threshold: float | None = None
    cap: int = 20
    record: str | None = None  # column of record numbers; rows are counted where None
    encoding: str | None = None  # of the files that do not show theirs
    link: LinkOptions = field(default_factory=LinkOptions)


@dataclass(frozen=True)
class PlainFile:
    """One list: its rows without the truth, and which columns say who a person is."""

    name: str
    table: pa.Table
    truth: pa.Array | None
    mapping: PlainMapping
    numbers: tuple[str, ...] | None = None  # record numbers, where a column holds them


def read_file(path: Path, name: str, options: PlainOptions, given: PlainMapping | None = None) -> PlainFile:
    """The rows of one file, its truth taken out, and the mapping of its columns: ``given``, or proposed."""
    tables = [batch.table for batch in read_rows(path, encoding=_encoding(path, options.encoding))]
    table = pa.concat_tables(tables) if tables else pa.table({})
    if any(_LIKE_DATA.search(name) for name in table.column_names):
        raise UsageError(f"{path}: the first row holds data and no names of columns; put a row of names before it")
    if not table.num_rows:
        raise UsageError(f"{path}: no rows of data")
    column, pattern = options.truth or "", ""
    if column not in table.column_names:
        column, _, pattern = column.partition(":")
    truth = _truth(path, table, column, pattern) if column else None
    rest = table.drop_columns([column]) if column else table
    numbers = _numbers(path, rest, options.record) if options.record is not None else None
    mapping = given or propose(rest, leave_out=(options.record,) if options.record is not None else ())
    used = [one for columns in mapping.columns.values() for one in columns]
    if missing := sorted(set(used) - set(rest.column_names)):
        raise UsageError(f"{path}: columns of the mapping not found, or the column of the truth: {', '.join(missing)}")
    if not used:
        found = ", ".join(table.column_names)
        if not any(str(value or "").strip() for column in rest.columns for value in column.to_pylist()):
            raise UsageError(f"{path}: no row holds a value (columns: {found}), so that nobody can be found in it")
        raise UsageError(f"{path}: no column says who a person is (found: {found}); give a mapping of columns")
    return PlainFile(name, rest, truth, mapping, numbers)


def _numbers(path: Path, table: pa.Table, column: str) -> tuple[str, ...]:
    if column not in table.column_names:
        found = ", ".join(table.column_names)
        raise UsageError(f"{path}: no column {column!r} for the record numbers; the file has: {found}")
    numbers = tuple(str(value or "").strip() for value in table[column].to_pylist())
    seen: set[str] = set()
    for row, number in enumerate(numbers, start=1):
        if not number or number in seen:
            what = "comes twice" if number else "is empty"
            raise UsageError(f"{path}, column {column!r}, record {row}: the number {what}; each record needs its own")
        seen.add(number)
    return numbers


def _encoding(path: Path, named: str | None) -> str | None:
    """The encoding that was named, where the file itself shows none."""
    if named is None:
        return None
    try:
        read_head(path)
    except UsageError:
        return named
    return None


def _truth(path: Path, table: pa.Table, column: str, pattern: str) -> pa.Array:
    if column not in table.column_names:
        raise UsageError(f"{path}: no column {column!r} for the truth; the file has: {', '.join(table.column_names)}")
    texts = [str(value or "").strip() or None for value in table[column].to_pylist()]
    if not pattern:
        return pa.array(texts, pa.string())
    try:
        rule = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"--truth: {pattern!r} is not a regular expression: {error}") from error
    if rule.groups != 1:
        raise UsageError(f"--truth: {pattern!r} has {rule.groups} groups; expected one, that holds the person")
    found = [rule.search(text) if text is not None else None for text in texts]
    return pa.array([match.group(1) if match is not None else None for match in found], pa.string())


def prepared_records(read: Sequence[PlainFile]) -> pa.Table:
    """PREPARED with the extra columns that the mappings give, over all files in their order."""
    prepared = prepare_table(pa.concat_tables([identities(one) for one in read]))
    for name in EXTRA:
        if any(name in one.mapping.columns for one in read):
            column = pa.concat_arrays([_extra(one, name) for one in read])
            prepared = prepared.append_column(name, column)
    return prepared


def identities(file: PlainFile) -> pa.Table:
    """The rows of one file as IDENTITIES; without a column of numbers a record's is its place in the file, from 1."""
    count = file.table.num_rows
    numbers = list(range(1, count + 1))
    birth = _texts(file, "birth_date")
    if "birth_year" in file.mapping.columns:
        birth = _joined_dates(file, birth)
    dated = "birth_date" in file.mapping.columns or "birth_year" in file.mapping.columns
    ages = [None if dated else _whole(text, 120) for text in _texts(file, "age")]
    made: dict[str, list[object]] = {
        "list": [file.name] * count,
        "record_id": [*(file.numbers or map(str, numbers))],
        "source_row": [*numbers],
        "birth_date": [*birth],
        "date_format": [file.mapping.date_format] * count,
        "age": [*ages],
        "year": [_AGE_YEAR if age is not None else None for age in ages],
        "sex": _distinctly(_sex, _texts(file, "sex")),
        "citizenship": _distinctly(areas.match, _texts(file, "citizenship")),
    }
    for name in ("given_name", "family_name", "full_name", "other_names", "place"):
        made[name] = [*_texts(file, name)]
    return pa.table([pa.array(made[field.name], field.type) for field in IDENTITIES], schema=IDENTITIES)


def _texts(file: PlainFile, target: str) -> list[str | None]:
    columns = [file.table[name].to_pylist() for name in file.mapping.columns.get(target, ())]
    if not columns:
        return [None] * file.table.num_rows
    return [" ".join(" ".join(filter(None, row)).split()) or None for row in zip(*columns, strict=True)]


def _joined_dates(file: PlainFile, whole: list[str | None]) -> list[str | None]:
    """Year, month and day from columns of their own; a whole date, where there is one, goes first."""
    parts = [[_whole(text, 9999) for text in _texts(file, f"birth_{part}")] for part in ("year", "month", "day")]
    dates: list[str | None] = []
    for date, year, month, day in zip(whole, *parts, strict=True):
        if date is not None or year is None:
            dates.append(date)
        elif month and day:
            dates.append(f"{year:04d}-{month:02d}-{day:02d}")
        else:
            dates.append(f"{year:04d}-{month:02d}" if month else f"{year:04d}")
    return dates


def _whole(text: str | None, most: int) -> int | None:
    digits = (text or "").removesuffix(".0")
    return int(digits) if digits.isdecimal() and int(digits) <= most else None


def _distinctly(read: Callable[[str], str | None], texts: list[str | None]) -> list[object]:
    """Each distinct text is read once."""
    known = {text: read(text) for text in dict.fromkeys(texts) if text is not None}
    return [None if text is None else known[text] for text in texts]


def _sex(text: str) -> str | None:
    return code_list("sex").match(text) or lexicon().values["sex"].get(fold(text))


def _extra(file: PlainFile, name: str) -> pa.Array:
    clean = _CLEAN.get(name, _plain_text)
    return pa.array(_distinctly(clean, _texts(file, name)), pa.string())


def _plain_text(text: str) -> str | None:
    if is_placeholder(text):
        return None
    return " ".join(re.sub(r"[^a-z0-9]+", " ", anyascii(text).lower()).split()) or None


def _signs(text: str) -> str | None:
    return (_plain_text(text) or "").replace(" ", "") or None


def _digits(text: str) -> str | None:
    """The last nine digits: with and without the code of the country are one number."""
    return re.sub(r"\D", "", anyascii(text))[-9:] or None


def _address(text: str) -> str | None:
    return text.lower() if "@" in text else None


_CLEAN: Mapping[str, Callable[[str], str | None]] = {
    "email": _address,
    "phone": _digits,
    "postcode": _signs,
    "street_number": _signs,
}
