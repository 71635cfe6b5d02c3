"""Files that users write for a release (rules, codes, tables, areas, settings), broken in every way: no traceback."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError
from palermo.release.attack.containment import read_within
from palermo.release.synthetic.public_codes import read_codes
from palermo.release.synthetic.rules_file import read_rules
from palermo.release.tables.specification_file import read_specification
from palermo.sealed_rows import without
from palermo.sealed_work import read_sealed
from palermo.settings_file import read_settings

ROWS = pa.table({"id": ["1", "2"], "sex": ["F", "M"], "country": ["DEU", "_U"]})
SPEC = b"""[dimensions.country]
areas = true
from_data = true
[dimensions.sex]
codes = ["F", "M"]
groups = { both = ["F", "M"] }
[[tables]]
name = "sex"
dimensions = ["sex"]
k = 10
"""
SETTINGS = b"""[account]
area = "DEU"
years = [2019, 2023]
[release]
budget = { epsilon = 4, delta = 1e-9 }
within = { north = "DEU" }
[[source]]
name = "police"
path = "cases.csv"
"""
READERS = {
    "tables.toml": (lambda path: read_specification(path, ROWS), SPEC),
    "codes.toml": (read_codes, b'district = ["North", "South"]\n'),
    "codes.json": (read_codes, b'{"district": ["North", "South"]}'),
    "codes.csv": (read_codes, b"column,code\ndistrict,North\n"),
    "rules.csv": (read_rules, b"column,code,other_column,other_code\na,1,b,2\n"),
    "within.csv": (read_within, b"part,whole\nnorth,DEU\n"),
    "palermo.toml": (read_settings, SETTINGS),
    "sealed.csv": (lambda path: read_sealed(path, ["police"]), b"list,record_id\npolice,1\n"),
    "ids.txt": (lambda path: without(ROWS, path, "id", path), b"1\n"),
}
BROKEN = (
    b"", b"\n", b"\xff\xfe", b"\x00" * 9, b"[]", b"1", b"null", b"[" * 100_000, b'{"a":' * 5_000, b"a = [1]",
    b"a = [[1]]", b"dimensions = 1", b"[dimensions]\na = 1", b"9" * 5_000, b"a = " + b"9" * 5_000,
    b'"' + b"x" * 200_000, b"x" * 200_000 + b",b\n",
)  # fmt: skip


def read(folder, name, content):
    """Read such a file. Anything but a refusal in words is let through to the test."""
    file = folder / name
    file.write_bytes(content)
    file.chmod(0o600)
    try:
        READERS[name][0](file)
    except PalermoError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", READERS)
def test_a_broken_file_is_refused_in_words_that_name_it(tmp_path, name):
    whole = READERS[name][1]
    assert read(tmp_path, name, whole) is None
    header = whole[: whole.index(b"\n") + 1] if b"\n" in whole else b""
    for content in (*BROKEN, *(header + one for one in BROKEN)):
        words = read(tmp_path, name, content)
        assert words is None or name in words, content[:50]
    assert name in (read(tmp_path, name, b"\xff\xfe\x00") or "")


@pytest.mark.parametrize(("name", "row"), [("rules.csv", b"a,1,b"), ("codes.csv", b"district")])
def test_a_row_that_is_too_short_is_named(tmp_path, name, row):
    words = read(tmp_path, name, READERS[name][1] + row + b"\n")
    assert words is not None
    assert "row 2: expected" in words


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), cut=st.integers(0, 12), put=st.one_of(st.binary(max_size=6), st.sampled_from(BROKEN)))
def test_bytes_altered_anywhere_give_no_traceback(tmp_path, name, place, cut, put):
    whole = READERS[name][1]
    start = int(place * len(whole))
    words = read(tmp_path, name, whole[:start] + put + whole[start + cut :])
    assert words is None or words.strip()
