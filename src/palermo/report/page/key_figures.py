"""The few numbers at the top of the page, each computed from the release like every other."""

from dataclasses import dataclass

from palermo.report.amounts import Amount, State, total, written
from palermo.report.figures import parts
from palermo.report.figures.people import people_rows, people_shares
from palermo.report.labels import PEOPLE
from palermo.report.reading import Release


@dataclass(frozen=True)
class KeyFigure:
    """A number with what it counts and when."""

    value: str
    label: str
    when: str


def key_figures(release: Release, period: str) -> tuple[KeyFigure, ...]:
    """People detected, the shares of women and girls and of children, people convicted; those that are published."""
    indicator = parts.people_source(release, release.area)
    at = parts.frame(release, "", indicator, release.area, period)
    whole = release.one(indicator, at.area, at.period, unit="PERSON").amount
    rows = people_rows(release, indicator, at.area, at.period)
    share = people_shares(rows, whole)
    convicted = parts.frame(release, "", "persons_convicted", release.area, period)
    found = [
        (whole, "", "people detected", at.period),
        (_sum(share, "F", ""), "%", "women and girls, of those known", at.period),
        (_sum(share, "", "Y0T17"), "%", "children, of those known", at.period),
        (release.one("persons_convicted", release.area, convicted.period).amount, "", "people convicted",
         convicted.period),
    ]  # fmt: skip
    shown = [item for item in found if item[0].state is not State.NOT_PUBLISHED]
    return tuple(KeyFigure(written(amount, 0, unit), label, when) for amount, unit, label, when in shown)


def _sum(share: dict[tuple[str, str], Amount], sex: str, age: str) -> Amount:
    """The sum of the shares of groups; a range where any of them is one. At most 100."""
    chosen = [share[key] for key in PEOPLE if sex in ("", key[0]) and age in ("", key[1])]
    if not all(amount.is_known for amount in chosen):
        return Amount(None, None, State.NOT_PUBLISHED)
    summed = total(chosen)
    if summed.is_exact or summed.ceiling <= 100:
        return summed
    return Amount(summed.low, 100.0, summed.state)
