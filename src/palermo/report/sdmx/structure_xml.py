"""Structures in SDMX-ML 3.0 and 2.1. References are URNs in 3.0 and Ref elements in 2.1; attributes differ by name."""

import re
from collections.abc import Callable, Iterable, Mapping

from palermo.report.sdmx.message import Message
from palermo.report.sdmx.model import (
    ATTRIBUTE,
    DATAFLOW,
    DIMENSION,
    MEASURE,
    SERIES,
    TIME,
    Artefact,
    Component,
    Constraint,
    Entry,
    Flow,
    Scheme,
    Structure,
    urn,
)
from palermo.report.sdmx.structures import Found
from palermo.report.sdmx.xml_head import DECLARATION, V2_1, V3_0, header, reference, spaces, texts
from palermo.report.xml_text import escaped

_NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9_-]*"
)  # the 3.0 schema takes no other id of a parent, though codes may have them


def structure_xml(found: Found, message: Message, version: str) -> bytes:
    """The message with these artefacts, in the order that the schema wants."""
    writers = _parts(version)
    order = ("Codelist", "ConceptScheme", "DataConstraint", "Dataflow", "DataStructure")
    if version == V2_1:
        order = ("Dataflow", "Codelist", "ConceptScheme", "DataStructure", "DataConstraint")
    around = {"Codelist": "Codelists", "Dataflow": "Dataflows", "DataStructure": "DataStructures"}
    around |= {"ConceptScheme": "ConceptSchemes", "DataConstraint": "DataConstraints"}
    if version == V2_1:
        around |= {"ConceptScheme": "Concepts", "DataConstraint": "Constraints"}
    inside = "".join(
        f"<str:{around[kind]}>{''.join(map(writers[kind], found[kind]))}</str:{around[kind]}>\n"
        for kind in order
        if found.get(kind)
    )
    return (
        f"{DECLARATION}<mes:Structure{spaces(version, 'mes', 'str', 'com')}>{header(message)}\n"
        f"<mes:Structures>{inside}</mes:Structures></mes:Structure>\n"
    ).encode()


def _parts(version: str) -> Mapping[str, Callable[..., str]]:
    return {
        "Codelist": lambda one: _scheme(one, "Codelist", "Code", version),
        "ConceptScheme": lambda one: _scheme(one, "ConceptScheme", "Concept", version),
        "Dataflow": lambda one: _flow(one, version),
        "DataStructure": lambda one: _structure(one, version),
        "DataConstraint": lambda one: _constraint(one, version),
    }


def _begin(element: str, kind: str, artefact: Artefact, version: str, more: str = "") -> str:
    final = ' isFinal="false"' if version == V2_1 else ""
    named = urn(kind, artefact)
    if version == V2_1 and kind == "DataConstraint":
        named = named.replace("DataConstraint=", "ContentConstraint=")
    return (
        f'<str:{element} id="{artefact.id}" urn="{named}" agencyID="{artefact.agency}" version="{artefact.version}"'
        f'{final} isExternalReference="false"{more}>'
    )


def _scheme(scheme: Scheme, kind: str, item: str, version: str) -> str:
    partial = f' isPartial="{str(scheme.is_partial).lower()}"'
    items = "".join(_item(entry, scheme, kind, item, version) for entry in scheme.entries)
    return f"{_begin(kind, kind, scheme, version, partial)}{texts('com:Name', scheme.names)}{items}</str:{kind}>"


def _item(entry: Entry, scheme: Scheme, kind: str, item: str, version: str) -> str:
    parent = ""
    if entry.parent and (version == V2_1 or _NAME.fullmatch(entry.parent)):
        held = entry.parent if version == V3_0 else f'<Ref id="{entry.parent}"/>'
        parent = f"<str:Parent>{held}</str:Parent>"
    return (
        f'<str:{item} id="{entry.id}" urn="{urn(kind, scheme, entry.id)}">{texts("com:Name", entry.names)}'
        f"{texts('com:Description', entry.descriptions)}{parent}{_core(entry, version)}</str:{item}>"
    )


def _core(entry: Entry, version: str) -> str:
    if not entry.data_type:
        return ""
    held = _representation(entry.data_type, entry.codes, version)
    return f"<str:CoreRepresentation>{held}</str:CoreRepresentation>"


def _representation(data_type: str, codes: Artefact | None, version: str) -> str:
    if codes is None:
        return f'<str:TextFormat textType="{data_type}"/>'
    return f"<str:Enumeration>{reference('Codelist', codes, version)}</str:Enumeration>"


def _annotation(flow: Flow) -> str:
    if not flow.notes:
        return ""
    return (
        '<com:Annotations><com:Annotation id="NOTE"><com:AnnotationType>NOTE</com:AnnotationType>'
        f"{texts('com:AnnotationText', flow.notes)}</com:Annotation></com:Annotations>"
    )


def _flow(flow: Flow, version: str) -> str:
    held = reference("DataStructure", flow.structure, version)
    return (
        f"{_begin('Dataflow', 'Dataflow', flow, version)}{_annotation(flow)}{texts('com:Name', flow.names)}"
        f"<str:Structure>{held}</str:Structure></str:Dataflow>"
    )


