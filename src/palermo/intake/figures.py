"""Reading one printed figure: what a cell of a published table says, and nothing more.

A suppressed figure ("<5") keeps its bounds (0 to 4) and never becomes a number such as 2.5. A dash, "NA" or an empty
cell is missing; none of them is a zero, because in the sources at hand a dash stands for both. A text that two
readings fit ("1.192" as a count) is refused, not guessed.
"""

import math
import re
from dataclasses import dataclass, replace

# What sources print where there is no figure. Values are codes of obs_status: M missing, Q missing and suppressed.
NOTHING: dict[str, str] = {
    **dict.fromkeys(("", "-", "–", "—", ".", "..", "...", "…", ":", "na", "n/a", "n.a.", "nan", "null", "none"), "M"),
    **dict.fromkeys(("c", "x", "*", "suppressed", "confidential"), "Q"),
}

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_PLAIN = re.compile(r"\d+")
_DECIMAL = re.compile(r"\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+", re.IGNORECASE)
_COMMA_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_SPACE_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ '’]\d{3})+")
_COMMA_DECIMAL = re.compile(r"\d+,\d+")
_BELOW = re.compile(r"(?:<|less than|fewer than|under|below)\s*(\d+)", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:<=|≤|at most|up to)\s*(\d+)", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*[-–—]\s*(\d+)")

THOUSANDS = "thousands separator as text"
DECIMAL_COMMA = "decimal comma"
BOUNDS = "kept as bounds"
MISSING = "no figure"


@dataclass(frozen=True)
class Figure:
    """What a cell says. ``note`` names the reading where it was not plain.

    An exact figure has lower = value = upper; a suppressed one has bounds only; a missing one has neither.
    """

    value: float | None
    lower: float | None
    upper: float | None
    obs_status: str  # codes: obs_status
    note: str = ""

    def with_status(self, code: str | None) -> "Figure":
        """The same figure with what the source says about it (E estimated, P provisional); a missing one stays so."""
        return self if code is None or self.obs_status != "A" else replace(self, obs_status=code)


class UnreadableFigureError(ValueError):
    """The cell is no figure, or could be two; the message says what was expected."""


def read_figure(cell: object, *, whole: bool) -> Figure:
    """Read one cell. ``whole`` is true for counts (of persons, offences): a fraction is then an error.

    Raises ``UnreadableFigureError`` saying what was expected.
    """
    if isinstance(cell, bool):
        raise UnreadableFigureError("a figure, not a truth value")
    if isinstance(cell, int | float):
        return _from_number(float(cell), whole, "")
    text = _SPACES.sub(" ", "" if cell is None else str(cell)).strip()
    if text.casefold() in NOTHING:
        return Figure(None, None, None, NOTHING[text.casefold()], MISSING)
    if _PLAIN.fullmatch(text):
        return exact(float(text))
    return _from_signs(text, whole)


def _from_signs(text: str, whole: bool) -> Figure:
    """Read a text that has other signs than digits."""
    if _DECIMAL.fullmatch(text):
        return _from_decimal(text, whole)
    if _SPACE_THOUSANDS.fullmatch(text):
        return exact(float(re.sub(r"[ '’]", "", text)), THOUSANDS)
    if "," in text:
        return _from_comma(text, whole)
    return _from_bounds(text, whole)


def exact(value: float, note: str = "") -> Figure:
    """A figure known exactly."""
    return Figure(value, value, value, "A", note)


def _from_number(value: float, whole: bool, note: str) -> Figure:
    if not math.isfinite(value) or value < 0:
        raise UnreadableFigureError("a finite figure of 0 or more")
    if whole and not value.is_integer():
        raise UnreadableFigureError("a whole number; a fraction is a rate or an error")
    return exact(value, note)


def _from_decimal(text: str, whole: bool) -> Figure:
    if whole and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        raise UnreadableFigureError("a whole number; with a point and three digits it may be thousands or a fraction")
    return _from_number(float(text), whole, "")


def _from_comma(text: str, whole: bool) -> Figure:
    thousands = _COMMA_THOUSANDS.fullmatch(text) is not None
    if thousands and (whole or text.count(",") > 1):
        return exact(float(text.replace(",", "")), THOUSANDS)
    if thousands:
        raise UnreadableFigureError("a rate; with a comma and three digits it may be thousands or a fraction")
    if _COMMA_DECIMAL.fullmatch(text) and not whole:
        return exact(float(text.replace(",", ".")), DECIMAL_COMMA)
    raise UnreadableFigureError("a whole number" if whole else "a figure")


def _from_bounds(text: str, whole: bool) -> Figure:
    """Bounds of counts; for a rate the count beneath is not known, so that no bounds follow."""
    if not whole:
        raise UnreadableFigureError("a figure")
    if found := _BELOW.fullmatch(text):
        if int(found[1]) == 0:
            raise UnreadableFigureError("a figure of 0 or more")
        return Figure(None, 0.0, float(found[1]) - 1, "Q", BOUNDS)
    if found := _AT_MOST.fullmatch(text):
        return Figure(None, 0.0, float(found[1]), "Q", BOUNDS)
    if (found := _RANGE.fullmatch(text)) and int(found[1]) <= int(found[2]):
        return Figure(None, float(found[1]), float(found[2]), "Q", BOUNDS)
    raise UnreadableFigureError("a whole number, bounds such as <5, or a mark for nothing such as NA")
