"""What stands around the estimate of everyone, as it may leave: methods, models, changed choices, tests, overlap.

The stage of the hidden number tries all this on the whole table. Here it is made coarse and goes where the detected
number of the same persons goes. The method of the headline is rounded as the headline is, other methods to two digits.
All else lies on a grid of ten steps to each power of ten; models by even points of BIC, without saying how many are in
one place. The curve over the interaction of all lists is computed from rounded figures, so it tells nothing new.
The decision a reader would question: with fewer than four lists no other method, model or changed choice is told. Each
is one more equation for whoever solves them for the table, and the sizes of three lists leave three counts open.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil, exp, floor, inf, log10
from typing import Any

from palermo.release.estimates import DETECTED, coarse, codes_of, detected_shown, is_estimate, step_at
from palermo.release.overlap import base_for, ranges
from palermo.release.rules import FREE, Protection, threshold
from palermo.release.schema import ESTIMATES

FILE = ESTIMATES
INDICATOR = "victims_estimated"
METHOD_DIGITS = 2  # of other methods than the headline's
GRID_DIGITS = 2  # enough to write the steps of the grid
LEAST_LISTS = 4
BIC_FINE, BIC_COARSE, BIC_MOST = 10, 10, 100  # even points to 10 above the best, then tens; all beyond 100 are one
BIC_BANDS = (0, 2, 6, 10)
STEPS = 10  # of a number that shows a spread, to each power of ten: each a quarter more than the last
XIS = tuple(x / 10 for x in range(-10, 11))
CURVE = "interaction"
NOT_ASKED, HIDDEN, REFUSED = "not asked", "hidden", "refused"

Row = Mapping[str, Any]
Document = dict[str, Any]


def guarded_tried(tried: Row, rows: Sequence[Row], released: Sequence[Row], protection: Protection) -> Document:
    """The document that a release holds beside its cube. ``why`` says why it holds no numbers, where it does not."""
    place = next((number for number, row in enumerate(rows) if is_whole(row)), None)
    if not tried or place is None:
        return {"why": NOT_ASKED}
    if codes_of(rows[place]) not in detected_shown(rows, released):
        return {"why": HIDDEN}
    row, k = released[place], protection.k_tables
    told: Document = {
        "receipt": row["receipt_id"],
        "lists": [*tried["lists"]],
        "level": tried["level"],
        "best": tried["best"],
        "methods": _methods(tried, k),
        "overlap": _overlap(tried, threshold(protection, tried["lists"], listed_as_microdata=False)),
    }
    if row["value"] is None:
        without = [{**own, "estimate": None, "lower": None, "upper": None} for own in told["methods"]]
        why = REFUSED if row["conf_status"] == FREE else HIDDEN
        return {**told, "why": why, "methods": without if why == REFUSED else []}
    curve = interaction(row, detected_of(row, released), (tried["best"], k))
    changes = [_change(own, k) for own in tried["changes"]] if is_told(tried["lists"]) else []
    return {
        **told,
        "why": "",
        "models": _models(tried["models"], k) if is_told(tried["lists"]) else None,
        "changes": [*changes, *curve],
        "coverage": [{**own, "bias": _whole_percent(own["bias"])} for own in tried["coverage"]],
    }


def is_told(lists: Sequence[str]) -> bool:
    """Whether there are lists enough to tell other methods, models and changed choices."""
    return len(lists) >= LEAST_LISTS


def is_whole(row: Row) -> bool:
    """Whether a row is the estimate of everyone over all years."""
    return bool(row["indicator"] == INDICATOR and is_estimate(row) and set(codes_of(row)[1:]) == {"_T"})


def on_grid(number: float, k: int) -> float:
    """A number that only shows a spread, on the grid: 100, 130, 160, 200, 250, ... and no finer than ``step_of``."""
    return coarse(10.0 ** (round(STEPS * log10(max(number, 1.0))) / STEPS), k, GRID_DIGITS)


def outward(figures: Mapping[str, float], k: int) -> dict[str, float]:
    """Estimate and limits to two digits, the limits away from each other, so that no interval shrinks to a point."""
    lower, upper = figures["lower"], figures["upper"]
    steps = {number: step_at(number, k, METHOD_DIGITS) for number in (lower, upper)}
    return {
        "estimate": coarse(figures["estimate"], k, METHOD_DIGITS),
        "lower": floor(lower / steps[lower]) * steps[lower],
        "upper": ceil(upper / steps[upper]) * steps[upper],
    }


def bic_on_grid(above: float) -> int:
    """Points of BIC above the best model, rounded up so that a model stays in its band."""
    points = 2 * ceil((above - 1e-9) / 2)
    return points if points <= BIC_FINE else min(ceil(points / BIC_COARSE) * BIC_COARSE, BIC_MOST)


def interaction(row: Row, seen: float, by: tuple[str, int]) -> list[Document]:
    """The number if the interaction of all lists were xi and not 0, from the figures that are published.

    ``by`` are the method of the headline and k.
    """
    best, k = by
    if row["value"] is None or not row["lower"] or row["lower"] < seen:
        return []
    figures = [(name, row[own]) for name, own in (("estimate", "value"), ("lower", "lower"), ("upper", "upper"))]
    return [
        {
            "kind": CURVE,
            "estimator": best,
            "changed": f"interaction of all lists {xi:+.1f}",
            "at": xi,
            **{name: coarse(seen + (number - seen) * exp(xi), k) for name, number in figures},
        }
        for xi in XIS
    ]


def detected_of(whole: Row, released: Sequence[Row]) -> float:
    """The most that the published number of the same persons detected can be (it is one number unless rounded)."""
    counts = (
        row
        for row in released
        if (row["measure"], row["unit"], row["kind"]) == DETECTED and codes_of(row) == codes_of(whole)
    )
    return max(float(row["upper"] or row["value"]) for row in counts if row["value"] is not None)


def _methods(tried: Row, k: int) -> list[Document]:
    """The headline's method rounded as the headline is; others coarser, where lists are few only those refused."""
    made = []
    for own in tried["methods"]:
        is_best = own["estimator"] == tried["best"]
        figures = {name: own[name] for name in ("estimate", "lower", "upper")}
        if None in figures.values():
            figures = dict.fromkeys(figures)  # a number without its interval is not shown
        elif not is_best and not is_told(tried["lists"]):
            continue
        elif is_best:
            figures = {name: coarse(number, k) for name, number in figures.items()}
        else:
            figures = outward(figures, k)
        made.append({"estimator": own["estimator"], **figures, "verdict": own["verdict"], "reasons": [*own["reasons"]]})
    return made


