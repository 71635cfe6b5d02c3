"""SDMX-CSV 1.0 and 2.0: series of indicator 16.2.2 in the official SDG structure.

So the UN Statistics Division's SDMX service gives them, and so Palermo writes its submission. The decision a reader
would question: a file of other series is recognised too, as its first rows need not show that there are none of ours,
and the answer that names them is better than "no known shape".
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from palermo.errors import UsageError
from palermo.intake.head import some_names
from palermo.intake.published import source_rows
from palermo.intake.registry import Adapter, Batch, Head, QuarantinedRow, SourceOptions
from palermo.intake.shapes.sdg_observations import Observation, batch_of_observations
from palermo.intake.shapes.sdg_series import read_series

_NEEDED = ("SERIES", "REF_AREA", "SEX", "AGE", "UNIT_MEASURE", "TIME_PERIOD", "OBS_VALUE")
_STRUCTURES = ({"DATAFLOW"}, {"STRUCTURE", "STRUCTURE_ID", "ACTION"})  # the first columns of 1.0 and of 2.0
_SHOWN = 5


def recognise(head: Head) -> bool:
    """Whether the columns are those of SDMX-CSV, series among them."""
    columns = {_id(name) for name in head.columns}
    return columns >= {"SERIES", "OBS_VALUE"} and any(columns >= first for first in _STRUCTURES)


def read(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """The file as one batch. Raises ``UsageError`` where its structure is another, or no series is of 16.2.2."""
    bad: list[QuarantinedRow] = []
    rows = [(number, _observation(cells)) for number, cells in source_rows(path, options, bad=bad)]
    _check(path, [row for _, row in rows])
    yield batch_of_observations(path, options, rows, bad)


def _observation(cells: dict[str, str]) -> Observation:
    """The codes by component. With ``labels=both`` names and cells are ``SEX: Sex`` and ``F: Female``.

    An empty cell stands for nothing reported, and is left out as SDMX-ML leaves out its attribute.
    """
    return {_id(name): _id(cell) for name, cell in cells.items() if cell.strip()}


def _id(text: str) -> str:
    return text.partition(": ")[0].strip()


def _check(path: Path, rows: list[Observation]) -> None:
    """Whether this is the SDG structure, and of this indicator."""
    held = set().union(*rows)
    if rows and (missing := [name for name in _NEEDED if name not in held]):
        first = rows[0].get("STRUCTURE_ID") or rows[0].get("DATAFLOW", "")
        raise UsageError(
            f"{path}: {some_names(missing)}: no such column, or nothing in it. The structure is {first!r}; read is the "
            f"official SDG structure (IAEG-SDGs:DF_SDG_GLH) with {', '.join(_NEEDED)}"
        )
    found = dict.fromkeys(row.get("SERIES", "") for row in rows)
    if rows and not any(map(read_series, found)):
        raise UsageError(
            f"{path}: no series of indicator 16.2.2, such as VC_HTF_DETV; found {_some(found)}. Choose the series "
            "where you download the file"
        )


def _some(names: Iterable[str]) -> str:
    return ", ".join(map(repr, islice(names, _SHOWN)))


ADAPTERS = (
    Adapter(
        "sdmx-csv-16-2-2",
        "SDMX-CSV 1.0 or 2.0 file with series of indicator 16.2.2",
        ("observations",),
        recognise,
        read,
    ),
)
