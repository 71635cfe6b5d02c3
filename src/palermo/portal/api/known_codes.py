"""Whether a code in a question is one at all: one that its code list knows, or one that the release holds.

A code that a list knows and the release does not hold is a fair question: nothing is published, says its answer. A code
that nobody knows is a slip of the pen; answered in the same way, it would read as a finding.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches

import pyarrow.compute as pc

from palermo.codes import areas, code_list
from palermo.language import _
from palermo.portal.api.problems import bad_word
from palermo.report.labels import LISTS, SPECIAL, lists_of
from palermo.report.reading import Release

NEAR_AT_MOST = 10
_PERIOD = re.compile(r"\d{4}(/\d{4})?")


def check_codes(release: Release, asked: Mapping[str, str], words: Mapping[str, str] | None = None) -> None:
    """Raise ``ProblemError`` for the first code, by column, that nobody knows; it names near ones and their list.

    ``words`` are those of the query by column, where they are others than the columns.
    """
    for column, code in asked.items():
        lists = _lists(column)
        if code in SPECIAL or _is_listed(column, code, lists):
            continue
        held = _held(release, column)
        if code not in held:
            near = ", ".join(_near(column, code, held))
            place = "/api/definitions" if lists else f"/api/releases/{release.id}/cubes"
            raise bad_word(
                (words or {}).get(column, column),
                code,
                _("a code of {place}, such as {codes}", place=place, codes=near),
            )


def _lists(column: str) -> tuple[str, ...]:
    """Our code lists that a column takes its codes from, those of areas aside."""
    return tuple(name for name in lists_of(column) if name != "area")


def _is_listed(column: str, code: str, lists: tuple[str, ...]) -> bool:
    if column == "time_period":
        return _PERIOD.fullmatch(code) is not None
    if LISTS.get(column) == "area":
        return areas.is_area(code) or areas.is_citizenship(code)
    return any(code_list(one).in_table(code) for one in lists)


def _held(release: Release, column: str) -> list[str]:
    """The codes of a column that the release holds; of indicators those that it defines."""
    defined = release.receipts.get("indicators") or () if column == "indicator" else ()
    return sorted({*filter(None, pc.unique(release.cube[column]).to_pylist()), *defined})


def _near_areas(code: str) -> list[str]:
    """The area that another standard calls so, else those that look most like it."""
    found = areas.from_iso2(code) or areas.from_m49(code)
    return [found] if found else areas.nearest(code)


def _near(column: str, code: str, held: list[str]) -> list[str]:
    """Codes that look most like it, else some that could stand there."""
    near = _near_areas(code) if LISTS.get(column) == "area" else []
    near += [found for one in _lists(column) for found in code_list(one).nearest(code)]
    near += get_close_matches(code, held, cutoff=0.5)
    return list(dict.fromkeys(near or held))[:NEAR_AT_MOST]
