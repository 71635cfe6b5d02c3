"""From figures to the page. The template escapes everything; only our own drawings and styles pass as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from palermo.language import _, digits, ngettext, number, sentences, spoken_now
from palermo.report.amounts import Amount, State, written
from palermo.report.draw import SCREEN, Layout, Mark, Shape, drawings, marks_used
from palermo.report.draw.legend import MARKS
from palermo.report.draw.looks import look_classes, style_variables
from palermo.report.figure import Figure, Measure
from palermo.report.labels import capital, period_name, span_name
from palermo.report.page import words
from palermo.report.page.key_figures import key_figures
from palermo.report.page.markup import code, filled, quoted
from palermo.report.page.receipts import annexes
from palermo.report.reading import ALL_YEARS, Release

COLUMNS_BESIDE = 5
ROWS_OPEN = 45
_CELL_CLASSES = {
    State.HIDDEN: "hidden",
    State.PRINTED_RANGE: "printed",
    State.DERIVED_RANGE: "range",
    State.ROUNDED: "range",
    State.REFUSED: "absent",
    State.NO_INTERVAL: "absent",
    State.NO_FIGURE: "absent",
    State.NOT_PUBLISHED: "absent",
    State.NOT_APPLICABLE: "void",
}


@dataclass(frozen=True)
class Shown:
    """A figure with its drawings and the marks to explain beside it."""

    figure: Figure
    drawings: tuple[Markup, ...]
    panels: tuple[str, ...]
    legend: tuple[Mark, ...]

    @property
    def stacked(self) -> bool:
        """Whether the table is too wide to stand beside the drawing, or stands alone."""
        table = self.figure.table
        return not self.drawings or len(table.stubs) + len(table.measures) > COLUMNS_BESIDE

    @property
    def tall(self) -> bool:
        """Whether the table is so long that it scrolls within the page; in print it does not."""
        return len(self.figure.table.rows) > ROWS_OPEN

    @property
    def anchor(self) -> str:
        """The id of the figure on the page."""
        return f"figure-{self.figure.id.lower()}"


Section = tuple[str, str, Sequence[Figure]]


def render_page(release: Release, sections: Sequence[Section], period: str) -> str:
    """The whole page: ``sections`` are (anchor, heading, figures)."""
    made = [(anchor, heading, [shown(figure) for figure in figures]) for anchor, heading, figures in sections]
    every = [figure for *_, figures in sections for figure in figures]
    told, definitions = annexes(release, every)
    page = environment().get_template("account.html").render(
        title=title_of(release),
        area=release.area_name,
        years=_years(release),
        release=release,
        made_up=release.made_up,
        standing=words.standing(release.standing),
        names=words.names(release.standing),
        words=words,
        key_figures=key_figures(release, period),
        sections=made,
        counting=words.counting_rules(release.metadata),
        protection=words.protection_rules(release.metadata, hidden_count(release)),
        sources=release.sources,
        annexes=told,
        definitions=definitions,
        marks=MARKS.values(),
        style=style(),
    )  # fmt: skip
    return tidied(page)


def hidden_count(release: Release) -> int:
    """How many observations of the release are hidden."""
    return int(pc.sum(pc.not_equal(release.cube["conf_status"], "F")).as_py() or 0)


def tidied(page: str) -> str:
    """The page without blank lines and spaces at the ends of lines, so that templates can be laid out for reading."""
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def shown(figure: Figure, shapes: Sequence[Shape] = (), layout: Layout = SCREEN) -> Shown:
    """A figure with what the page puts around its table; maps from the user's ``shapes`` where there are any."""
    made = tuple(Markup(drawing) for drawing in drawings(figure, shapes, layout))
    return Shown(figure, made, tuple(marks.title for marks in figure.marks), marks_used(figure))


def title_of(release: Release) -> str:
    """The title that the office gave the account, as it wrote it, else the one every account has."""
    title = release.metadata.get("title")
    return str(title) if title else _(words.TITLE, area=release.area_name)


def _years(release: Release) -> str:
    if release.years:
        return span_name([str(year) for year in dict.fromkeys(release.years)])
    known = sorted({period[-4:] for period in release.cube["time_period"].to_pylist() if period[-4:].isdigit()})
    return span_name(known or [ALL_YEARS])


def cell(amount: Amount, measure: Measure) -> str:
    """The words of a table cell."""
    return written(amount, measure.decimals, "%" if measure.unit == "%" else "")


def cell_class(amount: Amount) -> str:
    """The class of a table cell, after the state of its amount."""
    return _CELL_CLASSES.get(amount.state, "number")


def grouped(figure: Figure) -> list[tuple[str, list[Any]]]:
    """The rows of a table in blocks, each with its heading."""
    return [(name, list(rows)) for name, rows in groupby(figure.table.rows, key=lambda row: row.group)]


def heading_stubs(figure: Figure) -> int:
    """How many of the first columns it takes to tell the rows of a table apart; these head their rows."""
    rows = [(row.group, *(code for code, _label in row.stubs)) for row in figure.table.rows]
    most = len(figure.table.stubs)
    return next((many for many in range(1, most) if len({row[: many + 1] for row in rows}) == len(rows)), most)


def count(value: Any) -> str:
    """A count from the metadata with its thousands apart; anything else as it is."""
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


@cache
def environment() -> Environment:
    """The templates with all that they call."""
    made = Environment(loader=PackageLoader("palermo.report.page", "."), autoescape=True,
                              undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    made.filters.update(capital=capital, count=count, filled=filled, period=period_name, quoted=quoted)
    made.globals.update(
        cell=cell, cell_class=cell_class, code=code, grouped=grouped, heading_stubs=heading_stubs, spoken_now=spoken_now
    )
    made.globals.update(_=_, digits=digits, ngettext=ngettext, number=number, sentences=sentences)
    return made


def style() -> Markup:
    """The style sheet with the colours and looks in it."""
    light, dark = style_variables()
    loader = environment().loader
    source = loader.get_source(environment(), "style.css")[0] if loader else ""
    sheet = source.replace("/*LIGHT*/", light).replace("/*DARK*/", dark).replace("/*LOOKS*/", look_classes())
    return Markup(sheet)
