"""The capture table: histories, overlaps, leaving out and merging lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.hidden.capture import CaptureTable, remarks


def table(lists=("A", "B", "C"), **rows):
    """A table from names such as ``AB=3``."""
    histories = [sum(1 << lists.index(letter) for letter in name) for name in rows]
    return CaptureTable(lists, np.array(histories, np.int64), np.array(list(rows.values()), np.int64))


def test_cells_sizes_and_overlaps():
    made = table(A=5, B=3, AB=2, ABC=1)
    assert made.n == 11
    assert made.cells.tolist() == [0, 5, 3, 2, 0, 0, 0, 1]
    assert made.list_sizes.tolist() == [8, 6, 1]
    assert made.overlaps[0, 1] == 3
    assert made.exclusive.tolist() == [5, 3, 0]


def test_a_list_left_out_takes_with_it_whom_it_alone_saw():
    made = table(A=5, B=3, AC=2, C=7).without("A")
    assert made.lists == ("B", "C")
    assert (made.n, made.cells.tolist()) == (12, [0, 3, 9, 0])


def test_two_lists_taken_as_one():
    made = table(A=5, B=3, AB=2, BC=4, C=1).merged("A", "B")
    assert made.lists == ("A+B", "C")
    assert made.cells.tolist() == [0, 10, 1, 4]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=15, max_size=15), st.sampled_from("ABCD"), st.sampled_from("ABCD"))
def test_merging_keeps_everyone_and_leaving_out_nobody_else(counts, first, second):
    made = CaptureTable(tuple("ABCD"), np.arange(1, 16), np.array(counts, np.int64))
    assert made.without(first).n == made.n - int(made.exclusive["ABCD".index(first)])
    if first != second:
        merged = made.merged(first, second)
        assert merged.n == made.n
        assert merged.k == 3


def test_strata_split_the_persons():
    made = CaptureTable(
        ("A", "B"),
        np.array([1, 2, 3]),
        np.array([4, 5, 6]),
        covariates={"sex": ("F", "M", "F"), "age": ("1", None, "1")},
    )
    parts = dict(made.strata(["sex"]))
    assert {key: part.n for key, part in parts.items()} == {("F",): 10, ("M",): 5}
    assert [key for key, _ in made.strata(["age"])] == [("1",), (None,)]
    with pytest.raises(UsageError, match="no covariate"):
        made.strata(["form"])


@pytest.mark.parametrize(
    ("lists", "histories", "counts", "words"),
    [
        (("A",), [1], [1], "expected 2 to 10"),
        (("A", "A"), [1], [1], "one name"),
        (("A", "B"), [1], [-1], "negative"),
        (("A", "B"), [0], [1], "no list saw"),
        (("A", "B"), [4], [1], "no list saw"),
    ],
)
def test_impossible_tables_are_refused(lists, histories, counts, words):
    with pytest.raises(UsageError, match=words):
        CaptureTable(lists, np.array(histories), np.array(counts))


def test_remarks_name_what_limits_any_estimate():
    said = " ".join(remarks(table(A=5, AB=2)))
    assert "list C saw nobody" in said
    assert "everyone on list B is on list A too" in said
    assert "1 pair of lists share nobody: C and A" in " ".join(remarks(table(A=5, C=2, AB=1, BC=1)))


def test_a_history_stays_impossible_when_every_history_that_becomes_it_was():
    made = CaptureTable(
        tuple("ABC"), np.array([1, 2, 4, 5]), np.array([9, 8, 7, 6]), structural=frozenset({0b011, 0b111})
    )
    assert made.without("C").structural == {0b11}  # A and B share nobody, with C or without
    assert made.without("A").structural == frozenset()  # B and C may share somebody who is not on A
    assert made.merged("A", "C").structural == frozenset()  # B with C alone is possible
    assert made.merged("A", "B").structural == frozenset()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"structural": frozenset({4})}, "none of the 3 histories"),
        ({"structural": frozenset({0})}, "none of the 3 histories"),
        ({"lower": np.array([5, 0]), "upper": np.array([9, 9])}, "outside its own range"),
        ({"lower": np.array([-1, 0]), "upper": np.array([9, 9])}, "outside its own range"),
    ],
)
def test_structural_zeros_and_ranges_are_checked(changes, words):
    with pytest.raises(UsageError, match=words):
        CaptureTable(("A", "B"), np.array([1, 2]), np.array([3, 4]), **changes)


def test_identical_lists_are_remarked_on_from_both_sides():
    said = remarks(table(AB=5, C=2, ABC=1))
    assert "everyone on list A is on list B too" in said
    assert "everyone on list B is on list A too" in said
