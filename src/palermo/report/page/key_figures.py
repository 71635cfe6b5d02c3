"""The few numbers at the top of the page, each computed from the release like every other."""

from dataclasses import dataclass

from palermo.language import _
from palermo.report.amounts import State, written
from palermo.report.figures import parts
from palermo.report.figures.people import people_rows, share_children, share_female
from palermo.report.reading import Release


@dataclass(frozen=True)
class KeyFigure:
    """A number with what it counts and when."""

    value: str
    label: str
    when: str


def key_figures(release: Release, period: str, area: str | None = None) -> tuple[KeyFigure, ...]:
    """People detected, the shares of women and girls and of children, people convicted; those that are published.

    Of the account's own area where ``area`` is not named.
    """
    place = area or release.area
    indicator = parts.people_source(release, place)
    at = parts.frame(release, "", indicator, place, period)
    whole = release.one(indicator, at.area, at.period, unit="PERSON").amount
    rows = people_rows(release, indicator, at.area, at.period)
    convicted = parts.frame(release, "", "persons_convicted", place, period)
    found = [
        (whole, "", _("people detected"), at.period),
        (share_female(rows), "%", _("women and girls, of those known"), at.period),
        (share_children(rows), "%", _("children, of those known"), at.period),
        (release.one("persons_convicted", place, convicted.period).amount, "", _("people convicted"),
         convicted.period),
    ]  # fmt: skip
    shown = [item for item in found if item[0].state is not State.NOT_PUBLISHED]
    return tuple(KeyFigure(written(amount, 0, unit), label, when) for amount, unit, label, when in shown)
