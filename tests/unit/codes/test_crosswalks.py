"""Crosswalks: no code is orphaned, and what is lost is said."""

import tomllib

import pytest

from palermo.codes import Crosswalk, code_list, crosswalk, crosswalk_ids
from palermo.codes.crosswalks import crosswalk_from_document
from palermo.errors import PalermoError, UsageError

EXPECTED = ("ctdc-2021", "ctdc-2024", "eurostat", "htcds-2.0", "sdg-16.2.2", "sdmx")
PAIRS = [(crosswalk_id, list_id) for crosswalk_id in EXPECTED for list_id in crosswalk(crosswalk_id).lists]


def test_the_standards_that_the_account_must_speak() -> None:
    assert crosswalk_ids() == EXPECTED


@pytest.mark.parametrize("crosswalk_id", EXPECTED)
def test_every_code_comes_back_or_its_loss_is_declared(crosswalk_id: str) -> None:
    assert crosswalk(crosswalk_id).faults() == ()


@pytest.mark.parametrize(("crosswalk_id", "list_id"), PAIRS)
def test_no_code_is_orphaned(crosswalk_id: str, list_id: str) -> None:
    """Written without ``faults``: every code of the list is carried, or stands among the losses."""
    walk = crosswalk(crosswalk_id)
    lost = {loss.code for loss in walk.losses(list_id) if loss.direction == "from_palermo"}
    orphans = [c.id for c in code_list(list_id) if walk.from_palermo(list_id, c.id) is None and c.id not in lost]
    assert orphans == []


@pytest.mark.parametrize(("crosswalk_id", "list_id"), PAIRS)
def test_round_trips_where_no_loss_is_declared(crosswalk_id: str, list_id: str) -> None:
    walk = crosswalk(crosswalk_id)
    lost = {loss.code for loss in walk.losses(list_id) if loss.direction == "from_palermo"}
    safe = [c.id for c in code_list(list_id) if c.id not in lost]
    assert safe != []
    for code in safe:
        text = walk.from_palermo(list_id, code)
        assert text is not None and walk.to_palermo(list_id, text) == (code,)


@pytest.mark.parametrize(("crosswalk_id", "list_id"), PAIRS)
def test_a_declared_loss_is_a_loss_of_something_there_is(crosswalk_id: str, list_id: str) -> None:
    for loss in crosswalk(crosswalk_id).losses(list_id):
        assert loss.lost and loss.list == list_id
        assert loss.direction == "to_palermo" or code_list(list_id).in_table(loss.code)


@pytest.mark.parametrize("crosswalk_id", EXPECTED)
def test_not_asked_never_becomes_a_value(crosswalk_id: str) -> None:
    walk = crosswalk(crosswalk_id)
    for list_id in walk.lists:
        if "_N" in code_list(list_id):
            text = walk.from_palermo(list_id, "_N")
            assert text is None or walk.to_palermo(list_id, text) == ("_U",)
            assert any(loss.code == "_N" for loss in walk.losses(list_id))


@pytest.mark.parametrize(
    ("crosswalk_id", "list_id", "text", "codes"),
    [
        ("htcds-2.0", "sex", "Feminine", ("F",)),
        ("htcds-2.0", "sex", "Not Specified/Unknown", ("_U",)),
        ("htcds-2.0", "form", "Forced labour", ("forced_labour",)),
        ("htcds-2.0", "means", "DebtBondage ", ("debt_bondage",)),
        ("htcds-2.0", "recruiter", "Unaquainted", ("stranger",)),
        ("ctdc-2021", "sex", "", ("_U",)),
        ("ctdc-2021", "age", "09--17", ("Y9T17",)),
        ("ctdc-2021", "age", "9--17", ("Y9T17",)),
        ("ctdc-2021", "form", "isOtherExploit", ("other",)),
        ("ctdc-2024", "means", "meansAbusePsyPhySex", ("psychological_abuse", "physical_abuse", "sexual_abuse")),
        ("ctdc-2024", "sex", "Woman", ("F",)),
        ("eurostat", "age", "Y_LT18", ("Y0T17",)),
        ("sdg-16.2.2", "form", "VC_HTF_DETV", ("_T",)),
        ("sdg-16.2.2", "sex", "BOTHSEX", ("_T",)),
        ("sdg-16.2.2", "age", "Y18T29", ("Y18T29",)),
        ("sdmx", "sex", "_O", ("O",)),
        ("sdmx", "sex", "_N", None),
        ("sdmx", "obs_status", "Q", ("Q",)),
        ("sdmx", "obs_status", "V", None),
        ("sdmx", "age", "nobody", None),
    ],
)
def test_from_the_standard(crosswalk_id: str, list_id: str, text: str, codes: tuple[str, ...] | None) -> None:
    assert crosswalk(crosswalk_id).to_palermo(list_id, text) == codes


