"""Rates and ratios: figures made from other rows of the cube.

The decision a reader would question: a rate carries the same codes as the count it is made from, because anyone with
the population can turn it back into the count; protection must hide the two together.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.account.bounds import Figure, ratio, total
from palermo.account.cube import block
from palermo.account.definition import Definition
from palermo.account.population import Denominators
from palermo.account.sdg import AGES, SEXES

PER = 100_000
CODES = ("ref_area", "time_period", "sex", "age", "form", "band")
Pairs = dict[tuple[str, str, str, str], tuple[Figure, Figure, bool]]  # (measure, area, year, sex): later, contacted
STAGES = ("persons_contacted", "persons_prosecuted", "persons_convicted")


def rates_of(definition: Definition, counts: pa.Table, population: Denominators) -> pa.Table:
    """Rates per 100,000 of counted rows by area, year, sex and age group; none where there is no population."""
    wanted = pc.and_(pc.is_in(counts["sex"], pa.array(SEXES)), pc.is_in(counts["age"], pa.array(AGES)))
    wanted = pc.and_(wanted, pc.match_substring_regex(counts["time_period"], r"^\d{4}$"))
    rows = []
    for row in counts.filter(wanted).select([*CODES, "value", "lower", "upper", "confidential"]).to_pylist():
        persons = population.persons(row["ref_area"], int(row["time_period"]), row["sex"], row["age"])
        if persons:
            rows.append({**row, **{name: _times(row[name], PER / persons) for name in ("value", "lower", "upper")}})
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in (*CODES, "value", "lower", "upper")}
    columns |= {"unit": "PER_100K", "confidential": pa.array([row["confidential"] for row in rows], pa.bool_())}
    return block(definition, columns, len(rows), True)


def _times(figure: float | None, factor: float) -> float | None:
    return None if figure is None else figure * factor


def funnel(definition: Definition, stages: pa.Table, group: str) -> pa.Table:
    """The ratios of later stages of justice to contact with the police, by area, year of contact and sex.

    ``stages`` holds the rows of ``persons_contacted``, ``persons_prosecuted`` and ``persons_convicted``. For ``group``,
    the region that is compared, the ratio is that of the sums over the areas with exact figures in both years.
    """
    figures = _stage_figures(stages)
    lags: Mapping[str, int] = definition.settings["lag"]
    pairs: Pairs = {}
    for (measure, area, sex, year), (contacted, confidential) in figures.items():
        for later, lag in lags.items() if measure == STAGES[0] and area != group else ():
            found = figures.get((later, area, sex, year + lag))
            if found:
                pairs[later, area, str(year), sex] = (found[0], contacted, confidential or found[1])
    rows = []
    for key, (later_figure, contacted, confidential) in {**pairs, **_group_pairs(pairs, group)}.items():
        bounds = ratio(later_figure, contacted)
        if bounds:
            rows.append((*key, *bounds, confidential))
    names = ("measure", "ref_area", "time_period", "sex", "lower", "upper", "confidential")
    columns: dict[str, Any] = {name: [row[number] for row in rows] for number, name in enumerate(names)}
    columns["value"] = [row[4] if row[4] == row[5] else None for row in rows]
    return block(definition, columns, len(rows), True)


def _stage_figures(stages: pa.Table) -> dict[tuple[str, str, str, int], tuple[Figure, bool]]:
    found = {}
    for row in stages.to_pylist():
        if row["lower"] is not None and row["upper"] is not None and row["time_period"].isdigit():
            figure = Figure(row["lower"], row["upper"], row["unit"], row["kind"])
            found[row["measure"], row["ref_area"], row["sex"], int(row["time_period"])] = (figure, row["confidential"])
    return found


def _group_pairs(pairs: Pairs, group: str) -> Pairs:
    """The sums of exact pairs, where at least two areas have one."""
    exact: defaultdict[tuple[str, str, str, str], list[tuple[Figure, Figure, bool]]] = defaultdict(list)
    for (measure, _, year, sex), pair in pairs.items():
        if pair[0].value is not None and pair[1].value is not None:
            exact[measure, group, year, sex].append(pair)
    sums: Pairs = {}
    for key, found in exact.items():
        later, contacted = total(pair[0] for pair in found), total(pair[1] for pair in found)
        if len(found) > 1 and later and contacted:
            sums[key] = (later, contacted, any(pair[2] for pair in found))
    return sums
