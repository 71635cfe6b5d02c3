"""One sitting of a clerk: her part of the sample, the records behind it, and the file of answers.

The decision a reader would question: the sample is drawn once and kept, and only asking for more draws again. Two
clerks must see the same pairs, and a sample drawn anew at each start would favour the pairs of those who start often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.linkage.review.agreement import to_resolve
from palermo.linkage.review.labels import RESOLVED, AnswerFile
from palermo.linkage.review.reasons import Details
from palermo.linkage.review.sample import Plan, SampledPair, draw_sample, for_second, read_sample, write_sample


@dataclass(frozen=True)
class ReviewFiles:
    """Where things are. ``identities`` (as written) may be empty: records are then shown as prepared."""

    pairs: Path
    prepared: Path
    identities: Sequence[Path]
    sample: Path
    labels: Path


@dataclass(frozen=True)
class Session:
    """What one clerk is to look at, in this order, and where her answers go."""

    sample: tuple[SampledPair, ...]
    details: Details
    answers: AnswerFile
    clerk: str

    @property
    def left(self) -> int:
        """Pairs that she has not answered yet."""
        mine = {answer.pair for answer in self.answers.answers if answer.clerk == self.clerk}
        return sum(one.pair not in mine for one in self.sample)


def open_session(files: ReviewFiles, clerk: str, plan: Plan | None = None, more: bool = False) -> Session:
    """Open the sitting of ``clerk``; draws the sample where there is none yet, and further pairs with ``more``.

    The first clerk who answers is asked everything, later ones the part for a second clerk, and ``RESOLVED`` (all
    together) the pairs on which clerks disagree. Raises ``UsageError`` where nothing has been linked or a name is
    empty.
    """
    if not clerk.strip():
        raise UsageError("no name of the clerk: each needs one of her own, or their answers cannot be told apart")
    for path in (files.pairs, files.prepared):
        if not path.is_file():
            raise UsageError(f"{path}: no such file; run `palermo link` first")
    answers = AnswerFile(files.labels)
    sample = read_sample(files.sample) if files.sample.is_file() else ()
    if more or not sample:
        sample = (*sample, *_drawn(files, plan, sample, answers))
        write_sample(files.sample, sample)
    mine = _part_of(clerk, sample, answers)
    wanted = {name for one in mine for name in (one.left, one.right)}
    identities = pa.concat_tables([pq.read_table(path) for path in files.identities]) if files.identities else None
    return Session(mine, Details(wanted, pq.read_table(files.prepared), identities), answers, clerk)


def _drawn(
    files: ReviewFiles, plan: Plan | None, sample: Sequence[SampledPair], answers: AnswerFile
) -> tuple[SampledPair, ...]:
    records = pq.read_table(files.prepared, columns=["row_id", "list", "record_id"])
    seen = {one.pair for one in sample} | {answer.pair for answer in answers.answers}
    return draw_sample(pq.read_table(files.pairs), records, plan, sorted(seen))


def _part_of(clerk: str, sample: tuple[SampledPair, ...], answers: AnswerFile) -> tuple[SampledPair, ...]:
    """The first clerk by the file sees everything; who comes later sees what a second one must."""
    given = [answer for answer in answers.answers if answer.source == "clerk"]  # no truths of test sets
    if clerk == RESOLVED:
        open_pairs = {*to_resolve(given), *(answer.pair for answer in given if answer.clerk == RESOLVED)}
        return tuple(one for one in sample if one.pair in open_pairs)
    others = [answer for answer in given if answer.clerk not in (clerk, RESOLVED)]
    first = next((answer.clerk for answer in given if answer.clerk != RESOLVED), clerk)
    if first == clerk or not others:
        return sample
    return for_second(sample, [answer for answer in others if answer.clerk == first])
