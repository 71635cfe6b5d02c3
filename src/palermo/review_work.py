"""What ``palermo review`` reads and writes: the sample, the answers, and how far clerks agree.

The decision a reader would question: whoever answered first is the first clerk, and is asked all pairs; every other is
asked the part that a second clerk sees. Nobody has to say which clerk she is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.linkage.encoding.at_home import read_ids
from palermo.linkage.prepare import prepare_table
from palermo.linkage.review.agreement import Agreement, agreements, to_resolve
from palermo.linkage.review.labels import RESOLVED, Answer, AnswerFile, RecordName, merge, read_answers
from palermo.linkage.review.owners import own_cards, read_owner_answers, read_task, write_tasks
from palermo.linkage.review.reasons import Details
from palermo.linkage.review.sample import Plan, SampledPair, draw_sample, for_second, read_sample, write_sample
from palermo.linkage.review.soundness import unsound_answers

Summary = dict[str, Any]
SAMPLE_FILE, LABELS_FILE, DECISIONS_FILE = "sample.jsonl", "labels.jsonl", "decisions.jsonl"


@dataclass(frozen=True)
class Place:
    """Where pairs to look at come from and answers go. Without ``prepared`` only owners can look (encodings)."""

    pairs: Path
    records: Path  # row_id, list, record_id
    labels: Path
    sample: Path
    threshold: float
    seed: int
    decisions: Path
    prepared: Path | None = None
    identities: tuple[Path, ...] = ()


def place_of_links(folder: Path) -> Place:
    """The folder that ``palermo link FILE --out`` wrote. Raises ``UsageError`` where it is none."""
    pairs, members = folder / "pairs.parquet", folder / "memberships.parquet"
    if not pairs.is_file() or not members.is_file():
        raise UsageError(f"{folder}: holds no pairs of records; link first: palermo link FILE --out {folder}")
    prepared = folder / "prepared.parquet"
    return Place(
        pairs,
        members,
        folder / LABELS_FILE,
        folder / SAMPLE_FILE,
        Plan().threshold,
        Plan().seed,
        folder / DECISIONS_FILE,
        prepared if _has_names(prepared) else None,
    )


def place_of_stage(
    summary: Summary, files: tuple[Path, Path], settings: tuple[float, int], sources: Sequence[Summary]
) -> Place:
    """What the stage of a workspace found; ``files``: of labels and of decisions.

    Raises ``UsageError`` where records are joined by shared numbers alone.
    """
    if summary["links"] is None:
        raise UsageError(
            'records are joined by shared numbers alone, so that there is no pair to look at; set method = "clear" '
            "in the table [linkage] of palermo.toml"
        )
    prepared, (labels, decisions) = Path(summary["prepared"]), files
    return Place(
        Path(summary["pairs"]),
        Path(summary["links"]["records"]),
        labels,
        labels.with_name(SAMPLE_FILE),
        *settings,
        decisions,
        prepared if _has_names(prepared) else None,
        tuple(Path(source["identities"]) for source in sources if source.get("identities")),
    )


def _has_names(prepared: Path) -> bool:
    return prepared.is_file() and "tokens" in pq.read_schema(prepared).names


def the_sample(place: Place, per_band: int, more: bool) -> tuple[SampledPair, ...]:
    """The sample on the disk, drawn where there is none; ``more`` adds pairs that were not drawn before.

    Pairs of which a file of labels tells the truth (test sets, the made-up clerk) are not shown to anybody.
    """
    old = read_sample(place.sample) if place.sample.is_file() else ()
    if old and not more:
        return old
    plan = Plan(per_band=per_band, threshold=place.threshold, seed=place.seed + len(old))
    known = read_answers([place.labels]) if place.labels.is_file() else ()
    seen = [*(one.pair for one in old), *(answer.pair for answer in known if answer.source == "truth")]
    drawn = draw_sample(pq.read_table(place.pairs), pq.read_table(place.records), plan, seen)
    if not drawn and not old:
        why = "every one has been answered" if known else "the lists have no two records that could be one"
        raise UsageError(f"{place.pairs}: holds no pair to look at; {why}")
    write_sample(place.sample, (*old, *drawn))
    return (*old, *drawn)


def pairs_for(clerk: str, sample: Sequence[SampledPair], answers: Sequence[Answer]) -> tuple[SampledPair, ...]:
    """The pairs that ``clerk`` is asked: all, a second clerk's part, or for ``joint`` those that clerks dispute."""
    if clerk == RESOLVED:
        disputed = {*to_resolve(answers), *(answer.pair for answer in answers if answer.clerk == RESOLVED)}
        return tuple(one for one in sample if one.pair in disputed)
    clerks = [answer.clerk for answer in answers if answer.source == "clerk" and answer.clerk != RESOLVED]
    if not clerks or clerks[0] == clerk:
        return tuple(sample)
    return for_second(sample, [answer for answer in answers if answer.clerk == clerks[0]])


