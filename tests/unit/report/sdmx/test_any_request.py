"""Whatever is asked, the service answers: with what was asked for or with an SDMX error message, never by failing."""

import json
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

STARTS = st.sampled_from([
    [], ["data", "DF_TIP"], ["data", "dataflow", "PALERMO", "DF_TIP", "1.0"], ["structure"], ["codelist", "PALERMO"],
    ["availability", "dataflow", "PALERMO", "DF_TIP", "1.0"], ["availableconstraint", "DF_TIP", "all"],
])  # fmt: skip
WORDS = st.sampled_from([
    "data", "structure", "availability", "dataflow", "codelist", "datastructure", "schema", "PALERMO", "DF_TIP",
    "PALERMO,DF_TIP,1.0", "IAEG-SDGs", "1.0", "*", "all", "~", "+", ",", ".", "A.DEU", "A..", "%", "%2F", "%00", "..",
    "SEX", "TIME_PERIOD",
])  # fmt: skip
NAMES = st.sampled_from([
    "c[SEX]", "c[TIME_PERIOD]", "c[OBS_VALUE]", "c[", "c[X]", "format", "references", "detail", "mode", "attributes",
    "measures", "lastNObservations", "startPeriod", "endPeriod", "dimensionAtObservation", "",
])  # fmt: skip
VALUES = st.sampled_from([
    "F", "ge:2020", "le:9999-12-31", "0000", "9999", "0001-01-01/P9999Y", "eq:", "+", ",", "csv", "csv-both", "json",
    "xml", "all", "2020-01-01/P99999999999D", "9" * 30, "none", "full", "1", "-1", "1e9", "AllDimensions", "nan",
    "gt:inf", "2020-W53", "2020-366",
])  # fmt: skip
TEXTS = st.text(max_size=6)
ODD = st.sampled_from(["", "*/*", "text/csv", "application/json;q=0", ";", ",,", "a/b;q=x", "en-x;q=2"])


@settings(max_examples=60, deadline=None)
@given(
    start=STARTS,
    path=st.lists(WORDS | TEXTS, max_size=4),
    query=st.lists(st.tuples(NAMES, VALUES | TEXTS), max_size=3),
    headers=st.tuples(*[ODD | TEXTS] * 3),
)
def test_any_request_is_answered(ask, start, path, query, headers):
    asked = "&".join(f"{name}={value}" for name, value in query)
    accept, language, tag = headers
    answer, text = ask("/".join([*start, *path]), asked, accept, accept_language=language, if_none_match=tag)
    assert answer.status in {200, 304, 400, 404, 406, 422, 501}
    if answer.status not in {200, 304}:
        is_json = "json" in answer.headers["Content-Type"]
        assert json.loads(text)["errors"] if is_json else ET.fromstring(text)[0].get("code")
