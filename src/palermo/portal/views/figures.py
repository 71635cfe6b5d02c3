"""Every figure of the account, one page each, for an area and a period."""

from django.http import Http404, HttpRequest, HttpResponse

from palermo.portal.pages import page
from palermo.portal.places import shelf
from palermo.report.account import last_period, sections_of
from palermo.report.page.render import shown
from palermo.report.reading import Release


def figures(request: HttpRequest) -> HttpResponse:
    """The list of figures, in the order of the account."""
    release = shelf().latest
    return page(request, "figures.html", sections=sections_of(release), period=last_period(release))


def figure(request: HttpRequest, figure_id: str, release_id: str | None = None) -> HttpResponse:
    """One figure with its table, sentences and links."""
    release = release_named(release_id)
    made = {one.id: one for *_, group in sections_of(release) for one in group}
    if figure_id not in made:
        raise Http404(f"no figure {figure_id}")
    return page(request, "figure_page.html", release, shown=shown(made[figure_id]))


def release_named(release_id: str | None) -> Release:
    """The release of this id, or the latest. Raises ``Http404`` where none of that id may be read."""
    if release_id is None:
        return shelf().latest
    found = shelf().by_id.get(release_id)
    if found is None:
        raise Http404(f"no release {release_id}")
    return found
