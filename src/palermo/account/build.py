"""From persons, suspects and published figures to the cube and its receipts.

The decision a reader would question: numbers in notes are rounded to tens, and "fewer than 10" below, because notes
leave the office with the release and must not tell what its cells hide.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.account import compared, estimated, justice, observed, rates, sdg
from palermo.account.count_persons import count_persons
from palermo.account.cube import assemble, block
from palermo.account.definition import Definition, definitions, of_table
from palermo.account.engine import columns_of, counted, finest_cells, outside, selected
from palermo.account.making import COUNTED_RULES, AccountInputs, Making, list_names
from palermo.account.population import read_population
from palermo.engine import opened
from palermo.errors import UsageError
from palermo.parts import write_table
from palermo.progress import Progress
from palermo.provenance import code_version, fingerprint, write_json


@dataclass(frozen=True)
class AccountResult:
    """Where the account lies, how many observations it holds, and what its readers must know."""

    cube: Path
    receipts: Path
    tried: Path  # what stands around the estimate of everyone; empty where there is none
    observations: int
    notes: tuple[str, ...]


def build_account(inputs: AccountInputs, out_dir: Path, progress: Progress = None) -> AccountResult:
    """Write ``cube.parquet``, ``receipts.json`` and ``estimates.json``, each whole or not at all.

    Raises ``UsageError`` where there is nothing to count or the population file cannot be read.
    """
    if not (inputs.persons or inputs.suspects or inputs.observations):
        raise UsageError("nothing to count: no source gave persons, suspects or published figures")
    out_dir.mkdir(parents=True, exist_ok=True)
    with opened(inputs.engine) as engine:
        making = Making(inputs, engine, progress)
        making.step("persons")
        count_persons(making)
        making.step("lists of suspects and records")
        _count_lists(making)
        making.step("published figures")
        _pass_on(making)
    making.step("rates and ratios")
    _derive(making)
    _estimates(making)
    making.step("receipts")
    document = _receipts(making)
    cube = assemble(
        [table for tables in making.blocks.values() for table in tables],
        {name: _base(name, document) for name in making.blocks},
    )
    result = AccountResult(
        cube=out_dir / "cube.parquet",
        receipts=out_dir / "receipts.json",
        tried=out_dir / "estimates.json",
        observations=cube.num_rows,
        notes=tuple(making.notes),
    )
    write_table(cube, result.cube)
    write_json(result.receipts, document)
    write_json(result.tried, estimated.read_tried(inputs.tried))
    return result


def _count_lists(making: Making) -> None:
    for table, files in (("cases", making.inputs.cases), ("suspects", making.inputs.suspects)):
        for definition in of_table(table) if files else ():
            cells = finest_cells(making.engine, files, columns_of(definition), table)
            cells, _ = outside(selected(definition, cells), definition.year, making.inputs.years)
            columns, counts = counted(definition, cells, making.frame)
            rows = block(definition, {**columns, "ref_area": making.inputs.area, "value": counts}, len(counts), True)
            making.add(definition, [rows], list_names(files, table), int(cells.counts.sum()))
    share = definitions()["convicted_share_female"]
    convicted = making.rows_of("persons_convicted")
    if convicted is not None:
        made = compared.share_of_counts(share, convicted, making.inputs.area)
        making.add(share, made, making.lists_of("persons_convicted"))


def _pass_on(making: Making) -> None:
    if not making.inputs.observations:
        return
    order = tuple(str(entry["list"]) for entry in making.inputs.inputs)
    inputs, area = making.inputs, making.inputs.area
    seen = observed.read_observed(making.engine, inputs.observations, order, inputs.public_lists, inputs.years)
    if seen.conflicting:
        making.notes.append(
            f"{seen.conflicting:,} published figures are printed twice with different values; they are given as ranges."
        )
    if seen.left_out:
        making.notes.append(f"{seen.left_out:,} published figures of other years than the account's were left out.")
    own = not inputs.suspects
    makers: dict[str, Callable[[Definition], list[pa.Table]]] = {
        "published": lambda definition: [observed.published(definition, seen)],
        "trend_panel": lambda definition: compared.trend_panel(definition, seen, area),
        "trend_pooled": lambda definition: compared.trend_pooled(definition, seen, area),
        "conviction_bands": lambda definition: compared.conviction_bands(definition, seen, area),
        "share_female": lambda definition: compared.share_female(definition, seen, area),
        "justice": lambda definition: justice.from_published(definition, seen, area, own),
        "sdg": lambda definition: sdg.published_rows(definition, seen, area, inputs.persons is None),
    }
    for definition in definitions().values():
        if definition.rule in makers:
            making.add(definition, makers[definition.rule](definition), seen.order, seen.table.num_rows)


def _derive(making: Making) -> None:
    known = definitions()
    stages = making.rows_of(*rates.STAGES)
    if stages is not None:
        making.add(
            known["justice_funnel"],
            [rates.funnel(known["justice_funnel"], stages, observed.group_area(making.inputs.area))],
            making.lists_of(*rates.STAGES),
        )
    numbers = making.rows_of("sdg_16_2_2")
    if numbers is None:
        return
    if making.inputs.population is None:
        making.notes.append("No population file is named, so there are no rates.")
        return
    places = set(numbers["ref_area"].to_pylist())
    making.population = read_population(making.inputs.population, places, making.inputs.population_shape)
    lists = making.lists_of("sdg_16_2_2")
    per_sdg = rates.rates_of(known["sdg_16_2_2"], numbers, making.population)
    making.add(known["sdg_16_2_2"], [per_sdg], lists)
    whole = numbers.filter(pc.equal(numbers["form"], "_T"))
    making.add(known["victims_rate"], [rates.rates_of(known["victims_rate"], whole, making.population)], lists)
    _say_of_rates(making, per_sdg)


def _estimates(making: Making) -> None:
    """The estimates of the stage before, each part with its own row, given or refused."""
    if making.inputs.estimates is None:
        return
    headlines = estimated.read_headlines(making.inputs.estimates)
    for name in estimated.INDICATORS:
        definition = definitions()[name]
        making.add(
            definition, estimated.estimated_rows(definition, headlines, making.inputs.area), making.inputs.compared
        )
    making.estimates = estimated.receipts_of(headlines, making.inputs.compared)
    refused = next((row for row in headlines if row["stratum"] == "_T" and row["estimate"] is None), None)
    if refused is not None:
        said = "; ".join(estimated.rounded_reason(reason) for reason in refused["reasons"])
        making.notes.append(f"There is no estimate of those whom no list saw: {said}. That is not zero.")


def _say_of_rates(making: Making, rows: pa.Table) -> None:
    assert making.population is not None
    if rows.num_rows:
        making.notes.append(f"Rates: {making.population.words}")
    else:
        making.notes.append(
            f"The population file {making.population.file} has no figure for the area and years, so there are no rates."
        )


def _receipts(making: Making) -> dict[str, Any]:
    inputs, population = making.inputs, making.population
    used = {name: definitions()[name] for name in making.blocks}
    known = {str(entry["list"]) for entry in inputs.inputs}
    rated = {"victims_rate", "sdg_16_2_2"}
    return {
        "code_version": code_version(),
        "area": inputs.area,
        "area_name": inputs.area_name,
        "years": list(inputs.years) if inputs.years else None,
        "rules": asdict(inputs.rules),
        "population": population and population.header(_groups(making)),
        "estimates": making.estimates,
        "inputs": [
            {
                **{key: entry[key] for key in ("list", "file", "sha256", "adapter") if key in entry},
                "counts": {key: entry[key] for key in ("read", "accepted", "quarantined") if key in entry},
            }
            for entry in inputs.inputs
        ],
        "indicators": {
            name: {
                **definition.header(),
                "inputs": sorted(making.used[name] & known or known),
                "denominator": population.words if population and name in rated else None,
                "counts": {"rows": making.rows[name]},
            }
            for name, definition in used.items()
        },
    }


def _groups(making: Making) -> list[tuple[str, str, str, str]]:
    """The groups of people whose population a rate was divided by."""
    made = making.rows_of("victims_rate")
    columns = ("ref_area", "time_period", "sex", "age")
    return list(zip(*(made[name].to_pylist() for name in columns), strict=True)) if made else []


def _base(indicator: str, document: Mapping[str, Any]) -> str:
    """What all figures of an indicator have in common, as a hash."""
    header = document["indicators"][indicator]
    rules = document["rules"]
    parts = {
        "id": indicator,
        "version": header["version"],
        "rules": {name: rules[name] for name in COUNTED_RULES},
        "years": document["years"],
        "inputs": [entry["sha256"] for entry in document["inputs"] if entry["list"] in header["inputs"]],
        "population": document["population"]["sha256"] if header["denominator"] else None,
    }
    if header["kind"] == "estimated":
        parts["estimates"] = document["estimates"]
    return fingerprint(parts)
