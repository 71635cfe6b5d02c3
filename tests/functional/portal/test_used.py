"""The site used by people who use it in their own ways: keyboard alone, no JavaScript, paper, colours of their own."""

import re

import pytest

from .exposed import rows_of
from .reader import KINDS, LANGUAGES, WHERE
from .seen import CUT, OVERFLOW, watched

FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one)
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  return [one.tagName + ' ' + (one.id || one.getAttribute('href') || one.textContent.trim()), seen && box.width > 1]
}"""
REACHED = """() => [...document.querySelectorAll(
  'a[href], select, button, input:not([type="hidden"]), [tabindex="0"]')].map(one =>
  one.tagName + ' ' + (one.id || one.getAttribute('href') || one.textContent.trim()))"""
CONTRAST = """() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
    const [r, g, b] = parts.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const paper = light(getComputedStyle(document.body).backgroundColor)
  return [...document.querySelectorAll('svg.drawing text')].map(one => {
    const ink = light(getComputedStyle(one).fill)
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
  })
}"""
TABS_AT_MOST = 60
CELLS = "found => found.map(cell => cell.innerText.trim())"


@pytest.fixture
def page(browser, site):
    with watched(browser, site, viewport={"width": 1280, "height": 900}) as opened:
        yield opened
        assert opened.faults == []


def tab_to(page, wanted):
    """Press Tab until an element that matches is focused."""
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} was not reached by {TABS_AT_MOST} presses of Tab")


@pytest.mark.parametrize("kind", ["explorer by two", "search", "figure"])
def test_tab_reaches_everything_in_its_order_and_shows_where_it_is(site, page, kind):
    page.goto(site.address + site.path_of(kind))
    expected = page.evaluate(REACHED)
    found = []
    for _ in expected:
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    assert [name for name, _seen in found] == expected
    assert [name for name, seen in found if not seen] == []


def test_the_skip_link_leads_past_the_links(site, page):
    page.goto(site.address + site.path_of("explorer"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_explorer_is_used_by_keyboard_and_the_language_keeps_the_page(site, page):
    page.goto(f"{site.address}/en/")
    tab_to(page, ".site-nav a[href='/en/explore/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/explore/")
    tab_to(page, "#choose-rows")
    page.keyboard.press("a")  # Age
    tab_to(page, "#choose-columns")
    page.keyboard.press("s")  # Sex
    tab_to(page, "#choose-sort")
    page.keyboard.press("ArrowDown")
    tab_to(page, "form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**rows=age**")
    assert "columns=sex" in page.url
    assert "sort=size" in page.url
    headings = page.locator("figure thead th").all_inner_texts()
    assert headings[:3] == ["Age", "Total", "Female"]
    numbers = page.locator("figure tbody tr").count()
    asked = page.url.partition("/en/")[2]
    tab_to(page, ".languages a[lang='ar']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ar/**")
    assert page.url.partition("/ar/")[2] == asked
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.locator("figure tbody tr").count() == numbers


def test_the_same_path_without_javascript(browser, site):
    with watched(browser, site, java_script_enabled=False) as page:
        page.goto(f"{site.address}/en/")
        page.click(".site-nav a[href='/en/explore/']")
        page.select_option("#choose-rows", "age")
        page.select_option("#choose-columns", "sex")
        page.click("form:has(#choose-rows) button")
        assert "rows=age&columns=sex" in page.url
        assert page.locator("figure svg").count() > 1
        with page.expect_download() as download:
            page.click("figcaption .links a[href*='.csv']")
        assert download.value.suggested_filename.endswith(".csv")
        page.click(".languages a[lang='zh']")
        assert "/zh/explore/" in page.url
        assert "rows=age&columns=sex" in page.url
        assert page.faults == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_print_is_whole_and_without_what_only_a_screen_needs(site, page, language, tmp_path):
    reading = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    page.goto(site.address + site.path_of("figure", language))
    cells = page.eval_on_selector_all("tbody th code", CELLS)
    numbers = page.eval_on_selector_all("figure td.number", CELLS)
    page.emulate_media(media="print")
    for hidden in (".site-nav", ".languages", ".links", ".skip"):
        assert not page.locator(hidden).first.is_visible(), hidden
    made = tmp_path / "page.pdf"
    page.pdf(path=made, format="A4")
    document = reading.PdfDocument(made)
    told = re.sub(r"\s", "", "".join(sheet.get_textpage().get_text_range() for sheet in document))
    document.close()
    assert "中文" not in told
    assert len(cells) > 10
    if language == "en":  # what is written from right to left comes out of a PDF in another order
        assert [cell for cell in [*cells, *numbers] if cell not in told] == []
        assert "detected,notallpeopletrafficked" in told


def test_a_printed_page_begins_with_its_figure_and_without_the_form(site, page, tmp_path):
    reading = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    page.goto(site.address + site.path_of("explorer by two"))
    page.emulate_media(media="print")
    assert not page.locator("form").last.is_visible()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    document = reading.PdfDocument(tmp_path / "page.pdf")
    first = document[0].get_textpage().get_text_range()
    document.close()
    assert "Female" in first


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["active", "none"])
def test_colours_of_the_reader_and_less_motion(browser, site, scheme, forced):
    """Words of drawings can be read in every scheme, which axe cannot judge, and nothing moves."""
    chosen = {"forced_colors": forced, "reduced_motion": "reduce", "color_scheme": scheme}
    with watched(browser, site, viewport={"width": 640, "height": 900}, **chosen) as page:
        for kind in ("home", "explorer by two", "explorer over time", "map"):
            page.goto(site.address + site.path_of(kind))
            assert page.evaluate(OVERFLOW) == 0
            assert page.evaluate(CUT) == []
            assert min(page.evaluate(CONTRAST)) >= 4.5, kind
            assert page.evaluate("document.getAnimations().length") == 0
        assert page.faults == []


def test_large_letters_cut_nothing(site, page):
    """Letters alone at twice their size, as a reader sets them who does not enlarge the page."""
    for kind in KINDS:
        page.goto(site.address + site.path_of(kind))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert (kind, page.evaluate(OVERFLOW), page.evaluate(CUT)) == (kind, 0, [])
    page.faults[:] = [fault for fault in page.faults if "status of 4" not in fault]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_drawings_fit_a_small_phone_in_every_language(browser, site, language):
    """Letters of some scripts are wider, and words of some languages longer, than those the drawings were made with."""
    with watched(browser, site, viewport={"width": 320, "height": 700}) as page:
        for figure in ("P2", "P5", "C6", "E4", "F2"):
            page.goto(f"{site.address}/{language}/{WHERE}/figures/{figure}/")
            assert (figure, page.evaluate(OVERFLOW), page.evaluate(CUT)) == (figure, 0, [])
        assert page.faults == []


def test_an_estimate_never_stands_without_its_interval(site):
    cube = "victims_estimated.victims_estimated.PERSON"
    page = site.get(f"/en/explore/{cube}/?rows=sex").text
    assert '<th scope="col" class="number">Interval</th>' in page
    rows = rows_of(site.get(f"/data/{site.latest}/explore/{cube}.csv?rows=sex&columns=age").text)
    whole = {row["measure"]: row for row in rows if row["sex"] == "_T"}
    estimate, interval = whole["_T"], whole["_T_interval"]
    assert (interval["value"], interval["status"]) == ("", "interval")
    assert float(interval["lower"]) < float(estimate["value"]) < float(interval["upper"])


def test_the_estimate_on_the_first_page_names_its_years(site):
    page = site.get("/en/").text
    whole = page.index("people in all, detected and hidden, as estimated with its interval, 2019–2023")
    # Under "whom nobody detected" their own number stands first, not that of all.
    assert page.index("people on none of the lists compared, as estimated with its interval, 2019–2023") < whole
