import pytest

from palermo.errors import RefusedError, UsageError
from palermo.intake.head import read_head
from palermo.intake.registry import SourceOptions
from palermo.intake.shapes import national_sdg
from palermo.intake.shapes.national_labels import code_in, code_in_any


def read(tmp_path, text, area="FRA", unit=None):
    path = tmp_path / "made_up.csv"
    path.write_text(text, encoding="utf-8")
    assert national_sdg.recognise_long(read_head(path))
    (batch,) = national_sdg.read_long(path, SourceOptions("office", area=area, unit=unit))
    assert batch.read == batch.accepted + len(batch.quarantined)
    return batch, batch.tables["observations"].to_pylist()


def test_counts_and_rates_in_one_column_are_told_apart_by_their_unit(tmp_path):
    _, rows = read(
        tmp_path,
        "Year,Units,Sex,Age,Form of exploitation,Value\n"
        "2020,Number of victims,Female,13 years and younger,labour exploitation,12\n"
        "2020,per 100 000 population,,,,0.58\n",
    )
    assert [(row["unit"], row["sex"], row["age"], row["form"], row["value"]) for row in rows] == [
        ("PERSON", "F", "Y0T13", "forced_labour", 12),
        ("PER_100K", "_T", "_T", "_T", 0.58),
    ]


def test_a_column_of_mixed_breakdowns(tmp_path):
    _, rows = read(
        tmp_path,
        "Year,Disaggregation Level,Unit,Value\n2020,Total,Victims,9\n2020,Male,Victims,4\n"
        "2020,17 Years and Under,Victims,3\n2020,Type of Exploitation - Sexual,Victims,2\n",
    )
    assert [(row["sex"], row["age"], row["form"]) for row in rows] == [
        ("_T", "_T", "_T"),
        ("M", "_T", "_T"),
        ("_T", "Y0T17", "_T"),
        ("_T", "_T", "sexual"),
    ]


def test_territories_flags_and_blanks(tmp_path):
    batch, rows = read(
        tmp_path,
        "Year,Territory,Units,COMMENT_OBS_0,Value\n2019,NA,Number of victims,|,5\n2020,NA,Number of victims,r,\n"
        "2021,ES70,Number of victims,,4\n,,,,\nsoon,NA,Number of victims,,4\n2022,NA,Number of victims,,x5\n",
        area=None,
    )
    assert [(row["ref_area"], row["obs_status"], row["value"]) for row in rows] == [("NAM", "B", 5), ("NAM", "M", None)]
    assert [(one.row, one.found) for one in batch.quarantined] == [(3, "ES70"), (4, ""), (5, "soon"), (6, "x5")]
    assert {one.kind for one in batch.notices} == {"flag of the source", "no figure"}


def test_two_columns_of_one_dimension_must_agree(tmp_path):
    batch, rows = read(
        tmp_path,
        "Year,SERIES,Exploitation type,Unit multiplier,Observation status,Value\n"
        "2020,VC_HTF_DETV,sexual exploitation,Units,Provisional value,5\n"
        "2020,VC_HTF_DETVSX,,,,6\n2021,VC_HTF_DETVSX,begging,,,7\n2022,VC_HTF_DETV,,Thousands,,8\n",
    )
    assert [(row["form"], row["obs_status"]) for row in rows] == [("sexual", "P")]
    assert [(one.row, one.column) for one in batch.quarantined] == [
        (2, "Value"),  # repeats the key of row 1 by another way of saying it
        (3, "Exploitation type"),
        (4, "Unit multiplier"),
    ]


def test_a_table_without_rows_is_empty_and_columns_without_use_are_said(tmp_path):
    batch, rows = read(tmp_path, "Year,Units,Value\n")
    assert (batch.read, rows) == (0, [])
    batch, _ = read(tmp_path, "Year,Serie,Units,Value\n2020,SERIE_A,Number of victims,4\n")
    assert [(one.kind, one.column, one.example) for one in batch.notices] == [("column not used", "Serie", "SERIE_A")]


def test_the_area_must_be_known(tmp_path):
    with pytest.raises(UsageError, match="State area"):
        read(tmp_path, "Year,Units,Value\n2020,Victims,5\n", area=None)
    with pytest.raises(UsageError, match="no country or area"):
        read(tmp_path, "Year,Units,Value\n2020,Victims,5\n", area="Atlantis")


def test_rows_of_other_units_keep_them_where_each_is_labelled(tmp_path):
    _, rows = read(tmp_path, "Year,SERIES,Value\n2020,VC_HTF_DETV,5\n2020,VC_HTF_DETCA,3\n")
    assert [(row["measure"], row["unit"]) for row in rows] == [
        ("victims_detected", "PERSON"),
        ("cases_recorded", "CASE"),
    ]


def test_the_trap_is_refused_and_the_word_of_the_user_counts(tmp_path):
    with pytest.raises(RefusedError, match="neither the file nor"):
        read(tmp_path, "Year,Value\n2020,5\n")
    _, rows = read(tmp_path, "Year,Value\n2020,5\n", unit="PERSON")
    assert [row["measure"] for row in rows] == ["victims_detected"]
    _, rows = read(tmp_path, "Year,Value\n2020,0.7\n", unit="PER_100K")
    assert [(row["unit"], row["value"]) for row in rows] == [("PER_100K", 0.7)]
    with pytest.raises(RefusedError, match="a rate under the name of a count"):
        read(tmp_path, "Year,UNIT_MEASURE,Value\n2020,PERSONS,1.7\n2021,PERSONS,2\n")
    with pytest.raises(RefusedError, match="publishes offences"):
        read(tmp_path, "Year,Units,Value\n2020,Offences,17\n")


def test_a_presumption_is_said(tmp_path):
    batch, _ = read(tmp_path, "Year,Units,Value\n2020,per 100 000 population,0.4\n")
    assert [one.kind for one in batch.notices] == ["what is counted"]


def test_other_tables_are_not_claimed(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("Year,Value,Name of person\n2020,1,made up\n", encoding="utf-8")
    assert not national_sdg.recognise_long(read_head(path))


@pytest.mark.parametrize(
    ("dimension", "text", "code"),
    [
        ("age", "14 to under 18 years", "Y14T17"),
        ("age", "25 years and older", "Y_GE25"),
        ("age", "aged over 35 years", "Y_GE36"),
        ("age", "aged 0-17 years", "Y0T17"),
        ("age", "0 - 17", "Y0T17"),
        ("age", "unknown age", "_U"),
        ("age", "", "_T"),
        ("age", "elderly", None),
        ("sex", "Both Sexes", "_T"),
        ("sex", "žene", "F"),
        ("form", "forced_begging", "begging"),
        ("form", "VC_HTF_01", None),
        ("citizenship", "Maltese", "MLT"),
        ("citizenship", "Non-EU", None),
    ],
)
def test_labels(dimension, text, code):
    assert code_in(dimension, text) == code


def test_labels_whose_dimension_is_not_said():
    assert code_in_any("Females") == ("sex", "F")
    assert code_in_any("Stariji od 50 godina") == ("age", "Y_GE51")
    assert code_in_any("TOT_VICTIM") is None
