"""How good the links between two lists are: overlap, share of true pairs missed, share of links that are false.

The overlap of two lists is the sum of calibrated probabilities over all pairs compared, divided by the share of true
pairs that blocking let through; no threshold enters. Missed and false links are those of a linkage at a threshold, or
of the persons that were made of it. Intervals hold the doubt of the curve (labels, clerks' errors, pooling), of the
blocking share, and what chance makes of probabilities.

The decision a reader would question: a pair of lists of which nobody labelled a pair gets rates too, from what the
others have in common, with the spread between them in its interval. ``labelled`` says 0 there. Where nobody labelled
anything, there are no rates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from palermo.errors import UsageError
from palermo.linkage import blocking_loss
from palermo.linkage.calibration import Calibration, calibrate
from palermo.linkage.review.labels import RESOLVED
from palermo.linkage.schema import PAIR_RATES
from palermo.linkage.score_bands import ListPairs, bits, find_pairs, is_settled, list_pairs, scores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kept = float | tuple[float, float, float]  # share kept by blocking; or with the limits of its 95 % interval

BINS_PER_BIT = 4
RATES = ("overlap", "missed", "false")


@dataclass(frozen=True)
class _Cells:
    """Pairs of one pair of lists, about one score, all links or all not: few thousand cells stand for all pairs."""

    score: Floats  # mean of the pairs in the cell
    group: Ints
    linked: NDArray[np.bool_]
    count: Floats


@dataclass(frozen=True)
class RateDraws:
    """Rates of every pair of lists as plausible as their frequency says: one row a draw, one column a pair of lists.

    Columns are in the order of ``lists``. A draw is one state of the curve, the same for all pairs of lists.
    """

    lists: tuple[tuple[str, str], ...]
    overlap: Floats
    missed: Floats
    false: Floats


def pair_rates(  # the contract of the stage; `rates_of` does the same with a calibration at hand
    pairs: pa.Table,
    labels: pa.Table,
    records: pa.Table,
    kept: Mapping[tuple[str, str], Kept],
    threshold: float = 0.9,
    memberships: pa.Table | None = None,
    seed: int = 1,
) -> pa.Table:
    """``PAIR_RATES`` of all pairs of lists, each within itself too where it has pairs.

    ``kept`` says which share of true pairs blocking kept (1 where a pair of lists is not named). ``threshold`` as in
    ``links_of``; with ``memberships`` a link is a pair of records of one person, which is what the hidden number needs.
    """
    calibration = calibrate(pairs, labels, records=records, seed=seed)
    return rates_of(calibration, labels, records, kept, threshold, memberships, seed)


def rates_of(
    calibration: Calibration,
    labels: pa.Table,
    records: pa.Table,
    kept: Mapping[tuple[str, str], Kept],
    threshold: float = 0.9,
    memberships: pa.Table | None = None,
    seed: int = 1,
) -> pa.Table:
    """``pair_rates`` from a calibration that is at hand."""
    groups = calibration.groups or list_pairs(calibration.pairs, records)
    linked = links_of(calibration.pairs, threshold, memberships)
    sizes = {row["values"]: row["counts"] for row in records["list"].value_counts().to_pylist()}
    labelled, clerks = _labelled(calibration.pairs, labels, groups)
    candidates = np.bincount(groups.index, minlength=len(groups.names))
    links = np.bincount(groups.index, linked, len(groups.names)).astype(np.int64)
    rates: dict[str, list[float | None]] = {}
    if calibration.curve is not None:
        rates = _rates(calibration, groups, linked, kept, seed)
    rows = []
    for number, (one, two) in enumerate(groups.names):
        row = {"list_a": one, "list_b": two, "records_a": sizes.get(one), "records_b": sizes.get(two)}
        row |= {"candidates": int(candidates[number]), "links": int(links[number]), "kept": _share(kept, one, two)[0]}
        row |= {name: values[number] for name, values in rates.items()}
        rows.append(row | {"labelled": int(labelled[number]), "clerks": int(clerks[number])})
    return pa.Table.from_pylist(rows, schema=PAIR_RATES)


def kept_shares(estimates: Iterable[blocking_loss.Kept]) -> dict[tuple[str, str], Kept]:
    """Shares kept by blocking with their limits, as ``blocking_loss`` estimates them."""
    return {
        (one.list_a, one.list_b): (one.kept, min(max(one.lower, 1e-3), one.kept), max(one.upper, one.kept))
        for one in estimates
    }


def with_limits(kept: Kept) -> tuple[float, float, float]:
    """A share kept with its limits; they are the share itself where none are known."""
    return kept if isinstance(kept, tuple) else (kept, kept, kept)


def links_of(pairs: pa.Table, threshold: float, memberships: pa.Table | None = None) -> NDArray[np.bool_]:
    """Which pairs are links: at or above the threshold, or of one person.

    The threshold is on the calibrated probability where there is one, else on the model's, as clusters are made.

    Settled pairs are links where their probability is. Raises ``UsageError`` for a threshold that is no probability.
    """
    if not 0 < threshold < 1:
        raise UsageError(f"threshold {threshold}: expected a probability between 0 and 1")
    if memberships is None:
        chance = pc.coalesce(pairs["calibrated"], pairs["probability"])  # as in ``clusters.memberships``
        value = np.array(chance.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        score = scores(pairs)
        by_score: NDArray[np.bool_] = np.where(np.isnan(value), score >= bits(np.array(threshold)), value >= threshold)
        return by_score
    order = np.argsort(memberships["row_id"].to_numpy())
    rows, persons = (memberships[name].to_numpy()[order] for name in ("row_id", "person_id"))
    left, right = (persons[np.searchsorted(rows, pairs[side].to_numpy())] for side in ("left", "right"))
    same: NDArray[np.bool_] = left == right
    return same


def rate_draws(
    calibration: Calibration,
    groups: ListPairs,
    linked: NDArray[np.bool_],
    kept: Mapping[tuple[str, str], Kept],
    seed: int,
) -> RateDraws:
    """Draws of the rates, for intervals and for whoever carries them further (the hidden number)."""
    cells = _cells(calibration.pairs, groups, linked)
    size = len(groups.names)
    rng = np.random.default_rng(seed)
    certain, certain_linked, settled_links = _settled(calibration.pairs, groups, linked)
    draws = len(calibration.curve.draws) if calibration.curve else 0
    unlinked, false = np.zeros((draws, size)), np.zeros((draws, size))
    drawn = calibration.curve.drawn(cells.score, calibration.own_curve(cells.group)) if calibration.curve else ()
    for draw, probability in enumerate(drawn):
        expected = cells.count * probability
        unlinked[draw] = np.bincount(cells.group, expected * ~cells.linked, size)
        false[draw] = np.bincount(cells.group, (cells.count - expected) * cells.linked, size)
    scored_links = np.bincount(groups.index, linked, size) - settled_links
    found = scored_links - np.minimum(rng.poisson(false), scored_links) + certain_linked
    left_out = rng.poisson(unlinked) + certain - certain_linked
    share = np.array([_drawn_shares(kept, names, draws, rng) for names in groups.names]).T
    blocked = rng.poisson((found + left_out) * (1 - share) / share)
    overlap = (found + left_out + blocked).astype(np.float64)
    links = np.maximum(scored_links + settled_links, 1)
    missed = (left_out + blocked) / np.maximum(overlap, 1)
    return RateDraws(groups.names, overlap, missed, np.maximum(links - found, 0) / links)


def _rates(
    calibration: Calibration,
    groups: ListPairs,
    linked: NDArray[np.bool_],
    kept: Mapping[tuple[str, str], Kept],
    seed: int,
) -> dict[str, list[float | None]]:
    """Estimates from the calibrated probabilities and 95 % intervals from the draws."""
    size = len(groups.names)
    expected = np.nan_to_num(calibration.pairs["calibrated"].to_numpy(zero_copy_only=False))
    everyone = np.bincount(groups.index, expected, size)
    found = np.bincount(groups.index, expected * linked, size)
    links = np.bincount(groups.index, linked, size)
    share = np.array([_share(kept, *names)[0] for names in groups.names])
    overlap: Floats = everyone / share
    estimate = {
        "overlap": overlap,
        "missed": 1 - _ratio(found, overlap),
        "false": 1 - _ratio(found, links),
    }
    draws = rate_draws(calibration, groups, linked, kept, seed)
    rates: dict[str, list[float | None]] = {}
    for name in RATES:
        lower, upper = np.quantile(getattr(draws, name), (0.025, 0.975), axis=0)
        middle = np.clip(estimate[name], 0, None)
        usable = np.isfinite(middle)
        values = {"": middle, "_lower": np.minimum(lower, middle), "_upper": np.maximum(upper, middle)}
        for suffix, found_values in values.items():
            rates[name + suffix] = [
                float(value) if good else None for value, good in zip(found_values, usable, strict=True)
            ]
    return rates


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Part of whole; not a number where there is no whole."""
    found: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return found


