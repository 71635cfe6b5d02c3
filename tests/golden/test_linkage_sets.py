"""The outside test sets, linked with the one default configuration; what must be met stands in their README.

``python benchmarks/linkage_sets.py`` runs all six; here are those that take seconds and, marked slow, the rest.
"""

from pathlib import Path

import pytest

from palermo.linkage.plain import PlainResult, link_plain
from palermo.linkage.plain_file import PlainOptions

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = SHARED / "linkage"
FEBRL = r"rec_id:rec-(\d+)"

pytestmark = pytest.mark.skipif(not SETS.exists(), reason="test sets of linkage are not here")


def linked(truth: str, *files: str) -> PlainResult:
    return link_plain([SETS / file for file in files], PlainOptions(truth=truth))


def test_splink_fake_1000_meets_its_number_and_finds_the_persons():
    result = linked("cluster", "splink_fake_1000.csv")
    assert result.score is not None
    assert result.score.best_f1 >= 0.90  # to meet: .863
    assert result.person_score is not None
    assert result.person_score["f1"] >= 0.95
    assert 240 <= result.person_score["persons"] <= 265  # 251 are true
    assert "cluster" not in {
        column for columns in result.mapping["splink_fake_1000"].columns.values() for column in columns
    }


def test_rldata500_with_names_and_birth_dates_in_parts():
    result = linked("identity", "rldata500.csv")
    assert result.score is not None
    assert result.score.best_f1 >= 0.97
    assert result.mapping["rldata500"].columns["given_name"] == ("fname_c1", "fname_c2")


@pytest.mark.parametrize(
    ("files", "anchor"),
    [
        (("febrl/dataset1.csv",), 0.995),
        (("febrl/dataset2.csv",), 0.99),
        (("febrl/dataset3.csv",), 0.987),
        (("febrl/dataset4a.csv", "febrl/dataset4b.csv"), 0.996),
    ],
)
def test_febrl_meets_its_number_without_the_social_security_number(files, anchor):
    result = linked(FEBRL, *files)
    assert result.score is not None
    assert result.score.best_f1 >= anchor
    assert result.score.precision_at_90 >= 0.999
    for mapping in result.mapping.values():
        assert "soc_sec_id" not in {column for columns in mapping.columns.values() for column in columns}
    kept = min(one.kept for one in result.linked.kept)
    assert abs(kept - result.score.most_recall) < 0.005  # the loss by blocking, estimated without the truth
