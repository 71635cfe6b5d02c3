"""The same account, byte for byte, whichever engine groups the rows; Spark where it is installed, with Java."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.account.build import build_account
from palermo.account.definition import definitions
from palermo.account.engine import families, finest_cells
from palermo.account.making import AccountInputs
from palermo.engine import ENGINES, SPARK, Engine, opened
from palermo.errors import UsageError
from palermo.intake.schema import CASES, IDENTITIES, OBSERVATIONS, SUSPECTS
from palermo.linkage.clear import link_table
from palermo.linkage.prepare import prepare_table
from palermo.linkage.schema import PERSONS
from palermo.linkage.settings import LinkOptions
from palermo.parts import part_name
from palermo.settings import DUCKDB, Rules

ROWS = 3000
CHOICES = {
    "sex": ["F", "M", "O", "_U", "_N"],
    "age_band": ["Y0T17", "Y9T17", "Y_GE18", "Y30T38", "_U", "_N"],
    "citizenship": ["UKR", "PHL", "NAM", "STATELESS", "_U"],
    "origin": ["UKR", "PHL", "_N"],
    "destination": ["DEU", "FRA", "_U"],
    "status": ["identified", "presumed", "not_victim", None],
    "list": ["police", "shelter"],
}
SEVERAL = {"forms": ["sexual", "begging", "other"], "services": ["shelter", "legal"]}
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # py4j leaves sockets to the end of the process
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn, open for all tests of this file."""
    try:
        with opened(request.param) as one:
            yield one
    except UsageError as missing:
        pytest.skip(str(missing))


def made_up(schema: pa.Schema, rng: np.random.Generator) -> pa.Table:
    """Made-up rows: every column of codes from a few, with gaps and all kinds of nothing."""
    columns = {}
    for field in schema:
        if pa.types.is_list(field.type):
            codes = SEVERAL.get(field.name, ["other"])
            made = [sorted(rng.choice(codes, rng.integers(1, len(codes) + 1), replace=False)) for _ in range(ROWS)]
            columns[field.name] = [one if rng.random() < 0.8 else ["_U"] for one in made]
        elif field.name == "age":
            columns["age"] = [int(age) if rng.random() < 0.4 else None for age in rng.integers(0, 60, ROWS)]
        elif "year" in field.name:
            columns[field.name] = [int(year) if rng.random() < 0.9 else None for year in rng.integers(2015, 2023, ROWS)]
        elif field.name in CHOICES:
            columns[field.name] = rng.choice(np.array(CHOICES[field.name], dtype=object), ROWS).tolist()
        else:
            columns[field.name] = [None] * ROWS if field.name != "record_id" else [str(row) for row in range(ROWS)]
    return pa.table(columns, schema=schema)


def made_up_figures(rng: np.random.Generator) -> pa.Table:
    """Published figures, some printed twice with other values, some with bounds alone, some with nothing."""
    rows = []
    for number in range(400):
        value = float(rng.integers(0, 50)) if rng.random() < 0.8 else None
        rows.append(
            {
                **{field.name: "_T" for field in OBSERVATIONS if field.type == pa.string()},
                "list": "published",
                "measure": "victims_detected",
                "unit": "PERSON",
                "kind": "detected",
                "ref_area": str(rng.choice(["DEU", "FRA", "ITA"])),
                "time_period": str(2015 + number % 8),
                "sex": str(rng.choice(["_T", "F", "M"])),
                "age": str(rng.choice(["_T", "Y0T17"])),
                "value": value,
                "lower": 0.0 if value is None and rng.random() < 0.5 else None,
                "upper": 4.0 if value is None else None,
                "obs_status": str(rng.choice(["A", "Q"])),
                "source_row": number,
            }
        )
    return pa.Table.from_pylist(rows, OBSERVATIONS)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> AccountInputs:
    """An account's inputs; the cases are a folder of part files whose path has signs that mean patterns elsewhere."""
    folder, rng = tmp_path_factory.mktemp("made up [1] {2}"), np.random.default_rng(7)
    cases = folder / "police.cases.parquet"
    cases.mkdir()
    rows = made_up(CASES, rng)
    for number in range(3):
        pq.write_table(rows.slice(number * 1000, 1000), cases / part_name(number), row_group_size=300)
    tables = {"persons": made_up(PERSONS, rng), "police.suspects": made_up(SUSPECTS, rng)}
    for name, table in {**tables, "published.observations": made_up_figures(rng)}.items():
        pq.write_table(table, folder / f"{name}.parquet")
    source = {"list": "police", "file": "made-up.csv", "sha256": "0" * 64, "adapter": "mapping"}
    return AccountInputs(
        persons=folder / "persons.parquet",
        cases=(cases,),
        suspects=(folder / "police.suspects.parquet",),
        observations=(folder / "published.observations.parquet",),
        public_lists=frozenset({"published"}),
        inputs=({**source, "read": ROWS, "accepted": ROWS, "quarantined": 0},),
        population=None,
        population_shape=None,
        area="DEU",
        area_name=None,
        years=(2015, 2021),
        rules=Rules(),
    )


