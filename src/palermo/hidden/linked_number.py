"""The number with and without the errors of linkage, its curve and its verdict: one thing for terminal, JSON and page.

The decision a reader would question: overlaps of single pairs of lists are not in it. They are counts of few persons,
and who needs them has the capture table; here stand only numbers estimated from them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.capture import CaptureTable
from palermo.hidden.link_threshold import Curve, capture_of, curve, hindrance, judged, rates_at_hand
from palermo.hidden.linkage_checks import by_overlaps, two_lists
from palermo.hidden.linkage_error import DEFAULT, corrected, pair_overlaps
from palermo.hidden.linkage_parts import LINKAGE_PART, Mended
from palermo.hidden.linkage_rates import PairRates, read_rates
from palermo.hidden.links import Links
from palermo.hidden.verdicts import FINDINGS

LINKS = "links.json"  # the file beside the estimates of the stage
Ints = npt.NDArray[np.int64]
CURVE_BY = "main_effects"  # one model for all thresholds: a search would jump between models along the curve


@dataclass(frozen=True)
class LinkedNumber:
    """Answers with correction, judged by the curve; ``answers[i].diagnostics["uncorrected"]`` holds them without."""

    threshold: float
    answers: tuple[Answer, ...]
    curve: Curve
    check: float | None  # by overlaps as sums of calibrated probabilities
    labelled: int
    hindrance: str | None  # why no number may stand alone
    pairs: tuple[dict[str, Any], ...] = ()  # two lists at a time: rows of ``linkage_checks.two_lists``
    rates: PairRates | None = None  # of persons, by which parts are corrected too; not part of the document

    def rows(self) -> list[dict[str, Any]]:
        """One row for each estimator: without and with correction, and the part of linkage in its variance."""
        return [_row(answer) for answer in self.answers]

    def without_numbers(self, reason: str) -> "LinkedNumber":
        """The same where labels carry no number: the curve, and why there is nothing else."""
        return replace(self, answers=(), check=None, hindrance=reason, rates=None)

    @property
    def mended(self) -> Mended | None:
        """What takes the errors of linkage out of parts; None where no rates are known, or no number may stand."""
        return None if self.rates is None or self.hindrance is not None else Mended(self.rates)

    def document(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "threshold": self.threshold,
            "labelled": self.labelled,
            "hindrance": self.hindrance,
            "estimates": self.rows(),
            "by_calibrated_overlaps": self.check,
            "two_lists": [{name: own for name, own in row.items() if "overlap" not in name} for row in self.pairs],
            "curve": {"estimator": self.curve.estimator, "points": self.curve.rows()},
        }


def read_links(
    links: Links,
    lists: Sequence[str],
    settings: Settings,
    table: CaptureTable | None = None,
    counted: Ints | None = None,
) -> LinkedNumber:
    """The number from the tables of linkage; ``table`` as in ``linked_number``.

    ``counted``: the persons, as they are at the threshold used, whom the number is about. Their records are followed
    along the curve, so that every point of it counts the people of the number; all records where None.
    """
    records, thresholds = pq.read_table(links.records), pq.read_table(links.thresholds)
    everybody = tables_of(records, thresholds, lists, links.threshold)
    tables = everybody
    if counted is not None:
        tables = tables_of(
            _records_of(records, thresholds, links.threshold, counted), thresholds, lists, links.threshold
        )
    rates = _rates(links) if links.labelled and links.refused is None else {}
    draws = None if links.draws is None else pq.read_table(links.draws)
    found = linked_number(tables, rates, links.threshold, settings, draws=draws, table=table, everybody=everybody)
    return found if links.refused is None else found.without_numbers(links.refused)


def _records_of(records: pa.Table, thresholds: pa.Table, used: float, counted: Ints) -> pa.Table:
    """The records of the persons ``counted``, as they were joined at the threshold used."""
    here = thresholds.filter(pa.array(thresholds["threshold"].to_numpy() == used))
    rows = records["row_id"].to_numpy()
    own, joined = here["row_id"].to_numpy(), here["person_id"].to_numpy()
    alone = ~np.isin(rows, own)
    kept = np.union1d(rows[alone & np.isin(rows, counted)], own[np.isin(joined, counted)])
    return records.filter(pa.array(np.isin(rows, kept)))


def _rates(links: Links) -> dict[float, pa.Table]:
    """The rates at each threshold; those that the answers rest on are the ones at the threshold used."""
    found = {}
    if links.threshold_rates is not None:
        every = pq.read_table(links.threshold_rates)
        at = every["threshold"].to_numpy()
        found = {float(one): every.filter(pa.array(at == one)).drop_columns(["threshold"]) for one in np.unique(at)}
    return found | {links.threshold: pq.read_table(links.rates)}


def linked_beside(estimates: Path) -> dict[str, Any] | None:
    """What the stage wrote of linkage beside the estimates; None where records were joined by shared numbers alone."""
    path = estimates.with_name(LINKS)
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found


def tables_of(records: pa.Table, thresholds: pa.Table, lists: Sequence[str], used: float) -> dict[float, CaptureTable]:
    """The capture table at each threshold, of the records that can be compared.

    ``thresholds`` holds the records that share a person (threshold, row_id, person_id); all others are alone.
    """
    rows = records.filter(records["comparable"])
    numbers = rows["row_id"].to_numpy()
    order = np.argsort(numbers)
    at = thresholds["threshold"].to_numpy()
    found = {}
    for threshold in sorted({used, *at.tolist()}):
        here = at == threshold
        persons = numbers.copy()
        own, joined = thresholds["row_id"].to_numpy()[here], thresholds["person_id"].to_numpy()[here]
        known = np.isin(own, numbers)
        persons[order[np.searchsorted(numbers[order], own[known])]] = joined[known]
        member = pa.table({"list": rows["list"], "person_id": persons})
        found[threshold] = capture_of(member, lists)
    return found


def linked_number(
    tables: Mapping[float, CaptureTable],
    rates: Mapping[float, pa.Table],
    threshold: float,
    settings: Settings | None = None,
    estimators: Sequence[str] = DEFAULT,
    draws: pa.Table | None = None,
    table: CaptureTable | None = None,
    everybody: Mapping[float, CaptureTable] | None = None,
) -> LinkedNumber:
    """The corrected answers at the threshold that is used, and the curve over all of them.

    ``rates`` may be empty or without labels; every answer is then refused, and the curve is all there is. ``table`` is
    corrected in the place of the one at the threshold where only some of the persons are to be estimated. Rates are of
    ``everybody`` linked, whose tables these are where ``tables`` hold only some.
    """
    if threshold not in tables:
        raise UsageError(f"no persons at the threshold {threshold:g}; there are: {', '.join(map(str, sorted(tables)))}")
    chosen = settings or Settings()
    whole, own = tables[threshold], rates.get(threshold)
    asked = whole if table is None else table
    linked = {at: pair_overlaps(each) for at, each in (everybody or tables).items()}
    found = curve(tables, rates, CURVE_BY, chosen, linked)
    known = rates_at_hand(own, whole)
    labelled = 0 if known is None else int(known.labelled.sum())
    answers = [] if own is None else corrected(asked, own, chosen, estimators, draws=draws, linked=linked[threshold])
    checked = tuple(judged(answer, found, labelled, threshold) for answer in answers)
    reason = hindrance(answers[0] if answers else None, found, labelled, threshold)
    check = None
    if known is not None and known.overlap is not None:
        check = by_overlaps(whole, known.overlap_of_persons(pair_overlaps(whole)), CURVE_BY, chosen)
    pairs = () if known is None else tuple(two_lists(asked, known.of_persons(linked[threshold])))
    of_persons = None
    if own is not None and known is not None:
        of_persons = read_rates(own, whole.lists, draws).of_persons(linked[threshold])
    return LinkedNumber(threshold, checked, found, check, labelled, reason, pairs, of_persons)


def _row(answer: Answer) -> dict[str, Any]:
    before = answer.diagnostics.get("uncorrected", {})
    return {
        "estimator": answer.estimator,
        "uncorrected": before.get("estimate"),
        "uncorrected_lower": before.get("lower"),
        "uncorrected_upper": before.get("upper"),
        "corrected": answer.estimate,
        "lower": answer.lower,
        "upper": answer.upper,
        "level": answer.level,
        "linkage_part": answer.diagnostics.get("linkage_part"),
        "verdict": answer.verdict.value,
        "reasons": list(answer.reasons),
    }


def in_their_place(answers: Sequence[Answer], linked: LinkedNumber) -> list[Answer]:
    """The answers with those that linkage corrects in the place of those it does not; others are refused.

    An uncorrected number beside a corrected one would look like another estimate of the same persons. Answers for parts
    come corrected (``LinkedNumber.mended``).

    What the rules of the verdicts found of an answer holds for its correction too: few overlaps do not become more.
    Where no number may stand alone, none of them may: all are refused with the reason.
    """
    if linked.hindrance is not None:
        return [_refused(answer, linked.hindrance) for answer in answers]
    mended = {(answer.estimator, answer.stratum): answer for answer in linked.answers}
    return [_placed(answer, mended.get((answer.estimator, answer.stratum))) for answer in answers]


def _placed(answer: Answer, mended: Answer | None) -> Answer:
    if answer.verdict is Verdict.REFUSED or LINKAGE_PART in answer.diagnostics:
        return answer
    if mended is None:
        return _refused(answer, NOT_CORRECTED)
    if mended.verdict is Verdict.REFUSED:
        return mended
    findings = answer.diagnostics.get(FINDINGS, ())
    reasons = tuple(dict.fromkeys((*(own["reason"] for own in findings), *mended.reasons)))
    diagnostics = {**mended.diagnostics, FINDINGS: findings} if findings else mended.diagnostics
    verdict = Verdict.WARNED if reasons else Verdict.SHOWN
    return replace(mended, verdict=verdict, reasons=reasons, diagnostics=diagnostics)


NOT_CORRECTED = (
    "errors of linkage cannot be taken out of this number; beside others of which they are taken out it would mislead"
)


def _refused(answer: Answer, reason: str) -> Answer:
    none = replace(answer, estimate=None, lower=None, upper=None, verdict=Verdict.REFUSED)
    return replace(none, reasons=tuple(dict.fromkeys((reason, *answer.reasons))))
