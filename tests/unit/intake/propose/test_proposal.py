"""Proposals on made-up files: what is recognised, what is left to a person, and what is never repeated."""

import csv
import json
import tomllib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import UsageError
from palermo.intake.convert import read_mapped
from palermo.intake.mapping import FieldMapping, Mapping, load_mapping
from palermo.intake.propose.columns import ColumnProposal
from palermo.intake.propose.proposal import Proposal, proposal_toml, propose_mapping
from palermo.intake.registry import SourceOptions


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def targets(proposal: Proposal) -> dict[str, str]:
    """The columns of the table; those of [identity] are asked for apart."""
    found = (one for one in proposal.columns if one.target is not None and one.decision != "identity")
    return {one.column: str(one.target) for one in found}


def column(proposal: Proposal, name: str) -> ColumnProposal:
    return next(one for one in proposal.columns if one.column == name)


def convert(path: Path, proposal: Proposal, folder: Path) -> tuple[list[dict], int]:
    """The rows that the proposed mapping gives, and how many rows it does not accept."""
    target = folder / "proposed.toml"
    target.write_text(proposal_toml(proposal), encoding="utf-8")
    batches = list(read_mapped(path, SourceOptions("made-up"), load_mapping(target)))
    rows = [row for batch in batches for row in batch.tables[proposal.table].to_pylist()]
    return rows, sum(len(batch.quarantined) for batch in batches)


