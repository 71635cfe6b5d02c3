"""Whether a pack keeps to what it promises: its noise against its epsilon, and against the true counts.

Without the true rows only what the pack says of itself can be held together: standard errors, losses, epsilon. With
them the noise that was in fact added is measured. The decision a reader would question: only single values that far
more persons hold than the noise could hide are compared, as rarer ones come out only when their noise was high.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import chi2

from palermo.errors import PalermoError
from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.attack.material import COUNTS, OpenData
from palermo.release.privacy_loss import rho_of
from palermo.release.tables.reading import read_rows

PROMISE, TRUE_NOISE = "promise", "noise against true counts"
_NEARLY = 1 + 1e-6
_FAR = 10  # standard errors above which a count comes out for certain
_LEAST = 10
_ODDS = 1e-6  # of a sound pack to be called a finding
_NEEDED = ("epsilon", "delta", "rho")


def promise(pack: OpenData) -> Outcome:
    """Hold what a pack says of itself together."""
    if not pack.is_noisy:
        return could_not(PROMISE, pack.name, "it promises no epsilon")
    lost = [name for name in _NEEDED if name not in pack.parameters]
    if lost:
        return could_not(PROMISE, pack.name, f"its parameters do not say {', '.join(lost)}")
    try:
        faults = list(_faults(pack.parameters, counts_of(pack)))
    except (PalermoError, TypeError, ValueError, KeyError, ZeroDivisionError) as error:
        return could_not(PROMISE, pack.name, f"its parameters cannot be read: {error}")
    words = "loss and standard error of each length, held against epsilon and delta"
    findings = [Finding(PROMISE, pack.name, fault) for fault in faults]
    return ran(PROMISE, pack.name, 1 + len(pack.parameters.get("levels", ())), words, findings)


def counts_of(pack: OpenData) -> pa.Table | None:
    """The noisy counts of a pack, where it has them."""
    path = pack.path / COUNTS
    if not path.is_file():
        return None
    try:
        return pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise PalermoError(f"{path}: cannot be read: {error}") from None


def _faults(said: Mapping[str, Any], counts: pa.Table | None) -> Iterator[str]:
    if said.get("private") is False or said.get("seed") is not None:
        yield "made with a seed for tests: whoever knows the program can take the noise off"
    rho, delta = float(said["rho"]), float(said["delta"]) - float(said.get("delta_for_codes_found") or 0)
    epsilon = float(said["epsilon"])
    if rho > (rho_of(epsilon, delta) if delta > 0 else epsilon**2 / 2) * _NEARLY:  # the second is of pure epsilon
        yield "the loss rho is more than epsilon and delta allow"
    levels = said.get("levels", ())
    if sum(float(level["rho"]) for level in levels) > rho * _NEARLY:
        yield "the losses of the lengths add up to more than rho"
    persons, most = int(said.get("rows_per_person") or 1), int(said.get("attributes_per_person") or 1)
    for level in levels:
        error, length = level.get("standard_error"), int(level["length"])
        if error is None or length == 1:
            continue
        least = math.sqrt(persons**2 * max(1, math.comb(most, length)) / (2 * float(level["rho"])))
        if float(error) < least / _NEARLY:
            yield f"counts of length {length} have less noise than their share of epsilon asks for"
    if counts is not None and levels and _spent_on_singles(counts, persons) > float(levels[0]["rho"]) * _NEARLY:
        yield "counts of single values have less noise than their share of epsilon asks for"


def _spent_on_singles(counts: pa.Table, persons: int) -> float:
    """The loss by the single values: one person changes one count of each column."""
    by_column: dict[str, float] = {}
    for columns, error in zip(counts["columns"].to_pylist(), counts["standard_error"].to_pylist(), strict=True):
        if len(columns) == 1:
            by_column[columns[0]] = min(error, by_column.get(columns[0], math.inf))
    return sum(persons**2 / (2 * error**2) for error in by_column.values())


def true_noise(pack: OpenData, confidential: Path) -> Outcome:
    """Hold the noise of single values against their standard errors. Half the noise is a finding."""
    counts = counts_of(pack)
    if not pack.is_noisy or counts is None:
        return could_not(TRUE_NOISE, pack.name, "it has no noisy counts")
    if pack.parameters.get("unit_of_privacy") == "person":
        return could_not(TRUE_NOISE, pack.name, "rows of one person were left out at random, so true counts differ")
    scores = np.array(list(_scores(pack, counts, read_rows(confidential))))
    if len(scores) < _LEAST:
        return could_not(TRUE_NOISE, pack.name, f"fewer than {_LEAST} single values are held by enough persons")
    square = float((scores**2).sum())
    words = (
        f"counts of single values: the noise is {math.sqrt(square / len(scores)):.2f} times what the pack says "
        f"(chance leaves at least {math.sqrt(chi2.ppf(_ODDS, len(scores)) / len(scores)):.2f})"
    )
    findings = []
    if square < chi2.ppf(_ODDS, len(scores)):
        findings = [Finding(TRUE_NOISE, pack.name, "the counts have less noise than the pack says", told=words)]
    return ran(TRUE_NOISE, pack.name, len(scores), words, findings)


def _scores(pack: OpenData, counts: pa.Table, true: pa.Table) -> Iterator[float]:
    """Noise in standard errors, of the values that many hold."""
    split = {one["column"] for one in pack.parameters.get("columns", ()) if one.get("split")}
    known: dict[str, dict[str, int]] = {}
    for columns, codes, noisy, error in zip(
        *(counts[name].to_pylist() for name in ("columns", "codes", "count", "standard_error")), strict=True
    ):
        if len(columns) != 1:
            continue
        name = columns[0] if columns[0] in true.column_names else columns[0].rpartition("=")[0]
        if name not in true.column_names:
            continue
        if name not in known:
            known[name] = _held(true, name, split=name in split)
        held = known[name].get(codes[0], 0)
        if held > _FAR * error:
            yield (noisy - held) / error


def _held(true: pa.Table, name: str, *, split: bool) -> dict[str, int]:
    """How many rows hold each value."""
    found: dict[str, int] = {}
    for value in true[name].to_pylist():
        text = (value or "").strip()
        for part in {one.strip() for one in text.split(";")} if split else {text}:
            found[part] = found.get(part, 0) + 1
    return found
