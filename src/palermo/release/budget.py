"""The privacy budget of each source: what noisy releases about the same persons may tell together.

Losses add exactly, as fractions: rho of the noise (zero-concentrated differential privacy), and the deltas of codes
that were found in the data. Only the sums are turned into epsilon, at what the second leaves of the budget's delta,
rounded up. Deltas that packs promise do not add: each is one way to read its rho. The decision a reader would question:
the budget belongs to a list of persons, not to a file of it, because a corrected file is about the same persons.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from palermo.errors import RefusedError
from palermo.release.ledger_entry import CHARGED, Listed, spent
from palermo.release.privacy_loss import Loss, total_of, upper


def within_budget(listed: Mapping[str, Listed], losses: Mapping[str, Loss], budget: tuple[float, float] | None) -> None:
    """Raise ``RefusedError`` where a release with these losses by source would overspend ``(epsilon, delta)``."""
    if budget is None:
        return
    most, delta = budget
    before = spent(listed)
    for source, loss in sorted(losses.items()):
        known = before.get(source, {})
        total = total_of([*known.values(), loss])
        if loss and not total.is_within(most, delta):
            by = ", ".join(f"{_told(one, delta)} by {_which(listed[name])}" for name, one in known.items())
            raise RefusedError(
                f"source {source}: the budget is epsilon {most:g} at delta {delta:g}. Spent: {by or 'nothing'}. With "
                f"this release, which alone spends {_told(loss, delta)}, it would be {_told(total, delta)} "
                f"({_why(total, delta)}). Ask less of this release, or publish none"
            )


def _told(loss: Loss, delta: float) -> str:
    """The epsilon of a loss, and the delta of its codes where it is no epsilon at all."""
    epsilon = loss.epsilon(delta)
    return f"{epsilon:.3g}" if math.isfinite(epsilon) else f"delta {float(loss.failing):.3g}"


def _why(total: Loss, delta: float) -> str:
    if not total.left_of(delta):
        return "codes found in the data cost deltas, which add; with --codes, a public list, they cost none"
    return "losses add as rho, so epsilons do not add up"


def _which(listed: Listed) -> str:
    what, done = ("noise", "drawn") if listed.made.action == CHARGED else ("release", "made")
    return f"{what} {listed.id} ({done} by {listed.made.by})"


def statement(listed: Mapping[str, Listed], budget: tuple[float, float] | None) -> dict[str, dict[str, Any]]:
    """By source: the losses as exact fractions, and the (epsilon, delta) that they amount to.

    Delta is the budget's; without a budget the sum of what the releases promised. ``epsilon`` is None where no delta is
    known, or where the deltas of codes found in the data are all of it.
    """
    told: dict[str, dict[str, Any]] = {}
    for source, losses in spent(listed).items():
        total = total_of(losses.values())
        asked = math.fsum(float(listed[name].made.protection.get("delta") or 0) for name in losses)
        delta = asked if budget is None else budget[1]
        epsilon = total.epsilon(delta) if delta else math.inf
        told[source] = {
            "rho": str(total.rho),
            "delta_for_codes_found": str(total.failing),
            "by": {name: str(one.rho) for name, one in losses.items()},
            "epsilon": epsilon if math.isfinite(epsilon) else None,
            "delta": delta or None,
            "budget": None if budget is None else budget[0],
        }
    return told


def in_words(said: Mapping[str, Any]) -> str:
    """What one source has spent, in a line; the exact fractions stand in the JSON."""
    failing, delta, budget = said["delta_for_codes_found"], said["delta"], said["budget"]
    words = [f"spent rho {upper(Fraction(said['rho'])):.4g}"]
    if failing != "0":
        words.append(f"and delta {float(Fraction(failing)):.3g} for codes found in the data")
    limit = "no budget is set" if budget is None else f"of {budget:g}"
    if said["epsilon"] is not None:
        words.append(f"together epsilon {said['epsilon']:.3g} ({limit}) at delta {delta:g}")
    elif delta is not None:
        words.append(f"no epsilon holds at delta {delta:g} ({limit})")
    return ", ".join(words)
