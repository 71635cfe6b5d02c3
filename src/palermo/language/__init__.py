"""The six languages of the United Nations: which one is spoken now, its words and its numbers.

    from palermo.language import _, ngettext, number, speaking

    with speaking("ar"):
        title = _("Victims by age and sex in {where_when}", where_when=at.where_when)

English is the language of the source: a message without a translation is shown in English, never left out.
"""

from palermo.language.catalogue import _, marked, ngettext, sentences
from palermo.language.numbers import digits, number, percent
from palermo.language.speaking import LANGUAGES, Language, speaking, spoken_now

__all__ = [
    "LANGUAGES",
    "Language",
    "_",
    "digits",
    "marked",
    "ngettext",
    "number",
    "percent",
    "sentences",
    "speaking",
    "spoken_now",
]
