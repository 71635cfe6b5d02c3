import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import PalermoError, UsageError
from palermo.linkage.schema import PAIRS
from palermo.linkage.score_bands import (
    EDGES,
    band_bounds,
    band_names,
    band_of,
    bits,
    edges_with,
    find_pairs,
    list_pairs,
    scores,
)

RECORDS = pa.table({"row_id": [3, 9, 4, 12], "list": ["z", "a", "z", "a"], "record_id": ["1", "2", "3", "4"]})


def pairs(*rows):
    names = ("left", "right", "weight", "probability", "source")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=PAIRS)


def test_a_score_is_the_weight_or_the_bits_of_the_probability_or_nothing():
    table = pairs(
        (1, 2, 3.5, 0.9, "model"), (1, 3, None, 0.5, "model"), (1, 4, 9.0, 1.0, "key"), (2, 3, None, 1.0, "model")
    )
    found = scores(table)
    assert found[:2].tolist() == [3.5, 0.0] and np.isnan(found[2]) and found[3] == 200


def test_bands_are_named_by_their_limits_and_hold_the_lower():
    names = band_names(EDGES)
    assert names[0] == "0-0.002" and names[8] == "0.90-0.95" and names[-1] == "0.999-1"
    assert [band_bounds(name) for name in names] == [(EDGES[at], EDGES[at + 1]) for at in range(len(names))]
    found = band_of(np.array([bits(np.array(0.9)), bits(np.array(0.899)), np.nan]), EDGES)
    assert [names[found[0]], names[found[1]], found[2]] == ["0.90-0.95", "0.75-0.90", -1]


def test_the_threshold_is_an_edge():
    assert edges_with(0.85)[8] == 0.85 and edges_with(0.9) == EDGES == edges_with(None)
    with pytest.raises(UsageError, match=r"threshold 0\.0"):
        edges_with(0.0)
    with pytest.raises(PalermoError, match="expected two numbers"):
        band_bounds("high")


def test_pairs_of_lists_are_in_the_order_of_the_lists_and_rows_need_no_order():
    found = list_pairs(pairs((3, 9, 0, 0, "model"), (9, 12, 0, 0, "model"), (4, 12, 0, 0, "model")), RECORDS)
    assert [found.names[one] for one in found.index] == [("z", "a"), ("a", "a"), ("z", "a")]
    with pytest.raises(PalermoError, match="the first is row 5"):
        list_pairs(pairs((3, 5, 0, 0, "model")), RECORDS)


def test_pairs_are_found_or_not():
    table = pairs((3, 9, 0, 0, "model"), (4, 12, 0, 0, "model"))
    assert find_pairs(table, pairs((4, 12, 0, 0, ""), (3, 4, 0, 0, ""), (3, 9, 0, 0, ""))).tolist() == [1, -1, 0]
    assert find_pairs(PAIRS.empty_table(), table).tolist() == [-1, -1]
    assert find_pairs(table, PAIRS.empty_table()).tolist() == []
