"""Notes of a release in the language spoken: recognised by their wording, else shown in English and marked so."""

import ast
import re
from pathlib import Path

import pytest

import palermo
from palermo.language import speaking
from palermo.report.page.notes import NOTES, POPULATIONS, note_told, population_told
from palermo.report.page.settings import settings_told

LEFT_OUT = (
    "About 30% of the records of the lists compared carry no shared identifier and are left out of the estimate; "
    "persons who never get an identifier are in no estimate, so that it may be too low."
)
REFUSED = (
    "There is no estimate of those whom no list saw: saw nobody: clinic; such a list tells nothing; "
    "the table holds nobody. That is not zero."
)
WRITTEN = [
    "About 13,980 records are about 11,650 persons.",
    "Fewer than 10 persons have records that disagree.",
    "List hotline is not among the lists compared for the hidden number: too few of its records carry an identifier "
    "shared with other lists.",
    "4 published figures are printed twice with different values; they are given as ranges.",
    "By a sample of about 200 pairs that 3 people looked at, about 10% of the links between lists are missing and "
    "fewer than 10% of those made are wrong.",
    f"Rates: {POPULATIONS[2]}",
    LEFT_OUT,
    REFUSED,
]
NAMES = {"hotline", "clinic"}


@pytest.mark.parametrize("code", ["ar", "ru", "zh"])
@pytest.mark.parametrize("note", WRITTEN)
def test_a_note_is_told_in_the_language_and_unchanged_in_english(note, code):
    assert note_told(note) == note
    with speaking(code):
        told = note_told(note)
    assert set(re.findall(r"[A-Za-z]+", told)) <= NAMES
    assert told.endswith({"zh": "。"}.get(code, "."))
    assert told[-2] != told[-1]


def test_numbers_of_a_note_are_written_as_the_language_writes_them():
    with speaking("fr"):
        assert "13\u202f980" in note_told(WRITTEN[0])
    with speaking("ar"):
        assert "٤" in note_told(WRITTEN[3])


def test_a_note_of_an_office_is_shown_as_written_and_marked_as_english():
    with speaking("ru"):
        assert note_told("The office <b>moved</b>.") == (
            '<span lang="en" dir="ltr">The office &lt;b&gt;moved&lt;/b&gt;.</span>'
        )
        assert 'lang="en"' in population_told("A file of the office.")


@pytest.mark.parametrize("message", [*NOTES, *POPULATIONS])
def test_notes_are_still_worded_as_the_stages_write_them(message, constants):
    pieces = [piece.strip() for piece in re.split(r"\{\w+\}", message)]
    ends = {end for piece in pieces for end in (piece[:20].strip(), piece[-20:].strip()) if len(end) > 4}
    assert any(end in constant for end in ends for constant in constants)


@pytest.fixture(scope="module")
def constants():
    """Every text in the source of the stages that write notes."""
    package = Path(palermo.__path__[0])
    files = [file for part in ("account", "linkage", "hidden") for file in (package / part).rglob("*.py")]
    nodes = (node for file in [*files, package / "linkage_work.py"] for node in ast.walk(ast.parse(file.read_text())))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_settings_are_named_in_words_and_keep_their_codes():
    settings = {"groups": {"sexual": ["sexual", "sexual_slavery"]}, "panel_years": 4, "of_an_office": "x"}
    assert dict(settings_told(settings)) == {
        "forms in a group (sexual)": "sexual, sexual_slavery",
        "years in which the same areas must have figures": "4",
        "of_an_office": "x",
    }
    with speaking("zh"):
        told = {str(name): str(value) for name, value in settings_told(settings)}
    assert told['组内的形式（<span lang="en" dir="ltr">sexual</span>）'].endswith(">sexual, sexual_slavery</span>")
    assert "相同地区必须有数字的年数" in told
