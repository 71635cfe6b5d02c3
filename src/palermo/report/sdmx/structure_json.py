"""Structures in SDMX-JSON 2.0, with every name in the language asked for and in all languages."""

from typing import Any

from palermo.report.sdmx.message import Message
from palermo.report.sdmx.model import (
    ATTRIBUTE,
    DATAFLOW,
    MEASURE,
    OBS_VALUE,
    OBSERVATION,
    SERIES,
    TIME,
    Artefact,
    Component,
    Constraint,
    Flow,
    Scheme,
    Structure,
    urn,
)
from palermo.report.sdmx.structures import Found
from palermo.report.sdmx.write_json import as_json, meta, named

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)


def structure_json(found: Found, message: Message) -> bytes:
    """The message with these artefacts."""
    return _written(found, meta(message, SCHEMA))


def schema_json(found: Found, message: Message) -> bytes:
    """The answer to a schema query: a structure message that names in its head what it was made from."""
    links = [
        {"rel": kind.lower(), "urn": urn(kind, one)}
        for kind in ("Dataflow", "DataStructure", "ConceptScheme", "Codelist")
        for one in found.get(kind, ())
    ]
    return _written({**found, "Dataflow": ()}, {**meta(message, SCHEMA), "links": links})


def _written(found: Found, head: dict[str, Any]) -> bytes:
    data = {
        "codelists": [_scheme(one, "codes") for one in found.get("Codelist", ())],
        "conceptSchemes": [_scheme(one, "concepts") for one in found.get("ConceptScheme", ())],
        "dataConstraints": [_constraint(one) for one in found.get("DataConstraint", ())],
        "dataflows": [_flow(one) for one in found.get("Dataflow", ())],
        "dataStructures": [_structure(one) for one in found.get("DataStructure", ())],
    }
    kept = {name: listed for name, listed in data.items() if listed}
    return (as_json({"meta": head, "data": kept}) + "\n").encode()


def _artefact(one: Artefact) -> dict[str, Any]:
    return {"agencyID": one.agency, "id": one.id, "version": one.version, **named(one.names)}


def _scheme(scheme: Scheme, items: str) -> dict[str, Any]:
    entries = [
        {
            "id": entry.id,
            **named(entry.names),
            **named(entry.descriptions, "description"),
            **({"parent": entry.parent} if entry.parent else {}),
            **({"coreRepresentation": _representation(entry.data_type, entry.codes)} if entry.data_type else {}),
        }
        for entry in scheme.entries
    ]
    return {**_artefact(scheme), "isPartial": scheme.is_partial, items: entries}


def _flow(flow: Flow) -> dict[str, Any]:
    note = {"id": "NOTE", "type": "NOTE", **named(flow.notes, "text")}
    return {
        **_artefact(flow),
        **({"annotations": [note]} if flow.notes else {}),
        "structure": urn("DataStructure", flow.structure),
    }


def _structure(structure: Structure) -> dict[str, Any]:
    time = [_component(structure, one) for one in structure.of_role(TIME)]
    return {
        **_artefact(structure),
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": [
                    {**_component(structure, one), "position": place} for place, one in enumerate(structure.dimensions)
                ],
                "timeDimension": time[0],
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [_component(structure, one) for one in structure.of_role(MEASURE)],
            },
            "attributeList": {
                "id": "AttributeDescriptor",
                "attributes": [_attribute(structure, one) for one in structure.of_role(ATTRIBUTE)],
            },
        },
    }


def _component(structure: Structure, part: Component) -> dict[str, Any]:
    return {
        "id": part.id,
        "conceptIdentity": urn("ConceptScheme", structure.scheme, part.id),
        "localRepresentation": _representation(part.data_type, structure.list_of(part)),
    }


def _representation(data_type: str, codes: Artefact | None) -> dict[str, Any]:
    return {"format": {"dataType": data_type}} if codes is None else {"enumeration": urn("Codelist", codes)}


def _attribute(structure: Structure, part: Component) -> dict[str, Any]:
    relations: dict[str, dict[str, Any]] = {
        DATAFLOW: {"dataflow": {}},
        SERIES: {"dimensions": [one.id for one in structure.dimensions]},
        OBSERVATION: {"observation": {}},
    }
    return {
        **_component(structure, part),
        "usage": "mandatory" if part.is_mandatory else "optional",
        "attributeRelationship": relations[part.attached],
        **({"measureRelationship": [OBS_VALUE]} if part.attached == OBSERVATION else {}),
    }


def _constraint(one: Constraint) -> dict[str, Any]:
    values: list[dict[str, Any]] = [
        {"id": name, "values": [{"value": code} for code in codes]} for name, codes in one.values.items()
    ]
    if one.time:
        start, end = ({"period": period, "isInclusive": True} for period in one.time)
        values.append({"id": "TIME_PERIOD", "timeRange": {"startPeriod": start, "endPeriod": end}})
    counts = (("series_count", one.series), ("obs_count", one.observations))
    return {
        **_artefact(one),
        "annotations": [{"id": name, "title": str(count), "type": "sdmx_metrics"} for name, count in counts],
        "role": "Actual",
        "constraintAttachment": {"dataflows": [urn("Dataflow", one.flow)]},
        "cubeRegions": [{"include": True, "keyValues": values}],
    }
