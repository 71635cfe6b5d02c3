"""What differs between two releases as published: revised figures, and what is now hidden or shown. No true value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from palermo.release.rules import FREE
from palermo.release.schema import KEY

REVISED, NOW_HIDDEN, NOW_SHOWN, ADDED, GONE = (
    "revised",
    "now hidden",
    "now shown",
    "only in the later",
    "only in the earlier",
)
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One figure that is not the same in both. ``before`` and ``after`` are as published, None where hidden."""

    what: str
    codes: Mapping[str, str]
    before: float | None
    after: float | None

    def summary(self) -> dict[str, Any]:
        """As plain data."""
        return {"what": self.what, **self.codes, "before": self.before, "after": self.after}


def differences(before: pa.Table, after: pa.Table) -> list[Difference]:
    """All differences of two released cubes, in the order of their codes."""
    old, new = _by_codes(before), _by_codes(after)
    found = []
    for codes in sorted(old.keys() | new.keys()):
        what = _what(old.get(codes), new.get(codes))
        if what:
            named = {name: code for name, code in zip(KEY, codes, strict=True) if code not in {"_T", "_Z"}}
            found.append(Difference(what, named, _value(old.get(codes)), _value(new.get(codes))))
    return found


def _by_codes(cube: pa.Table) -> dict[Codes, Mapping[str, Any]]:
    return {tuple(str(row[name]) for name in KEY): row for row in cube.to_pylist()}


def _what(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None or new is None:
        return ADDED if old is None else GONE
    shown = old["conf_status"] == FREE, new["conf_status"] == FREE
    if shown == (True, False):
        return NOW_HIDDEN
    if shown == (False, True):
        return NOW_SHOWN
    return REVISED if _figures(old) != _figures(new) and shown[0] else ""


def _figures(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["value"], row["lower"], row["upper"]


def _value(row: Mapping[str, Any] | None) -> float | None:
    return None if row is None or row["conf_status"] != FREE else row["value"]
