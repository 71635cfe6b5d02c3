"""The marks that need explaining, and which of them a figure uses. The glossary of the page shows all of them."""

from dataclasses import dataclass

from palermo.language import marked
from palermo.report.amounts import Amount, State
from palermo.report.figure import Figure
from palermo.report.marks import Bar, Bars, Estimate, Forest, Marks, Stack


@dataclass(frozen=True)
class Mark:
    """A mark with its name and its meaning, both to translate; ``look`` is the class of its sample."""

    look: str
    name: str
    meaning: str


MARKS = {
    "hidden": Mark(
        "hidden",
        marked("Hidden"),
        marked(
            "Published as a range only, because the exact number is so small that a person could be recognised, "
            "or would reveal such a number. The true number lies in the range."
        ),
    ),
    "printed": Mark(
        "printed", marked("Printed as a range"), marked("The source itself printed a range, such as “<5”.")
    ),
    "range": Mark("range", marked("Range"), marked("Rounded, or computed from at least one number that is not exact.")),
    "zero": Mark("zero", marked("Zero"), marked("The services counted and found nobody.")),
    "unknown": Mark("unknown", marked("Not known"), marked("The service asked, and the answer is not known.")),
    "not-asked": Mark("not-asked", marked("Not asked"), marked("The service did not ask, so nothing can be said.")),
    "absent": Mark("absent", marked("Not published"), marked("The release holds no such figure. It is not zero.")),
    "interval": Mark(
        "interval", marked("Interval"), marked("The uncertainty of an exact figure that varies by chance.")
    ),
    "estimate": Mark(
        "estimate",
        marked("Estimate"),
        marked(
            "A dot on the line of its interval; the line ends in an arrow where the interval goes on beyond the scale."
        ),
    ),
    "warned": Mark(
        "warned", marked("With warnings"), marked("A hollow dot: the estimate is shown, and its warnings belong to it.")
    ),
    "refused": Mark("absent", marked("Refused"), marked("No number may be given. It is not zero.")),
    "no-interval": Mark(
        "absent", marked("No interval"), marked("The method gave a number without an interval; it is not shown.")
    ),
}
_OF_STATE = {
    State.HIDDEN: "hidden",
    State.PRINTED_RANGE: "printed",
    State.DERIVED_RANGE: "range",
    State.ROUNDED: "range",
    State.REFUSED: "refused",
    State.NO_INTERVAL: "no-interval",
    State.NO_FIGURE: "absent",
    State.NOT_PUBLISHED: "absent",
}


def marks_used(figure: Figure) -> tuple[Mark, ...]:
    """The marks to explain beside a figure: those in its drawing and its table."""
    counted = [measure.counts for measure in figure.table.measures]
    used = {
        name
        for row in figure.table.rows
        for amount, counts in zip(row.amounts, counted, strict=True)
        if (name := _name(amount)) and (counts or name != "zero")
    }
    codes = {code for row in figure.table.rows for code, _ in row.stubs}
    used |= {name for code, name in (("_U", "unknown"), ("_N", "not-asked")) if code in codes}
    used |= {name for drawing in figure.marks for name in _of_drawing(drawing)}
    return tuple(mark for name, mark in MARKS.items() if name in used)


def _of_drawing(drawing: Marks) -> set[str]:
    if isinstance(drawing, Forest):
        return {name for item in drawing.estimates for name in _of_estimate(item)}
    bars: tuple[Bar, ...] = ()
    if isinstance(drawing, Bars | Stack):
        bars = drawing.bars if isinstance(drawing, Bars) else drawing.parts
    return {"interval" for bar in bars if bar.interval}


def _of_estimate(item: Estimate) -> set[str]:
    if not item.amount.is_known:
        return {_name(item.amount)}
    return {"estimate", "warned"} if item.is_warned else {"estimate"}


def _name(amount: Amount) -> str:
    if amount.is_exact:
        return "zero" if amount.floor == 0 else ""
    return _OF_STATE.get(amount.state, "")
