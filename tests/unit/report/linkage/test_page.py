"""The linkage report: whole, without a rate where nobody labelled, and safe whatever a list is called."""

import re
from dataclasses import replace

import pytest

from palermo.report.linkage import LinkageFound, linkage_page
from palermo.report.linkage.figures import bands_figure, compared_figure, lists_figure, persons_figure, rates_figure

RATE = {
    "list_a": "police",
    "list_b": "shelter",
    "records_a": 200,
    "records_b": 100,
    "candidates": 400,
    "links": 50,
    "kept": 0.96,
    "overlap": None,
    "overlap_lower": None,
    "overlap_upper": None,
    "missed": None,
    "missed_lower": None,
    "missed_upper": None,
    "false": None,
    "false_lower": None,
    "false_upper": None,
    "labelled": 0,
    "clerks": 0,
}
LABELLED = {
    **RATE,
    "overlap": 54.0,
    "overlap_lower": 49.0,
    "overlap_upper": 60.0,
    "missed": 0.11,
    "missed_lower": 0.04,
    "missed_upper": 0.2,
    "false": 0.02,
    "false_lower": 0.0,
    "false_upper": 0.07,
    "labelled": 300,
    "clerks": 2,
}
BAND = {
    "band": "0.90-0.95",
    "pairs": 30,
    "labelled": 20,
    "said": 0.93,
    "same": 0.7,
    "same_lower": 0.5,
    "same_upper": 0.85,
    "calibrated": 0.72,
}


@pytest.fixture
def found():
    return LinkageFound(
        lists={"police": 200, "shelter": 100},
        persons=252,
        threshold=0.9,
        candidates=5_000,
        rates=(RATE,),
        missing={"police": {"tokens": 10, "birth_from": 40}, "shelter": {"tokens": 0, "birth_from": 100}},
        cut={"cap": 3, "chain": 4},
        bridges=2,
        largest=5,
        labelled=0,
        clerks=0,
        reliability=(),
        calibration=("No pair has been labelled.",),
        notices=("police: not used: remarks",),
        by="names",
    )


@pytest.fixture
def labelled(found):
    return replace(found, rates=(LABELLED,), labelled=300, clerks=2, reliability=(BAND,), calibration=("A note.",))


def amounts(figure):
    """The cells of the table by the labels of their columns, first row."""
    return dict(zip((one.key for one in figure.table.measures), figure.table.rows[0].amounts, strict=True))


def test_without_labels_no_rate_stands_on_the_page(found):
    page = linkage_page(found)
    assert "only the curve" in page
    assert "Not checked by anybody" in page
    assert "11.0%" not in page
    assert amounts(rates_figure(found))["missed"].value is None
    assert rates_figure(found).marks == ()
    assert bands_figure(found).missing


def test_with_labels_every_rate_has_its_interval(labelled):
    page = linkage_page(labelled)
    assert "only the curve" not in page
    assert "300 pairs were labelled, by 2 people." in re.sub(r"<[^>]+>", "", page)
    row = amounts(rates_figure(labelled))
    assert row["missed"].value == pytest.approx(11.0)
    assert (row["missed_interval"].low, row["missed_interval"].high) == pytest.approx((4.0, 20.0))
    assert row["overlap"].value == 54.0
    assert len(rates_figure(labelled).marks) == 2
    assert amounts(bands_figure(labelled))["same"].value == pytest.approx(70.0)


def test_shares_are_of_what_they_say(found):
    row = amounts(compared_figure(found))
    assert row["share"].value == pytest.approx(2.0)  # 400 of 200 x 100
    assert row["lost"].value == pytest.approx(4.0)
    within = replace(found, rates=({**RATE, "list_b": "police", "records_b": 200, "candidates": 199},))
    assert amounts(compared_figure(within))["share"].value == pytest.approx(1.0)  # 199 of 200 x 199 / 2
    assert amounts(lists_figure(found))["birth_from"].value == pytest.approx(20.0)
    assert [row.amounts[0].value for row in persons_figure(found).table.rows] == [300, 252, 5, 2, 3, 4]


def test_what_nobody_counted_is_not_shown_as_zero(found):
    page = linkage_page(replace(found, missing={}, candidates=None, rates=()))
    assert "Encodings hide which fields" in page
    assert "No two records could be compared" in page
    assert "pairs were compared." not in page


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "شرطة", "a & b"])
def test_a_list_may_be_called_anything(found, name):
    page = linkage_page(replace(found, lists={name: 5}, rates=({**LABELLED, "list_a": name},), labelled=1, clerks=1))
    assert "<script" not in page
    assert "<img" not in page


def test_the_page_is_whole_and_always_the_same(labelled):
    page = linkage_page(labelled)
    assert page == linkage_page(labelled)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert "http" not in re.sub(r'xmlns="[^"]+"', "", page)
    assert "NOT FOR PUBLICATION" in page
