"""Rows become rows of a table by a mapping; a row with a fault goes to quarantine whole, with every fault named."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import RefusedError, UsageError
from palermo.intake.convert import read_mapped
from palermo.intake.mapping import mapping_from_document
from palermo.intake.registry import SourceOptions

OPTIONS = SourceOptions("police", source_type="police", area="DEU", unit="PERSON")


def mapping(table="cases", **fields):
    return mapping_from_document({"mapping": {"table": table}, "fields": fields}, "test.toml")


def convert(tmp_path, text, table="cases", options=OPTIONS, **fields):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    rows, bad = [], []
    for batch in read_mapped(path, options, mapping(table, **fields)):
        assert batch.read == batch.accepted + len(batch.quarantined)
        rows += batch.tables[table].to_pylist()
        bad += batch.quarantined
    return rows, bad


def column(tmp_path, target, texts, **options):
    """The values of one target made from texts of one column, and the reasons of the bad ones."""
    text = "id,x\n" + "".join(f'{i},"{t}"\n' for i, t in enumerate(texts))
    rows, bad = convert(tmp_path, text, **{target: {"column": "x", **options}})
    return [row[target] for row in rows], [(row.found, row.reason) for row in bad]


def test_what_the_mapping_does_not_name_is_not_asked(tmp_path):
    (row,), _ = convert(tmp_path, "id,g\n1,F\n", sex={"column": "g"})
    assert row == {
        "list": "police",
        "record_id": "1",
        "person_key": None,
        "source_type": "police",
        "status": "_N",
        "date": None,
        "year": None,
        "sex": "F",
        "age": None,
        "age_band": "_N",
        "citizenship": "_N",
        "origin": "_N",
        "transit": ["_N"],
        "destination": "_N",
        "forms": ["_N"],
        "means": ["_N"],
        "recruiter": ["_N"],
        "sector": ["_N"],
        "migration_stage": "_N",
        "migration_status": "_N",
        "context": ["_N"],
        "services": ["_N"],
        "source_row": 1,
    }


def test_codes_by_mapping_label_and_alias(tmp_path):
    found, bad = column(tmp_path, "sex", ["F", "male", " Woman ", "d", "", "n/r"], values={"d": "O"}, not_asked=["n/r"])
    assert found == ["F", "M", "F", "O", "_U", "_N"]
    assert not bad


def test_unknown_code_names_the_nearest(tmp_path):
    rows, bad = convert(tmp_path, "id,g\n7,femal\n8,F\n", record_id={"column": "id"}, sex={"column": "g"})
    assert [row["record_id"] for row in rows] == ["8"]
    (only,) = bad
    assert (only.row, only.column, only.found, only.reason) == (1, "g", "femal", "unknown code")
    assert only.expected.startswith("a code of list sex; nearest: F")
    assert only.raw == "7,femal"


def test_every_fault_of_a_row_is_named(tmp_path):
    _, (bad,) = convert(tmp_path, "g,a\nzzz,999\n", sex={"column": "g"}, age={"column": "a"})
    assert {bad.column, bad.also[0].split(":")[0]} == {"g", "a"}
    assert "999" in (bad.found + "".join(bad.also))


def test_several_values_in_one_cell(tmp_path):
    _, bad = column(tmp_path, "sex", ["F;M", "F"])
    assert bad == [("F;M", "several values in one cell")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PHL", "PHL"),
        ("de", "DEU"),
        ("Namibia", "NAM"),
        ("Côte d'Ivoire", "CIV"),
        ("Filipino", "PHL"),
        ("STATELESS", "STATELESS"),
        ("Украина", "UKR"),
        ("", "_U"),
    ],
)
def test_countries(tmp_path, text, code):
    assert column(tmp_path, "citizenship", [text]) == ([code], [])


def test_na_is_namibia_only_beside_other_two_letter_codes(tmp_path):
    assert column(tmp_path, "citizenship", ["NA", "PH"]) == (["NAM", "PHL"], [])
    found, bad = column(tmp_path, "citizenship", ["NA", "PHL", "Germany"])
    assert found == ["PHL", "DEU"]
    assert bad == [("NA", "ambiguous: NA in a file")]
    assert column(tmp_path, "citizenship", ["NA"], unknown=["", "NA"]) == (["_U"], [])
    assert column(tmp_path, "citizenship", ["NA"], values={"NA": "NAM"}) == (["NAM"], [])


def test_mapping_of_constants_alone_keeps_the_rows(tmp_path):
    rows, _ = convert(tmp_path, "x,y\n1,2\n3,4\n", sex={"constant": "F"})
    assert [row["sex"] for row in rows] == ["F", "F"]


def test_region_is_no_country(tmp_path):
    found, bad = column(tmp_path, "citizenship", ["Africa"])
    assert not found
    assert bad == [("Africa", "unknown code")]


def test_flags_keep_no_blank_and_not_asked_apart(tmp_path):
    rows, bad = convert(
        tmp_path,
        "l,s\n1,1\n1,0\n0,0\n,\n-9,-9\n-9,\nmaybe,1\n",
        forms={"flags": {"l": "forced_labour", "s": "sexual"}, "not_asked": ["-9"]},
    )
    assert [row["forms"] for row in rows] == [
        ["forced_labour", "sexual"],
        ["forced_labour"],
        ["_U"],
        ["_U"],
        ["_N"],
        ["_U"],
    ]
    assert [(row.row, row.found, row.reason) for row in bad] == [(7, "maybe", "not a yes or no")]


def test_no_to_every_help_is_none_and_not_unknown(tmp_path):
    rows, bad = convert(
        tmp_path,
        "id,s,l\n1,0,0\n2,0,\n3,,\n4,1,0\n5,-9,-9\n6,0,-9\n",
        services={"flags": {"s": "shelter", "l": "legal"}, "not_asked": ["-9"]},
    )
    assert bad == []
    assert [row["services"] for row in rows] == [["none"], ["_U"], ["_U"], ["shelter"], ["_N"], ["_U"]]


def test_separated_cell_and_flags_join(tmp_path):
    rows, _ = convert(
        tmp_path,
        "f,s\nforced labour; begging,1\n,\nbegging;begging,\n,1\n",
        forms={"column": "f", "separator": ";", "flags": {"s": "sexual"}},
    )
    assert [row["forms"] for row in rows] == [["sexual", "forced_labour", "begging"], ["_U"], ["begging"], ["sexual"]]


def test_answers_of_yes_no_columns_are_counted(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("l,s\n1,0\n,0\n1,1\n-9,\n")
    flags = {"flags": {"l": "forced_labour", "s": "sexual"}, "not_asked": ["-9"]}
    (batch,) = read_mapped(path, OPTIONS, mapping(forms=flags))
    assert {(notice.column, notice.message): notice.count for notice in batch.notices} == {
        ("l", "blank"): 1,
        ("l", "not asked"): 1,
        ("l", "yes"): 2,
        ("s", "blank"): 1,
        ("s", "no"): 2,
        ("s", "yes"): 1,
    }


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(["1", "0", "", "-9"])] * 3), min_size=1, max_size=30))
def test_several_codes_are_codes_or_one_nothing(tmp_path_factory, rows):
    flags = dict(zip("abc", ("sexual", "begging", "other"), strict=True))
    text = "a,b,c\n" + "".join(",".join(row) + "\n" for row in rows if any(row))
    if text.count("\n") == 1:
        return
    found, bad = convert(tmp_path_factory.mktemp("flags"), text, forms={"flags": flags, "not_asked": ["-9"]})
    assert not bad
    for row, cells in zip(found, (row for row in rows if any(row)), strict=True):
        yes = [code for code, cell in zip(flags.values(), cells, strict=True) if cell == "1"]
        nothing = ["_N"] if all(cell == "-9" for cell in cells) else ["_U"]
        assert row["forms"] == (yes or nothing)


def test_dates(tmp_path):
    found, bad = column(tmp_path, "date", ["2020-02-29", "2021-02-29", "", "0203-01-01", "2300-01-01", "1.2.2020"])
    assert found == [dt.date(2020, 2, 29), None]
    assert [reason for _, reason in bad] == ["not a date", "impossible date", "impossible date", "not a date"]


def test_dates_in_a_pattern_give_the_year(tmp_path):
    rows, _ = convert(tmp_path, "d\n31.12.2019\n", date={"column": "d", "date_format": "%d.%m.%Y"})
    assert (rows[0]["date"], rows[0]["year"]) == (dt.date(2019, 12, 31), 2019)


def test_year_that_is_not_of_the_date(tmp_path):
    rows, bad = convert(
        tmp_path, "d,y\n2020-01-01,2020\n2020-01-01,2021\n,2019\n", date={"column": "d"}, year={"column": "y"}
    )
    assert [row["year"] for row in rows] == [2020, 2019]
    assert [(row.column, row.found, row.reason) for row in bad] == [("y", "2021", "year and date differ")]


def test_years(tmp_path):
    found, bad = column(tmp_path, "year", ["2011", "2011.0", "", "20111", "MMXI"])
    assert found == [2011, 2011, None]
    assert [reason for _, reason in bad] == ["impossible year", "not a whole year"]


def test_ages_and_bands(tmp_path):
    rows, bad = convert(
        tmp_path,
        "a,b\n12,\n25,18--30\n25,0--17\n,9-17\n,\n151,\n17,child\n",
        age={"column": "a"},
        age_band={"column": "b"},
    )
    assert [(row["age"], row["age_band"]) for row in rows] == [
        (12, "Y0T17"),
        (25, "Y18T30"),
        (None, "Y9T17"),
        (None, "_U"),
        (17, "Y0T17"),
    ]
    assert [(row.row, row.reason) for row in bad] == [(3, "age outside its band"), (6, "impossible age")]


def test_constants_beside_columns_that_contradict_them(tmp_path):
    _, (bad,) = convert(tmp_path, "b\n0--8\n", age={"constant": "30"}, age_band={"column": "b"})
    assert (bad.column, bad.reason) == ("b", "age outside its band")
    _, (bad,) = convert(tmp_path, "d\n2020-01-01\n", year={"constant": "2019"}, date={"column": "d"})
    assert (bad.column, bad.reason) == ("d", "year and date differ")


def test_identifiers(tmp_path):
    rows, bad = convert(tmp_path, "id\n a1 \n\x01b\n\nc\n", record_id={"column": "id"}, person_key={"column": "id"})
    assert [(row["record_id"], row["person_key"]) for row in rows] == [("a1", "a1"), ("c", "c")]
    assert [row.reason for row in bad] == ["control character in an identifier"]


def test_record_without_identifier_gets_its_row(tmp_path):
    rows, _ = convert(tmp_path, "id,x\n,1\nb,2\n", record_id={"column": "id"}, person_key={"column": "id"})
    assert [(row["record_id"], row["person_key"]) for row in rows] == [("row 1", None), ("b", "b")]


def test_published_figures(tmp_path):
    rows, bad = convert(
        tmp_path,
        'y,s,v\n2011,Female,"1,234"\n2012,Male,<5\n2013,total,-\n2014,F,abc\n',
        table="observations",
        measure={"constant": "victims_detected"},
        time_period={"column": "y"},
        sex={"column": "s", "values": {"total": "_T"}},
        value={"column": "v"},
    )
    assert [(row["value"], row["lower"], row["upper"], row["obs_status"]) for row in rows] == [
        (1234, 1234, 1234, "A"),
        (None, 0, 4, "Q"),
        (None, None, None, "M"),
    ]
    assert [(row["sex"], row["ref_area"], row["unit"], row["age"]) for row in rows] == [
        ("F", "DEU", "PERSON", "_T"),
        ("M", "DEU", "PERSON", "_T"),
        ("_T", "DEU", "PERSON", "_T"),
    ]
    assert [row.reason for row in bad] == ["not a figure"]


def test_suspects(tmp_path):
    rows, _ = convert(
        tmp_path, "s,c\nM,2012\nF,\n", table="suspects", sex={"column": "s"}, convicted_year={"column": "c"}
    )
    assert [(row["sex"], row["contact_year"], row["convicted_year"]) for row in rows] == [
        ("M", None, 2012),
        ("F", None, None),
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sex": {"column": "x", "values": {"1": "female"}}}, "'female' is no code of list sex; nearest: F"),
        ({"list": {"column": "x"}}, "intake fills this column itself"),
        ({"sex": {}}, "expected column, constant or flags"),
        ({"sex": {"flags": {"x": "F"}}}, "flags are for several"),
        ({"sex": {"column": "y"}}, "columns not found: y"),
    ],
)
def test_mappings_that_cannot_work(tmp_path, fields, message):
    with pytest.raises(UsageError, match=message):
        convert(tmp_path, "x\n1\n", **fields)


def test_published_figures_need_a_column(tmp_path):
    with pytest.raises(UsageError, match="expected the column of the figures"):
        convert(tmp_path, "v\n1\n", table="observations", value={"constant": "7"})


def test_published_figures_need_a_measure(tmp_path):
    with pytest.raises(UsageError, match=r"needs \[fields.measure\]"):
        convert(tmp_path, "v\n1\n", table="observations", value={"column": "v"}, time_period={"constant": "2011"})


@pytest.mark.parametrize("header", ["NumberVictims", "n_victims", "Number of victims"])
def test_a_row_of_a_file_that_counts_victims_is_no_person_unless_somebody_says_so(tmp_path, header):
    """A court case with three victims became one person when its proposed mapping was used as it was."""
    text, silent = f"court,{header},sex\nA,3,F\n", SourceOptions("court")
    with pytest.raises(RefusedError, match=f"'{header}' counts victims.*state unit = \"PERSON\""):
        convert(tmp_path, text, options=silent, sex={"column": "sex"})
    assert len(convert(tmp_path, text, sex={"column": "sex"})[0]) == 1  # it is stated
    with pytest.raises(RefusedError, match="you state unit = 'CASE'"):
        convert(tmp_path, "sex\nF\n", options=SourceOptions("court", unit="CASE"), sex={"column": "sex"})
    numbered = {"sex": {"column": "sex"}, "record_id": {"column": header}}
    assert len(convert(tmp_path, text, options=silent, **numbered)[0]) == 1  # a number of the record
