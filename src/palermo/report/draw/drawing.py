"""From the marks of a figure to its drawings: one SVG per panel, each with a title and a description."""

from palermo.language import number
from palermo.report.amounts import written
from palermo.report.draw.bars import draw_bars
from palermo.report.draw.forest import draw_forest, estimate_written
from palermo.report.draw.lines import draw_lines
from palermo.report.draw.overlap import draw_overlap
from palermo.report.draw.plot import draw_plot
from palermo.report.draw.stack import draw_stack
from palermo.report.draw.stacks import draw_stacks
from palermo.report.draw.svg import image
from palermo.report.figure import Figure
from palermo.report.marks import Bars, Forest, Lines, Marks, Overlap, Plot, Stack, Stacks, check_one_quantity


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
    match marks:
        case Bars():
            return draw_bars(marks, image_id)
        case Stack():
            return draw_stack(marks, image_id)
        case Lines():
            return draw_lines(marks, image_id)
        case Forest():
            return draw_forest(marks)
        case Plot():
            return draw_plot(marks)
        case Overlap():
            return draw_overlap(marks, image_id)
        case Stacks():
            return draw_stacks(marks, image_id)


def described(marks: Marks) -> str:
    """A panel in words: every label with its amount."""
    words = "; ".join(f"{name} {amount}" for name, amount in _told(marks))
    return f"{marks.title}: {words}." if marks.title else f"{words}."


def _told(marks: Marks) -> list[tuple[str, str]]:
    """(label, amount in words) for everything that a drawing shows."""
    match marks:
        case Forest():
            return [(item.label, estimate_written(item, marks.decimals, marks.unit)) for item in marks.estimates]
        case Plot():
            return [
                (f"{series.label} at {spot.x:g}", "refused" if spot.y is None else number(spot.y, marks.decimals))
                for series in marks.series
                for spot in series.spots
            ]
        case Lines():
            named = [(point.label, point.amount) for line in marks.lines for point in line.points]
        case Overlap():
            named = [(" and ".join(marks.lists[m][0] for m in item.members), item.amount) for item in marks.shared]
        case Stacks():
            named = [(f"{row.label}: {part.label}", part.amount) for row in marks.rows for part in row.parts]
        case Bars() | Stack():
            named = [(bar.label, bar.amount) for bar in (marks.bars if isinstance(marks, Bars) else marks.parts)]
    return [(name, written(amount, marks.decimals, marks.unit)) for name, amount in named]
