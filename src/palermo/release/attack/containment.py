"""Which codes lie in which: parts of a total, bands of ages in bands, years in spans of years, areas in areas.

The decision a reader would question: that parts make up the whole is taken as given only where it follows from the
codes (ages and years without a gap). For totals and areas it is tried on the figures (``reconstruction``).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from palermo.codes import ages, areas
from palermo.errors import UsageError
from palermo.release.attack.long_table import is_total, read_columns

_SPAN = re.compile(r"((?:1[89]|20)\d\d)(?:\s*[/–-]\s*((?:1[89]|20)\d\d))?")
_OLDEST = 200
Interval = tuple[int, int]


@dataclass(frozen=True)
class Split:
    """A code and codes within it that do not overlap. ``covers``: nothing else is in it."""

    whole: int
    parts: tuple[int, ...]
    covers: bool


def world() -> dict[str, str]:
    """Which country lies in which region, by the codes of Palermo."""
    return {area.code: area.parent for area in (*areas.countries(), *areas.regions()) if area.parent}


def read_within(path: Path) -> dict[str, str]:
    """Areas within areas from a CSV with the columns part, whole. Raises ``UsageError`` where it is none."""
    columns = read_columns(path)
    if not {"part", "whole"} <= set(columns):
        raise UsageError(f"--within {path}: expected the columns part, whole; found {', '.join(columns)}")
    return dict(zip(columns["part"], columns["whole"], strict=True))


def splits(dimension: str, labels: Sequence[str], within: Mapping[str, str]) -> list[Split]:
    """All splits of a dimension that its codes show."""
    inside = _inside(dimension, labels, within)
    totals = [number for number, label in enumerate(labels) if is_total(label)]
    others = [number for number in range(len(labels)) if number not in totals]
    found = []
    for whole in others:
        parts = _largest([part for part in others if whole in inside[part]], inside)
        if parts and _apart(dimension, labels, parts):
            found.append(Split(whole, tuple(parts), _is_covered(dimension, labels, whole, parts)))
    top = [number for number in others if not inside[number]]
    if len(totals) == 1 and top:
        found.append(Split(totals[0], tuple(top), covers=False))
    return found


def _inside(dimension: str, labels: Sequence[str], within: Mapping[str, str]) -> list[set[int]]:
    """For each label the others that it lies in."""
    found: list[set[int]] = [set() for _ in labels]
    intervals = {number: span for number, label in enumerate(labels) if (span := _interval(dimension, label))}
    for one, (first, last) in intervals.items():
        for other, (least, most) in intervals.items():
            if (least, most) != (first, last) and least <= first and last <= most:
                found[one].add(other)
    place = {label: number for number, label in enumerate(labels)}
    for number, label in enumerate(labels):
        above, seen = within.get(label), {label}
        while above is not None and above not in seen:
            if above in place:
                found[number].add(place[above])
            seen.add(above)
            above = within.get(above)
    return found


def _largest(parts: list[int], inside: Sequence[set[int]]) -> list[int]:
    """The parts that lie in no other part."""
    return [part for part in parts if not inside[part] & set(parts)]


def _apart(dimension: str, labels: Sequence[str], parts: Sequence[int]) -> bool:
    spans = sorted(span for part in parts if (span := _interval(dimension, labels[part])))
    return all(before[1] < after[0] for before, after in pairwise(spans))


def _is_covered(dimension: str, labels: Sequence[str], whole: int, parts: Sequence[int]) -> bool:
    span = _interval(dimension, labels[whole])
    held = [_interval(dimension, labels[part]) for part in parts]
    if span is None or any(one is None for one in held):
        return False
    return sum(one[1] - one[0] + 1 for one in held if one) == span[1] - span[0] + 1


def _interval(dimension: str, label: str) -> Interval | None:
    """The years or completed years of age that a label stands for."""
    if found := _SPAN.fullmatch(label):
        return int(found[1]), int(found[2] or found[1])
    band = label if label.startswith("Y") else ages.parse(label) if "age" in dimension.casefold() else None
    bounds = ages.bounds(band) if band else None
    return None if bounds is None else (bounds[0], _OLDEST if bounds[1] is None else bounds[1])
