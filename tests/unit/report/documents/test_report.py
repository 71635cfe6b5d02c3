from dataclasses import replace

import pytest

from palermo.errors import UsageError
from palermo.language import speaking
from palermo.report.documents.report import SUMMARISED, report_of


def test_every_sentence_of_the_summary_is_one_of_its_figure(report):
    by_id = {figure.id: figure for figure in report.figures}
    said = [one for part in report.summary for one in part.sentences]
    assert {one.figure_id for one in said} >= {"P1", "P3", "E1", "C5"}
    assert all(one.sentence in by_id[one.figure_id].text for one in said)
    assert all(one.figure_id in SUMMARISED for one in said)


def test_a_figure_that_is_missing_says_nothing_in_the_summary(release):
    emptied = replace(release, cube=release.cube.slice(0, 3))
    said = [one.figure_id for part in report_of(emptied).summary for one in part.sentences]
    assert "E1" not in said


def test_every_receipt_of_every_figure_is_resolved(report):
    resolved = {annex.figure.id: {one.receipt_id for one in annex.numbers} for annex in report.annexes}
    for figure in report.figures:
        assert set(figure.receipts) <= resolved.get(figure.id, set()), figure.id
    assert all(one.definition in report.definitions for annex in report.annexes for one in annex.numbers)


def test_made_up_comes_first_among_the_warnings_and_the_title_is_the_offices(report):
    assert report.warnings[0].startswith("MADE UP DATA.")
    assert (report.title, report.title_is_given) == ("Trafficking in persons in Exampleland", True)
    assert report.years == "2021–2023"


def test_another_area_has_its_own_title_and_no_key_figure_of_the_account(release):
    other = report_of(release, "001")
    assert other.title == "Trafficking in persons: account of the world"
    assert "Exampleland" not in other.place
    assert [item.value for item in other.key_figures] != [item.value for item in report_of(release).key_figures]


def test_an_earlier_period_ends_the_years_there(release):
    assert report_of(release, period="2022").years == "2021–2022"
    assert "2022" in report_of(release, period="2022").figures[1].title


@pytest.mark.parametrize(
    ("area", "period", "said"), [("FRA", None, "--area FRA"), (None, "1999", "--period 1999"), ("XXX", "2023", "DEU")]
)
def test_what_the_release_does_not_hold_is_refused_with_what_it_holds(release, area, period, said):
    with pytest.raises(UsageError, match=said):
        report_of(release, area, period)


def test_the_language_spoken_is_that_of_the_report(release):
    with speaking("ar"):
        arabic = report_of(release)
    assert (arabic.language, arabic.right_to_left) == ("ar", True)
    assert "٢٠٢٣" in arabic.years
