"""All releases as a catalogue for data portals: DCAT-AP 3 with the statistical profile (StatDCAT-AP 3).

The decision a reader would question: nothing says when a release was issued, because releases hold no date. What time
the numbers are about is said (``dct:temporal``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow.compute as pc

from palermo.language import LANGUAGES, _, marked, speaking
from palermo.release.schema import DIMENSIONS, KEY
from palermo.report.packages.classes import AUTHORITY, pointed_to
from palermo.report.packages.datapackage import KEYWORDS, notice
from palermo.report.packages.held_files import HeldFile, held_files
from palermo.report.packages.statements import Iri, Text, Thing, Value
from palermo.report.packages.terms import Terms, terms
from palermo.report.page.render import title_of
from palermo.report.reading import Release

TITLE = marked("Published numbers on trafficking in persons")
LANGUAGE_CODES = {"en": "ENG", "fr": "FRA", "es": "SPA", "ar": "ARA", "ru": "RUS", "zh": "ZHO"}
FILE_TYPES = {"csv": "CSV", "json": "JSON", "parquet": "PARQUET", "zip": "ZIP"}
ATTRIBUTES = ("unit", "kind", "obs_status", "conf_status", "lower", "upper", "receipt_id")
Said = list[tuple[str, Value]]


@dataclass(frozen=True)
class Places:
    """Addresses. ``base`` stands before those of data and pages; empty where they are relative to the catalogue."""

    base: str = ""
    languages: Sequence[str] = tuple(LANGUAGES)
    are_files: bool = False  # a site of files alone, without services

    def data(self, release: Release, name: str = "") -> str:
        """Where a file of a release lies."""
        return f"{self.base}data/{release.id}/{name}"

    def page(self, release: Release, language: str) -> str:
        """The page of a release."""
        return f"{self.base}{language}/releases/{release.id}/"


def catalogue(releases: Sequence[Release], folders: Mapping[str, Path], places: Places) -> list[Thing]:
    """The catalogue, then its datasets with their files, the latest release first."""
    latest, services = releases[-1], [] if places.are_files else _services(releases, places)
    datasets, files = [], []
    for release in reversed(releases):
        held = held_files(folders[release.id])
        datasets.append(_dataset(release, held, places))
        files += [_distribution(release, one, places) for one in held] + [_whole(release, places)]
    said: Said = [
        *_in_languages("dct:title", lambda: _(TITLE), places),
        *_in_languages("dct:description", lambda: notice(latest), places),
        ("dct:publisher", _publisher(terms(latest))),
        *_languages(places),
        ("foaf:homepage", Iri(f"{places.base}{places.languages[0]}/")),
        ("dcat:themeTaxonomy", Iri(f"{AUTHORITY}/data-theme")),
        *(("dcat:dataset", Iri(one.address)) for one in datasets),
        *(("dcat:service", Iri(one.address)) for one in services),
    ]
    whole = Thing("dcat:Catalog", tuple(said), f"{places.base}catalogue.jsonld#catalogue")
    told = [whole, *services, *datasets, *files]
    return [*told, *pointed_to(told)]


def _services(releases: Sequence[Release], places: Places) -> list[Thing]:
    told = (
        ("api/", "api/openapi.json", marked("Plain JSON and CSV")),
        ("sdmx/", "sdmx/structure/dataflow/PALERMO/*/*", marked("SDMX REST")),
    )
    return [
        Thing(
            "dcat:DataService",
            (
                *_in_languages("dct:title", partial(_, title), places),
                ("dcat:endpointURL", Iri(places.base + endpoint)),
                ("dcat:endpointDescription", Iri(places.base + described)),
                *(("dcat:servesDataset", Iri(places.data(release))) for release in reversed(releases)),
            ),
            f"{places.base}{endpoint}",
        )
        for endpoint, described, title in told
    ]


def _dataset(release: Release, held: Sequence[HeldFile], places: Places) -> Thing:
    told = terms(release)
    said: Said = [
        ("dct:identifier", Text(release.id)),
        ("dcat:version", Text(release.id)),
        *_in_languages("dct:title", lambda: title_of(release), places),
        *_in_languages("dct:description", lambda: notice(release), places),
        *(("dcat:keyword", Text(word, "en")) for word in KEYWORDS),
        ("dcat:theme", Iri(f"{AUTHORITY}/data-theme/JUST")),
        ("dcat:theme", Iri(f"{AUTHORITY}/data-theme/SOCI")),
        ("dct:publisher", _publisher(told)),
        ("adms:status", Iri(f"{AUTHORITY}/dataset-status/{_status(release)}")),
        ("dct:accessRights", Iri(f"{AUTHORITY}/access-right/PUBLIC")),
        *_languages(places),
        *_about_what(release),
        *(("dcat:landingPage", Iri(places.page(release, code))) for code in places.languages[:1]),
        *_statistical(release, places),
        *(("dcat:distribution", Iri(_address(release, one.name, places))) for one in held),
        ("dcat:distribution", Iri(_address(release, "package.zip", places))),
    ]
    replaced = release.standing.get("replaces")
    if replaced:
        said.append(("dct:replaces", Iri(f"{places.base}data/{replaced}/")))
    return Thing("dcat:Dataset", tuple(said), places.data(release))


def _status(release: Release) -> str:
    """How a release stands, as the European list of statuses has it."""
    return "COMPLETED" if release.status == "approved" else "DEVELOP"


def _about_what(release: Release) -> Said:
    """The area, and the years from first to last day."""
    area = Thing("dct:Location", (("skos:prefLabel", Text(release.area_name)), ("dct:identifier", Text(release.area))))
    said: Said = [("dct:spatial", area)]
    if release.years:
        start, end = release.years
        first, last = Text(f"{start}-01-01", "", "xsd:date"), Text(f"{end}-12-31", "", "xsd:date")
        period = Thing("dct:PeriodOfTime", (("dcat:startDate", first), ("dcat:endDate", last)))
        said.append(("dct:temporal", period))
    return said


def _statistical(release: Release, places: Places) -> Said:
    """What StatDCAT-AP adds: dimensions, attributes, units, and how many series there are."""
    series = release.cube.select([name for name in KEY if name != "time_period"])
    count = series.group_by(series.column_names).aggregate([]).num_rows
    return [
        *(("statdcat:dimension", _component(name, places)) for name in DIMENSIONS),
        *(("statdcat:attribute", _component(name, places)) for name in ATTRIBUTES),
        *(
            ("statdcat:statUnitMeasure", _component(code, places))
            for code in sorted(pc.unique(release.cube["unit"]).to_pylist())
        ),
        ("statdcat:numSeries", Text(str(count), "", "xsd:integer")),
    ]


def _component(name: str, places: Places) -> Iri:
    """A column or a unit of ours, among the definitions."""
    return Iri(f"{places.base}{places.languages[0]}/definitions/#{name}")


def _distribution(release: Release, one: HeldFile, places: Places) -> Thing:
    checksum = Thing(
        "spdx:Checksum",
        (
            ("spdx:algorithm", Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Text(one.sha256, "", "xsd:hexBinary")),
        ),
    )
    described = [("dct:conformsTo", Iri(places.data(release, "csvw/cube.json")))] if one.name == "cube.csv" else []
    said: Said = [
        *_file(release, one.name, one.media_type, places),
        ("dct:description", Text(one.about, "en")),
        ("dcat:byteSize", Text(str(one.size), "", "xsd:nonNegativeInteger")),
        ("spdx:checksum", checksum),
        *described,
    ]
    return Thing("dcat:Distribution", tuple(said), _address(release, one.name, places))


def _whole(release: Release, places: Places) -> Thing:
    said = _file(release, "package.zip", "application/zip", places)
    return Thing("dcat:Distribution", tuple(said), _address(release, "package.zip", places))


def _file(release: Release, name: str, media_type: str, places: Places) -> Said:
    told = terms(release)
    place, form = Iri(places.data(release, name)), FILE_TYPES[name.rpartition(".")[2]]
    rights: Said = [("dct:license", Iri(told.licence))] if told.licence else []
    unstated = Thing("dct:RightsStatement", (("rdfs:label", Text(told.licence_text, "en")),))
    return [
        ("dct:title", Text(name)),
        ("dcat:accessURL", place),
        ("dcat:downloadURL", place),
        ("dct:format", Iri(f"{AUTHORITY}/file-type/{form}")),
        ("dcat:mediaType", Iri(f"https://www.iana.org/assignments/media-types/{media_type}")),
        *(rights or [("dct:rights", unstated)]),
    ]


def _address(release: Release, name: str, places: Places) -> str:
    return f"{places.data(release, name)}#distribution"


def _publisher(told: Terms) -> Thing:
    return Thing("foaf:Agent", (("foaf:name", Text(told.publisher)),))


def _in_languages(name: str, make: Callable[[], str], places: Places) -> Said:
    """A text in every language that says it in its own words."""
    found: dict[str, str] = {}
    for code in places.languages:
        with speaking(code):
            found[code] = make()
    return [(name, Text(text, code)) for code, text in found.items() if code == "en" or text != found.get("en")]


def _languages(places: Places) -> Said:
    return [("dct:language", Iri(f"{AUTHORITY}/language/{LANGUAGE_CODES[code]}")) for code in places.languages]
