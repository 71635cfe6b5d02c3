"""Statements about things (RDF), and how they are written as JSON-LD and as Turtle."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "statdcat": "http://data.europa.eu/s1n/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Iri:
    """The address of a thing, whole or relative to where the document lies."""

    address: str


@dataclass(frozen=True)
class Text:
    """Words, in a language or of a type (``xsd:date``)."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Thing:
    """A thing of one class, and (property, value) said of it. Without an address it stands where it is said."""

    kind: str
    said: tuple[tuple[str, "Value"], ...]
    address: str = ""


Value = Iri | Text | Thing


def json_ld(things: Iterable[Thing]) -> str:
    """The statements as JSON-LD 1.1."""
    document = {"@context": dict(PREFIXES), "@graph": [_json(one) for one in things]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json(value: Value) -> dict[str, Any]:
    if isinstance(value, Iri):
        return {"@id": value.address}
    if isinstance(value, Text):
        more = {"@language": value.language, "@type": value.datatype}
        return {"@value": value.text} | {name: told for name, told in more.items() if told}
    told: dict[str, Any] = ({"@id": value.address} if value.address else {}) | {"@type": value.kind}
    for name, one in value.said:
        told.setdefault(name, []).append(_json(one))
    return told


def turtle(things: Iterable[Thing]) -> str:
    """The statements as Turtle."""
    head = "".join(f"@prefix {name}: <{place}> .\n" for name, place in PREFIXES.items())
    blocks = (f"\n{_iri(one.address)} {_said(one, '  ')} .\n" for one in things)
    return head + "".join(blocks)


def _said(thing: Thing, margin: str) -> str:
    lines = [f"a {thing.kind}", *(f"{name} {_turtle(value, margin)}" for name, value in thing.said)]
    return f" ;\n{margin}".join(lines)


def _turtle(value: Value, margin: str) -> str:
    if isinstance(value, Iri):
        return _iri(value.address)
    if isinstance(value, Thing):
        if value.address:
            return _iri(value.address)
        deeper = f"{margin}  "
        return f"[\n{deeper}{_said(value, deeper)}\n{margin}]"
    quoted = json.dumps(value.text, ensure_ascii=False)  # strings of Turtle and of JSON escape alike
    return quoted + (f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else "")


def _iri(address: str) -> str:
    """An address between brackets; letters that Turtle does not allow there are written as numbers."""
    return "<" + "".join(f"\\u{ord(one):04X}" if one in '<>"{}|^`\\' or one <= " " else one for one in address) + ">"