LANGUAGES = {
    "spanish": (
        ["Número de caso", "Sexo", "Edad", "Nacionalidad", "Fecha de identificación", "Forma de explotación"],
        ["Mujer", "17", "Ucrania", "14/03/2020", "Explotación sexual"],
        "Apellidos",
    ),
    "french": (
        ["Numéro de dossier", "Sexe", "Âge", "Nationalité", "Date d'identification", "Forme d'exploitation"],
        ["Femme", "17", "Ukraine", "14/03/2020", "Exploitation sexuelle"],
        "Prénom",
    ),
    "german": (
        ["Aktenzeichen", "Geschlecht", "Alter", "Staatsangehörigkeit", "Datum der Identifizierung", "Ausbeutungsform"],
        ["weiblich", "17", "UKR", "14.03.2020", "Sexuelle Ausbeutung"],
        "Nachname",
    ),
    "russian": (
        ["Номер дела", "Пол", "Возраст", "Гражданство", "Дата выявления", "Форма эксплуатации"],
        ["женский", "17", "Украина", "14.03.2020", "сексуальная эксплуатация"],
        "Фамилия",
    ),
    "arabic": (
        ["رقم القضية", "الجنس", "العمر", "الجنسية", "تاريخ التعرف", "شكل الاستغلال"],
        ["أنثى", "17", "أوكرانيا", "2020-03-14", "الاستغلال الجنسي"],
        "الاسم",
    ),
    "chinese": (
        ["案件编号", "性别", "年龄", "国籍", "发现日期", "剥削形式"],
        ["女", "17", "乌克兰", "2020-03-14", "性剥削"],
        "姓名",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_and_values_in_the_language_of_the_office(tmp_path: Path, language: str) -> None:
    header, cells, name = LANGUAGES[language]
    rows = [[f"K-{i}", *cells, f"made up {i}"] for i in range(30)]
    path = write_csv(tmp_path / f"{language}.csv", [*header, name], rows)
    proposal = propose_mapping(path)
    assert list(targets(proposal).values()) == ["record_id", "sex", "age", "citizenship", "date", "forms"]
    assert column(proposal, name).personal
    assert column(proposal, name).decision == "identity"
    converted, refused = convert(path, proposal, tmp_path)
    assert refused == 0
    first = converted[0]
    assert (first["sex"], first["age"], first["citizenship"], first["forms"]) == ("F", 17, "UKR", ["sexual"])
    assert (first["date"].isoformat(), first["record_id"]) == ("2020-03-14", "K-0")


def test_namibia_is_a_country_among_two_letter_codes_and_no_answer_among_names(tmp_path: Path) -> None:
    codes = write_csv(tmp_path / "codes.csv", ["Sex", "Citizenship"], [["F", "NA"], ["F", "ZA"], ["M", ""]] * 5)
    names = write_csv(tmp_path / "names.csv", ["Sex", "Citizenship"], [["F", "NA"], ["F", "Namibia"], ["M", ""]] * 5)
    by_code, by_name = propose_mapping(codes), propose_mapping(names)
    assert "NA" not in column(by_code, "Citizenship").unknown
    assert "NA" in column(by_name, "Citizenship").unknown
    assert [row["citizenship"] for row in convert(codes, by_code, tmp_path)[0][:3]] == ["NAM", "ZAF", "_U"]
    assert [row["citizenship"] for row in convert(names, by_name, tmp_path)[0][:3]] == ["_U", "NAM", "_U"]


def test_texts_for_no_answer_are_found_in_each_column_by_itself(tmp_path: Path) -> None:
    rows = [["F", "0", "-99", "0"], ["M", "34", "2019", "PHL"], ["-99", "-99", "2020", "-99"]] * 4
    path = write_csv(tmp_path / "no_answer.csv", ["Gender", "Age", "Year", "Nationality"], rows)
    proposal = propose_mapping(path)
    assert column(proposal, "Age").unknown == ("", "-99")  # 0 is an age
    assert column(proposal, "Nationality").unknown == ("", "-99", "0")  # 0 is no country
    converted, refused = convert(path, proposal, tmp_path)
    assert refused == 0
    assert [row["age"] for row in converted[:3]] == [0, 34, None]
    assert [row["citizenship"] for row in converted[:3]] == ["_U", "PHL", "_U"]


def test_day_and_month_that_cannot_be_told_apart_are_said(tmp_path: Path) -> None:
    header = ["Sex", "Date of registration"]
    doubtful = write_csv(tmp_path / "doubtful.csv", header, [["F", "03/04/2020"], ["M", "05/06/2020"]] * 3)
    clear = write_csv(tmp_path / "clear.csv", header, [["F", "03/14/2020"], ["M", "05/06/2020"]] * 3)
    date = column(propose_mapping(doubtful), header[1])
    assert date.date_format == "%d/%m/%Y"
    assert any("cannot be told apart" in text for text in date.check)
    date = column(propose_mapping(clear), header[1])
    assert (date.date_format, date.check) == ("%m/%d/%Y", ())


def test_groups_of_yes_and_no(tmp_path: Path) -> None:
    header = ["isForcedLabour", "isSexualExploit", "meansOfControlThreatOfLawEnforce", "Services/Shelter", "isBlue"]
    path = write_csv(tmp_path / "flags.csv", ["Gender", *header], [["F", "1", "0", "", "yes", "1"]] * 4)
    proposal = propose_mapping(path)
    codes = {one.column: (one.target, one.code) for one in proposal.of("flag")}
    assert codes == {
        "isForcedLabour": ("forms", "forced_labour"),
        "isSexualExploit": ("forms", "sexual"),
        "meansOfControlThreatOfLawEnforce": ("means", "threat_of_law_enforcement"),
        "Services/Shelter": ("services", "shelter"),
    }
    assert column(proposal, "isBlue").decision == "ignored"
    assert not column(proposal, "isForcedLabour").check  # a no is written
    assert any("never" in text or "ever says no" in text for text in column(proposal, header[2]).check)
    (first, *_), refused = convert(path, proposal, tmp_path)
    assert (first["forms"], first["services"], refused) == (["forced_labour"], ["shelter"], 0)


def test_a_packed_cell_gives_way_to_its_yes_and_no_columns(tmp_path: Path) -> None:
    header = ["Gender", "Type of exploitation", "Type of exploitation/Forced labour", "Type of exploitation/Other"]
    rows = [["F", "Forced labour Other", "1", "1"], ["M", "Other", "0", "1"]] * 3
    proposal = propose_mapping(write_csv(tmp_path / "survey.csv", header, rows))
    assert column(proposal, header[1]).decision == "ignored"
    assert [one.code for one in proposal.of("flag")] == ["forced_labour", "other"]


def test_several_values_in_one_cell_give_a_separator(tmp_path: Path) -> None:
    rows = [["F", "Forced labour; Forced begging"], ["M", "Forced labour"], ["F", "Sexual exploitation"]] * 3
    path = write_csv(tmp_path / "several.csv", ["Sex", "Exploitation"], rows)
    proposal = propose_mapping(path)
    assert column(proposal, "Exploitation").separator == ";"
    assert convert(path, proposal, tmp_path)[0][0]["forms"] == ["forced_labour", "begging"]


def test_texts_without_a_code_come_with_the_nearest_and_go_to_quarantine(tmp_path: Path) -> None:
    rows = [["F", "Sexual exploitation"]] * 8 + [["F", "Forced labur"]] * 2
    path = write_csv(tmp_path / "odd.csv", ["Sex", "Exploitation"], rows)
    proposal = propose_mapping(path)
    (odd,) = column(proposal, "Exploitation").unmatched
    assert (odd.text, odd.rows, odd.nearest[0]) == ("Forced labur", 2, "forced_labour")
    assert 'NO CODE for "Forced labur" (2 rows)' in proposal_toml(proposal)
    assert convert(path, proposal, tmp_path)[1] == 2


SECRET = "Xanthippe Quxworth"


def test_nothing_personal_is_repeated(tmp_path: Path) -> None:
    header = ["Full name", "Phone", "Contact", "Origin", "What happened", "Sex", "DOB"]
    rows = [
        [f"{SECRET} {i}", f"+000 555 {i:04}", f"q{i}@example.invalid", f"{SECRET}ville", f"{SECRET} said so", "F", "x"]
        for i in range(40)
    ]
    rows += [[SECRET, "", "", "Ukraine", "", "M", ""]] * 60
    proposal = propose_mapping(write_csv(tmp_path / "personal.csv", header, rows))
    said = proposal_toml(proposal) + "\n".join(proposal.explain()) + json.dumps(proposal.summary())
    assert f"{SECRET} " not in said
    assert f'"{SECRET}"' not in said
    assert "555" not in said
    assert "example.invalid" not in said
    personal = {one.column for one in proposal.columns if one.personal}
    assert {"Full name", "Phone", "Contact", "DOB"} <= personal


def test_a_column_of_ages_called_dob_is_an_age(tmp_path: Path) -> None:
    """ "Dob" is age in Croatian and date of birth in English; the values decide."""
    path = write_csv(tmp_path / "dob.csv", ["Spol", "Dob"], [["žensko", "17"], ["muško", "40"]] * 5)
    assert targets(propose_mapping(path)) == {"Spol": "sex", "Dob": "age"}


def test_the_header_row_below_titles_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Made-up office"],
        ["Release 1"],
        ["Sex", "Age group", "Year"],
        ["F", "0-17", 2020],
        ["M", "18+", 2021],
    ):
        book.active.append(row)
    book.save(tmp_path / "titles.xlsx")
    proposal = propose_mapping(tmp_path / "titles.xlsx")
    assert proposal.header_row == 3
    assert len(convert(tmp_path / "titles.xlsx", proposal, tmp_path)[0]) == 2


def test_the_table_is_guessed(tmp_path: Path) -> None:
    suspects = write_csv(tmp_path / "defendants.csv", ["id", "sex", "conviction year"], [["1", "F", "2020"]] * 2)
    figures = write_csv(
        tmp_path / "figures.csv", ["Country", "Year", "Sex", "Victims"], [["UKR", "2020", "", "12"]] * 2
    )
    cases = write_csv(tmp_path / "files.csv", ["No", "Year", "Victim sex"], [["1", "2020", "F"], ["2", "2021", "M"]])
    assert [propose_mapping(path).table for path in (suspects, figures, cases)] == ["suspects", "observations", "cases"]


def test_a_dimension_of_figures_is_never_left_out(tmp_path: Path) -> None:
    """Left out, the parts of a total would look like totals; mapped, their rows wait for a code."""
    rows = [["UKR", "2020", "", "12"], ["UKR", "2020", "class one", "5"], ["UKR", "2020", "class two", "7"]] * 2
    path = write_csv(tmp_path / "parts.csv", ["Country", "Year", "Age", "Victims"], rows)
    proposal = propose_mapping(path)
    assert column(proposal, "Age").target == "age"
    assert {one.text for one in column(proposal, "Age").unmatched} == {"class one", "class two"}


def test_a_wide_table_is_said_to_be_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "wide.csv", ["Godina", "Žene", "Muškarci"], [["2020", "5", "3"], ["2021", "6", "-"]])
    proposal = propose_mapping(path)
    assert "wide table" in proposal.table_reason
    assert any("nothing says the value" in text for text in proposal.check)


