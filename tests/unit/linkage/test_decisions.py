import stat

import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.linkage.clusters import Decision
from palermo.linkage.decisions import DecisionLog, from_answers, read_decisions, settled_by, to_clusters
from palermo.linkage.review.labels import RESOLVED, Answer, RecordName
from palermo.linkage.schema import PAIRS

A, B, C = RecordName("shelter", "1"), RecordName("police", "1"), RecordName("hotline", "9")
RECORDS = pa.table({"row_id": [1, 2, 3], "list": ["shelter", "police", "hotline"], "record_id": ["1", "1", "9"]})


def test_decisions_are_kept_withdrawn_and_survive_reopening(tmp_path):
    path = tmp_path / "identities" / "decisions.jsonl"
    log = DecisionLog(path)
    first = log.decide("same", (A, B), by="clerk 1", reason="same number on the referral")
    log.decide("different", (B, C), by="clerk 2")
    log.withdraw(first.number, by="clerk 2", reason="the number is the office's")
    standing = read_decisions(path)
    assert [(entry.number, entry.kind) for entry in standing] == [(2, "different")]
    assert len(path.read_text().splitlines()) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    DecisionLog(path).decide("same", (A, B), by="clerk 1")
    assert [entry.number for entry in read_decisions(path)] == [2, 4]


def test_decisions_become_rules_of_clusters_wherever_rows_stand(tmp_path):
    log = DecisionLog(tmp_path / "log")
    log.decide("same", (B, A), by="x")
    log.decide("different", (B, C), by="x")
    assert to_clusters(log.entries, RECORDS) == (Decision(1, 2, True), Decision(2, 3, False))
    moved = RECORDS.set_column(0, "row_id", pa.array([7, 5, 6]))
    assert to_clusters(log.entries, moved) == (Decision(5, 7, True), Decision(5, 6, False))
    assert to_clusters(log.entries, RECORDS.slice(0, 1)) == ()


def test_contradictions_are_refused_and_not_written(tmp_path):
    log = DecisionLog(tmp_path / "log")
    log.decide("same", (A, B, C), by="x")
    with pytest.raises(UsageError, match=r"decision 2 .*other decisions make one"):
        log.decide("different", (A, C), by="x")
    assert len(DecisionLog(tmp_path / "log").entries) == 1
    log.withdraw(1, by="x")
    assert log.decide("different", (A, C), by="x").number == 3


@pytest.mark.parametrize(("kind", "records"), [("same", (A,)), ("same", (A, A)), ("maybe", (A, B))])
def test_what_is_no_decision_is_refused(tmp_path, kind, records):
    with pytest.raises(UsageError):
        DecisionLog(tmp_path / "log").decide(kind, records, by="x")
    with pytest.raises(UsageError, match="names who made it"):
        DecisionLog(tmp_path / "log").decide("same", (A, B), by="")


def test_withdrawing_what_does_not_stand_is_refused(tmp_path):
    log = DecisionLog(tmp_path / "log")
    log.decide("same", (A, B), by="x")
    log.withdraw(1, by="x")
    with pytest.raises(UsageError, match="no decision 1 stands"):
        log.withdraw(1, by="x")


def test_a_log_that_lost_a_line_is_refused(tmp_path):
    path = tmp_path / "log"
    log = DecisionLog(path)
    log.decide("same", (A, B), by="x")
    log.decide("different", (A, C), by="x")
    path.write_text(path.read_text().splitlines(keepends=True)[1])
    with pytest.raises(UsageError, match="line 1: expected decision number 1"):
        DecisionLog(path)


def test_only_answers_given_alike_or_together_become_decisions():
    def said(clerk, answer, left=A, right=B):
        return Answer(left, right, clerk, answer, "0.90-0.95")

    assert from_answers([said("1", "same")]) == ()
    assert from_answers([said("1", "same"), said("2", "different")]) == ()
    assert from_answers([said("1", "unsure"), said("2", "unsure")]) == ()
    assert from_answers([said("1", "same"), said("2", "same", B, A)]) == (("same", (B, A)),)
    together = [said("1", "same"), said("2", "different"), said(RESOLVED, "different")]
    assert from_answers(together) == (("different", (B, A)),)


def test_decided_pairs_stand_as_settled_and_those_never_compared_are_added():
    row = {"left": 1, "right": 2, "weight": 9.0, "probability": 0.998, "source": "model", "rule": "name"}
    pairs = pa.Table.from_pylist([row, {**row, "left": 2, "right": 5}], schema=PAIRS)
    found = settled_by(pairs, (Decision(1, 2, same=False), Decision(1, 9, same=True))).to_pylist()
    told = [(one["left"], one["right"], one["probability"], one["source"]) for one in found]
    assert told == [(1, 2, 0.0, "decision"), (1, 9, 1.0, "decision"), (2, 5, 0.998, "model")]
    assert settled_by(pairs, ()) is pairs
