"""Every file of indicator 16.2.2 at hand, taken in or refused through the whole of intake."""

import csv
import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from palermo.errors import RefusedError
from palermo.intake.registry import SourceOptions, adapter_for
from palermo.intake.run import intake_file
from palermo.intake.shapes.national_sdg import read_long
from palermo.intake.shapes.un_sdg import read_ddf, read_json

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
NATIONAL = SHARED / "national-sdg-16-2-2"
UN = SHARED / "un-sdg-16-2-2"
POPULATION = SHARED / "population-wb" / "population.csv"
pytestmark = pytest.mark.skipif(not (NATIONAL.exists() and UN.exists()), reason="the SDG files are not here")

# File, area that the user states, adapter, rows or cells read, accepted.
ACCEPTED = [
    ("bih_rs.csv", "BIH", "national-sdg-long", 157, 91),  # 65 rows with codes that nothing explains, 1 empty row
    ("deu_destatis_bka.csv", "DEU", "national-sdg-long", 510, 510),
    ("esp_eustat.csv", "ESP", "national-sdg-long", 47, 47),  # that it is the Basque Country the file does not say
    ("esp_istac.csv", None, "national-sdg-long", 90, 45),  # half is ES70, a part of Spain
    ("gbr_ons_nrm.csv", "GBR", "national-sdg-long", 429, 429),
    ("hrv_dzs.csv", "HRV", "national-sdg-wide", 96, 96),
    ("jam_statin.csv", "JAM", "national-sdg-long", 35, 35),
    ("kgz_nsc.xlsx", "KGZ", "national-sdg-years", 315, 166),  # provinces, population, a row with two units
    ("kgz_nsc_sdmx21.xml", None, "sdmx-ml-16-2-2", 93, 47),  # provinces
    ("mlt_nso.csv", "MLT", "national-sdg-long", 84, 70),  # "Non-EU" and "Other EU" are no citizenship
    ("mne_monstat.csv", "MNE", "national-sdg-long", 14, 14),
]
# File, words of the reason.
REFUSED = [
    ("arm_armstat.csv", "per cent"),
    ("arm_armstat_a.csv", "publishes cases"),
    ("bih_fbih.csv", "Two units stand in one column"),
    ("can_statcan.csv", "publishes incidents"),
    ("kaz_kazstat.csv", "12 of 14 figures are fractions"),
    ("ukr_ukrstat.csv", "an area of land"),
    ("ukr_ukrstat_a.csv", "specialists"),
    ("usa_gsa.csv", "publishes offences"),
]
UN_JSON = {  # series: values, of which for "Other non-specified areas", sum over both sexes and all ages
    "DETV": (998, 8, 188_121),
    "DETVFL": (2035, 20, 44_201),
    "DETVOG": (860, 0, 268),
    "DETVOP": (1664, 0, 11_743),
    "DETVSX": (2275, 18, 84_239),
}
UN_DDF = {"detv": 998, "detvfl": 1873, "detvog": 1083, "detvop": 1664, "detvsx": 386}


def observations(result):
    return pq.read_table(result.tables["observations"]).to_pylist()


def test_no_national_file_is_left_out():
    tested = {row[0] for row in (*ACCEPTED, *REFUSED)}
    assert tested == {path.name for path in NATIONAL.iterdir() if path.suffix in {".csv", ".xlsx", ".xml"}}


@pytest.mark.parametrize(("name", "area", "adapter", "read", "accepted"), ACCEPTED)
def test_national_files_are_taken_in(tmp_path, name, area, adapter, read, accepted):
    result = intake_file(NATIONAL / name, SourceOptions("office", area=area), tmp_path)
    assert (result.adapter, result.read, result.accepted) == (adapter, read, accepted)
    assert result.read == result.accepted + result.quarantined
    assert len(observations(result)) == accepted


@pytest.mark.parametrize(("name", "reason"), REFUSED)
def test_other_units_are_refused_with_the_reason(tmp_path, name, reason):
    with pytest.raises(RefusedError, match=reason):
        intake_file(NATIONAL / name, SourceOptions("office", area=name[:3].upper()), tmp_path)
    assert not list(tmp_path.glob("*.parquet"))