def test_a_known_shape_is_said(tmp_path: Path) -> None:
    header = ["Gender", "Citizenship", "Trafficking Status", "Type of Exploitation", "Methods of Control", "First Name"]
    path = write_csv(tmp_path / "htcds.csv", header, [["Feminine", "UKR", "", "Forced labour", "", "made up"]] * 2)
    assert propose_mapping(path).adapter == "htcds-2.0"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n", "no rows below the header"),
        ("x1,x2\nq,r\n", "no column was recognised"),
        ("Made Up,F,2001-06-15\nMade Up,M,2001-06-16\n", "row 1 holds data"),
        ("", "is empty"),
        ('{"a": 1}', "a mapping needs a table"),
    ],
)
def test_what_is_no_table_is_a_clear_error(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says) as caught:
        propose_mapping(path)
    assert "Made Up" not in str(caught.value)


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["Sex"], [["F"]])
    with pytest.raises(UsageError, match="--table persons"):
        propose_mapping(path, table="persons")


def test_the_table_may_be_given(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["Sex", "Arrest year"], [["F", "2020"]] * 2)
    proposal = propose_mapping(path, table="cases")
    assert (proposal.table, targets(proposal)) == ("cases", {"Sex": "sex", "Arrest year": "year"})


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    header, cells, name = LANGUAGES["french"]
    path = write_csv(tmp_path / "same.csv", [*header, name], [[f"K-{i}", *cells, "made up"] for i in range(9)])
    assert proposal_toml(propose_mapping(path)) == proposal_toml(propose_mapping(path))


