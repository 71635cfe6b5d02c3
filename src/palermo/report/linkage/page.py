"""The linkage report as one page of HTML, offline and without any script."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader

from palermo.report.draw.legend import MARKS
from palermo.report.figure import Figure
from palermo.report.linkage.figures import (
    bands_figure,
    compared_figure,
    lists_figure,
    persons_figure,
    rates_figure,
)
from palermo.report.linkage.found import LinkageFound
from palermo.report.linkage.words import ABOUT, probability_told, words_without
from palermo.report.page import words
from palermo.report.page.render import environment, shown, style, tidied

USED_MARKS = ("estimate", "interval", "absent", "zero")
Sections = tuple[tuple[str, str, tuple[Figure, ...]], ...]


def figures_of(found: LinkageFound) -> Sections:
    """All figures of the page in sections: (anchor, heading, figures)."""
    return (
        ("lists", "The lists", (lists_figure(found), compared_figure(found))),
        ("errors", "How sure the links are", (rates_figure(found), bands_figure(found))),
        ("persons", "Persons", (persons_figure(found),)),
    )


def linkage_page(found: LinkageFound) -> str:
    """The whole page. The same input gives the same bytes."""
    sections = [(anchor, name, [shown(figure) for figure in figures]) for anchor, name, figures in figures_of(found)]
    page = _environment().get_template("linkage.html").render(
        title=found.title or "Linkage: which records are of one person, and how sure that is",
        found=found,
        made_up=found.made_up,
        threshold=probability_told(found.threshold),
        words=words,
        about=ABOUT,
        no_rates=words_without(found),
        notices=(*found.notices, *(note for note in found.calibration if found.labelled or found.refused)),
        sections=sections,
        marks=[MARKS[name] for name in USED_MARKS],
        style=style(),
    )  # fmt: skip
    return tidied(page)


@cache
def _environment() -> Environment:
    """The templates of the account, and this package's own."""
    account = environment()
    own = PackageLoader("palermo.report.linkage", ".")
    return account.overlay(loader=ChoiceLoader([own, account.loader] if account.loader else [own]))
