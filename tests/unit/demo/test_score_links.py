"""Linkage beside the truth, and the made-up clerk who knows it, on six records of three persons."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.demo.clerks import label_links
from palermo.demo.score_links import score_links
from palermo.demo.truth import FOLDER, RECORDS_FILE
from palermo.errors import UsageError
from palermo.linkage.review.labels import read_answers
from palermo.linkage.schema import MEMBERSHIPS, PAIRS
from palermo.review_work import Place, the_sample

# list, record, person in truth, person as made, script
RECORDS = [
    ("police", "1", 1, 1, "latin"),
    ("police", "2", 2, 2, "latin"),
    ("police", "3", 3, 3, "latin"),
    ("shelter", "1", 1, 1, "latin"),
    ("shelter", "2", 2, 5, "arabic"),
    ("shelter", "3", 3, 2, "latin"),
]
PAIRED = [(1, 4, 1.0, "key"), (2, 6, 0.95, "model"), (2, 5, 0.8, "model"), (3, 6, 0.6, "model"), (3, 5, 0.1, "model")]


@pytest.fixture
def persons(tmp_path):
    rows = [dict(zip(("list", "record_id", "person", "person_id", "script"), row, strict=True)) for row in RECORDS]
    (tmp_path / FOLDER).mkdir()
    truth = [{key: row[key] for key in ("list", "record_id", "person", "script")} for row in rows]
    pq.write_table(pa.Table.from_pylist(truth), tmp_path / FOLDER / RECORDS_FILE)
    numbered = [row | {"row_id": number, "probability": 1.0, "comparable": True} for number, row in enumerate(rows, 1)]
    pq.write_table(pa.Table.from_pylist(numbered, MEMBERSHIPS), tmp_path / "memberships.parquet")
    columns = ("row_id", "list", "record_id", "comparable")
    records = [{key: row[key] for key in columns} for row in numbered]
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "records.parquet")
    pairs = [
        {"left": left, "right": right, "probability": p, "weight": 10 * p - 5, "source": source, "rule": "any"}
        for left, right, p, source in PAIRED
    ]
    pq.write_table(pa.Table.from_pylist(pairs, PAIRS), tmp_path / "pairs.parquet")
    links = {name: str(tmp_path / f"{name}.parquet") for name in ("memberships", "records")}
    return {"pairs": str(tmp_path / "pairs.parquet"), "links": {**links, "count": None}}


def test_pairs_between_lists_are_judged_as_made_and_by_names_alone(tmp_path, persons):
    score = score_links(tmp_path, persons)
    made, across, by_names, names_across = score.lines
    assert (made.true, made.found, made.right) == (3, 2, 1)
    assert (across.true, across.found, across.right) == (1, 0, 0)
    assert (by_names.true, by_names.found, by_names.right, by_names.threshold) == (2, 3, 2, 0.6)
    assert (names_across.true, names_across.right) == (1, 1)
    assert by_names.f1 == pytest.approx(0.8)
    assert across.precision == 0.0


def test_persons_in_truth_as_joined_and_corrected(tmp_path, persons):
    score = score_links(tmp_path, persons)
    assert (score.persons, score.made, score.corrected) == (3, 4, None)
    assert "no labels" in score.words()
    persons["links"]["count"] = {"made": 4, "corrected": 3.2, "lower": 3.0, "upper": 3.5}
    corrected = score_links(tmp_path, persons)
    assert corrected.corrected == pytest.approx(3.2)
    assert "(+6.7%)" in corrected.words()
    assert corrected.summary()["made_error"] == pytest.approx(1 / 3)


def test_joining_by_numbers_alone_has_no_score(tmp_path):
    assert score_links(tmp_path, {"links": None}) is None


def test_the_made_up_clerk_tells_the_truth_of_pairs_that_no_number_settles(tmp_path, persons):
    assert label_links(tmp_path, persons) == 4
    answers = read_answers([tmp_path / "work" / "linkage" / "labels.jsonl"])
    person = {(row[0], row[1]): row[2] for row in RECORDS}
    for answer in answers:
        ends = [person[record.list, record.record_id] for record in (answer.left, answer.right)]
        assert answer.answer == ("same" if ends[0] == ends[1] else "different")
    assert {answer.answer for answer in answers} == {"same", "different"}


def test_pairs_of_which_the_made_up_clerk_told_the_truth_are_shown_to_nobody(tmp_path, persons):
    labels = tmp_path / "work" / "linkage" / "labels.jsonl"
    pairs, records = Path(persons["pairs"]), Path(persons["links"]["records"])
    place = Place(pairs, records, labels, tmp_path / "sample.jsonl", 0.9, 1, tmp_path / "decisions.jsonl")
    everything = the_sample(replace(place, sample=tmp_path / "before.jsonl"), 10, more=False)
    assert label_links(tmp_path, persons) == len(everything)
    with pytest.raises(UsageError, match="has been answered"):
        the_sample(place, 10, more=False)
