"""Conditions on a component, as in ``c[TIME_PERIOD]=ge:2020+le:2022`` : a comma is OR, a plus is AND, operators stand
before a colon.

Comparing is for time and numbers alone. A period is at least another where it does not start before it, and at most
another where it does not end after it: the years 2019 to 2023 in one are not within 2020 to 2022.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.report.sdmx.faults import semantic, syntax
from palermo.report.sdmx.model import DOUBLE, TIME, Component
from palermo.report.sdmx.periods import Span, span
from palermo.report.sdmx.table import codes_of

OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
_ZONE = re.compile(r"(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)[+-]\d{2}:\d{2}")  # its plus is no AND; we compare whole days
Mask = npt.NDArray[np.bool_]
_TEXT: Mapping[str, Callable[[str, str], bool]] = {
    "eq": lambda found, wanted: found == wanted,
    "ne": lambda found, wanted: found != wanted,
    "co": lambda found, wanted: wanted in found,
    "nc": lambda found, wanted: wanted not in found,
    "sw": lambda found, wanted: found.startswith(wanted),
    "ew": lambda found, wanted: found.endswith(wanted),
}
_SPAN: Mapping[str, Callable[[Span, Span], bool]] = {
    "eq": lambda found, wanted: found == wanted,
    "ne": lambda found, wanted: found != wanted,
    "lt": lambda found, wanted: found.end < wanted.start,
    "le": lambda found, wanted: found.end <= wanted.end,
    "gt": lambda found, wanted: found.start > wanted.end,
    "ge": lambda found, wanted: found.start >= wanted.start,
}
_NUMBER: Mapping[str, Callable[[npt.NDArray[np.float64], float], Mask]] = {
    "eq": lambda found, wanted: found == wanted,
    "ne": lambda found, wanted: (found != wanted) & ~np.isnan(found),
    "lt": lambda found, wanted: found < wanted,
    "le": lambda found, wanted: found <= wanted,
    "gt": lambda found, wanted: found > wanted,
    "ge": lambda found, wanted: found >= wanted,
}


@dataclass(frozen=True)
class Comparison:
    """An operator and the value that it compares with."""

    operator: str
    value: str


Condition = tuple[tuple[Comparison, ...], ...]  # one of these, in each all


def condition(text: str) -> Condition:
    """What stands after ``c[X]=``. Raises ``FaultError`` where it is empty."""
    days = _ZONE.sub(r"\1", text)
    found = tuple(tuple(_test(part) for part in either.split("+")) for either in days.split(","))
    if any(not test.value for tests in found for test in tests):
        raise syntax(f"{text!r}: expected values such as A, A,B or ge:2020+le:2022; found an empty one")
    return found


def _test(text: str) -> Comparison:
    operator, colon, value = text.partition(":")
    return Comparison(operator, value) if colon and operator in OPERATORS else Comparison("eq", text)


def holds(condition: Condition, component: Component, table: pa.Table) -> Mask:
    """Where the condition holds. Raises ``FaultError`` where the component cannot be compared so."""
    found = np.zeros(table.num_rows, bool)
    for tests in condition:
        both = np.ones(table.num_rows, bool)
        for test in tests:
            both &= _one(test, component, table)
        found |= both
    return found


def _one(test: Comparison, component: Component, table: pa.Table) -> Mask:
    if component.data_type == DOUBLE:
        return _numbers(test, component, table)
    if pa.types.is_dictionary(table.schema.field(component.id).type):
        known, places = codes_of(table, component.id)
    else:
        encoded = table.select([component.id]).set_column(
            0, component.id, pa.chunked_array(table[component.id]).dictionary_encode().combine_chunks()
        )
        known, places = codes_of(encoded, component.id)
    fits = np.array([*_fitting(test, component, known), False], dtype=bool)  # the last place: no value
    return np.asarray(fits[places], dtype=bool)


def _fitting(test: Comparison, component: Component, known: list[str]) -> list[bool]:
    """For each code whether it fits."""
    if component.role == TIME:
        wanted = span(test.value)
        compare = _SPAN.get(test.operator)
        if wanted is None or compare is None:
            raise semantic(
                f"c[{component.id}]: {test.operator}:{test.value} does not fit a time period; expected one of "
                f"{', '.join(_SPAN)} and a period such as 2020, 2020-Q1 or 2019-01-01/P5Y"
            )
        spans = [span(code) for code in known]
        return [found is not None and compare(found, wanted) for found in spans]
    match = _TEXT.get(test.operator)
    if match is None:
        raise semantic(
            f"c[{component.id}]: {test.operator} compares time periods and numbers; for this component expected one "
            f"of {', '.join(_TEXT)}"
        )
    return [match(code, test.value) for code in known]


def _numbers(test: Comparison, component: Component, table: pa.Table) -> Mask:
    compare = _NUMBER.get(test.operator)
    try:
        wanted = float(test.value)
    except ValueError:
        compare = None
    if compare is None:
        raise semantic(
            f"c[{component.id}]: {test.operator}:{test.value} does not fit a number; expected one of "
            f"{', '.join(_NUMBER)} and a number"
        )
    values = table[component.id].to_numpy(zero_copy_only=False).astype(np.float64)
    return np.asarray(compare(values, wanted), dtype=bool)  # a hidden number is NaN and fits nothing
