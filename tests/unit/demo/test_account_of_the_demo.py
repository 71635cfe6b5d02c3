"""The account of the demo country differs from the truth by what the score names, and by nothing else."""

from collections import Counter

import pyarrow.parquet as pq
import pytest

from palermo.demo.score import score


@pytest.fixture(scope="module")
def scored(country, account):
    return score(country.workspace, account.cube)


def test_the_difference_of_the_total_is_explained_to_the_last_person(scored):
    total = scored.total
    assert total.account is not None
    assert total.other == 0
    assert min(total.counted_again, total.not_victims, total.quarantined) > 0


def test_the_score_has_a_figure_for_every_group(scored, country):
    assert all(line.account is not None for line in scored.lines)
    assert scored.total.victims == country.persons


def test_groups_differ_little_by_unknown_or_wrong_values(scored):
    for line in scored.lines:
        assert abs(line.other) <= max(8, 0.3 * (line.detected + line.counted_again)), line


def test_the_account_has_big_and_small_cells(account):
    """Otherwise the demo would not show what protection does."""
    rows = pq.read_table(account.cube).to_pylist()
    counts = [row["value"] for row in rows if row["unit"] == "PERSON" and row["confidential"] and row["value"]]
    sizes = Counter("small" if count < 5 else "large" if count >= 100 else "middle" for count in counts)
    assert min(sizes[size] for size in ("small", "middle", "large")) >= 50


def test_the_two_crises_show_in_flows_and_years(account):
    rows = [row for row in pq.read_table(account.cube).to_pylist() if row["indicator"] == "flows"]
    flows = {row["citizenship"]: row["value"] for row in rows if row["counterpart_area"] == "XXA"}
    assert flows["BVT"] > flows["SGS"] > flows["NAM"] > 0