def test_a_case_number_is_no_key_across_lists_and_a_referral_number_is_one_to_check(tmp_path: Path) -> None:
    """ "12" stands in the register of every office; taken for a key it would make one person of many."""
    rows = [[str(i), f"R-{i}", "F"] for i in range(9)]
    proposal = propose_mapping(write_csv(tmp_path / "keys.csv", ["Case number", "Referral number", "Sex"], rows))
    assert targets(proposal) == {"Case number": "record_id", "Referral number": "person_key", "Sex": "sex"}
    assert any("same person" in text for text in column(proposal, "Referral number").check)


def test_sex_in_figures_is_left_to_a_person(tmp_path: Path) -> None:
    rows = [["1", "30"], ["2", "31"], ["9", "32"]] * 3
    proposal = propose_mapping(write_csv(tmp_path / "sex.csv", ["Sex", "Age"], rows))
    sex = column(proposal, "Sex")
    assert (sex.target, dict(sex.values), {one.text for one in sex.unmatched}) == ("sex", {}, {"1", "2"})
    assert any("5218" in text for text in sex.check)


def test_a_date_is_known_by_its_values_unless_it_may_be_a_birth_date(tmp_path: Path) -> None:
    recent = write_csv(tmp_path / "recent.csv", ["Sex", "Eingang"], [["F", "2020-03-14"], ["M", "2021-04-15"]] * 3)
    old = write_csv(tmp_path / "old.csv", ["Sex", "Eingang"], [["F", "1980-03-14"], ["M", "2001-04-15"]] * 3)
    date = column(propose_mapping(recent), "Eingang")
    assert (date.target, any("no date of birth" in text for text in date.check)) == ("date", True)
    assert column(propose_mapping(old), "Eingang").decision == "ignored"


def test_a_slip_in_a_yes_or_no_column_does_not_hide_it(tmp_path: Path) -> None:
    rows = [["F", "yes"]] * 60 + [["M", "yse"]]
    path = write_csv(tmp_path / "slip.csv", ["Sex", "Form: begging"], rows)
    proposal = propose_mapping(path)
    assert column(proposal, "Form: begging").code == "begging"
    assert convert(path, proposal, tmp_path)[1] == 1


_HEADERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12
)


