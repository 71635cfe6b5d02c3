"""How well a header names a target."""

import pytest

from palermo.codes import code_list
from palermo.intake.propose.headers import match_header, match_headers
from palermo.intake.propose.lexicon import lexicon, words_of
from palermo.intake.schema import TABLES


@pytest.mark.parametrize(
    "header", ["yearOfRegistration", "YEAR_OF_REGISTRATION", "Year of registration", "year-of-registration"]
)
def test_writing_does_not_matter(header: str) -> None:
    assert words_of(header) == ("year", "of", "registration")


@pytest.mark.parametrize(
    ("header", "target", "at_least"),
    [
        ("Sexe de la victime", "sex", 0.9),
        ("受害人性别", "sex", 0.6),
        ("Nationalty", "citizenship", 0.8),
        ("Guardian age", "age", 0.6),
        ("CountryOfExploitation", "destination", 1.0),
    ],
)
def test_the_best_target(header: str, target: str, at_least: float) -> None:
    found = match_headers(header, lexicon().targets["cases"])
    best = max(found, key=lambda one: found[one].score)
    assert (best, found[best].score >= at_least) == (target, True)


@pytest.mark.parametrize("header", ["Novel", "Video", "Passage", "type of something", "***"])
def test_short_aliases_do_not_match_inside_other_words(header: str) -> None:
    assert match_headers(header, lexicon().targets["cases"]) == {}


def test_exact_beats_partial() -> None:
    exact, partial = match_header("age", [("age",)]), match_header("age of guardian", [("age",)])
    assert exact is not None
    assert partial is not None
    assert exact.score > partial.score


def test_the_lexicon_names_known_targets_and_codes() -> None:
    for table, targets in lexicon().targets.items():
        assert set(targets) <= set(TABLES[table].names)
    for list_id, texts in lexicon().values.items():
        assert all(code_list(list_id).in_table(code) for code in texts.values()), list_id
