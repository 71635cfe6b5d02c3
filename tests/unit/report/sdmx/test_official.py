"""The official SDG structure: the form in the series, M49 areas, and nothing pressed into a code that it is not."""

import pytest

from palermo.intake.registry import SourceOptions, adapter_for
from palermo.report.sdmx import open_service
from palermo.report.sdmx.official import left_out, official_dataset

HEADER = (
    "FREQ,REPORTING_TYPE,SERIES,REF_AREA,SEX,AGE,URBANISATION,INCOME_WEALTH_QUANTILE,EDUCATION_LEV,OCCUPATION,"
    "CUST_BREAKDOWN,COMPOSITE_BREAKDOWN,DISABILITY_STATUS,ACTIVITY,PRODUCT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,"
    "UNIT_MEASURE,BASE_PER,NATURE,TIME_DETAIL,COMMENT_OBS,TIME_COVERAGE,UPPER_BOUND,LOWER_BOUND,SOURCE_DETAIL,"
    "COMMENT_TS,GEO_INFO_URL,GEO_INFO_TYPE,CUST_BREAKDOWN_LB,DATA_LAST_UPDATE"
)  # of the dataflow DF_SDG_GLH(1.24) of the UN Statistics Division


def said(release):
    """Series, area, sex, age, year and unit of each observation, and its value and status."""
    names = ("SERIES", "REF_AREA", "SEX", "AGE", "TIME_PERIOD", "UNIT_MEASURE")
    return {tuple(row[n] for n in names): row for row in official_dataset(release).table.to_pylist()}


def test_columns_are_those_of_the_global_dataflow(ask):
    _, text = ask("data/IAEG-SDGs,DF_SDG_GLH,1.24", "format=csv-1.0")
    assert text.splitlines()[0] == f"DATAFLOW,{HEADER}"
    assert text.splitlines()[1].startswith('"IAEG-SDGs:DF_SDG_GLH(1.24)","A","N","VC_HTF_DETV","276","_T","_T","_T"')


def test_form_and_unit_make_the_series(release):
    rows = said(release)
    total = rows["VC_HTF_DETV", "276", "_T", "_T", "2021", "NUMBER"]
    assert (total["OBS_VALUE"], total["OBS_STATUS"], total["NATURE"], total["UNIT_MULT"]) == (1050.0, "A", "C", "0")
    assert "not all people trafficked" in total["COMMENT_OBS"]
    assert rows["VC_HTF_DETVSX", "276", "_T", "_T", "2022", "NUMBER"]["OBS_VALUE"] == 611.0
    assert rows["VC_HTF_DETVR", "276", "F", "_T", "2023", "PER_100000_POP"]["OBS_VALUE"] == 1.75
    assert left_out(release) == 0
    assert len(rows) == 18


def test_a_hidden_number_has_no_value_and_its_bounds(release):
    hidden = said(release)["VC_HTF_DETVOG", "276", "_T", "_T", "2021", "NUMBER"]
    assert (hidden["OBS_VALUE"], hidden["OBS_STATUS"]) == (None, "Q")
    assert (hidden["LOWER_BOUND"], hidden["UPPER_BOUND"]) == (1.0, 4.0)


def test_a_number_that_its_publisher_bounds_is_suppressed_too(releasing, observed):
    """A country's own "<5": free of our protection, and no normal value without a value."""
    printed = {**observed("sdg_16_2_2", 4.0, time_period="2021"), "value": None, "lower": 0.0, "upper": 4.0}
    (row,) = said(releasing([printed])).values()
    assert (row["OBS_VALUE"], row["OBS_STATUS"]) == (None, "Q")
    assert (row["LOWER_BOUND"], row["UPPER_BOUND"]) == (0.0, 4.0)


def test_a_group_of_several_forms_is_the_series_that_its_band_names(releasing, observed):
    rows = [
        observed("sdg_16_2_2", 9.0, time_period="2021", form="forced_labour", band="VC_HTF_DETVFL"),
        observed("sdg_16_2_2", 4.0, time_period="2021", form="other", band="VC_HTF_DETVOP", unit="PER_100K"),
    ]
    found = said(releasing(rows))
    assert {key[0] for key in found} == {"VC_HTF_DETVFL", "VC_HTF_DETVOPR"}


def test_what_the_structure_cannot_say_is_left_out(releasing, observed):
    rows = [
        observed("sdg_16_2_2", 9.0, time_period="2021"),
        observed("sdg_16_2_2", 9.0, time_period="_T"),
        observed("sdg_16_2_2", 9.0, time_period="2019/2021"),
        observed("sdg_16_2_2", 9.0, time_period="2021", sex="O"),
        observed("sdg_16_2_2", 9.0, time_period="2021", age="_U"),
        observed("sdg_16_2_2", 9.0, time_period="2021", form="_U"),
        observed("sdg_16_2_2", 9.0, time_period="2021", ref_area="XKX"),
    ]
    release = releasing(rows, made_up=False)
    assert len(said(release)) == 1
    assert left_out(release) == 6


def test_a_release_without_the_indicator_has_one_flow(releasing, observed):
    service = open_service(releasing([observed("victims_by_sex_age", 9.0, time_period="2021")]))
    assert [one.flow.id for one in service.datasets] == ["DF_TIP"]


@pytest.mark.parametrize("form", ["structurespecificdata", "csv", "csv-1.0", "csv-both", "csv-name"])
def test_what_we_send_we_read_back(ask, release, tmp_path, form):
    """The message of the official flow goes through our own intake and gives the figures of the release."""
    path = tmp_path / "made-up"
    path.write_text(ask("data/DF_SDG_GLH", f"format={form}")[1], encoding="utf-8")
    (batch,) = adapter_for(path).read(path, SourceOptions("made up"))
    assert not batch.quarantined
    keys = ("time_period", "sex", "age", "form", "unit")
    numbers = ("value", "lower", "upper", "obs_status")

    def figures(rows):
        return {tuple(row[n] for n in keys): tuple(row[n] for n in numbers) for row in rows}

    ours = [row for row in release.cube.to_pylist() if row["indicator"] == "sdg_16_2_2"]
    assert figures(batch.tables["observations"].to_pylist()) == figures(ours)
