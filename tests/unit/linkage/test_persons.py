"""Records that share an identifier become one person; everyone else stands alone."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.intake.schema import CASES
from palermo.linkage.persons import PersonsResult, build_persons
from palermo.linkage.schema import PERSONS

MULTIPLE = {"transit", "forms", "means", "recruiter", "sector", "context", "services"}


def record(**values) -> dict:
    """A made-up record in which everything that is not named is unknown."""
    row = {name: ["_U"] if name in MULTIPLE else "_U" for name in CASES.names}
    row |= {"list": "police", "record_id": "1", "person_key": None, "date": None, "year": 2020, "age": None}
    return row | {"source_row": 1} | values


def build(tmp_path: Path, *files: list[dict]) -> tuple[PersonsResult, list[dict]]:
    paths = []
    for number, rows in enumerate(files):
        paths.append(tmp_path / f"{number}.cases.parquet")
        pq.write_table(pa.Table.from_pylist(rows, CASES), paths[-1])
    out = tmp_path / "persons.parquet"
    result = build_persons(paths, out)
    assert pq.read_schema(out).names == PERSONS.names
    persons = pq.read_table(out).cast(PERSONS).to_pylist()
    return result, sorted(persons, key=lambda person: person["person_id"])


def test_records_without_shared_identifier_stay_apart(tmp_path: Path) -> None:
    result, persons = build(tmp_path, [record(record_id="1"), record(record_id="2")], [record(list="shelter")])
    assert (result.records, result.persons, result.joined) == (3, 3, 0)
    assert [person["person_id"] for person in persons] == [1, 2, 3]
    assert "more than once" in " ".join(result.notes())


def test_key_and_record_number_join_transitively(tmp_path: Path) -> None:
    a = record(list="police", record_id="1", person_key="k")
    b = record(list="shelter", record_id="7", person_key="k")
    c = record(list="shelter", record_id="7")
    d = record(list="shelter", record_id="8")
    result, persons = build(tmp_path, [a], [b, c, d])
    assert (result.persons, result.joined, result.without_key) == (2, 2, 2)
    assert persons[0]["lists"] == ["police", "shelter"]
    assert persons[0]["records"] == 3


def test_a_list_does_not_outvote_others_by_repeating_itself(tmp_path: Path) -> None:
    rows = [record(list="police", record_id="1", person_key="k", sex="M")] * 3
    rows += [record(list=name, record_id="1", person_key="k", sex="F") for name in ("shelter", "hotline")]
    _, persons = build(tmp_path, rows)
    assert persons[0]["sex"] == "F"
    assert persons[0]["conflicts"] == ["sex"]


def test_an_even_split_is_unknown_and_named(tmp_path: Path) -> None:
    rows = [record(list="police", person_key="k", sex="M"), record(list="shelter", person_key="k", sex="F")]
    result, persons = build(tmp_path, rows)
    assert persons[0]["sex"] == "_U"
    assert persons[0]["conflicts"] == ["sex"]
    assert result.with_conflicts == 1
    assert any("Fewer than 10 persons have records that disagree" in note for note in result.notes())


def test_unknown_and_not_asked_have_no_vote(tmp_path: Path) -> None:
    rows = [
        record(list="police", person_key="k", sex="_N", origin="_N"),
        record(list="shelter", person_key="k", sex="_U", origin="_N"),
        record(list="hotline", person_key="k", sex="F", origin="_N"),
    ]
    _, persons = build(tmp_path, rows)
    assert (persons[0]["sex"], persons[0]["origin"], persons[0]["conflicts"]) == ("F", "_N", [])


def test_codes_of_several_records_are_united(tmp_path: Path) -> None:
    rows = [
        record(list="police", person_key="k", forms=["sexual"], services=["_N"]),
        record(list="shelter", person_key="k", forms=["forced_labour", "sexual"], services=["shelter"]),
        record(list="hotline", person_key="k", forms=["_U"], services=["_U"]),
    ]
    _, persons = build(tmp_path, rows)
    assert persons[0]["forms"] == ["forced_labour", "sexual"]
    assert persons[0]["services"] == ["shelter"]


def test_the_furthest_status_and_the_first_year_win(tmp_path: Path) -> None:
    rows = [
        record(list="police", person_key="k", status="presumed", year=2021),
        record(list="shelter", person_key="k", status="confirmed", year=2019),
        record(list="hotline", person_key="k", status="_U", year=None),
    ]
    _, persons = build(tmp_path, rows)
    assert (persons[0]["status"], persons[0]["year"]) == ("confirmed", 2019)
    assert "status" in persons[0]["conflicts"]


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        (("Y0T17", "Y9T17"), "Y9T17"),
        (("Y18T20", "Y_GE48"), "Y_GE18"),
        (("Y0T8", "Y9T17"), "Y0T17"),
        (("Y9T17", "Y18T20"), "_U"),
        (("_N", "_N"), "_N"),
        (("_N", "Y5"), "Y5"),
    ],
)
def test_bands_are_narrowed_where_they_agree(tmp_path: Path, bands: tuple[str, str], expected: str) -> None:
    rows = [record(list=f"list-{n}", person_key="k", age_band=band) for n, band in enumerate(bands)]
    _, persons = build(tmp_path, rows)
    assert persons[0]["age_band"] == expected


def test_no_files_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no case tables"):
        build_persons([], tmp_path / "out.parquet")
    with pytest.raises(UsageError, match="no such case table"):
        build_persons([tmp_path / "absent.parquet"], tmp_path / "out.parquet")
    (tmp_path / "text.parquet").write_text("no parquet")
    with pytest.raises(UsageError, match="not a readable Parquet"):
        build_persons([tmp_path / "text.parquet"], tmp_path / "out.parquet")
    pq.write_table(pa.table({"list": ["a"]}), tmp_path / "short.parquet")
    with pytest.raises(UsageError, match="lacks the columns"):
        build_persons([tmp_path / "short.parquet"], tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("123"), st.sampled_from([None, "x", "y"])), min_size=1)
)
def test_no_record_is_lost_and_none_is_counted_twice(tmp_path_factory, identifiers) -> None:
    rows = [record(list=name, record_id=number, person_key=key) for name, number, key in identifiers]
    result, persons = build(tmp_path_factory.mktemp("persons"), rows)
    assert sum(person["records"] for person in persons) == len(rows) == result.records
    assert len({person["person_id"] for person in persons}) == len(persons) == result.persons


def test_no_help_in_one_list_gives_way_to_help_in_another(tmp_path: Path) -> None:
    rows = [
        record(list="police", person_key="k", services=["none"]),
        record(list="shelter", person_key="k", services=["shelter"]),
        record(list="police", record_id="2", person_key="m", services=["none"]),
        record(list="hotline", person_key="m", services=["_U"]),
    ]
    _, persons = build(tmp_path, rows)
    assert [person["services"] for person in persons] == [["shelter"], ["none"]]
