"""SDMX-ML 2.1, structure specific: series of indicator 16.2.2 as a national office reports them.

Read with a plain XML parser and not with an SDMX library: the file names its structure but does not bring it, so
that a library has nothing to check the codes against. A document that declares a DTD is refused, because entities can
reach other files or grow without limit; no SDMX file needs one.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from palermo.errors import PalermoError, RefusedError
from palermo.intake.registry import Adapter, Batch, Head, SourceOptions
from palermo.intake.shapes.sdg_observations import Observation, batch_of_observations


def recognise(head: Head) -> bool:
    """Whether the document is structure-specific SDMX-ML with a series of 16.2.2 near its beginning."""
    return head.format == "xml" and "StructureSpecificData" in head.text and "VC_HTF_" in head.text


def read(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """All series as one batch; each observation is one row, numbered in file order."""
    yield batch_of_observations(path, options, enumerate(_observations(path), 1))


def _observations(path: Path) -> list[Observation]:
    """Attributes of each observation and of the series that it is in.

    Raises ``RefusedError`` for a document with a DTD, ``PalermoError`` for one that is not well formed.
    """
    series: dict[str, str] = {}
    found: list[Observation] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "Series":
            series.clear()
            series.update(attributes)
        elif local == "Obs":
            found.append(series | attributes)

    def doctype(*_: object) -> None:
        raise RefusedError(f"{path}: the document declares a DTD, which SDMX never needs and which can do harm")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise PalermoError(f"{path}: not well-formed XML: {error}") from None
    return found


ADAPTERS = (
    Adapter("sdmx-ml-16-2-2", "SDMX-ML 2.1 file with series of indicator 16.2.2", ("observations",), recognise, read),
)
