"""Descriptions of releases for programs, read back by programs that no one here wrote: frictionless, csvw, rdflib."""

import hashlib
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import frictionless
import pytest
import rdflib
from csvw import CSVW
from django.test import override_settings
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS, XSD

from palermo.portal.places import shelf
from palermo.portal.views import catalogue as view
from palermo.portal.views.catalogue import dataset_markup
from palermo.report.packages.classes import CLASSES
from palermo.report.packages.schema_org import in_page
from palermo.report.packages.statements import PREFIXES

HERE = "http://office.test/"
# rdflib's own reader of JSON-LD uses a class that it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture
def files(releases):
    """The files of the latest release by name."""
    return {file.name: file.read_bytes() for file in (releases["home"] / releases["second"]).iterdir()}


@pytest.fixture
def unpacked(site, releases, tmp_path):
    """The whole package, laid out in a folder."""
    answer = site.get(f"/data/{releases['second']}/package.zip")
    assert answer.streaming
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_frictionless_finds_the_package_valid(unpacked):
    report = frictionless.Package(str(unpacked / "datapackage.json")).validate()
    assert report.flatten(["title", "note"]) == []


def test_frictionless_would_see_a_changed_number(unpacked):
    cube = unpacked / "cube.csv"
    cube.write_text(cube.read_text().replace(",50,50,50,", ",51,51,51,", 1))
    report = frictionless.Package(str(unpacked / "datapackage.json")).validate()
    assert "Hash Count Error" in {title for (title,) in report.flatten(["title"])}


def test_every_file_is_described_with_its_bytes_and_hash(unpacked, files):
    told = json.loads((unpacked / "datapackage.json").read_text())
    assert {one["path"] for one in told["resources"]} == set(files)
    for one in told["resources"]:
        content = files[one["path"]]
        assert (unpacked / one["path"]).read_bytes() == content
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert "MADE UP DATA" in told["description"]
    assert "licenses" not in told
    assert "MADE UP DATA" in (unpacked / "README.txt").read_text()


def test_the_same_release_gives_the_same_package_twice(site, releases):
    first, second = (b"".join(site.get(f"/data/{releases['second']}/package.zip").streaming_content) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_package_that_the_reader_has_is_not_sent_again(site, releases):
    place = f"/data/{releases['second']}/package.zip"
    tag = site.get(place)["ETag"]
    assert releases["second"] in tag
    assert site.get(place, headers={"If-None-Match": tag}).status_code == 304


def test_csvw_reads_every_row_with_its_type(unpacked):
    table = CSVW(str(unpacked / "cube.csv"))
    assert table.is_valid
    rows = table.to_json()["tables"][0]["row"]
    assert len(rows) == len((unpacked / "cube.csv").read_text().splitlines()) - 1
    values = {row["describes"][0].get("value") for row in rows}
    assert None in values
    assert 50.0 in values


@pytest.mark.parametrize("place", ["csvw/cube.json", "cube.csv-metadata.json"])
def test_csvw_leads_to_the_table_from_where_it_lies(site, releases, place):
    told = json.loads(site.get(f"/data/{releases['second']}/{place}").content)
    assert told["url"] == ("../cube.csv" if "/" in place else "cube.csv")


@pytest.fixture
def graphs(site):
    turtle, json_ld = site.get("/catalogue.ttl"), site.get("/catalogue.jsonld")
    return [
        rdflib.Graph().parse(data=answer.content, format=form, publicID=f"{HERE}catalogue.jsonld")
        for answer, form in ((turtle, "turtle"), (json_ld, "json-ld"))
    ]


def test_turtle_and_json_ld_say_the_same(graphs):
    assert len(graphs[0]) > 100
    assert isomorphic(*graphs)


def test_the_catalogue_has_what_dcat_ap_must_have(graphs, releases, files):
    graph = graphs[0]
    (whole,) = graph.subjects(RDF.type, DCAT.Catalog)
    for part in (whole, *graph.subjects(RDF.type, DCAT.Dataset)):
        assert graph.value(part, DCTERMS.title) or list(graph.objects(part, DCTERMS.title))
        assert list(graph.objects(part, DCTERMS.description))
        assert graph.value(part, DCTERMS.publisher)
    datasets = {str(one) for one in graph.objects(whole, DCAT.dataset)}
    assert datasets == {f"{HERE}data/{releases[name]}/" for name in ("first", "second")}
    latest = rdflib.URIRef(f"{HERE}data/{releases['second']}/")
    assert graph.value(latest, DCTERMS.replaces) == rdflib.URIRef(f"{HERE}data/{releases['first']}/")
    for one in graph.objects(latest, DCAT.distribution):
        assert (one, RDF.type, DCAT.Distribution) in graph
        assert graph.value(one, DCAT.accessURL)
        assert graph.value(one, DCTERMS.rights)
        name = str(graph.value(one, DCTERMS.title))
        if name in files:
            checksum = graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)
            assert str(checksum) == hashlib.sha256(files[name]).hexdigest()
            assert checksum.datatype == XSD.hexBinary
            assert int(graph.value(one, DCAT.byteSize)) == len(files[name])


