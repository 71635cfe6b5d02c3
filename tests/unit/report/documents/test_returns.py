"""The return to UNODC and the SDG file say what the release says, and our own adapters read them back."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from docx import Document

from palermo.errors import PalermoError
from palermo.intake.registry import SourceOptions, adapter_for
from palermo.language import speaking
from palermo.report.amounts import NO_FIGURE, Amount, State, exact
from palermo.report.documents import sdg, unodc
from palermo.report.documents.report import report_of
from palermo.report.documents.unodc_rows import COLUMNS, number_text, returned, unodc_csv

OPTIONS = SourceOptions("back")


def read_back(path, adapter):
    """The observations that an adapter reads, by key, and what it put aside."""
    chosen = adapter_for(path, adapter)
    (batch,) = chosen.read(path, OPTIONS)
    keys = ("measure", "ref_area", "time_period", "sex", "age", "form", "citizenship", "unit")
    rows = batch.tables["observations"].to_pylist()
    return {tuple(row[key] for key in keys): row for row in rows}, batch.quarantined


@pytest.fixture(scope="module")
def filed(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("unodc") / "return.csv"
    path.write_text(unodc_csv(report), encoding="utf-8")
    return path


def test_our_own_adapter_knows_the_return_and_reads_every_row(filed, report):
    assert adapter_for(filed).name == "unodc-tip"
    read, aside = read_back(filed, None)
    assert not aside
    assert len(read) == len(returned(report)) > 30


def test_what_is_read_back_is_what_was_released(filed, report):
    read, _aside = read_back(filed, "unodc-tip")
    for one in returned(report):
        row = one.row
        total = {name: "_T" if row[name] == "_Z" else row[name] for name in ("sex", "age", "form", "citizenship")}
        found = read[row.measure, row["ref_area"], row["time_period"], *total.values(), row.unit]
        assert (found["value"], found["lower"], found["upper"]) == (row.amount.value, row.amount.low, row.amount.high)


def test_hidden_numbers_stay_ranges_and_what_has_no_word_is_left_out(report):
    rows = returned(report)
    assert {one.row["citizenship"] for one in rows} >= {"DEU", "NGA", "BOL", "_U"}
    assert not any("_N" in (one.row["sex"], one.row["age"], one.row["citizenship"]) for one in rows)
    hidden = [one for one in rows if not one.row.amount.is_exact]
    assert hidden
    assert all(one.cells[COLUMNS.index("txtVALUE")] in {"<5", "1–4"} for one in hidden)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (exact(1234), "1234"),
        (exact(0), "0"),
        (Amount(0, 4, State.HIDDEN), "<5"),
        (Amount(-0.0, 9, State.HIDDEN), "<10"),
        (Amount(29, 38, State.HIDDEN), "29–38"),
        (Amount(8, 12, State.ROUNDED), "8–12"),
        (Amount(None, None, State.HIDDEN), None),
        (Amount(5, None, State.DERIVED_RANGE), None),
        (NO_FIGURE, None),
    ],
)
def test_numbers_are_written_as_the_portal_prints_them(amount, text):
    assert number_text(amount) == text


def test_the_title_rows_say_what_is_counted_and_that_it_is_made_up(report):
    lines = list(csv.reader(StringIO(unodc_csv(report))))
    assert lines[2] == list(COLUMNS)
    assert "MADE UP DATA" in lines[1][0]
    assert "not all people trafficked" in lines[1][0]


def test_the_return_has_its_tables_with_unit_and_period(report):
    made = unodc.files(report)
    lines = list(csv.DictReader(StringIO(made["unodc/tables-en/tables.csv"].decode())))
    assert {line["table"] for line in lines} >= {"N1", "P1", "P3", "F1", "C5", "C6"}
    assert all(line["period"] and f"unodc/tables-en/{line['file']}" in made for line in lines)
    units = {line["table"]: line["unit"] for line in lines}
    assert units["P1"] == "persons; percent"
    assert all(units.values())
    said = {line["table"]: line["about"] for line in lines}
    assert said["P1"].endswith("These are people whom the listed services detected, not all people trafficked.")


def test_the_document_of_the_return_lists_what_was_returned(report):
    document = Document(BytesIO(unodc.files(report)["unodc/return-en.docx"]))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows[1:]]
    assert sum(int(count) for *_names, count in rows) == len(returned(report))
    assert document.paragraphs[0].text.startswith("MADE UP DATA")


def test_the_document_counts_in_the_digits_of_the_language_and_marks_english_words(release):
    with speaking("ar"):
        report = report_of(release)
        document = Document(BytesIO(unodc.files(report)["unodc/return-ar.docx"]))
    indicator, _dimension, rows = document.tables[0].rows[1].cells
    assert rows.text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")).isdigit()
    assert not rows.text.isascii()
    assert 'w:lang w:val="en-US"' in indicator._tc.xml


def test_the_return_is_the_same_file_in_every_language(report, release):
    with speaking("ar"):
        arabic = report_of(release)
        assert unodc_csv(arabic) == unodc_csv(report)
        assert sdg.files(arabic) == sdg.files(report)


def test_the_sdg_files_are_read_back_by_our_adapter_with_the_same_figures(report, tmp_path):
    made = sdg.files(report)
    path = tmp_path / "sdg.xml"
    path.write_bytes(made["sdg-16-2-2.xml"])
    read, aside = read_back(path, None)
    released = {
        (row["time_period"], row["sex"], row["form"], row.unit): row.amount
        for row in report.release.observations("sdg_16_2_2")
    }
    assert read
    assert not aside
    for row in read.values():
        known = released[row["time_period"], row["sex"], row["form"], row["unit"]]
        assert (row["value"], row["lower"], row["upper"]) == (known.value, known.low, known.high)
        assert row["obs_status"] == ("A" if known.is_exact else "Q")


def test_the_sdg_csv_holds_the_same_observations_as_the_xml(report):
    made = sdg.files(report)
    lines = list(csv.DictReader(StringIO(made["sdg-16-2-2.csv"].decode())))
    observations = [one for one in ElementTree.fromstring(made["sdg-16-2-2.xml"]).iter() if one.tag.endswith("Obs")]
    assert len(lines) == len(observations)
    assert {line["STRUCTURE_ID"] for line in lines} == {"IAEG-SDGs:DF_SDG_GLH(1.24)"}
    assert all("not all people trafficked" in line["COMMENT_OBS"] for line in lines)
    hidden = [line for line in lines if line["OBS_STATUS"] == "Q"]
    assert hidden
    assert all(line["OBS_VALUE"] == "" and line["UPPER_BOUND"] == "4" for line in hidden)


def test_years_after_the_period_are_not_submitted(release):
    lines = csv.DictReader(StringIO(sdg.files(report_of(release, period="2022"))["sdg-16-2-2.csv"].decode()))
    assert {line["TIME_PERIOD"] for line in lines} == {"2021", "2022"}


def test_a_release_without_the_indicator_has_no_sdg_file(report):
    emptied = replace(report.release, cube=report.release.cube.slice(0, 5))
    with pytest.raises(PalermoError, match=r"16\.2\.2"):
        sdg.files(replace(report, release=emptied))
