"""Linking in clear from end to end on made-up records: pairs, blocks that explode, records added, the model on disk."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest

from palermo.errors import PalermoError, UsageError
from palermo.intake.schema import IDENTITIES
from palermo.linkage.blocking import LEAST_LIMIT
from palermo.linkage.clear import NOTHING_TELLS, link_clear, link_table
from palermo.linkage.incremental import link_added
from palermo.linkage.model_file import read_model, save_model
from palermo.linkage.prepare import prepare_table
from palermo.linkage.schema import PAIRS
from palermo.linkage.scoring import score_pairs
from palermo.linkage.settings import LinkOptions
from palermo.private_files import write_private_table

GIVEN = ["ba" + a + b for a in "bdfgklmnprstv" for b in "aeiou"]
FAMILY = [a + "o" + b + "uk" for a in "bdfgklmnprstvz" for b in "bdfgklmnprstvz"]
FAST = LinkOptions(sample_pairs=300_000)
TOWNS = ["zorton", "wexby", "quilham", "vimford", "yarston"]


def identities(persons: int, seed: int = 1) -> tuple[pa.Table, list[int]]:
    """Made-up persons, most in two lists, with slips of the pen in the second."""
    rng = random.Random(seed)
    rows, truth = [], []
    for person in range(persons):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        born = date(1960, 1, 1) + timedelta(rng.randrange(15_000))
        town = rng.choice(TOWNS)
        for name in ("one", "two")[: rng.choice((1, 2, 2))]:
            slip = rng.random()
            wrong = given[:-1] + "y" if name == "two" and slip < 0.15 else given
            day = None if 0.15 < slip < 0.25 else (born if slip < 0.9 else born + timedelta(9)).isoformat()
            rows.append(
                {"list": name, "given_name": wrong, "family_name": family, "birth_date": day, "place": town, "sex": "F"}
            )
            truth.append(person)
    order = sorted(range(len(rows)), key=lambda number: rows[number]["list"])
    table = [rows[number] | {"record_id": str(place), "source_row": place} for place, number in enumerate(order, 1)]
    return pa.Table.from_pylist(table, schema=IDENTITIES), [truth[number] for number in order]


@pytest.fixture(scope="module")
def records() -> pa.Table:
    return prepare_table(identities(1_200)[0])


@pytest.fixture(scope="module")
def truth(records) -> pa.Table:
    return pa.table({"row_id": records["row_id"], "person": [str(one) for one in identities(1_200)[1]]})


@pytest.fixture(scope="module")
def linked(records):
    return link_table(records, FAST)


def test_pairs_of_two_lists_are_found_with_their_probability(linked, truth):
    assert linked.pairs.schema.equals(PAIRS)
    score = score_pairs(linked.pairs, truth)
    assert score.best_f1 > 0.97
    assert score.precision_at_90 > 0.98
    left, right = (linked.pairs[name].to_pylist() for name in ("left", "right"))
    assert all(one < two for one, two in zip(left, right, strict=True))
    kept = {(one.list_a, one.list_b): one.kept for one in linked.kept}
    assert abs(kept["one", "two"] - score.most_recall) < 0.02


def test_the_same_records_give_the_same_pairs(linked, records):
    again = link_table(records, FAST)
    assert again.pairs["weight"].to_pylist() == pytest.approx(linked.pairs["weight"].to_pylist(), abs=1e-9)
    assert again.pairs.select(["left", "right", "rule"]).equals(linked.pairs.select(["left", "right", "rule"]))


def test_adding_records_gives_what_linking_everything_with_the_same_model_gives(records, linked):
    everything = link_table(records, model=linked.model)
    part = records.slice(0, 1_500)
    before = link_table(part, model=linked.model)
    added = link_added(records, part, before.pairs, linked.model)
    assert added.fresh == records.num_rows - 1_500
    assert added.gone == 0
    assert 0 < added.compared < everything.candidates
    assert added.pairs.select(["left", "right"]).equals(everything.pairs.select(["left", "right"]))
    assert added.pairs["weight"].to_pylist() == pytest.approx(everything.pairs["weight"].to_pylist(), abs=1e-9)


def test_records_that_left_take_their_pairs_with_them(records, linked):
    rest = records.slice(100)
    moved = rest.set_column(0, records.schema.field("row_id"), pa.array(range(1, rest.num_rows + 1), pa.int64()))
    added = link_added(moved, records, linked.pairs, linked.model)
    assert (added.fresh, added.gone, added.compared) == (0, 100, 0)
    expected = [
        (left - 100, right - 100)
        for left, right in zip(linked.pairs["left"].to_pylist(), linked.pairs["right"].to_pylist(), strict=True)
        if left > 100
    ]
    assert list(zip(added.pairs["left"].to_pylist(), added.pairs["right"].to_pylist(), strict=True)) == expected


def test_other_columns_than_before_are_refused(records, linked):
    with pytest.raises(UsageError, match="other columns"):
        link_added(
            records.append_column("email", pa.nulls(records.num_rows, pa.string())), records, linked.pairs, linked.model
        )


def test_a_model_read_from_disk_scores_as_before_and_only_its_owner_reads_it(tmp_path, records, linked):
    path = save_model(linked.model, tmp_path)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.rglob("*") if file.is_file()} == {0o600}
    again = link_table(records, model=read_model(path))
    assert again.pairs["weight"].to_pylist() == pytest.approx(linked.pairs["weight"].to_pylist(), abs=1e-9)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(PalermoError, match="not a model"):
        read_model(path)


def test_files_for_their_owner_alone(tmp_path, records):
    write_private_table(records, tmp_path / "prepared.parquet")
    result = link_clear(tmp_path / "prepared.parquet", tmp_path / "out", FAST)
    assert result.pairs.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.rglob("*.part"))


def test_a_list_that_holds_nobody_twice_is_not_compared_with_itself(records):
    found = link_table(records, replace(FAST, unique_lists=frozenset({"one", "two"})))
    lists = records["list"].to_pylist()
    pairs = zip(found.pairs["left"].to_pylist(), found.pairs["right"].to_pylist(), strict=True)
    assert all(lists[left - 1] != lists[right - 1] for left, right in pairs)


def same(count: int, **columns: object) -> pa.Table:
    rows = [{"list": "one", "record_id": str(n), "source_row": n, **columns} for n in range(1, count + 1)]
    return prepare_table(pa.Table.from_pylist(rows, schema=IDENTITIES))


def test_many_records_alike_do_not_explode():
    found = link_table(same(30_000, given_name="bado", family_name="zolok", birth_date="1990-05-17", place="wexby"))
    assert found.candidates <= LEAST_LIMIT
    assert found.pairs.num_rows == 0
    assert found.notices == (NOTHING_TELLS,)


def test_one_surname_for_all_is_no_evidence():
    table = prepare_table(
        identities(400)[0].set_column(4, "family_name", pa.array(["zolok"] * identities(400)[0].num_rows))
    )
    found = link_table(table, FAST)
    truth = pa.table({"row_id": table["row_id"], "person": [str(one) for one in identities(400)[1]]})
    assert score_pairs(found.pairs, truth).best_f1 > 0.8
    assert "family" not in [one["output_column_name"] for one in found.model.model.splink["comparisons"]]


def test_no_names_at_all_and_single_records():
    nameless = link_table(same(50, place="wexby"))
    assert nameless.pairs.num_rows == 0
    assert nameless.notices
    assert link_table(same(1, given_name="bado")).notices == ("fewer than two records: nothing to link",)
    assert link_table(same(0)).pairs.num_rows == 0


def test_lists_without_overlap_give_no_sure_pairs():
    rng = random.Random(3)
    rows = []
    for name, year, first in (("one", 1950, "bad"), ("two", 1980, "gup")):
        for number in range(300):
            born = date(year, 1, 2) + timedelta(rng.randrange(3_000))
            called = {"given_name": first + rng.choice("aeiou") + "k", "family_name": rng.choice(FAMILY)}
            rows.append({"list": name, "record_id": str(number), "birth_date": born.isoformat(), **called})
    found = link_table(prepare_table(pa.Table.from_pylist(rows, schema=IDENTITIES)), FAST)
    lists = [row["list"] for row in rows]
    sure = found.pairs.filter(pa.compute.greater(found.pairs["probability"], 0.9))
    pairs = zip(sure["left"].to_pylist(), sure["right"].to_pylist(), strict=True)
    assert not [pair for pair in pairs if lists[pair[0] - 1] != lists[pair[1] - 1]]


def test_records_with_nothing_but_names_and_birth_dates_are_linked():
    """The block of all three leaves nothing to compare outside it, and must not cost the model."""
    table, persons = identities(150)
    told = table.select(["list", "record_id", "source_row", "given_name", "family_name", "birth_date"])
    given = {
        field.name: told[field.name] if field.name in told.schema.names else pa.nulls(len(told), field.type)
        for field in IDENTITIES
    }
    found = link_table(prepare_table(pa.table(given, schema=IDENTITIES)), FAST)
    sure = [pair for pair in found.pairs.to_pylist() if pair["probability"] >= 0.9]
    true = sum(persons[pair["left"] - 1] == persons[pair["right"] - 1] for pair in sure)
    assert true >= 0.95 * len(sure)
    assert true >= 0.7 * (len(persons) - 150)
