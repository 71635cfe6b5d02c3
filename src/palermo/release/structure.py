"""What ties the confidential counts together: one linear system over all tables of a cube.

For each table and dimension the parts are compared with their total. They are ``exact`` (years, sexes), ``at_least``
(forms, where a person counts under each form she suffered, and no form exceeds the total) or ``at_most`` (flows, of
which only the larger are shown). Where neither holds everywhere, nothing follows. The
decision a reader would question: the relation is read off the true figures and then published with the release, because
an attacker may guess it and a reader needs it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from palermo.account.schema import DIMENSIONS
from palermo.release.cells import FORM_GROUPS, GROUP, TOTAL, Cells, Key, position, with_code
from palermo.release.feasible import Relations

EXACT, AT_LEAST, AT_MOST, NONE = "exact", "at_least", "at_most", "none"
FORM_GROUP = "form_group"
FLOW = "flow"
PERIOD = "period"
ASSISTED, DETECTED = "assisted", "detected"

Sums = list[tuple[int, list[int]]]  # a total and its parts, by the numbers of the cells


@dataclass(frozen=True)
class Structure:
    """The relations, the sums they come from, and the words for them that go into the release."""

    relations: Relations
    sums: Sums
    knowledge: dict[str, dict[str, str]]
    assisted_within_detected: bool


def structure_of(cells: Cells) -> Structure:
    """Find the relations between the cells."""
    equal: list[dict[int, int]] = []
    at_most: list[dict[int, int]] = []
    kept: Sums = []
    knowledge: dict[str, dict[str, str]] = {}
    seen: set[tuple[int, tuple[int, ...], str]] = set()
    for (indicator, dimension), sums in sorted(sums_of(cells).items()):
        relation = _relation(cells, sums)
        knowledge.setdefault(indicator, {})[dimension] = relation
        for total, parts in sums if relation != NONE else ():
            if (total, tuple(parts), relation) not in seen:
                seen.add((total, tuple(parts), relation))
                _tie(total, parts, relation, equal, at_most)
                kept.append((total, parts))
    within = _within_detected(cells)
    at_most.extend({assisted: 1, detected: -1} for assisted, detected in within or ())
    relations = Relations.of(equal, at_most, len(cells.keys))
    return Structure(relations, kept, knowledge, within is not None)


def _tie(
    total: int, parts: list[int], relation: str, equal: list[dict[int, int]], at_most: list[dict[int, int]]
) -> None:
    if relation == EXACT:
        equal.append({total: -1, **dict.fromkeys(parts, 1)})
    elif relation == AT_MOST:
        at_most.append({total: -1, **dict.fromkeys(parts, 1)})
    else:
        at_most.append({total: 1, **dict.fromkeys(parts, -1)})
        at_most.extend({total: -1, part: 1} for part in parts)


def _relation(cells: Cells, sums: Sums) -> str:
    values = cells.values
    gaps = [sum(values[part] for part in parts) - values[total] for total, parts in sums]
    if not any(gaps):
        return EXACT
    if max(gaps) <= 0:
        return AT_MOST
    capped = all(values[part] <= values[total] for total, parts in sums for part in parts)
    return AT_LEAST if min(gaps) >= 0 and capped else NONE


def sums_of(cells: Cells) -> dict[tuple[str, str], Sums]:
    """For each table and dimension: the cells that have a total, grouped under it."""
    spans = sorted({key[position("time_period")] for key in cells.keys if "/" in key[position("time_period")]})
    members: dict[str, list[int]] = {}
    for cell, indicators in enumerate(cells.indicators):
        for indicator in indicators:
            members.setdefault(indicator, []).append(cell)
    found = {}
    for indicator, table in members.items():
        for dimension in (*DIMENSIONS, FORM_GROUP, FLOW, PERIOD):
            groups: dict[Key, list[int]] = {}
            for cell in table:
                for parent in _parents(cells.keys[cell], dimension, spans):
                    groups.setdefault(parent, []).append(cell)
            sums = [(cells.number[key], parts) for key, parts in groups.items() if key in cells.number]
            if sums:
                found[indicator, dimension] = sums
    return found


def _parents(key: Key, dimension: str, spans: list[str]) -> Iterator[Key]:
    """The keys of the totals that a cell is part of, along a dimension."""
    if dimension == FORM_GROUP:
        form = key[position("form")]
        if form != TOTAL and not form.endswith(GROUP):
            yield with_code(key, "form", FORM_GROUPS.get(form, "other") + GROUP)
    elif dimension == FLOW:
        if all(key[position(name)] != TOTAL for name in ("citizenship", "counterpart_area", "reach")):
            pair = with_code(key, "counterpart_area", TOTAL)
            yield with_code(pair, "citizenship", TOTAL)
            yield with_code(pair, "reach", TOTAL)
    elif dimension == PERIOD:
        year = key[position("time_period")]
        yield from (with_code(key, "time_period", span) for span in spans if year.isdigit() and _spans(span, year))
    else:
        code = key[position(dimension)]
        if code != TOTAL and dimension != "ref_area" and not (dimension == "time_period" and "/" in code):
            yield with_code(key, dimension, TOTAL)


def _spans(span: str, year: str) -> bool:
    first, _, last = span.partition("/")
    return first <= year <= last


def _within_detected(cells: Cells) -> list[tuple[int, int]] | None:
    """Pairs (assisted, detected) of the same codes, where the assisted are never more; None where they are."""
    pairs = []
    for key, cell in cells.number.items():
        if key[position("kind")] == ASSISTED and key[position("measure")] == "victims_assisted":
            twin = with_code(with_code(key, "kind", DETECTED), "measure", "victims_detected")
            if twin in cells.number:
                pairs.append((cell, cells.number[twin]))
    return pairs if all(cells.values[one] <= cells.values[other] for one, other in pairs) else None


def statement(structure: Structure) -> Mapping[str, object]:
    """What the release says about its own sums, for readers and for the audit."""
    return {"sums": structure.knowledge, "assisted_within_detected": structure.assisted_within_detected}
