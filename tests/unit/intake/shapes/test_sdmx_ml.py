import pytest

from palermo.errors import PalermoError, RefusedError
from palermo.intake.head import read_head
from palermo.intake.registry import SourceOptions
from palermo.intake.shapes import sdmx_ml

MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
SERIES = {"SERIES": "VC_HTF_DETV", "REF_AREA": "NA", "SEX": "_T", "AGE": "_T", "UNIT_MEASURE": "NUMBER"}
OBSERVATION = {"TIME_PERIOD": "2020", "OBS_VALUE": "7", "OBS_STATUS": "A", "UNIT_MULT": "0"}


def attributes(codes):
    return " ".join(f'{name}="{code}"' for name, code in codes.items())


def read(tmp_path, series, observation, before=""):
    path = tmp_path / "made_up.xml"
    path.write_text(
        f'<?xml version="1.0"?>{before}<m:StructureSpecificData xmlns:m="{MESSAGE}"><m:DataSet>'
        f"<Series {attributes({**SERIES, **series})}><Obs {attributes({**OBSERVATION, **observation})}/></Series>"
        "</m:DataSet></m:StructureSpecificData>",
        encoding="utf-8",
    )
    (batch,) = sdmx_ml.read(path, SourceOptions("made up"))
    assert batch.read == batch.accepted + len(batch.quarantined) == 1
    assert sdmx_ml.recognise(read_head(path))
    return batch, batch.tables["observations"].to_pylist()


def test_an_observation(tmp_path):
    _, (row,) = read(tmp_path, {"SEX": "_U", "AGE": "Y18T29", "SERIES": "VC_HTF_DETVOP"}, {"OBS_STATUS": "P"})
    assert (row["ref_area"], row["sex"], row["age"], row["form"]) == ("NAM", "_U", "Y18T29", "other")
    assert (row["unit"], row["value"], row["obs_status"], row["source_row"]) == ("PERSON", 7, "P", 1)


def test_rates_and_offences_keep_their_units(tmp_path):
    _, (rate,) = read(tmp_path, {"SERIES": "VC_HTF_DETVR", "UNIT_MEASURE": "PER_100000_POP"}, {"OBS_VALUE": "0.3"})
    assert (rate["measure"], rate["unit"], rate["value"]) == ("victims_detected", "PER_100K", 0.3)
    _, (offences,) = read(tmp_path, {"SERIES": "VC_HTF_OFF"}, {})
    assert (offences["measure"], offences["unit"], offences["kind"]) == ("offences", "OFFENCE", "_Z")


@pytest.mark.parametrize(
    ("series", "observation", "column"),
    [
        ({"REF_AREA": "KG05"}, {}, "REF_AREA"),
        ({"SERIES": "VC_HTF_XYZ"}, {}, "SERIES"),
        ({"SEX": "X"}, {}, "SEX"),
        ({"AGE": "OLD"}, {}, "AGE"),
        ({"URBANISATION": "R"}, {}, "URBANISATION"),
        ({"UNIT_MEASURE": "PT"}, {}, "UNIT_MEASURE"),
        ({"SERIES": "VC_HTF_DETVR"}, {}, "UNIT_MEASURE"),
        ({}, {"UNIT_MULT": "3"}, "UNIT_MULT"),
        ({}, {"TIME_PERIOD": "2020-Q1"}, "TIME_PERIOD"),
        ({}, {"OBS_VALUE": "0.3"}, "OBS_VALUE"),
    ],
)
def test_what_cannot_be_read_is_put_aside(tmp_path, series, observation, column):
    batch, rows = read(tmp_path, series, observation)
    assert (rows, [one.column for one in batch.quarantined]) == ([], [column])


def test_a_document_with_entities_is_refused(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
    with pytest.raises(RefusedError, match="DTD"):
        read(tmp_path, {}, {}, bomb)


def test_broken_xml_is_an_error(tmp_path):
    path = tmp_path / "broken.xml"
    path.write_text("<m:StructureSpecificData", encoding="utf-8")
    with pytest.raises(PalermoError, match="not well-formed"):
        next(sdmx_ml.read(path, SourceOptions("made up")))


@pytest.mark.parametrize(
    ("code", "area"), [("417", "KGZ"), ("4", "AFG"), ("004", "AFG"), ("KG", "KGZ"), ("KGZ", "KGZ")]
)
def test_areas_by_iso_and_m49(tmp_path, code, area):
    _, (row,) = read(tmp_path, {"REF_AREA": code}, {})
    assert row["ref_area"] == area


@pytest.mark.parametrize(
    ("bounds", "lower", "upper"),
    [({"LOWER_BOUND": "1", "UPPER_BOUND": "4"}, 1, 4), ({}, None, None), ({"LOWER_BOUND": "1"}, None, None)],
)
def test_a_suppressed_observation_keeps_its_bounds_and_is_no_zero(tmp_path, bounds, lower, upper):
    _, (row,) = read(tmp_path, {}, {"OBS_VALUE": "", "OBS_STATUS": "Q", **bounds})
    assert (row["value"], row["lower"], row["upper"], row["obs_status"]) == (None, lower, upper, "Q")
