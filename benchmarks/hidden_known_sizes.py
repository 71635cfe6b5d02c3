"""Published tables from other fields, with their known size or printed figures, beside ours.

`python benchmarks/hidden_known_sizes.py > table.md`. The tables are in `tests/golden/data/known_sizes.toml`, each with
its source. Sampling estimators (`--sampling`) take some seconds each.
"""

import argparse
import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimate import estimate
from palermo.hidden.fitting import Fit, cells_of, fit
from palermo.hidden.models import parse
from palermo.hidden.registry import ESTIMATORS, Cost, applicable

FILE = Path(__file__).resolve().parents[1] / "tests" / "golden" / "data" / "known_sizes.toml"
# What looks only at how often each person was seen, not on which occasions.
BY_FREQUENCY = (
    *("chao_lower_bound", "chao_bias_corrected", "zelterman", "closedp_M0", "closedp_Mh_Chao_LB_"),
    *("closedp_Mh_Poisson2", "closedp_Mh_Darroch", "closedp_Mh_Gamma3.5"),
)


@dataclass(frozen=True)
class Published:
    """A published table; ``facts`` are the rest of its entry in the file."""

    name: str
    table: CaptureTable
    facts: dict[str, Any]


def published() -> list[Published]:
    """All tables of the file, in its order."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [Published(name, _table(name, entry), entry) for name, entry in entries.items()]


def fitted(case: Published) -> Iterator[tuple[list[Any], Fit]]:
    """Each printed model with our fit of it."""
    for printed in case.facts.get("models", []):
        yield printed, fit(cells_of(case.table), parse(printed[0], case.table.k), case.table.k)


def standard_error(ours: Fit) -> float:
    """Of all persons where their number is Poisson, as Rcapture prints it: that of the unseen, and their own spread."""
    return math.sqrt((ours.n0 * ours.se[0]) ** 2 + ours.n0)


def answers(case: Published, sampling: bool = False) -> list[Answer]:
    """Our answers for a table of known size, by what applies to it."""
    names = case.facts.get("only") or (BY_FREQUENCY if "frequencies" in case.facts else None)
    if names is None:
        entries = applicable(case.table, bootstrap=0)
        names = [entry.name for entry in entries if sampling or entry.cost is not Cost.SAMPLING]
    return estimate(case.table, names, Settings(bootstrap=0))


def _table(name: str, entry: dict[str, Any]) -> CaptureTable:
    if "frequencies" in entry:
        return _spread(name, entry["frequencies"], entry["occasions"])
    lists = tuple(entry["lists"])
    marks = list(product((1, 0), repeat=len(lists)))[:-1]
    histories = [sum(mark << bit for bit, mark in enumerate(row)) for row in marks]
    return CaptureTable(lists, np.array(histories, np.int64), np.array(entry["counts"], np.int64), name=name)


def _spread(name: str, frequencies: list[int], occasions: int) -> CaptureTable:
    """Persons seen once, twice, ..., spread evenly over the occasions."""
    counted: dict[int, int] = {}
    for times, persons in enumerate(frequencies, 1):
        histories = [sum(1 << bit for bit in own) for own in combinations(range(occasions), times)]
        for number in range(persons):
            history = histories[number % len(histories)]
            counted[history] = counted.get(history, 0) + 1
    lists = tuple(f"occasion {number + 1}" for number in range(occasions))
    return CaptureTable(lists, np.array([*counted], np.int64), np.array([*counted.values()], np.int64), name=name)


def _print_known(case: Published, sampling: bool) -> None:
    known = case.facts["known"]
    print(f"\n### {case.facts['title']}\n")
    print(
        f"{case.table.n} seen; **{known}** in truth ({case.facts['known_because']}). Source: {case.facts['source']}.\n"
    )
    print("| estimator | estimate | 95 % interval | holds the truth | verdict |\n|---|---|---|---|---|")
    for answer in answers(case, sampling):
        if answer.estimate is None or answer.lower is None or answer.upper is None:
            print(f"| {answer.estimator} | - | - | - | {answer.verdict} |")
            continue
        holds = "yes" if answer.lower <= known <= answer.upper else "**no**"
        limits = f"{answer.lower:,.0f} to {answer.upper:,.0f}"
        print(f"| {answer.estimator} | {answer.estimate:,.0f} | {limits} | {holds} | {answer.verdict} |")


def _print_printed(case: Published) -> None:
    for printed, ours in fitted(case):
        number = f"{ours.estimate:,.1f} ({standard_error(ours):,.1f})" if ours.exists else "no estimate exists"
        _line(case, printed[0], printed[1:], number, f"{abs(ours.deviance):.2f}" if ours.exists else "-")
    for name, printed in case.facts.get("estimators", {}).items():
        answer = ESTIMATORS[name].load()(case.table, Settings(bootstrap=0))
        _line(case, name, printed, "-" if answer.estimate is None else f"{answer.estimate:,.1f}", "-")


def _line(case: Published, what: str, printed: list[Any], ours: str, deviance: str) -> None:
    theirs = f"{printed[0]:,}" + (f" ({printed[1]})" if len(printed) > 1 and printed[1] else "")
    print(f"| {case.name} | {what} | {theirs} | {ours} | {printed[2] if len(printed) > 2 else '-'} | {deviance} |")


def main() -> None:
    """Print both tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sampling", action="store_true", help="also the Monte Carlo estimators")
    sampling = parser.parse_args().sampling
    cases = published()
    print("## Tables whose size is known")
    for case in cases:
        if "known" in case.facts:
            _print_known(case, sampling)
    print("\n## Printed figures\n\nIn brackets the standard error.\n")
    print("| table | model or estimator | printed | ours | deviance printed | ours |\n|---|---|---|---|---|---|")
    for case in cases:
        _print_printed(case)
    print("\nSources:\n")
    for case in cases:
        if "known" not in case.facts:
            print(f"- **{case.name}**: {case.facts['title']}. {case.facts['source']}.")


if __name__ == "__main__":
    main()
