import io

import pytest

from palermo.linkage.review.labels import AnswerFile, RecordName
from palermo.linkage.review.reasons import Details
from palermo.linkage.review.sample import SampledPair
from palermo.linkage.review.terminal import card, keys_of, review

from .made_records import PREPARED, WRITTEN

A, B, C = RecordName("shelter", "1"), RecordName("police", "1"), RecordName("police", "2")
SAMPLE = (SampledPair(A, B, "0.90-0.95", 3.0, True), SampledPair(A, C, "0-0.002", 90.0, False))


def run(path, keys):
    out = io.StringIO()
    found = review(
        SAMPLE, Details({A, B, C}, PREPARED, WRITTEN), AnswerFile(path), "one", out, io.StringIO(keys).readline
    )
    return found, out.getvalue()


def test_answers_are_taken_in_order_and_saved(tmp_path):
    found, text = run(tmp_path / "answers", "s\nd\n")
    assert (found.done, found.total, found.stopped) == (2, 2, False)
    assert [answer.answer for answer in AnswerFile(tmp_path / "answers").answers] == ["same", "different"]
    assert "Pair 1 of 2" in text and "All 2 pairs are answered" in text


def test_an_interrupted_review_goes_on_where_it_stopped(tmp_path):
    found, text = run(tmp_path / "answers", "u\n")
    assert found.stopped and found.done == 1 and "1 of 2 pairs are answered and saved" in text
    found, text = run(tmp_path / "answers", "q\n")
    assert found.done == 1 and "Pair 2 of 2" in text and "Pair 1 of 2" not in text


def test_an_answer_is_taken_back_and_asked_again(tmp_path):
    _, text = run(tmp_path / "answers", "b\ns\nb\nd\n?\nq\n")
    assert "no answer to take back" in text and "Taken back: same." in text and "Do not guess" in text
    assert [answer.answer for answer in AnswerFile(tmp_path / "answers").answers] == ["different"]


def test_the_card_says_in_words_what_agrees_and_gives_no_score():
    text = card(SAMPLE[0], Details({A, B}, PREPARED, WRITTEN), "Pair 1 of 2", width=100)
    assert "~ same year, day and month swapped" in " ".join(text.split())
    assert "= same" in text and "? not known of both" in text
    assert "0.9" not in text and "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_record_that_is_not_here_is_said_so():
    assert "Neither record is among" in card(SAMPLE[0], Details((), PREPARED), "Pair 1")


def test_input_that_is_no_terminal_is_read_by_lines():
    assert keys_of(io.StringIO("same\n"))() == "same\n"


@pytest.mark.parametrize("width", [60, 80, 140])
def test_cards_fit_the_window(width):
    text = card(SAMPLE[1], Details({A, C}, PREPARED, WRITTEN), "Pair 2", width)
    assert max(len(line) for line in text.splitlines()) <= width
