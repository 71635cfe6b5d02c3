"""Names in the six languages, and the sentences that every message carries."""

from palermo.language import LANGUAGES, _, marked, speaking
from palermo.report.page.words import DETECTED_ONLY, MADE_UP_SENTENCE, standing
from palermo.report.reading import Release
from palermo.report.sdmx.model import Names

NEVER_ADDED = marked("Numbers of different kinds or units are never added to each other.")
NOT_ZERO = marked("A suppressed number has no value and the status Q; it is not zero.")


def names(english: str) -> Names:
    """A text in English and in every language that has it."""
    if not english:
        return {}
    found = {"en": english}
    for code in LANGUAGES:
        with speaking(code):
            text = _(english)
        if code != "en" and text != english:
            found[code] = text
    return found


def notice(release: Release) -> str:
    """What every message and every file says, in the language spoken now."""
    said = [_(DETECTED_ONLY)]
    if release.made_up:
        said.insert(0, _(MADE_UP_SENTENCE))
    warning = standing(release.standing)
    return " ".join([warning, *said] if warning else said)


def notices(release: Release) -> Names:
    """The notice and the rules of reading, in the six languages; for the structure."""
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            found[code] = " ".join([notice(release), _(NEVER_ADDED), _(NOT_ZERO)])
    return {code: text for code, text in found.items() if code == "en" or text != found["en"]}
