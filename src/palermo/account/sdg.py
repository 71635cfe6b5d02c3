"""SDG indicator 16.2.2, detected part: numbers by sex, age group and the form groups of the UN series.

A group with one recorded form is that form's count. The decision a reader would question: where lists record several
forms of a group, persons with any of them count once, which is another figure than each form's; such rows name the
series in ``band``, so that two different figures never have the same codes. Under the rule ``mixed`` they are left out,
because a person with several forms stands apart and no longer tells of which group the forms are.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.account.axes import Frame
from palermo.account.cube import block
from palermo.account.definition import Definition
from palermo.account.engine import Cells, counted
from palermo.account.observed import Observed, shown_of
from palermo.codes import ages

TOTAL = "_T"
OTHER = "other"
SEXES = ("_T", "F", "M")  # the breakdown of the SDG series
AGES = ("_T", ages.CHILD, ages.ADULT)


def number_rows(definition: Definition, cells: Cells, frame: Frame) -> list[pa.Table]:
    """Numbers of the account's own persons."""
    columns, counts = counted(definition, cells, frame)
    recorded = _recorded(cells.table["forms"], definition.settings["groups"])
    series: Mapping[str, str] = definition.settings["series"]
    mixed = frame.rules.forms == "mixed"
    bands = {
        form: "_Z" if form == TOTAL or recorded.get(form) == {form} else code
        for form, code in series.items()
        if form == TOTAL or recorded.get(form)
    }
    kept = {form for form in bands if bands[form] == "_Z" or not mixed}
    if mixed:  # a single form leaves out persons who stand under several forms: not the SDG figure
        kept = {TOTAL}
    made = pa.table({**columns, "value": counts})
    for column, codes in (("form", sorted(kept)), ("sex", SEXES), ("age", AGES)):
        made = made.filter(pc.is_in(made[column], pa.array(codes, pa.string())))
    rows: dict[str, Any] = {name: made[name] for name in made.column_names}
    rows |= {"band": [bands[form] for form in made["form"].to_pylist()], "ref_area": frame.area}
    return [block(definition, rows, made.num_rows, True)]


def _recorded(forms: pa.ChunkedArray, groups: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """The forms that occur, by group."""
    group_of = {form: group for group, members in groups.items() for form in members}
    found: dict[str, set[str]] = {}
    for form in pc.list_flatten(forms).unique().to_pylist():
        if form not in {"_U", "_N", None}:
            found.setdefault(group_of.get(form, OTHER), set()).add(form)
    return found


def published_rows(definition: Definition, observed: Observed, area: str, own_area: bool) -> list[pa.Table]:
    """Published numbers of detected victims by sex and age; of the account's own area only where it has no persons."""
    made = []
    for sex, age in product(SEXES, AGES):
        figures = observed.figures(definition.measure, sex, age)
        rows = shown_of(figures, area, own_area)
        columns: dict[str, Any] = {
            "ref_area": [place for (place, _), _ in rows],
            "time_period": [str(year) for (_, year), _ in rows],
            "sex": sex,
            "age": age,
            "form": TOTAL,
            "band": "_Z",
            "value": [figure.value for _, figure in rows],
            "lower": [figure.lower for _, figure in rows],
            "upper": [figure.upper for _, figure in rows],
        }
        made.append(block(definition, columns, len(rows), observed.confidential))
    return made
