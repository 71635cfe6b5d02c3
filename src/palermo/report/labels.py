"""The words for codes in figures: the code lists' own labels, and plain words for people by sex and age."""

from functools import cache

from palermo.codes import areas, code_list
from palermo.errors import UsageError

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
    "band": "conviction_band",
    "obs_status": "obs_status",
    "conf_status": "conf_status",
}

# People by sex and age, in the order in which the field's own reports name them.
PEOPLE = {
    ("F", "Y_GE18"): "Women",
    ("M", "Y_GE18"): "Men",
    ("F", "Y0T17"): "Girls",
    ("M", "Y0T17"): "Boys",
}

AGES = {"Y_GE18": "Adults", "Y0T17": "Children"}  # short, for the columns of tables; the codebook has the years

SPECIAL = {"_U": "Not known", "_N": "Not asked", "_Z": "Not applicable", "_T": "Total", "STATELESS": "Stateless"}
WORLD = "001"
CONFIDENTIALITY = {
    "F": "Free for publication",
    "A": "Hidden: small count",
    "D": "Hidden: would reveal a small count",
    "C": "Hidden: confidential",
}
BANDS = {
    "NONE": "No conviction",
    "1T9": "1 to 9",
    "10T50": "10 to 50",
    "GT50": "More than 50",
    "PANEL": "Same areas in every year",
    "POOLED": "All areas together",
    "MEDIAN": "Median of areas",
}
OWN = {"conf_status": CONFIDENTIALITY, "band": BANDS}


@cache
def label(dimension: str, code: str) -> str:
    """The label of a code in a dimension of the cube; the code itself where no list knows it."""
    if code in SPECIAL:
        return SPECIAL[code]
    if code in OWN.get(dimension, {}):
        return OWN[dimension][code]
    list_id = LISTS.get(dimension)
    if list_id == "area":
        return area_name(code)
    if list_id is None:
        return code
    try:
        return code_list(list_id)[code].label
    except UsageError:
        return code


@cache
def area_name(code: str) -> str:
    """The short English name of an area; the code where it is not an area we know."""
    if code in SPECIAL or code == WORLD:
        return SPECIAL.get(code, "the world")
    try:
        return areas.name(code)
    except (KeyError, UsageError):
        return code


def age_word(code: str) -> str:
    """Adults or children where the code says so, else its label."""
    return AGES.get(code) or label("age", code)


def period_name(period: str) -> str:
    """``2019/2021`` as people write it: 2019–2021; all years together where the period is the total."""
    return "all years" if period == "_T" else period.replace("/", "\u2013")


def joined(words: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
