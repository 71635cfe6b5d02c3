"""The figure that counts people under seal: a range wherever it is shown, and nothing where the release has none."""

import pytest

from palermo.report.account import sections_of
from palermo.report.amounts import State, written
from palermo.report.draw import drawings
from palermo.report.figures.with_sealed import INDICATOR, with_sealed

from .conftest import AREA, observation


def ranges():
    """Made-up ranges of 20, as a release prints them."""
    codes = [{"time_period": "2021"}, {"time_period": "2022"}, {"sex": "F"}, {"sex": "M"}, {"age": "Y0T17"}, {}]
    rows = [
        observation(INDICATOR, (100.0 * place, 100.0 * place + 19), measure=INDICATOR, printed=True, **code)
        for place, code in enumerate(codes, 1)
    ]
    return [{**row, "obs_status": "A"} for row in rows]


@pytest.fixture
def figure(releasing):
    made = with_sealed(releasing(ranges()), AREA)
    assert len(made) == 1
    return made[0]


def test_every_amount_is_a_range_as_wide_as_any_other(figure):
    amounts = [row.amounts[0] for row in figure.table.rows]
    amounts += [bar.amount for bar in figure.marks[0].bars]
    assert len(amounts) == 8
    assert {amount.high - amount.low for amount in amounts} == {19.0}
    assert not [amount for amount in amounts if amount.is_exact]


def test_the_drawing_has_room_for_the_upper_end(figure):
    assert [bar.amount.state for bar in figure.marks[0].bars] == [State.ROUNDED] * 2
    (drawn,) = drawings(figure)
    assert drawn
    assert written(figure.table.rows[0].amounts[0]) == "600–619"
    assert [row.stubs[0][1] for row in figure.table.rows][:3] == ["All years", "2021", "2022"]


def test_it_says_what_a_range_does_not_tell(figure):
    assert "or nobody" in figure.note
    assert figure.text == ("In all years they were 600–619 people.",)
    assert figure.title.endswith("2021–2022")


def test_a_release_without_the_range_has_no_such_figure(releasing, release):
    assert with_sealed(releasing([]), AREA) == ()
    assert "L4" not in {one.id for *_, figures in sections_of(release) for one in figures}


def test_a_range_that_is_hidden_everywhere_makes_no_figure(releasing):
    hidden = [{**row, "lower": None, "upper": None, "obs_status": "Q", "conf_status": "A"} for row in ranges()]
    assert with_sealed(releasing(hidden), AREA) == ()
