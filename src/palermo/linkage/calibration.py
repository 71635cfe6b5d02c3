"""From scores to probabilities that mean what they say, by what clerks said of a sample of pairs.

A model's own probability is a score: it was trained on the assumption that fields agree independently, which names and
nationality do not. Only labels make it a probability. Without any label there is no calibrated column, and the notes
say that only the curve of the hidden number against the threshold may be shown. The same holds where answers contradict
the scores or each other (``review.soundness``): a calibration of noise would pass every later check, as its rates agree
with each other.

The decision a reader would question: design weights are used within a band of score only. Between bands the score
itself is in the model, and a label that stands for 100,000 rejected pairs would drown all others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from palermo.errors import PalermoError
from palermo.linkage.review.agreement import agreements
from palermo.linkage.review.labels import RESOLVED, Answer, RecordName
from palermo.linkage.review.soundness import Unsound, disagreement, fault, is_checked, unsound_clerks
from palermo.linkage.score_bands import (
    EDGES,
    ListPairs,
    band_bounds,
    band_names,
    band_of,
    bits,
    find_pairs,
    is_settled,
    list_pairs,
    scores,
)
from palermo.linkage.score_curve import Answered, ScoreCurve, effects_of, fit_curve
from palermo.wilson import wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST_WEIGHT = 10.0  # of a label within its band: more would let one answer speak for a whole pair of lists
FEWEST_LABELS = 200  # below this, and below the next in any band that has links, the labels are called too few
FEWEST_IN_BAND = 10
NO_LABELS = (
    "No pair has been labelled, so that no probability is calibrated: no number of persons and no number of those "
    "unseen may be given, only the curve against the threshold. Label a sample with `palermo review`."
)
CONTRADICTED = (
    "these labels do not agree with the scores: {}. They are not used, so that only the curve can be shown. Look "
    "whether keys, columns or clerks were mixed up, and label again with palermo review"
)
DISAGREE = "these labels do not agree with each other: {}. They are not used, so that only the curve can be shown"
SET_ASIDE = "The answers of clerk {} do not agree with the scores and are not used: {}."
UNCHECKED = (
    "too few pairs at both ends of the score were labelled to see whether these labels agree with the scores: at least "
    "10 below .01 and 10 above .999 are needed. Label more with palermo review"
)


@dataclass(frozen=True)
class Reliability:
    """One band of scores: what the model says, what the labels say, what the curve says."""

    band: str
    pairs: int
    labelled: int
    said: float | None  # mean probability of the model
    same: float | None  # share called the same person, by design weight, before clerks' errors are taken out
    same_lower: float | None
    same_upper: float | None
    calibrated: float | None  # mean of the curve


@dataclass(frozen=True)
class Calibration:
    """Pairs with the column ``calibrated``; the curve behind it (none without labels) and what to tell the reader.

    ``refused``: why labels, although there are some, can carry no number of persons; None where they can.
    """

    pairs: pa.Table
    curve: ScoreCurve | None
    groups: ListPairs | None  # pairs of lists in the order of the curve; none where one curve serves all
    labelled: int  # pairs with at least one definite answer
    unsure: int  # pairs of which nobody was sure
    clerks: tuple[str, ...]
    reliability: tuple[Reliability, ...]
    enough: bool
    notes: tuple[str, ...]
    refused: str | None = None

    def probability(self, score: Floats, group: Ints, draw: int) -> Floats:
        """Probabilities by one of ``curve.draws``."""
        if self.curve is None:
            raise PalermoError("no labels, no calibrated probability: label pairs with `palermo review` first")
        return self.curve.probability(score, self.own_curve(group), self.curve.draws[draw])

    def own_curve(self, group: Ints) -> Ints:
        """Which curve serves each pair of lists: its own, or the first where one serves all."""
        common = self.curve is None or self.curve.is_common
        return np.zeros(len(group), dtype=np.int64) if common else group


def calibrate(
    pairs: pa.Table,
    labels: pa.Table,
    by_list_pair: bool = True,
    records: pa.Table | None = None,
    seed: int = 1,
) -> Calibration:
    """Fill ``calibrated`` from ``labels`` (``LABELS``): answers of clerks and owners, and truths of test sets.

    ``records`` (``row_id``, ``list``) lets each pair of lists have its own curve; without it there is one for all.
    Pairs that a key or a person's decision settles keep their probability. Raises ``PalermoError`` where pairs come
    from two kinds of score, which no one curve fits.
    """
    _check_one_score(pairs)
    groups = list_pairs(pairs, records) if by_list_pair and records is not None else None
    score = scores(pairs)
    clerks = _names_of_clerks(labels)
    labels, unsound, apart = _sound(pairs, labels, score)
    answered, unsure = _answered(pairs, labels, score, groups)
    aside = tuple(SET_ASIDE.format(one.clerk, one.reason) for one in unsound)
    refused = _refusal(answered, unsound, apart, score[~np.isnan(score)])
    if (refused is not None and refused != UNCHECKED) or not len(answered.score):
        empty = _with_calibrated(pairs, np.full(pairs.num_rows, np.nan))
        said = (NO_LABELS,) if refused is None else (*aside, _sentence(refused))
        return Calibration(empty, None, groups, 0, unsure, clerks, (), False, said, refused)
    parts = effects_of(groups.names) if groups and len(groups.names) > 1 else np.zeros((1, 0))
    curve = fit_curve(answered, parts, seed=seed)
    index = groups.index if groups and not curve.is_common else np.zeros(pairs.num_rows, dtype=np.int64)
    settled = is_settled(pairs)
    calibrated = np.where(settled, _column(pairs, "probability"), curve.probability(score, index))
    reliability = _reliability(pairs, score, calibrated, answered)
    enough = _is_enough(len(answered.score), reliability)
    notes = (*aside, *_notes(curve, answered, unsure, labels.num_rows, enough))
    table = _with_calibrated(pairs, calibrated)
    return Calibration(table, curve, groups, len(answered.score), unsure, clerks, reliability, enough, notes, refused)


def _names_of_clerks(labels: pa.Table) -> tuple[str, ...]:
    return tuple(sorted({name for name in labels["clerk"].to_pylist() if name and name != RESOLVED}))


def _sound(pairs: pa.Table, labels: pa.Table, score: Floats) -> tuple[pa.Table, tuple[Unsound, ...], str | None]:
    """Labels without those of clerks whose answers cannot be true; these clerks; and why the others cannot be right."""
    places = find_pairs(pairs, labels)
    answer = labels["answer"]
    definite = (places >= 0) & (_equals(answer, "same") | _equals(answer, "different"))
    definite[definite] = ~np.isnan(score[places[definite]])
    same = _equals(answer, "same")
    names = np.array(labels["clerk"].to_pylist(), dtype=object)
    own = {
        name: (score[places[definite & (names == name)]], same[definite & (names == name)])
        for name in _names_of_clerks(labels)
    }
    unsound = unsound_clerks(own)
    gone = {one.clerk for one in unsound}
    kept = labels.filter(pa.array([name not in gone for name in names], pa.bool_()))
    apart = disagreement(agreements(_as_answers(labels.filter(pa.array(definite)))), [name for name in gone if name])
    return kept, unsound, apart


def _as_answers(labels: pa.Table) -> list[Answer]:
    """Answers by clerks about rows; agreement asks only whether two are about one pair."""
    return [
        Answer(RecordName("", str(row["left"])), RecordName("", str(row["right"])), row["clerk"], row["answer"], "")
        for row in labels.to_pylist()
        if row["clerk"]
    ]


def _refusal(answered: Answered, unsound: tuple[Unsound, ...], apart: str | None, of_all: Floats) -> str | None:
    """Why the answers that are left can carry no number; None where they can, or where there never were any.

    ``of_all``: the scores of all pairs.
    """
    if not len(answered.score):
        return CONTRADICTED.format(unsound[0].reason) if unsound else None
    if apart is not None:
        return DISAGREE.format(apart)
    votes = np.where(answered.truth >= 0, 2 * answered.truth - 1, np.sign(answered.same - answered.different))
    score, same = answered.score[votes != 0], votes[votes != 0] > 0
    if (reason := fault(score, same)) is not None:
        return CONTRADICTED.format(reason)
    return None if is_checked(score, same, of_all) else UNCHECKED


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _check_one_score(pairs: pa.Table) -> None:
    kinds = sorted({kind for kind in pairs["source"].unique().to_pylist() if kind in ("model", "encodings")})
    if len(kinds) > 1:
        raise PalermoError("pairs of two kinds of score (model and encodings): calibrate each kind with its own labels")


def _answered(pairs: pa.Table, labels: pa.Table, score: Floats, groups: ListPairs | None) -> tuple[Answered, int]:
    """One row for each labelled pair, in the order of the pairs, and how many pairs got no definite answer."""
    places = find_pairs(pairs, labels)
    known = places >= 0
    rows, there = places[known], labels.filter(pa.array(known))
    answer, clerk, source, band = (there[name] for name in ("answer", "clerk", "source", "band"))
    said_same, said_different = _equals(answer, "same"), _equals(answer, "different")
    certain = _equals(source, "truth") | _equals(clerk, RESOLVED)
    used, where = np.unique(rows, return_inverse=True)

    def count(mask: NDArray[np.bool_]) -> Ints:
        return np.bincount(where, mask, len(used)).astype(np.int64)

    same, different = count(said_same & ~certain), count(said_different & ~certain)
    known_same, known_different = count(said_same & certain), count(said_different & certain)
    truth = np.where(known_same > known_different, 1, np.where(known_different > known_same, 0, -1))
    definite = ((same + different > 0) | (truth >= 0)) & ~np.isnan(score[used])
    group = groups.index[used] if groups else np.zeros(len(used), dtype=np.int64)
    bands: dict[int, str] = dict(zip(where.tolist(), band.to_pylist(), strict=True))
    weight = _design_weights(
        score, groups, used[definite], [bands.get(one) for one in np.flatnonzero(definite).tolist()]
    )
    votes = (group[definite], same[definite], different[definite], truth[definite])
    return Answered(score[used][definite], *votes, weight), int((~definite).sum())


def _design_weights(score: Floats, groups: ListPairs | None, rows: Ints, bands: list[str | None]) -> Floats:
    """How many pairs of its pair of lists and band a label stands for, relative to the others of its band."""
    weight = np.ones(len(rows))
    if groups is None:
        return weight
    size = len(groups.names)
    for name in sorted({band for band in bands if band}):
        low, high = bits(np.array(band_bounds(name)))
        inside = (score >= low) & (score < high)
        everyone = np.bincount(groups.index[inside], minlength=size)
        mine = np.array([band == name for band in bands])
        drawn = np.bincount(groups.index[rows[mine]], minlength=size)
        stands_for = (np.maximum(everyone, drawn) / np.maximum(drawn, 1))[groups.index[rows[mine]]]
        capped = np.minimum(stands_for / stands_for.mean(), LARGEST_WEIGHT)
        weight[mine] = capped / capped.mean()
    return weight


def _reliability(pairs: pa.Table, score: Floats, calibrated: Floats, answered: Answered) -> tuple[Reliability, ...]:
    said = _column(pairs, "probability")
    said = np.where(np.isnan(said), 1 / (1 + np.exp2(-score)), said)
    every, mine = band_of(score, EDGES), band_of(answered.score, EDGES)
    votes = answered.same + answered.different
    share = np.where(answered.truth >= 0, answered.truth, answered.same / np.maximum(votes, 1))
    rows = []
    for number, name in enumerate(band_names(EDGES)):
        inside, labelled = every == number, mine == number
        if not inside.any():
            continue
        rate: tuple[float | None, float | None, float | None] = (None, None, None)
        if labelled.any():
            same = float(np.average(share[labelled], weights=answered.weight[labelled]))
            lower, upper = wilson(same * float(labelled.sum()), float(labelled.sum()))
            rate = (same, float(lower), float(upper))
        rows.append(
            Reliability(
                name,
                int(inside.sum()),
                int(labelled.sum()),
                float(said[inside].mean()),
                *rate,
                float(calibrated[inside].mean()),
            )
        )
    return tuple(rows)


def _is_enough(labelled: int, reliability: tuple[Reliability, ...]) -> bool:
    """Whether there are labels enough for a headline: in all, and in every band that holds many pairs."""
    thin = [one for one in reliability if one.labelled < min(FEWEST_IN_BAND, one.pairs)]
    return labelled >= FEWEST_LABELS and not thin


def _notes(curve: ScoreCurve, answered: Answered, unsure: int, given: int, enough: bool) -> tuple[str, ...]:
    notes = [f"Probabilities are calibrated on {len(answered.score)} labelled pairs."]
    clerks_only = answered.truth < 0
    if clerks_only.any():
        invented, missed = curve.clerk_errors
        twice = int((clerks_only & (answered.same + answered.different > 1)).sum())
        notes.append(
            f"Clerks are taken to call two persons the same in {invented:.1%} of pairs and one person different in "
            f"{missed:.1%}; {twice} pairs were labelled by more than one."
        )
        if not twice:
            notes.append(
                "One clerk alone: her errors can be told from the ends of the curve only. A second should label."
            )
    if unsure:
        notes.append(f"{unsure} pairs got no definite answer; they are taken to be like others of the same score.")
    if not enough:
        notes.append(
            f"Too few labels for a headline number: at least {FEWEST_LABELS} pairs, and {FEWEST_IN_BAND} in each band "
            "of score, are needed."
        )
    if not len(answered.score) and given:
        notes.append("None of the labels is of a pair of this run.")
    return tuple(notes)


def _with_calibrated(pairs: pa.Table, calibrated: Floats) -> pa.Table:
    column = pa.array(calibrated, type=pa.float64(), from_pandas=True)
    place = pairs.schema.get_field_index("calibrated")
    if place < 0:
        return pairs.append_column("calibrated", column)
    return pairs.set_column(place, pairs.schema.field(place), column)


def _column(table: pa.Table, name: str) -> Floats:
    return np.array(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _equals(column: pa.ChunkedArray, value: str) -> NDArray[np.bool_]:
    found = pc.fill_null(pc.equal(column, value), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def reliability_rows(calibration: Calibration) -> list[Mapping[str, object]]:
    """The reliability table as plain rows, for JSON."""
    return [vars(one) for one in calibration.reliability]
