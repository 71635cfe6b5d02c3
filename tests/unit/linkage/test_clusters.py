"""Persons from pairs: caps, lists that hold nobody twice, decisions, chains."""

import random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.linkage.clusters import Clusters, Decision, memberships
from palermo.linkage.schema import MEMBERSHIPS, PAIRS


def records(count: int, lists: str | None = None) -> pa.Table:
    names = list(lists) if lists else ["a"] * count
    return pa.table({"row_id": range(1, count + 1), "list": names, "record_id": [f"r{n}" for n in range(1, count + 1)]})


def pairs(*rows: tuple[int, int, float]) -> pa.Table:
    made = [
        {"left": left, "right": right, "weight": p, "probability": p, "source": "model", "rule": "x"}
        for left, right, p in rows
    ]
    return pa.Table.from_pylist(made, schema=PAIRS)


def persons(clusters: Clusters) -> list[int]:
    return clusters.table["person_id"].to_pylist()


def test_links_join_and_the_least_row_names_the_person():
    found = memberships(pairs((2, 3, 0.9), (4, 5, 0.4)), records(5), 0.5)
    assert found.table.schema.equals(MEMBERSHIPS)
    assert persons(found) == [1, 2, 2, 4, 5]
    assert found.table["probability"].to_pylist() == [1.0, 0.9, 0.9, 1.0, 1.0]
    assert found.largest == 2


def test_the_calibrated_probability_goes_first():
    table = pairs((1, 2, 0.9))
    calibrated = table.set_column(4, "calibrated", pa.array([0.2]))
    assert persons(memberships(calibrated, records(2), 0.5)) == [1, 2]


def test_a_person_has_no_more_records_than_the_cap_and_the_weakest_link_falls():
    chain = pairs((1, 2, 0.99), (2, 3, 0.98), (1, 3, 0.97), (3, 4, 0.9), (1, 4, 0.9), (2, 4, 0.9))
    found = memberships(chain, records(4), 0.5, cap=3)
    assert persons(found) == [1, 1, 1, 4]
    assert found.broken["reason"].to_pylist() == ["cap"] * 3
    assert found.broken["right"].to_pylist() == [4, 4, 4]


def test_a_list_that_holds_nobody_twice_gives_each_person_one_record_at_most():
    found = memberships(pairs((1, 2, 0.9), (1, 3, 0.8)), records(3, "abb"), 0.5, unique_lists=["b"])
    assert persons(found) == [1, 1, 3]
    assert found.broken["reason"].to_pylist() == ["list"]
    assert persons(memberships(pairs((1, 2, 0.9), (1, 3, 0.8)), records(3, "abb"), 0.5)) == [1, 1, 1]


def test_what_a_person_decided_holds():
    decided = (Decision(1, 2, same=False), Decision(1, 3, same=True))
    found = memberships(pairs((1, 2, 0.999), (2, 3, 0.99)), records(3), 0.5, decisions=decided)
    assert persons(found) == [1, 2, 1]
    assert set(found.broken["reason"].to_pylist()) == {"decision"}


def test_one_wrong_link_does_not_join_two_persons():
    two = [(a, b, 0.99) for a in (1, 2, 3) for b in (1, 2, 3) if a < b]
    two += [(a, b, 0.99) for a in (4, 5, 6) for b in (4, 5, 6) if a < b]
    found = memberships(pairs(*two, (3, 4, 0.7)), records(6), 0.5)
    assert persons(found) == [1, 1, 1, 4, 4, 4]
    assert found.broken["reason"].to_pylist() == ["chain"]


def test_no_pairs_and_no_records():
    assert persons(memberships(PAIRS.empty_table(), records(2), 0.5)) == [1, 2]
    assert memberships(PAIRS.empty_table(), records(0), 0.5).table.num_rows == 0


LINKS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.floats(0, 1)), max_size=30)


@settings(max_examples=50, deadline=None)
@given(LINKS, st.integers(0, 5), st.integers(1, 5))
def test_order_of_pairs_does_not_matter_and_no_rule_is_broken(links, seed, cap):
    distinct = {(min(a, b), max(a, b)): p for a, b, p in links if a != b}
    rows = [(a, b, p) for (a, b), p in distinct.items()]
    table = records(12, "abababababcc")
    one = memberships(pairs(*rows), table, 0.5, cap, unique_lists=["c"])
    random.Random(seed).shuffle(rows)
    assert memberships(pairs(*rows), table, 0.5, cap, unique_lists=["c"]).table.equals(one.table)
    assert one.largest <= cap
    groups: dict[int, list[str]] = {}
    for person, name in zip(persons(one), table["list"].to_pylist(), strict=True):
        groups.setdefault(person, []).append(name)
    assert all(names.count("c") <= 1 for names in groups.values())
