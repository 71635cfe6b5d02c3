"""Rounding of the counts that suppression leaves open, to make a release coarser still.

The decision a reader would question: rounding comes on top of suppression, not in its place. Each count is rounded to
the nearest multiple on its own, so rounded parts need not add up to their rounded total; the release says so. A true
zero stays zero, and no other count is ever printed as zero.
"""

from typing import Any

ESTIMATED = "E"  # SDMX CL_OBS_STATUS


def rounded(count: float, base: int) -> dict[str, Any]:
    """Value and bounds to print for a count: the nearest multiple (halves up), and all counts that share it.

    A count that would round to zero has bounds only, 1 to the last such count.
    """
    whole = int(count)
    if whole == 0:
        return {"value": 0.0, "lower": 0.0, "upper": 0.0}
    nearest = (2 * whole + base) // (2 * base) * base
    lower, upper = nearest - base // 2, nearest + (base - 1) // 2
    value = float(nearest) if nearest else None
    return {"value": value, "lower": float(max(1, lower)), "upper": float(upper), "obs_status": ESTIMATED}
