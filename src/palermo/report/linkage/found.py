"""What the linkage report is made of: counts and rates by list and pair of lists, and sentences. No name, no number.

The decision a reader would question: the page is made of plain numbers and not of the tables of linkage, so that
nothing that names a record can reach it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LinkageFound:
    """``lists`` by name with their records; ``rates`` are rows of PAIR_RATES.

    ``missing``: records without a value, by list and column; ``cut``: links not made, by the rule that forbade them;
    ``bridges``: single links between groups that somebody should see; ``reliability``: bands of scores with what
    labels say of them.
    """

    lists: Mapping[str, int]
    persons: int
    threshold: float
    candidates: int | None  # pairs compared; None where only those kept are known
    rates: tuple[Mapping[str, Any], ...]
    missing: Mapping[str, Mapping[str, int]]
    cut: Mapping[str, int]
    bridges: int
    largest: int
    labelled: int
    clerks: int
    reliability: tuple[Mapping[str, Any], ...]
    calibration: tuple[str, ...]
    notices: tuple[str, ...]
    by: str
    title: str = ""
    made_up: bool = False
    refused: str | None = None  # why labels, although there are some, can carry no number

    @property
    def records(self) -> int:
        """Records of all lists."""
        return sum(self.lists.values())
