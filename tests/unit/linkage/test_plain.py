"""Plain files: which columns are taken, what never is, and the way from files to persons."""

import pyarrow as pa
import pytest

from palermo.errors import UsageError
from palermo.linkage.plain import link_plain
from palermo.linkage.plain_file import PlainOptions, prepared_records, read_file
from palermo.linkage.plain_mapping import PlainMapping, propose, read_mapping

ROWS = 24


def table(**columns: list[str]) -> pa.Table:
    return pa.table({name.replace("__", " "): pa.array(values) for name, values in columns.items()})


def column(pattern: str) -> list[str]:
    return [pattern.format(n=number, a="abcdefghijklmnopqrstuvwxyz"[number]) for number in range(ROWS)]


@pytest.mark.parametrize(
    ("header", "values", "target"),
    [
        ("First_Name", "B{a}do", "given_name"),
        ("vorname", "B{a}do", "given_name"),
        ("Nachname", "Z{a}lok", "family_name"),
        ("last", "Z{a}lok", "family_name"),
        ("Last town", "W{a}xby", "place"),
        ("Фамилия", "З{a}лок", "family_name"),
        ("DOB", "1990-05-{n:02d}", "birth_date"),
        ("date of birth", "nobody said", None),  # no digits: not a date
        ("victim name", "B{a}do Z{a}lok", "full_name"),
        ("midl_name", "K{a}ra", None),
        ("yob", "19{n:02d}", "birth_year"),
        ("zip_code", "9{n:04d}", "postcode"),
        ("address_1", "{n} wexby lane", "address"),
        ("house number", "{n}", "street_number"),
        ("contact", "b{a}do@example.org", "email"),  # by its values
        ("x1", "B{a}do Z{a}lok", "full_name"),  # by its values
        ("x2", "19{n:02d}-03-11", "birth_date"),  # by its values
        ("soc_sec_id", "77{n:05d}", None),
        ("cluster", "{n}", None),
        ("unheard of", "{n}", None),
    ],
)
def test_columns_are_known_by_header_and_values(header, values, target):
    found = propose(pa.table({header: column(values)})).columns
    assert found == ({} if target is None else {target: (header,)})


def test_columns_with_one_word_are_joined_and_others_are_not():
    made = table(fname_c1=column("B{a}do"), fname_c2=column("K{a}ra"), first_name=column("B{a}do"))
    assert propose(made).columns["given_name"] == ("first_name",)
    assert propose(made.drop_columns(["first_name"])).columns["given_name"] == ("fname_c1", "fname_c2")


def test_a_mapping_goes_to_toml_and_back(tmp_path):
    mapping = PlainMapping({"given_name": ('a "b"', "c"), "birth_date": ("d",)}, "%d.%m.%Y")
    path = tmp_path / "mapping.toml"
    path.write_text(mapping.as_toml(), encoding="utf-8")
    assert read_mapping(path) == mapping
    path.write_text('[columns]\ngiven = "x"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="no such target: given"):
        read_mapping(path)
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(UsageError, match="not a mapping"):
        read_mapping(path)


def write(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


PEOPLE = [
    "r1a, bado, zolok, 19900517, 12 Wexby Lane, 1A, F, r-1",
    "r1b, bado, zolock, 19900517, 12 wexby lane, 1a, female, r-1",
    "r2a, kiru, mofep, 19710203, 7 quilham road, 2b, M, r-2",
    "r3a, luta, pevok, , , , , ",
]
HEADER = "rec_id, given_name, surname, date_of_birth, address, postcode, gender, who"


def test_files_become_prepared_records_with_their_extra_columns(tmp_path):
    file = read_file(write(tmp_path / "a.csv", HEADER, PEOPLE), "a", PlainOptions(truth="who"))
    records = prepared_records([file])
    first = records.slice(0, 1).to_pylist()[0]
    assert (first["given"], first["family"], first["birth_date"]) == ("bado", "zolok", "1990-05-17")
    assert records["sex"].to_pylist() == ["F", "F", "M", None]
    assert records["postcode"].to_pylist() == ["1a", "1a", "2b", None]
    assert records["address"].to_pylist()[:2] == ["12 wexby lane"] * 2
    assert file.truth.to_pylist() == ["r-1", "r-1", "r-2", None]


def test_two_files_are_two_lists_and_the_truth_may_be_part_of_a_column(tmp_path):
    one = write(tmp_path / "a.csv", HEADER, PEOPLE[::2])
    two = write(tmp_path / "b.csv", HEADER, PEOPLE[1::2])
    result = link_plain([one, two], PlainOptions(truth=r"rec_id:r(\d)"))
    assert result.memberships["list"].to_pylist() == ["a", "a", "b", "b"]
    assert result.score is not None
    assert result.score.true_pairs == 1
    assert not any("rec_id" in str(mapping.columns) for mapping in result.mapping.values())
    assert any("not used" in notice for notice in result.notices)


def test_what_cannot_be_linked_is_refused_with_the_reason(tmp_path):
    file = write(tmp_path / "a.csv", HEADER, PEOPLE)
    with pytest.raises(UsageError, match="no file"):
        link_plain([])
    with pytest.raises(UsageError, match="no column 'person'"):
        link_plain([file], PlainOptions(truth="person"))
    with pytest.raises(UsageError, match="has 0 groups"):
        link_plain([file], PlainOptions(truth="who:r"))
    with pytest.raises(UsageError, match="not a regular expression"):
        link_plain([file], PlainOptions(truth="who:("))
    with pytest.raises(UsageError, match="or the column of the truth: who"):
        link_plain([file], PlainOptions(truth="who", mappings=(PlainMapping({"given_name": ("who",)}),)))
    with pytest.raises(UsageError, match="no column says who a person is"):
        link_plain([write(tmp_path / "b.csv", "colour,count", ["red,1", "blue,2"])])
    with pytest.raises(UsageError, match="no rows"):
        link_plain([write(tmp_path / "c.csv", HEADER, [])])
