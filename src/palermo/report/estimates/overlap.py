"""The lists and what they share, as a drawing and as rows, from amounts by history (bit i of a history is list i).

The decision a reader would question: combinations come in the order of what is shown. The order of hidden counts would
tell which of them is larger.
"""

from collections.abc import Mapping, Sequence

from palermo.language import _
from palermo.report.amounts import Amount
from palermo.report.figure import Row
from palermo.report.labels import joined
from palermo.report.marks import Overlap, Quantity, Shared

DRAWN = 30  # combinations of lists; a table of ten lists has up to 1,023
DETECTED_PERSONS = Quantity("detected", "PERSON")
Amounts = Mapping[int, Amount]


def in_order(amounts: Amounts) -> list[int]:
    """The histories, the largest as shown first."""
    return sorted(amounts, key=lambda history: (-amounts[history].floor, history.bit_count(), history))


def overlap_mark(sizes: Sequence[tuple[str, Amount]], amounts: Amounts) -> Overlap:
    """The drawing: lists with their sizes, then the largest combinations."""
    shared = tuple(Shared(members(history), amounts[history]) for history in in_order(amounts)[:DRAWN])
    return Overlap(tuple(sizes), shared, DETECTED_PERSONS)


def members(history: int) -> tuple[int, ...]:
    """The places of the lists of a history."""
    return tuple(place for place in range(history.bit_length()) if history >> place & 1)


def names(lists: Sequence[str], history: int) -> str:
    """The lists of a history, as a sentence names them."""
    return joined([lists[place] for place in members(history)])


def history_rows(lists: Sequence[str], amounts: Amounts) -> list[Row]:
    """A row for each combination of lists."""
    return [
        Row(((f"only {history}", _only(lists, history)),), (amounts[history],), _("On exactly these lists"))
        for history in in_order(amounts)
    ]


def size_rows(sizes: Sequence[tuple[str, Amount]]) -> list[Row]:
    """A row for each list."""
    return [Row(((name, name),), (amount,), _("On each list")) for name, amount in sizes]


def _only(lists: Sequence[str], history: int) -> str:
    named = names(lists, history)
    return _("{list} only", list=named) if len(members(history)) == 1 else named
