"""Which codes a column may hold, known without looking at any person: shipped lists, and lists that a user gives.

Noise is added to the count of every code on a public list, held by somebody or not. A code that is learnt from the rows
instead tells by its mere presence that somebody has it, so such codes must pass a threshold.

The decision a reader would question: a column is matched to a shipped list by its name, and the *way of writing* (two
or three letters of a country, Female or F) by what most rows hold. How an office writes its codes is no secret of a
person, and one row cannot turn the choice, save where it is at the edge of nineteen in twenty.
"""

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

from palermo.codes import areas, code_list
from palermo.errors import UsageError

FITS = 0.95
"""Share of the rows with a value that must be on a list for a column to be read by it."""
SPLIT, ONE_CODE = "split", "one code"
SEPARATOR = ";"
YEARS = range(1990, 2031)
"""From the first cases of the files in use to a few years ahead; each year costs a little noise in the others."""
_MOST_SETS = 31  # sets of up to five codes in one cell are listed
_OWN_LISTS = ("form", "means", "recruiter", "sector", "victim_status", "source_type", "migration_status", "context")
_UNKNOWN_CITIZENSHIP = ("0",)  # of the k-anonymised CTDC file
_MADE_UP = "XXA"  # the demo country


@dataclass(frozen=True)
class PublicList:
    """The codes of one column, in their order. ``several``: what to do with cells that hold several codes."""

    id: str
    source: str
    codes: tuple[str, ...]
    blank: frozenset[str] = frozenset()
    several: str | None = None


@dataclass(frozen=True)
class _Shipped:
    id: str
    source: str
    columns: tuple[str, ...]
    variants: tuple[tuple[str, ...], ...]
    blank: frozenset[str]
    several: str | None
    match_case: bool

    def names(self, column: str) -> bool:
        """Whether a column of this name is one of these."""
        if self.match_case:
            return any(fnmatchcase(column, pattern) for pattern in self.columns)
        return any(fnmatchcase(column.casefold(), pattern.casefold()) for pattern in self.columns)


def recognise(column: str, held: Mapping[str, int]) -> PublicList | None:
    """The shipped list of a column of this name that its values fit; ``held``: rows of each value that is not blank."""
    best: tuple[float, int, PublicList] | None = None
    for shipped in _shipped():
        if not shipped.names(column):
            continue
        counted = {value: rows for value, rows in held.items() if value not in shipped.blank}
        rows = sum(counted.values())
        for variant in shipped.variants:
            public = PublicList(shipped.id, shipped.source, variant, shipped.blank, shipped.several)
            fit = sum(n for value, n in counted.items() if fits(value, public)) / rows if rows else 0.0
            if fit >= FITS and (best is None or (fit, -len(variant)) > best[:2]):
                best = (fit, -len(variant), public)
    return best[2] if best else None


def fits(value: str, public: PublicList) -> bool:
    """Whether the value is one of the codes, or a set of them where cells may hold several."""
    if value in public.codes:
        return True
    parts = split_cell(value) if public.several else ()
    return len(parts) > 1 and all(part in public.codes for part in parts)


def split_cell(value: str, separator: str = SEPARATOR) -> tuple[str, ...]:
    """The codes of a cell that holds several."""
    return tuple(part for part in (part.strip() for part in value.split(separator)) if part)


def with_sets(codes: tuple[str, ...]) -> tuple[str, ...] | None:
    """The codes and all sets of them, each set written in the order of the alphabet; None where those are too many."""
    if 2 ** len(codes) - 1 > _MOST_SETS:
        return None
    ordered = sorted(codes)
    sets = [SEPARATOR.join(some) for size in range(2, len(codes) + 1) for some in combinations(ordered, size)]
    return (*codes, *sets)


def read_codes(path: Path) -> dict[str, tuple[str, ...]]:
    """Lists that a user gives: TOML or JSON with a list for each column, or CSV with the columns column and code."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file; expected code lists as TOML, JSON or CSV (columns: column, code)")
    try:
        text = path.read_text(encoding="utf-8-sig")
        lists = _parse_codes(text, path.suffix.lower())
    except (ValueError, RecursionError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as code lists: {error}") from None
    for column, codes in lists.items():
        if not codes or len(set(codes)) != len(codes) or "" in codes:
            raise UsageError(f"{path}: column {column}: expected a list of codes, none blank and none twice")
    return lists


def _parse_codes(text: str, suffix: str) -> dict[str, tuple[str, ...]]:
    if suffix == ".csv":
        found: dict[str, list[str]] = {}
        rows = csv.DictReader(text.splitlines())
        if not {"column", "code"} <= set(rows.fieldnames or ()):
            raise ValueError("expected the columns column and code")
        for number, row in enumerate(rows, 1):
            if row["column"] is None or row["code"] is None:
                raise ValueError(f"row {number}: expected a column and a code")
            found.setdefault(row["column"], []).append(row["code"])
        return {column: tuple(codes) for column, codes in found.items()}
    document: Any = json.loads(text) if suffix == ".json" else tomllib.loads(text)
    if not isinstance(document, dict) or not all(isinstance(codes, list) for codes in document.values()):
        raise ValueError("expected one list of codes for each column")
    return {column: tuple(str(code) for code in codes) for column, codes in document.items()}


@cache
def _shipped() -> tuple[_Shipped, ...]:
    text = (resources.files("palermo.release.synthetic") / "public_codes.toml").read_text(encoding="utf-8")
    own = [_own(list_id) for list_id in _OWN_LISTS]
    return (*(_from_entry(entry) for entry in tomllib.loads(text)["list"]), *own)


def _from_entry(entry: Mapping[str, Any]) -> _Shipped:
    variants = _RULES[entry["from"]]() if "from" in entry else tuple(tuple(codes) for codes in entry["variants"])
    blank = frozenset(entry.get("blank", ()))
    matched = entry.get("match_case", False)
    return _Shipped(
        entry["id"], entry["source"], tuple(entry["columns"]), variants, blank, entry.get("several"), matched
    )


def _own(list_id: str) -> _Shipped:
    codes = tuple(code.id for code in code_list(list_id))
    return _Shipped(f"palermo-{list_id}", "Palermo", (list_id,), (codes,), frozenset(), SPLIT, True)


def _countries() -> tuple[tuple[str, ...], ...]:
    known = [area for area in areas.countries() if area.iso2 and area.code != _MADE_UP]
    three, two = tuple(area.code for area in known), tuple(str(area.iso2) for area in known)
    return (three, two, (*two, *_UNKNOWN_CITIZENSHIP), tuple(areas.name(code) for code in three))


def _years() -> tuple[tuple[str, ...], ...]:
    return (tuple(str(year) for year in YEARS), tuple(f"{year}.0" for year in YEARS))


_RULES = {"countries": _countries, "years": _years}
