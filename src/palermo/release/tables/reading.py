"""From case rows or a long table of counts to persons by their finest codes.

The decision a reader would question: a table of counts whose totals are not the sums of their parts is refused, naming
the cells, and never repaired, because a plan for sums that do not hold protects nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from palermo.errors import RefusedError, UsageError
from palermo.release.tables.cells import Leaves, Whole
from palermo.release.tables.hierarchy import TOTAL, UNKNOWN, Dimension
from palermo.release.tables.specification import Sealed, Specification

_NAMED = 5  # cells and codes named in a refusal


@dataclass(frozen=True)
class Smallest:
    """The smallest group of rows that agree in some columns: its size, its codes, and how many groups there are."""

    rows: int
    codes: tuple[str, ...]
    groups: int


def read_rows(path: Path) -> pa.Table:
    """A CSV (gzipped or not) or Parquet file with every column as text; blank is missing."""
    try:
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
        with pyarrow.csv.open_csv(path) as opened:
            names = opened.schema.names
        types = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        )
        return pyarrow.csv.read_csv(path, convert_options=types)
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{path}: cannot be read as a table: {error}") from None


def smallest_group(table: pa.Table, columns: Sequence[str]) -> Smallest:
    """The k of a file of rows: the smallest number of rows that agree in these columns. Blank is a code of its own."""
    if not table.num_rows:
        raise UsageError("a table without rows has no smallest group")
    groups = Counter(zip(*(_texts(table, name) for name in columns), strict=True))
    codes, rows = min(groups.items(), key=lambda item: (item[1], item[0]))
    return Smallest(rows, codes, len(groups))


def read_persons(
    table: pa.Table, specification: Specification, source: str | None = None, sealed: tuple[str, Sealed] | None = None
) -> tuple[Leaves, Specification]:
    """One row per person. ``source`` names the column of her list; ``sealed`` the column that marks sealed persons.

    Blank is ``_U``. Returns the specification too, which has codes more where sealed persons are counted higher up.
    """
    columns = [_texts(table, dimension.name) for dimension in specification.dimensions]
    if sealed is not None:
        flags = [text.strip().lower() in {"1", "true", "yes"} for text in _texts(table, sealed[0], "")]
        specification, columns = _raised(specification, columns, flags, sealed[1])
    places = [_placed(one, texts) for one, texts in zip(specification.dimensions, columns, strict=True)]
    codes, which = np.unique(np.stack(places, axis=1), axis=0, return_inverse=True)
    which = which.reshape(-1)
    sources = None
    if source is not None:
        names, origin = np.unique(np.array(_texts(table, source)), return_inverse=True)
        sources = np.zeros((len(codes), len(names)), dtype=np.int64)
        np.add.at(sources, (which, origin), 1)
    return Leaves(codes, np.bincount(which, minlength=len(codes)).astype(np.int64), sources), specification


def read_counts(table: pa.Table, specification: Specification, value: str = "value") -> Leaves:
    """One row per count, totals and groups among them or not. Finest combinations that have no row hold nobody."""
    columns = [_texts(table, dimension.name, TOTAL) for dimension in specification.dimensions]
    numbers = [_number(text, row) for row, text in enumerate(_texts(table, value, ""))]
    counts: dict[tuple[str, ...], int] = {}
    for codes, number in zip(zip(*columns, strict=True), numbers, strict=True):
        if counts.setdefault(codes, number) != number:
            raise RefusedError(f"{'/'.join(codes)} is {counts[codes]} in one row and {number} in another; keep one")
    finest = [set(dimension.codes) for dimension in specification.dimensions]
    leaves = {
        codes: number for codes, number in counts.items() if all(c in f for c, f in zip(codes, finest, strict=True))
    }
    if not leaves:
        raise UsageError("no row is of the finest codes in all dimensions; expected the parts, not totals alone")
    places = [
        _placed(one, texts) for one, texts in zip(specification.dimensions, zip(*leaves, strict=True), strict=True)
    ]
    found = Leaves(np.stack(places, axis=1), np.array(list(leaves.values()), dtype=np.int64))
    _check_sums(found, specification, {codes: number for codes, number in counts.items() if codes not in leaves})
    return found


def _check_sums(leaves: Leaves, specification: Specification, totals: dict[tuple[str, ...], int]) -> None:
    wrong = []
    for codes, number in totals.items():
        for code, dimension in zip(codes, specification.dimensions, strict=True):
            if code not in dimension.place:
                raise UsageError(f"{dimension.name} has no code {code!r}; add it to the dimension")
        under = np.ones(len(leaves.persons), dtype=bool)
        for place, (code, dimension) in enumerate(zip(codes, specification.dimensions, strict=True)):
            under &= dimension.holds[dimension.place[code]][leaves.codes[:, place]]
        parts = int(leaves.persons[under].sum())
        if parts != number:
            wrong.append(f"{'/'.join(codes)} is {number}, its parts add up to {parts}")
    if wrong:
        more = f", and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise RefusedError(f"parts do not add up to their totals: {'; '.join(wrong[:_NAMED])}{more}. Correct the table")


def _number(text: str, row: int) -> int:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if number < 0 or number != int(number):
        raise RefusedError(f"row {row + 1}: the count is {text!r}; expected a whole number, 0 or more")
    return int(number)


def _texts(table: pa.Table, name: str, blank: str = UNKNOWN) -> list[str]:
    if name not in table.column_names:
        raise UsageError(f"no column {name!r}; columns: {', '.join(table.column_names)}")
    return [blank if text in {None, ""} else text for text in table[name].cast(pa.string()).to_pylist()]


def _placed(dimension: Dimension, texts: Iterable[str]) -> Whole:
    finest = {code: number for number, code in enumerate(dimension.codes)}
    try:
        return np.array([finest[text] for text in texts], dtype=np.int64)
    except KeyError as error:
        known = ", ".join(dimension.codes[:_NAMED]) + (" ..." if len(dimension.codes) > _NAMED else "")
        raise UsageError(
            f"column {dimension.name} holds {error.args[0]!r}; expected one of its finest codes: {known}. "
            "Correct the file, or add the code to the dimension"
        ) from None


def codes_of(table: pa.Table, column: str) -> tuple[str, ...]:
    """The codes that a column holds, sorted; ``_U`` for blank."""
    return tuple(sorted(set(_texts(table, column))))


def _raised(
    specification: Specification, columns: list[list[str]], flags: list[bool], rule: Sealed
) -> tuple[Specification, list[list[str]]]:
    """Count sealed persons in the first area that is large enough and not too fine, beside its finer areas."""
    area = specification.dimension(rule.area)
    place = specification.dimensions.index(area)
    above = _chains(area)
    persons = Counter(code for text in columns[place] for code in above.get(text, ()))
    moved: dict[str, str] = {}
    for code in sorted({text for text, flag in zip(columns[place], flags, strict=True) if flag}):
        moved[code] = _first_large(above.get(code, (code,)), persons, rule)
    extra = {home: f"{home}.{UNKNOWN}" for home in sorted({home for code, home in moved.items() if home != code})}
    groups = {name: (*held, extra[name]) if name in extra else held for name, held in area.groups.items()}
    wider = Dimension(area.name, (*area.codes, *extra.values()), groups)
    columns[place] = [
        extra.get(moved[text], text) if flag else text for text, flag in zip(columns[place], flags, strict=True)
    ]
    dimensions = tuple(wider if one is area else one for one in specification.dimensions)
    return replace(specification, dimensions=dimensions), columns


def _chains(area: Dimension) -> dict[str, tuple[str, ...]]:
    """For each finest code: itself, the group it stands in, the group of that, ..., the total."""
    parent = {member: group for group, members in area.groups.items() for member in members}
    found = {}
    for code in area.codes:
        chain = [code]
        while chain[-1] in parent:
            chain.append(parent[chain[-1]])
        found[code] = (*chain, TOTAL)
    return found


def _first_large(chain: Sequence[str], persons: Counter[str], rule: Sealed) -> str:
    for height, code in enumerate(chain):
        fine = len(chain) - 1 - height
        if persons[code] >= rule.persons and (rule.level is None or fine <= rule.level):
            return code
    return TOTAL
