"""The explorer shows released numbers by their codes, and answers "not published" for all others."""

import csv
import io
import re

import pytest

CUBE = "victims_by_sex_age.victims_detected.PERSON"


def cells(page):
    return re.findall(r'<td class="(\w+)">\s*<span>([^<]*)</span>', page)


def test_the_address_is_the_query(site):
    page = site.get(f"/en/explore/{CUBE}/?rows=sex&columns=ref_area&time_period=2021&age=_T").content.decode()
    assert cells(page) == [
        ("number", "100"), ("number", "120"), ("number", "82"), ("number", "102"),
        ("hidden", "hidden (0–18)"), ("hidden", "hidden (0–18)"), ("number", "0"), ("number", "0"),
    ]  # fmt: skip


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
