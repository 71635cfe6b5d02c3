"""Encodings in place of names: pairs by row of the cases, and cases that do not carry the ids are refused."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.demo.names import draw_names, written_parts
from palermo.errors import UsageError
from palermo.intake.schema import CASES, IDENTITIES
from palermo.linkage.encoding.at_home import encode_file, read_ids
from palermo.linkage.encoding.keys import new_key
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.finding import ListFiles
from palermo.linkage.finding_encoded import find_encoded
from palermo.linkage.stage import join_records
from palermo.settings import Linkage

SEVERAL = {"transit", "forms", "means", "recruiter", "sector", "context", "services"}
SIZE = 120


def cases(path: Path, name: str, numbers: list[str]) -> Path:
    rows = []
    for number, record_id in enumerate(numbers, 1):
        row = {column: ["_U"] if column in SEVERAL else "_U" for column in CASES.names}
        row |= {"list": name, "record_id": record_id, "person_key": None, "date": None, "age": None, "year": 2020}
        rows.append(row | {"source_row": number})
    pq.write_table(pa.Table.from_pylist(rows, CASES), path)
    return path


def encoded(folder: Path, name: str, people: list[int], key) -> tuple[ListFiles, dict[int, str]]:
    """A list whose cases carry the pseudonymous ids, in an order of their own; and the id of each person."""
    names = draw_names(np.random.default_rng(7), SIZE)
    rows = []
    for person in people:
        given, family = written_parts(names, person, "latin")
        born = f"{1960 + person % 40}-{1 + person % 12:02d}-{1 + person % 28:02d}"
        told = {"list": name, "record_id": f"own-{person}", "given_name": given, "family_name": family}
        rows.append(dict.fromkeys(IDENTITIES.names) | told | {"source_row": 1, "birth_date": born})
    home = folder / f"{name}.identities.parquet"
    pq.write_table(pa.Table.from_pylist(rows, IDENTITIES), home)
    sent = encode_file(home, None, key, Parameters(), folder / f"{name}.encodings")
    made = {own: pseudonym for pseudonym, own in read_ids(sent.ids).items()}
    ids = {person: made[f"own-{person}"] for person in people}
    return ListFiles(name, cases(folder / f"{name}.cases.parquet", name, list(ids.values())), None, sent.path), ids


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    folder, key = tmp_path_factory.mktemp("encoded"), new_key("made-up project")
    police, of_police = encoded(folder, "police", list(range(80)), key)
    shelter, of_shelter = encoded(folder, "shelter", list(range(40, 120)), key)
    hotline = ListFiles("hotline", cases(folder / "hotline.cases.parquet", "hotline", ["1", "2"]))
    return folder, (police, hotline, shelter), of_police, of_shelter


def test_persons_are_found_by_encodings_alone(lists):
    folder, files, of_police, of_shelter = lists
    found = find_encoded(files, folder / "closed")
    joined = join_records(files, found, Linkage(method="encodings", threshold=0.8), folder / "linkage")
    person = {row["record_id"]: row["person_id"] for row in pq.read_table(joined.memberships).to_pylist()}
    shared = [number for number in of_police if number in of_shelter]
    right = sum(person[of_police[number]] == person[of_shelter[number]] for number in shared)
    assert right / len(shared) > 0.9
    assert joined.unrecognised == 2
    assert 120 <= len(set(person.values())) <= 128
    assert "own-" not in str(pq.read_table(found.prepared).to_pylist())


def test_cases_without_the_ids_are_refused(lists, tmp_path):
    _, files, _, _ = lists
    other = ListFiles(
        "police", cases(tmp_path / "police.cases.parquet", "police", ["1", "2", "3"]), None, files[0].encoded
    )
    with pytest.raises(UsageError, match="must carry the ids that `palermo encode` gave"):
        find_encoded([other, files[2]], tmp_path / "closed")
