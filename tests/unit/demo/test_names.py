import numpy as np
import pytest

from palermo.codes.folding import fold
from palermo.demo.draws import stream
from palermo.demo.names import (
    FAMILY_SYLLABLES,
    GIVEN_SYLLABLES,
    SCRIPTS,
    SYLLABLES,
    VARIANTS,
    Names,
    draw_names,
    variants,
    written,
)

# Common given and family names of many countries, typed for this test.
COMMON = """maria anna fatima aisha mary elena olga natalia svetlana sofia ana rosa carmen lucia laura emma olivia
amina zainab khadija mariam sara leila yasmin nour hanna ingrid grace blessing joy esther ruth mercy precious wei ling
mei yan min hong lan thi huong linh siti dewi putri nur priya lakshmi sita gita devi anita sunita john james robert
michael david daniel carlos jose juan luis pedro ahmed mohamed ali omar hassan ibrahim yusuf ivan dmitri sergei andrei
alexei igor pavel jan piotr hans peter paul jean pierre marco luca giovanni smith jones brown garcia rodriguez martinez
lopez hernandez gonzalez silva santos oliveira ivanov petrov kuznetsov nguyen tran pham chen wang li zhang liu kim park
lee singh kumar sharma khan hussain popescu ionescu kowalski nowak novak horvat kovacs nagy muller schmidt rossi okafor
adeyemi mensah diallo traore abebe tesfaye"""
REAL_NAMES = frozenset(COMMON.split())


@pytest.fixture(scope="module")
def names():
    return draw_names(stream(1, 9), 4_000)


def test_no_made_up_name_is_a_common_real_name(names):
    parts = {fold(part) for person in range(4_000) for part in written(names, person, "latin").split()}
    assert len(parts) > 1_000
    assert parts.isdisjoint(REAL_NAMES)


def test_no_common_real_name_can_be_put_together_from_the_syllables():
    """Stronger than a sample: every name is two or three syllables of three letters each."""
    syllables = {latin for latin, _, _ in SYLLABLES}
    for name in REAL_NAMES:
        pieces = [name[start : start + 3] for start in range(0, len(name), 3)]
        made = len(pieces) in (GIVEN_SYLLABLES, FAMILY_SYLLABLES) and all(piece in syllables for piece in pieces)
        assert not made, name


def test_every_syllable_has_three_letters_and_differs_in_each_script():
    for column in range(len(SCRIPTS)):
        assert len({syllable[column] for syllable in SYLLABLES}) == len(SYLLABLES)
    assert all(len(latin) == 3 for latin, _, _ in SYLLABLES)


@pytest.mark.parametrize(("script", "low", "high"), [("latin", "A", "z"), ("arabic", "ء", "ۿ"), ("cyrillic", "А", "я")])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_name_stays_in_its_script(names, script, low, high, variant):
    text = written(names, 7, script, variant, where=0.4)
    assert all(low <= letter <= high for letter in text.replace(" ", ""))


def test_variants_do_what_they_are_called(names):
    given, family = written(names, 3, "latin").split()
    assert written(names, 3, "latin", "swapped") == f"{family} {given}"
    assert written(names, 3, "latin", "no_family") == given
    slip = written(names, 3, "latin", "typo", where=0.5)
    assert slip != f"{given} {family}"
    assert sorted(slip) == sorted(f"{given} {family}")


@pytest.mark.parametrize(
    ("script", "given", "respelt"),
    [("latin", "vix", "viks"), ("arabic", "qov", "ڤ"), ("cyrillic", "vix", "викз")],
)
def test_another_transliteration_writes_the_same_sounds_with_other_letters(script, given, respelt):
    place = [latin for latin, _, _ in SYLLABLES].index(given)
    one = Names(np.full((1, GIVEN_SYLLABLES), place), np.full((1, FAMILY_SYLLABLES), place))
    assert respelt in written(one, 0, script, "transliterated").lower()
    assert respelt not in written(one, 0, script).lower()


def test_most_records_write_the_name_plainly_and_every_variant_occurs():
    drawn = variants(stream(1, 2).random(5_000))
    assert set(drawn) == set(VARIANTS)
    assert drawn.count("plain") / 5_000 == pytest.approx(0.72, abs=0.03)
