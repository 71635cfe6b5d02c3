"""Indicators that compare countries: trends, bands of convictions, women among the convicted.

The decision a reader would question: sums over countries are made twice, over the same countries in every year and
over whichever reported, because the two tell different stories and readers should see both.
"""

from collections.abc import Sequence
from math import comb
from statistics import median
from typing import Any

import pyarrow as pa

from palermo.account.bounds import Figure, total
from palermo.account.cube import block
from palermo.account.definition import Definition
from palermo.account.observed import ByAreaYear, Observed, group_area, members, panel, rows_of, years_of
from palermo.wilson import wilson

BANDS = ("NONE", "1T9", "10T50", "GT50")


def _sums(figures: ByAreaYear, years: Sequence[int], only: set[str] | None = None) -> dict[str, Figure]:
    found = {}
    for year in years:
        parts = [fig for (area, when), fig in figures.items() if when == year and (only is None or area in only)]
        summed = total(parts)
        if summed is not None:
            found[str(year)] = summed
    return found


def _comparable(observed: Observed, measure: str, area: str, sex: str = "_T", age: str = "_T") -> ByAreaYear:
    """Figures of the group of countries; none where fewer than two countries have any."""
    figures = members(observed.figures(measure, sex, age), group_area(area))
    return figures if len({area for area, _ in figures}) > 1 else {}


def trend_panel(definition: Definition, observed: Observed, area: str) -> list[pa.Table]:
    """Sum over the areas with a figure in each of the last years."""
    figures = _comparable(observed, definition.measure, area)
    years = years_of(figures)[-definition.settings["panel_years"] :]
    same = panel([figures], years)
    summed = _sums(figures, years, set(same))
    columns = {"ref_area": group_area(area), **rows_of(summed)}
    return [block(definition, columns, len(summed), observed.confidential)] if summed else []


def trend_pooled(definition: Definition, observed: Observed, area: str) -> list[pa.Table]:
    """Sum over whichever areas reported, by sex and age as printed."""
    made = []
    for sex, age in observed.groups(definition.measure):
        figures = _comparable(observed, definition.measure, area, sex, age)
        summed = _sums(figures, years_of(figures))
        columns = {"ref_area": group_area(area), "sex": sex, "age": age, **rows_of(summed)}
        made.append(block(definition, columns, len(summed), observed.confidential))
    return made


def conviction_bands(definition: Definition, observed: Observed, area: str) -> list[pa.Table]:
    """Areas by mean convictions per year over windows of years; a range where "<5" leaves the band open."""
    figures = _comparable(observed, "persons_convicted", area)
    window, years = definition.settings["window"], years_of(figures)
    rows: list[dict[str, Any]] = []
    for last in years:
        if last - window + 1 < years[0]:
            continue
        span = range(last - window + 1, last + 1)
        period = f"{span[0]}/{span[-1]}"
        rows.extend({"time_period": period, **row} for row in _band_rows(figures, span))
    if not rows:
        return []
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    return [block(definition, {"ref_area": group_area(area), **columns}, len(rows), observed.confidential)]


def _band_rows(figures: ByAreaYear, span: range) -> list[dict[str, Any]]:
    sure, possible, areas_seen = dict.fromkeys(BANDS, 0), dict.fromkeys(BANDS, 0), set()
    for area in sorted({area for area, year in figures if year in span}):
        found = [figures[area, year] for year in span if (area, year) in figures]
        lowest = BANDS.index(_band(sum(figure.lower for figure in found) / len(found)))
        highest = BANDS.index(_band(sum(figure.upper for figure in found) / len(found)))
        areas_seen.add(area)
        for band in BANDS[lowest : highest + 1]:
            possible[band] += 1
            sure[band] += lowest == highest
    bounds = {band: (sure[band], possible[band]) for band in BANDS} | {"_T": (len(areas_seen), len(areas_seen))}
    return [
        {"band": band, "value": low if low == high else None, "lower": low, "upper": high}
        for band, (low, high) in bounds.items()
    ]


def _band(mean: float) -> str:
    if mean == 0:
        return "NONE"
    if mean < 10:
        return "1T9"
    return "10T50" if mean <= 50 else "GT50"


def share_female(definition: Definition, observed: Observed, area: str) -> list[pa.Table]:
    """Women among the convicted: same areas, all areas together, median of areas, each with a 95 % interval."""
    measure = definition.measure
    women, men = (_exact_figures(_comparable(observed, measure, area, sex)) for sex in ("F", "M"))
    both = sorted(set(women) & set(men))
    years = sorted({year for _, year in (*women, *men)})
    same = set(panel([women, men], years[-definition.settings["panel_years"] :]))
    rows: list[tuple[str, str, float, float, float]] = []
    for year in years:
        pooled = (_all_of(women, year), _all_of(men, year))
        rows.extend(_shares(str(year), "POOLED", *pooled))
        if year in years[-definition.settings["panel_years"] :]:
            rows.extend(_shares(str(year), "PANEL", _all_of(women, year, same), _all_of(men, year, same)))
        each = [
            100 * women[key].lower / (women[key].lower + men[key].lower)
            for key in both
            if key[1] == year and women[key].lower + men[key].lower > 0
        ]
        if each:
            rows.append((str(year), "MEDIAN", median(each), *median_interval(each)))
    return [share_block(definition, rows, group_area(area), observed.confidential)] if rows else []


def share_of_counts(definition: Definition, convicted: pa.Table, area: str) -> list[pa.Table]:
    """Women among the convicted of the account's own list of suspects, all together."""
    figures = {(row["time_period"], row["sex"]): row["value"] for row in convicted.to_pylist()}
    rows = []
    for year in sorted({period for period, _ in figures if period.isdigit()}):
        rows.extend(_shares(year, "POOLED", figures.get((year, "F"), 0), figures.get((year, "M"), 0)))
    return [share_block(definition, rows, area, True)]


def share_block(
    definition: Definition, rows: Sequence[tuple[str, str, float, float, float]], area: str, confidential: bool
) -> pa.Table:
    """Rows of (year, band, share, lower, upper). The share is what was found; the bounds are an interval of chance."""
    names = ("time_period", "band", "value", "lower", "upper")
    columns: dict[str, Any] = {name: [row[number] for row in rows] for number, name in enumerate(names)}
    columns |= {"ref_area": area, "obs_status": "E"}
    return block(definition, columns, len(rows), confidential)


def _exact_figures(figures: ByAreaYear) -> ByAreaYear:
    return {key: figure for key, figure in figures.items() if figure.value is not None}


def _all_of(figures: ByAreaYear, year: int, only: set[str] | None = None) -> float:
    return sum(fig.lower for (area, when), fig in figures.items() if when == year and (only is None or area in only))


def _shares(year: str, band: str, women: float, men: float) -> list[tuple[str, str, float, float, float]]:
    if women + men == 0:
        return []
    lower, upper = wilson(women, women + men)
    return [(year, band, 100 * women / (women + men), 100 * lower, 100 * upper)]


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval for the median of a population of areas, from the order statistics (binomial, p = 1/2).

    With fewer than 6 areas no pair of order statistics reaches 95 %: the smallest and the largest are given.
    """
    ordered = sorted(values)
    size, low, below = len(ordered), 0, 0.0
    while low < (size - 1) // 2:
        below += comb(size, low) / 2**size  # chance that at most ``low`` areas lie under the median
        if below > 0.025:
            break
        low += 1
    low = max(low - 1, 0)
    return ordered[low], ordered[size - 1 - low]
