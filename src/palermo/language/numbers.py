"""Numbers as a language writes them: marks between thousands, decimal mark, digits, per cent sign.

Marks are those of the Unicode Common Locale Data Repository, as Babel carries it; English keeps a true minus sign.

The decision a reader would question: Arabic is written with Arabic-Indic digits throughout, years as well, as the
Arabic editions of United Nations reports are. Codes, receipts and data files keep European digits in every language.
"""

from functools import cache

from babel import Locale
from babel.numbers import format_decimal

from palermo.language.speaking import spoken_now

MINUS = "\u2212"
_SYSTEM = {"ar": "arab"}
_DIGITS = {"ar": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")}


def number(value: float, decimals: int = 0) -> str:
    """A number with its thousands apart; a value that is 0 once rounded carries no sign."""
    rounded = f"{abs(value):.{decimals}f}"
    negative = value < 0 and any(digit in "123456789" for digit in rounded)
    code = spoken_now().code
    marks = format_decimal(float(rounded), _pattern(decimals), code, numbering_system=_SYSTEM.get(code, "latn"))
    text = digits(marks)  # Babel takes the marks of a numbering system and leaves its digits
    return f"{MINUS}{text}" if negative else text


def percent(text: str) -> str:
    """A number that is written already, with the per cent sign where the language has it."""
    before, after = _percent_pattern(spoken_now().code)
    return f"{before}{text}{after}"


def digits(text: str) -> str:
    """A year, a period or a plain whole number in the digits of the language."""
    table = _DIGITS.get(spoken_now().code)
    return text.translate(table) if table else text


@cache
def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


@cache
def _percent_pattern(code: str) -> tuple[str, str]:
    if code == "en":
        return "", "%"
    pattern = Locale.parse(code).percent_formats[None].pattern
    before, after = pattern.split("#,##0")
    sign = "\u066a" if code == "ar" else "%"
    return before.replace("%", sign), after.replace("%", sign)
