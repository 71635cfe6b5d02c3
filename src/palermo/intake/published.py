"""Reading the rows of a published table as text, and the few cells that every publisher writes alike.

Published tables are small, so that a whole table is read at once; repeated keys need all rows anyway.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from palermo.codes import areas
from palermo.errors import UsageError
from palermo.intake.head import some_names
from palermo.intake.read import read_rows
from palermo.intake.registry import QuarantinedRow, SourceOptions

_YEAR = re.compile(r"((?:19|20)\d{2})(?:\.0)?")


def source_rows(
    path: Path,
    options: SourceOptions,
    *,
    bad: list[QuarantinedRow],
    header_row: int = 1,
    needed: Sequence[str] = (),
) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number (1 = the first after the header) and cells by column name. Ragged rows are added to ``bad``.

    Raises ``UsageError`` where a needed column is missing.
    """
    batches = read_rows(
        path,
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
        header_row=header_row,
    )
    for batch in batches:
        missing = [column for column in needed if column not in batch.columns]
        if missing:
            raise UsageError(
                f"{path}: columns not found: {some_names(missing)}. The file has {some_names(batch.columns)}"
            )
        bad.extend(batch.bad)
        for number, cells in zip(batch.rows, batch.table.to_pylist(), strict=True):
            yield int(number), cells


def year_of(text: str) -> int | None:
    """The year that a cell names, also as a spreadsheet writes it ("2011.0"); None for anything else."""
    found = _YEAR.fullmatch(text.strip())
    return int(found[1]) if found else None


def area_of_options(path: Path, options: SourceOptions) -> str:
    """The area that the workspace names for a file that does not say it. Raises ``UsageError`` where it names none."""
    if options.area is None:
        raise UsageError(
            f"{path}: the file does not say which country it is about. State area (for example DEU) for the list "
            f"{options.list_name!r} in palermo.toml"
        )
    area = areas.match(options.area)
    if area is None:
        raise UsageError(f"{path}: area = {options.area!r} is no country or area; expected a code such as DEU")
    return area
