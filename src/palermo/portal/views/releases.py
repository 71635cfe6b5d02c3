"""The releases, what each holds, who stands for it, and which figures it revised."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from palermo.language import _, marked, number
from palermo.portal.pages import page
from palermo.portal.places import changed, release_named, same_years, shelf
from palermo.portal.shelf import WITHDRAWN
from palermo.portal.views.catalogue import dataset_markup
from palermo.release.difference import ADDED, GONE, NOW_HIDDEN, NOW_SHOWN, REVISED, Difference
from palermo.release.folder import CONTENT, MANIFEST
from palermo.report.amounts import exact, written
from palermo.report.labels import period_name
from palermo.report.observations import decimals_of
from palermo.report.packages.held_files import ABOUT as ABOUT_FILES
from palermo.report.page import words
from palermo.report.page.receipts import counted
from palermo.report.page.render import hidden_count
from palermo.report.reading import Release

CHANGES_A_PAGE = 100
WORDS = {
    REVISED: marked("revised"),
    NOW_HIDDEN: marked("now hidden"),
    NOW_SHOWN: marked("now shown"),
    ADDED: marked("new"),
    GONE: marked("no longer published"),
}
STATUS = {
    "approved": marked("approved"),
    "draft": marked("draft"),
    "candidate": marked("not yet approved"),
    "withdrawn": marked("withdrawn"),
}


@dataclass(frozen=True)
class Change:
    """One figure that differs between two releases, in words."""

    what: str
    figure: str
    before: str
    after: str


def releases(request: HttpRequest) -> HttpResponse:
    """All releases, the latest first."""
    told = [(one, _span(one), _(STATUS.get(one.status, one.status))) for one in reversed(shelf().releases)]
    return page(request, "releases.html", told=told)


def release_page(request: HttpRequest, release_id: str) -> HttpResponse:
    """One release: its standing, files, rules of counting and protection. Of a withdrawn one the notice alone."""
    found = shelf().by_id.get(release_id)
    if found is None:
        raise Http404(f"no release {release_id}")
    gone = found.status == WITHDRAWN
    return page(
        request, "release.html", found, 410 if gone else 200, gone=gone, names=words.names(found.standing),
        files=[(name, _(ABOUT_FILES[name])) for name in (*CONTENT, MANIFEST)], before=shelf().before(found),
        dataset="" if gone else dataset_markup(found),
        counting=words.counting_rules(found.metadata), sources=found.sources,
        protection=words.protection_rules(found.metadata, hidden_count(found)),
    )  # fmt: skip


def changes(request: HttpRequest, release_id: str) -> HttpResponse:
    """The figures that a release revised, hid or showed anew, against the one before it."""
    found = release_named(release_id)
    earlier = shelf().before(found)
    if earlier is None:
        raise Http404("no release before this one")
    every = changed(earlier, found)
    numbers = [(_(WORDS[what]), number(sum(one.what == what for one in every))) for what in WORDS]
    turn = max(1, int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1)
    in_both = [one for one in every if one.what not in {ADDED, GONE}]
    length = len(in_both) if settings.STATIC_EXPORT else CHANGES_A_PAGE  # a file has no second page
    first = (turn - 1) * length
    shown = [_change(found, one) for one in in_both[first : first + length]]
    more = len(in_both) > first + length
    other = "" if same_years(earlier, found) else _span(earlier)
    return page(
        request, "changes.html", found, earlier=earlier, counted=numbers, changes=shown, turn=turn, more=more,
        other=other, span=_span(found), hides=any(one.what == NOW_HIDDEN for one in every),
    )  # fmt: skip


def _span(release: Release) -> str:
    """The years that a release covers, in words; nothing where it takes what its sources give."""
    years = release.metadata.get("years")
    return period_name("/".join(str(year) for year in years)) if years else ""


def _change(release: Release, one: Difference) -> Change:
    definitions = release.receipts.get("indicators", {})
    title = _(str(definitions.get(one.codes["indicator"], {}).get("title") or one.codes["indicator"]))
    told = (title, counted(release, one.codes["unit"], one.codes))
    decimals = decimals_of(one.codes["unit"])
    shown = [_("hidden") if value is None else written(exact(value), decimals) for value in (one.before, one.after)]
    return Change(_(WORDS[one.what]), _(", ").join(told), *shown)
