"""Search: words from their beginning, phrases as they stand, scripts without spaces, no query language let through."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.portal.search import Entry, Index
from palermo.portal.search_words import queries_of

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
     ("", []), ("- * ( ) : ^", []), ('"', []), ("AND", ["/2"]),("title:Germany", ["/1"]),
     ("Германии", ["/1"]), ("Германию", ["/1"]), ("victim", ["/2"]), ("conviction", ["/3"]),
     ("detected victims", ["/2"]),
     ("women AND girls", ["/2"]), ("NEAR(women girls)", ["/2"]), ("NOT Germany", ["/1"]), ("l’Allemagne", ["/1"]),
     ("l'Allemagne", ["/1"]), ("德国人", ["/1"]), ("Germany nothing else", ["/1"]), ("nothing", [])],
)  # fmt: skip
def test_what_is_found(asked, found):
    assert sorted(entry.place for entry in INDEX.find(asked).entries) == found


def test_what_holds_only_some_of_the_words_says_so():
    assert not INDEX.find("women girls").is_partial
    assert INDEX.find("women elsewhere").is_partial
    assert not INDEX.find("elsewhere").is_partial


def test_digits_and_letters_are_the_same_however_they_are_written():
    index = Index([Entry("Figure", "٢٠٢١", "осужденные", "/1"), Entry("Figure", "2022", "", "/2")])
    for asked in ("2021", "２０２１", "٢٠٢١", "осуждённые", "осужденным"):
        assert [entry.place for entry in index.find(asked).entries] == ["/1"]
    assert [entry.place for entry in index.find("٢٠٢٢").entries] == ["/2"]


def test_what_is_cut_off_says_so():
    index = Index([Entry("Figure", "victims", "", f"/{n}") for n in range(60)])
    assert (len(index.find("victims").entries), index.find("victims").is_cut) == (50, True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text):
    assert isinstance(INDEX.find(text).entries, list)
    assert "\x00" not in "".join(queries_of(text))


def page(site, language, asked):
    return site.get(f"/{language}/search/", {"q": asked}).content.decode()


@pytest.mark.parametrize(("language", "asked"), [("en", "Holland"), ("en", "german"), ("en", "deu"), ("zh", "germany")])
def test_a_country_is_found_by_any_of_its_names(site, language, asked):
    found = f'href="/{language}/areas/DEU/"' in page(site, language, asked)
    assert found == (asked != "Holland")


def test_a_receipt_is_found_by_the_beginning_of_its_id(site):
    receipt = re.search(r"/en/receipts/(\w+)/", site.get("/en/areas/DEU/2022/figures/P1/").content.decode()).group(1)
    for asked in (receipt, receipt[:8], receipt.upper()):
        assert f'href="/en/receipts/{receipt}/"' in page(site, "en", asked)
    assert "/en/receipts/" not in page(site, "en", "fedcba98")


@pytest.mark.parametrize("asked", ["", " ", '"', "*", "-", "AND", "NEAR(", "a" * 5000, "\x00", "\ud7ff", "' OR 1=1 --"])
def test_nothing_typed_by_accident_breaks_the_page(site, asked):
    assert site.get("/en/search/", {"q": asked}).status_code == 200


def test_countries_named_within_other_words_lead_and_short_words_do_not_name_any(site):
    found = re.findall(r'<li><span class="kind">([^<]*)</span>', page(site, "en", "how many girls in France"))
    assert found[0] == "Country"
    assert "/en/areas/FRA/" in page(site, "en", "girls France 2021")
    assert '<span class="kind">Country' not in page(site, "en", "women and girls")
