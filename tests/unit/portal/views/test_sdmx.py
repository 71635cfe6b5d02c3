"""The SDMX view hands path, query and headers on as they came, and sends the answer piece by piece."""

import json
import os
from types import SimpleNamespace

import django
import pyarrow as pa
import pytest
from django.test import RequestFactory
from django.urls import resolve

from palermo.account.schema import DIMENSIONS
from palermo.portal.views import sdmx as view
from palermo.release.schema import RELEASED
from palermo.report.reading import Release

TIP = "data/dataflow/PALERMO/DF_TIP/1.0"
URLS = "palermo.portal.urls"


def row(sex, year, value):
    codes = dict.fromkeys(DIMENSIONS, "_T") | {"ref_area": "DEU", "time_period": year, "sex": sex}
    return codes | {
        "indicator": "victims_by_sex_age", "measure": "victims_detected", "unit": "PERSON", "kind": "detected",
        "value": value, "lower": value, "upper": value, "obs_status": "A", "conf_status": "F",
        "receipt_id": f"r{sex}{year}",
    }  # fmt: skip


@pytest.fixture
def asked(monkeypatch):
    """``asked(path, query, method, headers)``: the answer of the view over one made-up release."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", os.environ.get("DJANGO_SETTINGS_MODULE", "palermo.site.settings"))
    django.setup()
    rows = [row(sex, year, 9.0) for sex in ("F", "M") for year in ("2020", "2021", "2022")]
    release = Release(
        "feedfacefeedface", pa.Table.from_pylist(rows, schema=RELEASED), {}, {"made_up": True, "area": "DEU"}
    )
    view.service.cache_clear()
    monkeypatch.setattr(view, "release_named", lambda _: release)
    monkeypatch.setattr(view, "shelf", lambda: SimpleNamespace(by_id={release.id: release}))

    def answer(path, query="", method="GET", headers=None):
        request = RequestFactory().generic(method, f"/sdmx/{path}?{query}", headers=headers or {})
        found = resolve(request.path_info, URLS)
        return found.func(request, **found.kwargs)

    yield answer
    view.service.cache_clear()


def body(response):
    return b"".join(response.streaming_content).decode()


def test_a_plus_in_path_and_query_stays_a_plus(asked):
    for query in ("c[TIME_PERIOD]=ge:2021+le:2021&format=csv", "c[TIME_PERIOD]=ge:2021%2Ble:2021&format=csv"):
        assert len(body(asked(TIP, query)).splitlines()) == 3
    both = body(asked("data/DF_TIP/A.DEU.....F+M.......", "format=csv"))
    assert len(both.splitlines()) == 7


def test_headers_decide_format_and_language(asked):
    response = asked(TIP, headers={"Accept": "text/csv", "Accept-Language": "fr"})
    assert response.headers["Content-Type"] == "application/vnd.sdmx.data+csv;version=2.0.0"
    assert response.headers["Content-Language"] == "fr"
    assert response.headers["ETag"].startswith('W/"feedfacefeedface-')
    assert asked(TIP, headers={"Accept": "image/png"}).status_code == 406
    assert asked(TIP, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_a_fault_is_an_sdmx_message(asked):
    response = asked(f"{TIP}/A.FRA", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert json.loads(body(response))["errors"][0]["code"] == 100


def test_a_release_has_its_own_address(asked):
    response = asked(f"releases/feedfacefeedface/{TIP}", "format=json")
    assert json.loads(body(response))["meta"]["id"] == "PALERMO-feedfacefeedface"


def test_head_has_no_body_and_nothing_can_be_sent_in(asked):
    response = asked(TIP, method="HEAD")
    assert (response.status_code, body(response)) == (200, "")
    assert asked(TIP, method="POST").status_code == 405


def test_the_bare_address_leads_to_what_can_be_asked(asked):
    answer = asked("")
    assert (answer.status_code, answer["Location"]) == (302, "/api/")
