"""Pieces of the attacker: what lies in what, forms of a string, packed files, intervals, advantages."""

import bz2
import lzma
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.release.attack.aligned import aligned, hashes_of
from palermo.release.attack.containment import splits
from palermo.release.attack.contents import CannotOpenError, contents
from palermo.release.attack.finding import CERTAIN, LIKELY, Finding, Report, ran
from palermo.release.attack.linkage import advantage
from palermo.release.attack.long_table import read_table
from palermo.release.attack.reconstruction import intervals, sums_of
from palermo.release.attack.report import as_html
from palermo.release.attack.search import Strings
from palermo.release.attack.tables import finding_of


def named(dimension, labels, within=()):
    return {
        (labels[one.whole], tuple(labels[part] for part in one.parts), one.covers)
        for one in splits(dimension, labels, dict(within))
    }


def test_totals_hold_what_is_in_nothing_else():
    assert named("sex", ["F", "M", "Total"]) == {("Total", ("F", "M"), False)}
    areas = named("area", ["XXA", "XXB", "XXW", "_T"], {"XXA": "XXW", "XXB": "XXW"})
    assert areas == {("XXW", ("XXA", "XXB"), False), ("_T", ("XXW",), False)}


def test_bands_without_a_gap_make_up_their_whole():
    assert ("Y0T17", ("Y0T8", "Y9T17"), True) in named("age", ["Y0T17", "Y0T8", "Y9T17"])
    assert ("Y0T17", ("Y0T8",), False) in named("age", ["Y0T17", "Y0T8"])
    assert ("2019/2021", ("2019", "2020", "2021"), True) in named("year", ["2019", "2020", "2021", "2019/2021"])


def test_bands_that_overlap_are_no_parts():
    assert not [one for one in named("age", ["Y0T30", "Y0T17", "Y15T24"]) if one[0] == "Y0T30"]


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=8, max_size=20), st.integers(0, 9))
def test_a_string_is_found_wherever_it_stands(text, before):
    strings = Strings([(1, text)])
    data = b"\x00;" * before + text.encode() + b";tail"
    assert (1, "text") in strings.found(data)
    assert {form for _, form in strings.found(text.upper().encode())} >= {"text"}
    assert strings.found(b"nothing of it stands here") == set()


def test_a_short_string_must_stand_alone():
    strings = Strings([(3, "Anna")])
    assert strings.found(b"id,name\n1,anna\n") == {(3, "text")}
    assert strings.found(b"id,name\n1,Hannah Annable\n") == set()


def test_a_string_across_two_blocks_is_found(monkeypatch):
    monkeypatch.setattr("palermo.release.attack.search._BLOCK", 64)
    strings = Strings([(1, "MADEUP-000417")])
    for start in range(40, 130):
        assert strings.found(b"." * start + b"madeup-000417" + b"." * 50) == {(1, "text")}, start


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress, lambda data: pa.compress(data, "gzip", asbytes=True)])
def test_packed_files_are_opened(pack):
    assert [data for _, data in contents("a", pack(pack(b"inside")))][-1] == b"inside"


def test_what_cannot_be_opened_is_said(tmp_path, attacked, made):
    with pytest.raises(CannotOpenError, match="cannot be unpacked"):
        list(contents("a.gz", b"\x1f\x8b and nothing more"))
    (tmp_path / "out").mkdir()
    made["csv"](tmp_path / "out" / "rows.csv", [{"sex": "F"}])
    (tmp_path / "out" / "a.zip").write_bytes(b"PK\3\4 broken")
    (tmp_path / "list.txt").write_text("MADEUP-1\n", encoding="utf-8")
    left = [one for one in attacked(tmp_path / "out", search=tmp_path / "list.txt").outcomes if not one.ran]
    assert any("a.zip: cannot be unpacked" in one.could_not for one in left)


def test_files_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/b.txt", "inside")
    assert ("a.zip/in/b.txt", b"inside") in list(contents("a.zip", (tmp_path / "a.zip").read_bytes()))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.sets(st.integers(0, 11), max_size=5))
def test_intervals_hold_the_truth(tmp_path_factory, counts, hidden):
    """Whatever is hidden of a table that adds up, its true count lies in the interval that is worked out."""
    cells = {(area, sex): counts[3 * a + s] for a, area in enumerate("AB") for s, sex in enumerate("FMX")}
    for area in "AB":
        cells[area, "_T"] = sum(cells[area, sex] for sex in "FMX")
    for sex in "FMX":
        cells["_T", sex] = cells["A", sex] + cells["B", sex]
    cells["_T", "_T"] = sum(counts)
    keys = list(cells)
    rows = [f"{area},{sex},{'*' if n in hidden else cells[area, sex]}" for n, (area, sex) in enumerate(keys)]
    path = tmp_path_factory.mktemp("law") / "table.csv"
    path.write_text("\n".join(["area,sex,value", *rows]) + "\n", encoding="utf-8")
    table = read_table(path)
    low, high, left_out = intervals(table, sums_of(table, {}).groups)
    true = [cells[tuple(table.labels[place][code] for place, code in enumerate(row))] for row in table.codes.tolist()]
    assert left_out == 0
    assert (low <= true).all()
    assert (np.array(true) <= high).all()


def test_an_advantage_that_chance_could_give_is_none():
    half = np.arange(400) % 2 == 0
    assert not advantage(half, half).is_real
    assert advantage(np.ones(400, dtype=bool), half).is_real


def test_files_are_coded_alike_and_must_have_the_same_columns(made, tmp_path):
    one = made["csv"](tmp_path / "one.csv", [{"sex": "F", "means": "b;a"}, {"sex": "", "means": ""}])
    other = made["csv"](tmp_path / "other.csv", [{"id": "1", "sex": "F", "means": "a;b"}])
    files = aligned([one, other]).files
    assert files[0][0].tolist() == files[1][0].tolist()
    assert files[0][1].tolist() == [0, 0]
    assert hashes_of(files[0])[0] == hashes_of(files[1])[0] != hashes_of(files[0])[1]
    with pytest.raises(UsageError, match="no column id"):
        aligned([other, one])


def test_derived_values_are_taken_out_of_the_words():
    found = finding_of("reconstruction", "r", "table (sex F): hidden, but it follows that it is from 2 to 3")
    assert found.words == "table (sex F): hidden, but it follows what it is"
    assert found.told == "is from 2 to 3"
    assert "told" not in found.summary(values=False)


def test_a_page_escapes_what_files_are_called():
    finding = Finding("search", "<script>.csv", "x", LIKELY, "7")
    report = Report(("<b>",), 1, (ran("search", "all", 1, "tried", [finding, Finding("k", "w", "sure", CERTAIN)]),))
    page = as_html(report, values=False)
    assert "<script>" not in page
    assert "(7)" not in page
    assert "(7)" in as_html(report, values=True)
    assert [one.severity for one in report.findings] == [CERTAIN, LIKELY]
