"""The number with and without correction as one thing; nothing labelled, or a steep curve, leaves no number."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.linked_number import NOT_CORRECTED, in_their_place, linked_number, read_links, tables_of
from palermo.hidden.links import Links
from palermo.linkage.schema import PAIR_RATES

LISTS = ("A", "B")
QUICK = Settings(bootstrap=80)


RECORDS = pa.table(
    {
        "row_id": list(range(1, 602)),
        "list": ["A"] * 300 + ["B"] * 301,
        "record_id": [str(number) for number in range(601)],
        "comparable": [True] * 600 + [False],
    }
)
LOST = {0.5: 20, 0.9: 10, 0.99: 5}  # made up: at each threshold every such person of the 200 on both lists falls apart


def joined(lost=None):
    """Persons 1 to 200 are on both lists, as records n and 300 + n; one more record cannot be compared."""
    rows = [
        {"threshold": at, "row_id": row, "person_id": person}
        for at, every in (lost or LOST).items()
        for person in range(1, 201)
        if person % every
        for row in (person, 300 + person)
    ]
    return pa.Table.from_pylist(rows)


def rates(missed, labelled=200, links=None):
    row = {"list_a": "A", "list_b": "B", "labelled": labelled, "false": 0.0, "false_lower": 0.0, "false_upper": 0.0}
    row |= {"missed": missed, "missed_lower": missed * 0.8, "missed_upper": missed * 1.2, "overlap": 200.0}
    return pa.Table.from_pylist([row | {"links": links}], schema=PAIR_RATES)


@pytest.fixture
def links(tmp_path):
    tables = {"records": RECORDS, "thresholds": joined(), "rates": rates(0.1)}
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    return Links(**{name: tmp_path / f"{name}.parquet" for name in tables}, draws=None, threshold=0.9, labelled=200)


def test_the_files_of_linkage_become_numbers_with_and_without_correction(links):
    found = read_links(links, LISTS, QUICK)
    truth = 300 * 300 / 200
    assert found.hindrance is None
    assert found.labelled == 200
    assert found.check == pytest.approx(truth)
    (row,) = [row for row in found.rows() if row["estimator"] == "main_effects"]
    assert row["corrected"] == pytest.approx(truth)
    assert row["uncorrected"] == pytest.approx(truth / 0.9)
    assert row["lower"] < truth < row["upper"]
    assert 0 < row["linkage_part"] < 1
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert [point["threshold"] for point in document["curve"]["points"]] == [0.5, 0.9, 0.99]
    (pair,) = document["two_lists"]
    assert pair["lists"] == ["A", "B"]
    assert pair["lincoln_petersen_corrected"] == pytest.approx(truth)
    assert not any("overlap" in name for name in pair)
    assert [round(point["corrected"]) for point in document["curve"]["points"]] == [450, 450, 450]


def test_a_record_that_cannot_be_compared_is_in_no_table():
    tables = tables_of(RECORDS, joined(), LISTS, 0.95)
    assert tables[0.5].list_sizes.tolist() == [300, 300]
    assert tables[0.5].overlaps[0, 1] == 190
    assert tables[0.95].overlaps[0, 1] == 0


def test_draws_of_linkage_make_the_interval(links, tmp_path):
    draws = {"draw": [1, 2], "list_a": ["A", "A"], "list_b": ["B", "B"], "missed": [0.0, 0.3], "false": [0.0, 0.0]}
    pq.write_table(pa.table(draws), tmp_path / "draws.parquet")
    found = read_links(replace(links, draws=tmp_path / "draws.parquet"), LISTS, QUICK)
    assert found.answers[0].diagnostics["linkage_part"] > 0.5


def test_some_of_the_persons_are_corrected_by_the_same_rates(links):
    some = CaptureTable(LISTS, np.array([1, 2, 3]), np.array([41, 31, 9]))
    found = read_links(links, LISTS, QUICK, some)
    assert found.rows()[-1]["corrected"] == pytest.approx(50 * 40 / 10)
    assert found.curve.points[0].seen == 410


def test_without_labels_only_the_curve_is_left(links):
    found = read_links(replace(links, labelled=0), LISTS, QUICK)
    assert found.labelled == 0
    assert "only the curve" in found.hindrance
    assert found.answers == ()
    assert found.curve.reach(corrected=False)[1] == pytest.approx(450 / 0.8)


def test_rates_without_labels_are_refused_too(links):
    pq.write_table(rates(0.1, labelled=0), links.rates)
    found = read_links(links, LISTS, QUICK)
    assert "only the curve" in found.hindrance
    assert all(row["corrected"] is None for row in found.rows())


def test_two_records_of_one_person_in_a_list_do_not_count_twice_in_the_check(links):
    pq.write_table(rates(0.1, links=360), links.rates)
    found = read_links(links, LISTS, QUICK)
    assert found.check == pytest.approx(300 * 300 / 100)


def test_rates_that_do_not_flatten_the_curve_leave_no_number():
    tables = tables_of(RECORDS, joined(), LISTS, 0.9)
    found = linked_number(tables, {0.5: rates(0.6), 0.9: rates(0.1), 0.99: rates(0.1)}, 0.9, QUICK)
    assert "moves the number" in found.hindrance
    assert {answer.verdict for answer in found.answers} == {Verdict.REFUSED}


def own(name, stratum="_T"):
    return Answer(name, 500.0, 450.0, 560.0, 0.95, stratum=stratum)


def test_corrected_answers_stand_in_the_place_of_the_others(links):
    found = read_links(links, LISTS, QUICK)
    one, other, part = in_their_place([own("main_effects"), own("dga_bma"), own("main_effects", "sex=F")], found)
    assert one.estimate == pytest.approx(450)
    assert other.estimate is part.estimate is None
    assert NOT_CORRECTED in other.reasons
    assert NOT_CORRECTED in part.reasons


def test_what_the_rules_found_stays_with_the_corrected_answer(links):
    found = read_links(links, LISTS, QUICK)
    doubts = [{"rule": "few_overlaps", "weight": "caution", "reason": "few are on two lists"}]
    (one,) = in_their_place([replace(own("main_effects"), diagnostics={"findings": doubts})], found)
    assert one.estimate == pytest.approx(450)
    assert one.verdict is Verdict.WARNED
    assert one.reasons[0] == "few are on two lists"
    assert one.diagnostics["findings"] == doubts
    (none,) = in_their_place([refused("main_effects", 0.95, "nobody is on two lists")], found)
    assert none.verdict is Verdict.REFUSED


def test_where_no_number_may_stand_alone_none_does(links):
    found = read_links(replace(links, labelled=0), LISTS, QUICK)
    (answer,) = in_their_place([own("main_effects")], found)
    assert answer.verdict is Verdict.REFUSED
    assert answer.reasons[0] == found.hindrance


def test_tables_without_the_threshold_that_is_used_are_a_mistake():
    with pytest.raises(UsageError, match="no persons at the threshold"):
        linked_number({}, {}, 0.9)


PERSONS, THREE = 2500, ("A", "B", "C")  # made up
FALLEN = {0.5: 0.02, 0.9: 0.1, 0.99: 0.3}  # at each threshold the share of records that fall off their person


@pytest.fixture(scope="module")
def country():
    """Records of 2,500 persons on three lists, and the persons that they are made into at three thresholds."""
    rng = np.random.default_rng(5)
    person, place = np.nonzero(rng.random((PERSONS, 3)) < (0.4, 0.35, 0.3))
    rows, luck = np.arange(1, len(person) + 1), rng.random(len(person))
    names = np.array(THREE)[place].tolist()
    records = {"row_id": rows, "list": names, "record_id": rows.astype(str), "comparable": [True] * len(rows)}
    whole = [luck >= share for share in FALLEN.values()]
    joined = {
        "threshold": np.concatenate([np.full(own.sum(), at) for at, own in zip(FALLEN, whole, strict=True)]),
        "row_id": np.concatenate([rows[own] for own in whole]),
        "person_id": np.concatenate([10**6 + person[own] for own in whole]),
    }
    return pa.table(records), pa.table(joined)


def rates_at(share):
    missed = 1 - (1 - share) ** 2
    rows = [
        {"list_a": one, "list_b": other, "labelled": 300, "false": 0.0, "false_lower": 0.0, "false_upper": 0.01,
         "missed": missed, "missed_lower": missed * 0.8, "missed_upper": missed * 1.2}
        for one, other in combinations(THREE, 2)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PAIR_RATES)


def at_each(folder, country, shares):
    """The number where each threshold has rates as if this share of records had fallen off."""
    tables = [rates_at(share).add_column(0, "threshold", pa.array([at] * 3)) for at, share in shares.items()]
    files = {"records": country[0], "thresholds": country[1], "rates": rates_at(shares[0.9])}
    files["threshold_rates"] = pa.concat_tables(tables)
    for name, table in files.items():
        pq.write_table(table, folder / f"{name}.parquet")
    paths = {name: folder / f"{name}.parquet" for name in files}
    return read_links(Links(**paths, draws=None, threshold=0.9, labelled=900), THREE, QUICK)


def test_right_rates_at_each_threshold_make_the_curve_flat_and_the_number_stands(tmp_path, country):
    found = at_each(tmp_path, country, FALLEN)
    assert found.hindrance is None
    low, high = found.curve.reach(corrected=False)
    assert high / low > 1.3
    low, high = found.curve.reach(corrected=True)
    assert high / low < 1.08 and low < PERSONS * 1.05 and high > PERSONS * 0.95
    assert found.answers[0].verdict is not Verdict.REFUSED


@pytest.mark.parametrize(
    "wrong",
    [
        {0.5: 0.1, 0.9: 0.1, 0.99: 0.1},  # as good at every threshold as at the one where somebody looked
        {0.5: 0.3, 0.9: 0.1, 0.99: 0.02},  # of the other end
        {0.5: 0.02, 0.9: 0.02, 0.99: 0.02},  # somebody saw hardly any missed link
    ],
)
def test_rates_that_do_not_fit_the_persons_of_each_threshold_refuse_the_number(tmp_path, country, wrong):
    found = at_each(tmp_path, country, wrong)
    assert "moves the number from" in found.hindrance
    assert all(answer.verdict is Verdict.REFUSED for answer in found.answers)
