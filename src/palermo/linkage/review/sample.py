"""Which pairs of records people should look at: a sample by band of score and pair of lists.

Every band gets pairs, down to those rejected: links alone can tell how many are false, never how many are missed. Half
of the pairs are shared equally by the bands, half go where there is most doubt in all (Neyman 1934). A band ends at the
threshold, so pairs just below it stand in a band of their own. Within a band the pairs of lists share the places by the
square root of their pairs, so that small ones are not left out.

The decision a reader would question: pairs are shown in the order of what they add to the number of persons unseen, not
at random, and the clerk is not told the score. She may stop at any time, and what she has done is the best use of it;
and a clerk who knows the score repeats it.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from palermo.errors import UsageError
from palermo.linkage.review.labels import Answer, RecordName, read_json_lines, rows_of
from palermo.linkage.score_bands import band_bounds, band_names, band_of, edges_with, list_pairs, pair_keys, scores
from palermo.private_files import write_private_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REJECTED, CERTAIN = 0.25, 0.95  # probabilities of the model below and above which an answer can be a surprise
LEAST_DOUBT = 0.002  # no pair is held for more certain than this while its place in the order is worked out


@dataclass(frozen=True)
class Plan:
    """How many pairs to draw, and how."""

    per_band: int = 120  # on average
    twice: float = 0.25  # share of the pairs that a second clerk is asked too
    threshold: float = 0.9  # of the linkage: no band reaches across it
    seed: int = 1


@dataclass(frozen=True)
class SampledPair:
    """One pair to look at. ``stands_for``: pairs of its band and pair of lists for each one drawn."""

    left: RecordName
    right: RecordName
    band: str
    stands_for: float
    twice: bool

    @property
    def pair(self) -> tuple[RecordName, RecordName]:
        """The pair in an order of its own, as in ``Answer.pair``."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


def draw_sample(
    pairs: pa.Table,
    records: pa.Table,
    plan: Plan | None = None,
    seen: Iterable[tuple[RecordName, RecordName]] = (),
) -> tuple[SampledPair, ...]:
    """Draw pairs to look at from ``PAIRS``, the most telling first; none of ``seen`` is drawn again.

    ``records`` has ``row_id``, ``list`` and ``record_id``. Pairs that a key or a decision settles are not drawn.
    """
    plan = plan or Plan()
    edges = edges_with(plan.threshold)
    _check(plan)
    score, groups = scores(pairs), list_pairs(pairs, records)
    band = band_of(score, edges)
    rng = np.random.default_rng(plan.seed)
    size = len(groups.names)
    cell = np.where(band < 0, -1, band * size + groups.index)
    free = (band >= 0) & ~np.isin(pair_keys(pairs), _keys_of(tuple(seen), records))
    chance = 1 / (1 + np.exp2(-score))
    drawn = _draw(cell, free, size, _places(band, free, chance, plan.per_band), rng)
    order, rank = _order(drawn, cell, chance, groups.index)
    stands_for = np.bincount(cell[cell >= 0]) / np.maximum(
        np.bincount(cell[drawn], minlength=cell.max(initial=-1) + 1), 1
    )
    # Every k-th pair of a band is shown twice, so that each band has its share of them.
    twice = np.floor((rank + 1) * plan.twice) > np.floor(rank * plan.twice)
    names = band_names(edges)
    ends = [_names(pairs[side].to_numpy()[drawn[order]], records) for side in ("left", "right")]
    return tuple(
        SampledPair(left, right, names[band[row]], float(stands_for[cell[row]]), bool(again))
        for left, right, row, again in zip(*ends, drawn[order].tolist(), twice[order].tolist(), strict=True)
    )


def for_second(sample: Iterable[SampledPair], first: Iterable[Answer]) -> tuple[SampledPair, ...]:
    """The pairs that a second clerk is asked too, in the order of the sample.

    They are a random share of the sample, and every pair whose first answer is a surprise at its score: "same" among
    the rejected, "different" among near-certain links. One slip there stands for thousands of pairs, and it is the
    second answer that tells a slip from a find. She is not told which is which.
    """
    said = {answer.pair: answer.answer for answer in first}
    return tuple(one for one in sample if one.twice or _is_surprise(one.band, said.get(one.pair)))


def write_sample(path: Path, sample: Iterable[SampledPair]) -> None:
    """Write a sample as JSON lines, whole or not at all, for its owner alone."""
    lines = (json.dumps(asdict(one), ensure_ascii=False, sort_keys=True) + "\n" for one in sample)
    write_private_text("".join(lines), path)


def read_sample(path: Path) -> tuple[SampledPair, ...]:
    """Read what ``write_sample`` wrote; raises ``UsageError`` naming the line that is no pair."""
    sample = []
    for number, line in read_json_lines(path):
        try:
            ends = RecordName(**line["left"]), RecordName(**line["right"])
            sample.append(SampledPair(*ends, line["band"], float(line["stands_for"]), bool(line["twice"])))
        except (KeyError, TypeError, ValueError):
            raise UsageError(f"{path}, line {number}: no pair of a sample; draw the sample again") from None
    return tuple(sample)


