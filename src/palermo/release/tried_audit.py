"""What an auditor finds against the figures around the estimate: anything finer than was promised, or not listed here.

It reads the released document alone. The decision a reader would question: a key that is not expected is a finding, so
that no count can be put into the file unseen.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from palermo.release.cells import ESTIMATED
from palermo.release.estimates import DIGITS, coarse, codes_of, detected_shown, step_of
from palermo.release.notice import COLUMN, notice
from palermo.release.overlap import Sum, is_proven
from palermo.release.rules import Protection, threshold
from palermo.release.tried import (
    CURVE,
    INDICATOR,
    METHOD_DIGITS,
    bic_on_grid,
    detected_of,
    interaction,
    is_told,
    is_whole,
    on_grid,
)

Row = Mapping[str, Any]
SENTENCES = [notice(ESTIMATED, made_up=made_up) for made_up in (False, True)]
KEYS = {
    "document": {
        "why",
        "receipt",
        "lists",
        "level",
        "best",
        "methods",
        "overlap",
        "models",
        "changes",
        "coverage",
        COLUMN,
    },
    "methods": {"estimator", "estimate", "lower", "upper", "verdict", "reasons"},
    "changes": {"kind", "estimator", "changed", "at", "estimate", "lower", "upper"},
    "coverage": {"family", "estimator", "runs", "shown", "covered", "missed_with_warning", "bias"},
    "models": {"points", "bands", "without"},
    "points": {"bic", "estimate"},
    "overlap": {"base", "sizes", "shared"},
    "sizes": {"lower", "upper"},
    "shared": {"history", "lower", "upper"},
}
FIGURES = ("estimate", "lower", "upper")


def tried_findings(document: Row, rows: Sequence[Row], said: Row) -> list[tuple[str, str]]:
    """(indicator, what was found) for the document beside a cube."""
    return [(INDICATOR, f"figures around the estimate: {words}") for words in _found(document, rows, said)]


def _found(document: Row, rows: Sequence[Row], said: Row) -> Iterator[str]:
    yield from _unknown("document", [document])
    if document.get(COLUMN, SENTENCES[0]) not in SENTENCES:
        yield f"{COLUMN}: another sentence than that of every release"
    if set(document) <= {"why", COLUMN}:
        return
    whole = next((row for row in rows if is_whole(row)), None)
    if whole is None or codes_of(whole) not in detected_shown(rows, rows):
        yield "shown although the number detected is not published"
        return
    k = int(said["k_tables"])
    yield from _methods(document, whole, k)
    yield from _spreads(document, k)
    curve = [own for own in document.get("changes", ()) if own["kind"] == CURVE]
    if curve and curve != interaction(whole, detected_of(whole, rows), (document["best"], k)):
        yield "the curve over the interaction of all lists does not follow from the published figures"
    if document["overlap"] is not None:
        limits = Protection(int(said["k_tables"]), int(said["k_microdata"]))
        own_k = threshold(limits, document["lists"], listed_as_microdata=False)
        everyone = Sum(0, 0.0, detected_of(whole, rows))  # no more are compared than were detected
        yield from _overlap(document["overlap"], len(document["lists"]), everyone, own_k)


def _unknown(name: str, parts: Sequence[Row]) -> Iterator[str]:
    found = sorted({key for part in parts for key in part} - KEYS[name])
    if found:
        yield f"{name} holds {', '.join(found)}, which may not be published"


def _methods(document: Row, whole: Row, k: int) -> Iterator[str]:
    yield from _unknown("methods", document["methods"])
    for own in document["methods"]:
        figures = [own[name] for name in FIGURES if own[name] is not None]
        is_best = own["estimator"] == document["best"]
        if any(number != coarse(number, k, DIGITS if is_best else METHOD_DIGITS) for number in figures):
            yield f"{own['estimator']} is finer than its rounding (never finer than steps of {step_of(k)})"
        if figures and not is_best and not is_told(document["lists"]):
            yield f"{own['estimator']} has a number although only {len(document['lists'])} lists were compared"
        if figures and len(figures) < len(FIGURES):
            yield f"{own['estimator']} has a number without its interval"
        if figures and whole["value"] is None:
            yield f"{own['estimator']} has a number although the estimate is refused or hidden"


def _spreads(document: Row, k: int) -> Iterator[str]:
    changes, models = document.get("changes", ()), document.get("models") or {"points": ()}
    others = [own for own in changes if own["kind"] != CURVE]
    if (others or models["points"]) and not is_told(document["lists"]):
        yield f"models or changed choices although only {len(document['lists'])} lists were compared"
    yield from (*_unknown("changes", changes), *_unknown("coverage", document.get("coverage", ())))
    yield from (*_unknown("models", [models]), *_unknown("points", models["points"]))
    numbers = [own[name] for own in others for name in FIGURES if own[name] is not None]
    if any(number != on_grid(number, k) for number in numbers):
        yield "a changed choice is finer than the grid"
    for point in models["points"]:
        number, above = point["estimate"], point["bic"]
        if number != on_grid(number, k) or above != bic_on_grid(above):
            yield f"a model ({above} points of BIC, {number} persons) is off the grid"
            return


def _overlap(overlap: Row, lists: int, everyone: Sum, k: int) -> Iterator[str]:
    base, shared, sizes = int(overlap["base"]), overlap["shared"], overlap["sizes"]
    yield from (*_unknown("overlap", [overlap]), *_unknown("shared", shared), *_unknown("sizes", sizes))
    if base < 2 * k:
        yield f"the overlap of lists is told in steps of {base}, finer than 2 k = {2 * k}"
    if any(own["lower"] % base or own["upper"] - own["lower"] != base - 1 for own in (*shared, *sizes)):
        yield f"a count of the overlap of lists is off the grid of {base}"
    if any(own["lower"] < base for own in shared):
        yield f"a combination of fewer than {base} persons is told apart"
        return
    low, high = np.zeros(1 << lists), np.full(1 << lists, float(base - 1))
    high[0] = 0.0
    for own in shared:
        low[own["history"]], high[own["history"]] = own["lower"], own["upper"]
    known = [Sum(1 << place, own["lower"], own["upper"]) for place, own in enumerate(sizes)]
    if not is_proven(low, high, [everyone, *known], (), (base, k)):
        yield "a combination of lists that is marked as small can be narrowed to fewer than k persons"
