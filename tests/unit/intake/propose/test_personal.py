"""Columns that point at a person, made up."""

import pytest

from palermo.intake.propose.personal import personal_header, personal_values
from palermo.intake.propose.sample import ColumnSample


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("Apellidos", "name"),
        ("Фамилия", "name"),
        ("رقم الهوية", "identity number"),
        ("手机", "phone"),
        ("Geburtsdatum", "date of birth"),
        ("Mailing Street", "address"),
        ("Observaciones", "free text"),
    ],
)
def test_headers(header: str, what: str) -> None:
    found = personal_header(header)
    assert found is not None
    assert (found[0], found[1].score) == (what, 1.0)


@pytest.mark.parametrize("header", ["Sex", "Forms of exploitation", "Year"])
def test_headers_that_point_at_nobody(header: str) -> None:
    assert personal_header(header) is None


@pytest.mark.parametrize(
    ("texts", "looks"),
    [
        ([f"q{i}@example.invalid" for i in range(9)], "e-mail addresses"),
        ([f"+00 555 00 {i:02}" for i in range(9)], "phone numbers"),
        (["word " * 20 + str(i) for i in range(9)], "free text"),
        ([f"Madeup{chr(65 + i)} Person{chr(65 + i)}" for i in range(25)], "a text of its own"),
    ],
)
def test_values(texts: list[str], looks: str) -> None:
    found = personal_values(ColumnSample("x", dict.fromkeys(texts, 1), complete=True))
    assert found is not None
    assert found.startswith(looks)


@pytest.mark.parametrize("texts", [["F", "M", "O"], [f"2020-01-{i:02}" for i in range(1, 29)], ["12", "13", "14"]])
def test_values_that_point_at_nobody(texts: list[str]) -> None:
    assert personal_values(ColumnSample("x", dict.fromkeys(texts, 1), complete=True)) is None
