"""From persons, suspects and published figures to the cube and its receipts.

The decision a reader would question: numbers in notes are rounded to tens, and "fewer than 10" below, because notes
leave the office with the release and must not tell what its cells hide.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.account import compared, estimated, justice, observed, rates, sdg, sealed
from palermo.account.axes import Frame
from palermo.account.cube import assemble, block, write_cube
from palermo.account.definition import Definition, definitions
from palermo.account.engine import Cells, columns_of, counted, families, finest_cells, flow_pairs, outside, selected
from palermo.account.population import Denominators, read_population
from palermo.engine import Engine, opened
from palermo.errors import UsageError
from palermo.progress import Progress
from palermo.provenance import code_version, fingerprint, write_json
from palermo.rounded_words import about
from palermo.settings import DUCKDB, Rules

COUNTED_RULES = ("forms", "age_in_doubt")  # the rules that change what is counted, so part of a figure's receipt
STEPS = 5.0


@dataclass(frozen=True)
class AccountInputs:
    """What an account is made from: the tables of the stages before, and what the workspace says."""

    persons: Path | None  # without those under seal
    cases: tuple[Path, ...]
    suspects: tuple[Path, ...]
    observations: tuple[Path, ...]
    public_lists: frozenset[str]
    inputs: tuple[Mapping[str, Any], ...]  # per source: list, file, sha256, adapter, read, accepted, quarantined
    population: Path | None
    population_shape: str | None
    area: str
    area_name: str | None
    years: tuple[int, int] | None
    rules: Rules
    estimates: Path | None = None  # of the persons seen and unseen, where the settings ask for them
    compared: tuple[str, ...] = ()  # the lists behind the estimates
    tried: Path | None = None  # what stands around the estimate of everyone (JSON)
    sealed: Path | None = None  # persons under seal: counted in one figure, and there alone
    engine: str = DUCKDB  # which groups the rows; the figures are the same from each


@dataclass(frozen=True)
class AccountResult:
    """Where the account lies, how many observations it holds, and what its readers must know."""

    cube: Path
    receipts: Path
    tried: Path  # what stands around the estimate of everyone; empty where there is none
    observations: int
    notes: tuple[str, ...]


@dataclass
class _Making:
    """The account while it is being made."""

    inputs: AccountInputs
    engine: Engine
    progress: Progress
    blocks: dict[str, list[pa.Table]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    used: dict[str, set[str]] = field(default_factory=dict)  # indicator -> lists
    rows: dict[str, int] = field(default_factory=dict)
    population: Denominators | None = None
    estimates: dict[str, Any] | None = None  # what the receipts say of each estimate
    done: float = 0.0

    @property
    def frame(self) -> Frame:
        return Frame(self.inputs.area, self.inputs.rules)

    def step(self, text: str) -> None:
        if self.progress is not None:
            self.progress(self.done, STEPS, text)
        self.done += 1

    def add(self, definition: Definition, made: Iterable[pa.Table], lists: Iterable[str], rows: int = 0) -> None:
        """Keep the rows of an indicator and from which lists they come."""
        filled = [table for table in made if table.num_rows]
        if filled:
            self.blocks.setdefault(definition.id, []).extend(filled)
            self.used.setdefault(definition.id, set()).update(lists)
            self.rows[definition.id] = self.rows.get(definition.id, 0) + rows

    def rows_of(self, *indicators: str) -> pa.Table | None:
        found = [table for name in indicators for table in self.blocks.get(name, ())]
        return pa.concat_tables(found) if found else None

    def lists_of(self, *indicators: str) -> set[str]:
        return set().union(*(self.used.get(name, set()) for name in indicators))


def build_account(inputs: AccountInputs, out_dir: Path, progress: Progress = None) -> AccountResult:
    """Write ``cube.parquet``, ``receipts.json`` and ``estimates.json``, each whole or not at all.

    Raises ``UsageError`` where there is nothing to count or the population file cannot be read.
    """
    if not (inputs.persons or inputs.suspects or inputs.observations):
        raise UsageError("nothing to count: no source gave persons, suspects or published figures")
    out_dir.mkdir(parents=True, exist_ok=True)
    with opened(inputs.engine) as engine:
        making = _Making(inputs, engine, progress)
        making.step("persons")
        _count_persons(making)
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
    write_cube(cube, result.cube)
    write_json(result.receipts, document)
    write_json(result.tried, estimated.read_tried(inputs.tried))
    return result


def _of_table(table: str) -> list[Definition]:
    return [definition for definition in definitions().values() if definition.table == table]


def _count_persons(making: _Making) -> None:
    if making.inputs.persons is None:
        return
    wanted = [definition for definition in _of_table("persons") if definition.rule != sealed.RULE]
    lists = _names(making.inputs.cases, "cases")
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


def _count_sealed(making: _Making, persons: Path, under_seal: Path) -> None:
    """The broad figure that counts persons under seal; its codes are those that others have."""
    definition = definitions()[sealed.INDICATOR]
    counts = []
    for files in ([persons], [persons, under_seal]):
        cells = finest_cells(making.engine, files, columns_of(definition), "persons")
        cells, _ = outside(cells, "year", making.inputs.years)
        counts.append(counted(definition, cells, making.frame))
    columns, values = sealed.broad(*counts)
    rows = block(definition, {**columns, "ref_area": making.inputs.area, "value": values}, len(values), True)
    making.add(definition, [rows], _names(making.inputs.cases, "cases"))
    making.notes.append(
        "Persons under seal are counted in one figure, which is a range; all other figures leave them and their "
        "records out, so that those add up among themselves. How many there are is not told."
    )


def _person_rows(definition: Definition, cells: Cells, making: _Making) -> list[pa.Table]:
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


def _say_of_persons(making: _Making, cells: Cells, left_out: int) -> None:
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


def _count_lists(making: _Making) -> None:
    for table, files in (("cases", making.inputs.cases), ("suspects", making.inputs.suspects)):
        for definition in _of_table(table) if files else ():
            cells = finest_cells(making.engine, files, columns_of(definition), table)
            cells, _ = outside(selected(definition, cells), definition.year, making.inputs.years)
            columns, counts = counted(definition, cells, making.frame)
            rows = block(definition, {**columns, "ref_area": making.inputs.area, "value": counts}, len(counts), True)
            making.add(definition, [rows], _names(files, table), int(cells.counts.sum()))
    share = definitions()["convicted_share_female"]
    convicted = making.rows_of("persons_convicted")
    if convicted is not None:
        made = compared.share_of_counts(share, convicted, making.inputs.area)
        making.add(share, made, making.lists_of("persons_convicted"))


def _pass_on(making: _Making) -> None:
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


def _derive(making: _Making) -> None:
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


def _estimates(making: _Making) -> None:
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


def _say_of_rates(making: _Making, rows: pa.Table) -> None:
    assert making.population is not None
    if rows.num_rows:
        making.notes.append(f"Rates: {making.population.words}")
    else:
        making.notes.append(
            f"The population file {making.population.file} has no figure for the area and years, so there are no rates."
        )


def _names(files: Sequence[Path], table: str) -> list[str]:
    return [file.name.removesuffix(".parquet").removesuffix(f".{table}") for file in files]


def _receipts(making: _Making) -> dict[str, Any]:
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


def _groups(making: _Making) -> list[tuple[str, str, str, str]]:
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
