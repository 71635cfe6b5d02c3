"""``palermo review --decide`` and ``--decisions``: what somebody decided about two records, entered, undone and shown.

The decision a reader would question: undo takes the two records, not the number of a decision. Who has just joined two
records by mistake knows them, and need not read the log to find which line it was.
"""

from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.console import print_json, print_table, say
from palermo.errors import UsageError
from palermo.linkage.decisions import KINDS, DecisionLog, Entry
from palermo.linkage.review.labels import RecordName
from palermo.review_work import Place

UNDO = "undo"
WORDS = {"same": "one person", "different": "two persons"}
Pair = tuple[RecordName, RecordName]


@dataclass(frozen=True)
class Asked:
    """``pair``: two records as LIST:RECORD and what is decided of them; None where nothing is."""

    pair: tuple[str, str, str] | None = None
    by: str = ""
    why: str = ""
    shown: bool = False

    @property
    def is_any(self) -> bool:
        """Whether anything about decisions was asked; raises ``UsageError`` for a name or reason without a decision."""
        if self.pair is None and (self.by or self.why):
            raise UsageError(
                "--by and --why belong to a decision: palermo review --decide LIST:RECORD LIST:RECORD same"
            )
        return self.shown or self.pair is not None


def run_decision(asked: Asked, place: Place, as_json: bool) -> None:
    """Enter or undo a decision where one is asked, and show it, or all of them."""
    log = DecisionLog(place.decisions)
    done = None if asked.pair is None else _decided(asked, log, pq.read_table(place.records))
    if as_json:
        print_json({"log": str(place.decisions), "decided": done, "decisions": _rows(log)})
        return
    if done is not None:
        say(f"Decision {done['number']}: {done['said']}, by {asked.by}.")
        until = "" if done["kind"] == UNDO else " It holds whenever lists are linked, until it is undone."
        say(f"Link again for it to take hold: palermo link.{until}")
    if asked.shown:
        _show(log)


def _decided(asked: Asked, log: DecisionLog, records: pa.Table) -> dict[str, Any]:
    assert asked.pair is not None  # the caller has looked
    left, right, kind = asked.pair
    if kind not in (*KINDS, UNDO):
        raise UsageError(f"--decide: expected same, different or undo as the third word, found {kind!r}")
    if not asked.by.strip():
        raise UsageError("who decides? add --by NAME, such as a name or number that the office gives")
    pair = (record_named(left, records, "first"), record_named(right, records, "second"))
    if pair[0] == pair[1]:
        raise UsageError("--decide: both are the same record; name two")
    standing = [entry for entry in log.entries if set(pair) <= set(entry.records)]
    if kind == UNDO:
        if not standing:
            raise UsageError("--decide: no decision about these two records stands, so that none can be undone")
        log.withdraw(standing[-1].number, asked.by, asked.why)
        return {"number": standing[-1].number, "kind": kind, "said": "undone"}
    if not asked.why.strip():
        raise UsageError("for what reason? add --why TEXT; whoever audits the account will ask")
    if again := [entry for entry in standing if entry.kind == kind]:
        raise UsageError(f"--decide: decision {again[-1].number} says the same already and stands")
    entry = log.decide(kind, pair, asked.by, asked.why)
    return {"number": entry.number, "kind": kind, "said": WORDS[kind]}


def record_named(text: str, records: pa.Table, which: str) -> RecordName:
    """The record that ``LIST:RECORD`` names. Raises ``UsageError``, which repeats no number of a record."""
    lists = records["list"].unique().to_pylist()
    named = [name for name in lists if text.startswith(f"{name}:")]
    if not named:
        raise UsageError(
            f"--decide: the {which} record must be written LIST:RECORD with one of the lists {', '.join(sorted(lists))}"
        )
    for name in sorted(named, key=len, reverse=True):
        record = text[len(name) + 1 :]
        if pc.any(pc.and_(pc.equal(records["list"], name), pc.equal(records["record_id"], record))).as_py():
            return RecordName(name, record)
    raise UsageError(f"--decide: list {named[0]} holds no record of the number given as the {which}")


def _rows(log: DecisionLog) -> list[dict[str, Any]]:
    return [{**asdict(entry), "withdrawn_by": by} for entry, by in log.history]


def _show(log: DecisionLog) -> None:
    if not log.history:
        say("Nobody has decided anything about records.")
        return
    rows = [
        (
            str(entry.number),
            _records(entry),
            WORDS[entry.kind],
            entry.by,
            entry.reason,
            "yes" if by is None else "undone",
        )
        for entry, by in log.history
    ]
    print_table("Decisions about records", ("no.", "records", "decided", "by", "reason", "stands"), rows)


def _records(entry: Entry) -> str:
    return " and ".join(f"{one.list}:{one.record_id}" for one in entry.records)
