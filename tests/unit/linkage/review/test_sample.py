import stat
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.linkage.review.labels import Answer, RecordName
from palermo.linkage.review.sample import Plan, allot, draw_sample, for_second, read_sample, write_sample
from palermo.linkage.schema import PAIRS
from palermo.linkage.score_bands import EDGES

SIZE = 4000
RECORDS = pa.table(
    {
        "row_id": np.arange(1, 601),
        "list": ["a"] * 300 + ["b"] * 200 + ["c"] * 100,
        "record_id": [str(number) for number in range(1, 601)],
    }
)


def made(source="model"):
    rng = np.random.default_rng(1)
    keys = rng.choice(300 * 300, SIZE, replace=False)
    weight = rng.normal(-3, 7, SIZE)
    columns = {
        "left": keys // 300 + 1,
        "right": keys % 300 + 301,
        "weight": weight,
        "probability": 1 / (1 + np.exp2(-weight)),
        "calibrated": pa.nulls(SIZE, pa.float64()),
        "source": [source] * SIZE,
        "rule": pa.nulls(SIZE, pa.string()),
    }
    return pa.table(columns).cast(PAIRS)


def test_every_band_is_drawn_from_and_no_pair_twice():
    sample = draw_sample(made(), RECORDS, Plan(per_band=20))
    assert len(sample) == 20 * (len(EDGES) - 1) == len({one.pair for one in sample})
    bands = Counter(one.band for one in sample)
    assert min(bands.values()) >= 10 and "0-0.002" in bands and "0.999-1" in bands
    assert all(one.stands_for >= 1 for one in sample)


def test_a_band_ends_at_the_threshold():
    bands = {one.band for one in draw_sample(made(), RECORDS, Plan(threshold=0.85))}
    assert {"0.75-0.85", "0.85-0.90"} <= bands


def test_runs_after_the_first_draw_other_pairs():
    first = draw_sample(made(), RECORDS, Plan(per_band=20))
    second = draw_sample(made(), RECORDS, Plan(per_band=20), seen=[one.pair for one in first])
    assert second and not {one.pair for one in first} & {one.pair for one in second}


def test_the_same_seed_draws_the_same():
    assert draw_sample(made(), RECORDS) == draw_sample(made(), RECORDS)
    assert draw_sample(made(), RECORDS) != draw_sample(made(), RECORDS, Plan(seed=2))


def test_what_leaves_most_doubt_is_shown_first():
    sample = draw_sample(made(), RECORDS, Plan(per_band=20))
    early = Counter(one.band for one in sample[:60])
    assert early["0.999-1"] < early["0.10-0.25"] + early["0.25-0.50"]
    assert len(early) >= 6  # no band has to wait for another to be done


def test_settled_pairs_are_not_shown():
    assert draw_sample(made("decision"), RECORDS) == ()


def test_the_second_clerk_sees_a_share_and_every_surprise():
    sample = draw_sample(made(), RECORDS, Plan(per_band=20))
    twice = for_second(sample, ())
    assert 0.15 < len(twice) / len(sample) < 0.35
    rejected = next(one for one in sample if one.band == "0-0.002" and not one.twice)
    answers = [Answer(rejected.right, rejected.left, "one", "same", rejected.band)]
    assert set(for_second(sample, answers)) == {*twice, rejected}


def test_a_sample_is_kept_as_written_and_private(tmp_path):
    sample = draw_sample(made(), RECORDS, Plan(per_band=5))
    write_sample(tmp_path / "sample.jsonl", sample)
    assert read_sample(tmp_path / "sample.jsonl") == sample
    assert stat.S_IMODE((tmp_path / "sample.jsonl").stat().st_mode) == 0o600
    (tmp_path / "sample.jsonl").write_text('{"left": {}}\n{}\n')
    with pytest.raises(UsageError, match="line 1: no pair of a sample"):
        read_sample(tmp_path / "sample.jsonl")


@pytest.mark.parametrize("plan", [Plan(per_band=0), Plan(twice=1.5), Plan(threshold=1.0)])
def test_impossible_plans_are_refused(plan):
    with pytest.raises(UsageError):
        draw_sample(made(), RECORDS, plan)


def test_no_pairs_no_sample():
    assert draw_sample(PAIRS.empty_table(), RECORDS) == ()
    assert RecordName("a", "1") < RecordName("a", "2")


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_places_are_all_given_and_never_more_than_there_is(held, places):
    given_places = allot(np.array(held), places, np.sqrt(np.array(held, dtype=float)))
    assert given_places.sum() == min(places, sum(held))
    assert (given_places <= np.array(held)).all() and (given_places >= 0).all()
