"""The first page: the account of the latest release on one screen."""

from django.http import HttpRequest, HttpResponse

from palermo.portal.pages import page
from palermo.portal.places import shelf
from palermo.report.account import last_period
from palermo.report.figures.forms import victims_by_form
from palermo.report.figures.people import victims_by_age_and_sex
from palermo.report.figures.trend import detected_trend
from palermo.report.figures.unseen import hidden_number
from palermo.report.page.key_figures import key_figures
from palermo.report.page.render import shown

FIRST = (victims_by_age_and_sex, victims_by_form, hidden_number, detected_trend)


def home(request: HttpRequest) -> HttpResponse:
    """Detected, estimated, by sex, age and form, and what changed."""
    release = shelf().latest
    period = last_period(release)
    figures = [shown(make(release, release.area, period)) for make in FIRST]
    return page(request, "home.html", key_figures=key_figures(release, period), figures=figures, area=release.area,
                period=period)  # fmt: skip
