"""Every sentence of a figure is a message: in a pseudo-language whose letters are wide, no narrow English is left."""

import ast
import gettext
import re
from dataclasses import asdict, is_dataclass, replace
from pathlib import Path
from string import ascii_letters, ascii_uppercase

import pytest

import palermo
from palermo.codes import code_list
from palermo.language import catalogue, speaking
from palermo.report.estimates.coverage import coverage_figure
from palermo.report.estimates.inputs import Coverage, ModelPoint
from palermo.report.estimates.methods import METHODS
from palermo.report.estimates.models import models_figure
from palermo.report.estimates.sensitivity import sensitivity_figures
from palermo.report.estimates.side_by_side import estimators_figure, parts_figure
from palermo.report.estimates.told import CHANGES, FAMILIES, REASONS, change_told, reason_told
from palermo.report.figures.around import Around, Change, Method, figures_around, lists_figure
from palermo.report.figures.convicted import convicted_by_sex
from palermo.report.figures.flows import REACHED, flows, reach
from palermo.report.figures.form_words import WITHIN
from palermo.report.figures.forms import form_by_sex_and_age, victims_by_form
from palermo.report.figures.justice import BANDS_WITHIN, areas_by_convictions, justice_funnel
from palermo.report.figures.sdg import sdg_page
from palermo.report.figures.unseen import hidden_number
from palermo.report.labels import label, within

MAKERS = (victims_by_form, form_by_sex_and_age, reach, flows, areas_by_convictions, justice_funnel, convicted_by_sex,
          sdg_page, hidden_number)  # fmt: skip
WIDE = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in ascii_letters}
LITERAL = re.compile(r"(\{\w+\})")
# names of lists, areas and methods' variants, ids, and what the Unicode data write in French, as the pseudo-language is
LISTS = {"police", "shelters", "clinic", "hotline"}
FRENCH = {"et", "ou", "Allemagne", "Bolivie", "Nigéria", "Roumanie", "Viet", "Nam", "État", "plurinational", "de"}
NAMES = {*LISTS, *FRENCH, "Exampleland"}
CODES = re.compile(r"\bVC_HTF_DETV[A-Z]*\b|\b[0-9a-f]{16}\b|\b[EH]\d[a-e]?\b")
COMMON = {"kind": "estimated", "measure": "victims_estimated", "obs_status": "E"}
REASON = "the limits take the chosen model as given, so they are too narrow"
NONE = dict.fromkeys(("estimate", "lower", "upper"))
METHOD = {"estimator": "bic_best", "estimate": 5120.0, "lower": 4330.0, "upper": 6410.0,
          "verdict": "shown with warnings", "reasons": [REASON]}  # fmt: skip
TOLD = {
    "why": "", "receipt": "r1", "lists": ["clinic", "hotline", "police"], "level": 0.95, "best": "bic_best",
    "methods": [METHOD, {**METHOD, "estimator": "stepwise_BCa", "upper": 9000.0},
                {**METHOD, **NONE, "estimator": "main_effects", "verdict": "refused",
                 "reasons": ["the table holds nobody"]}],
    "models": {"points": [{"bic": 0, "estimate": 5000.0}, {"bic": 3, "estimate": 6300.0},
                          {"bic": 50, "estimate": 900_000.0}], "bands": [1, 1, 0, 40], "without": 3},
    "changes": [
        {"kind": kind, "estimator": name, "changed": changed, "at": at, "estimate": 5000.0, "lower": 4000.0,
         "upper": 7000.0}
        for name in ("bic_best", "stepwise_BCa")
        for kind, changed, at in (
            ("interaction", "interaction of all lists +0.1", 0.1), ("threshold", "threshold 0.05", 0.05),
            ("prior", "prior count 0.5", 0.5), ("leave_out", "without list clinic", None),
            ("merge", "lists clinic and police merged", None),
        )
    ] + [{"kind": "leave_out", "estimator": "bic_best", "changed": "without list police", "at": None, **NONE}],
    "coverage": [{"family": "Drawn from the model fitted to this table", "estimator": "bic_best", "runs": 50,
                  "shown": 50, "covered": 46, "missed_with_warning": 2, "bias": 0.01}],
    "overlap": {"base": 10, "sizes": [{"lower": 110.0, "upper": 119.0}, {"lower": 60.0, "upper": 69.0},
                                      {"lower": 0.0, "upper": 9.0}],
                "shared": [{"history": 1, "lower": 90.0, "upper": 99.0}, {"history": 3, "lower": 20.0, "upper": 29.0}]},
}  # fmt: skip


