"""Made-up persons, suspects and published figures, and accounts made from them."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.build import build_account
from palermo.account.making import AccountInputs
from palermo.intake.schema import CASES, OBSERVATIONS, SUSPECTS
from palermo.linkage.schema import PERSONS
from palermo.settings import Rules

SEVERAL = {"lists", "source_types", "forms", "means", "recruiter", "sector", "context", "services", "transit"}
SCHEMAS = {"persons": PERSONS, "cases": CASES, "suspects": SUSPECTS, "observations": OBSERVATIONS}


def row_of(table: str, **values) -> dict:
    """A made-up row in which everything that is not named is unknown."""
    schema = SCHEMAS[table]
    row = {}
    for field in schema:
        if field.name in SEVERAL:
            row[field.name] = ["_U"]
        elif pa.types.is_string(field.type):
            row[field.name] = "_T" if table == "observations" else "_U"
        else:
            row[field.name] = None
    row |= {"conflicts": []} if table == "persons" else {}
    if table == "observations":
        row |= {"list": "published", "unit": "PERSON", "kind": "detected", "measure": "victims_detected"}
        row |= {"obs_status": "A", "ref_area": "DEU", "time_period": "2020", "counterpart_area": "_Z"}
    if table == "suspects":
        row |= {"list": "court", "record_id": "1"}
    return row | values


class Account:
    """A built account and ways to look into it."""

    def __init__(self, folder: Path, notes: tuple[str, ...]) -> None:
        self.folder = folder
        self.notes = notes
        self.rows = pq.read_table(folder / "cube.parquet").to_pylist()

    def find(self, indicator: str, **codes: str) -> list[dict]:
        return [
            row
            for row in self.rows
            if row["indicator"] == indicator and all(row[name] == code for name, code in codes.items())
        ]

    def value(self, indicator: str, **codes: str) -> float | None:
        """The one figure with these codes; what is not named is a total or does not apply."""
        found = [
            row
            for row in self.find(indicator, **codes)
            if all(row[name] in {"_T", "_Z"} for name in DIMENSIONS if name not in {*codes, "ref_area"})
        ]
        assert len(found) == 1, (indicator, codes, found)
        return found[0]["value"]


DIMENSIONS = ("time_period", "sex", "age", "form", "citizenship", "counterpart_area", "reach", "list", "band")


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Account]:
    """``build(persons=[...], rules=Rules(...))``: write the tables and make the account."""

    def made(
        *,
        area: str = "DEU",
        years: tuple[int, int] | None = None,
        rules: Rules | None = None,
        public: frozenset[str] = frozenset(),
        population: Path | None = None,
        progress: Callable[[float, float | None, str], None] | None = None,
        **tables: list[dict],
    ) -> Account:
        paths = {}
        for table, rows in tables.items():
            name = {"persons": "persons.parquet"}.get(table, f"list.{table}.parquet")
            paths[table] = tmp_path / name
            pq.write_table(pa.Table.from_pylist([row_of(table, **row) for row in rows], SCHEMAS[table]), paths[table])
        source = {"list": "list", "file": "list.csv", "sha256": "0" * 64, "adapter": "mapping"}
        inputs = AccountInputs(
            persons=paths.get("persons"),
            cases=(paths["cases"],) if "cases" in paths else (),
            suspects=(paths["suspects"],) if "suspects" in paths else (),
            observations=(paths["observations"],) if "observations" in paths else (),
            public_lists=public,
            inputs=({**source, "read": 10, "accepted": 9, "quarantined": 1},),
            population=population,
            population_shape=None,
            area=area,
            area_name=None,
            years=years,
            rules=rules or Rules(),
        )
        result = build_account(inputs, tmp_path / "account", progress)
        assert result.observations == pq.read_metadata(result.cube).num_rows
        return Account(tmp_path / "account", result.notes)

    return made
