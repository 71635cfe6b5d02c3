"""Every figure of the account, one page each, for an area and a period."""

from django.http import Http404, HttpRequest, HttpResponse

from palermo.portal.pages import page
from palermo.portal.places import release_named, shelf
from palermo.report.account import last_period, sections_of
from palermo.report.page.receipts import annexes
from palermo.report.page.render import shown


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
    annex = next(iter(annexes(release, [made[figure_id]])[0]), None)
    return page(request, "figure_page.html", release, shown=shown(made[figure_id]), annex=annex)