def widened(message):
    """The message with wide letters, its placeholders as they are."""
    return "".join(part if part.startswith("{") else part.translate(WIDE) for part in LITERAL.split(message))


class Wide(gettext.NullTranslations):
    """The pseudo-language."""

    def gettext(self, message):
        return widened(message)

    def ngettext(self, msgid1, msgid2, n):
        return widened(msgid1 if n == 1 else msgid2)


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setattr(catalogue, "_translations", lambda _code: Wide())
    with speaking("fr"):
        yield


def said(figure):
    """Every text of a figure that a reader sees, with its place."""
    texts = [
        (name, getattr(figure, name)) for name in ("title", "subtitle", "note", "source", "alt", "missing", "about")
    ]
    texts += [("text", sentence) for sentence in figure.text]
    texts += [("heading", column.label) for column in (*figure.table.stubs, *figure.table.measures)]
    texts += [("group", row.group) for row in figure.table.rows]
    texts += [("row", name) for row in figure.table.rows for _code, name in row.stubs]
    return texts + [("drawing", text) for marks in figure.marks for text in labels(asdict(marks))]


def labels(value):
    """The labels and titles within marks."""
    if isinstance(value, dict):
        own = [value[key] for key in ("label", "title") if isinstance(value.get(key), str)]
        return own + [text for key, part in value.items() if key != "amount" for text in labels(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in labels(part)]
    return labels(asdict(value)) if is_dataclass(value) else []


def left_in_english(figure):
    found = []
    for place, text in said(figure):
        words = re.findall(r"[A-Za-zÀ-ÿ]+", CODES.sub("", text))
        found += [(figure.id, place, text) for word in words if word not in NAMES]
    return found


@pytest.fixture(scope="module")
def everything(rows, releasing, observed):
    """The release of the other tests, with estimates by part, a rounded number and a verdict."""
    more = [
        observed("victims_estimated", 500.0, interval=(400.0, 700.0), age="Y0T17", **COMMON),
        observed("victims_estimated", 400.0, interval=(300.0, 600.0), sex="F", age="Y0T17", **COMMON),
        observed("victims_estimated", 40.0, interval=(30.0, 60.0), sex="O", age="Y_GE18", **COMMON),
        observed("victims_estimated", 900.0, interval=(700.0, 1200.0), form="begging", **COMMON),
        observed("victims_estimated", 900.0, interval=(700.0, 1200.0), time_period="2022", **COMMON),
        observed("victims_estimated", 300.0, interval=(200.0, 400.0), time_period="2022", sex="F", **COMMON),
    ]
    release = releasing([*rows, *more])
    answer = {"estimator": "bic_best", "estimators": 7, "level": 0.95, "reasons": [REASON],
              "verdict": "shown with warnings"}  # fmt: skip
    estimates = {"answers": {"_T _T _T _T": answer}, "lists": ["clinic", "hotline"]}
    return replace(release, receipts={**release.receipts, "estimates": estimates}, estimates=TOLD)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("maker", MAKERS)
def test_no_english_is_left_in_a_figure(everything, maker):
    figure = maker(everything, everything.area, "2023")
    assert not figure.missing
    assert left_in_english(figure) == []


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("maker", MAKERS)
def test_no_english_is_left_where_the_release_cannot_fill_a_figure(releasing, maker):
    figure = maker(releasing([]), "DEU", "2023")
    assert figure.missing
    assert left_in_english(figure) == []


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("changes", [{}, {"models": None}, {"overlap": None}, {"why": "refused"}])
def test_no_english_is_left_around_the_hidden_number(everything, changes):
    made = figures_around(replace(everything, estimates={**TOLD, **changes}), everything.area)
    assert len(made) > 1
    assert [found for figure in made for found in left_in_english(figure)] == []


@pytest.mark.usefixtures("wide")
def test_no_english_is_left_on_the_figures_of_the_page_for_an_office():
    part = Method("bic_best", 40.0, 6.0, 90.0, "shown", (), 0.95, "sex=F, age=Y_GE18")
    made_of = Around(
        {**TOLD, "overlap": None}, "", False, protect=10, parts=(part, replace(part, stratum="form=begging"))
    )
    empty = Around({"methods": [], "level": 0.8, "overlap": None, "lists": []}, "", False)
    figures = [parts_figure(made_of), lists_figure(made_of), estimators_figure(empty), parts_figure(empty),
               models_figure(replace(empty, told={**empty.told, "models": None})), coverage_figure(empty),
               *sensitivity_figures(empty)]  # fmt: skip
    assert [found for figure in figures for found in left_in_english(figure)] == []


def test_the_pseudo_language_finds_what_is_not_a_message(release):
    """The test of the tests: without it, a figure whose texts are all empty would pass."""
    assert left_in_english(hidden_number(release, release.area, "2023"))


def test_words_within_sentences_are_the_labels_of_the_lists_and_none_is_missing():
    for dimension, words in (("form", WITHIN), ("band", BANDS_WITHIN)):
        assert {code: within(label(dimension, code)) for code in words} == words
    assert {code.id for code in code_list("form")} - {"_U", "_N"} <= set(WITHIN)
    assert {code: f"{within(label('reach', code))} for {{share}}" for code in REACHED} == REACHED


@pytest.mark.parametrize(
    "reason",
    [
        "about 30% of the records of the lists compared carry no shared identifier and are left out of the estimate; "
        "persons who never get an identifier are in no estimate, so that it may be too low",
        "if any two lists may depend on each other, there are from about 14,000 to about 18,000 persons: the number is "
        "outside",
        "the model does not fit the table: were it true, so large a distance would have a chance below 1 in 1,000",
        "fewer than 10 persons are on two lists or more, so that chance decides",
        "saw nobody: clinic, hotline; such a list tells nothing",
        "the number of everyone together is shown with warnings, the limits of all methods a factor of 2.3 apart; a "
        "part is no surer than the whole",
    ],
)
def test_a_reason_with_numbers_is_told_in_the_language_and_unchanged_in_english(reason, wide):
    told = reason_told(reason)
    assert set(re.findall(r"[A-Za-z]+", told)) <= NAMES
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogue, "_translations", lambda _code: gettext.NullTranslations())
        with speaking("en"):
            assert reason_told(reason) == reason


