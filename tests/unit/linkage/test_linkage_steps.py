"""The two steps of the stage on made-up records: pairs, then persons; numbers before models, decisions before all."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.demo.names import draw_names, written_parts
from palermo.intake.schema import CASES, IDENTITIES
from palermo.linkage.decisions import DecisionLog
from palermo.linkage.finding import ListFiles, find_pairs, kept_of, kept_rows
from palermo.linkage.identifiers import key_pairs
from palermo.linkage.persons import build_persons
from palermo.linkage.review.labels import Answer, AnswerFile, RecordName
from palermo.linkage.schema import MEMBERSHIPS, PAIR_RATES, PAIRS
from palermo.linkage.stage import join_records
from palermo.settings import Linkage

LISTS = ("police", "shelter")
SEVERAL = {"transit", "forms", "means", "recruiter", "sector", "context", "services"}
SIZE = 400


def write(folder: Path, name: str, people: list[int], key: dict[int, str], named: bool = True) -> ListFiles:
    names = draw_names(np.random.default_rng(7), SIZE)
    cases, identities = [], []
    for number, person in enumerate(people, 1):
        row = {column: ["_U"] if column in SEVERAL else "_U" for column in CASES.names}
        record = {"list": name, "record_id": f"{name}-{number}", "source_row": number}
        cases.append(row | record | {"person_key": key.get(person), "date": None, "age": None, "year": 2020})
        given, family = written_parts(names, person, "latin")
        born = f"{1960 + person % 40}-{1 + person % 12:02d}-{1 + person % 28:02d}"
        told = {"given_name": given, "family_name": family, "birth_date": born, "place": f"Zevton{person % 9}"}
        identities.append(dict.fromkeys(IDENTITIES.names) | record | told)
    case_file, identity_file = folder / f"{name}.cases.parquet", folder / f"{name}.identities.parquet"
    pq.write_table(pa.Table.from_pylist(cases, CASES), case_file)
    pq.write_table(pa.Table.from_pylist(identities, IDENTITIES), identity_file)
    return ListFiles(name, case_file, identity_file if named else None)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two lists that share 150 of 400 persons, joined by names; and a third list without names."""
    folder = tmp_path_factory.mktemp("steps")
    lists = (
        write(folder, "police", list(range(250)), {5: "R-5"}),
        write(folder, "shelter", list(range(100, 400)), {5: "R-5"}),
        write(folder, "hotline", [5, 390], {5: "R-5"}, named=False),
    )
    settings = Linkage(method="clear", labels=folder / "none.jsonl", decisions=folder / "none-either.jsonl")
    found = find_pairs(lists, settings, folder / "closed")
    return folder, lists, settings, found


def joined(made, name, **changes):
    folder, lists, settings, found = made
    return join_records(lists, found, Linkage(**{**vars(settings), **changes}), folder / name)


