"""Leaks of tables, plain ones of anybody and our own, planted and found; and the same without, in which nothing is.

``PLAIN``, ``PAIRS``, ``NESTED`` and ``NOISY`` say for each kind how it is planted and which attack must find it; what
needs more than a changed file has a test of its own.
"""

import csv

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.release.freeze import make_release
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED
from palermo.release.tables import hierarchy, protection, published, specification

SMALL = {("XXA", "F", "Y0T17"): "*"}
PLAIN = [
    ("small counts", "a count of three is printed", {("XXA", "M", "Y0T17"): 3}),
    ("subtraction", "one cell is hidden, its totals are not", SMALL),
    ("reconstruction", "two cells under 5 that are 8 together", {("XXA", "F", "Y0T17"): "<5", ("XXA", "F", "Y_GE18"):
      "<5", ("XXA", "F", "_T"): 8, ("_T", "F", "Y0T17"): "..", ("_T", "F", "Y_GE18"): "..",
      ("XXA", "_T", "Y0T17"): "..", ("XXA", "_T", "Y_GE18"): "..", ("XXA", "_T", "_T"): 47, ("_T", "F", "_T"): 50,
      ("_T", "_T", "_T"): 117, ("_T", "_T", "Y0T17"): "..", ("_T", "_T", "Y_GE18"): ".."}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "how", "changes"), PLAIN, ids=[kind for kind, _, _ in PLAIN])
def test_leaks_of_a_plain_table(kinds, made, tmp_path, kind, how, changes):
    assert kinds(made["csv"](tmp_path / "sound.csv", made["table"]())) == set()
    assert kind in kinds(made["csv"](tmp_path / "planted.csv", made["table"](changes.items()))), how


def test_a_row_left_out_instead_of_hidden(kinds, made, tmp_path):
    rows = [row for row in made["table"]({("XXA", "M", "Y0T17"): 3, ("XXA", "_T", "Y0T17"): 24, ("XXA", "M", "_T"): 29,
            ("_T", "M", "Y0T17"): 20, ("_T", "M", "_T"): 57, ("XXA", "_T", "_T"): 90, ("_T", "_T", "Y0T17"): 50,
            ("_T", "_T", "_T"): 160}.items()) if row["value"] != 3]  # fmt: skip
    assert kinds(made["csv"](tmp_path / "planted.csv", rows)) == {"subtraction"}


PAIRS = [
    ("a cell is hidden in one table and printed in the other",
     {("XXA", "F", "Y0T17"): "*", ("XXA", "F", "Y_GE18"): "*", ("XXA", "M", "Y0T17"): "*", ("XXA", "M", "Y_GE18"): "*",
      ("XXB", "F", "Y0T17"): "*", ("XXB", "F", "Y_GE18"): "*", ("XXB", "M", "Y0T17"): "*",
      ("XXB", "M", "Y_GE18"): "*"}, {}),
    ("a correction of two persons", {}, {("XXB", "M", "Y_GE18"): 13, ("XXB", "M", "_T"): 30}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "first", "second"), PAIRS, ids=[how for how, _, _ in PAIRS])
def test_differences_between_two_tables(kinds, made, tmp_path, how, first, second):
    sound = [made["csv"](tmp_path / name, made["table"]()) for name in ("a.csv", "b.csv")]
    assert "differencing" not in kinds(*sound)
    one = made["csv"](tmp_path / "one.csv", made["table"](first.items()))
    other = made["csv"](tmp_path / "other.csv", made["table"](second.items()))
    assert "differencing" in kinds(one, other), how


NESTED = [
    ("area", "an area and the parts of it", ("XXW", "XXA"), {"XXA": "XXW", "XXB": "XXW"}),
    ("period", "five years and four of them", ("2015/2019", "2016/2019"), {}),
    ("age", "a band and most of it", ("Y0T17", "Y0T15"), {}),
]