@pytest.mark.parametrize("name", ["usa_gsa.csv", "can_statcan.csv", "ukr_ukrstat.csv", "ukr_ukrstat_a.csv"])
def test_without_its_metadata_a_file_that_says_nothing_is_refused(tmp_path, name):
    copy = tmp_path / name
    copy.write_bytes((NATIONAL / name).read_bytes())
    with pytest.raises(RefusedError, match="what its figures count"):
        intake_file(copy, SourceOptions("office", area=name[:3].upper()), tmp_path / "out")


def test_offences_are_taken_in_as_offences_where_the_user_says_so(tmp_path):
    result = intake_file(NATIONAL / "usa_gsa.csv", SourceOptions("fbi", area="USA", unit="OFFENCE"), tmp_path)
    rows = observations(result)
    assert {(row["measure"], row["unit"], row["kind"]) for row in rows} == {("offences", "OFFENCE", "_Z")}
    assert {row["form"] for row in rows} == {"_T", "sexual", "forced_labour"}


def test_published_totals_of_the_united_kingdom(tmp_path):
    result = intake_file(NATIONAL / "gbr_ons_nrm.csv", SourceOptions("nrm", area="GBR"), tmp_path)
    whole = [row["value"] for row in observations(result) if row["sex"] == row["age"] == "_T"]
    assert whole == [303, 422, 674, 834, 1256, 2128, 2710, 3016, 3975, 5482, 9330, 9720, 11387]


def test_the_two_kyrgyz_files_agree(tmp_path):
    """The sheet and the SDMX-ML file of one office: the same totals; the rate row of the sheet is put aside."""
    found = []
    for name in ("kgz_nsc.xlsx", "kgz_nsc_sdmx21.xml"):
        rows = observations(intake_file(NATIONAL / name, SourceOptions("nsc", area="KGZ"), tmp_path))
        assert {row["ref_area"] for row in rows} == {"KGZ"}
        found.append(
            {row["time_period"]: row["value"] for row in rows if row["sex"] == row["age"] == row["form"] == "_T"}
        )
    assert found[0] == found[1]
    assert found[0]["2010"] == 21


@pytest.mark.parametrize(("series", "expected"), UN_JSON.items())
def test_un_series_as_json(series, expected):
    read, nowhere, total = expected
    (batch,) = read_json(UN / f"Indicator_16.2.2_Series_VC_HTF_{series}.json.gz", SourceOptions("un"))
    rows = batch.tables["observations"].to_pylist()
    assert (batch.read, batch.accepted, len(batch.quarantined)) == (read, read - nowhere, nowhere)
    assert {row["age"] for row in rows} <= {"_T", "Y0T17", "Y_GE18"}  # "Y_GE18" is followed by CR LF in the file
    missing = {"DETV": 1987, "DETVFL": 1498, "DETVSX": 594}.get(series, 0)  # of "Other non-specified areas"
    assert sum(row["value"] for row in rows if row["sex"] == row["age"] == "_T") == total - missing


def test_a_packed_json_file_goes_through_the_whole_of_intake(tmp_path):
    path = UN / "Indicator_16.2.2_Series_VC_HTF_DETV.json.gz"
    result = intake_file(path, SourceOptions("un"), tmp_path)
    assert (result.adapter, result.read, result.quarantined) == ("un-sdg-json", 998, 8)


@pytest.mark.parametrize(("series", "read"), UN_DDF.items())
def test_un_series_as_ddf(tmp_path, series, read):
    path = UN / f"ddf--datapoints--vc_htf_{series}--by--age--geo_area--nature--sex--units--year.csv"
    result = intake_file(path, SourceOptions("un"), tmp_path)
    assert (result.adapter, result.read) == ("un-sdg-ddf", read)
    assert result.read == result.accepted + result.quarantined
    assert result.quarantined == {"detv": 8, "detvfl": 12}.get(series, 0)