def _change(own: Row, k: int) -> Document:
    told = {name: own[name] for name in ("kind", "estimator", "changed", "at")}
    return {
        **told,
        "estimate": None if own["estimate"] is None else on_grid(own["estimate"], k),
        "lower": None,
        "upper": None,
    }


def _models(found: Row, k: int) -> Document:
    points = {(bic_on_grid(above), on_grid(number, k)) for above, number in found["points"]}
    return {
        "points": [{"bic": above, "estimate": number} for above, number in sorted(points)],
        "bands": [_about(count) for count in _in_bands(above for above, _ in found["points"])],
        "without": _about(found["without"]),
    }


def _in_bands(above: Iterable[float]) -> list[int]:
    points = [ceil(own - 1e-9) for own in above]
    ends = [(float("-inf"), 2), *pairwise(BIC_BANDS[1:]), (BIC_BANDS[-1], inf)]
    return [sum(low < own <= high for own in points) for low, high in ends]


def _about(count: int) -> int:
    """A number of models to two digits."""
    return round(count, 2 - len(str(count))) if count > 99 else count


def _whole_percent(share: float | None) -> float | None:
    return None if share is None else round(share, 2) + 0.0  # no minus before 0


def _overlap(tried: Row, k: int) -> Document | None:
    """Ranges of persons by list and by exact combination of lists; None where no grid is coarse enough."""
    names, counts = tried["lists"], {int(history): int(count) for history, count in tried["overlap"]}
    base = base_for(counts, len(names), k)
    if base is None:
        return None
    low, high = ranges(counts, len(names), base)
    told = [history for history in range(1, len(low)) if low[history] >= base]
    told.sort(key=lambda history: (-low[history], history.bit_count(), history))
    sizes = [sum(count for history, count in counts.items() if history >> place & 1) for place in range(len(names))]
    return {
        "base": base,
        "sizes": [_range(size, base) for size in sizes],
        "shared": [{"history": history, "lower": low[history], "upper": high[history]} for history in told],
    }


def _range(count: int, base: int) -> Document:
    low = float(count // base * base)
    return {"lower": low, "upper": low + base - 1}
