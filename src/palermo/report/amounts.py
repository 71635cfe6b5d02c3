"""What a reader may know of a figure: exact, a range, or nothing; and sums, differences and shares that keep that.

The decision a reader would question: a hidden figure takes part in a share as its whole range, never as 0 and never as
a midpoint. A share therefore comes out as a range whenever any part of its denominator is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, inf

from palermo.language import _, marked, ngettext, number, percent


class State(StrEnum):
    """How a figure came to be what it is; each is written and drawn in its own way. Data files keep these words."""

    EXACT = marked("exact")
    HIDDEN = marked("hidden")  # we hid it: so few people that one could be recognised, or it would reveal such a figure
    ROUNDED = marked("rounded")  # we rounded it: every number that rounds to the same lies in the range
    PRINTED_RANGE = marked("printed range")  # the source itself printed "<5"
    INTERVAL = marked("interval")  # the uncertainty of an exact figure, as its definition computes it
    DERIVED_RANGE = marked("range")  # computed from at least one hidden or printed range
    REFUSED = marked("refused")  # an estimator that must not give a number here
    NO_INTERVAL = marked("no interval")  # an estimate that came without its interval, so that it is not shown either
    NO_FIGURE = marked("no figure")  # the observation exists, without any value
    NOT_APPLICABLE = marked("not applicable")  # no sense here, such as the share of those left out of shares
    NOT_PUBLISHED = marked("not published")  # the release holds no such observation


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its bounds. ``low`` None means no lower bound is known, ``high`` None no upper bound."""

    low: float | None
    high: float | None
    state: State

    @property
    def is_exact(self) -> bool:
        """Whether the figure is known to be one value."""
        return self.state is State.EXACT

    @property
    def value(self) -> float | None:
        """The value where it is exact, else None: a range has no value to read off."""
        return self.low if self.is_exact else None

    @property
    def is_known(self) -> bool:
        """Whether anything can be shown: a value, or an upper bound."""
        return self.high is not None

    @property
    def is_wide(self) -> bool:
        """Whether it is a range so wide that no change can be read from it: more than the double is possible."""
        return self.is_known and not self.is_exact and self.ceiling > 2 * self.floor

    @property
    def floor(self) -> float:
        """The least it can be; counts are never negative."""
        return self.low or 0.0

    @property
    def ceiling(self) -> float:
        """The most it can be; infinite where nothing bounds it."""
        return inf if self.high is None else self.high


NOT_PUBLISHED = Amount(None, None, State.NOT_PUBLISHED)
NOT_APPLICABLE = Amount(None, None, State.NOT_APPLICABLE)
REFUSED = Amount(None, None, State.REFUSED)
NO_INTERVAL = Amount(None, None, State.NO_INTERVAL)
NO_FIGURE = Amount(None, None, State.NO_FIGURE)


def exact(value: float) -> Amount:
    """An amount that is known."""
    return Amount(value, value, State.EXACT)


def between(low: float, high: float) -> Amount:
    """The result of a computation: exact where the bounds meet, a derived range where they do not."""
    if low == high:
        return exact(low)
    return Amount(low, None if high == inf else high, State.DERIVED_RANGE)


