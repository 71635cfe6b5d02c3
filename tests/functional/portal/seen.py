"""What a browser sees of a page: faults that it reports, what is cut off, what axe finds."""

from contextlib import contextmanager
from pathlib import Path

import pytest

# The rules of axe for WCAG 2.2 A and AA, for good practice and those on trial; none is switched off.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
AXE = """tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(found => [
  found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200) + ': ' + node.failureSummary)]),
  [found.violations, found.passes, found.incomplete, found.inapplicable].flat().map(one => one.tags).flat(),
])"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => {
  const wide = document.documentElement.clientWidth + 1
  const words = [...document.querySelectorAll('svg.drawing text')].filter(one => {
    const box = one.getBoundingClientRect()
    return box.width && (box.left < -1 || box.right > wide) && !one.closest('.scroll')
  })
  const boxes = [...document.body.querySelectorAll('*')].filter(one =>
    ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1 &&
    !one.closest('.unseen') && !one.closest('svg'))
  return [...words, ...boxes].map(one => one.textContent.trim().slice(0, 80))
}"""


@contextmanager
def watched(browser, site, **options):
    """A page whose faults are gathered: errors on its console, scripts that fail, requests that leave the site."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.faults = []

    def told(message):
        is_its_status = message.location["url"] == page.url and "responded with a status of 4" in message.text
        if message.type in {"error", "warning"} and not is_its_status:
            page.faults.append(message.text)

    def asked(request):
        if not request.url.startswith((f"{site.address}/", "data:")):
            page.faults.append(f"left the site: {request.url}")

    page.on("console", told)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", asked)
    try:
        yield page
    finally:
        context.close()


def script() -> str:
    """The script of axe-core, as its package for Playwright brings it."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def axe_findings(page):
    """What axe finds, rule by rule. Asserts that rules of every part of WCAG 2.2 A and AA ran."""
    page.evaluate(script())
    found, tags = page.evaluate(AXE, [*WCAG, "best-practice", "experimental"])
    assert set(WCAG) <= set(tags)
    return found
