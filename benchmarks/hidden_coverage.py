"""Bias and coverage on populations of known size: the tables of `docs/method/hidden-coverage.md`.

    python benchmarks/hidden_coverage.py --tables 200 --rows rows.jsonl bic_average stepwise_BCa
    python benchmarks/hidden_coverage.py --rows rows.jsonl --print            as on the page, a row for each estimator
    python benchmarks/hidden_coverage.py --rows rows.jsonl --print --long     a row for each population and estimator

Every answer is one line of the file of rows. A run that was stopped goes on where it ended, and the same file can take
runs of other estimators. Answers depend on population, estimator, replicates and seed alone, so that neither order nor
number of processes changes the table. The populations are made up (`palermo.hidden.populations`). What the warnings are
worth is measured by `benchmarks/hidden_verdicts.py`.

`lcmcr` runs here with the chains of `SHORT`, as those of the command take seconds for each table.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from palermo.hidden.answer import Answer, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators import latent
from palermo.hidden.populations import Population, populations, populations_with_covariates
from palermo.hidden.registry import ESTIMATORS, Estimator
from palermo.hidden.rules import Evidence
from palermo.hidden.simulation import Performance, Trial, summed_up
from palermo.hidden.verdicts import judge

FIRST_SEED = 1001  # the thresholds of the verdicts were looked at on seeds 1 to 10
SHORT = latent.Sampling(chains=8, burn_in=1000, sweeps=1500, thin=5, plain_sweeps=0, threads=1)
SEARCHES = ("bic_average", "bic_best", "aic_average", "aic_best")
COVARIATES = tuple(f"covariate_loglinear_{way}" for way in ("stepwise_BIC", "stepwise_AIC", "EM"))
BOOTSTRAPPED = frozenset({"stepwise_BCa", *SEARCHES, *COVARIATES})
POPULATIONS = {own.name: own for own in (*populations(), *populations_with_covariates())}

HEADER = (
    "| population | estimator | tables | answered | estimate / truth | holds truth (error) "
    "| upper / lower |\n|---|---|---:|---:|---:|---:|---:|"
)

Place = tuple[str, str, int]  # population, estimator, replicates


@dataclass(frozen=True, order=True)
class Key:
    """What an answer depends on."""

    population: str
    estimator: str
    replicates: int
    seed: int


@dataclass(frozen=True)
class Task:
    """One table and what is to be run on it."""

    population: str
    seed: int
    replicates: int
    estimators: tuple[str, ...]


def run(task: Task) -> list[dict[str, Any]]:
    """The rows of one table."""
    table = POPULATIONS[task.population].draw(task.seed)
    settings = Settings(bootstrap=task.replicates, seed=task.seed)
    return [_row(task, _answer(ESTIMATORS[name], table, settings)) for name in task.estimators]


def _answer(entry: Estimator, table: CaptureTable, settings: Settings) -> Answer:
    """The answer by the rules that refuse; what only warns needs rival models, and they take longer than the answer."""
    if hindrance := entry.hindrance(table):
        return refused(entry.name, settings.level, hindrance)
    answer = latent.lcmcr(table, settings, SHORT) if entry.name == latent.NAME else entry.load()(table, settings)
    return judge(Evidence(replace(answer, estimator=entry.name), table))


def _row(task: Task, answer: Answer) -> dict[str, Any]:
    replicates = task.replicates if answer.estimator in BOOTSTRAPPED else 0
    return {
        "population": task.population,
        "estimator": answer.estimator,
        "replicates": replicates,
        "seed": task.seed,
        "estimate": answer.estimate,
        "lower": answer.lower,
        "upper": answer.upper,
    }


def read_rows(path: Path) -> dict[Key, dict[str, Any]]:
    """The rows that a file holds. A last line that was cut off is dropped, in the file too."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    rows = [json.loads(line) for line in whole.splitlines()]
    return {Key(row["population"], row["estimator"], row["replicates"], row["seed"]): row for row in rows}


def missing(done: Iterable[Key], names: list[str], own: list[Population], tables: int, replicates: int) -> list[Task]:
    """What is left to run, seed by seed, so that a run that is stopped leaves rows of nearly equal length."""
    finished, tasks = set(done), []
    for seed in range(FIRST_SEED, FIRST_SEED + tables):
        for population in own:
            left = tuple(
                name
                for name in names
                if Key(population.name, name, replicates if name in BOOTSTRAPPED else 0, seed) not in finished
            )
            if left:
                tasks.append(Task(population.name, seed, replicates, left))
    return tasks


def results(tasks: list[Task], processes: int) -> Iterator[list[dict[str, Any]]]:
    """The rows of each task, in order."""
    if processes == 1:
        yield from map(run, tasks)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(run, tasks)


