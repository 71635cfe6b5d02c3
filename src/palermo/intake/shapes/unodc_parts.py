"""Rows of the UNODC workbook that stand under one key, as one figure.

They are parts, and are added up: women and girls both stand as "Female, Total", the kinds of other exploitation all as
"Other forms of exploitation", and citizenship that is not known as "Unknown" and as a blank. The decision a reader
would question is where they are not added. A person may count under two kinds of exploitation: where every part fits
in the printed total of all persons and their sum does not, the figure lies between the largest part and that total. And
two equal figures may be one that is printed twice: where children and adults do not prove the sum, the figure lies
between the one and the sum. What the file cannot tell is not guessed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from palermo.intake.figures import Figure
from palermo.intake.observations import NOT_APPLICABLE, TOTAL, UNKNOWN, Key, SourceFigure, Tally, added

Groups = Mapping[tuple[Key, str], Sequence[SourceFigure]]


def parts_added(figures: Sequence[SourceFigure], tally: Tally) -> list[SourceFigure]:
    """One figure for each key; where two labels may name one country, both stand as they are."""
    groups: dict[tuple[Key, str], list[SourceFigure]] = defaultdict(list)
    for one in figures:
        countries = {one.key.citizenship, one.key.counterpart_area} - {TOTAL, NOT_APPLICABLE, UNKNOWN}
        groups[one.key, f"{one.row}" if countries else ""].append(one)
    made: list[SourceFigure] = []
    for group in groups.values():
        made += _as_one(group, groups, tally) if len(group) > 1 else group
    return made


def _as_one(group: Sequence[SourceFigure], groups: Groups, tally: Tally) -> list[SourceFigure]:
    key = group[0].key
    least = sum(one.figure.lower or 0 for one in group)
    largest = max(one.figure.lower or 0 for one in group)
    total = _upper(groups, key._replace(sex=TOTAL, age=TOTAL, form=TOTAL, citizenship=TOTAL))
    if total is not None and largest <= total < least:
        if key.citizenship == UNKNOWN:  # one of the labels is the total of the table by citizenship
            return list(group)
        return [_within(group, largest, total, "parts that exceed the total", tally)]
    same = len({(one.figure.value, one.label) for one in group}) == 1 and group[0].figure.value is not None
    if same and least != _of_both_ages(groups, key):
        return [_within(group, largest, least, "one figure twice or two parts", tally)]
    return [added(group, tally)]


def _upper(groups: Groups, key: Key) -> float | None:
    """The most that a figure printed once can be."""
    found = groups.get((key, ""), ())
    return found[0].figure.upper if len(found) == 1 else None


def _of_both_ages(groups: Groups, key: Key) -> float | None:
    """Children and adults together, where each is printed once and exactly."""
    if key.age != TOTAL:
        return None
    ages = [groups.get((key._replace(age=age), ""), ()) for age in ("Y0T17", "Y_GE18")]
    values = [found[0].figure.value if len(found) == 1 else None for found in ages]
    return None if None in values else sum(value or 0 for value in values)


def _within(group: Sequence[SourceFigure], lower: float, upper: float, kind: str, tally: Tally) -> SourceFigure:
    found = " + ".join(one.found for one in group)
    tally.add(kind, group[0].column, "not added up; given by what it can be", group[0].row, found)
    figure = Figure(lower if lower == upper else None, lower, upper, "A")
    return replace(group[0], figure=figure, found=found, rows=len(group))
