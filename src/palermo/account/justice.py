"""Persons in contact with the police, prosecuted and convicted: from lists of suspects, else from published figures.

The decision a reader would question: where the account has a list of suspects, published figures for its own area are
not shown as this indicator, so that one figure does not stand beside another under one name; they remain among the
published observations.
"""

from typing import Any

import pyarrow as pa

from palermo.account.bounds import total
from palermo.account.cube import block
from palermo.account.definition import Definition
from palermo.account.observed import Observed, group_area, members, rows_of, shown_of, years_of

SEXES = ("F", "M", "O", "_U", "_T")


def from_published(definition: Definition, observed: Observed, area: str, own_area: bool) -> list[pa.Table]:
    """Rows of each area and, where several areas have figures, their sum over whichever have one."""
    made, group = [], group_area(area)
    for sex in SEXES:
        figures = observed.figures(definition.measure, sex)
        rows = shown_of(figures, area, own_area)
        columns: dict[str, Any] = {
            **rows_of({str(number): figure for number, (_, figure) in enumerate(rows)}),
            "ref_area": [place for (place, _), _ in rows],
            "time_period": [str(year) for (_, year), _ in rows],
            "sex": sex,
            "obs_status": "A",
        }
        made.append(block(definition, columns, len(rows), observed.confidential))
        inside = members(figures, group)
        if len({place for place, _ in inside}) > 1:
            sums = {
                str(year): total(figure for (_, when), figure in sorted(inside.items()) if when == year)
                for year in years_of(inside)
            }
            known = {year: figure for year, figure in sums.items() if figure is not None}
            columns = {**rows_of(known), "ref_area": group, "sex": sex}
            made.append(block(definition, columns, len(known), observed.confidential))
    return made
