import stat

import pyarrow as pa
import pytest

from palermo.errors import PalermoError, UsageError
from palermo.linkage.review.labels import Answer, AnswerFile, RecordName, labels_table, merge, read_answers
from palermo.linkage.schema import LABELS

A, B, C = RecordName("shelter", "1"), RecordName("police", "7"), RecordName("hotline", "=x")
RECORDS = pa.table({"row_id": [10, 4, 5], "list": ["shelter", "police", "hotline"], "record_id": ["1", "7", "=x"]})


def said(answer, left=A, right=B, clerk="one"):
    return Answer(left, right, clerk, answer, "0.90-0.95")


def test_answers_outlive_the_process_and_are_private(tmp_path):
    path = tmp_path / "new" / "answers.jsonl"
    AnswerFile(path).add(said("same"))
    assert AnswerFile(path).answers == (said("same"),)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_undo_withdraws_the_last_answer_of_that_clerk_and_keeps_the_line(tmp_path):
    file = AnswerFile(tmp_path / "answers")
    file.add(said("same"))
    file.add(said("different", A, C))
    file.add(said("unsure", A, C, clerk="two"))
    assert file.undo("one") == said("different", A, C)
    assert AnswerFile(file.path).answers == (said("same"), said("unsure", A, C, clerk="two"))
    assert file.undo("one") == said("same") and file.undo("one") is None
    assert len(file.path.read_text().splitlines()) == 5


def test_the_last_answer_about_a_pair_counts_whichever_side_is_left(tmp_path):
    file = AnswerFile(tmp_path / "answers")
    file.add(said("same"))
    file.add(said("different", B, A))
    assert [answer.answer for answer in file.answers] == ["different"]


def test_a_line_cut_short_is_dropped_and_the_next_one_is_whole(tmp_path):
    file = AnswerFile(tmp_path / "answers")
    file.add(said("same"))
    file.add(said("different", A, C))
    file.path.write_bytes(file.path.read_bytes()[:-20])
    again = AnswerFile(file.path)
    assert again.answers == (said("same"),)
    again.add(said("unsure", B, C))
    assert AnswerFile(file.path).answers == (said("same"), said("unsure", B, C))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "expected a JSON object"),
        ('{"left": 1}', "left must be an object"),
        ('{"left": {"list": "a", "record_id": 1}, "right": {"list": "a", "record_id": "1"}}', "must be texts"),
        ('{"left": {"list": "a", "record_id": "Secret"}, "right": {"list": "a", "record_id": "1"}}', "names no clerk"),
    ],
)
def test_what_is_no_answer_is_refused_by_line_without_repeating_it(tmp_path, line, message):
    path = tmp_path / "answers"
    path.write_text(line + "\n")
    with pytest.raises(UsageError, match="line 1") as caught:
        AnswerFile(path)
    assert message in str(caught.value) and "Secret" not in str(caught.value)


def test_an_unknown_answer_is_refused(tmp_path):
    file = AnswerFile(tmp_path / "answers")
    file.add(said("perhaps"))
    with pytest.raises(UsageError, match="must be one of same, different, unsure"):
        AnswerFile(file.path)


def test_labels_find_rows_wherever_they_stand_and_leave_out_records_that_are_gone():
    table = labels_table(
        [said("same"), said("different", B, C), said("same", A, RecordName("shelter", "gone"))], RECORDS
    )
    assert table.schema.equals(LABELS)
    assert [(row["left"], row["right"], row["answer"]) for row in table.to_pylist()] == [
        (4, 5, "different"),
        (4, 10, "same"),
    ]


def test_two_clerks_are_merged_once(tmp_path):
    mine, hers = AnswerFile(tmp_path / "mine"), AnswerFile(tmp_path / "hers")
    mine.add(said("same"))
    hers.add(said("different", clerk="two"))
    assert merge(mine.path, [hers.path]) == 1
    assert merge(mine.path, [hers.path]) == 0
    assert len(read_answers([mine.path])) == 2
    hers.add(said("different"))
    with pytest.raises(PalermoError, match="clerk one gave two answers"):
        merge(mine.path, [hers.path])
