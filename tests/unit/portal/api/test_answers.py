"""Answers of the data service over two made-up releases: what each says, how it is kept, what is refused."""

import csv
import io
import json

import pytest

CUBE = "victims_by_sex_age.victims_detected.PERSON"


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines(answer):
    return list(csv.DictReader(io.StringIO(body(answer).decode())))


@pytest.fixture
def latest(releases):
    return f"/api/releases/{releases['second']}"


@pytest.mark.parametrize(
    "place",
    ["/api/", "/api/releases", "/api/definitions", "{}", "{}/cubes", "{}/areas", "{}/figures", "{}/observations",
     f"{{}}/cubes/{CUBE}", "{}/areas/DEU/2022/figures/P1"],
)  # fmt: skip
def test_every_answer_says_its_release_what_is_counted_and_how_to_cite_it(site, latest, releases, place):
    answer = site.get(place.format(latest))
    told = answer.json() if not answer.streaming else json.loads(body(answer))
    assert told["release_id"] == releases["second"]
    assert told["made_up"] is True
    assert told["standing"] == {"status": "approved", "warning": "", "replaces": releases["first"]}
    assert told["about"].startswith("MADE UP DATA.")
    assert releases["second"] in told["citation"]
    assert told["licence"]["url"] is None
    assert set(told["nothing"]) == {"hidden", "_U", "_N", "0", "not published"}
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["ETag"].startswith(f'"{releases["second"]}-')
    assert "max-age" in answer["Cache-Control"]


def test_hidden_zero_and_not_published_stay_apart(site, latest):
    told = site.get(f"{latest}/cubes/{CUBE}?rows=sex&columns=age&ref_area=DEU&time_period=2022").json()
    cells = {(row["code"], cell["column"]): cell for row in told["rows"] for cell in row["cells"]}
    hidden, zero = cells["M", "_T"], cells["_U", "_T"]
    assert (hidden["value"], hidden["lower"], hidden["upper"], hidden["status"]) == (None, 0, 18, "hidden")
    assert (hidden["obs_status"], hidden["conf_status"]) == ("Q", "A")
    assert (zero["value"], zero["status"], zero["conf_status"]) == (0, "exact", "F")
    none = site.get(f"{latest}/cubes/{CUBE}?rows=sex&form=sexual").json()
    assert none["rows"] == []
    assert none["missing"].startswith("Nothing is published")


def test_observations_are_filtered_by_exact_codes_and_paged(site, latest):
    query = "ref_area=DEU&time_period=2022&indicator=victims_by_sex_age"
    every = json.loads(body(site.get(f"{latest}/observations?{query}")))["observations"]
    assert len(every) == 12
    assert {row["ref_area"] for row in every} == {"DEU"}
    found, place = [], f"{latest}/observations?{query}&limit=5"
    while place:
        told = json.loads(body(site.get(place)))
        assert told["total"] == 12
        found += told["observations"]
        place = told["next"]
    assert found == every


def test_csv_holds_the_same_numbers_and_says_on_every_line_what_they_are(site, latest, releases):
    told = json.loads(body(site.get(f"{latest}/observations?sex=M")))["observations"]
    rows = lines(site.get(f"{latest}/observations.csv?sex=M"))
    assert [row["receipt_id"] for row in rows] == [row["receipt_id"] for row in told]
    assert {row["value"] for row in rows} == {""}
    assert {row["status"] for row in rows} == {"hidden"}
    assert {row["release_id"] for row in rows} == {releases["second"]}
    assert {row["made_up"] for row in rows} == {"yes"}
    assert all("not all people trafficked" in row["about"] for row in rows)
    assert body(site.get(f"{latest}/observations?sex=M&format=csv")) == body(
        site.get(f"{latest}/observations.csv?sex=M")
    )


def test_labels_follow_the_language_and_codes_do_not(site, latest):
    english, arabic = (site.get(f"{latest}/cubes/{CUBE}?rows=sex&lang={code}") for code in ("en", "ar"))
    assert [row["code"] for row in english.json()["rows"]] == [row["code"] for row in arabic.json()["rows"]]
    assert arabic["Content-Language"] == "ar"
    assert arabic.json()["language"] == "ar"


