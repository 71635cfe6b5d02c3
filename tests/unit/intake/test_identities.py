"""Names and birth dates: read where a mapping asks for them, into a closed folder, and into nothing else."""

import stat

import pyarrow.parquet as pq
import pytest

from palermo.errors import UsageError
from palermo.intake.mapping import load_mapping, mapping_from_document
from palermo.intake.propose import proposal_toml, propose_mapping
from palermo.intake.registry import SourceOptions
from palermo.intake.run import intake_file
from palermo.intake.schema import IDENTITIES

MAPPING = {
    "mapping": {"name": "shelter", "table": "cases"},
    "fields": {
        "record_id": {"column": "no"},
        "sex": {"column": "sex"},
        "year": {"column": "year"},
        "citizenship": {"column": "land", "unknown": ["", "?"]},
    },
    "identity": {
        "given_name": "first",
        "family_name": "last",
        "other_names": ["alias", "mother"],
        "birth_date": "born",
        "date_format": "%d.%m.%Y",
        "place": "town",
        "unknown": ["", "n/a"],
    },
}
ROWS = """no,sex,year,land,first,last,alias,mother,born,town
1,F,2020,MDA,Zevqov , Dwuglofep,Kanari-A,,03.02.1999,Qovstad
2,alien,2020,MDA,Kanari-B,Kanari-C,Kanari-D,Kanari-E,Kanari-F,Kanari-G
3,M,2021,?,N/A,Vixdwu,One,Two,1999,
4,M,2021,MDA,Kanari-H,Kanari-I
"""


def taken(tmp_path, text=ROWS, document=MAPPING, **options):
    path = tmp_path / "shelter.csv"
    path.write_text(text, encoding="utf-8")
    mapping = mapping_from_document(document, "shelter.toml")
    return intake_file(path, SourceOptions("shelter", mapping=mapping), tmp_path / "work" / "intake", **options)


def test_identities_stand_beside_the_accepted_cases(tmp_path):
    result = taken(tmp_path, identities=tmp_path / "work" / "identities", quarantine_limit=0.9)
    table = pq.read_table(result.identities)
    cases = pq.read_table(result.tables["cases"])
    assert table.schema.equals(IDENTITIES)
    assert table.select(["record_id", "source_row"]) == cases.select(["record_id", "source_row"])
    first, third = table.to_pylist()
    assert (first["given_name"], first["family_name"], first["other_names"]) == ("Zevqov", "Dwuglofep", "Kanari-A")
    assert (first["birth_date"], first["date_format"], first["place"]) == ("03.02.1999", "%d.%m.%Y", "Qovstad")
    assert (first["sex"], first["year"], first["citizenship"], first["full_name"]) == ("F", 2020, "MDA", None)
    assert (third["given_name"], third["other_names"], third["birth_date"]) == (None, "One; Two", "1999")
    assert (third["place"], third["citizenship"]) == (None, None)


def test_only_the_owner_can_open_them(tmp_path):
    result = taken(tmp_path, identities=tmp_path / "work" / "identities", quarantine_limit=0.9)
    assert stat.S_IMODE(result.identities.stat().st_mode) == 0o600
    assert stat.S_IMODE(result.identities.parent.stat().st_mode) == 0o700
    assert [file.name for file in result.identities.parent.iterdir()] == ["shelter.identities.parquet"]


def test_no_name_stands_in_any_other_file(tmp_path):
    """Not in the quarantine of a row with a faulty code, nor in that of a row with too few cells."""
    result = taken(tmp_path, identities=tmp_path / "work" / "identities", quarantine_limit=0.9)
    assert result.quarantined == 2
    for file in (tmp_path / "work" / "intake").iterdir():
        assert b"Kanari" not in file.read_bytes(), file.name
        assert b"Dwuglofep" not in file.read_bytes(), file.name


def test_without_a_folder_no_name_is_kept_and_an_old_file_goes(tmp_path):
    folder = tmp_path / "work" / "identities"
    assert taken(tmp_path, quarantine_limit=0.9).identities is None
    assert not folder.exists()
    kept = taken(tmp_path, identities=folder, quarantine_limit=0.9).identities
    plain = {key: value for key, value in MAPPING.items() if key != "identity"}
    assert kept.exists()
    assert taken(tmp_path, document=plain, identities=folder, quarantine_limit=0.9).identities is None
    assert not kept.exists()


def test_a_refused_file_leaves_no_names(tmp_path):
    folder = tmp_path / "work" / "identities"
    with pytest.raises(Exception, match="bad, more than the limit"):
        taken(tmp_path, identities=folder, quarantine_limit=0.1)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ({"name": "x"}, r"\[identity\] has unknown keys name"),
        ({"given_name": ["a"]}, r"\[identity\] given_name: found \['a'\], expected the header"),
        ({"date_format": "%Y"}, r"\[identity\] names no column"),
        ("names", r"expected a table \[identity\]"),
        ({"other_names": 3}, r"\[identity\] other_names: found 3, expected a list"),
    ],
)
def test_faults_of_the_table_are_named(identity, message):
    with pytest.raises(UsageError, match=message):
        mapping_from_document({**MAPPING, "identity": identity}, "x.toml")


def test_only_cases_have_identities():
    document = {"mapping": {"table": "suspects"}, "fields": {"sex": {"column": "s"}}, "identity": {"full_name": "n"}}
    with pytest.raises(UsageError, match="belongs to a table of cases"):
        mapping_from_document(document, "x.toml")


def test_a_proposal_names_the_identifying_columns(tmp_path):
    header = "Case number,Sex,Age,First name,Surname,Nickname,Date of birth,Town,Phone"
    rows = [
        f"K-{i},F,17,Zev{i},Dwu{i},Fep{i},{1 + i % 28:02d}/0{1 + i % 9}/1999,Qov,+49 30 123456{i:02d}"
        for i in range(30)
    ]
    path = tmp_path / "register.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    text = proposal_toml(propose_mapping(path))
    mapping = tmp_path / "register.toml"
    mapping.write_text(text, encoding="utf-8")
    identity = load_mapping(mapping).identity
    assert (identity.given_name, identity.family_name, identity.other_names) == ("First name", "Surname", ("Nickname",))
    assert (identity.birth_date, identity.date_format, identity.place) == ("Date of birth", "%d/%m/%Y", "Town")
    assert "Phone" in load_mapping(mapping).ignored
    assert "Zev" not in text
