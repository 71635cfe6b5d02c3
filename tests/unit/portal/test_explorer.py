"""The explorer shows released numbers by their codes, and answers "not published" for all others."""

import csv
import io
import re
from html import unescape

import pytest

from palermo.language import speaking
from palermo.portal.places import shelf
from palermo.report.explore.words import in_reading_order

CUBE = "victims_by_sex_age.victims_detected.PERSON"


def cells(page):
    return re.findall(r'<td class="(\w+)">\s*<span>([^<]*)</span>', page)


def test_the_address_is_the_query(site):
    page = site.get(f"/en/explore/{CUBE}/?rows=sex&columns=ref_area&time_period=2021&age=_T").content.decode()
    assert cells(page) == [
        ("number", "100"), ("number", "120"), ("number", "82"), ("number", "102"),
        ("hidden", "hidden (0–18)"), ("hidden", "hidden (0–18)"), ("number", "0"), ("number", "0"),
    ]  # fmt: skip


def test_what_is_counted_stands_below_the_table(site):
    page = site.get(f"/en/explore/{CUBE}/").content.decode()
    assert 'What is counted: Persons detected. <a href="/en/definitions/#victims_by_sex_age">Definitions</a>' in page


def test_hidden_and_zero_are_two_things_in_the_file_as_well(site, releases):
    answer = site.get(f"/data/{releases['second']}/explore/{CUBE}.csv?rows=sex&time_period=2022&age=_T")
    rows = {row["sex"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert (rows["M"]["value"], rows["M"]["lower"], rows["M"]["upper"]) == ("", "0", "18")
    assert (rows["_U"]["value"], rows["_U"]["obs_status"]) == ("0", "A")


@pytest.mark.parametrize("asked", ["form=sexual", "time_period=1999", "age=Y0T4", "citizenship=DEU", "sex=Z&rows=age"])
def test_what_the_release_does_not_break_down_is_not_published(site, asked):
    page = site.get(f"/en/explore/{CUBE}/?{asked}")
    assert page.status_code == 200
    assert "Nothing is published for this choice" in page.content.decode()
    assert cells(page.content.decode()) == []


@pytest.mark.parametrize("asked", ["row=sex", "rows=colour", "page=0", "page=x", "sort=best"])
def test_a_mistyped_address_is_refused_by_its_word(site, asked):
    page = site.get(f"/en/explore/{CUBE}/?{asked}")
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()


def test_an_address_cannot_write_into_the_page(site):
    page = site.get(f"/en/explore/{CUBE}/?rows=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
    assert "<script>" not in page


def test_a_dimension_moved_from_columns_to_rows_is_not_refused(site):
    page = site.get(f"/en/explore/{CUBE}/?rows=sex&columns=sex")
    assert page.status_code == 200
    assert page.content == site.get(f"/en/explore/{CUBE}/?rows=sex").content.replace(
        b'?rows=sex"', b'?rows=sex&amp;columns=sex"'
    )


@pytest.mark.parametrize(("asked", "expected"), [
    ("rows=sex&sex=F&age=_T", [("number", "82")]),
    ("rows=age&columns=sex&sex=F&age=Y0T17", [("number", "41")]),
    ("rows=sex&columns=ref_area&ref_area=FRA&sex=_T&age=_T", [("number", "120")]),
])  # fmt: skip
def test_a_code_for_rows_or_columns_leaves_that_one_alone(site, asked, expected):
    place = f"/en/explore/{CUBE}/?{asked}&time_period=2021" + ("" if "ref_area" in asked else "&ref_area=DEU")
    page = site.get(place).content.decode()
    assert cells(page) == expected
    assert "alone is shown." in page
    assert "Show all" in page


def test_the_form_does_not_keep_the_code_of_what_it_puts_in_rows(site):
    answer = site.get(f"/en/explore/{CUBE}/?chosen=1&rows=sex&columns=ref_area&sex=F&ref_area=DEU&age=Y0T17")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/explore/{CUBE}/?rows=sex&columns=ref_area&age=Y0T17")


def test_a_choice_without_numbers_leads_on_to_those_with(site):
    place = f"/en/explore/{CUBE}/?rows=sex&time_period=1999&ref_area=DEU&age=_T"
    page = site.get(place).content.decode()
    ways = re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', page.partition('id="ways-on"')[2].partition("</nav>")[0])
    assert [words for _, words in ways] == [
        "Year: 2022", "These rows and columns with what is published", "This table as it begins",
    ]  # fmt: skip
    for way, _words in ways:
        assert cells(site.get(unescape(way)).content.decode())


def test_boxes_keep_apart_what_finds_nothing(site):
    page = site.get("/en/explore/persons_convicted.persons_convicted.PERSON/").content.decode()
    assert "optgroup" not in page
    place = f"/en/explore/{CUBE}/?rows=sex&time_period=1999&ref_area=DEU&age=_T"
    closed = re.findall(r"<optgroup.*?</optgroup>", site.get(place).content.decode(), re.DOTALL)
    assert [re.findall(r'value="(\w+)"', one) for one in closed] == [["FRA"], ["Y0T17", "Y_GE18"]]


@pytest.mark.parametrize("language", ["fr", "es", "ar", "ru", "zh"])
def test_a_fault_is_told_in_the_language_of_the_page(site, language):
    def fault(code, asked):
        page = site.get(f"/{code}/explore/{CUBE}/?{asked}").content.decode()
        return re.search(r'role="alert">([^<]*)<', page).group(1)

    for asked in ("row=sex", "rows=colour", "page=0", "sort=best"):
        assert fault(language, asked) != fault("en", asked)


def test_a_table_is_named_without_saying_a_thing_twice(site):
    page = site.get("/en/explore/").content.decode()
    assert "Convicted: persons convicted, persons" in page
    for name in re.findall(r'<option value="[\w.]+"[^>]*>([^<]*)</option>', page):
        words = re.split(r": |, ", name.lower())
        assert len(words) == len(set(words))


def test_a_table_of_several_countries_begins_with_the_countries(site):
    page = site.get(f"/en/explore/{CUBE}/").content.decode()
    assert re.findall(r'<th scope="row">([^<]*)</th>', page) == ["Country of the test (made up)", "France"]


def test_areas_stand_by_their_names_between_totals_and_what_is_not_known(site):
    release = shelf().latest
    codes = ("ALB", "AGO", "_U", "ARE", "AND", "_T")
    with speaking("en"):
        assert in_reading_order(release, "citizenship", codes) == ["_T", "ALB", "AND", "AGO", "ARE", "_U"]
    with speaking("fr"):
        assert in_reading_order(release, "citizenship", codes) == ["_T", "ALB", "AND", "AGO", "ARE", "_U"]
    assert in_reading_order(release, "sex", ("M", "F")) == ["M", "F"]


def test_a_wide_table_has_fewer_rows_a_page(site, monkeypatch):
    monkeypatch.setattr("palermo.report.explore.view_figure.CELLS_A_PAGE", 8)
    page = site.get(f"/en/explore/{CUBE}/?rows=sex&columns=ref_area&age=_T").content.decode()
    assert len(cells(page)) == 8
    assert "Page 1 of" not in page
    monkeypatch.setattr("palermo.report.explore.view_figure.CELLS_A_PAGE", 4)
    page = site.get(f"/en/explore/{CUBE}/?rows=sex&columns=ref_area&age=_T&page=9").content.decode()
    assert len(cells(page)) == 4
    assert "Page 2 of 2" in page
