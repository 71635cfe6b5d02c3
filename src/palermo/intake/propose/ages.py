"""Age bands in words, as offices print them: "13 years and younger", "moins de 12 ans", "35 Jahre und älter".

They are read for proposals only and end up in the value table of the mapping, where a person sees what each was taken
to mean. "Under 18" ends at 17, "18 and under" at 18; the two are kept apart in every language.
"""

import re

from palermo.codes import ages
from palermo.errors import UsageError

_N = r"(\d{1,3})"
_YEARS = r"(?:\s*(?:years?|yrs?|ans|años|anos|anni|jahren?|лет|года?|godina|سنة|岁|歲))?"
_BELOW = (
    r"(?:under|below|less than|younger than|moins de|menos de|menor(?:es)? de|unter|meno di|до|младше|ispod|أقل من)"
)
_ABOVE = (
    r"(?:and (?:over|older|above)|or (?:over|older|more)|et plus|y más|o más|und älter|e oltre|и старше|i više|以上)"
)
_UP_TO = r"(?:and|or) (?:younger|under|below|less)"
_RANGE = r"(?:to|à|a|bis|до|do|至|[-–—])"
_PATTERNS = (
    (re.compile(rf"{_BELOW} {_N}{_YEARS}"), lambda n: (0, n - 1)),
    (re.compile(rf"{_N}{_YEARS}\s*以下"), lambda n: (0, n)),
    (re.compile(rf"{_N}{_YEARS} {_UP_TO}"), lambda n: (0, n)),
    (re.compile(rf"{_N}{_YEARS}\s*{_ABOVE}"), lambda n: (n, None)),
    (re.compile(rf"(?:ab|desde|à partir de|from) {_N}{_YEARS}"), lambda n: (n, None)),
)
_TO_UNDER = re.compile(rf"{_N}{_YEARS} (?:to under|bis unter) {_N}{_YEARS}")
_FROM_TO = re.compile(rf"(?:de |von |от )?{_N}{_YEARS}\s*{_RANGE}\s*{_N}{_YEARS}")


def band_in_words(text: str) -> str | None:
    """The band that a text means, or None."""
    plain = " ".join(text.casefold().split()).removeprefix("aged ")
    try:
        return _band(plain) or ages.parse(plain)
    except UsageError:
        return None  # bounds that no person can have


def _band(plain: str) -> str | None:
    if found := _TO_UNDER.fullmatch(plain):
        return ages.band(int(found[1]), int(found[2]) - 1)
    if found := _FROM_TO.fullmatch(plain):
        return ages.band(int(found[1]), int(found[2]))
    for pattern, bounds in _PATTERNS:
        if found := pattern.fullmatch(plain):
            return ages.band(*bounds(int(found[1])))
    return None
