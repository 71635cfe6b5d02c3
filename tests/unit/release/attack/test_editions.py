"""Editions of one estimate that must not stand beside each other, planted and found."""

import json

import pytest

from palermo.release.attack.editions import editions
from palermo.release.attack.suite import attack
from palermo.release.freeze import Account, made_release, manifest_of, put_in_place
from palermo.release.history import History
from palermo.release.rules import Protection

OLD, NEW = (1234.4, 1017.2, 1782.3), (2500.0, 2100.0, 3100.0)


@pytest.fixture
def released(tmp_path, cubes):
    """Makes a release that knows of no earlier one."""

    def make(persons, figures, year="_T", lists=("clinic", "police"), k=5):
        row = cubes["row"]("victims_estimated", None, kind="estimated", measure="victims_estimated", obs_status="E")
        row |= dict(zip(("value", "lower", "upper"), figures, strict=True)) | {"time_period": year}
        told = {"lists": list(lists), "answers": {f"{year} _T _T _T": {"level": 0.95, "settings": {"bootstrap": 200}}}}
        account = Account([*cubes["counted"](persons), row], {"indicators": {}, "inputs": [], "estimates": told}, {})
        chosen = Protection(k_tables=k)
        with made_release(account, tmp_path, chosen, {"sources": []}, (History(), None)) as made:
            return put_in_place(made, tmp_path, manifest_of(made, chosen, {"status": "draft"}))

    return make


@pytest.mark.parametrize("year", ["_T", "2022"])
def test_another_estimate_of_nearly_the_same_persons(released, persons, year):
    pair = [released(persons, OLD, year), released(persons, NEW, year)]
    found = editions(pair).findings
    assert [str(one).split(": ", 1)[1] for one in found] == [
        f"XXA {year} _T _T _T: estimated anew, though fewer than 5 persons came or went"
    ]
    assert "editions of estimates" in {one.kind for one in attack(pair).findings}


def test_what_may_stand_beside_each_other(released, persons, cubes):
    first = released(persons, OLD)
    for other in (
        released([*persons, *cubes["group"](60)], NEW),
        released(persons, NEW, lists=("clinic", "hotline")),
        released([*persons, *cubes["group"](30, time_period="2023")], NEW),
        released(persons, OLD, k=6),
    ):
        outcome = editions([first, other])
        assert (outcome.ran, outcome.findings) == (True, ())


def test_a_release_that_cannot_be_read_is_named(released, persons):
    folder = released(persons, OLD)
    (folder / "metadata.json").write_text(json.dumps([]), encoding="utf-8")
    assert "cannot be read" in editions([folder, folder]).could_not
    assert "fewer than two" in editions([folder]).could_not
