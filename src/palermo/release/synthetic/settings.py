"""What is asked of a synthetic file, and how the privacy budget is split: fixed in advance, never looking at the data.

The shares were tuned once on public CTDC files (docs/method/open-case-data.md says which), so they are constants of
the method. The decision a reader would question: longer combinations get more, because there are more of them and
each is smaller.
"""

from dataclasses import dataclass
from typing import Literal

from palermo.errors import UsageError
from palermo.release.synthetic.rules import Pair

LONGEST = 4

# number of attributes per person, then lengths 1, 2, ...; by dial and longest length
SHARES: dict[str, dict[int, tuple[float, ...]]] = {
    "open": {
        1: (0.02, 0.98),
        2: (0.02, 0.38, 0.60),
        3: (0.02, 0.13, 0.35, 0.50),
        4: (0.02, 0.18, 0.28, 0.26, 0.26),
    },
    "closed": {
        1: (0.02, 0.98),
        2: (0.02, 0.33, 0.65),
        3: (0.02, 0.07, 0.28, 0.63),
        4: (0.02, 0.12, 0.24, 0.28, 0.34),
    },
}


@dataclass(frozen=True)
class SynthesisSettings:
    """The promise (``epsilon``, ``delta``) per person, and what is made within it."""

    epsilon: float
    delta: float
    length: int = LONGEST  # combinations of up to so many attributes are counted
    dial: Literal["open", "closed"] = "open"
    persons: int = 1  # most rows that one person keeps, where the rows name their person
    attributes_per_person: int | None = None  # counted beyond length 1; None: chosen from a noisy count
    rules: tuple[Pair, ...] | None = None  # pairs of (column, code) that cannot be; None: those known (rules.py)
    seed: int | None = None  # for tests only: NOT PRIVATE

    def __post_init__(self) -> None:
        if not 1 <= self.length <= LONGEST:
            raise UsageError(f"length is {self.length}: combinations of 1 to {LONGEST} attributes can be counted")
        if self.dial not in ("open", "closed"):
            raise UsageError(f"dial is {self.dial!r}: it is open or closed")
        if self.persons < 1:
            raise UsageError(f"persons is {self.persons}: a person keeps at least one row")
        if self.attributes_per_person is not None and self.attributes_per_person < 1:
            raise UsageError("attributes_per_person must be at least 1")