def fill(path: Path, tasks: list[Task], processes: int, until: float) -> None:
    """Run the tasks, each line written as soon as it is there; stop before ``until`` (seconds of this run)."""
    started = time.monotonic()
    with path.open("a", encoding="utf-8") as stream:
        for number, rows in enumerate(results(tasks, processes), 1):
            stream.writelines(json.dumps(row, sort_keys=True) + "\n" for row in rows)
            stream.flush()
            spent = time.monotonic() - started
            left = spent / number * (len(tasks) - number)
            sys.stderr.write(f"\r{number:,} of {len(tasks):,} tables, about {left / 60:.1f} minutes left ")
            if spent > until:
                sys.stderr.write("\nstopped: the time asked for is over; run again to go on")
                break
    sys.stderr.write("\n")


def summaries(rows: dict[Key, dict[str, Any]], chosen: list[str]) -> dict[Place, Performance]:
    """How each estimator did, populations and estimators in the order in which they are defined."""
    groups: dict[Place, list[Trial]] = {}
    for key in sorted(rows):
        row = rows[key]
        trial = Trial(row["estimate"], row["lower"], row["upper"], warned=False)
        groups.setdefault((key.population, key.estimator, key.replicates), []).append(trial)
    names, places = list(ESTIMATORS), list(POPULATIONS)
    order = sorted(groups, key=lambda group: (places.index(group[0]), names.index(group[1]), group[2]))
    wanted = [place for place in order if not chosen or place[1] in chosen]
    return {place: summed_up(POPULATIONS[place[0]], named(place), groups[place]) for place in wanted}


def named(place: Place) -> str:
    """The estimator, with its replicates where it has a bootstrap."""
    return f"{place[1]}, {place[2] or 'no'} replicates" if place[1] in BOOTSTRAPPED else place[1]


def by_estimator(found: dict[Place, Performance], cell: Callable[[Performance], str]) -> list[str]:
    """A table with a row for each estimator and a column for each population."""
    across = [name for name in POPULATIONS if any(place[0] == name for place in found)]
    names = list(ESTIMATORS)
    down = sorted({place[1:] for place in found}, key=lambda own: (names.index(own[0]), own[1]))
    lines = [f"| estimator | {' | '.join(across)} |", "|---|" + "---:|" * len(across)]
    for own in down:
        cells = [cell(found[name, *own]) if (name, *own) in found else "" for name in across]
        lines.append(f"| {named(('', *own))} | {' | '.join(cells)} |")
    return lines


def matrices(found: dict[Place, Performance]) -> list[str]:
    """The tables of the page: share of intervals that hold the truth, median estimate, median width."""
    with_covariates = {own.name for own in populations_with_covariates()}
    plain = {place: own for place, own in found.items() if place[0] not in with_covariates}
    other = [line(own) for place, own in found.items() if place[0] in with_covariates]
    return [
        "Intervals that hold the truth, per cent ± Monte Carlo standard error (tables)\n",
        *by_estimator(
            plain, lambda own: f"{own.covered:.0%} ± {own.covered_error:.0%} ({own.tables})".replace("%", "")
        ),
        "\nMedian of estimate over truth (per cent of tables with a number, where not all)\n",
        *by_estimator(plain, lambda own: f"{own.ratio:.2f}" + (f" ({own.answered:.0%})" if own.answered < 1 else "")),
        "\nMedian of upper over lower limit\n",
        *by_estimator(plain, lambda own: f"{own.width:.1f}"),
        "\nPopulations with covariates\n",
        HEADER,
        *other,
    ]


def line(found: Performance) -> str:
    """One line of the long table."""
    return (
        f"| {found.population} | {found.estimator} | {found.tables} | {found.answered:.0%} | {found.ratio:.2f} "
        f"| {found.covered:.0%} ({found.covered_error:.1%}) | {found.width:.1f} |"
    )


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("estimators", nargs="*", help="by default all rows of the file are printed and none is run")
    parser.add_argument("--rows", type=Path, required=True, help="file of finished answers, made or added to")
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--replicates", type=int, default=200, help="of the estimators that have a bootstrap")
    parser.add_argument("--populations", nargs="+", choices=list(POPULATIONS), metavar="POPULATION")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after this time")
    parser.add_argument("--print", action="store_true", dest="printed", help="only print the table of the file")
    parser.add_argument("--long", action="store_true", help="print a row for each population and estimator")
    return parser.parse_args()


def main() -> None:
    """Run what is missing, then print the table of all rows of the file."""
    asked = arguments()
    rows = read_rows(asked.rows)
    if asked.estimators and not asked.printed:
        covariates = any(ESTIMATORS[name].needs_covariates for name in asked.estimators)
        default = populations_with_covariates() if covariates else populations()
        own = [POPULATIONS[name] for name in asked.populations] if asked.populations else list(default)
        tasks = missing(rows, asked.estimators, own, asked.tables, asked.replicates)
        fill(asked.rows, tasks, asked.processes, asked.minutes * 60)
        rows = read_rows(asked.rows)
    found = summaries(rows, asked.estimators)
    lines = [HEADER, *map(line, found.values())] if asked.long else matrices(found)
    print("\n".join(lines).replace("nan%", "–").replace("nan ± nan", "–").replace("nan", "–"))


if __name__ == "__main__":
    main()
