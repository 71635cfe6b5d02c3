"""SDMX-JSON 2.0 data. Coded values are places in lists of the codes that the answer holds; numbers stand as such."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from palermo.language import spoken_now
from palermo.report.sdmx.message import Message
from palermo.report.sdmx.model import (
    ATTRIBUTE,
    DATAFLOW,
    DOUBLE,
    MEASURE,
    OBSERVATION,
    SERIES,
    TIME,
    Component,
    Names,
    urn,
)
from palermo.report.sdmx.periods import span
from palermo.report.sdmx.query import Selection
from palermo.report.sdmx.rows import JSON, at_rows, chunks, fragment, in_bytes, joined, whole
from palermo.report.sdmx.table import codes_of
from palermo.report.sdmx.write_csv import value_for

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json"
)


def json_2_0(selection: Selection, message: Message) -> Iterator[bytes]:
    """The message."""
    present = {part.id: _present(selection.table, part) for part in selection.columns if _is_listed(part)}
    dataset = {
        "structure": 0,
        "action": "Information",
        "links": _links(selection),
        "attributes": [value_for(part.id, message) for part in selection.attributes],
    }
    begun = {
        "meta": meta(message, SCHEMA),
        "data": {"structures": [_structure(selection, present, message)], "dataSets": [dataset]},
    }
    held = "series" if selection.series_dimensions else "observations"
    yield (as_json(begun).removesuffix("}]}}") + f',"{held}":{{').encode()
    yield from _rows(selection, present)
    yield b"}}]}}\n"


def as_json(document: object) -> str:
    """Compact JSON in Unicode."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def meta(message: Message, schema: str) -> dict[str, Any]:
    """The head of a message in JSON."""
    sender = {"id": message.sender, **named(message.sender_names)}
    return {
        "schema": schema,
        "id": message.id,
        "test": message.is_test,
        "prepared": message.prepared,
        "contentLanguages": [message.language],
        "name": message.notice,
        "names": {message.language: message.notice},
        "sender": sender,
    }


def named(names: Names, one: str = "name") -> dict[str, Any]:
    """A text in the language spoken now and in all languages."""
    if not names:
        return {}
    return {one: names.get(spoken_now().code, names["en"]), f"{one}s": dict(names)}


def _is_listed(part: Component) -> bool:
    return part.role not in {MEASURE, ATTRIBUTE} or part.codes is not None


def _present(table: pa.Table, part: Component) -> tuple[list[str], np.ndarray]:
    """The codes of the answer, and for each code of the column its place among them."""
    known, places = codes_of(table, part.id)
    used = np.unique(places[places >= 0])
    place = np.zeros(len(known), np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return [known[i] for i in used], place


def _links(selection: Selection) -> list[dict[str, str]]:
    flow = selection.flow
    return [
        {"rel": "dataflow", "urn": urn("Dataflow", flow)},
        {"rel": "datastructure", "urn": urn("DataStructure", flow.structure)},
    ]


def _structure(selection: Selection, present: Mapping[str, tuple[list[str], np.ndarray]], message: Message) -> Any:
    key = selection.flow.structure.key
    series = selection.series_dimensions
    shown: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("series", "observation", MEASURE, ATTRIBUTE, "of_series")
    }
    for part in selection.columns:
        made = {"id": part.id, **named(part.names), **named(part.descriptions, "description")}
        if part.id in present:
            made["values"] = [_value(selection, part, code) for code in present[part.id][0]]
        if part.id in key:
            made["keyPosition"] = key.index(part.id)
            shown["series" if part.id in series else "observation"].append(made)
        else:
            made.pop("description", None)
            made["format"] = {"dataType": part.data_type} if part.codes is None else {}
            if part.role == ATTRIBUTE:
                made["relationship"] = {"dimensions": list(key[:-1])} if part.attached == SERIES else {OBSERVATION: {}}
            shown["of_series" if part in selection.of_series else part.role].append(made)
    for listed in (made for parts in shown.values() for made in parts if not made.get("format", True)):
        del listed["format"]
    noted = [{"id": part.id, **named(part.names), "relationship": {DATAFLOW: {}}} for part in selection.attributes]
    said = {"type": "NOTE", "id": "NOTE", "text": message.notice, "texts": {message.language: message.notice}}
    return {
        "dataSets": [0],
        "links": _links(selection),
        **named(selection.flow.names),
        "dimensions": {"dataSet": [], "series": shown["series"], "observation": shown["observation"]},
        "measures": {"observation": shown[MEASURE]},
        "attributes": {
            "dataSet": noted,
            "dimensionGroup": [],
            "series": shown["of_series"],
            "observation": shown[ATTRIBUTE],
        },
        "annotations": [said],
    }


