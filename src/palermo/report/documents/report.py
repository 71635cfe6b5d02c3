"""The account of one area and one year as one object, in the language spoken: what every document format is made from.

The decision a reader would question: the summary holds sentences of the figures themselves, word for word. No sentence
with a number is written for a document, so none can differ from the figure it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palermo.errors import UsageError
from palermo.language import _, spoken_now
from palermo.report.account import Sections, areas_of, last_period, sections_of, years_of
from palermo.report.draw.legend import MARKS, Mark
from palermo.report.figure import Figure
from palermo.report.figures.countries import is_group, members
from palermo.report.labels import capital, period_name, span_name
from palermo.report.page import words
from palermo.report.page.key_figures import KeyFigure, key_figures
from palermo.report.page.receipts import Annex, DefinitionTold, annexes
from palermo.report.page.render import hidden_count, title_of
from palermo.report.reading import ALL_YEARS, Release

# Figures whose sentences make the summary, with how many of them; None for all.
SUMMARISED: Mapping[str, int | None] = {
    "P1": None, "P3": 1, "E1": None, "L3": 1, "L2": 1, "F1": 1, "C5": 1, "C6": 1, "S1": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A sentence of the summary and the figure it comes from."""

    sentence: str
    figure_id: str


@dataclass(frozen=True)
class Summed:
    """The sentences of one section."""

    heading: str
    sentences: tuple[Said, ...]


@dataclass(frozen=True)
class Report:
    """The account. Texts are in ``language``; those that the office wrote are as it wrote them."""

    release: Release
    area: str
    period: str
    language: str
    right_to_left: bool
    title: str
    title_is_given: bool  # by the office, in its own language
    place: str
    years: str
    warnings: tuple[str, ...]  # made up, draft, not approved, withdrawn
    names: str
    key_figures: tuple[KeyFigure, ...]
    summary: tuple[Summed, ...]
    sections: Sections
    counting: tuple[str, ...]
    protection: tuple[str, ...]
    marks: tuple[Mark, ...]
    annexes: tuple[Annex, ...]
    definitions: tuple[DefinitionTold, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in the order of the sections."""
        return tuple(figure for *_rest, group in self.sections for figure in group)

    @property
    def countries(self) -> frozenset[str]:
        """The countries whose numbers a return holds: those of the release in a group of countries, else the area."""
        if not is_group(self.area):
            return frozenset({self.area})
        return members(self.area).intersection(areas_of(self.release))

    @property
    def made_up(self) -> bool:
        """Whether the account describes a made-up country."""
        return self.release.made_up

    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]:
        """The lists behind the account."""
        return self.release.sources


def report_of(release: Release, area: str | None = None, period: str | None = None) -> Report:
    """The report of an area and a period, in the language spoken; of the account and its last year where not named.

    Raises ``UsageError`` where the release holds no number of the area, or none of the area in that period.
    """
    place, when = _checked(release, area, period)
    sections = sections_of(release, place, when)
    figures = [figure for *_rest, group in sections for figure in group]
    told, definitions = annexes(release, figures)
    is_own = place == release.area
    return Report(
        release=release,
        area=place,
        period=when,
        language=spoken_now().code,
        right_to_left=spoken_now().right_to_left,
        title=title_of(release) if is_own else _(words.TITLE, area=release.name_of(place)),
        title_is_given=is_own and bool(release.metadata.get("title")),
        place=capital(release.name_of(place)),
        years=_years(release, place, when),
        warnings=_warnings(release),
        names=words.names(release.standing),
        key_figures=key_figures(release, when, place),
        summary=_summary(sections),
        sections=sections,
        counting=tuple(words.counting_rules(release.metadata)),
        protection=tuple(words.protection_rules(release.metadata, hidden_count(release))),
        marks=tuple(MARKS.values()),
        annexes=told,
        definitions=definitions,
    )


def _checked(release: Release, area: str | None, period: str | None) -> tuple[str, str]:
    place = area or release.area
    known = areas_of(release)
    if place not in known:
        some = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
        raise UsageError(f"--area {place}: the release holds no number of it; expected one of {some}")
    years = years_of(release, place)
    if period is not None and period not in years:
        raise UsageError(
            f"--period {period}: the release holds no number of {place} for it; expected one of {', '.join(years)}"
        )
    if period is None:
        period = last_period(release)
        if years and period not in years:
            period = years[-1]
    return place, period


def _warnings(release: Release) -> tuple[str, ...]:
    found = [_(words.MADE_UP_SENTENCE)] if release.made_up else []
    return tuple(filter(None, [*found, words.standing(release.standing)]))


def _years(release: Release, area: str, period: str) -> str:
    years = [year for year in years_of(release, area) if year <= period]
    if not years:
        return period_name(ALL_YEARS)
    return span_name([years[0]] if years[0] == years[-1] else [years[0], years[-1]])


def _summary(sections: Sections) -> tuple[Summed, ...]:
    made = []
    for _anchor, heading, figures in sections:
        sentences = [
            Said(sentence, figure.id)
            for figure in figures
            if figure.id in SUMMARISED and not figure.missing
            for sentence in figure.text[: SUMMARISED[figure.id]]
        ]
        if sentences:
            made.append(Summed(heading, tuple(sentences)))
    return tuple(made)
