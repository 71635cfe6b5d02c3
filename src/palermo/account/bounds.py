"""Arithmetic on figures that may be known only within bounds, such as ``<5``.

A figure carries its unit and its kind, and adding figures of different units or kinds raises a named error: the fourth
and fifth laws of the design. The decision a reader would question: ``<5`` is never read as 2.5. It is the range from 0
to 4, and every sum and share that contains it is a range too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from palermo.errors import PalermoError


class UnitMixError(PalermoError):
    """Figures of different units (persons, records, offences ...) were about to be added or compared."""


class KindMixError(PalermoError):
    """Figures of different kinds (detected, assisted, estimated, exposed) were about to be added or compared."""


@dataclass(frozen=True)
class Figure:
    """A figure between ``lower`` and ``upper``, both included; exact where they are equal."""

    lower: float
    upper: float
    unit: str
    kind: str

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise PalermoError(
                f"a figure cannot lie between {self.lower} and {self.upper}: lower must not exceed upper"
            )

    @property
    def value(self) -> float | None:
        """The figure where it is exact, else None."""
        return self.lower if self.lower == self.upper else None

    def __add__(self, other: "Figure") -> "Figure":
        same_quantity(self, other)
        return Figure(self.lower + other.lower, self.upper + other.upper, self.unit, self.kind)


def exact(value: float, unit: str, kind: str) -> Figure:
    """A figure that is known exactly."""
    return Figure(value, value, unit, kind)


def same_quantity(first: Figure, second: Figure) -> None:
    """Raise ``UnitMixError`` or ``KindMixError`` unless both figures have one unit and one kind."""
    if first.unit != second.unit:
        raise UnitMixError(f"cannot add {first.unit} and {second.unit}: they count different things")
    if first.kind != second.kind:
        raise KindMixError(f"cannot add figures of the kinds {first.kind} and {second.kind}")


def total(figures: Iterable[Figure]) -> Figure | None:
    """The sum, a range where any part is one; None where there are no figures."""
    summed: Figure | None = None
    for figure in figures:
        summed = figure if summed is None else summed + figure
    return summed


def share(part: Figure, rest: Figure, scale: float = 100.0) -> tuple[float, float] | None:
    """Bounds of ``part / (part + rest)`` times ``scale``; None where both may be zero."""
    same_quantity(part, rest)
    if part.lower + rest.upper == 0 or part.upper + rest.lower == 0:
        return None
    return scale * part.lower / (part.lower + rest.upper), scale * part.upper / (part.upper + rest.lower)


def ratio(numerator: Figure, denominator: Figure) -> tuple[float, float] | None:
    """Bounds of ``numerator / denominator``; None where the denominator may be zero."""
    same_quantity(numerator, denominator)
    if denominator.lower <= 0:
        return None
    return numerator.lower / denominator.upper, numerator.upper / denominator.lower