@pytest.mark.parametrize(("column", "how", "codes", "within"), NESTED, ids=[column for column, *_ in NESTED])
def test_differences_between_what_lies_within_each_other(kinds, made, tmp_path, column, how, codes, within):
    def files(inner):
        return [
            made["csv"](tmp_path / f"{code.replace('/', '-')}.csv", [{column: code, "persons": value}])
            for code, value in zip(codes, (90, inner), strict=True)
        ]

    assert kinds(*files(80), within=within) == set()
    assert kinds(*files(88), within=within) == {"differencing"}, how


NOISY = [
    ("reconstruction", "limits that together say who is left", [("F", 12, 8, 16), ("M", 4, 1, 8), ("_T", 10, 6, 9)]),
]


@pytest.mark.parametrize(("kind", "how", "rows"), NOISY, ids=[kind for kind, *_ in NOISY])
def test_leaks_of_a_rounded_table(kinds, made, tmp_path, kind, how, rows):
    def file(name, some):
        lines = [
            dict(zip(("sex", "value", "lower", "upper"), row, strict=True)) | {"done": "perturbed"} for row in some
        ]
        return made["csv"](tmp_path / name, lines)

    assert kinds(file("sound.csv", [("F", 12, 8, 16), ("M", 4, 0, 8), ("_T", 15, 11, 19)])) == set()
    assert kinds(file("planted.csv", rows)) == {kind}, how


def test_one_table_under_two_keys(kinds, made, tmp_path):
    def file(name, step):
        rows = [{"area": f"X{n:02d}", "value": 40 + n + step * (n % 3), "lower": 30 + n, "upper": 52 + n,
                 "done": "perturbed"} for n in range(40)]  # fmt: skip
        return made["csv"](tmp_path / name, rows)

    assert kinds(file("a.csv", 1), file("b.csv", 1)) == set()
    assert kinds(file("a.csv", 1), file("c.csv", -1)) == {"averaging"}


def test_a_small_count_put_back_into_a_release(kinds, tmp_path, cubes, persons, written):
    true = cubes["counted"](persons)
    path = make_release(*written(true), tmp_path / "out", Protection(), {}).path
    assert kinds(path) == set()
    rows = pq.read_table(path / "cube.parquet").to_pylist()
    place = next(number for number, row in enumerate(true) if 0 < row["value"] < 5)
    rows[place] = {**true[place], "conf_status": "F"}
    pq.write_table(pa.Table.from_pylist(rows, RELEASED), path / "cube.parquet")
    assert kinds(path) == {"reconstruction", "copies"}, "the manifest and the copy for people tell as well"


def test_a_figure_in_the_copy_for_people_alone(kinds, tmp_path, cubes, persons, written):
    path = make_release(*written(cubes["counted"](persons)), tmp_path / "out", Protection(), {}).path
    with (path / "cube.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    next(row for row in rows if row["conf_status"] != "F")["value"] = "3"
    with (path / "cube.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert kinds(path) == {"copies"}


def test_two_releases_made_without_each_other(kinds, tmp_path, cubes, persons, written):
    def release(people, name):
        return make_release(*written(cubes["counted"](people)), tmp_path / name, Protection(), {}).path

    first = release(persons, "one")
    assert kinds(first, release(persons, "same")) == set()
    assert "releases together" in kinds(first, release([*persons, *cubes["group"](2)], "two"))


def test_a_hidden_count_of_a_plan_printed(kinds, made, tmp_path):
    people = made["rows"](400, 3)
    axes = [hierarchy.Dimension(name, tuple(sorted({row[name] for row in people}))) for name in ("band", "form")]
    plan = protection.protect_tables(pa.Table.from_pylist(people), specification.Specification(tuple(axes)))
    assert plan.proved.hidden > 0
    published.write_plan(plan, tmp_path / "plan")
    assert kinds(tmp_path / "plan") == set()
    file = tmp_path / "plan" / "band_form.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.endswith("suppressed"))
    lines[place] = ",".join([*lines[place].split(",")[:2], "3", "", "", "A", "F", "count"])
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert kinds(tmp_path / "plan") == {"reconstruction"}
