"""Private tables before an approval: what they cost against what they promise, and whether they are what they say.

Three tries that need no true row. The noise of each view, as the parameters state it, is turned back into a loss; the
sum over the views must be within the epsilon that is promised, and no more than the rho that the ledger charges. Every
printed total must be the sum of its parts, as tables that were altered by hand seldom are. And this build's own noise
is audited on two made-up files that differ in one person. The decision a reader would question: an exact view
(``invariants``) is no finding by itself, as it may be a total that is public; a small count in it is.
"""

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import beta

from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.attack.material import PARAMETERS
from palermo.release.attack.noise_audit import Audit, gaussian_loss
from palermo.release.privacy_loss import rho_of
from palermo.release.tables.alternatives.private_tables import Measurement, Privacy, measure
from palermo.release.tables.cells import Lattice, Leaves
from palermo.release.tables.hierarchy import TOTAL, Dimension
from palermo.release.tables.published import DESCRIPTION
from palermo.release.tables.specification import Specification
from palermo.spreadsheets import as_written

COST, SUMS, NOISE = "cost of private tables", "sums of private tables", "noise of private tables"
LAPLACE, GAUSSIAN = Privacy(1.0), Privacy(8.0, 1e-6, law="gaussian")
_NEARLY = 1 + 1e-6
_ERROR = 0.001
_PERSONS = 60
_K = 5
_NAMED = 5

Counter = Callable[[Lattice, Leaves, Privacy], Measurement]


def is_private_tables(folder: Path) -> bool:
    """Whether a folder holds tables with noise that promise an epsilon."""
    return (folder / DESCRIPTION).is_file() and "epsilon" in (_document(folder / PARAMETERS) or {})


def attack_private_tables(folder: Path, runs: int, seed: int) -> list[Outcome]:
    """All three tries."""
    return [cost(folder), sums(folder), noise_of_tables(runs, seed)]


