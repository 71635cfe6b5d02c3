"""Code lists of a release: ours in full, and what only this release has."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.report.sdmx.code_lists import scheme, sdmx_ids


def entries(list_id, used, release):
    return {entry.id: entry for entry in scheme(list_id, used, release).entries}


def test_indicators_have_the_titles_and_words_of_their_receipts(releasing, observed):
    release = releasing([observed("some_count", 3.0)])
    told = {"indicators": {"some_count": {"title": "Some count", "words": "What is counted."}}}
    found = entries("CL_INDICATOR", {"some_count", "other"}, replace(release, receipts=told))
    assert (found["some_count"].names["en"], found["some_count"].descriptions["en"]) == (
        "Some count",
        "What is counted.",
    )
    assert found["other"].names["en"] == "other"


def test_codes_that_only_a_release_has_are_in_its_list_with_a_name(release):
    assert entries("CL_AGE", {"Y3T5"}, release)["Y3T5"].names["en"] == "3 to 5 years"
    assert entries("CL_AREA", {"_T", "DEU"}, release)["DEU"].names["en"] == "Exampleland"
    assert entries("CL_AREA", {"QQQ"}, release)["QQQ"].names["en"] == "QQQ"
    assert entries("CL_SOURCE_LIST", {"police"}, release)["police"].names["en"] == "police"


@settings(max_examples=60, deadline=None)
@given(st.sets(st.text(max_size=5), max_size=8))
def test_every_code_gets_one_id_that_sdmx_allows(codes):
    made = sdmx_ids(codes)
    assert set(made) == codes
    assert len(set(made.values())) == len(codes)
    assert all(one and one[0] not in "@-" and set(one) <= set(ALLOWED) for one in made.values())
    assert all(made[code] == code for code in codes if code and set(code) <= set(ALLOWED) and code[0] not in "@-")


ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@$-"
