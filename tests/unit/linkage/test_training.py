"""Repair of the learnt model: order of steps, priors, and true pairs taken out of the random sample."""

import itertools
import random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.intake.schema import IDENTITIES
from palermo.linkage.blocking import RECORDS
from palermo.linkage.clear import link_table
from palermo.linkage.prepare import prepare_table
from palermo.linkage.settings import LinkOptions, comparisons, prior_shares
from palermo.linkage.training import _blended, _cleaned, falling, train

SHARES = st.lists(st.floats(1e-6, 1), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8).flatmap(lambda n: st.tuples(*[st.lists(st.floats(1e-6, 1), min_size=n, max_size=n)] * 2)))
def test_a_step_further_from_equality_never_counts_for_more(both):
    m, u = both
    ratios = [one / two for one, two in zip(falling(m, u), u, strict=True)]
    assert all(later <= earlier * (1 + 1e-9) for earlier, later in itertools.pairwise(ratios))
    assert sum(falling(m, u)) == pytest.approx(sum(m))


def test_steps_in_order_stay_as_they_are():
    assert falling([0.8, 0.15, 0.05], [0.01, 0.09, 0.9]) == pytest.approx([0.8, 0.15, 0.05])


def test_true_pairs_in_the_sample_are_taken_out_of_u():
    clean = _cleaned([0.005, 0.995], [0.9, 0.1], share=0.005, least=1e-6)
    assert clean[0] == pytest.approx((0.005 - 0.005 * 0.9) / 0.995, rel=0.02)
    assert sum(clean) == pytest.approx(1)


def test_a_step_that_no_pair_shows_is_unlikely_but_not_impossible():
    m = _blended([0.9, None, 0.1], [0.6, 0.3, 0.1])
    assert 0 < m[1] < 0.05
    assert sum(m) == pytest.approx(1)
    assert _blended([None, None], [0.7, 0.3]) == [0.7, 0.3]


def test_every_comparison_has_a_prior_for_each_step():
    every = ("given", "family", "birth", "place", "address", "postcode", "phone", "sex", "region", "email", "text_1")
    made = comparisons(every)
    assert [one["output_column_name"] for one in made] == [
        "given", "family", "birth", "place", "address", "text_1", "postcode", "phone", "sex", "region", "email"
    ]  # fmt: skip
    for one in made:
        steps = [step for step in one["comparison_levels"] if not step.get("is_null_level")]
        assert len(prior_shares(one)) == len(steps)
        assert sum(prior_shares(one)) == pytest.approx(1)


def test_citizenship_never_weighs():
    every = ("given", "family", "birth", "place", "citizenship", "sex")
    assert not any("citizenship" in str(one) for one in comparisons(every))


def test_records_that_teach_nothing_keep_priors_and_say_so():
    names = pa.table(
        {
            "row_id": [1, 2, 3],
            "given": ["ada", "bea", "cleo"],
            "given_skeleton": ["ad", "b", "cl"],
            "tokens": ["ada", "bea", "cleo"],
        }
    )
    with duckdb.connect() as connection:
        connection.register("given", names)
        connection.execute(f"CREATE TABLE {RECORDS} AS SELECT *, 'a' AS list FROM given")
        model = train(connection, ("given", "tokens"), LinkOptions())
    assert model.notices == ("given: no block of records taught how often true pairs agree; set from experience",)
    steps = [one for one in model.splink["comparisons"][0]["comparison_levels"] if not one.get("is_null_level")]
    assert all(step["m_probability"] > 0 and step["u_probability"] > 0 for step in steps)


def list_without_doubles(seed):
    """Two hundred made-up persons with common names, none twice."""
    rng = random.Random(seed)
    given_names = ("Noor", "Layla", "Hasan", "Amina", "Maryam", "Yusuf", "Fatima", "Muhammad")
    family_names = ("Haddad", "Khalil", "Masri", "Hasan", "Najjar", "Abdallah")
    rows = [
        {
            "list": "shelter",
            "record_id": str(number),
            "source_row": number + 2,
            "given_name": rng.choice(given_names),
            "family_name": rng.choice(family_names),
            "birth_date": f"{rng.randint(1970, 2005)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "sex": rng.choice("FM"),
            "place": rng.choice(("Damascus", "Aleppo")),
        }
        for number in range(200)
    ]
    return prepare_table(pa.Table.from_pylist(rows, schema=IDENTITIES))


def test_a_block_without_true_pairs_ends_nothing():
    linked = link_table(list_without_doubles(4))  # Splink refuses an m of 0 in one of its blocks
    compared = [one["output_column_name"] for one in linked.model.model.splink["comparisons"]]
    assert compared == ["given", "family", "birth", "place", "sex"]
    assert sum(probability > 0.5 for probability in linked.pairs["probability"].to_pylist()) < 20


def test_where_nobody_stands_twice_chance_pairs_do_not_teach():
    linked = link_table(list_without_doubles(1))
    assert sum(probability > 0.5 for probability in linked.pairs["probability"].to_pylist()) < 20
    assert any(notice.startswith("birth: only 1% of true pairs") for notice in linked.notices)