@settings(max_examples=50, deadline=None)
@given(header=_HEADERS, values=st.lists(_HEADERS, min_size=1, max_size=5))
def test_any_header_and_value_gives_a_mapping_that_loads(
    tmp_path_factory: pytest.TempPathFactory, header: str, values: list[str]
) -> None:
    """Headers and values are data: quotes, brackets and line breaks in them must not break the mapping."""
    folder = tmp_path_factory.mktemp("any")
    name = f"Exploitation {header.strip()} end"
    path = write_csv(folder / "any.csv", ["Sex", name], [["F", value] for value in values for _ in range(2)])
    proposal = propose_mapping(path)
    document = tomllib.loads(proposal_toml(proposal))
    assert document["fields"]["sex"]["column"] == "Sex"
    read = {one.column for one in proposal.columns if one.target} | set(document["ignored"])
    assert len(read) == 2


def test_the_guide_names_every_key_of_a_mapping() -> None:
    guide = (Path(__file__).resolve().parents[4] / "docs" / "how-to" / "map-a-file.md").read_text(encoding="utf-8")
    keys = {*Mapping.__dataclass_fields__, *FieldMapping.__dataclass_fields__} - {"fields", "target", "ignored"}
    assert [key for key in sorted(keys) if f"`{key}`" not in guide] == []


def test_the_year_is_left_out_beside_a_date_that_says_it(tmp_path: Path) -> None:
    rows = [["F", "2020-03-14", "2020"], ["M", "2021-01-01", "2021"]] * 2
    path = write_csv(tmp_path / "both.csv", ["Sex", "Date of registration", "Fiscal year"], rows)
    assert targets(propose_mapping(path)) == {"Sex": "sex", "Date of registration": "date"}
    rows = [["F", "", "2020"], ["M", "2021-01-01", "2021"]] * 2
    path = write_csv(tmp_path / "gaps.csv", ["Sex", "Date of registration", "Fiscal year"], rows)
    assert set(targets(propose_mapping(path)).values()) == {"sex", "date", "year"}


def test_a_column_of_one_measure_tells_the_kind(tmp_path: Path) -> None:
    rows = [["UKR", "2020", "Detected victims", "12"], ["UKR", "2021", "Detected victims", "9"]]
    path = write_csv(tmp_path / "kind.csv", ["Country", "Year", "Series", "Value"], rows)
    assert {one.target: one.value for one in propose_mapping(path).constants} == {"kind": "detected"}


def test_a_number_that_repeats_is_no_record_number(tmp_path: Path) -> None:
    """Several victims share the number of a case; as a record number it would make repeated records of them."""
    rows = [[str(i // 3), "F"] for i in range(900)]
    proposal = propose_mapping(write_csv(tmp_path / "shared.csv", ["Case number", "Sex"], rows))
    assert column(proposal, "Case number").decision == "ignored"


def test_rare_codes_far_down_a_long_file_are_seen(tmp_path: Path) -> None:
    rows = [[f"made up {i}", "F"] for i in range(3_000)] + [["made up", "Femnine"]] * 2
    proposal = propose_mapping(write_csv(tmp_path / "long.csv", ["Name", "Sex"], rows), sample=1_000)
    assert [one.text for one in column(proposal, "Sex").unmatched] == ["Femnine"]
    assert proposal.rows == 3_002


def test_the_summary_and_the_explanation_agree(tmp_path: Path) -> None:
    rows = [["F", "x"], ["M", "y"]] * 4
    proposal = propose_mapping(write_csv(tmp_path / "both.csv", ["Sex", "Odd\nname"], rows))
    summary = proposal.summary()
    assert json.loads(json.dumps(summary))["columns"][0]["target"] == "sex"
    lines = proposal.explain()
    assert all("\n" not in line for line in lines)
    assert len([line for line in lines if line.startswith(("  Sex -> sex", "  Odd name: left out"))]) == 2


@pytest.mark.parametrize("header", ["NumberVictims", "n_victims", "Number of victims"])
def test_a_file_of_court_cases_is_not_taken_for_persons_without_a_word(tmp_path: Path, header: str) -> None:
    path = write_csv(
        tmp_path / "cases.csv",
        ["case", "verdict date", "purposes of exploitation", header],
        [[f"C{number}", "2014-03-02", "Sexual exploitation", str(number)] for number in range(12)],
    )
    proposal = propose_mapping(path)
    assert [text for text in proposal.check if header in text and "cases are not persons" in text]
    assert "CHECK" in proposal_toml(proposal)