@pytest.fixture(scope="module")
def by_duckdb(inputs: AccountInputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The account that DuckDB counts."""
    return build_account(inputs, tmp_path_factory.mktemp("duckdb")).cube.parent


def cells_of(engine: Engine, files: list[Path]) -> list[pa.Table]:
    wanted = [definition for definition in definitions().values() if definition.table == "persons"]
    bands = [band for definition in wanted for band in definition.settings.get("bands", ())]
    return [finest_cells(engine, files, family, "persons", bands).table for family in families(wanted)]


def test_the_finest_cells_are_the_same(engine: Engine, inputs: AccountInputs) -> None:
    assert inputs.persons is not None
    with opened(DUCKDB) as reference:
        expected = cells_of(reference, [inputs.persons])
    found = cells_of(engine, [inputs.persons])
    for one, other in zip(expected, found, strict=True):
        assert one.schema == other.schema
        assert sorted(map(repr, one.to_pylist())) == sorted(map(repr, other.to_pylist()))
        assert 0 < sum(other["n"].to_pylist()) < ROWS  # persons found not to be victims are left out


def test_the_account_is_the_same_to_the_byte(
    engine: Engine, inputs: AccountInputs, by_duckdb: Path, tmp_path: Path
) -> None:
    made = build_account(replace(inputs, engine=engine.name), tmp_path)
    assert made.observations > 1000
    for name in ("cube.parquet", "receipts.json"):
        assert (tmp_path / name).read_bytes() == (by_duckdb / name).read_bytes()


def test_a_workspace_counts_with_the_engine_asked_for(palermo, demo: Path, tmp_path: Path) -> None:
    done = palermo("account", "--workspace", demo, "--engine", "polars", "--out", tmp_path / "account", "--json")
    assert done.code == 0, done.err
    cube = Path(done.json["cube"])
    assert cube.read_bytes() == (demo / "work" / "account" / "cube.parquet").read_bytes()


def test_an_engine_that_cannot_run_is_named_and_nothing_is_written(palermo, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("palermo.engine.find_spec", lambda _: None)
    done = palermo("account", "--workspace", demo, "--engine", SPARK, "--out", tmp_path / "account")
    assert done.code == 2
    assert "pip install 'palermo[spark]'" in done.words
    assert list((tmp_path / "account").glob("*")) == []
    wrong = palermo("run", "--workspace", demo, "--engine", "dask")
    assert wrong.code == 2
    assert "expected one of duckdb, polars, spark" in wrong.words


def slips(rng: np.random.Generator, persons: int) -> pa.Table:
    """Identities of made-up persons, each on two lists; one name in five is written otherwise on the second."""
    rows = []
    for person in range(persons):
        syllables = rng.choice(["ba", "ko", "li", "mu", "ne", "ro", "sa", "ti"], 6)
        given, family = "".join(syllables[:3]), "".join(syllables[3:])
        born = f"{rng.integers(1960, 2000)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
        for name in ("police", "shelter"):
            wrong = given[:-1] + "y" if name == "shelter" and person % 5 == 0 else given
            named = {"given_name": wrong, "family_name": family, "birth_date": born, "sex": "F"}
            rows.append({"list": name, "record_id": str(person), "source_row": person + 1, **named})
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["list"]), IDENTITIES)


def test_records_compared_on_spark_make_the_same_pairs(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine.name != SPARK:
        pytest.skip("records are compared in DuckDB where the engine is not Spark")
    monkeypatch.setattr(
        "palermo.linkage.blocking.ALL_PAIRS", 0
    )  # so that blocks choose the pairs, as with many records
    records = prepare_table(slips(np.random.default_rng(3), 150))
    options = LinkOptions(sample_pairs=100_000)
    expected, found = link_table(records, options), link_table(records, replace(options, engine=SPARK))
    assert found.candidates == expected.candidates > 100
    for column in ("left", "right", "rule"):
        assert found.pairs[column].to_pylist() == expected.pairs[column].to_pylist()
    assert found.pairs["weight"].to_pylist() == pytest.approx(expected.pairs["weight"].to_pylist(), abs=1e-6)
    assert sum(probability > 0.9 for probability in found.pairs["probability"].to_pylist()) >= 140
    later = link_table(records, options, model=found.model)  # what Spark has learnt serves DuckDB
    assert later.pairs["left"].to_pylist() == expected.pairs["left"].to_pylist()


@pytest.mark.slow  # several minutes where the machine is busy: Spark takes a second for the least of things
def test_a_workspace_with_names_gives_the_same_account_on_spark(palermo, tmp_path: Path) -> None:
    try:
        with opened(SPARK):
            pass
    except UsageError as missing:
        pytest.skip(str(missing))
    rows = slips(np.random.default_rng(5), 120).to_pylist()
    fields = ("record_id", "given_name", "family_name", "birth_date", "sex")
    for name in ("police", "shelter"):
        lines = [",".join(str(row[field]) for field in fields) + ",2021\n" for row in rows if row["list"] == name]
        (tmp_path / f"{name}.csv").write_text(",".join(fields) + ",year\n" + "".join(lines), encoding="utf-8")
    mapped = "".join(f'[fields.{field}]\ncolumn = "{field}"\n' for field in ("record_id", "sex", "year"))
    identity = "[identity]\n" + "".join(f'{field} = "{field}"\n' for field in fields[1:4])
    (tmp_path / "cases.toml").write_text(mapped + identity, encoding="utf-8")
    sources = "".join(f'[[source]]\npath = "{name}.csv"\nmapping = "cases.toml"\n' for name in ("police", "shelter"))
    (tmp_path / "palermo.toml").write_text(f'[account]\narea = "DEU"\n[linkage]\nmethod = "clear"\n{sources}')
    written = {}
    for engine in (DUCKDB, SPARK):
        done = palermo("account", "--workspace", tmp_path, "--engine", engine, "--json")
        assert done.code == 0, done.err
        written[engine] = [
            (tmp_path / "work" / name).read_bytes() for name in ("account/cube.parquet", "persons.parquet")
        ]
    assert written[SPARK] == written[DUCKDB]
    members = pq.read_table(tmp_path / "work" / "linkage" / "memberships.parquet")
    assert len(set(members["person_id"].to_pylist())) < 130
