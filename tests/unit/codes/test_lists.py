"""Code lists: every file is sound, every alias is of one code, and texts match without guessing."""

import re
import tomllib

import pytest

from palermo.codes import CodeList, code_list, list_ids
from palermo.codes.folding import fold
from palermo.codes.lists import list_from_document
from palermo.errors import PalermoError, UsageError

# The codes that the contracts between the stages name; a list may grow, but none of these may vanish.
NEEDED = {
    "comparison": "PANEL POOLED MEDIAN",
    "sex": "F M O _U _N",
    "form": "sexual sexual_slavery forced_labour domestic_servitude child_labour begging forced_criminality "
    "forced_marriage child_marriage illegal_adoption surrogacy armed_groups organ_removal slavery other _U _N",
    "means": "debt_bondage takes_earnings restricts_financial_access threats psychological_abuse physical_abuse "
    "sexual_abuse false_promises psychoactive_substances restricts_movement restricts_medical_care "
    "excessive_working_hours uses_children threat_of_law_enforcement withholds_necessities withholds_documents "
    "abduction abuse_of_vulnerability deception payments_to_controller other _U _N",
    "recruiter": "intimate_partner family friend acquaintance stranger employer agency online other _U _N",
    "sector": "agriculture fishing construction domestic_work hospitality manufacturing mining transport retail "
    "begging peddling cleaning health_care prostitution pornography remote_sexual private_sexual other _U _N",
    "victim_status": "presumed identified confirmed declined not_victim _U _N",
    "source_type": "police border immigration labour_inspectorate shelter hotline health social_services "
    "child_protection prosecution court ngo international_organization diplomatic trade_union statistics_office other",
    "migration_stage": "origin transit destination returned _U _N",
    "migration_status": "national regular irregular asylum_seeker refugee stateless other _U _N",
    "context": "conflict disaster displacement pandemic none _U _N",
    "service": "shelter medical psychological legal education return housing financial employment interpretation "
    "residence_permit other _U _N",
    "perpetrator_attribute": "exploiter sex age_band citizenship_region relation pays_money recruiter_broker "
    "transaction control_abuse",
    "kind": "detected assisted estimated exposed _Z",
    "unit": "PERSON RECORD CASE CONTACT EVENT OFFENCE CONVICTION AREA PERCENT RATIO PER_100K KM2",
    "measure": "victims_detected victims_assisted persons_contacted persons_prosecuted persons_convicted offences "
    "cases_recorded flows areas records",
    "reach": "DOM SUBR REG TREG _U",
    "conviction_band": "NONE 1T9 10T50 GT50",
    "obs_status": "A M Q E B P U O N",
    "conf_status": "F A D",
    "age": "Y0T17 Y_GE18 _U _N",
}


@pytest.mark.parametrize("list_id", sorted(NEEDED))
def test_a_list_holds_the_codes_that_the_stages_share(list_id: str) -> None:
    assert [code for code in NEEDED[list_id].split() if code not in code_list(list_id)] == []


def test_no_list_is_unknown_to_the_contracts() -> None:
    assert set(list_ids()) == set(NEEDED)


@pytest.mark.parametrize("list_id", list_ids())
def test_every_label_and_alias_leads_to_its_own_code(list_id: str) -> None:
    listed = code_list(list_id)
    wrong = [
        (text, code.id, listed.match(text))
        for code in listed
        for text in (code.id, code.label, *code.aliases)
        if listed.match(text) != code.id
    ]
    assert wrong == []


@pytest.mark.parametrize("list_id", list_ids())
def test_every_alias_says_something_new(list_id: str) -> None:
    texts = [fold(text) for code in code_list(list_id) for text in (code.label, *code.aliases)]
    assert "" not in texts
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


@pytest.mark.parametrize("list_id", list_ids())
def test_totals_are_for_tables_only(list_id: str) -> None:
    listed = code_list(list_id)
    assert "_T" not in listed
    assert listed.match("_T") is None


@pytest.mark.parametrize("list_id", list_ids())
def test_a_list_names_its_version_and_source(list_id: str) -> None:
    listed = code_list(list_id)
    assert re.fullmatch(r"\d+\.\d+", listed.version)
    assert listed.source and listed.title and listed.id == list_id


