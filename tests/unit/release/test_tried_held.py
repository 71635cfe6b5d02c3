"""A change that waits leaves what stands around the estimates as it was; one that goes out does not."""

import json
from copy import deepcopy

import pytest

from palermo.release.approval import Office, Request, list_release
from palermo.release.folder import load_release
from palermo.release.freeze import Account, made_release
from palermo.release.history import load_history
from palermo.release.ledger import Ledger
from palermo.release.notice import notice
from palermo.release.rules import Protection

METHOD = {"estimator": "bic_best", "verdict": "shown", "reasons": ["lists differ"], "estimate": 1234.4, "lower": 1017.2}
TRIED = {
    "lists": ["clinic", "hotline", "police", "shelter"],
    "level": 0.95,
    "best": "bic_best",
    "methods": [{**METHOD, "upper": 1782.3}],
    "overlap": [[1, 21], [2, 12], [4, 17], [3, 9], [8, 14], [15, 1]],
    "models": {"points": [[0.0, 1234.4], [3.2, 977.7]], "without": 5},
    "changes": [],
    "coverage": [],
}


def estimate(cubes, figures):
    row = cubes["row"]("victims_estimated", None, kind="estimated", measure="victims_estimated", obs_status="E")
    return row | dict(zip(("value", "lower", "upper"), figures, strict=True))


@pytest.fixture
def release(tmp_path, cubes):
    """Makes a candidate of made-up persons with an estimate; returns the documents that it holds."""
    office = Office(Ledger(tmp_path / "releases"), tmp_path / "work", {})

    def make(persons, figures, tried, protection=None, bootstrap=200, yearly=()):
        chosen = protection or Protection()
        settings = {"settings": {"bootstrap": bootstrap}}
        told = {"lists": tried["lists"], "answers": {"_T _T _T _T": {"verdict": figures[0], **settings}}}
        told["answers"] |= {f"{year} _T _T _T": {"verdict": own[0], **settings} for year, own in dict(yearly).items()}
        receipts = {"indicators": {}, "inputs": [], "estimates": told}
        estimates = [estimate(cubes, figures)]
        estimates += [estimate(cubes, own) | {"time_period": year} for year, own in dict(yearly).items()]
        account = Account([*cubes["counted"](persons), *estimates], receipts, tried)
        history = load_history(office.ledger, office.store, office.within)
        with made_release(account, office.ledger.releases, chosen, {"sources": []}, (history, None)) as made:
            listed = list_release(office, made, chosen, Request("A. Maker"), {"police": ("1" * 64,)})
        folder = office.ledger.folder(listed)
        answers, receipts = (
            json.loads((folder / name).read_text(encoding="utf-8")) for name in ("estimates.json", "receipts.json")
        )
        rows = [row for row in load_release(folder).cube.to_pylist() if row["kind"] == "estimated"]
        printed = {row["time_period"]: row["value"] for row in rows}
        return answers, receipts, printed

    return make


def other():
    tried = deepcopy(TRIED)
    tried["methods"][0] |= {"estimate": 2500.0, "lower": 2100.0, "upper": 3100.0}
    tried["overlap"][0][1] = 95
    return tried


OLD, NEW = (1234.4, 1017.2, 1782.3), (2500.0, 2100.0, 3100.0)


def test_one_late_case_changes_nothing_around_the_estimate(release, persons, cubes):
    first = release(persons, OLD, TRIED)
    second = release([*persons, *cubes["group"](1)], NEW, other())
    assert first[0]["methods"][0]["estimate"] == 1230.0
    assert second == first


def test_many_late_cases_bring_the_new_answers(release, persons, cubes):
    release(persons, OLD, TRIED)
    answers, receipts, _ = release([*persons, *cubes["group"](60)], NEW, other())
    assert answers["methods"][0]["estimate"] == 2500.0
    assert receipts["estimates"]["answers"]["_T _T _T _T"]["verdict"] == 2500.0


def test_under_another_k_the_old_answers_are_not_told_again(release, persons, cubes):
    release(persons, OLD, TRIED)
    answers, _, _ = release([*persons, *cubes["group"](1)], NEW, other(), Protection(k_tables=6))
    assert answers == {"why": "hidden", "about": notice("estimated", made_up=False)}


def test_records_joined_otherwise_change_no_count_and_no_estimate(release, persons):
    """The lists overlap by one person more, so the estimate moves; every count is as it was."""
    first = release(persons, OLD, TRIED)
    second = release(persons, NEW, other())
    assert second[0] == first[0]
    assert second[2] == first[2] == {"_T": 1230.0}


def test_another_question_gets_its_answer_though_no_count_changes(release, persons):
    release(persons, OLD, TRIED)
    answers, _, printed = release(persons, NEW, other(), bootstrap=1000)
    assert printed == {"_T": 2500.0}
    assert answers["methods"][0]["estimate"] == 2500.0


def test_a_year_that_has_not_changed_keeps_its_estimate_where_that_of_everyone_goes_out(release, persons, cubes):
    yearly = {"2021": (400.0, 300.0, 500.0), "2022": (600.0, 500.0, 700.0)}
    release(persons, OLD, TRIED, yearly=yearly)
    moved = {"2021": (900.0, 800.0, 990.0), "2022": (700.0, 600.0, 800.0)}
    more = [*persons, *cubes["group"](60)]
    _, receipts, printed = release(more, NEW, other(), yearly=moved)
    assert printed == {"_T": 2500.0, "2021": 900.0, "2022": 600.0}
    assert {codes[:4]: one["verdict"] for codes, one in receipts["estimates"]["answers"].items()} == {
        "_T _": 2500.0, "2021": 900.0, "2022": 600.0,
    }  # fmt: skip


def test_estimates_go_out_with_a_new_year(release, persons, cubes):
    release(persons, OLD, TRIED)
    printed = release([*persons, *cubes["group"](30, time_period="2023")], NEW, other())[2]
    assert printed == {"_T": 2500.0}


def test_a_part_asked_for_since_is_told_beside_those_that_wait(release, persons):
    release(persons, OLD, TRIED)
    _, receipts, printed = release(persons, NEW, other(), yearly={"2022": (600.0, 500.0, 700.0)})
    assert printed == {"_T": 1230.0, "2022": 600.0}
    assert sorted(one["verdict"] for one in receipts["estimates"]["answers"].values()) == [600.0, 1234.4]
