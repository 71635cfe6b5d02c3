import tomllib

import pytest

from palermo.demo import facts
from palermo.demo.justice import FIRST_YEAR, HEADER, MAPPING, draw_courts
from palermo.intake.mapping import mapping_from_document


@pytest.fixture(scope="module")
def rows():
    return [dict(zip(HEADER, row, strict=True)) for row in draw_courts(100_000, seed=1).rows]


def share_female(rows, column):
    taken = [row["sex"][:1] for row in rows if row[column]]
    return taken.count("f") / len(taken)


def test_the_mapping_covers_every_column():
    mapping = mapping_from_document(tomllib.loads(MAPPING), "courts")
    assert mapping.table == "suspects"
    assert mapping.source_columns() | set(mapping.ignored) == set(HEADER)


def test_women_are_a_larger_share_of_the_convicted_than_of_the_suspected(rows):
    """38 per cent of the convicted: A/71/223, paragraph 13."""
    assert share_female(rows, "contact") == pytest.approx(0.33, abs=0.02)
    assert share_female(rows, "convicted") == pytest.approx(0.38, abs=0.04)


def test_the_funnel_narrows_and_time_runs_forward(rows):
    for row in rows:
        assert not row["convicted"] or row["prosecuted"]
        years = [int(row[step]) for step in ("contact", "prosecuted", "convicted") if row[step]]
        assert years == sorted(years)
        assert min(years) >= FIRST_YEAR
        assert max(years) <= facts.YEARS[-1]
    counts = [sum(bool(row[step]) for row in rows) for step in ("contact", "prosecuted", "convicted")]
    assert counts == sorted(counts, reverse=True)
    assert counts[2] > 0


def test_misspelt_rows_are_as_many_as_stated():
    courts = draw_courts(20_000, seed=1)
    assert sum(row[1] not in {"female", "male"} for row in courts.rows) == courts.misspelt
    assert all(row[-1] == facts.MADE_UP for row in courts.rows)
