"""From the marks of a figure to its drawings: one SVG per panel, each with a title and a description."""

from palermo.report.amounts import Amount, written
from palermo.report.draw.bars import draw_bars
from palermo.report.draw.lines import draw_lines
from palermo.report.draw.stack import draw_stack
from palermo.report.draw.svg import image
from palermo.report.figure import Figure
from palermo.report.marks import Bars, Lines, Marks, Stack, check_one_quantity


def drawings(figure: Figure) -> tuple[str, ...]:
    """The drawings of a figure. Raises ``PalermoError`` where they would mix kinds or units (laws 4 and 5)."""
    check_one_quantity(figure.id, figure.marks)
    single = len(figure.marks) == 1
    made = []
    for place, marks in enumerate(figure.marks, 1):
        image_id = f"drawing-{figure.id.lower()}" + ("" if single else f"-{place}")
        height, parts = _draw(marks, image_id)
        title = figure.title if single else f"{figure.title}: {marks.title}"
        warned = f"MADE UP DATA. {title}" if figure.made_up else title
        made.append(image(image_id, warned, figure.alt if single else described(marks), height, *parts))
    return tuple(made)


def _draw(marks: Marks, image_id: str) -> tuple[float, list[str]]:
    if isinstance(marks, Bars):
        return draw_bars(marks, image_id)
    if isinstance(marks, Stack):
        return draw_stack(marks, image_id)
    return draw_lines(marks, image_id)


def described(marks: Marks) -> str:
    """A panel in words: every label with its amount."""
    named: list[tuple[str, Amount]]
    if isinstance(marks, Lines):
        named = [(point.label, point.amount) for line in marks.lines for point in line.points]
    else:
        named = [(bar.label, bar.amount) for bar in (marks.bars if isinstance(marks, Bars) else marks.parts)]
    words = "; ".join(f"{name} {written(amount, marks.decimals, marks.unit)}" for name, amount in named)
    return f"{marks.title}: {words}." if marks.title else f"{words}."
