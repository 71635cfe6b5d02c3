"""Limits of a part from its replicates, by how far the replicates' estimates fall from what they should have found.

In each replicate the number unseen is known. The distance log(estimated + 1/2) - log(drawn + 1/2) is what the method
errs on tables such as this one, chance and bias both; the limits are the estimate moved back by the quantiles of that
distance. The decision a reader would question: no plain quantiles of the replicates. Those put a bias of the method
into the limits twice instead of taking it out, and in sparse strata they reach too low.
"""

from dataclasses import dataclass

import numpy as np

from palermo.hidden.bootstrap import type8_quantile
from palermo.hidden.strata_replicates import Replicates


@dataclass(frozen=True)
class Spread:
    """Limits, None where there are none or a limit is infinite, and what else the replicates tell."""

    lower: float | None = None
    upper: float | None = None
    reasons: tuple[str, ...] = ()
    replicates: int = 0  # those with an estimate
    error: float | None = None  # standard deviation of the estimate over them
    extreme: tuple[str, ...] = ()


def spread_of(estimate: float, unseen: float, drawn: Replicates, level: float) -> Spread:
    """The spread of an estimate of which ``unseen`` persons were not seen, from the replicates of one part."""
    found = drawn.estimated
    kept = np.isfinite(found)
    if not found.size or not kept.any():
        return Spread(reasons=("no bootstrap replicate has an estimate",) if found.size else ())
    ordered = np.sort(np.log(found + 0.5) - np.log(drawn.drawn + 0.5))
    seen, tails = estimate - unseen, ((1 + level) / 2, (1 - level) / 2)
    ends = [(type8_quantile(ordered, share), side) for share, side in zip(tails, ("lower", "upper"), strict=True)]
    lower, upper = (seen + max(0.0, (unseen + 0.5) * float(np.exp(-distance)) - 0.5) for (distance, _), _ in ends)
    failed = int((~kept).sum())
    said = f"in {failed} of {len(found)} bootstrap replicates no estimate exists; they count as infinite"
    return Spread(
        lower,
        upper,
        (said,) if failed else (),
        int(kept.sum()),
        float(found[kept].std()),
        tuple(side for (_, is_extreme), side in ends if is_extreme),
    )
