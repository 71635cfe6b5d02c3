"""The TOML file of tables to print."""

import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.release.tables.specification import Published
from palermo.release.tables.specification_file import read_specification

ROWS = pa.table({"country": ["FRA", "MLI", None], "sex": ["F", "M", "F"]})
WORDS = """
[dimensions.country]
areas = true
from_data = true
[dimensions.sex]
codes = ["F", "M"]
groups = {both = ["F", "M"]}
[[tables]]
dimensions = ["country", "sex"]
k = 10
codes = {sex = ["F", "_T"]}
"""


def _written(folder, words):
    path = folder / "tables.toml"
    path.write_text(words, encoding="utf-8")
    return path


def test_dimensions_and_tables_are_read(tmp_path):
    made = read_specification(_written(tmp_path, WORDS), ROWS)
    assert made.dimension("country").codes == ("FRA", "MLI", "_U")
    assert made.dimension("sex").groups == {"both": ("F", "M")}
    assert made.tables == (Published("country_sex", ("country", "sex"), {"sex": ("F", "_T")}, 10),)


def test_public_codes_are_all_countries(tmp_path):
    path = _written(tmp_path, WORDS.replace("from_data = true", ""))
    country = read_specification(path, ROWS, public_codes=True).dimension("country")
    assert len(country.codes) > 190
    assert {"FRA", "MLI", "_U"} <= set(country.codes)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (WORDS, "codes from the data are not public"),
        ("[dimensions.sex]", "no codes"),
        ("[dimensions.sex]\nsize = 2", "no setting size"),
        ("[sex]", "sex; expected"),
        ("tables = 1", "no dimensions"),
        ("dimensions = {sex = 1}", "expected settings, found 1"),
        ("[dimensions.sex", "cannot be read as TOML"),
        ("[dimensions.sex]\ncodes = 'FM'", "sex: codes: found 'FM', expected a list of codes"),
        ("[dimensions.sex]\ncodes = [1.5]", r"codes: found \[1.5\]"),
        ("[dimensions.sex]\ncodes = ['F']\ngroups = 'F'", "groups: found 'F'"),
        ("[dimensions.sex]\ncodes = ['F']\ngroups = {all = 1}", "groups: all: found 1"),
        ("tables = 1\n[dimensions.sex]\ncodes = ['F']", "double brackets"),
        ("[dimensions.sex]\ncodes = ['F']\n[[tables]]\ndimensions = 'sex'", "dimensions: found 'sex'"),
        ("[dimensions.sex]\ncodes = ['F']\n[[tables]]\ncodes = ['F']", r"codes: found \['F'\]"),
        ("[dimensions.sex]\ncodes = ['F']\n[[tables]]\nk = '10'", "k: found '10', expected a whole number"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, words, found):
    with pytest.raises(UsageError, match=found):
        read_specification(_written(tmp_path, words), ROWS, public_codes=True)
