"""The privacy budget of each source: what noisy releases about the same persons may tell together.

Losses (rho of zero-concentrated differential privacy) add exactly, as fractions; only the sum is turned into epsilon at
the delta of the budget, rounded up. The decision a reader would question: the budget belongs to a list of persons, not
to a file of it, because a corrected file is about the same persons.
"""

import math
from collections.abc import Mapping
from fractions import Fraction

from palermo.errors import RefusedError
from palermo.release.ledger import CHARGED, Listed, spent
from palermo.release.privacy_loss import epsilon_of


def upper(loss: Fraction) -> float:
    """The loss as a number that is never below it."""
    near = float(loss)
    return near if Fraction(near) >= loss else math.nextafter(near, math.inf)


def epsilon(loss: Fraction, delta: float) -> float:
    """The epsilon that a loss amounts to at a delta."""
    return epsilon_of(upper(loss), delta)


def within_budget(
    listed: Mapping[str, Listed], losses: Mapping[str, Fraction], budget: tuple[float, float] | None
) -> None:
    """Raise ``RefusedError`` where a release with these losses by source would overspend ``(epsilon, delta)``."""
    if budget is None:
        return
    most, delta = budget
    before = spent(listed)
    for source, loss in sorted(losses.items()):
        known = before.get(source, {})
        total = sum(known.values(), Fraction(0)) + loss
        if loss and epsilon(total, delta) > most:
            by = ", ".join(f"{epsilon(rho, delta):.3g} by {_which(listed[name])}" for name, rho in known.items())
            raise RefusedError(
                f"source {source}: the budget is epsilon {most:g} at delta {delta:g}. Spent: {by or 'nothing'}. With "
                f"this release, which alone spends {epsilon(loss, delta):.3g}, it would be {epsilon(total, delta):.3g} "
                "(losses add as rho, so epsilons do not add up). Ask less of this release, or publish none"
            )


def _which(listed: Listed) -> str:
    what, done = ("noise", "drawn") if listed.made.action == CHARGED else ("release", "made")
    return f"{what} {listed.id} ({done} by {listed.made.by})"


def statement(listed: Mapping[str, Listed], budget: tuple[float, float] | None) -> dict[str, dict[str, object]]:
    """By source: rho spent as an exact fraction, and the epsilon it amounts to where a budget names a delta."""
    told: dict[str, dict[str, object]] = {}
    for source, losses in spent(listed).items():
        total = sum(losses.values(), Fraction(0))
        told[source] = {"rho": str(total), "by": {name: str(rho) for name, rho in losses.items()}}
        if budget is not None:
            told[source] |= {"epsilon": epsilon(total, budget[1]), "delta": budget[1], "budget": budget[0]}
    return told
