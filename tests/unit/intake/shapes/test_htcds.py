"""HTCDS 2.0 files, made up here from the labels of the standard: no row describes a person."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.codes.crosswalks import crosswalk
from palermo.errors import PalermoError, UsageError
from palermo.intake.head import read_head
from palermo.intake.registry import Batch, SourceOptions
from palermo.intake.shapes import htcds

LABELS = (
    "First Name",
    "Second Name",
    "Birthdate",
    "Gender",
    "Citizenship",
    "Mailing Street",
    "Trafficking Status",
    "Relationship to Trafficker",
    "Methods of Control",
    "Type of Exploitation",
    "Forced Labour Industry",
    "Type of Sex Exploitation",
    "Incoming Referral Date",
)
CASE = (
    "Made",
    "Up",
    "2001-06-15",
    "Feminine",
    "Namibia",
    "No Street",
    "Possible victim of trafficking",
    "Unaquainted",
    "Debt bondage; Threatens children/family",
    "Forced labour; Sexual exploitation",
    "Agriculture, forestry and fishing",
    "Prostitution",
    "2019-06-14",
)
OPTIONS = SourceOptions("made-up")


def write_csv(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def write_workbook(path: Path, sheets: dict[str, list[tuple[str, ...]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def only_batch(path: Path, options: SourceOptions = OPTIONS) -> Batch:
    (batch,) = htcds.read(path, options)
    return batch


def cases(path: Path, options: SourceOptions = OPTIONS) -> list[dict]:
    return only_batch(path, options).tables["cases"].to_pylist()


def with_answer(label: str, answer: str) -> tuple[str, ...]:
    return tuple(answer if one == label else cell for one, cell in zip(LABELS, CASE, strict=True))


def test_a_case_is_read_by_its_labels(tmp_path: Path) -> None:
    (case,) = cases(write_csv(tmp_path / "made_up.csv", LABELS, CASE))
    assert (case["sex"], case["age"], case["age_band"], case["citizenship"]) == ("F", 17, "Y0T17", "NAM")
    assert (case["status"], case["year"], case["recruiter"]) == ("presumed", 2019, ["stranger"])
    assert case["forms"] == ["forced_labour", "sexual"]
    assert case["means"] == ["debt_bondage", "uses_children"]
    assert case["sector"] == ["agriculture", "prostitution"]
    assert case["services"] == ["_N"]


def test_names_in_a_row_above_or_below_the_labels_do_not_count(tmp_path: Path) -> None:
    """The templates have a hidden row of names of which four mailing columns are wrong; labels decide."""
    names = tuple(f"prs_{label.replace(' ', '')}" for label in LABELS)
    above = write_workbook(tmp_path / "above.xlsx", {"Cases": [names, LABELS, CASE]})
    below = write_workbook(tmp_path / "below.xlsx", {"Cases": [LABELS, names, CASE]})
    assert [case["sex"] for case in cases(above)] == ["F"]
    (case,) = cases(below)
    assert (case["sex"], case["source_row"]) == ("F", 2)


def test_the_sheet_with_the_labels_is_found(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "book.xlsx", {"Read me": [("Made up",)], "Cases": [LABELS, CASE]})
    assert htcds.recognise(read_head(path))
    assert len(cases(path)) == 1


def test_second_name_twice_is_no_fault(tmp_path: Path) -> None:
    """The survey form labels the title of a person "Second Name" too."""
    path = write_csv(tmp_path / "twice.csv", ("Second Name", *LABELS), ("Title", *CASE))
    assert cases(path)[0]["sex"] == "F"


def test_a_label_that_is_read_must_not_stand_twice(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "twice.csv", ("Gender", *LABELS), ("Feminine", *CASE))
    with pytest.raises(UsageError, match="'Gender' stands over more than one column"):
        only_batch(path)


def test_one_column_per_option(tmp_path: Path) -> None:
    question = "Victim/Methods of Control"
    header = (*LABELS, f"{question}/Debt bondage", f"{question}/Threatens children/family", f"{question}/Other")
    packed = with_answer("Methods of Control", "Debt bondage")
    path = write_csv(tmp_path / "options.csv", header, (*packed, "1", "1", "0"), (*packed, "0", "", "maybe"))
    batch = only_batch(path)
    (case,) = batch.tables["cases"].to_pylist()
    assert case["means"] == ["debt_bondage", "uses_children"]
    assert (batch.read, batch.accepted) == (2, 1)
    assert batch.quarantined[0].found == "Other = maybe"


@pytest.mark.parametrize(
    ("cell", "forms"),
    [
        ("Forced labour Sexual exploitation", ["forced_labour", "sexual"]),
        ("ForcedLabour SexualExploitation", ["forced_labour", "sexual"]),
        ("Forced military (by non-state actors), Other", ["armed_groups", "other"]),
        ("ForcedBegging ", ["begging"]),
        ("", ["_U"]),
    ],
)
def test_several_answers_in_one_cell(tmp_path: Path, cell: str, forms: list[str]) -> None:
    path = write_csv(tmp_path / "packed.csv", LABELS, with_answer("Type of Exploitation", cell))
    assert cases(path)[0]["forms"] == forms


def test_an_answer_outside_the_standard_goes_to_quarantine(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "odd.csv", LABELS, with_answer("Type of Exploitation", "Forced labour Scam compound"))
    batch = only_batch(path)
    assert (batch.read, batch.accepted) == (1, 0)
    assert "Scam compound" in batch.quarantined[0].found


def test_codes_count_beside_labels_and_with_a_trailing_space(tmp_path: Path) -> None:
    """Template lists hold codes for gender and labels elsewhere; one code of the survey form ends in a space."""
    case = with_answer("Methods of Control", "DebtBondage ")
    case = tuple("TransgenderFeminine" if cell == "Feminine" else cell for cell in case)
    (read,) = cases(write_csv(tmp_path / "codes.csv", LABELS, case))
    assert (read["sex"], read["means"]) == ("O", ["debt_bondage"])


def test_without_a_birth_date_the_age_when_trafficked_is_used_and_said(tmp_path: Path) -> None:
    labels = tuple("Age when Trafficked" if label == "Birthdate" else label for label in LABELS)
    path = write_csv(tmp_path / "age.csv", labels, tuple("16" if cell == "2001-06-15" else cell for cell in CASE))
    batch = only_batch(path)
    assert batch.tables["cases"].column("age").to_pylist() == [16]
    assert [notice.kind for notice in batch.notices] == ["age when trafficked used"]


@pytest.mark.parametrize("born", ["15/06/2001", "2031-01-01"])
def test_a_faulty_birth_date_is_reported_without_repeating_it(tmp_path: Path, born: str) -> None:
    batch = only_batch(write_csv(tmp_path / "born.csv", LABELS, with_answer("Birthdate", born)))
    (row,) = batch.quarantined
    assert batch.accepted == 0
    assert born not in row.found + row.expected + row.raw


def test_two_citizenships_give_the_first_and_a_notice(tmp_path: Path) -> None:
    batch = only_batch(write_csv(tmp_path / "two.csv", LABELS, with_answer("Citizenship", "Namibia; Angola")))
    assert batch.tables["cases"].column("citizenship").to_pylist() == ["NAM"]
    assert [(n.kind, n.count) for n in batch.notices if n.kind == "several citizenships"] == [
        ("several citizenships", 1)
    ]


def test_a_ragged_row_is_set_aside_and_a_blank_one_is_no_record(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "ragged.csv", LABELS, CASE, ("",) * len(LABELS), CASE[:-1])
    batch = only_batch(path)
    assert (batch.read, batch.accepted, batch.quarantined[0].row) == (2, 1, 3)


def test_columns_that_the_file_lacks_are_not_asked(tmp_path: Path) -> None:
    keep = [place for place, label in enumerate(LABELS) if label not in {"Methods of Control", "Gender"}]
    labels, case = tuple(LABELS[i] for i in keep), tuple(CASE[i] for i in keep)
    (read,) = cases(write_csv(tmp_path / "short.csv", labels, case))
    assert (read["means"], read["sex"]) == (["_N"], "_N")


def test_a_file_of_machine_names_is_not_taken_for_labels(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "names.csv", ("prs_Gender", "vic_TypeOfExploitation", "cas_Status"), ("a", "b", "c"))
    assert not htcds.recognise(read_head(path))
    with pytest.raises(UsageError, match="Export with labels"):
        only_batch(path)


def test_a_quotation_mark_that_is_never_closed_loses_no_rows_in_silence(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "quote.csv", LABELS, CASE)
    path.write_text(path.read_text(encoding="utf-8") + '"Made,Up\n' + ",".join(CASE), encoding="utf-8")
    with pytest.raises(PalermoError, match="never closed"):
        only_batch(path)


def test_bytes_that_are_not_utf8_far_down_are_said(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "late.csv", LABELS, *[CASE] * 9_000)
    path.write_bytes(path.read_bytes() + b"\xff\xfe")
    with pytest.raises(UsageError, match="not valid UTF-8"):
        only_batch(path)


def test_utf16_as_surveys_export_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "utf16.csv", LABELS, CASE)
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert cases(path)[0]["sex"] == "F"


def test_the_mapping_and_the_crosswalk_agree() -> None:
    lists = {"sex": "sex", "status": "victim_status", "recruiter": "recruiter", "forms": "form", "means": "means"}
    lists["sector"] = "sector"
    standard = crosswalk("htcds-2.0")
    for field in htcds.MAPPING.fields:
        for text, code in field.values.items():
            assert code in (standard.to_palermo(lists[field.target], text) or ()), (field.target, text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(htcds.QUESTIONS["Methods of Control"]), min_size=1, unique=True))
def test_packed_answers_come_apart_as_they_went_in(answers: list[str]) -> None:
    known = htcds.QUESTIONS["Methods of Control"]
    assert htcds.unpack(" ".join(answers), known).split(";") == answers


def test_names_and_birth_dates_stand_apart_from_the_case(tmp_path: Path) -> None:
    batch = only_batch(write_csv(tmp_path / "survey.csv", LABELS, CASE))
    assert batch.identities is not None
    (row,) = batch.identities.to_pylist()
    assert (row["given_name"], row["family_name"], row["birth_date"]) == ("Made", "Up", "2001-06-15")
    assert (row["sex"], row["citizenship"], row["age"], row["place"]) == ("F", "NAM", 17, None)
    assert "Made" not in str(batch.tables["cases"].to_pylist())


def test_a_label_that_stands_twice_names_nobody(tmp_path: Path) -> None:
    """The survey form calls the person's title "Second Name" too; which of both is the name nobody can tell."""
    batch = only_batch(write_csv(tmp_path / "survey.csv", (*LABELS, "Second Name"), (*CASE, "Dr")))
    assert batch.identities is not None
    assert batch.identities["family_name"].to_pylist() == [None]
    assert batch.identities["given_name"].to_pylist() == ["Made"]


def test_a_faulty_row_goes_to_quarantine_without_its_name(tmp_path: Path) -> None:
    bad = tuple("nonsense" if label == "Gender" else cell for label, cell in zip(LABELS, CASE, strict=True))
    batch = only_batch(write_csv(tmp_path / "survey.csv", LABELS, CASE, bad, CASE[:-1]))
    assert len(batch.quarantined) == 2
    assert all("Made" not in row.raw and "2001-06-15" not in row.raw for row in batch.quarantined)