def _is_surprise(band: str, answer: str | None) -> bool:
    low, high = band_bounds(band)
    return (answer == "same" and high <= REJECTED) or (answer == "different" and low >= CERTAIN)


def _check(plan: Plan) -> None:
    if plan.per_band < 1:
        raise UsageError(f"{plan.per_band} pairs a band: expected at least 1")
    if not 0 <= plan.twice <= 1:
        raise UsageError(f"share of pairs shown twice {plan.twice}: expected 0 to 1")


def _places(band: Ints, free: NDArray[np.bool_], chance: Floats, per_band: int) -> Ints:
    """How many pairs each band gets; what a band does not hold goes to the others."""
    held = np.bincount(band[free], minlength=int(band.max(initial=0)) + 1)
    mean: Floats = np.bincount(band[free], chance[free], len(held)) / np.maximum(held, 1)
    share = np.clip(mean, LEAST_DOUBT, 1 - LEAST_DOUBT)
    doubt = np.asarray(held * np.sqrt(share * (1 - share)), dtype=np.float64)
    total = per_band * int((held > 0).sum())
    equal = np.minimum(held, per_band // 2)
    return equal + allot(held - equal, total - int(equal.sum()), doubt)


def _draw(cell: Ints, free: NDArray[np.bool_], size: int, places: Ints, rng: np.random.Generator) -> Ints:
    """Row numbers of the pairs drawn."""
    rows = rng.permutation(np.flatnonzero(free))
    rows = rows[np.argsort(cell[rows], kind="stable")]
    cells, first, held = np.unique(cell[rows], return_index=True, return_counts=True)
    chosen = []
    for number in np.unique(cells // size):
        mine = np.flatnonzero(cells // size == number)
        given = allot(held[mine], int(places[number]), np.sqrt(held[mine]))
        chosen += [rows[first[one] : first[one] + count] for one, count in zip(mine, given, strict=True)]
    return np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)


def allot(held: Ints, places: int, weight: Floats) -> Ints:
    """Share places by weight; nobody gets more than it holds, the rest goes to the others."""
    given = np.zeros(len(held), dtype=np.int64)
    while (left := min(places, int(held.sum())) - int(given.sum())) > 0:
        want = np.where(given < held, np.maximum(weight, 1e-9), 0.0)
        share = left * want / want.sum()
        step = np.minimum(np.floor(share).astype(np.int64), held - given)
        if not step.any():
            step[np.argsort(-share, kind="stable")[:left]] = 1
            step = np.minimum(step, held - given)
        given += step
    return given


def _order(drawn: Ints, cell: Ints, probability: Floats, group: Ints) -> tuple[Ints, Ints]:
    """The order in which to show pairs, and the rank of each within its band and pair of lists.

    A cell of ``n`` pairs with chance ``p`` adds ``n * sqrt(p (1 - p))`` to the doubt of an overlap (Neyman 1934), and
    the number unseen moves by the share of the overlap that is in doubt. Its k-th pair counts one k-th of that.
    """
    pairs_in, chance = np.bincount(cell[cell >= 0]), np.bincount(cell[cell >= 0], probability[cell >= 0])
    overlap = np.maximum(np.bincount(group, np.nan_to_num(probability)), 1.0)
    rank = np.zeros(len(drawn), dtype=np.int64)
    for one in np.unique(cell[drawn]):
        mine = cell[drawn] == one
        rank[mine] = np.arange(mine.sum())
    share = np.clip(chance[cell[drawn]] / pairs_in[cell[drawn]], LEAST_DOUBT, 1 - LEAST_DOUBT)
    doubt = pairs_in[cell[drawn]] * np.sqrt(share * (1 - share)) / overlap[group[drawn]]
    return np.argsort(-doubt / (rank + 1), kind="stable"), rank


def _keys_of(seen: Collection[tuple[RecordName, RecordName]], records: pa.Table) -> Ints:
    rows = rows_of({name for pair in seen for name in pair}, records)
    ends = [(rows[one], rows[two]) for one, two in seen if one in rows and two in rows]
    table = pa.table({"left": [min(pair) for pair in ends], "right": [max(pair) for pair in ends]})
    return pair_keys(table) if ends else np.zeros(0, dtype=np.int64)


def _names(rows: Ints, records: pa.Table) -> list[RecordName]:
    """List and record number of rows, in their order."""
    numbers = records["row_id"].to_numpy()
    order = np.argsort(numbers, kind="stable")
    places = order[np.searchsorted(numbers[order], rows)]
    found = records.select(["list", "record_id"]).take(pa.array(places))
    return [RecordName(*pair) for pair in zip(found["list"].to_pylist(), found["record_id"].to_pylist(), strict=True)]
