"""Similarity of names: what must be high, what must be lower, and the laws it obeys."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage.names.similarity import name_similarities, name_similarity, word_similarity

NAMES = st.text(alphabet="aebdghkmnopstuvwxyz АБВдежзابتدعقي王明'-. ", max_size=24)


def test_order_script_and_particles_cost_nothing():
    assert name_similarity("Zev Dwuglo", "DWUGLO, Zev") == 1
    assert name_similarity("Zev al-Dwuglo", "Mrs Zev Dwuglo") == 1
    assert name_similarity("Наталья Зевова", "Natalya Zevova") == 1


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (("Zev Marwan Dwuglo", "Zev Dwuglo"), ("Zev Marwan Dwuglo", "Zev Karim Dwuglo")),  # left out, not another
        (("Z. Dwuglo", "Zev Dwuglo"), ("Q. Dwuglo", "Zev Dwuglo")),
        (("Zevqov Dwuglo", "ZevqovDwuglo"), ("Zevqov Dwuglo", "ZevqovBrutuf")),
        (("李小红", "Xiao Hong Li"), ("李小红", "Xiao Ming Li")),
        (("محمد زيفوف", "Mohammed Zivuf"), ("محمد زيفوف", "Mahmoud Zivuf")),
        (("Zevqov Dwuglo", "Zevqow Dwuglo"), ("Zevqov Dwuglo", "Zevqov Dwufep")),
    ],
)
def test_true_pair_above_false_pair(true, false):
    assert name_similarity(*true) > name_similarity(*false) + 0.05


def test_nothing_is_like_nothing():
    assert name_similarity("", "") == name_similarity("?", "Zev") == 0


def test_many_pairs_at_once():
    left, right = ["Zev Dwu", "Glo"], ["Dwu Zev", "Fep"]
    assert np.array_equal(
        name_similarities(left, right), [name_similarity(*pair) for pair in zip(left, right, strict=True)]
    )


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_symmetric_between_zero_and_one_free_of_order(left, right):
    value = name_similarity(left, right)
    assert 0 <= value <= 1
    assert value == name_similarity(right, left)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="bdfgkmprst", min_size=4, max_size=7), min_size=1, max_size=4), st.randoms())
def test_words_in_any_order_are_the_same_name(words, random):
    other = random.sample(words, len(words))
    assert name_similarity(" ".join(words), " ".join(other)) == pytest.approx(1)
    assert word_similarity(words[0], words[-1]) == word_similarity(words[-1], words[0])
