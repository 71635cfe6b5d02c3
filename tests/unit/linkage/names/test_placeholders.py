"""Values that mean "not known"."""

import pytest

from palermo.linkage.names.placeholders import WORDS, is_placeholder


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "UNKNOWN ",
        "N/A",
        "n.a.",
        "xxx",
        "Jane Doe",
        "Doe, Jane",
        "неизвестно",
        "غير معروف",
        "不详",
        "-",
        "",
        "?",
        "...",
        "Desconocída",
    ],
)
def test_not_known(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["Jane", "Zev", "Nadia", "王", "محمد", "1990", "Xena", "Noname Street"])
def test_known(text):
    assert not is_placeholder(text)


def test_data_hold_no_empty_word():
    assert "" not in WORDS and len(WORDS) > 150
