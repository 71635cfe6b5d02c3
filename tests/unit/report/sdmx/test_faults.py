"""A query without an answer gets an SDMX error message with the right status, never an empty table."""

import json
from xml.etree import ElementTree as ET

import pytest

TIP = "data/dataflow/PALERMO/DF_TIP/1.0"
FAULTS = [
    (f"{TIP}/A.FRA", "", 404, 100),
    ("data/dataflow/PALERMO/NONE/1.0", "", 404, 100),
    ("data/PALERMO,DF_TIP,9.9", "", 404, 100),
    ("availability/dataflow/PALERMO/DF_TIP/1.0/A.FRA", "", 404, 100),
    ("structure/codelist/PALERMO/CL_SEX/1.0/F", "", 501, 501),
    ("data/DF_TIP/all/SOMEBODY", "", 404, 100),
    ("codelist/PALERMO/CL_NONE", "", 404, 100),
    (f"{TIP}/A.DEU.a.b.c.d.e.f.g.h.i.j.k.l.m", "", 422, 150),
    ("data/DF_TIP/A.DEU", "", 422, 150),
    (TIP, "c[NONE]=1", 422, 150),
    (TIP, "c[SEX]=ge:F", 422, 150),
    (TIP, "c[TIME_PERIOD]=co:20", 422, 150),
    (TIP, "c[TIME_PERIOD]=ge:soon", 422, 150),
    (TIP, "c[OBS_VALUE]=ge:many", 422, 150),
    (TIP, "c[OBS_VALUE]=sw:1", 422, 150),
    (TIP, "dimensionAtObservation=NONE", 422, 150),
    (TIP, "attributes=NONE", 422, 150),
    ("availability/dataflow/PALERMO/DF_TIP/1.0/*/NONE", "", 422, 150),
    (TIP, "c[SEX]=F&c[SEX]=M", 400, 140),
    (TIP, "c[SEX]=", 400, 140),
    (TIP, "lastNObservations=0", 400, 140),
    (TIP, "startPeriod=2020", 400, 140),
    ("data/DF_TIP", "c[SEX]=F", 400, 140),
    ("data/DF_TIP", "detail=some", 400, 140),
    ("dataflow", "references=some", 400, 140),
    ("dataflow", "detail=some", 400, 140),
    ("dataflow", "depth=1", 400, 140),
    ("nothing", "", 400, 140),
    ("", "", 400, 140),
    ("availability/dataflow/PALERMO/DF_TIP", "mode=some", 400, 140),
    (TIP, "updatedAfter=2020-01-01", 501, 501),
    (TIP, "includeHistory=true", 501, 501),
    ("data/*", "", 501, 501),
    ("data/provisionagreement/PALERMO/DF_TIP", "", 501, 501),
    ("schema/provisionagreement/PALERMO/DF_TIP", "", 501, 501),
    ("schema/dataflow/PALERMO/DF_NONE", "", 404, 100),
    ("schema/dataflow/PALERMO/DF_TIP", "detail=full", 400, 140),
    ("structure/categoryscheme", "", 501, 501),
    ("dataflow", "detail=allstubs", 501, 501),
    (TIP, "format=pdf", 406, 406),
]  # fmt: skip


@pytest.mark.parametrize(("path", "query", "status", "code"), FAULTS)
def test_the_fault_is_told_in_both_formats(ask, path, query, status, code):
    answer, text = ask(path, query, "application/json")
    assert (answer.status, json.loads(text)["errors"][0]["code"]) == (status, code)
    answer, text = ask(path, query, "application/xml")
    message = ET.fromstring(text)[0]
    assert (answer.status, message.get("code")) == (status, str(code))
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert "not all people trafficked" in text


