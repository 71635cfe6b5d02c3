import pytest

from palermo.errors import UsageError
from palermo.linkage.review.labels import RecordName
from palermo.linkage.review.owners import own_cards, read_owner_answers, read_task, write_answers, write_tasks
from palermo.linkage.review.reasons import Details
from palermo.linkage.review.sample import SampledPair

from .made_records import PREPARED, WRITTEN

IDS = {"aa11": "1", "=bb22": "1", "cc33": "2"}
SAMPLE = (
    SampledPair(RecordName("shelter", "aa11"), RecordName("police", "=bb22"), "0.90-0.95", 3.0, True),
    SampledPair(RecordName("police", "cc33"), RecordName("police", "=bb22"), "0.10-0.25", 3.0, False),
)


def test_each_owner_gets_her_own_ids_only(tmp_path):
    police, shelter = write_tasks(tmp_path, SAMPLE)
    assert read_task(shelter) == ((1, "aa11", "police"),)
    assert read_task(police) == ((1, "=bb22", "shelter"), (2, "cc33", "police"), (2, "=bb22", "police"))
    assert "aa11" not in police.read_text() and "'=bb22" in police.read_text()


def test_an_owner_sees_her_own_record(tmp_path):
    _, shelter = write_tasks(tmp_path, SAMPLE)
    details = Details({RecordName("shelter", "1")}, PREPARED, WRITTEN)
    (text,) = own_cards(read_task(shelter), "shelter", {"aa11": "1"}, details)
    assert "Pair 1, with a record of police" in text and "name: Testa Made" in text
    (text,) = own_cards(read_task(shelter), "shelter", {}, details)
    assert "not among those of this office" in text


def test_a_pair_within_one_list_is_called_that(tmp_path):
    police, _ = write_tasks(tmp_path, SAMPLE)
    cards = own_cards(read_task(police), "police", {}, Details(set(), PREPARED, WRITTEN))
    heads = [card.splitlines()[0] for card in cards]
    assert heads == ["Pair 1, with a record of shelter", *["Pair 2, with another record of this list"] * 2]


def test_answers_come_back_by_number(tmp_path):
    path = tmp_path / "back.csv"
    write_answers(path, {2: "different", 1: "same"})
    first, second = read_owner_answers(path, SAMPLE, "police and shelter")
    assert (first.pair, first.answer, first.source, first.band) == (SAMPLE[0].pair, "same", "owner", "0.90-0.95")
    assert second.answer == "different"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pair,answer\n3,same\n", "line 2, column pair: expected numbers from 1 to 2"),
        ("pair,answer\n1,same\n1,same\n", "line 3, column pair"),
        ("pair,answer\n1,maybe\n", "line 2, column answer"),
        ("pair,answer\none,same\n", "expected a whole number"),
        ("pair,answer\n1\n", "line 2: expected 2 cells"),
        ("number,answer\n1,same\n", "expected the columns pair, answer"),
    ],
)
def test_faulty_answers_are_refused_with_their_place(tmp_path, text, message):
    path = tmp_path / "back.csv"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_owner_answers(path, SAMPLE, "x")
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        read_task(tmp_path / "none.csv")
    assert IDS["cc33"] == "2"
