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
BANDS = ("conviction_band", "comparison", "age")  # what the dimension band holds differs by indicator


@cache
def label(dimension: str, code: str) -> str:
    """The label of a code in a dimension of the cube; the code itself where no list knows it."""
    if code in SPECIAL:
        return SPECIAL[code]
    lists = BANDS if dimension == "band" else filter(None, [LISTS.get(dimension)])
    for list_id in lists:
        if list_id == "area":
            return area_name(code)
        if code_list(list_id).in_table(code):
            return code_list(list_id)[code].label
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