def test_a_reason_that_nobody_knows_is_shown_as_the_release_has_it(wide):
    assert reason_told("an office wrote this") == "an office wrote this"
    assert change_told("a list was painted") == "a list was painted"
    with speaking("ar"):  # between marks that keep its words in their order
        assert reason_told("an office wrote this") == "\u2066an office wrote this\u2069"


@pytest.mark.parametrize("message", [*REASONS, *CHANGES, *FAMILIES])
def test_what_a_release_tells_is_still_worded_as_the_stage_writes_it(message, constants):
    pieces = {end.strip() for part in LITERAL.split(message) if part[:1] != "{" for end in (part[:20], part[-20:])}
    assert any(len(piece) > 4 and piece in constant for piece in pieces for constant in constants)


@pytest.fixture(scope="module")
def constants():
    """Every text in the source of the stage of the hidden number, and of what the release makes of it."""
    files = [*Path(palermo.__path__[0], "hidden").rglob("*.py"), Path(palermo.__path__[0], "release", "tried.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_reasons_and_changes_stand_as_hidden_writes_them():
    for message in (*REASONS, *CHANGES):
        assert message[0] not in ascii_uppercase
        assert not message.endswith(".")
    assert all(words.name for words in METHODS.values())


def test_a_number_in_a_reason_is_written_as_the_language_writes_it():
    with speaking("ar"):
        assert "٠٫٠٥" in change_told("threshold 0.05")


def test_models_that_lie_far_away_are_told_with_their_plural():
    points = (ModelPoint("[1]", 0.0, 100.0), ModelPoint("[2]", 1.0, 1_000_000.0), ModelPoint("[3]", 2.0, None))

    class OfModels(Around):
        models = points
        model_counts = None
        coverage: tuple[Coverage, ...] = ()
        variants: tuple[Change, ...] = ()

    note = models_figure(OfModels({"methods": [], "level": 0.95}, "", True)).note
    assert "1 model has no estimate" in note
    assert "1 model lies above the end of the scale" in note
