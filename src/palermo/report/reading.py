"""A frozen release as the figures see it: observations found by their codes, never a way back to the cases.

The decision a reader would question: an observation that is not in the release is ``NOT_PUBLISHED``, whatever its
neighbours say. Only a row that is there with the value 0 is a zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from palermo.release.schema import DIMENSIONS
from palermo.report.labels import WORLD, area_name, source_name
from palermo.report.observations import ABSENT, NOT_BROKEN_DOWN, Observation
from palermo.report.rows import Rows

ALL_YEARS = "_T"


@dataclass(frozen=True)
class Release:
    """What ``report`` reads of a release folder: the cube, the receipts, the metadata and its id.

    ``estimates`` is what stands around the estimate of everyone (``palermo.release.tried``), where there is one.
    """

    id: str
    cube: pa.Table
    receipts: Mapping[str, Any]
    metadata: Mapping[str, Any]
    estimates: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Rows:
        """The rows of the cube, found by their codes."""
        return Rows(self.cube)

    @property
    def made_up(self) -> bool:
        """Whether the account describes a made-up country."""
        return bool(self.metadata.get("made_up", False))

    @property
    def standing(self) -> Mapping[str, Any]:
        """Who made and approved the release, what it replaces, and its ``status``; empty where nothing was told."""
        return self.metadata.get("standing") or {}

    @property
    def status(self) -> str:
        """``draft``, ``candidate``, ``approved`` or ``withdrawn``."""
        return str(self.standing.get("status", ""))

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of the account, where the metadata say them."""
        told = self.metadata.get("years")
        return (int(told[0]), int(told[1])) if isinstance(told, list | tuple) and len(told) == 2 else None

    def observations(self, indicator: str, area: str | None = None) -> list[Observation]:
        """All observations of an indicator, or those of one area, in the order of the cube."""
        return self.rows.observations(self.rows.of(indicator, area))

    def find(self, indicator: str, area: str, period: str, **codes: str | Iterable[str]) -> list[Observation]:
        """Observations with these codes; a dimension that is not named must not be broken down (``_T`` or ``_Z``).

        A code may be a set of codes, or ``"*"`` for any code that is not a total. ``unit`` asks for one unit.
        """
        wanted = {"ref_area": area, "time_period": period, **codes}
        found = self.rows.observations(self.rows.of(indicator, area, period))
        return [row for row in found if _fits(row, wanted)]

    def across(
        self, indicator: str, periods: Iterable[str], areas: Iterable[str] | None = None, **codes: str
    ) -> list[Observation]:
        """Observations of an indicator in many areas, with exactly these codes; ``measure`` and ``unit`` count too.

        ``"*"`` stands for any code that is not a total, areas that are not named for all of them. Only the rows found
        are read: accounts of many areas are large.
        """
        found = self.rows.of(indicator)
        years = list(periods)
        found = self.rows.having(found, "time_period", years) if years else found
        found = found if areas is None else self.rows.having(found, "ref_area", areas)
        for column, code in codes.items():
            is_any = code == "*"
            found = self.rows.broken_down(found, column) if is_any else self.rows.having(found, column, [code])
        return self.rows.observations(found)

    def one(self, indicator: str, area: str, period: str, **codes: str) -> Observation:
        """The observation with these codes, or ``ABSENT``."""
        found = self.find(indicator, area, period, **codes)
        return found[0] if found else ABSENT

    def periods(self, indicator: str, area: str) -> list[str]:
        """The periods of an indicator, oldest first, without all years together and the unknown year."""
        periods = self.rows.periods(indicator, area)
        return sorted(periods - {ALL_YEARS, "_U"}, key=lambda period: (period[-4:], period))

    def period_for(self, indicator: str, area: str, period: str) -> str | None:
        """The period to show when ``period`` is asked for: itself, else the latest before it, else the earliest."""
        known = self.periods(indicator, area)
        before = [name for name in known if name[-4:] <= period[-4:]]
        if period in known:
            return period
        return before[-1] if before else next(iter(known), None)

    def area_for(self, indicator: str, area: str) -> str:
        """The area to show: ``area``, or the world where an indicator compares countries and has only the world."""
        has_none = not len(self.rows.of(indicator, area))
        return WORLD if has_none and len(self.rows.of(indicator, WORLD)) else area

    @cached_property
    def area(self) -> str:
        """The area of the account: as the metadata say, else the area with most observations."""
        if self.metadata.get("area"):
            return str(self.metadata["area"])
        counts = {one["values"]: one["counts"] for one in self.cube["ref_area"].value_counts().to_pylist()}
        return min(counts, key=lambda code: (-counts[code], code), default="_U")

    @property
    def area_name(self) -> str:
        """The name of the account's area as the office writes it, else its English name."""
        return self.name_of(self.area)

    def name_of(self, area: str) -> str:
        """The name of an area; for the account's own area what the office calls it, where that differs."""
        chosen = self.metadata.get("area_name") if area == self.metadata.get("area") else None
        return str(chosen) if chosen and chosen != source_name(area) else area_name(area)

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the lists the account was made from."""
        return tuple(str(entry.get("list", "")) for entry in self.sources)

    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]:
        """The lists with their rows read, accepted and set aside, and the hashes of their files."""
        return tuple(self.metadata.get("sources") or self.metadata.get("inputs") or ())

    def receipt_of(self, row: Observation) -> Mapping[str, Any]:
        """What the receipts say of an observation: its definition, the lists behind it, rules and code version.

        Receipts keep what the numbers of one indicator share; a file with one entry per receipt is read as well.
        """
        if not isinstance(self.receipts.get("indicators"), Mapping):
            return dict(self.receipts.get(row.receipt_id) or {})
        return self.definition_of(row.indicator)

    def definition_of(self, indicator: str) -> Mapping[str, Any]:
        """What the numbers of one indicator share; nothing where the release does not say."""
        definition = (self.receipts.get("indicators") or {}).get(indicator)
        if definition is None:
            return {}
        names = set(definition.get("inputs") or ())
        files = [entry for entry in self.receipts.get("inputs") or () if entry.get("list") in names]
        shared = {key: self.receipts[key] for key in ("code_version", "rules") if key in self.receipts}
        return {**definition, "inputs": files, **shared}


def _fits(row: Observation, wanted: Mapping[str, str | Iterable[str]]) -> bool:
    if wanted.get("unit", row.unit) != row.unit:
        return False
    for dimension in DIMENSIONS:
        code = row.codes[dimension]
        want = wanted.get(dimension)
        if want is None or want == "_T":
            fits = code in NOT_BROKEN_DOWN
        elif isinstance(want, str):
            fits = code == want or (want == "*" and code not in NOT_BROKEN_DOWN)
        else:
            fits = code in want
        if not fits:
            return False
    return True