def test_each_value_has_the_class_that_dcat_ap_asks_for(graphs):
    """As the official shapes (SHACL) of DCAT-AP 3 check it, which look into no other document."""
    prefixes = {name: rdflib.Namespace(place) for name, place in PREFIXES.items()}

    def named(text):
        prefix, _, name = text.partition(":")
        return prefixes[prefix][name]

    graph = graphs[0]
    for name, kind in CLASSES.items():
        values = set(graph.objects(None, named(name)))
        assert values or name == "dct:license"
        for value in values:
            assert (value, RDF.type, named(kind)) in graph, f"{name} {value}"
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert graph.value(concept, SKOS.prefLabel)
    for service in graph.subjects(RDF.type, DCAT.DataService):
        assert set(graph.objects(service, DCAT.servesDataset)) == set(graph.subjects(RDF.type, DCAT.Dataset))


def test_every_address_of_the_catalogue_that_is_ours_leads_somewhere(site, graphs):
    ours = {str(one) for one in graphs[0].objects() if str(one).startswith(HERE) and "*" not in str(one)}
    places = {one.partition("#")[0].removeprefix(HERE) for one in ours}
    assert len(places) > 10
    for place in places - {"sdmx/"}:  # the place below which the service answers
        answer = site.get(f"/{place}", follow=True)
        assert answer.status_code == 200, place
        answer.close()


def test_a_licence_that_the_office_states_stands_in_every_description(site, releases, monkeypatch):
    monkeypatch.setenv("PALERMO_LICENCE", "https://creativecommons.org/licenses/by/4.0/")
    monkeypatch.setenv("PALERMO_PUBLISHER", "Office of the test")
    view._catalogue.cache_clear()
    try:
        text = json.dumps(json.loads(view.catalogue_json_ld(None).content))
    finally:
        view._catalogue.cache_clear()
    package = json.loads(view.package_description(None, releases["second"]).content)
    assert text.count("licenses/by/4.0/") > 5
    assert package["licenses"][0]["path"].endswith("by/4.0/")
    assert package["contributors"][0]["title"] == "Office of the test"


def markup_of(page):
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode(), re.DOTALL)
    return json.loads(found)


def test_pages_carry_the_dataset_for_search_engines(site, releases):
    for place in ("/en/", f"/en/releases/{releases['second']}/"):
        told = markup_of(site.get(place))
        assert (told["@type"], told["identifier"]) == ("Dataset", releases["second"])
        assert told["temporalCoverage"] == "2021/2022"
        assert "distribution" not in told
    gone = site.get(f"/en/releases/{releases['withdrawn']}/")
    assert b"ld+json" not in gone.content


def test_with_an_address_of_its_own_the_site_names_its_files(site, releases):
    with override_settings(BASE_URL="https://office.test"):
        told = json.loads(dataset_markup(shelf().latest))
    assert told["distribution"][0]["contentUrl"].startswith(f"https://office.test/data/{releases['second']}/")


def test_markup_within_a_page_cannot_end_the_block():
    told = in_page({"name": "</script><b>\u2028"})
    assert "<" not in told
    assert json.loads(told)["name"] == "</script><b>\u2028"


def test_the_policy_lets_no_script_of_the_page_itself_run(site):
    """The block is data, which browsers keep and do not run; the policy needs no exception for it."""
    policy = site.get("/en/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_robots_are_told_what_to_leave_and_drafts_are_for_none_of_them(site):
    assert "Disallow: /*/search/" in site.get("/robots.txt").content.decode()
    with override_settings(SHOW_DRAFTS=True):
        assert view.robots(None).content.decode().splitlines()[1] == "Disallow: /"


def test_every_page_of_the_sitemap_is_there(site):
    tree = ElementTree.fromstring(b"".join(site.get("/sitemap.xml").streaming_content))
    places = [one.text for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(places) > 50
    assert all(place.startswith("http://testserver/") for place in places)
    for place in places:
        if "/en/" in place:
            assert site.get(place.removeprefix("http://testserver")).status_code == 200
