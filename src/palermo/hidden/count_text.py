"""What the text in the count column says: a number, a range that a publisher printed, or that nobody can be there.

The decision a reader would question: a blank count is refused. It may mean nobody, hidden, not asked or impossible, and
each leads to another estimate. Only the person who made the table knows.
"""

import re

from palermo.errors import UsageError

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "<na>", "#n/a"})
STRUCTURAL_WORDS = frozenset({"structural", "structural zero", "impossible"})
HIDDEN_SIGNS = frozenset({"c", "s", "x", "z", "*", "**", ":", ".", "..", "...", "-", "–", "#", "u", "d", "suppressed"})
MAX_COUNT = 10**12
_LONGEST = 40  # of a text quoted in a message
_THOUSANDS = re.compile(r"\d{1,3}(?:[,'’\s\u00a0\u202f]\d{3})+(?:\.0+)?")
_THOUSANDS_OR_DECIMALS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DECIMAL_COMMA = re.compile(r"\d+,0{1,2}")
_BELOW = re.compile(r"(<=|≤|<)\s*(\d+)")
_RANGE = re.compile(r"[\[(]?\s*(\d+)\s*(?:-|–|—|\.\.\.?|,|;|to|à|bis)\s*(\d+)\s*[\])]?", re.IGNORECASE)
_OPEN = re.compile(r"(?:>|>=|≥)\s*\d+|\d+\s*\+")
_BRACKETED = re.compile(r"\[\s*\d+\s*[,;]\s*\d+\s*\]")
EXPECTED = "expected a whole number of persons, 0 or more, or a range such as <5 or 5-9"


def is_missing(text: str) -> bool:
    """Whether the text stands for nothing."""
    return text.strip().lower() in MISSING


def is_structural(text: str) -> bool:
    """Whether the text says that nobody can have this history."""
    return text.strip().lower() in STRUCTURAL_WORDS


def count_bounds(text: str, where: str) -> tuple[int, int]:
    """The lowest and the highest count that the text allows. ``where`` names file, row and column."""
    plain = text.strip()
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    if is_missing(plain):
        raise UsageError(
            f"{where}: blank ({text!r}); {EXPECTED}. Write 0 where nobody was found, `structural` where nobody can be, "
            "the range where the number is hidden"
        )
    found = _range(plain)
    low, high = found if found else (_whole(plain, text, where),) * 2
    if low > high:
        raise UsageError(f"{where}: found {text!r}, a range that ends before it begins; {EXPECTED}")
    if high > MAX_COUNT:
        raise UsageError(f"{where}: found {text!r}, more persons than there can be; {EXPECTED}")
    return low, high


def _range(plain: str) -> tuple[int, int] | None:
    if below := _BELOW.fullmatch(plain):
        return 0, int(below[2]) - (below[1] == "<")
    between = _RANGE.fullmatch(plain)
    if between is None or ("," in plain and not _BRACKETED.fullmatch(plain)):
        return None
    return int(between[1]), int(between[2])


def _whole(plain: str, text: str, where: str) -> int:
    if plain.lower() in HIDDEN_SIGNS:
        raise UsageError(
            f"{where}: found {text!r}, which hides a number without saying how large it may be; write the range that "
            "the publisher states, such as <5 or 1-4"
        )
    if _OPEN.fullmatch(plain):
        raise UsageError(f"{where}: found {text!r}, a range without end; write both ends, such as 10-19")
    if _THOUSANDS.fullmatch(plain):
        plain = re.sub(r"[,'’\s\u00a0\u202f]", "", plain)
    elif _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.partition(",")[0]
    ambiguous = _THOUSANDS_OR_DECIMALS.fullmatch(plain)
    try:
        number = int(plain) if plain.isdecimal() else float(plain)
    except ValueError:
        number = -1 if ambiguous is None else 0
    if ambiguous or not 0 <= number <= MAX_COUNT or number != int(number):
        advice = "" if number < 0 else "; where the point parts thousands or the counts are weighted, write whole ones"
        raise UsageError(f"{where}: found {text!r}, {EXPECTED}{advice}")
    return int(number)
