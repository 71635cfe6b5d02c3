import gzip
import json

import pytest

from palermo.errors import PalermoError
from palermo.intake.head import read_head
from palermo.intake.registry import SourceOptions
from palermo.intake.shapes import un_sdg

DDF_HEADER = "age,geo_area,nature,sex,units,year,vc_htf_detvsx\n"


def value(**changes):
    plain = {"timePeriod": 2015, "unitsCode": "NUMBER", "ageCode": "_T", "sexCode": "_T", "natureCode": "C"}
    return {**plain, "value_numeric_part": 7.0, "value_is_censored": False, **changes}


def read_json(path, values, code="516", name="Namibia", series="VC_HTF_DETV"):
    area = {"geoAreaCode": code, "geoAreaName": name, "data": values}
    empty = {"geoAreaCode": "001", "geoAreaName": "World", "data": []}
    path.write_text(json.dumps({"seriesCode": series, "refAreas": [empty, area]}), encoding="utf-8")
    (batch,) = un_sdg.read_json(path, SourceOptions("made up"))
    assert batch.read == batch.accepted + len(batch.quarantined) == len(values)
    return batch, batch.tables["observations"].to_pylist()


def test_namibia_is_a_country(tmp_path):
    batch, (row,) = read_json(tmp_path / "a.json", [value(ageCode="Y_GE18\r\n", sexCode="F")], series="VC_HTF_DETVFL")
    assert not batch.quarantined
    assert (row["ref_area"], row["time_period"], row["sex"], row["age"]) == ("NAM", "2015", "F", "Y_GE18")
    assert (row["measure"], row["unit"], row["form"], row["value"]) == (
        "victims_detected",
        "PERSON",
        "forced_labour",
        7,
    )


def test_estimates_are_marked(tmp_path):
    _, rows = read_json(tmp_path / "a.json", [value(natureCode="E"), value(timePeriod=2016)])
    assert [row["obs_status"] for row in rows] == ["E", "A"]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"ageCode": "ADULT"}, "ageCode"),
        ({"sexCode": "X"}, "sexCode"),
        ({"unitsCode": "PER_100000_POP"}, "unitsCode"),
        ({"timePeriod": "2015-16"}, "timePeriod"),
        ({"value_is_censored": True}, "value_is_censored"),
        ({"value_numeric_part": 1.5}, "value"),
    ],
)
def test_unreadable_values_are_put_aside(tmp_path, changes, column):
    batch, rows = read_json(tmp_path / "a.json", [value(**changes)])
    assert (rows, [one.column for one in batch.quarantined]) == ([], [column])


def test_an_area_whose_name_is_not_that_of_its_number_is_put_aside(tmp_path):
    batch, rows = read_json(tmp_path / "a.json", [value()], "158", "Other non-specified areas")
    assert (rows, batch.quarantined[0].found) == ([], "Other non-specified areas")


def test_a_packed_file_is_read_alike(tmp_path):
    plain = tmp_path / "a.json"
    read_json(plain, [value()])
    packed = tmp_path / "a.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    (batch,) = un_sdg.read_json(packed, SourceOptions("made up"))
    assert batch.accepted == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"seriesCode": "SH_STA_MORT"}', "\x1f\x8b broken"])
def test_another_document_is_an_error(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(PalermoError, match=r"a\.json"):
        next(un_sdg.read_json(path, SourceOptions("made up")))


def test_the_form_of_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        DDF_HEADER
        + "lt18y,516,c,female,number,2014,3\n18,516,c,male,number,2014,0\n14_24,516,c,bothsex,number,2014,2\n"
        + "allage,158,c,male,number,2014,2\n",
        encoding="utf-8",
    )
    assert un_sdg.recognise_ddf(read_head(path))
    (batch,) = un_sdg.read_ddf(path, SourceOptions("made up"))
    rows = batch.tables["observations"].to_pylist()
    assert [(row["ref_area"], row["sex"], row["age"], row["form"], row["value"]) for row in rows] == [
        ("NAM", "F", "Y0T17", "sexual", 3),
        ("NAM", "M", "Y_GE18", "sexual", 0),
        ("NAM", "_T", "Y14T24", "sexual", 2),
    ]
    assert [(one.row, one.column) for one in batch.quarantined] == [(4, "geo_area")]
