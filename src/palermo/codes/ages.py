"""Age bands: their ids, their bounds, and on which side of the line of 18 years they stand.

Ids follow SDMX CL_AGE: ``Y0T17`` is 0 to 17 completed years, ``Y5`` is one year of age, ``Y_GE18`` is 18 and over.
A band may be made for any bounds, because every source cuts ages differently; the file of the list ``age`` names
those that known sources use. A band that crosses the line of 18 years tells neither child nor adult: its age group
is ``_U``. That a person whose age is in doubt is treated as a child is a rule of protection, not a code.
"""

import re
from functools import lru_cache

from palermo.codes.code import Code
from palermo.errors import UsageError

CHILD = "Y0T17"
ADULT = "Y_GE18"
UNKNOWN = "_U"
NOT_ASKED = "_N"
OLDEST = 150  # an age above this is an error of the source

_BAND = re.compile(r"Y(\d{1,3})(?:T(\d{1,3}))?|Y_GE(\d{1,3})")
_YEARS = r"(?:\s*(?:years?|yrs?|y|ans|años|лет))?(?:\s+(?:old|of\s+age))?"
_DASH = r"(?:\s*(?:-{1,2}|[‐‑‒–—−]|to|till|a|à|through|до)\s*)"
_RANGE = re.compile(rf"(?:ages?\s+)?(\d{{1,3}}){_YEARS}{_DASH}(\d{{1,3}}){_YEARS}")
_OPEN = re.compile(
    rf"(\d{{1,3}}){_YEARS}\s*(?:\+|(?:years?\s+)?(?:and|or|&)\s+(?:over|older|above|more|plus)){_YEARS}"
    rf"|(?:>=|≥)\s*(\d{{1,3}}){_YEARS}"
)
_UNDER = re.compile(rf"(?:under|below|less\s+than|<)\s*(?:the\s+age\s+of\s+)?(\d{{1,3}}){_YEARS}")
_OVER = re.compile(rf"(?:over|older\s+than|above|>)\s*(\d{{1,3}}){_YEARS}")


def band(lower: int, upper: int | None = None) -> str:
    """The id of the band from ``lower`` to ``upper`` completed years, both included; open where ``upper`` is None.

    Raises ``UsageError`` for bounds that no person can have.
    """
    if not 0 <= lower <= OLDEST or (upper is not None and not lower <= upper <= OLDEST):
        raise UsageError(f"no age band from {lower} to {upper}: expected 0 <= lower <= upper <= {OLDEST} years")
    if upper is None:
        return f"Y_GE{lower}"
    return f"Y{lower}" if lower == upper else f"Y{lower}T{upper}"


def bounds(code: str) -> tuple[int, int | None] | None:
    """Lower and upper completed years of a band id, upper None where open; None where ``code`` is no band."""
    found = _BAND.fullmatch(code)
    if found is None:
        return None
    first, last, open_from = found.groups()
    lower = int(open_from or first)
    upper = None if open_from else int(last or first)
    try:
        well_formed = band(lower, upper) == code
    except UsageError:
        return None
    return (lower, upper) if well_formed else None


def age_group(code: str) -> str:
    """``Y0T17``, ``Y_GE18``, ``_U`` or ``_N`` for any age code; a band across the line of 18 years gives ``_U``.

    Raises ``UsageError`` for a text that is not an age code of a person.
    """
    if code in {UNKNOWN, NOT_ASKED}:
        return code
    found = bounds(code)
    if found is None:
        raise UsageError(f"{code!r} is not an age code; expected YaTb, Ya, Y_GEa, _U or _N")
    lower, upper = found
    if lower >= 18:
        return ADULT
    return CHILD if upper is not None and upper < 18 else UNKNOWN


def group_of_age(years: int) -> str:
    """``Y0T17`` or ``Y_GE18`` for an age in completed years."""
    return age_group(band(years, years))


def parse(text: str) -> str | None:
    """The band id that a source means by ``0--8``, ``09–17``, ``48+``, ``0 to 17 years``, ``under 18``; else None."""
    plain = " ".join(text.casefold().split())
    lower_upper = _parsed_bounds(plain)
    if lower_upper is None:
        return None
    try:
        return band(*lower_upper)
    except UsageError:
        return None


def _parsed_bounds(plain: str) -> tuple[int, int | None] | None:
    if found := _RANGE.fullmatch(plain):
        return int(found[1]), int(found[2])
    if found := _OPEN.fullmatch(plain):
        return int(found[1] or found[2]), None
    if found := _UNDER.fullmatch(plain):
        return 0, int(found[1]) - 1
    if found := _OVER.fullmatch(plain):
        return int(found[1]) + 1, None
    return None


@lru_cache(maxsize=4096)
def band_code(code_id: str) -> Code | None:
    """The code of any well-formed band, also of one that the file of the list does not name."""
    found = bounds(code_id)
    if found is None:
        return None
    group = age_group(code_id)
    parent = group if group in {CHILD, ADULT} and group != code_id else None
    return Code(code_id, band_label(*found), parent, lower=found[0], upper=found[1])


def band_label(lower: int, upper: int | None) -> str:
    """The label of a band: ``18 to 24 years``, ``65 years and over``, ``5 years``."""
    if upper is None:
        return f"{lower} years and over"
    return f"{lower} years" if lower == upper else f"{lower} to {upper} years"