@pytest.mark.parametrize("place", ["{}/cubes", "{}/observations.csv", "/api/definitions"])
def test_an_answer_that_the_reader_has_is_not_sent_again(site, latest, place):
    first = site.get(place.format(latest))
    again = site.get(place.format(latest), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert body(again) == b""
    assert site.get(place.format(latest), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("place", "word", "expected"),
    [
        ("{}/observations?colour=red", "colour", "indicator"),
        ("{}/observations?limit=0", "limit", "from 1"),
        ("{}/observations?offset=-1", "offset", "from 0"),
        ("{}/observations?lang=xx", "lang", "en, fr"),
        ("{}/observations?sex=", "sex", "a code"),
        ("{}/observations?sex=F&sex=M", "sex", "once"),
        (f"{{}}/cubes/{CUBE}?rows=sex&columns=sex", "columns", "two different dimensions"),
    ],
)
def test_a_word_that_cannot_be_read_is_named_with_what_was_expected(site, latest, place, word, expected):
    answer = site.get(place.format(latest))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["word"] == word
    assert expected in told["expected"]
    assert "found" in told
    assert "not all people trafficked" in told["about"]


@pytest.mark.parametrize(
    "place",
    ["/api/nothing", "/api/releases/0000000000000000", "/api/releases/x", "{}/cubes/none", "/api/receipts/none",
     "{}/areas/ZZZ/2022/figures/P1", "{}/areas/DEU/1900/figures/P1", "{}/areas/DEU/2022/figures/Q9",
     "{}/figures?area=FJI"],
)  # fmt: skip
def test_what_is_not_there_is_not_published(site, latest, place):
    answer = site.get(place.format(latest))
    assert answer.status_code == 404
    assert answer.json()["title"] == "Not published"
    assert "does not mean that there is nobody" in answer.json()["detail"]


def test_a_region_has_its_figures_as_on_its_page(site, latest, releases):
    told = site.get(f"{latest}/figures?area=150&period=2022").json()
    assert told["area"] == "150"
    one = told["figures"][0]
    assert site.get(one["url"]).json()["title"] == one["title"]
    page = site.get(f"/en/releases/{releases['second']}/areas/150/2022/figures/{one['id']}/")
    assert one["title"] in page.content.decode()


def test_a_release_that_was_withdrawn_gives_no_number(site, releases):
    for place in ("", "/cubes", "/observations", "/figures"):
        answer = site.get(f"/api/releases/{releases['withdrawn']}{place}")
        assert answer.status_code == 410
        assert "a list was wrong" in answer.json()["detail"]
    listed = {one["id"]: one for one in site.get("/api/releases").json()["releases"]}
    assert listed[releases["withdrawn"]]["status"] == "withdrawn"
    assert "url" not in listed[releases["withdrawn"]]
    assert releases["draft"] not in listed


def test_the_latest_leads_on_with_its_query(site, releases):
    answer = site.get("/api/latest/observations?sex=F")
    assert answer.status_code == 302
    assert answer["Location"] == f"/api/releases/{releases['second']}/observations?sex=F"
    assert site.get("/api/latest/observations?sex=").status_code == 400


def test_a_receipt_names_every_release_that_holds_it(site, latest, releases):
    row = json.loads(body(site.get(f"{latest}/observations?limit=1")))["observations"][0]
    told = site.get(f"/api/receipts/{row['receipt_id']}").json()
    assert releases["second"] in told["releases"]
    assert row in told["observations"]
    assert told["definition"]["title"]


def test_a_figure_tells_its_table_with_bounds_and_its_receipts(site, latest):
    told = site.get(f"{latest}/areas/DEU/2022/figures/P1").json()
    cells = [cell for row in told["table"]["rows"] for cell in row["cells"]]
    assert cells
    assert {"value", "lower", "upper", "status", "obs_status", "conf_status"} == set(cells[0])
    assert told["receipts"]
    assert told["alt"]
    assert lines(site.get(f"{latest}/areas/DEU/2022/figures/P1.csv"))


def test_a_browser_gets_a_page_and_a_program_json(site):
    page = site.get("/api/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page["Content-Type"].startswith("text/html")
    assert "/api/openapi.json" in page.content.decode()
    told = site.get("/api/", headers={"Accept": "*/*"})
    assert told["Content-Type"] == "application/json"
    assert all(answer["Vary"].split(", ")[0] == "Accept" for answer in (page, told))
    assert page["ETag"] != told["ETag"]


def test_pages_of_others_may_ask_with_a_tag(site, latest):
    answer = site.options(f"{latest}/cubes")
    assert answer.status_code == 204
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    assert site.post(f"{latest}/cubes").status_code == 405


def test_every_address_of_the_index_leads_somewhere(site):
    for place in site.get("/api/").json()["links"]:
        answer = site.get(place, follow=True)
        assert answer.status_code == 200, place
        body(answer)


def test_the_document_is_made_of_the_routes_that_answer(site, latest):
    told = site.get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    first = json.loads(body(site.get(f"{latest}/observations?limit=1")))["observations"][0]
    parts = {"release_id": latest.rpartition("/")[2], "cube_id": CUBE, "area": "DEU", "period": "2022",
             "figure_id": "P1", "receipt_id": first["receipt_id"]}  # fmt: skip
    for place in told["paths"]:
        answer = site.get(place.format(**parts))
        assert answer.status_code == (302 if "/latest" in place else 200), place
        body(answer)


def test_a_name_that_is_not_ours_is_refused_and_no_failure(site):
    assert site.get("/sitemap.xml", headers={"Host": "evil.test"}).status_code == 400


def test_the_page_of_the_index_speaks_the_language_of_its_address(site):
    page = site.get("/ar/api/", headers={"Accept": "text/html"})
    assert page["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in page.content.decode()


@pytest.mark.parametrize("place", ["observations", "observations.csv", f"cubes/{CUBE}", f"cubes/{CUBE}.csv"])
@pytest.mark.parametrize(
    ("column", "code", "near", "listed"),
    [
        ("sex", "QQ", "F", "/api/definitions"),
        ("sex", "female", "F", "/api/definitions"),
        ("form", "sexaul", "sexual", "/api/definitions"),
        ("ref_area", "DE", "DEU", "{}/cubes"),
        ("ref_area", "276", "DEU", "{}/cubes"),
        ("citizenship", "Nigeria", "NGA", "{}/cubes"),
        ("time_period", "20221", "2022", "{}/cubes"),
        ("list", "police", "_T", "{}/cubes"),
        ("band", "TENS", "10T50", "/api/definitions"),
    ],
)
def test_a_code_that_nobody_knows_is_refused_with_near_ones(site, latest, place, column, code, near, listed):
    answer = site.get(f"{latest}/{place}?{column}={code}")
    told = answer.json()
    assert (answer.status_code, told["word"], told["found"]) == (400, column, code)
    assert near in told["expected"]
    assert listed.format(latest) in told["expected"]
    assert site.get(listed.format(latest)).status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["sex=O", "form=sexual", "ref_area=NAM", "ref_area=019", "citizenship=STATELESS", "time_period=1990", "age=Y15T17",
     "time_period=2021/2022", "list=_U", "kind=estimated", "unit=OFFENCE"],
)  # fmt: skip
def test_a_code_that_is_known_and_not_published_says_so(site, latest, asked):
    told = json.loads(body(site.get(f"{latest}/observations?{asked}")))
    assert (told["observations"], told["missing"].partition(".")[0]) == ([], "Nothing is published for this choice")


def test_an_indicator_that_nobody_knows_is_refused(site, latest):
    told = site.get(f"{latest}/observations?indicator=victims_by_sex_ages").json()
    assert (told["status"], told["word"]) == (400, "indicator")
    assert "victims_by_sex_age" in told["expected"]


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        ("text/html;q=0.1, application/json", False),
        ("text/html;q=0", False),
        ("application/json;q=0.5, text/html", True),
    ],
)
def test_the_index_is_what_the_reader_likes_best(site, accept, is_page):
    assert site.get("/api/", headers={"Accept": accept})["Content-Type"].startswith("text/html") == is_page