def _value(selection: Selection, part: Component, code: str) -> dict[str, Any]:
    if part.role == TIME:
        found = span(code)
        ends = {"start": f"{found.start}T00:00:00Z", "end": f"{found.end}T23:59:59Z"} if found else {}
        return {"value": code, **ends}
    listed = selection.flow.structure.list_of(part)
    entry = next((one for one in listed.entries if one.id == code), None) if listed else None
    if entry is None:
        return {"id": code, "name": code}
    parent = {"parent": entry.parent} if entry.parent else {}
    return {"id": code, **named(entry.names), **parent}


def _rows(selection: Selection, present: Mapping[str, tuple[list[str], np.ndarray]]) -> Iterator[bytes]:
    in_series = selection.series_dimensions
    is_first = True
    for piece, fresh in chunks(selection):
        end = "}," if selection.series_only else "}},"
        parts: list[pa.Array | str] = [_separators(fresh & bool(in_series), end, is_first=is_first)]
        if in_series:
            parts.append(_openings(selection, piece, fresh, present))
        if not selection.series_only:
            parts += _observations(selection, piece, present)
        yield in_bytes(joined(parts))
        is_first = False
    if in_series:
        yield b"}" if selection.series_only else b"}}"


def _separators(fresh: np.ndarray, end: str, *, is_first: bool) -> pa.Array:
    """What stands between a row and the row before; at a fresh series the end of the one before."""
    made = np.where(fresh, end, ",").astype(object)
    if is_first:
        made[0] = ""
    return pa.array(made, pa.string())


def _openings(
    selection: Selection, piece: pa.Table, fresh: np.ndarray, present: Mapping[str, tuple[list[str], np.ndarray]]
) -> pa.Array:
    """The key of a series, at the rows where one begins."""
    inside = "" if selection.series_only else '"observations":{'

    def opened(rows: pa.Array) -> pa.Array:
        heads = piece.take(rows)
        told = _values(selection.of_series, heads, present)
        if told:
            told = ['"attributes":[', *told, "]" if selection.series_only else "],"]
        return joined(['"', *_key(heads, selection.series_dimensions, present), '":{', *told, inside])

    return at_rows(fresh, opened)


def _key(
    piece: pa.Table, names: tuple[str, ...], present: Mapping[str, tuple[list[str], np.ndarray]]
) -> list[pa.Array | str]:
    """Places of codes with colons between."""
    parts: list[pa.Array | str] = []
    for name in names:
        parts += [_place(piece, name, present), ":"]
    return parts[:-1]


def _place(piece: pa.Table, name: str, present: Mapping[str, tuple[list[str], np.ndarray]]) -> pa.Array:
    column = whole(piece, name)
    texts = pa.array([str(place) for place in present[name][1]], pa.string())
    return texts.take(column.indices)


def _observations(
    selection: Selection, piece: pa.Table, present: Mapping[str, tuple[list[str], np.ndarray]]
) -> list[pa.Array | str]:
    names = (selection.at,) if selection.series_dimensions else selection.flow.structure.key
    return ['"', *_key(piece, names, present), '":[', *_values(selection.of_rows, piece, present), "]"]


def _values(
    listed: tuple[Component, ...], piece: pa.Table, present: Mapping[str, tuple[list[str], np.ndarray]]
) -> list[pa.Array | str]:
    """Values with commas between: a place where the value is coded, else the value, null where there is none."""
    parts: list[pa.Array | str] = []
    for part in listed:
        if part.id in present:
            text = _place(piece, part.id, present)
        else:
            quote = "" if part.data_type == DOUBLE else '"'
            text = fragment(whole(piece, part.id), quote, quote, JSON)
            text = pc.if_else(pc.equal(text, ""), None, text)
        parts += [text.fill_null("null"), ","]
    return parts[:-1]
