"""Folding compares names; it must lose accents and punctuation and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.codes.folding import DESTROYED, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d'Ivoire", "COTE D’IVOIRE"),
        ("Türkiye", "turkiye"),
        ("Łódź", "lodz"),
        ("Guinea-Bissau", "Guinea Bissau"),
        ("0--8", "08"),
        ("ＣＴＤＣ", "ctdc"),
    ],
)
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Niger", "Nigeria"), ("Guinea", "Guinée"), ("Мали", "Мальта"), ("中国", "中非")]
)
def test_other_names_stay_apart_in_every_script(one: str, other: str) -> None:
    assert fold(one) and (fold(one) != fold(other))


def test_a_destroyed_letter_is_kept_so_that_it_matches_nothing() -> None:
    assert fold(f"Espa{DESTROYED}a") == f"espa{DESTROYED}a" != fold("España")


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_folding_ignores_outer_and_inner_spaces_and_hyphens(text: str) -> None:
    assert fold(f"  {text}- ") == fold(text)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=30))
@settings(max_examples=60, deadline=None)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