@pytest.mark.parametrize("place", ["observations", f"cubes/{CUBE}", "areas/DEU/2022/figures/P1"])
@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/csv", "text/csv"), ("application/json;q=0.5, text/csv", "text/csv"), ("*/*", "application/json"),
     ("text/html, */*;q=0.8", "application/json"), ("text/csv;q=0.1, application/json", "application/json")],
)  # fmt: skip
def test_csv_is_had_by_what_the_reader_accepts_too(site, latest, place, accept, form):
    answer = site.get(f"{latest}/{place}", headers={"Accept": accept})
    assert answer["Content-Type"].startswith(form)
    assert "Accept" in answer["Vary"]
    again = site.get(f"{latest}/{place}", headers={"Accept": accept, "If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    other = "application/json" if form == "text/csv" else "text/csv"
    asked = {"Accept": other, "If-None-Match": answer["ETag"]}
    assert site.get(f"{latest}/{place}", headers=asked).status_code == 200


@pytest.mark.parametrize(
    ("place", "said"),
    [("{}/figures?area=QQQ", "area: found QQQ"), ("{}/figures?area=DEU&period=next", "period: found next"),
     (f"/data/{{id}}/explore/{CUBE}.csv?sex=QQ", "sex: found QQ"),
     (f"/en/explore/{CUBE}/feed.atom?ref_area=QQQ", "QQQ")],
)  # fmt: skip
def test_a_code_that_nobody_knows_is_said_wherever_it_is_asked(site, latest, releases, place, said):
    answer = site.get(place.format(latest, id=releases["second"]))
    assert answer.status_code == 400
    assert said in body(answer).decode()
    assert "a code of" in body(answer).decode()
