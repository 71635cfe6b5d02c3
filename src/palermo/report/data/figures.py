"""The CSV of a figure: one line per number, with code and label, value, bounds and state in columns of their own.

The decision a reader would question: the value of a hidden number is empty, never 0, and its bounds stand beside it.
The statuses are those of SDMX, and the same in every language, as codes are. The fixed sentence on what is counted
stands in every line, because files get separated from their README.
"""

from palermo.report.amounts import Amount, State
from palermo.report.data.csv_text import Cell, csv_text
from palermo.report.figure import Figure
from palermo.report.page import words

# SDMX: obs_status A normal, Q missing and suppressed, E computed, O missing; conf_status F free, C confidential.
STATUS = {
    State.EXACT: ("A", "F"),
    State.HIDDEN: ("Q", "C"),
    State.PRINTED_RANGE: ("Q", "F"),
    State.DERIVED_RANGE: ("E", "F"),
    State.INTERVAL: ("E", "F"),
    State.ROUNDED: ("E", "F"),
    State.REFUSED: ("O", "F"),
    State.NO_INTERVAL: ("O", "F"),
    State.NO_FIGURE: ("O", "F"),
}
OMITTED = {State.NOT_APPLICABLE, State.NOT_PUBLISHED}
COLUMNS = ("measure", "measure_label", "unit", "value", "lower", "upper", "obs_status", "conf_status", "status",
           "made_up", "about")  # fmt: skip


def figure_csv(figure: Figure) -> str:
    """The numbers of a figure's table, those that exist, in the order of the table."""
    stubs = [name for stub in figure.table.stubs for name in (stub.key, f"{stub.key}_label")]
    about = words.about_figure(figure)
    lines: list[list[Cell]] = []
    for row in figure.table.rows:
        coded: list[Cell] = [text for pair in row.stubs for text in pair]
        for measure, amount in zip(figure.table.measures, row.amounts, strict=True):
            if amount.state not in OMITTED:
                unit = "percent" if measure.unit == "%" else measure.unit
                cells = _cells(amount, estimated=measure.estimated)
                lines.append([figure.id, row.group, *coded, measure.key, measure.label, unit, *cells,
                              "yes" if figure.made_up else "no", about])  # fmt: skip
    return csv_text(("figure", "block", *stubs, *COLUMNS), lines)


def _cells(amount: Amount, *, estimated: bool) -> list[Cell]:
    obs_status, conf_status = STATUS[amount.state]
    if estimated and amount.is_exact:
        obs_status = "E"
    return [amount.value, amount.low, amount.high, obs_status, conf_status, str(amount.state)]
