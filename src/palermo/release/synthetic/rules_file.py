"""Pairs of values that no person can have, as a user writes them: a CSV with column, code, other_column, other_code.

The decision a reader would question: the rules are public and come from outside. A pair that merely does not occur in
the file is no rule; using it would tell that nobody has it.
"""

import csv
from pathlib import Path

from palermo.errors import UsageError
from palermo.release.synthetic.reading import Reading
from palermo.release.synthetic.rules import Pair, known_rules

HEADER = ("column", "code", "other_column", "other_code")


def read_rules(path: Path) -> tuple[Pair, ...]:
    """The pairs of the file. Raises ``UsageError`` where it is none of this kind."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file; expected a CSV with the columns {', '.join(HEADER)}")
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        names, rows = reader.fieldnames or (), list(reader)
    except (ValueError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as CSV (UTF-8): {error}") from None
    if not set(HEADER) <= set(names):
        raise UsageError(f"{path}: expected the columns {', '.join(HEADER)}; found {', '.join(names)}")
    for number, row in enumerate(rows, 1):
        if None in (row[name] for name in HEADER):
            raise UsageError(f"{path}: row {number}: expected {len(HEADER)} values: {', '.join(HEADER)}")
    return tuple(((row["column"], row["code"]), (row["other_column"], row["other_code"])) for row in rows)


def rules_of(reading: Reading, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """The user's rules and the known ones, in the columns of ``Coded``. Raises ``UsageError`` for a code on no list."""
    columns = {column.name: column for column in reading.columns}
    for name, code in (side for pair in pairs for side in pair):
        if name not in columns:
            raise UsageError(f"--rules: no column {name} in {reading.path}")
        if columns[name].public and code not in columns[name].codes:
            raise UsageError(f"--rules: column {name} has no code {code!r}")
    split = {name for name, column in columns.items() if column.split}

    def coded(side: tuple[str, str]) -> tuple[str, str]:
        return (f"{side[0]}={side[1]}", side[1]) if side[0] in split else side

    return (*known_rules(reading.data.columns), *((coded(one), coded(other)) for one, other in pairs))
