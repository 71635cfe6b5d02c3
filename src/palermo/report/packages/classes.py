"""What class the things are that the catalogue points to and does not describe: languages, file types, pages.

The decision a reader would question: the European lists say so of their codes themselves, and it is said once more.
DCAT-AP asks for the class of each value, and a portal that harvests this file alone has no other place to learn it.
"""

from collections.abc import Iterable, Iterator, Mapping

from palermo.report.packages.statements import Iri, Text, Thing

AUTHORITY = "http://publications.europa.eu/resource/authority"
CLASSES: Mapping[str, str] = {
    "dcat:landingPage": "foaf:Document",
    "dcat:mediaType": "dct:MediaType",
    "dcat:theme": "skos:Concept",
    "dcat:themeTaxonomy": "skos:ConceptScheme",
    "dct:accessRights": "dct:RightsStatement",
    "dct:conformsTo": "dct:Standard",
    "dct:format": "dct:MediaTypeOrExtent",
    "dct:language": "dct:LinguisticSystem",
    "dct:license": "dct:LicenseDocument",
    "foaf:homepage": "foaf:Document",
    "spdx:algorithm": "spdx:ChecksumAlgorithm",
}
_NAMED = {  # a concept must have a label and a scheme a title: those of the European list
    f"{AUTHORITY}/data-theme": ("dct:title", Text("Data theme", "en")),
    f"{AUTHORITY}/data-theme/JUST": ("skos:prefLabel", Text("Justice, legal system and public safety", "en")),
    f"{AUTHORITY}/data-theme/SOCI": ("skos:prefLabel", Text("Population and society", "en")),
}


def pointed_to(things: Iterable[Thing]) -> list[Thing]:
    """Each thing elsewhere that one of these points to, with its class, once and in the order of its name."""
    kinds = {value.address: CLASSES[name] for one in things for name, value in _pointing(one) if name in CLASSES}
    return [
        Thing(kind, (_NAMED[address],) if address in _NAMED else (), address) for address, kind in sorted(kinds.items())
    ]


def _pointing(thing: Thing) -> Iterator[tuple[str, Iri]]:
    for name, value in thing.said:
        if isinstance(value, Iri):
            yield name, value
        elif isinstance(value, Thing):
            yield from _pointing(value)