@pytest.mark.parametrize(
    ("crosswalk_id", "list_id", "code", "text"),
    [
        ("htcds-2.0", "form", "forced_criminality", "Other"),
        ("htcds-2.0", "means", "restricts_movement", "Other"),
        ("ctdc-2021", "age", "Y5T9", None),
        ("ctdc-2021", "age", "Y18T20", "18--20"),
        ("ctdc-2021", "age", "Y0T4", "0--8"),
        ("eurostat", "form", "begging", "other"),
        ("eurostat", "sex", "O", None),
        ("sdg-16.2.2", "form", "organ_removal", "VC_HTF_DETVOG"),
        ("sdg-16.2.2", "unit", "OFFENCE", None),
        ("sdmx", "age", "Y13T16", "Y13T16"),
        ("sdmx", "sex", "_T", "_T"),
    ],
)
def test_to_the_standard(crosswalk_id: str, list_id: str, code: str, text: str | None) -> None:
    assert crosswalk(crosswalk_id).from_palermo(list_id, code) == text


def test_what_a_crosswalk_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match="no crosswalk 'iom'; crosswalks: ctdc-2021"):
        crosswalk("iom")
    with pytest.raises(UsageError, match="eurostat does not cover the list 'means'; it covers sex, age, form"):
        crosswalk("eurostat").to_palermo("means", "x")
    with pytest.raises(UsageError, match="no code 'female'"):
        crosswalk("eurostat").from_palermo("sex", "female")


def document(text: str, scope: str = "records") -> Crosswalk:
    head = f'id = "demo"\nversion = "1.0"\ntitle = "Demo"\nsource = "made up"\nscope = "{scope}"\n'
    return crosswalk_from_document(tomllib.loads(head + text), "demo.toml")


def test_faults_finds_what_is_neither_carried_nor_declared() -> None:
    walk = document(
        '[lists.sex]\nfield = "sex"\n[lists.sex.from_palermo]\nF = "w"\nM = "m"\nO = "m"\n'
        '[lists.sex.to_palermo]\nw = ["F"]\nm = ["M"]\nx = ["O"]\ny = ["_U", "_N"]\n'
    )
    faults = "\n".join(walk.faults())
    assert "our O becomes 'm', which does not come back" in faults
    assert "our _U becomes None" in faults and "our _N becomes None" in faults
    assert "their 'x' does not come back" in faults and "their 'y' does not come back" in faults
    assert "our F" not in faults and "our M" not in faults and "their 'w'" not in faults
    assert len(walk.faults()) == 5


def test_a_table_standard_must_say_what_becomes_of_totals() -> None:
    text = '[lists.conf_status]\nfield = "c"\nsame = true\n[lists.sex]\nfield = "s"\nsame = true\n'
    assert document(text, "tables").faults() == ()
    halved = document('[lists.sex]\nfield = "s"\n[lists.sex.from_palermo]\nF = "F"\n', "tables")
    assert any("our _T becomes None" in fault for fault in halved.faults())
    assert any("'F', which the file does not know" in fault for fault in halved.faults())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[lists.sex]\nfield = "s"\n[lists.sex.from_palermo]\nX = "x"\n', "'X' is not a code of the list"),
        ('[lists.sex]\nfield = "s"\n[lists.sex.to_palermo]\nx = ["F", "W"]\n', "'W' is not a code of the list"),
        ('[lists.sex]\nfield = "s"\ntitle = "x"\n', "unknown keys title"),
        ('[lists.sex]\nfield = "s"\n[lists.sex.lost.to_palermo]\nx = { kind = "gone", lost = "" }\n', "expected kind"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(PalermoError, match=r"demo\.toml") as caught:
        document(text)
    assert message in str(caught.value)


def test_a_file_without_a_scope_is_refused() -> None:
    with pytest.raises(PalermoError, match="scope being records or tables"):
        document("[lists]\n", "people")
