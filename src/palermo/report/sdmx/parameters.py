"""The parameters of a data query, as SDMX 3.0 and 2.1 write them. A parameter that we do not know is a fault: left
aside it would answer another question than the one asked."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from palermo.report.sdmx.conditions import Comparison, Condition, condition
from palermo.report.sdmx.faults import not_served, semantic, syntax
from palermo.report.sdmx.keys import Key
from palermo.report.sdmx.model import DATAFLOW, OBSERVATION, SERIES, TIME_PERIOD, Structure
from palermo.report.sdmx.query import DataQuery

_COMPONENT = re.compile(r"c\[([A-Za-z][A-Za-z0-9_-]*)\]")
ALWAYS = frozenset({"format"})
AVAILABILITY = frozenset({"mode", "references"})
SHARED = frozenset({"firstNObservations", "lastNObservations", "dimensionAtObservation"})
IN_3_0 = frozenset({"attributes", "measures"})
IN_2_1 = frozenset({"startPeriod", "endPeriod", "detail"})
NOT_SERVED = frozenset({"updatedAfter", "offset", "limit", "sort", "asOf", "reportingYearStartDay"})
_NO_IDS: frozenset[str] = frozenset()
DETAILS = {  # of 2.1
    "full": DataQuery(),
    "dataonly": DataQuery(attributes=_NO_IDS),
    "serieskeysonly": DataQuery(attributes=_NO_IDS, measures=_NO_IDS, series_only=True),
    "nodata": DataQuery(measures=_NO_IDS, series_only=True),
}


def query_3_0(
    given: Mapping[str, str], keys: tuple[Key, ...], structure: Structure, more: Collection[str] = ()
) -> DataQuery:
    """The query of these parameters in SDMX 3.0."""
    _check(given, {*SHARED, *IN_3_0, *more})
    conditions = {found[1]: condition(value) for name, value in given.items() if (found := _COMPONENT.fullmatch(name))}
    query = DataQuery(
        keys=keys,
        conditions=conditions,
        attributes=_chosen(given.get("attributes", "dsd"), structure, "attribute"),
        measures=_chosen(given.get("measures", "all"), structure, "measure"),
    )
    return _arranged(query, given)


def query_2_1(given: Mapping[str, str], keys: tuple[Key, ...], more: Collection[str] = ()) -> DataQuery:
    """The query of these parameters in SDMX 2.1."""
    if unknown := [name for name in given if _COMPONENT.fullmatch(name)]:
        raise syntax(f"{unknown[0]}: belongs to SDMX 3.0; in 2.1 expected a key, startPeriod and endPeriod")
    _check(given, {*SHARED, *IN_2_1, *more})
    detail = given.get("detail", "full")
    if detail not in DETAILS:
        raise syntax(f"detail={detail}: expected one of {', '.join(DETAILS)}")
    return _arranged(replace(DETAILS[detail], keys=keys, conditions=_between(given)), given)


def _between(given: Mapping[str, str]) -> dict[str, Condition]:
    ends = (("ge", given.get("startPeriod")), ("le", given.get("endPeriod")))
    tests = tuple(Comparison(operator, period) for operator, period in ends if period)
    return {TIME_PERIOD: (tests,)} if tests else {}


def _check(given: Mapping[str, str], known: Collection[str]) -> None:
    for name, value in given.items():
        if name in ALWAYS or name in known or _COMPONENT.fullmatch(name):
            continue
        if name == "includeHistory":
            if value != "false":
                raise not_served("includeHistory: a service holds one release; earlier ones stand under their own ids")
            continue
        if name == "offset" and value == "0":
            continue  # the default, which some clients always send
        if name in NOT_SERVED:
            raise not_served(f"{name}: not served; a release never changes")
        raise syntax(f"{name}: no such parameter; expected some of {', '.join(sorted({*known, *ALWAYS}))}")


def _arranged(query: DataQuery, given: Mapping[str, str]) -> DataQuery:
    return replace(
        query,
        first=_count(given, "firstNObservations"),
        last=_count(given, "lastNObservations"),
        at=given.get("dimensionAtObservation", TIME_PERIOD),
    )


def _count(given: Mapping[str, str], name: str) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise syntax(f"{name}={text}: expected a whole number from 1")
    return min(int(text[:10]), 10**9)  # no series has more


def _chosen(text: str, structure: Structure, role: str) -> frozenset[str] | None:
    """Ids of the attributes or measures asked for; None: all."""
    known = {one.id: one for one in structure.of_role(role)}
    chosen: set[str] = set()
    for word in text.split(","):
        if word in {"all", "dsd"}:
            chosen |= set(known)
        elif word in {"dataset", "series", "obs"}:
            attached = {"dataset": DATAFLOW, "series": SERIES, "obs": OBSERVATION}[word]
            chosen |= {one.id for one in known.values() if one.attached == attached}
        elif word in known:
            chosen.add(word)
        elif word not in {"none", "msd"}:  # we have no reference metadata
            raise semantic(f"{role}s={word}: expected all, none, or some of {', '.join(known)}")
    return None if chosen == set(known) else frozenset(chosen)
