"""What a reader would rather have."""

import pytest

from palermo.report.accept import by_quality, languages


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        ("fr-CA, en;q=0.8", ["fr", "en"]),
        ("en;q=0.2, zh-Hant ; q=0.9, ar", ["ar", "zh", "en"]),
        ("ru;q=0, es;q=0.1", ["es"]),
        ("fr;q=x, es-es", ["es"]),
    ],
)
def test_languages_are_told_best_first_and_unwanted_ones_left_out(header, expected):
    assert languages(header) == expected


def test_entries_keep_their_parameters_and_of_equals_the_first_comes_first():
    assert by_quality("text/csv;labels=both, application/json;q=0.5, text/xml") == [
        "text/csv;labels=both", "text/xml", "application/json;q=0.5",
    ]  # fmt: skip
