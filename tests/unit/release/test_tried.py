"""What stands around the estimate in a release: coarse, with its detected number, and attacked by the audit."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.release.audit import audit_release
from palermo.release.estimates import coarse
from palermo.release.freeze import load_release, make_release
from palermo.release.rules import Protection
from palermo.release.tried import bic_on_grid, guarded_tried, on_grid, outward

LISTS = ["clinic", "hotline", "police", "shelter"]
FIGURES = ("value", "lower", "upper")
OVERLAP = [[1, 21], [2, 12], [4, 17], [3, 9], [5, 6], [6, 2], [7, 2], [8, 14], [9, 4], [10, 3], [12, 5], [15, 1]]


def method(name, figures, verdict="shown with warnings"):
    return {"estimator": name, "verdict": verdict, "reasons": ["lists differ"],
            **dict(zip(("estimate", "lower", "upper"), figures, strict=True))}  # fmt: skip


def change(kind, changed, estimate, at=None):
    return {"kind": kind, "estimator": "bic_best", "changed": changed, "at": at, "estimate": estimate}


TRIED = {
    "lists": LISTS,
    "level": 0.95,
    "best": "bic_best",
    "methods": [
        method("bic_best", (1234.4, 1017.2, 1782.3)),
        method("main_effects", (1234.4, 1017.2, 1782.3)),
        method("dga_bma", (400.0, None, None)),
        method("chao_lower_bound", (None, None, None), "refused"),
    ],
    "overlap": OVERLAP,
    "models": {"points": [[0.0, 1234.4], [0.4, 1301.0], [3.2, 977.7], [47.0, 15_301.2]], "without": 5},
    "changes": [change("leave_out", "without list clinic", 1177.7), change("merge", "a and b merged", None)],
    "coverage": [{"family": "Drawn", "estimator": "bic_best", "runs": 50, "shown": 50, "covered": 45,
                  "missed_with_warning": 1, "bias": -0.0123}],
}  # fmt: skip


def whole(cubes, figures=(1234.4, 1017.2, 1782.3)):
    row = cubes["row"]("victims_estimated", None, kind="estimated", measure="victims_estimated", obs_status="E")
    return row | dict(zip(FIGURES, figures, strict=True))


@pytest.fixture
def freeze(tmp_path, cubes, persons, written):
    """Makes a release of a made-up account with what was tried; returns its folder."""

    def make(tried=TRIED, estimate=None, out="out"):
        paths = written([*cubes["counted"](persons), estimate or whole(cubes)])
        (tmp_path / "estimates.json").write_text(json.dumps(tried), encoding="utf-8")
        return make_release(*paths, tmp_path / out, Protection(), {}).path

    return make


def test_numbers_are_coarse_and_the_release_passes_its_audit(freeze):
    folder = freeze()
    told = load_release(folder).estimates
    by_name = {own["estimator"]: own for own in told["methods"]}
    assert [by_name["bic_best"][name] for name in ("estimate", "lower", "upper")] == [1230, 1020, 1780]
    assert [by_name["main_effects"][name] for name in ("estimate", "lower", "upper")] == [1200, 1000, 1800]
    assert [own["estimate"] for own in told["changes"][:2]] == [1300, None]
    assert told["models"] == {
        "points": [{"bic": 0, "estimate": 1300}, {"bic": 2, "estimate": 1300}, {"bic": 4, "estimate": 1000},
                   {"bic": 50, "estimate": 16_000}],
        "bands": [2, 1, 0, 1],
        "without": 5,
    }  # fmt: skip
    assert told["coverage"][0]["bias"] == -0.01
    assert audit_release(folder).ok


def test_a_number_without_its_interval_is_not_published(freeze):
    dga = next(own for own in load_release(freeze()).estimates["methods"] if own["estimator"] == "dga_bma")
    assert (dga["estimate"], dga["lower"], dga["upper"]) == (None, None, None)


def test_no_exact_count_of_the_lists_is_in_the_file(freeze):
    overlap = load_release(freeze()).estimates["overlap"]
    assert overlap["base"] >= 10
    told = {own["history"]: (own["lower"], own["upper"]) for own in overlap["shared"]}
    assert all(low >= overlap["base"] and high == low + overlap["base"] - 1 for low, high in told.values())
    assert not {6, 7} & set(told)
    assert all(low <= dict(OVERLAP)[history] <= high for history, (low, high) in told.items())


def test_with_three_lists_only_the_headline_and_what_follows_from_it_is_told(freeze):
    few = {**TRIED, "lists": LISTS[:3], "overlap": [[1, 21], [2, 12], [4, 37], [3, 9], [5, 6], [6, 2], [7, 2]]}
    folder = freeze(few)
    told = load_release(folder).estimates
    assert [own["estimator"] for own in told["methods"] if own["estimate"] is not None] == ["bic_best"]
    assert told["models"] is None
    assert {own["kind"] for own in told["changes"]} == {"interaction"}
    planted = {**told, "methods": [*told["methods"], {**told["methods"][0], "estimator": "main_effects"}]}
    (folder / "estimates.json").write_text(json.dumps(planted))
    assert any("only 3 lists were compared" in finding.words for finding in audit_release(folder).findings)


def test_the_same_account_gives_the_same_bytes(freeze):
    first, second = freeze(), freeze(out="again")
    assert first.name == second.name
    assert (first / "estimates.json").read_bytes() == (second / "estimates.json").read_bytes()


def test_a_refused_estimate_leaves_no_number_of_any_method(cubes, freeze):
    told = load_release(freeze(estimate=whole(cubes, (None, None, None)))).estimates
    assert told["why"] == "refused"
    assert {own["estimate"] for own in told["methods"]} == {None}
    assert not {"models", "changes", "coverage"} & set(told)


def test_all_of_it_goes_with_the_detected_number(cubes):
    row = cubes["row"]("victims_by_sex_age", 90.0)
    rows = [row, whole(cubes)]
    free = [{**own, "conf_status": "F"} for own in rows]
    assert guarded_tried(TRIED, rows, free, Protection())["methods"]
    free[0] |= {"value": None, "conf_status": "C"}
    assert guarded_tried(TRIED, rows, free, Protection()) == {"why": "hidden"}
    assert guarded_tried(TRIED, rows[:1], free[:1], Protection()) == {"why": "not asked"}


def set_method(told, **figures):
    told["methods"][1].update(figures)


FAULTS = [
    (lambda told: set_method(told, estimate=1234.0), "main_effects is finer than its rounding"),
    (lambda told: set_method(told, lower=None), "without its interval"),
    (lambda told: told["methods"][0].update(used=99), "holds used"),
    (lambda told: told.update(counts=[41, 22]), "holds counts"),
    (lambda told: told["changes"][0].update(estimate=1177.0), "changed choice is finer"),
    (lambda told: told["changes"][-1].update(estimate=1290.0), "does not follow from the published figures"),
    (lambda told: told["models"]["points"].append({"bic": 2, "estimate": 1200.0}), "off the grid"),
    (lambda told: told["models"]["points"].append({"bic": 3, "estimate": 1300.0}), "off the grid"),
    (lambda told: told["overlap"].update(base=5), "finer than 2 k"),
    (lambda told: told["overlap"]["shared"][0].update(lower=41.0, upper=41.0), "off the grid"),
    (lambda told: told["overlap"]["shared"].append({"history": 7, "lower": 0.0, "upper": 9.0}), "told apart"),
    (lambda told: told["overlap"]["shared"][0].update(members=2), "holds members"),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_a_planted_fault_is_found(freeze, plant, words):
    folder = freeze()
    told = json.loads((folder / "estimates.json").read_text())
    plant(told)
    (folder / "estimates.json").write_text(json.dumps(told))
    assert any(words in finding.words for finding in audit_release(folder).findings)


def test_shown_beside_a_hidden_total_is_found(freeze, persons):
    folder = freeze()
    table = pq.read_table(folder / "cube.parquet")
    rows = table.to_pylist()
    for row in rows:
        if row["kind"] == "detected" and row["value"] == float(len(persons)):
            row.update(value=None, lower=None, upper=None, conf_status="C", obs_status="Q")
    pq.write_table(pa.Table.from_pylist(rows, table.schema), folder / "cube.parquet")
    words = "figures around the estimate: shown although the number detected is not published"
    assert any(words in finding.words for finding in audit_release(folder).findings)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1e9), st.floats(0, 1e4), st.integers(2, 60))
def test_grids_are_coarse_and_stay_where_they_are(number, above, k):
    assert on_grid(on_grid(number, k), k) == on_grid(number, k)
    assert on_grid(number, k) % 10 == 0
    assert bic_on_grid(bic_on_grid(above)) == bic_on_grid(above)
    assert bic_on_grid(above) == int(bic_on_grid(above)) <= 100


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1, 1e9), min_size=3, max_size=3), st.integers(2, 60))
def test_rounding_never_narrows_an_interval_and_stays_where_it_is(numbers, k):
    lower, estimate, upper = sorted(numbers)
    made = outward({"estimate": estimate, "lower": lower, "upper": upper}, k)
    assert made["lower"] <= lower
    assert made["upper"] >= upper
    assert all(coarse(number, k, 2) == number for number in made.values())
