"""Given name, family name and words from the columns that a list has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage.names.parts import name_parts


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        (("Zev", "Dwuglo", None), ("zev", "dwuglo", "dwuglo zev")),
        ((None, None, "Zev Marwan Dwuglo"), ("zev marwan", "dwuglo", "dwuglo marwan zev")),
        ((None, None, "DWUGLO, Zev Marwan"), ("zev marwan", "dwuglo", "dwuglo marwan zev")),
        ((None, None, "DWUGLO Zev"), ("zev", "dwuglo", "dwuglo zev")),
        ((None, None, "Zev DWUGLO BRU"), ("zev", "dwuglo bru", "bru dwuglo zev")),
        ((None, None, "Nguyen Van Zev"), ("zev", "nguyen", "nguyen zev")),
        ((None, None, "王小明"), ("xiaoming", "wang", "wang xiaoming")),
        (("小明", "王", None), ("xiaoming", "wang", "wang xiaoming")),
        ((None, None, "Zev"), ("zev", "", "zev")),
        (("Zev Petrovna", "Dwuglova", None), ("zev", "dwuglova", "dwuglova petrovna zev")),
        ((None, "Petrovich", None), ("", "petrovich", "petrovich")),
        (("Zev Dwuglo", "Dwuglo", None), ("zev", "dwuglo", "dwuglo zev")),
        (("Zev", None, "Zev Dwuglo"), ("zev", "dwuglo", "dwuglo zev")),
        (("Abdul", "Rahman", None), ("", "abdrahman", "abdrahman")),
        (("N/A", "unknown", "Zev Dwuglo"), ("zev", "dwuglo", "dwuglo zev")),
        (("Jane", "Dwuglo", "Jane Doe"), ("jane", "dwuglo", "dwuglo jane")),
        ((None, None, None, "Zev Bru; Glo"), ("zev", "bru", "bru zev")),
        ((None, None, None), ("", "", "")),
    ],
)
def test_parts(columns, parts):
    assert name_parts(*columns) == parts


TEXT = st.none() | st.text(max_size=15)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_words_are_sorted_and_hold_every_part(given_name, family, full, other):
    parts = name_parts(given_name, family, full, other)
    words = parts.tokens.split()
    assert words == sorted(set(words))
    assert {*parts.given.split(), *parts.family.split()} <= set(words)
    assert parts == name_parts(given_name, family, full, other)
