"""Pages: what stands on each, in which language, with which headers; what is refused."""

import re

import pytest

from palermo.language import LANGUAGES
from palermo.report.page.words import DETECTED_ONLY, MADE_UP_SENTENCE

WHERE = "areas/DEU/2022/figures/P1"
PAGES = ("", "figures/", "areas/", "areas/DEU/", "areas/DEU/2022/", f"{WHERE}/", "regions/150/", "explore/",
         "definitions/", "releases/", "search/?q=victims")  # fmt: skip


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_is_counted_and_that_it_is_made_up(site, page):
    answer = site.get(f"/en/{page}")
    assert answer.status_code == 200
    assert DETECTED_ONLY in text(answer)
    assert MADE_UP_SENTENCE in text(answer)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_is_named_and_directed(site, code):
    answer = site.get(f"/{code}/{WHERE}/")
    assert f'<html lang="{code}" dir="{LANGUAGES[code].direction}">' in text(answer)
    assert answer["Content-Language"] == code
    others = re.findall(r'hreflang="(\w+)"', text(answer))
    assert others == list(LANGUAGES)


@pytest.mark.parametrize(
    ("liked", "led"), [("ar-EG,en;q=0.5", "ar"), ("de", "en"), ("de,zh;q=0.1", "zh"), ("", "en"), ("fr;q=x,es", "es")]
)
def test_a_reader_is_led_to_her_language(site, liked, led):
    answer = site.get("/explore/?rows=sex", headers={"accept-language": liked})
    assert (answer.status_code, answer["Location"]) == (302, f"/{led}/explore/?rows=sex")


def test_nothing_is_kept_of_a_reader_and_nothing_is_loaded_from_elsewhere(site):
    for page in PAGES:
        answer = site.get(f"/en/{page}")
        assert not answer.cookies
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', text(answer))
        assert not re.findall(r"<script(?! type=\"application/ld\+json\")|\sstyle=|\son\w+=", text(answer))


def test_a_page_that_a_browser_has_is_not_sent_again(site):
    first = site.get("/en/figures/")
    again = site.get("/en/figures/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert site.get("/fr/figures/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_page_says_how_long_it_is_so_that_the_connection_stays_open(site):
    for _ in range(2):
        answer = site.get("/en/figures/", headers={"accept-encoding": "gzip"})
        assert (answer["Content-Encoding"], answer["Content-Length"]) == ("gzip", str(len(answer.content)))


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_site_only_answers_questions(site, method):
    assert getattr(site, method)("/en/").status_code == 405


@pytest.mark.parametrize(
    "page",
    ["nothing/", "areas/ITA/", "areas/DEU/1999/", "areas/DEU/2022/figures/ZZ/", "explore/none/", "receipts/00/",
     "releases/00/", "regions/002/"],
)  # fmt: skip
def test_what_is_not_there_is_not_published(site, page):
    answer = site.get(f"/en/{page}")
    assert answer.status_code == 404
    assert "Not published" in text(answer)


def test_a_withdrawn_release_is_a_notice_without_figures(site, releases):
    answer = site.get(f"/en/releases/{releases['withdrawn']}/")
    assert answer.status_code == 410
    assert "WITHDRAWN" in text(answer)
    assert "cube.csv" not in text(answer)
    assert site.get(f"/data/{releases['withdrawn']}/cube.csv").status_code == 404
    assert site.get(f"/en/releases/{releases['draft']}/").status_code == 404


def test_what_changed_is_told_figure_by_figure(site, releases):
    answer = text(site.get(f"/en/releases/{releases['second']}/changes/"))
    assert "revised" in answer
    assert '<td class="number">60</td><td class="number">100</td>' in answer
    assert "Persons, Country of the test (made up), 2021" in answer  # as receipts say it, without codes
    assert "figures were revised" in text(site.get("/en/"))
    assert site.get(f"/en/releases/{releases['first']}/changes/").status_code == 404


def test_a_figure_leads_to_its_table_receipts_method_and_citation(site, releases):
    page = text(site.get(f"/en/{WHERE}/"))
    cited = f"/releases/{releases['second']}/{WHERE}/"
    assert f'href="/data/{releases["second"]}/{WHERE}.csv"' in page
    assert f'href="/en{cited}"' in page
    assert 'href="/en/definitions/#victims_by_sex_age">Method' in page
    receipt = re.search(r"/en/receipts/\w+/", page).group()
    assert "Persons detected." in text(site.get(receipt))
    earlier = text(site.get(f"/en/releases/{releases['first']}/{WHERE}/"))
    assert f"release {releases['first']}" in earlier


def test_files_are_those_of_the_release(site, releases):
    for name in ("cube.csv", "cube.parquet", "manifest.json"):
        answer = site.get(f"/data/{releases['first']}/{name}")
        assert b"".join(answer.streaming_content) == (releases["home"] / releases["first"] / name).read_bytes()
        assert answer["ETag"].startswith(f'"{releases["first"]}-')
    assert site.get(f"/data/{releases['first']}/secret.json").status_code == 404
    assert site.get(f"/data/{releases['first']}/..%2f{releases['second']}%2fcube.csv").status_code == 404


def test_a_year_of_an_area_without_lists_begins_with_the_first_figure_that_has_numbers(site):
    page = text(site.get("/en/areas/DEU/2022/"))
    assert page.count("<figure id") == 1
    assert 'id="figure-P1"' in page or "Figure P1" in page


def test_the_codes_of_a_figure_are_a_link_away(site):
    """Sex and age of P1 lead to their code lists; what it is not broken down by does not stand there."""
    found = set(re.findall(r'href="/en/definitions/#(codes-\w+)"', text(site.get(f"/en/{WHERE}/"))))
    assert found >= {"codes-sex", "codes-age"}
    assert "codes-form" not in found
    definitions = text(site.get("/en/definitions/"))
    assert all(f'<h3 id="{name}">' in definitions for name in found)