@pytest.mark.parametrize("paragraph", [10, 11, 12, 13, 14, 15, 16, 33])
def test_the_distinctions_of_the_report_have_a_home(paragraph: int) -> None:
    homes = [
        code.id
        for list_id in list_ids()
        for code in code_list(list_id)
        if any(_covers(found, paragraph) for found in re.findall(r"paragraphs? ([\d, to and]+)", code.description))
    ]
    assert homes != []


def _covers(text: str, paragraph: int) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if "to" in text and len(numbers) == 2:
        return numbers[0] <= paragraph <= numbers[1]
    return paragraph in numbers


@pytest.mark.parametrize(
    ("list_id", "text", "code"),
    [
        ("sex", "Female", "F"),
        ("sex", "  FEMME ", "F"),
        ("sex", "_u", "_U"),
        ("sex", "u", None),
        ("sex", "not collected", "_N"),
        ("form", "trata", None),
        ("form", "Labour exploitation", "forced_labour"),
        ("means", "PhysicalAbuse", "physical_abuse"),
        ("unit", "victims", "PERSON"),
        ("kind", "", None),
        ("kind", "-", None),
    ],
)
def test_match_is_exact_after_folding(list_id: str, text: str, code: str | None) -> None:
    assert code_list(list_id).match(text) == code


def test_a_mistyped_code_is_not_matched_but_its_neighbours_are_named() -> None:
    form = code_list("form")
    assert form.match("forced labuor") is None
    assert form.nearest("forced labuor")[0] == "forced_labour"
    assert form.nearest("?!") == []
    with pytest.raises(UsageError, match=r"no code 'forced_labor'; nearest: forced_labour"):
        form["forced_labor"]


def test_narrower_forms_hang_under_wider_ones() -> None:
    form = code_list("form")
    assert [code.id for code in form.children("sexual")] == ["sexual_slavery"]
    assert form.ancestors("sexual_slavery") == ("sexual",)
    assert form.ancestors("sexual") == ()


def test_a_table_may_hold_totals_and_a_record_may_not() -> None:
    sex = code_list("sex")
    assert sex.in_table("_T") and "_T" not in sex
    assert sex["_T"].label == "Total"
    assert len(sex) == len(list(sex)) == 5


def test_an_unknown_list_is_refused_with_the_lists_there_are() -> None:
    with pytest.raises(UsageError, match=r"no code list 'gender'; lists: age, .*sex"):
        code_list("gender")


def document(text: str) -> CodeList:
    head = 'id = "demo"\nversion = "1.0"\ntitle = "Demo"\nsource = "made up"\n'
    return list_from_document(tomllib.loads(head + text), "demo.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[codes.a]\nlabel = "A"\naliases = ["b"]\n[codes.b]\nlabel = "B"', "'b' names both a and b"),
        ('[codes.a]\nlabel = "A"\nparent = "z"', "parent 'z', which is not in the list"),
        ('[codes.a]\nlabel = "A"\nparent = "b"\n[codes.b]\nlabel = "B"\nparent = "a"', "its own ancestor"),
        ('[codes.a]\nlabel = " "', "empty label"),
        ('[codes.a]\ntitle = "A"\nlabel = "A"', "unknown keys title"),
        ("[codes.a]\n", "keys missing: label"),
        ('[codes.a]\nlabel = "A"\naliases = ["%"]', "no letter or digit"),
        ('special = ["_U"]\ntable_only = ["_U"]\n[codes.a]\nlabel = "A"', "a code stands twice"),
        ('special = ["_Q"]\n[codes.a]\nlabel = "A"', "'_Q' is not in special.toml"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(PalermoError, match=r"demo\.toml|code list demo") as caught:
        document(text)
    assert message in str(caught.value)


def test_the_list_of_ages_takes_bands_only() -> None:
    text = 'id = "age"\nversion = "1.0"\ntitle = "Age"\nsource = "made up"\n[codes.young]\nlabel = "Young"\n'
    with pytest.raises(PalermoError, match=r"\[codes\.young\]: not an age band; write YaTb, Ya or Y_GEa"):
        list_from_document(tomllib.loads(text), "age.toml")


def test_unknown_is_understood_in_every_list_that_asks() -> None:
    for list_id in ("sex", "form", "means", "victim_status"):
        assert code_list(list_id).match("Sin determinar") == "_U"
        assert code_list(list_id).match("inconnu") == "_U"
