"""Every figure of the account, one page each, for an area and a period of the latest or a named release."""

from django.http import Http404, HttpRequest, HttpResponse

from palermo.portal.pages import page
from palermo.portal.places import drawn, figure_named, release_named, sections, shelf
from palermo.report.account import last_period
from palermo.report.page.receipts import annexes


def figures(request: HttpRequest) -> HttpResponse:
    """The list of figures, in the order of the account."""
    release = shelf().latest
    area, period = release.area, last_period(release)
    return page(request, "figures.html", sections=sections(release, area, period), area=area, period=period)


def figure(request: HttpRequest, area: str, period: str, figure_id: str, release_id: str | None = None) -> HttpResponse:
    """One figure with its table, sentences, links and receipts."""
    release = release_named(release_id)
    made = figure_named(release, area, period, figure_id)
    if made is None:
        raise Http404(f"no figure {figure_id}")
    annex = next(iter(annexes(release, [made])[0]), None)
    return page(
        request, "figure_page.html", release, shown=drawn(made), annex=annex, area=area, period=period,
        cited=release_id is not None,
    )  # fmt: skip
