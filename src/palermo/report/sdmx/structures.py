"""Which artefacts a structure query asks for, and which of their relations come with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palermo.report.sdmx.faults import no_results, not_served, syntax
from palermo.report.sdmx.model import CLASSES, Artefact, Constraint, Flow

Found = Mapping[str, Sequence[Any]]  # class: artefacts
RESOURCES = {resource: kind for kind, (_, resource) in CLASSES.items()}
RESOURCES |= {"contentconstraint": "DataConstraint", "structure": "*", "*": "*"}  # 2.1; any kind
KNOWN_ELSEWHERE = frozenset({
    "metadatastructure", "metadataflow", "categoryscheme", "categorisation", "hierarchy",
    "hierarchicalcodelist", "hierarchyassociation", "valuelist", "agencyscheme", "dataproviderscheme",
    "dataconsumerscheme", "organisationunitscheme", "organisationscheme", "reportingtaxonomy",
    "provisionagreement", "structuremap", "structureset", "representationmap", "conceptschememap", "process",
    "categoryschememap", "organisationschememap", "reportingtaxonomymap", "attachmentconstraint",
    "metadataconstraint", "transformationscheme", "rulesetscheme", "userdefinedoperatorscheme",
    "customtypescheme", "namepersonalisationscheme", "vtlmappingscheme", "metadataproviderscheme",
    "metadataprovisionagreement", "geographiccodelist", "geogridcodelist",
})  # fmt: skip
REFERENCES = ("none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all")
DETAILS = frozenset({"allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs"})  # not served
ANY = frozenset({"*", "all", "ALL"})
LATEST = frozenset({"~", "+", "latest", "LATEST", "*", "all", "ALL"})


@dataclass(frozen=True)
class Wanted:
    """Class, agencies, ids and versions asked for; ``*`` for any."""

    kind: str
    agencies: frozenset[str]
    ids: frozenset[str]
    versions: frozenset[str]

    def fits(self, artefact: Artefact) -> bool:
        """Whether the artefact is asked for."""
        return (
            _in(artefact.agency, self.agencies, ANY)
            and _in(artefact.id, self.ids, ANY)
            and _in(artefact.version, self.versions, LATEST)
        )


def _in(value: str, wanted: frozenset[str], every: frozenset[str]) -> bool:
    return bool(wanted & every) or value in wanted


def wanted_of(resource: str, parts: Sequence[str], separator: str = ",") -> Wanted:
    """What a path asks for. Raises ``FaultError`` for a resource that is none or that is not served."""
    if resource not in RESOURCES:
        if resource in KNOWN_ELSEWHERE:
            raise not_served(f"{resource}: not served; served are {', '.join(sorted(RESOURCES))}")
        raise syntax(f"{resource!r}: no such resource; expected one of {', '.join(sorted(RESOURCES))}")
    if any(part not in ANY for part in parts[3:]):
        raise not_served(f"{'/'.join(parts)}: single codes and concepts are not served; ask for the whole list")
    agencies, ids, versions = (frozenset(part.split(separator)) for part in [*parts, "*", "*", "~"][:3])
    if len(parts) < 3:
        versions = frozenset({"~"})
    if len(parts) < 2:
        ids = frozenset({"*"})
    return Wanted(RESOURCES[resource], agencies, ids, versions)


def find(wanted: Wanted, references: Sequence[str], flows: Sequence[Flow], constraints: Sequence[Constraint]) -> Found:
    """The artefacts asked for, with their relations. Raises ``FaultError`` where there is none."""
    everything = _everything(flows, constraints)
    kinds = list(everything) if wanted.kind == "*" else [wanted.kind]
    hits = {kind: [one for one in everything[kind] if wanted.fits(one)] for kind in kinds}
    if not any(hits.values()):
        raise no_results(f"no {wanted.kind} of agency {_said(wanted.agencies)} with id {_said(wanted.ids)}")
    found: dict[str, dict[str, Artefact]] = {kind: {one.reference: one for one in ones} for kind, ones in hits.items()}
    for kind, ones in hits.items():
        for one in ones:
            for related_kind, related in _related(kind, one, references, flows, constraints):
                found.setdefault(related_kind, {})[related.reference] = related
    return {kind: list(ones.values()) for kind, ones in found.items() if ones}


def _said(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))


def _everything(flows: Sequence[Flow], constraints: Sequence[Constraint]) -> dict[str, list[Any]]:
    found: dict[str, dict[str, Artefact]] = {kind: {} for kind in CLASSES}
    for flow in flows:
        for kind, one in (("Dataflow", flow), *_below("Dataflow", flow)):
            found[kind][one.reference] = one
    found["DataConstraint"] = {one.reference: one for one in constraints}
    return {kind: list(ones.values()) for kind, ones in found.items()}


def _related(
    kind: str, one: Artefact, references: Sequence[str], flows: Sequence[Flow], constraints: Sequence[Constraint]
) -> list[tuple[str, Artefact]]:
    made: list[tuple[str, Artefact]] = []
    for asked in references:
        if asked in {"children", "all", "descendants"}:
            made += _children(kind, one) if asked == "children" else _below(kind, one)
        if asked in {"parents", "parentsandsiblings", "all", "ancestors"}:
            above = _above(kind, one, flows, constraints, all_the_way=asked in {"ancestors", "all"})
            made += above
            if asked in {"parentsandsiblings", "all"}:
                made += [related for parent_kind, parent in above for related in _children(parent_kind, parent)]
        if asked in RESOURCES:
            around = [*_below(kind, one), *_above(kind, one, flows, constraints, all_the_way=True)]
            made += [(found, related) for found, related in around if found == RESOURCES[asked]]
    return made


def _children(kind: str, one: Any) -> list[tuple[str, Artefact]]:
    """What an artefact refers to."""
    if kind == "Dataflow":
        return [("DataStructure", one.structure)]
    if kind == "DataConstraint":
        return [("Dataflow", one.flow)]
    if kind == "ConceptScheme":
        listed = {entry.codes.reference: entry.codes for entry in one.entries if entry.codes}
        return [("Codelist", codes) for codes in listed.values()]
    if kind == "DataStructure":
        return [("ConceptScheme", one.scheme), *(("Codelist", listed) for listed in one.code_lists)]
    return []


def _below(kind: str, one: Artefact) -> list[tuple[str, Artefact]]:
    """What an artefact refers to, and what that refers to."""
    found = _children(kind, one)
    return found + [lower for child_kind, child in found for lower in _below(child_kind, child)]


def _above(
    kind: str, one: Artefact, flows: Sequence[Flow], constraints: Sequence[Constraint], *, all_the_way: bool
) -> list[tuple[str, Artefact]]:
    """What refers to an artefact."""
    pairs: list[tuple[str, Artefact]] = [("Dataflow", flow) for flow in flows]
    pairs += [("DataStructure", flow.structure) for flow in flows]
    pairs += [("DataConstraint", constraint) for constraint in constraints]
    reach = _below if all_the_way else _children
    sought = (kind, one.reference)
    return [
        (above_kind, above)
        for above_kind, above in pairs
        if sought in {(lower_kind, lower.reference) for lower_kind, lower in reach(above_kind, above)}
    ]


def references_of(text: str | None) -> tuple[str, ...]:
    """The values of ``references``. Raises ``FaultError`` for one that is none."""
    asked = tuple((text or "none").split(","))
    for one in asked:
        if one not in REFERENCES and one not in RESOURCES and one not in KNOWN_ELSEWHERE:
            raise syntax(f"references={one}: expected one of {', '.join(REFERENCES)} or a resource")
    return asked
