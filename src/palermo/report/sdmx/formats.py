"""Which format answers: by ``format=`` or the Accept header, else the default of the version of the standard."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from palermo.report.accept import entries
from palermo.report.sdmx.faults import NOT_ACCEPTABLE, FaultError
from palermo.report.sdmx.message import Message
from palermo.report.sdmx.query import Selection
from palermo.report.sdmx.structure_json import schema_json, structure_json
from palermo.report.sdmx.structure_xml import structure_xml
from palermo.report.sdmx.structures import Found
from palermo.report.sdmx.write_csv import BOTH, IDS, NAMES, csv_1_0, csv_2_0
from palermo.report.sdmx.write_json import json_2_0
from palermo.report.sdmx.write_xml import generic_2_1, xml_2_1, xml_3_0
from palermo.report.sdmx.xml_head import V2_1, V3_0

_SDMX = "application/vnd.sdmx."


@dataclass(frozen=True)
class Format:
    """A format by its media type; ``names`` are short names for ``format=``, ``plain`` the general media types."""

    type: str
    version: str
    names: tuple[str, ...]
    plain: tuple[str, ...]
    labels: str = IDS  # of SDMX-CSV

    @property
    def media_type(self) -> str:
        """The media type with its version."""
        return f"{_SDMX}{self.type};version={self.version}" + (f";labels={self.labels}" if self.labels != IDS else "")


DataWriter = Callable[[Selection, Message], Iterator[bytes]]
StructureWriter = Callable[[Found, Message], bytes]
_JSON, _XML, _CSV = ("application/json",), ("application/xml", "text/xml"), ("text/csv",)
DATA: dict[Format, DataWriter] = {
    Format("data+json", "2.0.0", ("json", "jsondata"), _JSON): json_2_0,
    Format("data+csv", "2.0.0", ("csv", "csvfile"), _CSV): csv_2_0,
    Format("data+xml", "3.0.0", ("xml",), _XML): xml_3_0,
    Format("genericdata+xml", "2.1", ("genericdata",), _XML): generic_2_1,
    Format("structurespecificdata+xml", "2.1", ("structurespecificdata",), _XML): xml_2_1,
    Format("data+csv", "2.0.0", ("csv-both", "csvfilewithlabels"), (), BOTH): partial(csv_2_0, labels=BOTH),
    Format("data+csv", "2.0.0", ("csv-name",), (), NAMES): partial(csv_2_0, labels=NAMES),
    Format("data+csv", "1.0.0", ("csv-1.0",), ()): csv_1_0,
}
STRUCTURE: dict[Format, StructureWriter] = {
    Format("structure+json", "2.0.0", ("json",), _JSON): structure_json,
    Format("structure+xml", "3.0.0", ("xml",), _XML): partial(structure_xml, version=V3_0),
    Format("structure+xml", "2.1", ("xml-2.1",), _XML): partial(structure_xml, version=V2_1),
}
SCHEMA: dict[Format, StructureWriter] = {
    Format("schema+json", "2.0.0", ("json",), _JSON): schema_json,
    Format("structure+json", "2.0.0", (), ()): schema_json,
}
_AS_DEFAULT = {"timeformat": "original", "keys": "none"}  # parameters of SDMX-CSV


def offered(formats: Sequence[Format], is_2_1: bool) -> list[Format]:
    """The formats, those of the version of the standard that the address is written in first."""
    ours = [one for one in formats if (one.version == "2.1") == is_2_1]
    return ours + [one for one in formats if one not in ours]


def negotiated(accept: str, name: str | None, formats: Sequence[Format]) -> Format:
    """The format that answers, the first of ``formats`` where the client leaves it open.

    Raises ``FaultError`` where none of what the client accepts is offered.
    """
    asked = [(name, 1.0)] if name else entries(accept) if accept.strip() else [("*/*", 1.0)]
    for entry, quality in asked:
        found = next((one for one in formats if quality > 0 and _fits(one, entry) and not _refused(one, asked)), None)
        if found is not None:
            return found
    raise FaultError(
        NOT_ACCEPTABLE,
        f"{name or accept}: not offered; offered are {', '.join(one.media_type for one in formats)}, "
        "SDMX-CSV with timeFormat=original and keys=none only",
    )


def _refused(one: Format, asked: Sequence[tuple[str, float]]) -> bool:
    """Whether the entry that names the format most exactly has the quality 0: ``text/csv;q=0`` beside ``*/*``."""
    fitting = [(_exactness(entry), quality) for entry, quality in asked if _fits(one, entry)]
    return max(fitting)[1] == 0


def _exactness(entry: str) -> int:
    """A range of types says less than a type, and a type less than one with its version."""
    kind, *more = entry.split(";")
    named = [part for part in more if not part.strip().lower().startswith("q=")]
    return -kind.count("*") if "*" in kind else 1 + len(named)


def _fits(one: Format, entry: str) -> bool:
    kind, *more = [part.strip() for part in entry.split(";")]
    kind = kind.lower()
    if kind in {"*/*", "application/*", *one.plain, *one.names} or (kind == "text/*" and one.plain):
        return True
    if kind != _SDMX + one.type:
        return False
    given = {key.strip().lower(): value.strip() for key, _, value in (part.partition("=") for part in more)}
    if any(given.get(key, default) != default for key, default in _AS_DEFAULT.items()):
        return False
    if given.get("labels", IDS) != one.labels:
        return False
    version = given.get("version", one.version).replace("+", "")
    return one.version == version or one.version.startswith(f"{version}.")
