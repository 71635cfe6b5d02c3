"""An account whose figures cannot be true is refused before anything is protected or published."""

import math
from pathlib import Path

import pytest

from palermo.account.schema import DIMENSIONS
from palermo.errors import RefusedError
from palermo.release.additive import check_figures

CUBE = Path("cube.parquet")


def _row(indicator, value, **codes):
    same = {"measure": "victims_detected", "unit": "PERSON", "kind": "detected", "confidential": True}
    given = {"indicator": indicator, **same, **dict.fromkeys(DIMENSIONS, "_T"), "ref_area": "XXA", "value": value}
    return {**given, **codes}


def _table(indicator="victims_by_sex_age"):
    """Twelve made-up persons of a made-up area by sex."""
    counts = {"F": 7.0, "M": 4.0, "_U": 1.0, "_T": 12.0}
    return [_row(indicator, value, sex=sex, time_period="2021") for sex, value in counts.items()]


def test_figures_that_add_up_pass():
    check_figures(CUBE, _table())
    check_figures(CUBE, _table("sdg_16_2_2")[:2] + _table("sdg_16_2_2")[3:])  # prints no unknown sex


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("indicator", ["victims_by_sex_age", "persons_convicted"])
def test_one_altered_figure_is_refused_and_not_printed(place, indicator):
    rows = _table(indicator)
    rows[place]["value"] += 77
    with pytest.raises(RefusedError, match=r"cube.parquet: .* 2021: its parts by sex do not add up to it") as told:
        check_figures(CUBE, rows)
    assert str(rows[place]["value"]) not in str(told.value)


def test_parts_of_a_table_without_unknown_may_be_fewer_and_not_more():
    rows = _table("sdg_16_2_2")
    rows[0]["value"] += 1
    with pytest.raises(RefusedError, match="sdg_16_2_2"):
        check_figures(CUBE, rows)


@pytest.mark.parametrize("value", [-3.0, 0.5, math.nan, math.inf])
def test_what_is_no_number_of_persons_is_refused(value):
    rows = _table()
    rows[1]["value"] = value
    with pytest.raises(RefusedError, match="victims_by_sex_age XXA 2021 M is no whole number"):
        check_figures(CUBE, rows)


def test_published_figures_and_rates_are_not_held_to_it():
    rows = [{**row, "confidential": False, "value": row["value"] + 0.5} for row in _table()]
    check_figures(CUBE, [*rows, _row("victims_rate", 0.25, unit="PER_100K")])
