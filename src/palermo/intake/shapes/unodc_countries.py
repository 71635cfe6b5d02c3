"""Countries as reporting offices wrote them into the UNODC questionnaire: names, nationalities and damaged text.

English, Spanish and French stand side by side, and some letters were destroyed on the way (U+FFFD). A damaged label is
read only where exactly one country has a name that fits around the damage. Groups ("Other Asia"), countries that are
no more and labels that could be two ("Nigerin") are not read.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from palermo.codes import areas
from palermo.codes.area_tables import demonym_index, name_index
from palermo.codes.folding import DESTROYED, fold
from palermo.intake.observations import TOTAL, UNKNOWN

DAMAGED = "damaged letter"

_OWN = ("Nationals", "Ciudadanos de su país", "Ressortissants nationaux", "Own country", "Citizens of own country")
_OWN_BY_NAME = re.compile(r"(.+) \(own country\)|Domestic \((.+)\)", re.IGNORECASE)
_UNKNOWN = (
    "",
    "Other",
    "Others",
    "Otros",
    "Otras",
    "Autres",
    "Unknown",
    "Not known",
    "N/A",
    "No information",
    "Desconocido",
    "Desconocida",
    "Inconnu",
    "Sin determinar",
    "No determinado",
    "No determinada",
    "No determinadas",
    "No registra",
    "(Nationality not stated)",
)
# Labels that no list of names holds and that can mean one country only: cut short, a city or region with its country,
# a sentence. What is left to guess ("Nigerin", "PERO", "without") is not here.
_CERTAIN = {
    "Cape Ver": "CPV",
    "Emirati (UAE)": "ARE",
    "Dubai": "ARE",
    "Kurdistan, Iraq": "IRQ",
    "Mumbai, India": "IND",
    "Ukrainian national repatriated from Slovakia to Ukraine": "UKR",
    "C\ufffdte d\ufffdIvoire": "CIV",
}
CERTAIN = "label with one meaning"


@dataclass(frozen=True)
class Country:
    """The code of a label: a country, ``_U`` or ``_T`` ("Abroad", the total over countries), and how it was read."""

    code: str
    note: str = ""


@lru_cache(maxsize=8192)
def read_country(label: str, own: str) -> Country | None:
    """The country that a label names in the report of the country ``own``; None where it is not readable."""
    folded = fold(label)
    if folded in _folded(_OWN) or _names_own(label, own):
        return Country(own)
    if folded in _folded(_UNKNOWN):
        return Country(UNKNOWN)
    if folded == "abroad":
        return Country(TOTAL)
    if code := areas.match(label, demonyms=True):
        return Country(code)
    if code := _certain().get(folded):
        return Country(code, CERTAIN)
    return _undamaged(folded, own) if DESTROYED in folded else None


def _names_own(label: str, own: str) -> bool:
    """Whether a label says twice that it is the reporting country: "Netherlands (own country)"."""
    said = _OWN_BY_NAME.fullmatch(label.strip())
    return said is not None and areas.match(said[1] or said[2]) == own


def _undamaged(folded: str, own: str) -> Country | None:
    """The one reading of a damaged label; None where none or several fit."""
    if any(_fits(folded, text) for text in _folded(_OWN)):
        return Country(own, DAMAGED)
    codes = {code for text, code in _names() if _fits(folded, text)}
    return Country(codes.pop(), DAMAGED) if len(codes) == 1 else None


def _fits(damaged: str, text: str) -> bool:
    """Whether the texts are equal where the first is not damaged; one mark stands for one letter."""
    return len(damaged) == len(text) and all(a in {b, DESTROYED} for a, b in zip(damaged, text, strict=True))


@cache
def _folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(text) for text in texts)


@cache
def _certain() -> dict[str, str]:
    return {fold(label): code for label, code in _CERTAIN.items()}


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every folded name and nationality with its code, also nationalities in the plural."""
    singular = demonym_index(None)
    return tuple({**{f"{text}s": code for text, code in singular.items()}, **singular, **name_index(None)}.items())
