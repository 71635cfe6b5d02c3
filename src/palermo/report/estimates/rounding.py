"""Counts of persons within reasons, rounded so that the page gives no hidden count away, alone or by subtraction.

The decision a reader would question: every count before the word ``persons`` is rounded, also large ones. The exact
size of a list, less the combinations that the overlap figure shows, would be the count that it hides. A terminal shows
reasons as they are: whoever runs the command holds the table.
"""

import re
from math import floor, log10

FEW = 5  # counts below are told as "fewer than 5"
# a number, or two of them, before "persons"; not a limit of ours ("fewer than 20 persons"), not all "persons seen"
COUNTED = re.compile(r"(?P<only>\bonly )?(?<!than )(?<![\d,.])(?P<first>\d[\d,]*)(?P<second> (?:to|of) \d[\d,]*)?"
                     r"(?= persons\b(?! seen))")  # fmt: skip
NUMBER = re.compile(r"\d[\d,]*")


def rounded_counts(words: str) -> str:
    """The words with every count of persons rounded: one digit below 100, two from there on.

    >>> rounded_counts("only 2 persons are on two lists; these saw from 94 to 1,169 persons")
    'fewer than 5 persons are on two lists; these saw from about 90 to 1,200 persons'
    """
    return COUNTED.sub(_rounded, words).replace("about about ", "about ")


def _rounded(found: re.Match[str]) -> str:
    first, second = _number(found["first"]), found["second"] or ""
    told = f"fewer than {FEW}" if first < FEW else f"{found['only'] or ''}about {_about(first)}"
    return told + NUMBER.sub(lambda own: _about(_number(own.group())), second)


def _number(text: str) -> int:
    return int(text.rstrip(",").replace(",", ""))


def _about(count: int) -> str:
    if count < FEW:
        return str(FEW)
    digits = 1 if count < 100 else 2
    return f"{round(count, digits - 1 - floor(log10(count))):,}"
