"""Definitions are data: their files are checked, and the page on indicators is made from them."""

import pytest

from palermo.account.definition import _definition, definitions, reference
from palermo.codes import code_list
from palermo.errors import PalermoError

GOOD = {
    "id": "x",
    "version": "1.0",
    "title": "X",
    "measure": "records",
    "unit": "RECORD",
    "kind": "_Z",
    "table": "cases",
    "words": "Made up.",
    "source": "None",
}


def test_every_definition_is_told_in_words() -> None:
    told = reference()
    assert [name for name in definitions() if f"`{name}`" not in told] == []


@pytest.mark.parametrize("name", sorted(definitions()))
def test_measures_units_and_kinds_are_codes(name: str) -> None:
    made = definitions()[name]
    for list_id, code in (("measure", made.measure), ("unit", made.unit), ("kind", made.kind)):
        assert code == "_Z" or code in code_list(list_id)
    if "groups" in made.settings:
        grouped = [form for forms in made.settings["groups"].values() for form in forms]
        assert all(form in code_list("form") for form in grouped)
        assert len(grouped) == len(set(grouped))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "unknown keys colour"),
        ({"table": "guesses"}, "table 'guesses'"),
        ({"dimensions": ["weight"]}, "dimensions weight"),
    ],
)
def test_faults_in_a_definition_are_named(change: dict, message: str) -> None:
    with pytest.raises(PalermoError, match=message):
        _definition({**GOOD, **change}, "x.toml")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(PalermoError, match="words"):
        _definition({key: value for key, value in GOOD.items() if key != "words"}, "x.toml")
