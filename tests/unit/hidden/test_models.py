"""Names, terms and the number of hierarchical models."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.hidden.models import (
    all_two_way,
    generators_of,
    hierarchical_models,
    main_effects,
    name_of,
    parse,
    terms_of,
)


def test_terms_come_with_all_they_contain() -> None:
    assert terms_of([0b011, 0b100]) == (0, 1, 2, 4, 3)
    assert name_of(terms_of([0b011, 0b100])) == "[12,3]"
    assert len(all_two_way(5)) == 16
    assert name_of(main_effects(10)) == "[1,2,3,4,5,6,7,8,9,a]"


@pytest.mark.parametrize(("k", "order", "number"), [(3, 2, 8), (4, 2, 64), (4, 3, 113), (5, 2, 1024), (5, 4, 6893)])
def test_every_hierarchical_model_is_there_once(k: int, order: int, number: int) -> None:
    models = hierarchical_models(k, order)
    assert len(models) == len({frozenset(terms) for terms in models}) == number
    assert models[0] == main_effects(k)
    assert all(len(a) <= len(b) for a, b in pairwise(models))


@given(st.lists(st.integers(1, 63), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_name_reads_back_as_the_same_model(generators: list[int]) -> None:
    terms = terms_of([*generators, *(1 << place for place in range(6))])
    assert parse(name_of(terms), 6) == terms
    assert terms_of(generators_of(terms)) == terms
    held = set(terms)
    assert all(term & ~(1 << place) in held for term in terms for place in range(6))


@pytest.mark.parametrize("text", ["[12,5]", "[1x,2,3]", "[12,,3]", "[]"])
def test_an_unknown_list_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected list numbers"):
        parse(text, 3)


def test_a_list_left_out_is_refused() -> None:
    with pytest.raises(UsageError, match="leaves out list 3"):
        parse("[12]", 3)
