"""Intake and the full standard account of a CTDC-shaped file, against a plain DuckDB script in the same run.

    .venv/bin/python benchmarks/ctdc_account.py              the 193,025-row CTDC file: ratio to DuckDB, peak memory
    .venv/bin/python benchmarks/ctdc_account.py --scale      20 million made-up rows against 200,000: time per row

Each measurement runs in a process of its own, in turns, so that peak memory is its own and a busy machine slows both.
The clock starts after imports; the whole process is printed beside it. Where the CTDC file is not at hand, made-up rows
of the same shape stand in for it, and the table says so.
"""

import argparse
import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pyarrow as pa

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "ctdc-synthetic-2021"
CTDC = SHARED / "CTDC_synthetic_20210825_recovered.csv.gz"
ROWS = 193_025
MEANS = (
    "DebtBondage TakesEarnings Threats PsychologicalAbuse PhysicalAbuse SexualAbuse FalsePromises "
    "PsychoactiveSubstances RestrictsMovement RestrictsMedicalCare ExcessiveWorkingHours ThreatOfLawEnforce "
    "WithholdsNecessities WithholdsDocuments Other"
).split()
FLAGS = (
    [f"meansOfControl{name}" for name in MEANS]
    + ["isForcedLabour", "isSexualExploit", "isOtherExploit"]
    + [f"typeOfLabour{name}" for name in ("Agriculture", "Construction", "DomesticWork", "Hospitality", "Other")]
    + [f"typeOfSex{name}" for name in ("Prostitution", "Pornography", "Other")]
    + [f"recruiterRelation{name}" for name in ("IntimatePartner", "Friend", "Family", "Other")]
)
TRAITS = (
    "yearOfRegistration gender ageBroad majorityStatusAtExploit traffickMonths citizenship CountryOfExploitation"
).split()
AGE = """CASE WHEN ageBroad IN ('0--8', '09--17') OR majorityStatusAtExploit = 'Minor' THEN 'child'
              WHEN ageBroad IS NOT NULL OR majorityStatusAtExploit = 'Adult' THEN 'adult' ELSE 'unknown' END"""
FORMS = "isForcedLabour isSexualExploit isOtherExploit".split()

AREAS = Path(__file__).resolve().parents[1] / "src" / "palermo" / "codes" / "data" / "areas" / "areas.csv"
CUBE = f"SELECT yearOfRegistration, gender, {AGE} AS age, count(*) FROM cases"
REACH = """CASE WHEN home.iso3 = place.iso3 THEN 'DOM' WHEN home.subregion = place.subregion THEN 'SUBR'
                WHEN home.region = place.region THEN 'REG' WHEN home.region <> place.region THEN 'TREG' ELSE '_U' END"""
NO_FORM = " AND ".join(f"{form} IS NULL" for form in FORMS)

# What someone would write by hand: read the file once, then the tables of the standard account one by one, with totals.
GROUP_BYS = (
    f"{CUBE} GROUP BY CUBE (1, 2, 3)",  # victims_by_sex_age
    *(f"{CUBE} WHERE {form} = 1 GROUP BY CUBE (1, 2, 3)" for form in FORMS),  # victims_by_form_sex_age
    f"{CUBE} WHERE {NO_FORM} GROUP BY CUBE (1, 2, 3)",
    *(f"{CUBE} WHERE {form} = 1 GROUP BY CUBE (1, 2, 3)" for form in FORMS),  # sdg_16_2_2: the groups of its series
    "SELECT yearOfRegistration, gender, ageBroad, count(*) FROM cases GROUP BY CUBE (1, 2, 3)",  # victims_by_age_band
    "SELECT yearOfRegistration, citizenship, count(*) FROM cases GROUP BY CUBE (1, 2)",  # victims_by_citizenship
    f"""SELECT yearOfRegistration, {REACH} AS reach, count(*) FROM cases
        LEFT JOIN areas AS home ON citizenship = home.iso3
        LEFT JOIN areas AS place ON CountryOfExploitation = place.iso3 GROUP BY CUBE (1, 2)""",  # victims_by_reach
    "SELECT citizenship, CountryOfExploitation, count(*) FROM cases GROUP BY ALL HAVING count(*) >= 5",  # flows
    "SELECT yearOfRegistration, count(*) FROM cases GROUP BY CUBE (1)",  # records_by_list
)


def plain_duckdb(file: Path, _: Path) -> float:
    """The baseline: a connection, one read of the CSV, the group-bys."""
    import duckdb

    started = perf_counter()
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cases AS FROM read_csv(?)", [str(file)])
        connection.execute("CREATE TABLE areas AS FROM read_csv(?)", [str(AREAS)])
        for query in GROUP_BYS:
            connection.sql(query).to_arrow_table()
    return perf_counter() - started


def palermo_intake(file: Path, folder: Path) -> float:
    """Intake alone: read, check, convert, quality report."""
    from palermo.intake.registry import SourceOptions, adapters
    from palermo.intake.run import intake_file

    adapters()  # loads the modules of the shapes
    pa.scalar(1)  # where pandas is installed, Arrow imports it on first use
    started = perf_counter()
    intake_file(file, SourceOptions("ctdc"), folder)
    return perf_counter() - started


