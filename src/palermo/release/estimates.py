"""Estimates of persons seen and unseen as they may leave the office: hidden with their counts, and coarse.

An estimate is a smooth function of all counts of a table, so it does not give one of them back by itself. What could is
a difference: everyone estimated less those hidden is the number detected by the lists compared, which no table prints.
Three rules prevent it. An estimate goes where the detected count of the same persons and period goes. Every estimate
and limit is rounded to three digits and never finer than ``step_of`` (2 k or more). And the hidden victims are
worked out anew from the rounded estimate and a rounded count, so that the difference is one rounded number whichever
of value and limits it is taken of. The decision a reader would question: an estimate of persons of whom no detected
count is published is hidden as well, even where all counts are large; nobody could check what guards it.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import floor, log10
from typing import Any

from palermo.release.cells import ESTIMATED
from palermo.release.rules import FREE, HIDDEN, SUPPRESSED

DETECTED = ("victims_detected", "PERSON", "detected")
UNSEEN = "victims_hidden"  # measure of those whom no list saw
DIGITS = 3
_CODES = ("ref_area", "time_period", "sex", "age", "form")
_OTHER = ("citizenship", "counterpart_area", "reach", "list", "band")
_FIGURES = ("value", "lower", "upper")

Row = Mapping[str, Any]
Codes = tuple[str, ...]


def is_estimate(row: Row) -> bool:
    """Whether a row holds an estimate and its interval instead of a count and its bounds."""
    return bool(row["kind"] == ESTIMATED)


def step_of(k: int) -> int:
    """The finest step an estimate is rounded to: 10, 20, 50, 100 ..., at least 2 k."""
    ten = 10
    while 5 * ten < 2 * k:
        ten *= 10
    return next(first * ten for first in (1, 2, 5) if first * ten >= 2 * k)


def coarse(number: float, k: int, digits: int = DIGITS) -> float:
    """The number to three digits (or ``digits``), and to no finer step than ``step_of``."""
    step = step_at(number, k, digits)
    return floor(number / step + 0.5) * step


def step_at(number: float, k: int, digits: int) -> float:
    """The step that a number is rounded to by ``coarse``."""
    last = 10.0 ** (floor(log10(number)) + 1 - digits) if number >= 1 else 0.0
    return max(last, float(step_of(k)))


def codes_of(row: Row) -> Codes:
    """The persons, place and period that a row is about."""
    return tuple("_T" if row[name] == "_Z" else row[name] for name in _CODES)


def detected_only(row: Row) -> bool:
    """Whether a row is broken down by nothing that estimates are not."""
    return all(row[name] in {"_T", "_Z"} for name in _OTHER)


def detected_shown(rows: Iterable[Row], released: Iterable[Row]) -> set[Codes]:
    """For which persons the number detected is published."""
    shown: set[Codes] = set()
    hidden: set[Codes] = set()
    for row, made in zip(rows, released, strict=True):
        if (row["measure"], row["unit"], row["kind"]) == DETECTED and detected_only(row):
            is_shown = made["conf_status"] == FREE and made["value"] is not None
            (shown if is_shown else hidden).add(codes_of(row))
    return shown - hidden


def guarded(rows: Sequence[Row], released: list[dict[str, Any]], k_of: Mapping[str, int]) -> list[int]:
    """Replace the estimates among ``released`` by what may leave; returns the numbers of the rows that were hidden."""
    shown = detected_shown(rows, released)
    totals = {codes_of(row): row for row in rows if is_estimate(row) and row["value"] and row["measure"] != UNSEEN}
    hidden = []
    for number, row in enumerate(rows):
        if not is_estimate(row) or not row["confidential"]:
            continue
        k = k_of[row["indicator"]]
        whole = totals.get(codes_of(row))
        if row["lower"] is not None and (codes_of(row) not in shown or _few_behind(row, whole, k)):
            released[number] = {**row, **dict.fromkeys(_FIGURES), "obs_status": SUPPRESSED, "conf_status": HIDDEN}
            hidden.append(number)
        elif row["measure"] == UNSEEN and whole is not None:
            released[number] = {**row, **_less(whole, _seen(row, whole), k), "conf_status": FREE}
        else:
            released[number] = {**row, **rounded_figures(row, k), "conf_status": FREE}
    return hidden


def rounded_figures(row: Row, k: int) -> dict[str, float | None]:
    """Estimate and limits of a row, each rounded."""
    return {name: None if row[name] is None else coarse(row[name], k) for name in _FIGURES}


def _less(whole: Row, seen: float, k: int) -> dict[str, float | None]:
    """The rounded estimate less the rounded number seen; not below none."""
    off = coarse(seen, k)
    return {name: max((number or 0.0) - off, 0.0) for name, number in rounded_figures(whole, k).items()}


def _seen(row: Row, whole: Row) -> float:
    """How many persons were taken off, from the end of the interval at which fewest are hidden by a floor of none."""
    return float(whole["upper"] - row["upper"])


def _few_behind(row: Row, whole: Row | None, k: int) -> bool:
    """Whether the number taken off is small, or not known."""
    if row["measure"] != UNSEEN:
        return False
    return whole is None or _seen(row, whole) < k


def estimate_findings(rows: Sequence[Row], said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an auditor finds against the estimates of a release: a number too fine, or without its detected count."""
    shown = detected_shown(rows, rows)
    found = []
    for row in rows:
        if not is_estimate(row) or row["ref_area"] not in said["areas"].get(row["indicator"], ()):
            continue
        where = f"{row['indicator']} ({' '.join(codes_of(row))})"
        step = step_of(int(said["k"][row["indicator"]]))
        figures = [row[name] for name in _FIGURES if row[name] is not None]
        if figures and codes_of(row) not in shown:
            found.append((row["indicator"], f"{where}: estimated although the number detected is not published"))
        if any(number % step for number in figures):
            found.append(
                (row["indicator"], f"{where}: finer than steps of {step}, so that counts could follow from it")
            )
        if row["measure"] != UNSEEN and any(number != coarse(number, step // 2) for number in figures):
            found.append((row["indicator"], f"{where}: more than {DIGITS} digits"))
    return found
