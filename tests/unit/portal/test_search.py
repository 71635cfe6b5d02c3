"""Search: words from their beginning, phrases as they stand, scripts without spaces, no query language let through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.portal.search import Entry, Index, query_of

INDEX = Index([
    Entry("Country", "Germany", "DEU Allemagne Alemania ألمانيا Германия 德国", "/1"),
    Entry("Figure", "Victims detected, by sex", "women and girls detected", "/2"),
    Entry("Figure", "Convictions", "women convicted; détectées", "/3"),
    Entry("Figure", "نسبة الضحايا المكتشَفين", "السخرة أو الخدمة قسراً", "/4"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [("german", ["/1"]), ("Герман", ["/1"]), ("ألمانيا", ["/1"]), ("德国", ["/1"]), ("国德", []),
     ("المكتشفين", ["/4"]), ("ضحايا", ["/4"]), ("والضحايا", ["/4"]), ("قسرا", ["/4"]), ("او", ["/4"]),
     ("women", ["/2", "/3"]),
     ("women girls", ["/2"]), ('"women convicted"', ["/3"]), ('"convicted women"', []), ("detectees", ["/3"]),
     ("", []), ("- * ( ) : ^", []), ('"', []), ("AND", ["/2"]),("title:Germany", [])],
)  # fmt: skip
def test_what_is_found(asked, found):
    assert sorted(entry.place for entry in INDEX.find(asked)) == found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text):
    assert isinstance(INDEX.find(text), list)
    assert "\x00" not in query_of(text)
