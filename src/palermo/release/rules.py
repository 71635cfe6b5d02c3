"""The rules of protection: which counts are small, and what a reader may at most learn about a hidden one.

Read this file to know what is promised. The decision a reader would question: both reasons for hiding (a small count,
and a cell hidden only to guard a small one) carry ONE mark, because a mark that says "small" would itself tell that
there are 1 to k - 1 persons.
"""

from collections.abc import Collection
from dataclasses import dataclass

from palermo.errors import UsageError

FREE = "F"  # SDMX CL_CONF_STATUS: free for publication
HIDDEN = "C"  # SDMX CL_CONF_STATUS: confidential statistical information, whatever the reason
SUPPRESSED = "Q"  # SDMX CL_OBS_STATUS: missing, suppressed
MICRODATA_DIMENSIONS = 5  # a table broken down by so many dimensions tells nearly as much as the rows


@dataclass(frozen=True)
class Protection:
    """What the user chose. ``k_*`` are numbers of persons; ``rounding`` is the base counts are rounded to."""

    k_tables: int = 5
    k_microdata: int = 10
    rounding: int | None = None
    publish_zeros: bool = True

    def __post_init__(self) -> None:
        if min(self.k_tables, self.k_microdata) < 2:
            raise UsageError(f"k is {self.k_tables} and {self.k_microdata}; expected 2 or more: 1 would protect nobody")
        if self.rounding is not None and self.rounding < 2:
            raise UsageError(f"rounding to {self.rounding}; expected a base of 2 or more, or no rounding")


def threshold(protection: Protection, broken_down: Collection[str], listed_as_microdata: bool) -> int:
    """The k of an indicator: ``k_microdata`` where it is listed so or broken down by five dimensions or more."""
    as_microdata = listed_as_microdata or len(broken_down) >= MICRODATA_DIMENSIONS
    return protection.k_microdata if as_microdata else protection.k_tables


def is_small(count: float, k: int) -> bool:
    """Whether a count must be hidden: at least one person and fewer than k. Zero is not small."""
    return 0 < count < k


def is_safe(lowest: int, highest: int, k: int) -> bool:
    """Whether a hidden count is safe when a reader can work out that it lies in ``lowest`` to ``highest``.

    The interval must be at least k wide. It is then never a single number and never lies inside 1 to k - 1, so that
    nobody can be shown to be in a group of fewer than k.
    """
    return highest - lowest >= k
