"""What dimensions and cubes are called, and what a view of a cube is called, in the language spoken now."""

from collections.abc import Iterable

from palermo.language import _, marked
from palermo.report.explore.cubes import Cube, rank
from palermo.report.labels import label, period_name, reading_order, within
from palermo.report.reading import Release

NOTHING_PUBLISHED = marked("Nothing is published for this choice. That does not mean that there is nobody.")
DIMENSION_NAMES = {
    "ref_area": marked("Country or area"),
    "time_period": marked("Year"),
    "sex": marked("Sex"),
    "age": marked("Age"),
    "form": marked("Form of exploitation"),
    "citizenship": marked("Citizenship or origin"),
    "counterpart_area": marked("Country of exploitation"),
    "reach": marked("How far from home"),
    "list": marked("List"),
    "band": marked("Band, series or way of counting"),
}
AREAS = frozenset({"ref_area", "citizenship", "counterpart_area"})
UNIT_SIGNS = {"PERCENT": "%"}
DECIMALS = {"PERCENT": 1, "PER_100K": 2, "RATIO": 2}


def dimension_name(dimension: str) -> str:
    """What a dimension is called."""
    return _(DIMENSION_NAMES[dimension])


def cube_name(release: Release, cube: Cube) -> str:
    """The title of the definition, with what is counted in which unit."""
    title = _(str(release.definition_of(cube.indicator).get("title") or cube.indicator.replace("_", " ")))
    measure, unit = within(label("measure", cube.measure)), within(label("unit", cube.unit))
    told = [words for words in dict.fromkeys((measure, unit)) if words != within(title)]
    if len(told) == 2:
        return _("{title}: {measure}, {unit}", title=title, measure=measure, unit=unit)
    return _("{title}: {panel}", title=title, panel=told[0]) if told else title


def in_reading_order(release: Release, dimension: str, codes: Iterable[str]) -> list[str]:
    """Codes as a reader looks for them: areas by name, between totals and what is not known; all others as listed."""
    if dimension not in AREAS:
        return [*codes]
    return sorted(
        codes, key=lambda code: (rank(dimension, code)[0], reading_order(code_name(release, dimension, code)))
    )


def code_name(release: Release, dimension: str, code: str) -> str:
    """The label of a code; the account's own area by the name that the office chose."""
    if dimension == "time_period":
        return period_name(code)
    return release.name_of(code) if dimension == "ref_area" else label(dimension, code)
