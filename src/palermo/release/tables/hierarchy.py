"""Dimensions of tables: their codes, the groups that codes form, and what is a part of what.

World > region > country > district, or ages in bands in groups: a group holds codes or other groups, and a code may
stand in several groups that cut the world differently. The decision a reader would question: a group is known by the
codes it comes down to, so two groups of the same codes (a region with one country) are one and the same count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from palermo.codes import areas
from palermo.errors import UsageError

TOTAL = "_T"
UNKNOWN, NOT_ASKED = "_U", "_N"
NO_REGION = "_UR"  # the region of an area that no region of M49 holds, and of unknown areas


@dataclass(frozen=True)
class Dimension:
    """One dimension. ``codes`` are the finest; ``groups`` maps a group to its members; the total needs no entry."""

    name: str
    codes: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        both = [*self.codes, *self.groups]
        double = sorted({code for code in both if both.count(code) > 1})
        if double or TOTAL in both:
            raise UsageError(f"dimension {self.name}: {', '.join(double) or TOTAL} is named twice; name each code once")
        known = set(both)
        for group, members in self.groups.items():
            strange = [member for member in members if member not in known]
            if strange or not members:
                raise UsageError(
                    f"dimension {self.name}, group {group}: {strange or 'no'} members; expected known codes"
                )
        self._check_rings()

    def _check_rings(self) -> None:
        held: set[str] = set(self.codes)
        left = dict(self.groups)
        while ready := [group for group, members in left.items() if held.issuperset(members)]:
            held.update(ready)
            for group in ready:
                del left[group]
        if left:
            raise UsageError(f"dimension {self.name}: the groups {', '.join(left)} hold each other; expected a tree")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All codes that a table can print: the finest, the groups, the total."""
        return (*self.codes, *self.groups, TOTAL)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each code stands in ``names``."""
        return {code: number for number, code in enumerate(self.names)}

    @cached_property
    def holds(self) -> npt.NDArray[np.bool_]:
        """Which of the finest codes (columns) each of ``names`` (rows) comes down to."""
        made = {code: np.arange(len(self.codes)) == number for number, code in enumerate(self.codes)}
        while len(made) < len(self.codes) + len(self.groups):
            for group, members in self.groups.items():
                if group not in made and all(member in made for member in members):
                    made[group] = np.logical_or.reduce([made[member] for member in members])
        made[TOTAL] = np.ones(len(self.codes), dtype=bool)
        return np.array([made[code] for code in self.names]).reshape(len(self.names), len(self.codes))

    @cached_property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """The direct parts of each of ``names``; those of the total are the codes and groups in no other group."""
        inside = {member for members in self.groups.values() for member in members}
        top = tuple(code for code in (*self.codes, *self.groups) if code not in inside)
        return tuple(
            tuple(self.place[part] for part in (top if code == TOTAL else self.groups.get(code, ())))
            for code in self.names
        )


def from_parents(name: str, parents: Mapping[str, str | None]) -> Dimension:
    """A dimension from {code: the group it stands in, or None}; groups may have entries of their own."""
    groups: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if parent is not None and parent != TOTAL:
            groups.setdefault(parent, []).append(code)
    codes = tuple(code for code in parents if code not in groups)
    return Dimension(name, codes, {group: tuple(members) for group, members in groups.items()})


def of_areas(name: str, codes: Iterable[str], subregions: bool = False) -> Dimension:
    """Countries in the regions (and subregions) of M49; codes that are no country stand in the region ``_UR``."""
    parents: dict[str, str | None] = {}
    regions: dict[str, str | None] = {}
    for code in sorted(set(codes)):
        region = _region(code)
        regions[region] = None
        subregion = areas.subregion(code) if subregions and region != NO_REGION else None
        parents[code] = subregion or region
        if subregion and subregion != region:
            regions[subregion] = region
    return from_parents(name, {**parents, **regions})


def _region(code: str) -> str:
    known = areas.is_area(code)
    return (areas.region(code) if known else None) or NO_REGION
