"""Every number that a site tells, gathered from all the ways in which it tells them, as an attacker would gather it.

A number is named by its codes. Of each, the attacker keeps the narrowest range that any view, table or message gives,
and an exact value wherever one is told.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlencode

from palermo.account.schema import DIMENSIONS

from .reader import Site

KEYS = ("indicator", "measure", "unit", *DIMENSIONS)
COLUMNS_AT_MOST = 12
Key = tuple[str, ...]
Told = tuple[Key, str, str, str]  # codes, value, lower, upper as written


@dataclass
class Known:
    """What the attacker knows of each number: the narrowest range told, and whether a value was."""

    ranges: dict[Key, tuple[float, float]] = field(default_factory=dict)
    values: dict[Key, float] = field(default_factory=dict)

    def learn(self, told: Iterable[Told]) -> int:
        """Take in what was told; how many numbers that was."""
        count = 0
        for key, value, lower, upper in told:
            low, high = self.ranges.get(key, (-math.inf, math.inf))
            if value:
                self.values[key] = float(value)
            ends = (float(lower or -math.inf), float(upper or math.inf))
            self.ranges[key] = (max(low, ends[0]), min(high, ends[1]))
            count += 1
        return count

    def beyond(self, other: "Known") -> list[Key]:
        """The numbers of which this tells more than the other does, or that only this tells."""
        return [
            key
            for key, (low, high) in self.ranges.items()
            if key not in other.ranges
            or low > other.ranges[key][0]
            or high < other.ranges[key][1]
            or self.values.get(key) != other.values.get(key)
        ]


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def told_by(rows: Iterable[Mapping[str, str]]) -> Iterator[Told]:
    """What rows in the columns of the release tell: the frozen file and the data service."""
    for row in rows:
        yield tuple(row[name] for name in KEYS), row["value"], row["lower"], row["upper"]


def told_in_sdmx(rows: Iterable[Mapping[str, str]], receipts: Mapping[str, Key]) -> Iterator[Told]:
    """What an SDMX-CSV message of Palermo's own structure tells; the receipt says of which number."""
    for row in rows:
        yield receipts[row["RECEIPT"]], row["OBS_VALUE"], row["LOWER_BOUND"], row["UPPER_BOUND"]


def released(site: Site) -> list[dict[str, str]]:
    """The rows of the frozen file that anybody may download."""
    return rows_of(site.get(f"/data/{site.latest}/cube.csv").text)


def views(rows: list[dict[str, str]]) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Views of the explorer that together hold every number: cube, words of the address, codes that do not differ."""
    cubes: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        cubes.setdefault(".".join((row["indicator"], row["measure"], row["unit"])), []).append(row)
    for name, held in cubes.items():
        codes = {dimension: {row[dimension] for row in held} for dimension in DIMENSIONS}
        differ = sorted((one for one in DIMENSIONS if len(codes[one]) > 1), key=lambda one: -len(codes[one]))
        down = differ[0] if differ else "time_period"
        across = next((one for one in differ[1:] if len(codes[one]) <= COLUMNS_AT_MOST), "")
        rest = [one for one in differ if one not in {down, across}]
        same = {key: held[0][key] for key in KEYS if key not in {down, across, *rest}}
        for chosen in product(*(sorted(codes[one]) for one in rest)):
            filters = dict(zip(rest, chosen, strict=True))
            if any(all(row[one] == code for one, code in filters.items()) for row in held):
                yield name, {"rows": down, "columns": across, **filters}, same | filters


def told_in_view(site: Site, cube: str, words: dict[str, str], codes: dict[str, str]) -> Iterator[Told]:
    """What the table of a view tells, by the codes of its row, of its column and of its address.

    The interval of an estimate stands in a line of its own.
    """
    for row in rows_of(site.get(f"/data/{site.latest}/explore/{cube}.csv?{urlencode(words)}").text):
        own = codes | {words["rows"]: row[words["rows"]]}
        if words["columns"]:
            own[words["columns"]] = row["measure"].removesuffix("_interval")
        ends = ("", "") if row["status"] == "exact" and row["obs_status"] == "E" else (row["lower"], row["upper"])
        yield tuple(own[name] for name in KEYS), row["value"], *ends