def details_of(place: Place, sample: Sequence[SampledPair]) -> Details:
    """The records of a sample. Raises ``UsageError`` where only encodings are at hand."""
    if place.prepared is None:
        raise UsageError(
            f"{place.pairs.parent}: only encodings were linked, and nobody here knows whose they are; the owners look "
            "at home: palermo review --owners FOLDER"
        )
    wanted = {name for one in sample for name in one.pair}
    written = [pq.read_table(path) for path in place.identities]
    return Details(wanted, pq.read_table(place.prepared), pa.concat_tables(written) if written else None)


def take_answers(place: Place, file: Path, clerk: str | None) -> int:
    """Add the answers of a file: JSON lines of a page or another clerk, or CSV from owners; how many are new."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file of answers")
    if file.suffix.lower() != ".csv":
        return merge(place.labels, [file])
    if not place.sample.is_file():
        raise UsageError(f"{place.sample}: no sample to which these answers belong; draw it with --owners first")
    own = AnswerFile(place.labels)
    held = {(answer.clerk, answer.pair, answer.answer) for answer in own.answers}
    found = read_owner_answers(file, read_sample(place.sample), clerk or "owners")
    fresh = [answer for answer in found if (answer.clerk, answer.pair, answer.answer) not in held]
    for answer in fresh:
        own.add(answer)
    return len(fresh)


def tasks(sample: Sequence[SampledPair], folder: Path) -> tuple[Path, ...]:
    """A file for each owner, with numbers of pairs and her own pseudonymous ids."""
    return write_tasks(folder, sample)


def cards_at_home(task: Path, ids: Path, identities: pa.Table) -> tuple[str, ...]:
    """An owner's own records, pair by pair."""
    lines, known, own = read_task(task), read_ids(ids), identities["list"][0].as_py()
    wanted = {RecordName(own, known[made]) for _, made, _ in lines if made in known}
    return own_cards(lines, own, known, Details(wanted, prepare_table(identities), identities))


def how_far(place: Place, sample: Sequence[SampledPair]) -> Summary:
    """Counts of answers by clerk, and how far every two clerks agree."""
    answers = AnswerFile(place.labels).answers
    by_clerk: dict[str, dict[str, int]] = {}
    for answer in answers:
        counts = by_clerk.setdefault(answer.clerk, {"same": 0, "different": 0, "unsure": 0})
        counts[answer.answer] += 1
    return {
        "sample": len(sample),
        "sample_file": str(place.sample),
        "labels": str(place.labels),
        "labelled": len({answer.pair for answer in answers if answer.answer != "unsure"}),
        "clerks": by_clerk,
        "agreement": [_agreement(one) for one in agreements(answers)],
        "to_resolve": len(to_resolve(answers)),
        "unsound": [asdict(one) for one in unsound_answers(answers)],
    }


def _agreement(one: Agreement) -> Summary:
    told = asdict(one)
    return {**told, "disagreements": len(one.disagreements)}
