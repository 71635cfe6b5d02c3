"""Rounding, cell keys and private tables on 8,000 rows of the CTDC file of 2020, against the figures of the notes."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from palermo.codes import areas
from palermo.release.tables import Dimension, Specification, of_areas
from palermo.release.tables.alternatives.cell_key import perturbed
from palermo.release.tables.alternatives.controlled_rounding import Rounding, rounded
from palermo.release.tables.alternatives.perturbation import Noise
from palermo.release.tables.alternatives.private_tables import Privacy, private_tables
from palermo.release.tables.cells import Lattice, all_keys, cells_of
from palermo.release.tables.reading import codes_of, read_persons

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = SHARED / "ctdc-kanon-2020-extract" / "dados_app.csv.gz"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the CTDC file of 2020 is not here")


@pytest.fixture(scope="module")
def sample():
    """Cells, leaves, and the places of each person's codes: country in regions, sex, form; 975 cells."""
    with gzip.open(FILE, "rt", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    chosen = np.random.default_rng(1).choice(len(rows), 8_000, replace=False)
    columns = {
        "country": [areas.from_iso2(rows[n]["CountryOfExploitation"]) or "_U" for n in chosen],
        "sex": [rows[n]["gender"] or "_U" for n in chosen],
        "form": [rows[n]["isForcedLabour"] + rows[n]["isSexualExploit"] or "_U" for n in chosen],
    }
    table = pa.table(columns)
    country = of_areas("country", codes_of(table, "country"))
    specification = Specification((country, *(Dimension(n, codes_of(table, n)) for n in ("sex", "form"))))
    leaves, _ = read_persons(table, specification)
    places = [[one.place[text] for text in columns[one.name]] for one in specification.dimensions]
    return cells_of(Lattice.of(specification), leaves), leaves, np.array(places).T


def test_controlled_rounding_is_as_near_as_small_count_rounding(sample):
    """The notes have a mean of .29 and a largest deviation of 4 on a sample of the same kind."""
    cells, _, _ = sample
    number = len(all_keys(cells))
    made = rounded(cells, Rounding(5))
    assert made.largest <= 4
    assert abs(made.values - cells.values).sum() / number <= 0.31
    assert not ((made.values > 0) & (made.values < 5)).any()


def test_cell_keys_have_the_error_asked_for(sample):
    cells, _, places = sample
    off = perturbed(cells, places, [f"p{n}" for n in range(8_000)], b"made up for tests", Noise()) - cells.values
    assert abs(off).max() <= 4
    assert abs(off).sum() / len(all_keys(cells)) <= 0.56
    assert abs(off.mean()) < 0.25


@pytest.mark.parametrize(("epsilon", "mean", "total"), [(1.0, 2.0, 14), (2.0, 1.06, 7), (4.0, 0.57, 5)])
def test_private_tables_have_no_more_error_than_the_notes(sample, epsilon, mean, total):
    cells, leaves, _ = sample
    found, off_total = [], []
    for seed in range(4):
        made = private_tables(cells.lattice, leaves, Privacy(epsilon, seed=seed)).cells
        true = np.zeros(len(made.keys))
        true[np.searchsorted(made.keys, cells.keys)] = cells.values
        found.append(abs(made.values - true).mean())
        off_total.append(abs(made.values.max() - 8_000))
    assert np.mean(found) <= mean
    assert np.mean(off_total) <= total
