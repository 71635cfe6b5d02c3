"""How an amount lies on a scale, the same in every drawing: a filled mark, a hatched range, a tick for zero, a gap.

A hidden amount is hatched from its lower to its upper bound. Where nothing bounds it, or only a bound so far away that
the bar would read as a large number, the hatch has a fixed small width; the words beside it say the bounds. It never
touches the look of zero.
"""

from dataclasses import dataclass

from palermo.report.amounts import Amount, State

UNBOUNDED_WIDTH = 12.0  # per cent of the scale: room for a hatch where no upper bound is known
WIDEST = 30.0  # per cent of the scale: a wider range of a hidden amount says nothing and is drawn as unbounded

HATCHES = {State.HIDDEN: "hidden", State.PRINTED_RANGE: "printed", State.DERIVED_RANGE: "range", State.ROUNDED: "range"}


@dataclass(frozen=True)
class Span:
    """Where a mark lies, in per cent of the scale. ``hatch`` names a pattern or is empty; zero has its own tick."""

    solid_to: float = 0.0
    hatch: str = ""
    hatch_from: float = 0.0
    hatch_to: float = 0.0
    is_zero: bool = False


def span(amount: Amount, most: float) -> Span | None:
    """The span of an amount on a scale from 0 to ``most``; None where there is nothing to draw."""
    scale = 100.0 / most if most > 0 else 0.0
    if amount.is_exact:
        return Span(solid_to=amount.floor * scale, is_zero=amount.floor == 0)
    hatch = HATCHES.get(amount.state)
    if hatch is None:
        return None
    low = min(amount.floor * scale, 100.0)
    high = min(amount.ceiling * scale, 100.0)
    if amount.high is None or (_is_from_hidden(amount) and high - low > WIDEST):
        high = min(low + UNBOUNDED_WIDTH, 100.0)
    return Span(solid_to=low, hatch=hatch, hatch_from=low, hatch_to=high)


def top_of(amounts: list[Amount]) -> float:
    """The end of the scale: the largest amount that is known, or may be where the source itself printed a range.

    What a hidden amount may at most be counts only where nothing else sets a scale.
    """
    known = [amount.ceiling for amount in amounts if amount.high is not None and not _is_from_hidden(amount)]
    least = [amount.floor for amount in amounts]
    most = [amount.ceiling for amount in amounts if amount.high is not None]
    return max([*known, *least], default=0.0) or max(most, default=0.0) or 1.0


def _is_from_hidden(amount: Amount) -> bool:
    return amount.state in {State.HIDDEN, State.DERIVED_RANGE}
