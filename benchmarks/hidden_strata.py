"""Estimates by sex, age and form where the truth is known: `python benchmarks/hidden_strata.py [TABLES] [FILE]`.

Prints the tables of `docs/method/hidden-strata.md`. The populations are made up: four lists, persons by sex, age and,
in one of them, form. FILE holds what was run already, one line a table; a run that was stopped goes on from there.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.design import Floats, Grid
from palermo.hidden.plain_strata import plain_stratification
from palermo.hidden.strata import PLANS, estimate_by
from palermo.hidden.stratum_names import WHOLE, stratum_name, stratum_values

SETTINGS = Settings(level=0.9, bootstrap=40)  # 400 draws
FIRST_SEED = 2001  # the default was chosen on seeds 1 to 30
SEXES, AGES, FORMS = ("F", "M"), ("Y0T17", "Y_GE18"), ("forced_labour", "other", "sexual")
_REACH = {"A": -1.6, "B": -1.8, "C": -2.0, "D": -1.7}
_FOUR = {**_REACH, "sex": -0.5, "age": 0.6, "A:sex": 0.6, "C:age": -0.4, "sex:age": 0.3}
Effects = dict[str, float | tuple[float, ...]]
_FORM: Effects = {"form": (-0.5, 0.3), "B:form": (0.6, -0.5), "sex:form": (-0.6, -0.9)}


@dataclass(frozen=True)
class Population:
    """A made-up population: the log-linear effects of its cells, and who has a gap in the age."""

    words: str
    effects: Effects
    grid: Grid = field(default_factory=lambda: Grid(tuple("ABCD"), ("sex", "age"), (SEXES, AGES)))
    pair_by_age: tuple[float, float] = (0.0, 0.0)  # dependence of A and B among children, among adults
    gaps: float = 0.0  # share of the persons seen whose age is not known

    @property
    def means(self) -> Floats:
        """Expected persons of each cell."""
        terms = [self.grid.base[0] if name == "1" else self.grid.term(name) for name in self.effects]
        values = np.concatenate([np.atleast_1d(np.asarray(value, np.float64)) for value in self.effects.values()])
        pair = np.where((self.grid.histories & 3) == 3, np.array(self.pair_by_age)[self.grid.codes[:, 1]], 0.0)
        return np.asarray(np.exp(self.grid.matrix(terms) @ values + pair), np.float64)


POPULATIONS = {
    "independent": Population("lists independent, reach by sex and age", {"1": 5.5, **_FOUR}),
    "pair": Population("two lists depend, alike in all strata", {"1": 5.5, **_FOUR, "A:B": 1.0}),
    "differs": Population(
        "two lists depend among children, hardly among adults", {"1": 5.5, **_FOUR}, pair_by_age=(1.5, -0.3)
    ),
    "sparse": Population(
        "one in four seen, one stratum nearly empty, two lists depend",
        {
            "1": 5.6,
            "A": -2.6,
            "B": -2.4,
            "C": -3.2,
            "D": -2.2,
            "sex": -1.2,
            "age": 0.4,
            "A:sex": 0.5,
            "sex:age": -1.8,
            "A:B": 0.8,
        },
    ),
    "gaps": Population("as pair, the age of one in five not known", {"1": 5.5, **_FOUR, "A:B": 1.0}, gaps=0.2),
    "forms": Population(
        "by three forms too: twelve strata",
        {"1": 4.4, **_REACH, "sex": -0.4, "age": 0.8, "A:sex": 0.5, "C:D": 0.7, **_FORM},
        Grid(tuple("ABCD"), ("sex", "age", "form"), (SEXES, AGES, FORMS)),
    ),
}


def draw(own: Population, seed: int) -> tuple[CaptureTable, npt.NDArray[np.int64]]:
    """A table and all persons of each cell, the unseen too."""
    draws, grid = np.random.default_rng(seed), own.grid
    drawn = draws.poisson(own.means)
    rows: dict[tuple[int, tuple[str | None, ...]], int] = {}
    for cell in np.flatnonzero((drawn > 0) & grid.observable):
        values = tuple(grid.levels[i][code] for i, code in enumerate(grid.codes[cell]))
        missing = int(draws.binomial(drawn[cell], own.gaps)) if own.gaps else 0
        for known, count in ((values, int(drawn[cell]) - missing), ((values[0], None, *values[2:]), missing)):
            if count:
                key = (int(grid.histories[cell]), known)
                rows[key] = rows.get(key, 0) + count
    covariates = {name: tuple(key[1][i] for key in rows) for i, name in enumerate(grid.covariates)}
    table = CaptureTable(grid.lists, np.array([key[0] for key in rows]), np.array(list(rows.values())), covariates)
    return table, drawn


def total_then_split(table: CaptureTable, by: tuple[str, ...], settings: Settings) -> list[Answer]:
    """One estimate without covariates, split among the parts as the persons seen are."""
    whole = estimate_by(table, (), settings, PLANS["covariate_loglinear_stepwise_BIC"])[0]
    answers = [whole]
    if whole.estimate is None:
        return answers
    known = [(key, own.n) for key, own in table.strata(by) if None not in key]
    for names in (*((i,) for i in range(len(by))), tuple(range(len(by)))):
        seen: dict[str, int] = {}
        for key, count in known:
            name = stratum_name((by[i], key[i]) for i in names)
            seen[name] = seen.get(name, 0) + count
        for name, count in seen.items():
            share = count / sum(count for _, count in known)
            limits = [None if limit is None else limit * share for limit in (whole.lower, whole.upper)]
            part = replace(whole, stratum=name, estimate=whole.estimate * share, lower=limits[0], upper=limits[1])
            answers.append(part)
    return answers


METHODS: dict[str, Callable[[CaptureTable, tuple[str, ...], Settings], list[Answer]]] = {
    "pooled": estimate_by,
    "each stratum alone": plain_stratification,
    "total, then split": total_then_split,
}


def run(name: str, seed: int) -> list[dict[str, Any]]:
    """What every method says of one table."""
    own = POPULATIONS[name]
    table, drawn = draw(own, seed)
    rows = []
    for method, estimate in METHODS.items():
        begun = time.process_time()
        answers = {
            answer.stratum: answer for answer in estimate(table, own.grid.covariates, replace(SETTINGS, seed=seed))
        }
        spent = time.process_time() - begun
        for stratum, truth in _truth(own.grid, drawn):
            answer = answers.get(stratum)
            said = {
                "population": name,
                "seed": seed,
                "method": method,
                "part": _kind(own.grid, stratum),
                "truth": truth,
            }
            about = {"seconds": spent} if stratum == WHOLE else {}
            rows.append({**said, **about, **(_said(answer) if answer is not None else {"estimate": None})})
    return rows


def _truth(grid: Grid, drawn: npt.NDArray[np.int64]) -> Iterator[tuple[str, int]]:
    yield WHOLE, int(drawn.sum())
    numbers = range(len(grid.covariates))
    for group in (*((i,) for i in numbers), tuple(numbers)):
        for codes in sorted({tuple(row) for row in grid.codes[:, list(group)].tolist()}):
            inside = (grid.codes[:, list(group)] == codes).all(axis=1)
            name = stratum_name(
                (grid.covariates[i], grid.levels[i][code]) for i, code in zip(group, codes, strict=True)
            )
            yield name, int(drawn[inside].sum())


def _kind(grid: Grid, stratum: str) -> str:
    named = len(stratum_values(stratum))
    return "total" if named == 0 else "crossed" if named == len(grid.covariates) else "one covariate"


def _said(answer: Answer) -> dict[str, Any]:
    limits = {"lower": answer.lower, "upper": answer.upper}
    return {"estimate": answer.estimate, **limits, "warned": answer.verdict is not Verdict.SHOWN}


HEADER = (
    "| population | method | part | answered | median estimate / truth | interval holds truth | upper / lower "
    "| warned | of misses, warned |\n|---|---|---|---:|---:|---:|---:|---:|---:|"
)


def line(rows: list[dict[str, Any]]) -> str:
    """One line of the table: how a method did on one kind of part of one population."""
    given = [row for row in rows if row["estimate"] is not None]
    ends = [row for row in given if row["lower"] is not None and row["upper"] is not None]
    misses = [row for row in ends if not row["lower"] <= row["truth"] <= row["upper"]]
    figures = (
        _share(len(given), len(rows)),
        f"{_median([row['estimate'] / max(row['truth'], 1) for row in given]):.2f}",
        _share(len(ends) - len(misses), len(ends)),
        f"{_median([row['upper'] / max(row['lower'], 1) for row in ends]):.2f}",
        _share(sum(row["warned"] for row in given), len(given)),
        _share(sum(row["warned"] for row in misses), len(misses)),
    )
    own = rows[0]
    return f"| {' | '.join((own['population'], own['method'], own['part'], *figures))} |"


def _share(some: int, of: int) -> str:
    return f"{some / of:.0%}" if of else "-"


def _median(values: list[float]) -> float:
    return float(np.median(values)) if values else math.nan


def report(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The two tables: how well, and how fast."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["population"], row["method"], row["part"]), []).append(row)
    yield HEADER
    for name in POPULATIONS:
        for method in METHODS:
            yield from (
                line(groups[key])
                for part in ("total", "one covariate", "crossed")
                if (key := (name, method, part)) in groups
            )
    yield "\n| population | tables | " + " | ".join(METHODS) + " |\n|---|---:|" + "---:|" * len(METHODS)
    for name in POPULATIONS:
        times = [[row["seconds"] for row in groups.get((name, method, "total"), [])] for method in METHODS]
        yield f"| {name} | {len(times[0])} | " + " | ".join(f"{_median(own):.2f}" for own in times) + " |"


def main() -> None:
    """Run what is left and print."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    lines = path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else []
    rows = [row for text in lines for row in json.loads(text)]
    done = {(row["population"], row["seed"]) for row in rows}
    for seed in range(FIRST_SEED, FIRST_SEED + tables):
        for name in POPULATIONS:
            if (name, seed) in done:
                continue
            found = run(name, seed)
            rows += found
            if path is not None:
                with path.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(found) + "\n")
    sys.stdout.writelines(f"{text}\n" for text in report(rows))


if __name__ == "__main__":
    main()
