"""How national files head their columns and name sex, age and form: words as data, in ``national/labels.toml``.

A label is read with the code list first and the words of national files second; nothing is guessed. A label that a
column of mixed breakdowns holds ("Male", "17 Years and Under", "Type of Exploitation - Sexual") is tried as each.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from palermo.codes import ages, areas, code_list
from palermo.codes.folding import fold
from palermo.intake.observations import TOTAL, UNKNOWN

DIMENSIONS = ("sex", "age", "form", "citizenship")
_LEADING = re.compile(r"(?:type of exploitation|exploitation type)\s*[-–:]\s*", re.IGNORECASE)
_AGED = re.compile(r"aged?\s+|\s*(?:years?|years? old)\b", re.IGNORECASE)
_YOUNGER = re.compile(r"(\d+)\s+and\s+(?:younger|under|below)", re.IGNORECASE)
_TO_UNDER = re.compile(r"(\d+)\s+to\s+under\s+(\d+)", re.IGNORECASE)


@cache
def _document() -> Mapping[str, Mapping[str, list[str]]]:
    text = (resources.files("palermo.intake.shapes") / "national" / "labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _codes(section: str) -> Mapping[str, str]:
    """Folded text to code or role. A text without letters or digits ("|") is kept as it is."""
    return {fold(text) or text.strip(): code for code, texts in _document().get(section, {}).items() for text in texts}


def role_of(header: str) -> str | None:
    """What a column holds ("year", "value", "sex", "any" ...), from its header; None where it is not known."""
    return _codes("headers").get(fold(header))


def status_of(flag: str) -> str | None:
    """The observation status that a flag of the source stands for, or None."""
    return _codes("status").get(fold(flag) or flag.strip())


def code_in(dimension: str, text: str) -> str | None:
    """The code of a label in one dimension ("sex", "age", "form", "citizenship"), blank being the total; or None."""
    trimmed = text.strip()
    known = _codes(dimension).get(fold(trimmed)) if fold(trimmed) or not trimmed else None
    if known is not None:
        return known
    if dimension == "citizenship":
        return areas.match(trimmed, demonyms=True)
    plain = trimmed.replace("_", " ") if not trimmed.startswith("_") else trimmed
    code = code_list(dimension).match(_LEADING.sub("", plain))
    return code or _codes(dimension).get(fold(_LEADING.sub("", plain))) or _age(dimension, plain)


def _age(dimension: str, text: str) -> str | None:
    """Bands that offices word in their own way: "13 years and younger", "14 to under 18 years", "aged over 35"."""
    if dimension != "age":
        return None
    plain = _AGED.sub(" ", text).strip()
    if found := _YOUNGER.fullmatch(plain):
        return ages.band(0, int(found[1]))
    if found := _TO_UNDER.fullmatch(plain):
        return ages.band(int(found[1]), int(found[2]) - 1)
    return ages.parse(plain)


def code_in_any(text: str) -> tuple[str, str] | None:
    """Dimension and code of a label whose dimension the file does not say; a blank or "Total" is the total of sex."""
    for dimension in ("sex", "age", "form"):
        code = code_in(dimension, text)
        if code is not None and (code not in {TOTAL, UNKNOWN} or dimension == "sex"):
            return dimension, code
    return None
