import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import UsageError
from palermo.linkage.review.labels import RESOLVED, Answer, AnswerFile
from palermo.linkage.review.sample import Plan, for_second, read_sample
from palermo.linkage.review.session import ReviewFiles, open_session
from palermo.linkage.review.terminal import review
from palermo.linkage.schema import PAIRS

from .made_records import PREPARED, WRITTEN


@pytest.fixture
def files(tmp_path):
    rows = [(1, 2, 4.0), (1, 3, -8.0), (2, 3, -1.0)]
    pairs = [{"left": one, "right": two, "weight": weight, "source": "model"} for one, two, weight in rows]
    pq.write_table(pa.Table.from_pylist(pairs, schema=PAIRS), tmp_path / "pairs.parquet")
    pq.write_table(PREPARED, tmp_path / "prepared.parquet")
    pq.write_table(WRITTEN, tmp_path / "identities.parquet")
    return ReviewFiles(
        tmp_path / "pairs.parquet",
        tmp_path / "prepared.parquet",
        [tmp_path / "identities.parquet"],
        tmp_path / "sample.jsonl",
        tmp_path / "labels.jsonl",
    )


def sit(files, clerk, keys):
    session = open_session(files, clerk)
    out = io.StringIO()
    review(session.sample, session.details, session.answers, clerk, out, io.StringIO(keys).readline)
    return session


def test_the_sample_is_drawn_once_and_the_sitting_goes_on(files):
    assert sit(files, "one", "s\n").left == 2
    drawn = files.sample.read_bytes()
    session = sit(files, "one", "d\nu\n")
    assert session.left == 0 and files.sample.read_bytes() == drawn
    assert len(AnswerFile(files.labels).answers) == 3


def test_the_second_clerk_is_asked_her_part(files):
    plan = Plan(twice=0.0)
    session = open_session(files, "one", plan)
    for pair in session.sample:
        session.answers.add(Answer(pair.left, pair.right, "one", "same", pair.band))
    second = open_session(files, "two")
    assert second.sample == for_second(read_sample(files.sample), session.answers.answers)
    assert 0 < len(second.sample) < 3  # the surprises


def test_those_who_disagree_sit_together(files):
    session = open_session(files, "one")
    pair = session.sample[0]
    session.answers.add(Answer(pair.left, pair.right, "one", "same", pair.band))
    session.answers.add(Answer(pair.left, pair.right, "two", "different", pair.band))
    assert open_session(files, RESOLVED).sample == (pair,)
    assert sit(files, RESOLVED, "s\n").left == 0


def test_more_draws_what_nobody_has_seen(files):
    first = open_session(files, "one", Plan(per_band=1))
    assert open_session(files, "one", more=True).sample == first.sample  # there is no other pair
    files.sample.unlink()
    first.answers.add(Answer(first.sample[0].left, first.sample[0].right, "one", "same", first.sample[0].band))
    assert first.sample[0].pair not in {one.pair for one in open_session(files, "one").sample}


def test_nothing_linked_and_no_name_are_told(files):
    with pytest.raises(UsageError, match="no name of the clerk"):
        open_session(files, " ")
    files.pairs.unlink()
    with pytest.raises(UsageError, match="run `palermo link` first"):
        open_session(files, "one")
