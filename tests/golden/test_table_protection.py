"""Protection of tables on the CTDC file of 2020: its k, an added person, and a sample with small counts."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from palermo.release.tables import Dimension, Rules, Specification, attack_tables, protect_tables, write_plan
from palermo.release.tables.reading import codes_of, smallest_group

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = SHARED / "ctdc-kanon-2020-extract" / "dados_app.csv.gz"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the CTDC file of 2020 is not here")
COLUMNS = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation")
PRINTED = ("CountryOfExploitation", "gender", "isSexualExploit")


@pytest.fixture(scope="module")
def persons():
    with gzip.open(FILE, "rt", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    return pa.table({name: [row[name] or "_U" for row in rows] for name in {*COLUMNS, *PRINTED}})


def over(table):
    return Specification(tuple(Dimension(name, codes_of(table, name)) for name in PRINTED))


def test_the_k_of_the_file_and_of_a_tampered_copy(persons):
    assert smallest_group(persons, COLUMNS).rows == 11
    assert smallest_group(persons, COLUMNS).groups == 844
    one = {name: ["_U"] for name in persons.column_names}
    tampered = pa.concat_tables([persons, pa.table({**one, "citizenship": ["NR"]}).select(persons.column_names)])
    found = smallest_group(tampered, COLUMNS)
    assert (found.rows, "NR" in found.codes) == (1, True)


def test_nothing_is_hidden_at_the_k_of_the_file(persons):
    assert not protect_tables(persons, over(persons), Rules(k=11)).hidden.any()


def test_an_added_person_is_hidden_and_cannot_be_worked_out(persons, tmp_path):
    one = {name: ["_U"] for name in persons.column_names}
    alone = pa.table({**one, "CountryOfExploitation": ["LY"], "gender": ["Other"]}).select(persons.column_names)
    table = pa.concat_tables([persons, alone])
    plan = protect_tables(table, over(table), Rules(k=11))
    assert plan.proved.ok
    assert plan.losses[0].primary > 0
    write_plan(plan, tmp_path)
    assert attack_tables(tmp_path).ok


@pytest.mark.parametrize("level", ["exact", "width"])
def test_a_sample_is_protected(persons, tmp_path, level):
    rows = np.random.default_rng(1).choice(persons.num_rows, 8_000, replace=False)
    table = persons.take(pa.array(rows))
    plan = protect_tables(table, over(table), Rules(k=5, level=level, zeros="publish", cost="cells"))
    assert plan.losses[0].primary > 40
    assert plan.proved.ok
    write_plan(plan, tmp_path)
    found = attack_tables(tmp_path)
    assert (found.exact, found.findings) == (0, ())
