"""The words for codes in figures: the code lists' own labels, and plain words for people by sex and age.

The decision a reader would question: labels are looked up in English, then translated in the language spoken now. What
is cached does not hang on the language; names of areas do not pass through messages, because the list of areas holds
them in six languages itself.
"""

from functools import cache

from babel.lists import format_list

from palermo.codes import ages, areas, code_list
from palermo.codes.folding import fold
from palermo.errors import UsageError
from palermo.language import _, digits, marked, ngettext, number, spoken_now

LISTS = {
    "indicator": None,
    "measure": "measure",
    "unit": "unit",
    "kind": "kind",
    "ref_area": "area",
    "sex": "sex",
    "age": "age",
    "form": "form",
    "citizenship": "area",
    "counterpart_area": "area",
    "reach": "reach",
    "obs_status": "obs_status",
    "conf_status": "conf_status",
}

# People by sex and age, in the order in which the field's own reports name them. Translated where shown.
PEOPLE = {
    ("F", "Y_GE18"): marked("Women"),
    ("M", "Y_GE18"): marked("Men"),
    ("F", "Y0T17"): marked("Girls"),
    ("M", "Y0T17"): marked("Boys"),
}
# The same words within a sentence.
PEOPLE_WITHIN = {
    ("F", "Y_GE18"): marked("women"),
    ("M", "Y_GE18"): marked("men"),
    ("F", "Y0T17"): marked("girls"),
    ("M", "Y0T17"): marked("boys"),
}

AGES = {  # short, for the columns of tables; the codebook has the years
    "Y_GE18": marked("Adults"),
    "Y0T17": marked("Children"),
}

SPECIAL = {
    "_U": marked("Not known"),
    "_N": marked("Not asked"),
    "_Z": marked("Not applicable"),
    "_T": marked("Total"),
    "STATELESS": marked("Stateless"),
}
WORLD = "001"
BANDS = ("conviction_band", "comparison", "age")  # what the dimension band holds differs by indicator


def label(dimension: str, code: str) -> str:
    """The label of a code in a dimension of the cube; the code itself where no list knows it."""
    if code in SPECIAL:
        return _(SPECIAL[code])
    list_id = list_of(dimension, code)
    if list_id == "area":
        return area_name(code)
    if list_id == "age" and (written := _band(code)):
        return written
    return _(code_list(list_id)[code].label) if list_id else code


def lists_of(dimension: str) -> tuple[str, ...]:
    """The code lists that a dimension may take its codes from."""
    if dimension == "band":
        return BANDS
    found = LISTS.get(dimension)
    return (found,) if found else ()


@cache
def list_of(dimension: str, code: str) -> str | None:
    """The code list that knows a code of a dimension."""
    return next((name for name in lists_of(dimension) if name == "area" or code_list(name).in_table(code)), None)


def _band(code: str) -> str | None:
    """The words for an age band that is called by its years alone; None for one that has a name of its own."""
    bounds = ages.bounds(code)
    if bounds is None or code_list("age")[code].label != ages.band_label(*bounds):
        return None
    low, high = bounds
    if high is None:
        return ngettext("{n} year and over", "{n} years and over", low, n=number(low))
    if low == high:
        return ngettext("{n} year", "{n} years", low, n=number(low))
    return ngettext("{low} to {high} year", "{low} to {high} years", high, low=number(low), high=number(high))


def area_name(code: str) -> str:
    """The short name of an area in the language spoken; the code where it is not an area we know."""
    if code == WORLD:
        return _("the world")
    return _(SPECIAL[code]) if code in SPECIAL else _area(code, spoken_now().code)


def source_name(code: str) -> str:
    """The short name of an area in English, the language of the source."""
    return _area(code, "en")


@cache
def _area(code: str, language: str) -> str:
    try:
        return areas.name(code, language)
    except (KeyError, UsageError):
        return code


def age_word(code: str) -> str:
    """Adults or children where the code says so, else its label."""
    return _(AGES[code]) if code in AGES else label("age", code)


def within(words: str) -> str:
    """A label as it stands within a sentence: with a small first letter, unless it is a word of capitals (SDG)."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def reading_order(words: str) -> bytes:
    """What names sort by in the language spoken now.

    Letters count without accents; Chinese has the order of GB 18030, in which common characters stand by their sound.
    """
    return (words if spoken_now().code == "zh" else fold(words)).encode("gb18030")


def capital(words: str) -> str:
    """Words as they stand at the start of a line: with a capital letter, where the script has any."""
    return words[:1].upper() + words[1:]


def period_name(period: str) -> str:
    """``2019/2021`` as people write it: 2019–2021; all years together where the period is the total."""
    return _("all years") if period == "_T" else digits(period.replace("/", "\u2013"))


def span_name(years: list[str]) -> str:
    """From the first to the last of some years: 2019–2023; one year alone as it is."""
    return period_name(years[0] if len(years) == 1 else f"{years[0]}/{years[-1]}")


def joined(words: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, as the language lists things; English without a comma before ``and``."""
    if spoken_now().code == "en" and len(words) > 1:
        return " and ".join([", ".join(words[:-1]), words[-1]])
    return format_list(words, style="standard", locale=spoken_now().code)


def named(name: str, amount: str) -> str:
    """``Women 49%``: one item of a drawing or a list in words, with its amount as it stands in a table."""
    return _("{name} {amount}", name=name, amount=amount)


def estimate_named(name: str, estimate: str) -> str:
    """``Women 7,420 (6,630–8,410)``: the same of an estimate, which carries its interval in brackets."""
    return _("{name} {estimate}", name=name, estimate=estimate)


def listed(items: list[str]) -> str:
    """``a; b; c.``: things told one after the other, as a sentence."""
    return _("{items}.", items=_("; ").join(items))