def _cells(pairs: pa.Table, groups: ListPairs, linked: NDArray[np.bool_]) -> _Cells:
    score = scores(pairs)
    scored = ~np.isnan(score)
    score, group, link = score[scored], groups.index[scored], linked[scored]
    step = np.floor(score * BINS_PER_BIT).astype(np.int64)
    lowest = int(step.min()) if len(step) else 0
    width = int(step.max()) - lowest + 1 if len(step) else 1
    key = ((group * width) + step - lowest) * 2 + link
    count = np.bincount(key)
    used = np.flatnonzero(count)
    mean = np.bincount(key, score)[used] / count[used]
    return _Cells(mean, used // (2 * width), used % 2 == 1, count[used].astype(np.float64))


def _settled(pairs: pa.Table, groups: ListPairs, linked: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """By pair of lists: settled pairs that are one person, those of them that are links, and settled links."""
    size = len(groups.names)
    settled = is_settled(pairs)
    one = settled & (np.nan_to_num(pairs["calibrated"].to_numpy(zero_copy_only=False)) >= 0.5)
    counts = (np.bincount(groups.index, mask, size).astype(np.int64) for mask in (one, one & linked, settled & linked))
    first, second, third = counts
    return first, second, third


def _share(kept: Mapping[tuple[str, str], Kept], one: str, two: str) -> tuple[float, float, float]:
    """Share kept by blocking with its limits; raises ``UsageError`` where it is no share."""
    found = kept.get((one, two), kept.get((two, one), 1.0))
    share, lower, upper = with_limits(found)
    if not 0 < lower <= share <= upper <= 1:
        raise UsageError(
            f"share kept by blocking between {one} and {two}: {found}; expected 0 < lower <= share <= upper <= 1"
        )
    return share, lower, upper


def _drawn_shares(
    kept: Mapping[tuple[str, str], Kept], names: tuple[str, str], draws: int, rng: np.random.Generator
) -> Floats:
    """Draws of the share kept: normal on the scale of logits, so that none leaves 0 to 1."""
    share, lower, upper = _share(kept, *names)
    noise = rng.standard_normal(draws)
    if lower == upper:
        return np.full(draws, share)
    low, middle, high = (np.log(value) - np.log1p(-min(value, 1 - 1e-6)) for value in (lower, share, upper))
    spread = np.where(noise < 0, middle - low, high - middle) / 1.959963984540054
    return np.asarray(1 / (1 + np.exp(-(middle + noise * spread))))


def _labelled(pairs: pa.Table, labels: pa.Table, groups: ListPairs) -> tuple[Ints, Ints]:
    """Pairs with a definite answer and the number of clerks, by pair of lists."""
    rows = find_pairs(pairs, labels)
    seen: list[set[int]] = [set() for _ in groups.names]
    clerks: list[set[str]] = [set() for _ in groups.names]
    said = zip(labels["answer"].to_pylist(), labels["clerk"].to_pylist(), strict=True)
    for row, (answer, clerk) in zip(rows.tolist(), said, strict=True):
        if row >= 0 and answer in ("same", "different"):
            seen[groups.index[row]].add(row)
            if clerk and clerk != RESOLVED:
                clerks[groups.index[row]].add(clerk)
    return np.array([len(one) for one in seen], dtype=np.int64), np.array([len(one) for one in clerks], dtype=np.int64)