def interval(low: float, high: float) -> Amount:
    """The interval of an estimate, which is no range of a hidden figure."""
    return Amount(low, high, State.INTERVAL)


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum. Nothing is known of a sum without an upper bound but its least value; an empty sum is no figure.

    Of hidden numbers without any bound the sum is hidden too, never "not published".
    """
    parts = list(amounts)
    if not parts or all(part.low is None and part.high is None for part in parts):
        return next((part for part in parts if part.state is State.HIDDEN), NOT_PUBLISHED)
    return between(sum(part.floor for part in parts), sum(part.ceiling for part in parts))


def difference(later: Amount, earlier: Amount) -> Amount:
    """``later`` minus ``earlier``; may be negative. No figure where either is unbounded."""
    if later.high is None or earlier.high is None:
        return NOT_PUBLISHED
    return between(later.floor - earlier.high, later.high - earlier.floor)


def ratio(part: Amount, whole: Amount, times: float = 1.0) -> Amount:
    """``part`` over ``whole`` where the two vary on their own (not a part of the whole: use ``shares`` for that)."""
    if part.high is None or whole.high is None or whole.floor <= 0:
        return NOT_PUBLISHED
    return between(times * part.floor / whole.high, times * part.high / whole.floor)


def scaled(amount: Amount, times: float) -> Amount:
    """The amount in a unit ``times`` as small, such as a ratio per 100; its state stays."""
    low = None if amount.low is None else amount.low * times
    high = None if amount.high is None else amount.high * times
    return Amount(low, high, amount.state)


def shares(
    parts: Mapping[str, Amount], whole: Amount = NOT_PUBLISHED, outside: Amount | None = None
) -> dict[str, Amount]:
    """Each part's share, in per cent, of the sum of all parts.

    ``whole`` is the published total of the parts and of ``outside`` (people of whom the attribute is not known);
    with it the ranges are narrower, because a part cannot exceed what the total leaves. A part that is not published
    may be anything that the total leaves for it; without a total, no share is known.
    """
    beyond = outside if outside is not None else exact(0)
    most = whole.ceiling - beyond.floor  # the most that all parts together can be
    least = whole.floor - beyond.ceiling
    if sum(part.floor for part in parts.values()) > most or sum(part.ceiling for part in parts.values()) < least:
        most, least = inf, -inf  # rounded or printed figures need not add up; then the total bounds nothing
    result = {}
    for name, part in parts.items():
        others = [other for key, other in parts.items() if key != name]
        others_low, others_high = sum(o.floor for o in others), sum(o.ceiling for o in others)
        low = max(part.floor, least - others_high)
        high = min(part.ceiling, most - others_low)
        rest_high = min(others_high, most - low)
        rest_low = max(others_low, least - high) if high < inf else others_low
        result[name] = _share(low, high, rest_low, rest_high)
    return result


def _share(low: float, high: float, rest_low: float, rest_high: float) -> Amount:
    """The share of a part of ``low`` to ``high`` beside a rest of ``rest_low`` to ``rest_high``."""
    if inf in (high, rest_high) or low + rest_high <= 0:
        return NOT_PUBLISHED  # nothing bounds it, or nobody is there: 0 of 0 is no share
    most = 100.0 * high / (high + rest_low) if high + rest_low > 0 else 0.0
    return between(100.0 * low / (low + rest_high), most)


DASH = "\u2013"


def outward(amount: Amount, decimals: int = 0) -> tuple[float, float]:
    """Bounds rounded away from each other, so that the written range still holds the true value."""
    scale = 10**decimals
    # six further digits are kept before rounding, so that 3.0000000001 of a computation does not become 4
    return floor(round(amount.floor * scale, 6)) / scale, ceil(round(amount.ceiling * scale, 6)) / scale


def fine_enough(amount: Amount, decimals: int, unit: str) -> int:
    """Decimals to write with: one more where whole per cent would turn a small share into 0% or widen a range."""
    small = amount.is_exact and 0 < abs(amount.floor) < 0.5
    return max(decimals, 1) if unit == "%" and (small or not amount.is_exact) else decimals


def written(amount: Amount, decimals: int = 0, unit: str = "") -> str:
    """The amount as it stands in a table or beside a mark: ``1,234``, ``hidden (1–4)``, ``no figure``."""
    if amount.low is None and amount.high is None:
        return _(str(amount.state))
    bounds = _bounds_written(amount, fine_enough(amount, decimals, unit), unit)
    match amount.state:
        case State.HIDDEN:
            return _("hidden ({bounds})", bounds=bounds)
        case State.PRINTED_RANGE:
            return _("{bounds} as printed", bounds=bounds)
        case State.ROUNDED:
            return _("{bounds} rounded", bounds=bounds)
    return bounds


def with_unit(text: str, unit: str) -> str:
    """A number that is written already, with its sign where it has one."""
    return percent(text) if unit == "%" else text + unit


def _bounds_written(amount: Amount, decimals: int, unit: str) -> str:
    if amount.is_exact:
        return with_unit(number(amount.floor, decimals), unit)
    if amount.high is None:
        return _("at least {number}", number=with_unit(number(amount.floor, decimals), unit))
    low, high = outward(amount, decimals)
    if low == high:
        return with_unit(number(low, decimals), unit)
    if low < 0:
        return with_unit(cell_range(number(low, decimals), number(high, decimals)), unit)
    return with_unit(f"{number(low, decimals)}{DASH}{number(high, decimals)}", unit)


def cell_range(least: str, most: str) -> str:
    """From one number to another in a table, a label or a range of years, where a dash would be misread."""
    return _("{least} to {most}", least=least, most=most)


def prose_range(low: str, high: str) -> str:
    """From one number to another within a sentence; the number alone where both are written alike."""
    return low if low == high else _("{low} to {high}", low=low, high=high)


def spoken(amount: Amount, decimals: int = 0, unit: str = "") -> str:
    """The amount within a sentence: ``1,234``, ``between 1 and 4``, ``a number that is not published``."""
    if amount.low is None and amount.high is None:
        return _("a hidden number") if amount.state is State.HIDDEN else _("a number that is not published")
    decimals = fine_enough(amount, decimals, unit)
    if amount.is_exact or amount.high is None:
        return _bounds_written(amount, decimals, unit)
    low, high = outward(amount, decimals)
    if low == high:
        return with_unit(number(low, decimals), unit)
    return _("between {low} and {high}", low=number(low, decimals), high=with_unit(number(high, decimals), unit))


def several(amount: Amount) -> int:
    """How many things an amount speaks of, for the plural that a language has for them: the most it can be."""
    known = amount.high if amount.high is not None else amount.low
    return ceil(known) if known is not None and known < inf else 100


def people(amount: Amount) -> str:
    """The amount within a sentence, with the word for what it counts: ``1 person``, ``between 1 and 4 people``."""
    if amount.low is None and amount.high is None:
        hidden = amount.state is State.HIDDEN
        return _("a hidden number of people") if hidden else _("a number of people that is not published")
    if amount.high is None:
        least = ceil(amount.floor)
        return ngettext("at least {n} person", "at least {n} people", least, n=number(least))
    return ngettext("{amount} person", "{amount} people", several(amount), amount=spoken(amount))
