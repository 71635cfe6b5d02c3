"""Drawings as pictures (PNG), for programs that cannot show them as they are.

All drawings of a report are set on the pages of one PDF and these are turned into pictures, so that a picture shows
what the printed account shows. The decision a reader would question: without the two packages that do this the text
comes without drawings and says so; its tables hold every number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from pypdfium2 import PdfDocument

from palermo.language import spoken_now
from palermo.report.documents.html import alternatives, print_rules
from palermo.report.documents.pdf import pdf_of
from palermo.report.documents.print_drawing import PrintDrawing, for_print
from palermo.report.draw import PAPER, drawings
from palermo.report.figure import Figure

WIDTH, PANEL_WIDTH = 640.0, 340.0  # pixels of a drawing alone, and of one of several
MARGIN = 6.0
DOTS_PER_INCH = 168
COLOURS = 96
PIXEL = 25.4 / 96  # millimetres
NOTHING_AROUND = "".join(
    f"@page{{@{edge}-{side}{{content:none}}}}" for edge in ("top", "bottom") for side in ("left", "right")
)


@dataclass(frozen=True)
class Picture:
    """A drawing as PNG, with its width on paper and what it shows in words."""

    png: bytes
    width_mm: float
    alt: str
    title: str = ""


def pictures_of(figures: Iterable[Figure]) -> dict[str, tuple[Picture, ...]]:
    """The pictures of each figure by its id."""
    wanted = [
        (figure, for_print(drawing, alt), alt, marks.title)
        for figure in figures
        for drawing, alt, marks in zip(drawings(figure, layout=PAPER), alternatives(figure), figure.marks, strict=True)
    ]
    if not wanted:
        return {}
    widths = [_width(made, figure) for figure, made, *_rest in wanted]
    heights = [max(one.height for of, one, *_rest in wanted if of is figure) for figure, *_rest in wanted]
    pages = PdfDocument(pdf_of(_pages([made for _figure, made, *_rest in wanted], widths, heights)))
    found: dict[str, tuple[Picture, ...]] = {}
    for place, ((figure, _made, alt, title), width) in enumerate(zip(wanted, widths, strict=True)):
        image = pages[place].render(scale=DOTS_PER_INCH / 72).to_pil()
        held = BytesIO()
        image.quantize(COLOURS).save(held, "PNG", optimize=True)
        picture = Picture(held.getvalue(), (width + 2 * MARGIN) * PIXEL, alt, title)
        found[figure.id] = (*found.get(figure.id, ()), picture)
    return found


def _width(made: PrintDrawing, figure: Figure) -> float:
    return made.width or (PANEL_WIDTH if len(figure.marks) > 1 else WIDTH)


def _pages(made: list[PrintDrawing], widths: list[float], heights: list[float]) -> str:
    """One page for each drawing. Those of one figure are of one height, so that they can stand side by side."""
    rules, pages = [], []
    for place, (drawing, width, height) in enumerate(zip(made, widths, heights, strict=True)):
        size = f"{width + 2 * MARGIN:g}px {height + 2 * MARGIN + 8:g}px"
        rules.append(f"@page p{place}{{size:{size};margin:{MARGIN:g}px}}.p{place}{{page:p{place};break-before:page}}")
        pages.append(f'<div class="p{place}">{drawing.markup}</div>')
    language = spoken_now()
    return (
        f'<html lang="{language.code}" dir="{language.direction}"><head><title>-</title>'
        f"<style>{print_rules()}@page{{background:#fff}}{NOTHING_AROUND}{''.join(rules)}</style></head>"
        f"<body>{''.join(pages)}</body></html>"
    )
