"""Counting persons: the indicators of their table, the one figure with those under seal, and what readers must know."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.account import sdg, sealed
from palermo.account.cube import block
from palermo.account.definition import Definition, definitions, of_table
from palermo.account.engine import Cells, columns_of, counted, families, finest_cells, flow_pairs, outside, selected
from palermo.account.making import Making, list_names
from palermo.rounded_words import about


def count_persons(making: Making) -> None:
    """Rows of every indicator of persons; nothing where no list holds any."""
    if making.inputs.persons is None:
        return
    wanted = [definition for definition in of_table("persons") if definition.rule != sealed.RULE]
    lists = list_names(making.inputs.cases, "cases")
    bands = [band for definition in wanted for band in definition.settings.get("bands", ())]
    for number, family in enumerate(families(wanted)):
        cells = finest_cells(making.engine, [making.inputs.persons], family, "persons", bands)
        cells, left_out = outside(cells, "year", making.inputs.years)
        if number == 0:
            _say_of_persons(making, cells, left_out)
        for definition in wanted:
            if columns_of(definition) <= family:
                chosen = selected(definition, cells)
                making.add(definition, _person_rows(definition, chosen, making), lists, int(chosen.counts.sum()))
    if making.inputs.sealed is not None:
        _count_sealed(making, making.inputs.persons, making.inputs.sealed)


def _count_sealed(making: Making, persons: Path, under_seal: Path) -> None:
    """The broad figure that counts persons under seal; its codes are those that others have."""
    definition = definitions()[sealed.INDICATOR]
    counts = []
    for files in ([persons], [persons, under_seal]):
        cells = finest_cells(making.engine, files, columns_of(definition), "persons")
        cells, _ = outside(cells, "year", making.inputs.years)
        counts.append(counted(definition, cells, making.frame))
    columns, values = sealed.broad(*counts)
    rows = block(definition, {**columns, "ref_area": making.inputs.area, "value": values}, len(values), True)
    making.add(definition, [rows], list_names(making.inputs.cases, "cases"))
    making.notes.append(
        "Persons under seal are counted in one figure, which is a range; all other figures leave them and their "
        "records out, so that those add up among themselves. How many there are is not told."
    )


def _person_rows(definition: Definition, cells: Cells, making: Making) -> list[pa.Table]:
    if definition.rule == "sdg":
        return sdg.number_rows(definition, cells, making.frame)
    columns: dict[str, Any]
    if definition.rule == "flows":
        columns, counts = flow_pairs(definition, cells, making.frame)
        columns["time_period"] = _span(cells)
    else:
        columns, counts = counted(definition, cells, making.frame)
    return [block(definition, {**columns, "ref_area": making.inputs.area, "value": counts}, len(counts), True)]


def _span(cells: Cells) -> str:
    """The first and the last year, as one period."""
    found = pc.min_max(cells.table["year"]).as_py()
    if found["min"] is None:
        return "_T"
    return str(found["min"]) if found["min"] == found["max"] else f"{found['min']}/{found['max']}"


def _say_of_persons(making: Making, cells: Cells, left_out: int) -> None:
    unknown = int(cells.counts[cells.table["year"].is_null().to_numpy()].sum())
    if left_out:
        making.notes.append(f"{about(left_out).capitalize()} persons of other years than the account's were left out.")
    if unknown:
        making.notes.append(
            f"{about(unknown).capitalize()} persons are of unknown year; they stand in the total and apart, as unknown."
        )
    if making.inputs.rules.forms == "each":
        making.notes.append(
            "A person counts under each form of exploitation recorded, so that forms add up to the total or more. A "
            "form counts as recorded: sexual slavery is not also sexual exploitation unless the list says both."
        )
    else:
        making.notes.append("A person with several forms of exploitation counts once, under several forms.")
    if making.inputs.rules.age_in_doubt == "child":
        making.notes.append("Persons whose age is in doubt count as children.")