def test_the_two_releases_agree_and_keep_namibia():
    ddf = UN / "ddf--datapoints--vc_htf_detv--by--age--geo_area--nature--sex--units--year.csv"
    batches = (
        next(read_json(UN / "Indicator_16.2.2_Series_VC_HTF_DETV.json.gz", SourceOptions("un"))),
        next(read_ddf(ddf, SourceOptions("un"))),
    )
    here, there = (
        {(row["ref_area"], row["time_period"]): row["value"] for row in batch.tables["observations"].to_pylist()}
        for batch in batches
    )
    assert here == there
    assert len({area for area, _ in here}) == 141
    assert "NAM" in {area for area, _ in here}


@pytest.mark.skipif(not POPULATION.exists(), reason="the population file is not here")
def test_german_rates_follow_from_counts_and_population():
    """The office divides by the population of 31 December of the year before (its notes in the metadata file).

    The mid-year figures of the World Bank give the same rate in eleven of fifteen years. In 2011, 2012 and 2023 they
    follow a later census than the office did: it kept that of 1987 and the register of 1990 until 2012 and the census
    of 2011 until 2023. In 2018 half a year of growth turns 0.5955 into 0.5947. With the populations of 31 December
    that Destatis published at the time (typed in below, not in the shared data) all fifteen rates agree.
    """
    (batch,) = read_long(NATIONAL / "deu_destatis_bka.csv", SourceOptions("deu", area="DEU"))
    whole = [row for row in batch.tables["observations"].to_pylist() if row["sex"] == row["age"] == row["form"] == "_T"]
    count, rate = (
        {int(row["time_period"]): row["value"] for row in whole if row["unit"] == unit}
        for unit in ("PERSON", "PER_100K")
    )
    with POPULATION.open(encoding="utf-8") as file:
        world_bank = {
            int(row["Year"]): float(row["Value"]) for row in csv.DictReader(file) if row["Country Code"] == "DEU"
        }
    assert set(rate) == set(count) == set(range(2010, 2025))
    differ = {year for year in rate if abs(100_000 * count[year] / world_bank[year] - rate[year]) > 0.005}
    assert differ == {2011, 2012, 2018, 2023}
    assert all(abs(100_000 * count[year] / world_bank[year] - rate[year]) < 0.025 for year in differ)
    destatis = {
        2011: 81_751_602,
        2012: 81_843_743,
        2018: 82_792_351,
        2023: 84_358_845,
    }  # 31 December of the year before
    assert {year: round(100_000 * count[year] / destatis[year], 2) for year in differ} == {
        year: rate[year] for year in differ
    }


def test_each_file_has_one_shape():
    """No file is claimed by a shape of person records."""
    paths = [path for path in (*NATIONAL.iterdir(), *UN.glob("*vc_htf*")) if path.suffix not in {".md", ".yml"}]
    assert {adapter_for(path).tables for path in paths} == {("observations",)}


@pytest.mark.parametrize("series", UN_JSON)
@pytest.mark.parametrize("head", [("DATAFLOW",), ("STRUCTURE", "STRUCTURE_ID", "ACTION")])
def test_the_same_figures_as_sdmx_csv(tmp_path, series, head):
    """The UN's values in the layout of its SDMX service give what its JSON gives, and put the same rows aside."""
    source = UN / f"Indicator_16.2.2_Series_VC_HTF_{series}.json.gz"
    document = json.loads(gzip.decompress(source.read_bytes()))
    path = tmp_path / "un.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [*head, "SERIES", "REF_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "NATURE"]
        )
        for area in document["refAreas"]:
            for value in area["data"]:
                told = [value[name] for name in ("timePeriod", "value_numeric_part", "unitsCode", "natureCode")]
                codes = [document["seriesCode"], int(area["geoAreaCode"]), value["sexCode"], value["ageCode"].strip()]
                writer.writerow([*head, *codes, *told])
    (ours,) = adapter_for(path).read(path, SourceOptions("un"))
    (theirs,) = read_json(source, SourceOptions("un"))
    assert ours.tables["observations"].to_pylist() == theirs.tables["observations"].to_pylist()
    assert [row.row for row in ours.quarantined] == [row.row for row in theirs.quarantined]
    assert ours.read == UN_JSON[series][0]
