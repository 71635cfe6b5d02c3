"""Shipped lists and lists that a user gives."""

import pytest

from palermo.codes import areas
from palermo.errors import UsageError
from palermo.release.synthetic.public_codes import fits, read_codes, recognise, with_sets

COLUMNS = {
    "gender": ({"Woman": 5, "Man": 5}, 3),
    "yearOfRegistration": ({"2016": 3}, 41),
    "yearRegister": ({"2005-2013": 4, "2019": 2}, 5),
    "citizenship": ({"PHL": 4, "NAM": 1}, None),
    "majorityStatusAtExploit": ({"Minor": 4}, 2),
    "traffickMonths": ({"25+": 4}, 3),
    "meansAbusePsyPhySex": ({"1": 4}, 1),
    "typeOfSexProstitution": ({"1": 4, "0": 3}, 2),
    "vic_ForcedLabourIndustry": ({"F_Construction": 4}, 21),
    "means": ({"threats": 4}, None),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_known_columns(column):
    held, size = COLUMNS[column]
    found = recognise(column, held)
    assert found is not None
    assert all(fits(value, found) for value in held)
    assert size is None or len(found.codes) == size
    assert len(set(found.codes)) == len(found.codes)


def test_the_way_of_writing_is_that_of_most_rows():
    assert "DE" in recognise("citizenship", {"DE": 99, "ZZ": 1}).codes
    assert "DEU" in recognise("citizenship", {"DEU": 99, "DE": 1}).codes
    assert "0" in recognise("citizenship", {"DE": 50, "0": 50}).codes
    assert recognise("citizenship", {"north": 50, "DEU": 50}) is None


def test_the_name_must_fit_too():
    assert recognise("colour", {"Female": 5, "Male": 5}) is None
    assert recognise("island", {"1": 5}) is None
    assert recognise("isLand", {"1": 5}) is not None


def test_a_blank_column_is_on_no_list():
    assert recognise("gender", {}) is None


def test_every_country_of_the_code_list_is_there_once():
    codes = recognise("CountryOfExploitation", {"DEU": 1}).codes
    assert {"NAM", "PSE", "COD"} <= set(codes)
    assert "XXA" not in codes  # made up
    assert all(areas.is_area(code) for code in codes)


def test_sets_of_codes():
    assert with_sets(("b", "a")) == ("b", "a", "a;b")
    assert with_sets(tuple("abcdef")) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lists.toml", 'colour = ["red", "blue"]\nsize = [1, 2]'),
        ("lists.json", '{"colour": ["red", "blue"], "size": [1, 2]}'),
        ("lists.csv", "column,code\ncolour,red\ncolour,blue\nsize,1\nsize,2\n"),
    ],
)
def test_lists_of_the_user(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_codes(tmp_path / name) == {"colour": ("red", "blue"), "size": ("1", "2")}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lists.toml", "colour = "),
        ("lists.json", "[1]"),
        ("lists.csv", "a,b\n1,2\n"),
        ("lists.toml", 'colour = ["red", "red"]'),
        ("lists.toml", "colour = []"),
    ],
)
def test_faulty_lists_are_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=name):
        read_codes(tmp_path / name)
    with pytest.raises(UsageError, match="no such file"):
        read_codes(tmp_path / "other.toml")
