"""Data in SDMX-ML: structure specific of 3.0 and 2.1, generic of 2.1. They differ in how a row is marked up."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from palermo.report.sdmx.message import Message
from palermo.report.sdmx.model import ATTRIBUTE, MEASURE, Component, urn
from palermo.report.sdmx.query import Selection
from palermo.report.sdmx.rows import XML, at_rows, chunks, fragment, in_bytes, joined, whole
from palermo.report.sdmx.write_csv import value_for
from palermo.report.sdmx.xml_head import DECLARATION, V2_1, V3_0, header, reference, spaces
from palermo.report.xml_text import escaped


@dataclass(frozen=True)
class Markup:
    """How a row is written. A field is a dimension or an attribute; ``{id}`` is the id of its component."""

    field: tuple[str, str]
    time: tuple[str, str]  # the dimension at the observation
    value: tuple[str, str]
    series: tuple[str, str, str, str]  # before and after the key, after its attributes, and the end of the series
    obs: tuple[str, str]
    key: tuple[str, str]  # around the key of an observation that is in no series
    attributes: tuple[str, str]


SPECIFIC = Markup(
    (' {id}="', '"'), (' {id}="', '"'), (' {id}="', '"'), ("<Series", "", ">", "</Series>\n"), ("<Obs", "/>\n"),
    ("", ""), ("", ""),
)  # fmt: skip
GENERIC = Markup(
    ('<gen:Value id="{id}" value="', '"/>'),
    ('<gen:ObsDimension value="', '"/>'),
    ('<gen:ObsValue value="', '"/>'),
    ("<gen:Series><gen:SeriesKey>", "</gen:SeriesKey>", "", "</gen:Series>\n"),
    ("<gen:Obs>", "</gen:Obs>\n"),
    ("<gen:ObsKey>", "</gen:ObsKey>"),
    ("<gen:Attributes>", "</gen:Attributes>"),
)


def xml_3_0(selection: Selection, message: Message) -> Iterator[bytes]:
    """SDMX-ML 3.0."""
    return _specific(selection, message, V3_0)


def xml_2_1(selection: Selection, message: Message) -> Iterator[bytes]:
    """SDMX-ML 2.1, structure specific."""
    return _specific(selection, message, V2_1)


def _specific(selection: Selection, message: Message, version: str) -> Iterator[bytes]:
    flow = selection.flow
    space = f"{urn('DataStructure', flow.structure)}:ObsLevelDim:{selection.at}"
    noted = "".join(f' {part.id}="{escaped(value_for(part.id, message))}"' for part in selection.attributes)
    scope = ' ss:dataScope="DataStructure"' if version == V2_1 else ""
    yield (
        f'{DECLARATION}<mes:StructureSpecificData{spaces(version, "mes", "ss", "com")} xmlns:ns1="{space}">'
        f"{header(message, _structure(selection, version, space))}\n"
        f'<mes:DataSet{noted} ss:structureRef="{flow.id}" xsi:type="ns1:DataSetType"{scope} ss:action="Information">\n'
    ).encode()
    yield from _rows(selection, SPECIFIC)
    yield b"</mes:DataSet></mes:StructureSpecificData>\n"


def generic_2_1(selection: Selection, message: Message) -> Iterator[bytes]:
    """SDMX-ML 2.1, generic."""
    before, after = GENERIC.field
    noted = "".join(
        before.format(id=part.id) + escaped(value_for(part.id, message)) + after for part in selection.attributes
    )
    shown = f"<gen:Attributes>{noted}</gen:Attributes>" if noted else ""
    yield (
        f"{DECLARATION}<mes:GenericData{spaces(V2_1, 'mes', 'gen', 'com')}>"
        f"{header(message, _structure(selection, V2_1))}\n"
        f'<mes:DataSet structureRef="{selection.flow.id}" action="Information">{shown}\n'
    ).encode()
    yield from _rows(selection, GENERIC)
    yield b"</mes:DataSet></mes:GenericData>\n"


def _structure(selection: Selection, version: str, space: str = "") -> str:
    named = f' namespace="{space}"' if space else ""
    return (
        f'<mes:Structure structureID="{selection.flow.id}"{named} dimensionAtObservation="{selection.at}">'
        f"<com:StructureUsage>{reference('Dataflow', selection.flow, version)}</com:StructureUsage></mes:Structure>"
    )


def _rows(selection: Selection, markup: Markup) -> Iterator[bytes]:
    in_series = selection.series_dimensions
    is_first = True
    for piece, fresh in chunks(selection):
        parts: list[pa.Array | str] = []
        if in_series:
            parts.append(_openings(selection, piece, fresh, markup, is_first=is_first))
        if not selection.series_only:
            parts += _observations(selection, piece, markup)
        is_first = False
        yield in_bytes(joined(parts))
    if in_series:
        yield markup.series[-1].encode()


def _openings(selection: Selection, piece: pa.Table, fresh: np.ndarray, markup: Markup, *, is_first: bool) -> pa.Array:
    """The end of the series before and the beginning of the next, at the rows where a series begins."""
    before, after_key, after, end = markup.series
    dimensions = [part for part in selection.columns if part.id in selection.series_dimensions]

    def opened(rows: pa.Array) -> pa.Array:
        heads = piece.take(rows)
        key = [_field(part, heads, markup) for part in dimensions]
        ends = [end] * len(rows)
        if is_first:
            ends[0] = ""
        told = _attributes(selection.of_series, heads, markup)
        return joined([pa.array(ends, pa.string()), before, *key, after_key, *told, after])

    return at_rows(fresh, opened)


def _field(part: Component, piece: pa.Table, markup: Markup, pair: tuple[str, str] | None = None) -> pa.Array:
    before, after = pair or markup.field
    return fragment(whole(piece, part.id), before.format(id=part.id), after, XML)


def _observations(selection: Selection, piece: pa.Table, markup: Markup) -> list[pa.Array | str]:
    parts: list[pa.Array | str] = [markup.obs[0]]
    if selection.series_dimensions:
        at = next(part for part in selection.columns if part.id == selection.at)
        parts.append(_field(at, piece, markup, markup.time))
    else:
        key = [part for part in selection.columns if part.role not in {MEASURE, ATTRIBUTE}]
        parts += [markup.key[0], *(_field(part, piece, markup) for part in key), markup.key[1]]
    parts += [_field(part, piece, markup, markup.value) for part in selection.of_rows if part.role == MEASURE]
    attributes = tuple(part for part in selection.of_rows if part.role == ATTRIBUTE)
    return [*parts, *_attributes(attributes, piece, markup), markup.obs[1]]


def _attributes(attributes: tuple[Component, ...], piece: pa.Table, markup: Markup) -> list[pa.Array | str]:
    if not attributes:
        return []
    before, after = markup.attributes
    return [before, *(_field(part, piece, markup) for part in attributes), after]