def test_what_is_not_in_the_release_is_said_to_be_not_published(ask):
    _, text = ask(f"{TIP}/A.FRA")
    assert "not published" in json.loads(text)["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("path", "query"), [(f"{TIP}/A.*.*.*.*.*.QQ+F.QR", ""), (TIP, "c[SEX]=QQ&c[AGE]=QR,Y0T17&c[REF_AREA]=FRA")]
)
def test_a_code_that_no_list_has_is_named_with_its_list(ask, path, query):
    answer, text = ask(path, query, "application/json")
    told = json.loads(text)["errors"][0]["detail"]
    assert answer.status == 404
    assert "SEX: 'QQ' is no code of CL_SEX (structure/codelist/PALERMO/CL_SEX/1.0)" in told
    assert ("AGE: 'QR'" in told, "'F'" in told, "'Y0T17'" in told, "FRA" in told) == (True, False, False, False)
    assert ask("structure/codelist/PALERMO/CL_SEX/1.0")[0].status == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "data+json;version=2.0.0"),
        ("*/*", "data+json;version=2.0.0"),
        ("text/csv", "data+csv;version=2.0.0"),
        ("application/xml", "data+xml;version=3.0.0"),
        ("application/vnd.sdmx.data+csv;version=1.0.0", "data+csv;version=1.0.0"),
        ("application/vnd.sdmx.data+csv;version=2.0.0;labels=id", "data+csv;version=2.0.0"),
        ("application/vnd.sdmx.data+xml;version=3.0", "data+xml;version=3.0.0"),
        ("application/vnd.sdmx.data+json", "data+json;version=2.0.0"),
        ("application/vnd.sdmx.genericdata+xml;version=2.1", "genericdata+xml;version=2.1"),
        ("text/html;q=0.9, text/csv;q=0.4, application/json;q=0.5", "data+json;version=2.0.0"),
        ("application/json;q=0, text/csv", "data+csv;version=2.0.0"),
        ("application/json;q=0, */*;q=0.1", "data+csv;version=2.0.0"),
        ("*/*;q=0, text/csv", "data+csv;version=2.0.0"),
        ("application/xml;q=0, application/vnd.sdmx.data+xml;version=3.0.0", "data+xml;version=3.0.0"),
        ("Text/CSV; Q=0.5, application/json;q=0.2", "data+csv;version=2.0.0"),
    ],
)
def test_the_format_is_the_best_that_the_client_accepts(ask, accept, media_type):
    answer, _ = ask(f"{TIP}/A.DEU.victims_by_sex_age", "", accept)
    assert answer.headers["Content-Type"] == f"application/vnd.sdmx.{media_type}"
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "accept",
    [
        "image/png",
        "application/vnd.sdmx.data+json;version=1.0.0",
        "application/vnd.sdmx.data+csv;keys=both",
        "*/*;q=0",
        "text/csv;q=0, application/json;q=0.0",
    ],
)
def test_a_format_that_is_not_offered_is_not_replaced_by_another(ask, accept):
    answer, text = ask(TIP, "", accept)
    assert answer.status == 406
    assert "application/vnd.sdmx.data+csv;version=2.0.0" in text


def test_addresses_of_2_1_answer_in_2_1_unless_asked_otherwise(ask):
    assert ask("data/DF_TIP")[0].headers["Content-Type"].endswith("genericdata+xml;version=2.1")
    assert ask("data/DF_TIP", "", "application/xml")[0].headers["Content-Type"].endswith("genericdata+xml;version=2.1")
    assert ask("dataflow")[0].headers["Content-Type"].endswith("structure+xml;version=2.1")
    assert ask("structure/dataflow", "", "text/xml")[0].headers["Content-Type"].endswith("structure+xml;version=3.0.0")


def test_an_unchanged_release_is_not_sent_again(ask, release):
    answer, _ = ask(TIP)
    tag = answer.headers["ETag"]
    assert release.id in tag
    for path in (TIP, "dataflow"):
        again, text = ask(path, if_none_match=f'"other", {tag}')
        assert (again.status, text) == (304, "")
    assert ask(TIP, if_none_match='W/"other"')[0].status == 200


def test_the_language_is_the_one_asked_for(ask):
    _, text = ask("structure/codelist/PALERMO/CL_AREA", accept_language="xx, fr-FR;q=0.8, en;q=0.2")
    areas = {code["id"]: code for code in json.loads(text)["data"]["codelists"][0]["codes"]}
    assert areas["CIV"]["name"].startswith("Côte")
    assert areas["ESP"]["name"] == "Espagne"
    assert set(areas["ESP"]["names"]) == {"en", "fr", "es", "ar", "ru", "zh"}
    assert areas["DEU"]["names"]["en"] == "Exampleland"
