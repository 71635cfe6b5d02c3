"""Limits of a part from its draws, and what else the draws tell."""

from dataclasses import dataclass

import numpy as np

from palermo.hidden.bootstrap import percentile_limits
from palermo.hidden.strata_replicates import Draws


@dataclass(frozen=True)
class Spread:
    """Limits, None where there are none, and what else the draws tell."""

    lower: float | None = None
    upper: float | None = None
    reasons: tuple[str, ...] = ()
    replicates: int = 0  # draws
    error: float | None = None  # standard deviation over them
    extreme: tuple[str, ...] = ()


def spread_of(estimate: float, drawn: Draws, level: float) -> Spread:
    """The spread of an estimate from the draws of one part: their quantiles.

    The decision a reader would question: an estimate outside its limits stays what it is and is said to be so. It
    happens where the model chosen on the table is hardly ever chosen on tables drawn from it.
    """
    if not drawn.tables:
        return Spread()
    if not drawn.persons.size:
        return Spread(reasons=("no model chosen on replicates has an estimate on this table",))
    limits = percentile_limits(drawn.persons, level)
    said = []
    if drawn.failed:
        said.append(f"{drawn.failed} of {drawn.tables} bootstrap replicates chose a model without an estimate here")
    if not limits.lower <= estimate <= limits.upper:
        said.append("the number is outside its own limits: replicates of the table lead to other models")
    error = float(np.std(drawn.persons))
    return Spread(limits.lower, limits.upper, tuple(said), len(drawn.persons), error, limits.extreme)