def palermo_account(file: Path, folder: Path) -> float:
    """Intake, linkage and the full standard account with receipts."""
    from palermo.account.build import build_account
    from palermo.account.making import AccountInputs
    from palermo.intake.registry import SourceOptions, adapters
    from palermo.intake.run import intake_file
    from palermo.linkage.persons import build_persons
    from palermo.settings import Rules

    adapters()  # loads the modules of the shapes
    pa.scalar(1)  # where pandas is installed, Arrow imports it on first use
    started = perf_counter()
    taken = intake_file(file, SourceOptions("ctdc"), folder)
    persons = folder / "persons.parquet"
    build_persons([taken.tables["cases"]], persons)
    inputs = AccountInputs(
        persons=persons,
        cases=(taken.tables["cases"],),
        suspects=(),
        observations=(),
        public_lists=frozenset(),
        inputs=({"list": "ctdc", "file": file.name, "sha256": taken.sha256},),
        population=None,
        population_shape=None,
        area="001",
        area_name=None,
        years=None,
        rules=Rules(),
    )
    build_account(inputs, folder / "account")
    return perf_counter() - started


TASKS = {
    "plain DuckDB script": plain_duckdb,
    "palermo intake": palermo_intake,
    "palermo intake + account": palermo_account,
}


def child(task: str, file: Path) -> None:
    """Run one task in this process and print its time and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = TASKS[task](file, Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kB on Linux
    json.dump({"seconds": seconds, "peak_mb": peak}, sys.stdout)


def measure(task: str, file: Path) -> dict[str, float]:
    """Run one task in a process of its own."""
    started = perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--child", task, str(file)], check=True, capture_output=True, text=True
    )
    return {**json.loads(done.stdout), "process": perf_counter() - started}


def made_up_rows(file: Path, rows: int, seed: int = 1) -> None:
    """Write ``rows`` made-up rows in the CTDC shape: 200,000 different ones, repeated as often as needed."""
    rng = np.random.default_rng(seed)
    size = min(rows, 200_000)
    countries = rng.choice(["UKR", "PHL", "MDA", "USA", "NAM", "KHM", "IDN", ""], size=(2, size))
    columns = [
        rng.integers(2002, 2022, size).astype(str),
        rng.choice(["Female", "Male", ""], size=size, p=[0.55, 0.2, 0.25]),
        rng.choice(["0--8", "09--17", "18--20", "21--23", "30--38", ""], size=size),
        rng.choice(["Adult", "Minor", ""], size=size, p=[0, 0, 1]),
        np.full(size, ""),
        *countries,
        *(np.where(rng.random(size) < 0.15, "1", "") for _ in FLAGS),
    ]
    lines = [",".join(row) for row in zip(*columns, strict=True)]
    with file.open("w", encoding="utf-8") as stream:
        stream.write(",".join(TRAITS + FLAGS) + "\n")
        stream.writelines(f"{line}\n" for line in islice(cycle(lines), rows))


def compare(folder: Path, runs: int) -> None:
    """The CTDC file: every task ``runs`` times in turns; medians, ratios to DuckDB, peak memory."""
    file = folder / "ctdc.csv"
    source = "CTDC global synthetic dataset 2021"
    if CTDC.exists():
        with gzip.open(CTDC) as packed, file.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    else:
        source = "MADE-UP ROWS in the CTDC shape (the CTDC file is not at hand)"
        made_up_rows(file, ROWS)
    found: dict[str, list[dict[str, float]]] = {task: [] for task in TASKS}
    for _ in range(runs):
        for task, results in found.items():
            results.append(measure(task, file))
    print(
        f"{source}, {ROWS:,} rows, {file.stat().st_size / 1e6:.1f} MB, median of {runs} runs, {os.cpu_count()} cores\n"
    )
    print(f"{'':26} {'seconds':>8} {'least':>7} {'ratio':>6} {'process s':>10} {'ratio':>6} {'peak MB':>8}")
    base = {key: median(run[key] for run in found["plain DuckDB script"]) for key in ("seconds", "process")}
    for task, results in found.items():
        middle = {key: median(run[key] for run in results) for key in ("seconds", "process", "peak_mb")}
        least = min(run["seconds"] for run in results)
        print(
            f"{task:26} {middle['seconds']:8.2f} {least:7.2f} {middle['seconds'] / base['seconds']:6.2f} "
            f"{middle['process']:10.2f} {middle['process'] / base['process']:6.2f} {middle['peak_mb']:8.0f}"
        )


def scale(folder: Path, rows: int, runs: int) -> None:
    """Time per row of intake + account at 200,000 rows and at ``rows``."""
    task = "palermo intake + account"
    print(f"{task}, made-up rows in the CTDC shape\n\n{'rows':>12} {'seconds':>9} {'µs a row':>9} {'peak MB':>8}")
    for size, repeats in ((200_000, runs), (rows, 1)):
        file = folder / f"made-up-{size}.csv"
        made_up_rows(file, size)
        results = [measure(task, file) for _ in range(repeats)]
        seconds = median(run["seconds"] for run in results)
        peak = max(run["peak_mb"] for run in results)
        print(f"{size:12,} {seconds:9.2f} {1e6 * seconds / size:9.3f} {peak:8.0f}")
        file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", action="store_true", help="20 million rows against 200,000")
    parser.add_argument("--rows", type=int, default=20_000_000, help="rows of the large file")
    parser.add_argument("--child", nargs=2, metavar=("TASK", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.scale:
            scale(Path(folder), options.rows, options.runs)
        else:
            compare(Path(folder), options.runs)


if __name__ == "__main__":
    main()
