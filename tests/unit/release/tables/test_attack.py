"""The attack finds what is planted and nothing else."""

import csv

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import PalermoError
from palermo.release.tables import Dimension, Rules, Specification, attack_tables, protect_tables, write_plan

AREA = Dimension("area", tuple("abcdef"), {"north": ("a", "b", "c"), "south": ("d", "e", "f")})
AGE = Dimension("age", ("0", "1", "2"), {"old": ("1", "2")})
SEX = Dimension("sex", ("F", "M"))


def drawn(rows=400, seed=1):
    draws = np.random.default_rng(seed)
    shares = {"area": [0.5, 0.2, 0.15, 0.1, 0.04, 0.01], "age": [0.2, 0.7, 0.1], "sex": [0.8, 0.2]}
    return pa.table({one.name: draws.choice(one.codes, rows, p=shares[one.name]).tolist() for one in (AREA, AGE, SEX)})


@pytest.fixture
def release(tmp_path):
    plan = protect_tables(drawn(), Specification((AREA, AGE, SEX)), Rules(k=5))
    assert plan.proved.ok
    assert plan.hidden.any()
    write_plan(plan, tmp_path)
    return plan, tmp_path


def changed(folder, change):
    path = folder / "area_age_sex.csv"
    with path.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    change(rows)
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_clean_release_gives_nothing_away(release):
    plan, folder = release
    found = attack_tables(folder)
    assert found.ok
    assert found.exact == 0
    assert found.hidden == plan.proved.hidden


def test_the_same_input_gives_the_same_bytes(release, tmp_path_factory):
    _, folder = release
    again = tmp_path_factory.mktemp("again")
    write_plan(protect_tables(drawn(), Specification((AREA, AGE, SEX)), Rules(k=5)), again)
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_a_singleton_put_back_is_caught(release):
    _, folder = release

    def put_back(rows):
        row = next(row for row in rows if row["mark"] == "suppressed")
        row.update(value="1", mark="count", conf_status="F")

    changed(folder, put_back)
    found = attack_tables(folder)
    assert any("a count under k = 5 is printed" in words for words in found.findings)


def test_secondary_cells_put_back_are_caught(release):
    plan, folder = release
    true = dict(zip(plan.cells.keys.tolist(), plan.cells.values.tolist(), strict=True))

    def put_back(rows):
        for row in rows:
            key = sum(
                one.place[row[one.name]] * stride
                for one, stride in zip(plan.specification.dimensions, plan.cells.lattice.strides, strict=True)
            )
            if row["mark"] == "suppressed" and true[key] >= 5:
                row.update(value=str(true[key]), mark="count")

    changed(folder, put_back)
    found = attack_tables(folder)
    assert any("hidden, but it follows that it is" in words for words in found.findings)


def test_figures_that_contradict_each_other_are_found(release):
    _, folder = release

    def spoil(rows):
        row = next(row for row in rows if row["mark"] == "count" and row["area"] == "_T")
        row["value"] = str(int(row["value"]) + 10_000)

    changed(folder, spoil)
    assert not attack_tables(folder).ok


def test_no_release(tmp_path):
    with pytest.raises(PalermoError, match="not protected tables"):
        attack_tables(tmp_path)
