"""The first page: the account of the latest release on one screen, then its first figures."""

from django.http import HttpRequest, HttpResponse

from palermo.language import _, marked, ngettext, number
from palermo.portal.pages import page
from palermo.portal.places import changed, drawn, figure_named, shelf
from palermo.portal.views.catalogue import dataset_markup
from palermo.release.difference import NOW_HIDDEN, NOW_SHOWN, REVISED
from palermo.report.account import last_period
from palermo.report.amounts import written
from palermo.report.figure import Figure
from palermo.report.figures.unseen import years_named
from palermo.report.page.key_figures import key_figures
from palermo.report.reading import ALL_YEARS, Release

FIRST = ("P1", "P3", "E1", "L2")
ESTIMATES = {  # first those whom nobody detected: the larger number, of all, would be read as theirs
    "victims_hidden": marked("people on none of the lists compared, as estimated with its interval"),
    "victims_estimated": marked("people in all, detected and hidden, as estimated with its interval"),
}
MAY_BE_SAID = (
    marked(
        "How many people the listed services detected, and who they were. It is not how many people were trafficked."
    ),
    marked("A rise may mean that services find more people, not that more people are trafficked."),
    marked("A number that is hidden lies in the range shown. It is not zero, and not a sign of few."),
    marked("The estimate of those whom nobody detected stands on its own. It is never added to people detected."),
)


def home(request: HttpRequest) -> HttpResponse:
    """Detected, estimated, by sex, age and form, what changed, and what may be said."""
    release = shelf().latest
    area, period = release.area, last_period(release)
    named = {name: figure_named(release, area, period, name) for name in FIRST}
    figures = [drawn(one) for one in named.values() if one and not one.missing]
    detected = [text for name in ("P1", "P3") for text in _told(named[name])]
    return page(
        request, "home.html", key_figures=key_figures(release, period), figures=figures, area=area, period=period,
        detected=detected, hidden=_told(named["E1"]), estimates=_estimates(release),
        changes=_changes(release), before=shelf().before(release), may_be_said=[_(text) for text in MAY_BE_SAID],
        dataset=dataset_markup(release),
    )  # fmt: skip


def _estimates(release: Release) -> list[tuple[str, str]]:
    """The estimates with their intervals, which always go together, and what they are of; those that are there."""
    told = []
    for measure, what in ESTIMATES.items():
        row = release.one(measure, release.area, ALL_YEARS, unit="PERSON")
        if row.interval is not None:
            low, high = (number(bound) for bound in row.interval)
            words = _("{what}, {when}", what=_(what), when=years_named(release))
            told.append((_("{estimate} ({low} to {high})", estimate=written(row.amount), low=low, high=high), words))
    return told


def _told(figure: Figure | None) -> tuple[str, ...]:
    """The sentences of a figure, or why it has none."""
    if figure is None:
        return ()
    return (figure.missing,) if figure.missing else figure.text


def _changes(release: Release) -> list[str]:
    """What is not as it was in the release before, as sentences; nothing where this is the first."""
    earlier = shelf().before(release)
    if earlier is None:
        return []
    counts = {
        what: sum(one.what == what for one in changed(earlier, release)) for what in (REVISED, NOW_HIDDEN, NOW_SHOWN)
    }
    revised, hidden, seen = counts.values()
    told = [ngettext("{n} figure was revised.", "{n} figures were revised.", revised, n=number(revised))]
    if hidden:
        told.append(ngettext("{n} figure is now hidden.", "{n} figures are now hidden.", hidden, n=number(hidden)))
    if seen:
        told.append(ngettext("{n} figure is now shown.", "{n} figures are now shown.", seen, n=number(seen)))
    return told
