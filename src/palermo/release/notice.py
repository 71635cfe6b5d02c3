"""What a number counts and what it does not: the sentences that every file of a release carries, as files travel alone.

The decision a reader would question: ``cube.csv`` repeats the sentence in each row. A line above the header would break
every program that reads it, and a row that somebody copies into another file takes its sentence with it.
"""

from collections.abc import Iterable

from palermo.language import marked

COLUMN = "about"  # of cube.csv, and the key in the documents beside it
DETECTED_ONLY = marked("These are people whom the listed services detected, not all people trafficked.")
MADE_UP = marked("MADE UP DATA. {sentence}")
OF_KIND = {  # of people detected the sentence is DETECTED_ONLY
    "estimated": marked(
        "These are estimates of a number that nobody has counted. They are never added to people detected."
    ),
    "assisted": marked("These are people whom the listed services assisted, not all people trafficked."),
    "exposed": marked("These are people exposed to trafficking, not people known to be trafficked."),
    "_Z": marked("These numbers are not numbers of victims, and not of all people trafficked."),
}


def notice(kind: str = "detected", *, made_up: bool) -> str:
    """The sentence in English, the language of the files; data made up say so first."""
    sentence = OF_KIND.get(kind, DETECTED_ONLY)
    return MADE_UP.format(sentence=sentence) if made_up else sentence


def notices(kinds: Iterable[str], *, made_up: bool) -> list[str]:
    """The sentence of each row of a table, in its order."""
    found: dict[str, str] = {}
    return [found.setdefault(kind, notice(kind, made_up=made_up)) for kind in kinds]