def _document(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def cost(folder: Path) -> Outcome:
    """The losses of all views together, held against epsilon, delta and rho."""
    said = _document(folder / PARAMETERS)
    try:
        faults = list(_cost_faults(said or {}))
    except (TypeError, ValueError, KeyError, AttributeError, ZeroDivisionError) as error:
        return could_not(COST, folder.name, f"its parameters cannot be read: {type(error).__name__} {error}")
    exact = len((said or {}).get("invariants") or ())
    words = f"views, each with its loss, held against epsilon and rho ({exact} exact, outside of any promise)"
    findings = [Finding(COST, folder.name, fault) for fault in faults]
    return ran(COST, folder.name, len((said or {})["variances"]), words, findings)


def _cost_faults(said: Mapping[str, Any]) -> Iterator[str]:
    if said.get("seed") is not None:
        yield "made with a seed for tests: whoever knows the program can take the noise off"
    exact, rows = set(said["invariants"]), int(said.get("rows_per_person", 1))
    noisy = {name: float(variance) for name, variance in said["variances"].items() if name not in exact}
    if not all(variance > 0 for variance in noisy.values()):
        yield "a view has no noise, and is not named as exact"
        return
    epsilon, delta, rho = (float(said[name]) for name in ("epsilon", "delta", "rho"))
    if said["law"] == "laplace":
        lost = rows * sum(_laplace_epsilon(variance) for variance in noisy.values())
        own, allowed = lost**2 / 2, epsilon**2 / 2
    else:
        own = sum(rows**2 / (2 * variance) for variance in noisy.values())
        allowed = rho_of(epsilon, delta)
    if own > allowed * _NEARLY:
        yield "the noise of its views, summed up, loses more than the epsilon that it promises"
    if own > rho * _NEARLY:
        yield "the noise of its views, summed up, loses more than the rho that is charged for it"


def _laplace_epsilon(variance: float) -> float:
    """The epsilon of discrete Laplace noise: the q of 2 q / (1 - q)^2 = variance is exp(-epsilon)."""
    return -math.log((variance + 1 - math.sqrt(2 * variance + 1)) / variance)


def sums(folder: Path) -> Outcome:
    """Whether totals are the sums of their parts, cells printed twice are alike, and exact counts are not small."""
    shape = _document(folder / DESCRIPTION) or {}
    try:
        dimensions = {one["name"]: _dimension(one) for one in shape["dimensions"]}
        tables = [(one, _cells(folder / f"{one['name']}.csv", one["dimensions"])) for one in shape["tables"]]
        faults, tried = [], 0
        for table, cells in tables:
            faults += [f"{table['name']}, {fault}" for fault in _small_exact(cells)]
            for place, name in enumerate(table["dimensions"]):
                if table["codes"].get(name):
                    continue  # some codes are left out of the table, so its parts need not be all
                checked = list(_parts_off(cells, dimensions[name], place))
                tried += len(checked)
                faults += [f"{table['name']}, {fault}" for fault in checked if fault]
    except (OSError, KeyError, TypeError, ValueError) as error:
        return could_not(SUMS, folder.name, f"its tables cannot be read: {type(error).__name__} {error}")
    more = [f"and {len(faults) - _NAMED:,} more of this kind"] if len(faults) > _NAMED else []
    findings = [Finding(SUMS, folder.name, fault) for fault in (*faults[:_NAMED], *more)]
    return ran(SUMS, folder.name, tried, "totals held against their parts", findings)


def _dimension(said: Mapping[str, Any]) -> Dimension:
    groups = {name: tuple(held) for name, held in said["groups"].items()}
    return Dimension(said["name"], tuple(said["codes"]), groups)


Cells = dict[tuple[str, ...], tuple[float, str]]


def _cells(path: Path, dimensions: list[str]) -> Cells:
    """Value and what was done, by codes."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return {tuple(as_written(row[name]) for name in dimensions): (float(row["value"]), row["done"]) for row in rows}


def _small_exact(cells: Cells) -> Iterator[str]:
    for codes, (value, done) in cells.items():
        if done == "invariant" and 0 < value < _K:
            yield f"{' '.join(codes)}: published exactly, outside of the promise, and fewer than {_K} persons"


def _parts_off(cells: Cells, dimension: Dimension, place: int) -> Iterator[str]:
    """A text for each total of the dimension that is printed: empty where it is the sum of its parts."""
    held = {
        name: [code for code, inside in zip(dimension.codes, dimension.holds[row], strict=True) if inside]
        for row, name in enumerate(dimension.names)
        if name in {TOTAL, *dimension.groups}
    }
    for codes, (value, _) in cells.items():
        if codes[place] in held:
            parts = ((*codes[:place], code, *codes[place + 1 :]) for code in held[codes[place]])
            total = sum(cells[part][0] for part in parts if part in cells)
            yield "" if total == value else f"{' '.join(codes)}: is not the sum of its parts, so it was altered"


def noise_of_tables(runs: int, seed: int, counter: Counter = measure) -> Outcome:
    """The audit of this build's noise, under both laws, as an attack."""
    audits = {"Laplace": audit_laplace(counter, runs, seed), "Gaussian": audit_gaussian(counter, runs, seed)}
    told = ", ".join(f"{law} {one.proved:.2f} of {one.claimed:g}" for law, one in audits.items())
    words = (
        f"runs of this build's noise on each of two made-up files that differ in one person: the epsilon that is lost "
        f"for certain (99.8 %), of that claimed: {told}"
    )
    said = "noise of this build is less than it claims: no private tables that it made are private"
    findings = [Finding(NOISE, "this build", f"{law} {said}") for law, one in audits.items() if not one.ok]
    return ran(NOISE, "this build", 2 * runs, words, findings)


def audit_laplace(counter: Counter = measure, runs: int = 400, seed: int = 1) -> Audit:
    """Guesses that she is there where every view counts at least what it would with her: the most telling event."""
    with_her, without = (_draws(counter, LAPLACE, more, runs, seed) for more in (1, 0))
    hits, false = (int((np.stack(list(made.values())) > _PERSONS).all(axis=0).sum()) for made in (with_her, without))
    least = float(beta.ppf(_ERROR, hits, runs - hits + 1)) if hits else 0.0
    most = float(beta.ppf(1 - _ERROR, false + 1, runs - false)) if false < runs else 1.0
    return Audit(LAPLACE.epsilon, max(0.0, math.log(least / most)) if least else 0.0, runs)


def audit_gaussian(counter: Counter = measure, runs: int = 400, seed: int = 1) -> Audit:
    """Adds up the views, weighted by the precision that they claim, and guesses at the middle."""
    rho = rho_of(GAUSSIAN.epsilon, GAUSSIAN.delta)
    without, with_her = (
        np.asarray(sum(counts * _SHARES[name] * 2 * rho for name, counts in made.items()))
        for made in (_draws(counter, GAUSSIAN, more, runs, seed) for more in (0, 1))
    )
    return Audit(GAUSSIAN.epsilon, gaussian_loss(without, with_her, GAUSSIAN.delta), runs)


_SHARES = {"total": 0.25, "sex:1": 0.75}
_SPECIFICATION = Specification((Dimension("sex", ("F", "M")),))


def _draws(counter: Counter, privacy: Privacy, more: int, runs: int, seed: int) -> dict[str, np.ndarray]:
    """What each view says of those who are all alike; ``more`` of them, in each run."""
    lattice = Lattice.of(_SPECIFICATION)
    leaves = Leaves(np.zeros((1, 1), dtype=np.int64), np.array([_PERSONS + more], dtype=np.int64))
    found: dict[str, list[int]] = {name: [] for name in _SHARES}
    for run in range(runs):
        own = replace(privacy, shares=_SHARES, seed=(2 * seed + more) * runs + run)
        for one in counter(lattice, leaves, own).views:
            found[one.view.name].append(int(one.counts[0]))
    return {name: np.array(counts) for name, counts in found.items()}
