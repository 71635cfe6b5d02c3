"""Every kind of page in a browser: English, Arabic and Chinese, on a phone, enlarged and on a desk, light and dark."""

import pytest

from .reader import KINDS, REFUSED
from .seen import CUT, OVERFLOW, axe_findings, watched

SEEN_IN = ("en", "ar", "zh")
# The width at which WCAG 2.2 asks for reflow (400 %), a phone, a desk enlarged to 200 %, a desk.
WIDTHS = (320, 360, 640, 1280)
PAIR = ("", "regions/150/", "releases/", "releases/{release}/", "releases/{release}/changes/", "areas/DEU/2021/")


@pytest.fixture(scope="module")
def page(browser, site):
    with watched(browser, site) as opened:
        yield opened


def look(page, address, status=200):
    """Open a page and assert that it is whole and accessible at every width, in the light and in the dark."""
    page.faults.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert page.goto(address).status == status
    assert axe_findings(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert (width, page.evaluate(OVERFLOW)) == (width, 0)
        assert (width, page.evaluate(CUT)) == (width, [])
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert axe_findings(page) == []
    assert page.faults == []


@pytest.mark.parametrize("language", SEEN_IN)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_whole_and_accessible(site, page, kind, language):
    look(page, site.address + site.path_of(kind, language), REFUSED.get(kind, 200))


@pytest.mark.parametrize("path", PAIR)
def test_pages_of_an_office_with_two_releases(browser, approved_site, path):
    with watched(browser, approved_site) as page:
        look(page, f"{approved_site.address}/en/{path.format(release=approved_site.latest)}")


@pytest.mark.slow
@pytest.mark.parametrize("language", SEEN_IN)
def test_every_figure_is_whole_and_accessible(site, page, language):
    page.goto(f"{site.address}/{language}/figures/")
    for address in page.eval_on_selector_all("main li a", "found => found.map(one => one.href)"):
        look(page, address)


def test_the_watch_sees_what_is_wrong(site, page):
    page.goto(f"{site.address}/en/figures/")
    page.faults.clear()
    page.evaluate("""() => {
      const image = document.createElement('img')
      image.src = 'http://elsewhere.invalid/spy.png'
      image.style = 'display: block; width: 3000px; height: 9px'
      document.querySelector('main').append(image)
    }""")
    assert page.evaluate(OVERFLOW) > 0
    assert [rule for rule, _nodes in axe_findings(page)] == ["image-alt"]
    assert any("Content Security Policy" in fault for fault in page.faults)
