"""The report as HTML: the page of the account with a summary, and the text of the printed account.

Both come from the templates of the page, so that a figure reads the same everywhere.
"""

from dataclasses import replace
from functools import cache
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from palermo.language import _, spoken_now
from palermo.report.documents.print_drawing import for_print
from palermo.report.documents.report import Report
from palermo.report.draw import PAPER
from palermo.report.figure import Figure
from palermo.report.page import words
from palermo.report.page.render import Shown, environment, shown, style, tidied

_SPLIT = "\0"  # stands for a number that the style sheet puts in
COUNTERS = {"ar": "arabic-indic"}  # of page numbers, where they are not decimal


def files(report: Report) -> dict[str, bytes]:
    """The page."""
    return {f"account-{report.language}.html": page_html(report).encode()}


def page_html(report: Report) -> str:
    """One page that opens in a browser and needs no other file."""
    sections = [(anchor, heading, [shown(one) for one in group]) for anchor, heading, group in report.sections]
    return _rendered("page.html", report, sections)


def print_html(report: Report) -> str:
    """The text that is made into a PDF: drawings without words of their own, page numbers, no dark mode."""
    sections = [(anchor, heading, [_printed(one) for one in group]) for anchor, heading, group in report.sections]
    return _rendered("print.html", report, sections, print_style=print_style(report))


def _rendered(template: str, report: Report, sections: object, **more: object) -> str:
    page = _environment().get_template(template).render(
        report=report,
        title=report.title,
        area=report.place,
        years=report.years,
        release=report.release,
        made_up=report.made_up,
        standing=report.warnings[-1] if len(report.warnings) > int(report.made_up) else "",
        names=report.names,
        words=words,
        key_figures=report.key_figures,
        sections=sections,
        counting=report.counting,
        protection=report.protection,
        sources=report.sources,
        annexes=report.annexes,
        definitions=report.definitions,
        marks=report.marks,
        style=style(),
        **more,
    )  # fmt: skip
    return tidied(page)


def _printed(figure: Figure) -> Shown:
    made = shown(figure, layout=PAPER)
    drawn = zip(made.drawings, alternatives(figure), strict=True)
    return replace(made, drawings=tuple(for_print(str(drawing), alt).markup for drawing, alt in drawn))


def alternatives(figure: Figure) -> tuple[str, ...]:
    """What each drawing of a figure shows, in words, after its title."""
    titles = [figure.title if len(figure.marks) == 1 else _("{title}: {panel}", title=figure.title, panel=one.title)
              for one in figure.marks]  # fmt: skip
    return tuple(_("{title}. {words}", title=title, words=figure.alt) for title in titles)


def print_style(report: Report) -> Markup:
    """The rules of print, with the running head in the words of the report."""
    head = " · ".join([*([_(words.MADE_UP)] if report.made_up else []), report.title])
    return _sheet(head, _("Release {id}", id=report.release.id))


def print_rules() -> Markup:
    """The rules of page and print for drawings alone, in the direction of the language spoken."""
    return style() + _sheet("", "")


def _sheet(head: str, foot: str) -> Markup:
    sheet = (resources.files("palermo.report.documents") / "print.css").read_text(encoding="utf-8")
    language = spoken_now()
    start, end = ("right", "left") if language.right_to_left else ("left", "right")
    before, after = _(", page {n}", n=_SPLIT).split(_SPLIT)
    filled = {
        "HEAD": css_string(head), "FOOT": css_string(foot), "COUNTER": COUNTERS.get(language.code, "decimal"),
        "START": start, "END": end, "DIRECTION": language.direction,
        "BEFORE": css_string(before), "AFTER": css_string(after),
    }  # fmt: skip
    for name, text in filled.items():
        sheet = sheet.replace(f"/*{name}*/", text)
    return Markup(sheet)


def css_string(text: str) -> str:
    """A text as a string of a style sheet; everything but letters and digits by its number, which a space ends."""
    return '"' + "".join(char if char.isalnum() or char == " " else f"\\{ord(char):06x} " for char in text) + '"'


@cache
def _environment() -> Environment:
    page = environment()
    loader = ChoiceLoader(
        [PackageLoader("palermo.report.documents", "templates"), *([page.loader] if page.loader else [])]
    )
    return page.overlay(loader=loader)