def _structure(structure: Structure, version: str) -> str:
    dimensions = "".join(
        _component(
            structure, one, f'str:{"TimeDimension" if one.role == TIME else "Dimension"} id="{one.id}"', version, place
        )
        for place, one in enumerate(structure.of_role(DIMENSION, TIME), 1)
    )
    usage = {True: "mandatory", False: "optional"} if version == V3_0 else {True: "Mandatory", False: "Conditional"}
    name = "usage" if version == V3_0 else "assignmentStatus"
    attributes = "".join(
        _component(structure, one, f'str:Attribute id="{one.id}" {name}="{usage[one.is_mandatory]}"', version)
        for one in structure.of_role(ATTRIBUTE)
    )
    measure = "Measure" if version == V3_0 else "PrimaryMeasure"
    measures = "".join(
        _component(structure, one, f'str:{measure} id="{one.id}"', version) for one in structure.of_role(MEASURE)
    )
    return (
        f"{_begin('DataStructure', 'DataStructure', structure, version)}{texts('com:Name', structure.names)}"
        f'<str:DataStructureComponents><str:DimensionList id="DimensionDescriptor">{dimensions}</str:DimensionList>'
        f'<str:AttributeList id="AttributeDescriptor">{attributes}</str:AttributeList>'
        f'<str:MeasureList id="MeasureDescriptor">{measures}</str:MeasureList>'
        "</str:DataStructureComponents></str:DataStructure>"
    )


def _component(structure: Structure, part: Component, element: str, version: str, place: int = 0) -> str:
    position = f' position="{place}"' if place and (version == V2_1 or part.role != TIME) else ""
    scheme = structure.scheme
    identity = urn("ConceptScheme", scheme, part.id)
    if version == V2_1:
        identity = (
            f'<Ref agencyID="{scheme.agency}" maintainableParentID="{scheme.id}" '
            f'maintainableParentVersion="{scheme.version}" id="{part.id}" package="conceptscheme" class="Concept"/>'
        )
    held = _representation(part.data_type, structure.list_of(part), version)
    relation = _relation(structure, part, version) if part.role == ATTRIBUTE else ""
    return (
        f"<{element}{position}><str:ConceptIdentity>{identity}</str:ConceptIdentity>"
        f"<str:LocalRepresentation>{held}</str:LocalRepresentation>{relation}</{element.split(maxsplit=1)[0]}>"
    )


def _relation(structure: Structure, part: Component, version: str) -> str:
    """What the value of an attribute depends on: the whole dataset, a series, or an observation."""
    is_new = version == V3_0
    if part.attached == DATAFLOW:
        held = "<str:Dataflow/>" if is_new else "<str:None/>"
    elif part.attached == SERIES:
        ids = (one.id if is_new else f'<Ref id="{one.id}"/>' for one in structure.dimensions)
        held = "".join(f"<str:Dimension>{one}</str:Dimension>" for one in ids)
    else:
        held = "<str:Observation/>" if is_new else '<str:PrimaryMeasure><Ref id="OBS_VALUE"/></str:PrimaryMeasure>'
    return f"<str:AttributeRelationship>{held}</str:AttributeRelationship>"


def _constraint(one: Constraint, version: str) -> str:
    is_new = version == V3_0
    element = "DataConstraint" if is_new else "ContentConstraint"
    prefix = "str" if is_new else "com"
    values = "".join(_values(name, codes, prefix) for name, codes in one.values.items())
    if one.time:
        values += (
            f'<{prefix}:KeyValue id="TIME_PERIOD"><{prefix}:TimeRange>'
            f'<{prefix}:StartPeriod isInclusive="true">{one.time[0]}</{prefix}:StartPeriod>'
            f'<{prefix}:EndPeriod isInclusive="true">{one.time[1]}</{prefix}:EndPeriod>'
            f"</{prefix}:TimeRange></{prefix}:KeyValue>"
        )
    counts = "".join(
        f'<com:Annotation id="{name}"><com:AnnotationTitle>{count}</com:AnnotationTitle>'
        "<com:AnnotationType>sdmx_metrics</com:AnnotationType></com:Annotation>"
        for name, count in (("series_count", one.series), ("obs_count", one.observations))
    )
    kind = ' role="Actual"' if is_new else ' type="Actual"'
    return (
        f"{_begin(element, 'DataConstraint', one, version, kind)}<com:Annotations>{counts}</com:Annotations>"
        f"{texts('com:Name', one.names)}<str:ConstraintAttachment><str:Dataflow>"
        f"{reference('Dataflow', one.flow, version)}</str:Dataflow></str:ConstraintAttachment>"
        f'<str:CubeRegion include="true">{values}</str:CubeRegion></str:{element}>'
    )


def _values(name: str, codes: Iterable[str], prefix: str) -> str:
    listed = "".join(f"<{prefix}:Value>{escaped(code)}</{prefix}:Value>" for code in codes)
    return f'<{prefix}:KeyValue id="{name}">{listed}</{prefix}:KeyValue>'