def test_pairs_and_prepared_records_are_for_their_owner_alone(made):
    folder, _, _, found = made
    assert pq.read_schema(found.pairs).equals(PAIRS)
    assert pq.read_table(found.prepared).num_rows == 552
    assert pq.read_table(found.prepared)["tokens"].null_count == 2
    for file in (folder / "closed").rglob("*.parquet"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_persons_on_two_lists_are_found_by_their_names(made):
    result = joined(made, "plain")
    members = pq.read_table(result.memberships)
    assert members.schema.equals(MEMBERSHIPS)
    persons = len(set(members["person_id"].to_pylist()))
    assert abs(persons - 401) <= 12  # and the second record of the hotline, which nobody can recognise
    assert result.unrecognised == 1
    assert result.by_model > 130
    assert (result.labelled, result.missed, result.count, result.draws) == (0, None, None, None)
    assert pq.read_schema(result.rates).equals(PAIR_RATES)


def test_a_shared_number_joins_a_record_without_a_name(made):
    members = {
        row["record_id"]: row["person_id"] for row in pq.read_table(joined(made, "keys").memberships).to_pylist()
    }
    assert members["hotline-1"] == members["police-6"]
    assert members["hotline-2"] not in (members["police-6"], members["shelter-291"])


def test_a_decision_goes_before_the_model(made, tmp_path):
    log = DecisionLog(tmp_path / "decisions.jsonl")
    log.decide("different", [RecordName("police", "police-151"), RecordName("shelter", "shelter-51")], by="A")
    log.decide("same", [RecordName("police", "police-1"), RecordName("hotline", "hotline-2")], by="A")
    before = {row["record_id"]: row["person_id"] for row in pq.read_table(joined(made, "b").memberships).to_pylist()}
    result = joined(made, "decided", decisions=log.path)
    after = {row["record_id"]: row["person_id"] for row in pq.read_table(result.memberships).to_pylist()}
    assert before["police-151"] == before["shelter-51"]
    assert after["police-151"] != after["shelter-51"]
    assert after["police-1"] == after["hotline-2"]


def test_the_same_pairs_give_the_same_bytes(made):
    one, two = joined(made, "one"), joined(made, "two")
    for name in ("memberships", "records", "thresholds", "rates", "pairs"):
        assert getattr(one, name).read_bytes() == getattr(two, name).read_bytes(), name


def test_persons_are_built_from_memberships(made, tmp_path):
    _, lists, _, _ = made
    result = joined(made, "persons")
    made_of = build_persons([one.cases for one in lists], tmp_path / "persons.parquet", result.memberships)
    members = set(pq.read_table(result.memberships)["person_id"].to_pylist())
    assert set(pq.read_table(tmp_path / "persons.parquet")["person_id"].to_pylist()) == members
    assert (made_of.persons, made_of.records) == (len(members), 552)


def test_thresholds_hold_fewer_joined_records_the_higher_they_are(made):
    table = pq.read_table(joined(made, "curve").thresholds).to_pylist()
    counts = [sum(row["threshold"] == at for row in table) for at in sorted({row["threshold"] for row in table})]
    assert len(counts) == 6
    assert counts == sorted(counts, reverse=True)


def test_a_list_that_comes_later_is_compared_alone(made, tmp_path):
    _, lists, settings, _ = made
    closed = tmp_path / "closed"
    first = find_pairs(lists[:2], settings, closed)
    assert first.fresh is None
    again = find_pairs(lists[:2], settings, closed)
    assert (again.fresh, again.compared) == (0, 0)
    assert pq.read_table(again.pairs) == pq.read_table(first.pairs)
    more = find_pairs((*lists[:2], write(tmp_path, "labour", list(range(40)), {})), settings, closed)
    assert more.fresh == 40
    assert 0 < more.compared <= 40 * 590  # pairs of a new record with any other, of so few records all
    rows = pq.read_table(more.pairs).to_pylist()
    near = [row for row in rows if row["right"] > 550 and row["probability"] > 0.9]
    assert len(near) > 30
    anew = find_pairs(lists[:2], Linkage(method="clear", seed=2), closed)
    assert anew.fresh is None


def test_pairs_of_another_engine_are_not_built_upon(made, tmp_path, monkeypatch):
    _, lists, settings, _ = made
    closed = tmp_path / "closed"
    find_pairs(lists[:2], settings, closed)
    assert find_pairs(lists[:2], settings, closed, engine="polars").fresh == 0  # names are compared in DuckDB there too
    asked = []

    def compared_anew(prepared, out, options, progress):
        asked.append(options.engine)
        raise InterruptedError

    monkeypatch.setattr("palermo.linkage.finding.link_clear", compared_anew)
    with pytest.raises(InterruptedError):
        find_pairs(lists[:2], settings, closed, engine="spark")
    assert asked == ["spark"]


def test_key_pairs_hold_all_pairs_of_a_number_and_chains_of_many(tmp_path):
    many = write(tmp_path, "police", [1] * 30 + [2, 2, 3], {1: "A", 2: "B"})
    pairs = key_pairs([many.cases]).to_pylist()
    ends = {(row["left"], row["right"]) for row in pairs}
    assert {row["source"] for row in pairs} == {"key"}
    assert (31, 32) in ends
    assert {(1, other) for other in range(2, 31)} <= ends
    assert len(ends) == 20 * 19 // 2 + 10 + 1


def test_the_error_of_the_share_kept_is_in_the_rates(made, tmp_path):
    """Labels by the truth on a third of the pairs; only what is known of blocking differs."""
    _, lists, settings, found = made
    records = pq.read_table(joined(made, "for-labels").records).to_pylist()
    name = {row["row_id"]: RecordName(row["list"], row["record_id"]) for row in records}
    answers = []
    for row in pq.read_table(found.pairs).to_pylist()[::3]:
        ends = name[row["left"]], name[row["right"]]
        people = {int(end.record_id.split("-")[1]) + (99 if end.list == "shelter" else -1) for end in ends}
        said = "same" if len(people) == 1 else "different"
        answers.append(Answer(*ends, "A", said, "", "truth"))
    labels = AnswerFile(tmp_path / "labels.jsonl")
    for answer in answers:
        labels.add(answer)
    both = ("police", "shelter")
    widths = []
    for number, kept in enumerate((0.9, (0.9, 0.7, 0.97))):
        given = (lists, replace(found, kept={both: kept}), Linkage(**{**vars(settings), "labels": labels.path}))
        rates = pq.read_table(join_records(*given, tmp_path / str(number)).rates).to_pylist()
        (own,) = [row for row in rates if (row["list_a"], row["list_b"]) == both]
        assert own["kept"] == pytest.approx(0.9, abs=0.01)
        assert own["missed_lower"] <= own["missed"] <= own["missed_upper"]
        widths.append(own["overlap_upper"] - own["overlap_lower"])
    every = pq.read_table(tmp_path / "1" / "threshold_rates.parquet").to_pylist()
    mine = [row for row in every if (row["list_a"], row["list_b"]) == both]
    assert [row["threshold"] for row in mine] == [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]
    assert [row for row in mine if row["threshold"] == 0.9] == [{"threshold": 0.9, **own}]
    assert mine[0]["missed"] <= mine[-1]["missed"] and mine[0]["false"] >= mine[-1]["false"]
    assert widths[1] > 1.5 * widths[0]


def test_shares_kept_survive_the_disk(made):
    kept = {("a", "b"): (0.9, 0.8, 0.95), ("a", "c"): 1.0}
    assert kept_of(json.loads(json.dumps(kept_rows(kept)))) == kept
    share, lower, upper = made[3].kept["police", "shelter"]
    assert 0 < lower <= share <= upper <= 1
