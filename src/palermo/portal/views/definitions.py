"""What words and numbers mean: the indicators of the latest release, and the code lists behind every table."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from palermo.codes import code_list
from palermo.language import _
from palermo.portal.pages import page
from palermo.portal.places import shelf
from palermo.report.draw.legend import MARKS
from palermo.report.glossary import CODE_LISTS, glossary
from palermo.report.page.receipts import DefinitionTold, definition
from palermo.report.reading import Release


@dataclass(frozen=True)
class Told:
    """A code list: its title, where it comes from, and (code, label, description) for each code."""

    id: str
    title: str
    source: str
    codes: tuple[tuple[str, str, str], ...]


def definitions(request: HttpRequest) -> HttpResponse:
    """Indicators and code lists on one page, each with an anchor of its own."""
    release = shelf().latest
    lists = [_list(name) for name in CODE_LISTS]
    return page(request, "definitions.html", indicators=_indicators(release), lists=lists, marks=MARKS.values(),
                glossary=glossary())  # fmt: skip


def _indicators(release: Release) -> list[tuple[str, DefinitionTold]]:
    told = release.receipts.get("indicators", {})
    return [(name, definition(release.definition_of(name), name, place)) for place, name in enumerate(sorted(told), 1)]


def _list(name: str) -> Told:
    found = code_list(name)
    codes = tuple((one.id, _(one.label), _(one.description)) for one in (*found.codes, *found.table_codes))
    return Told(f"codes-{name}", _(found.title), found.source, codes)
