"""One call for every method: marks, limits, what was done, and the statement. All rows are made up."""

import numpy as np
import pyarrow as pa
import pytest

from palermo.errors import RefusedError, UsageError
from palermo.release.tables.alternatives.choice import Settings, of_private, protect_by
from palermo.release.tables.alternatives.controlled_rounding import Rounding
from palermo.release.tables.alternatives.private_tables import Privacy, combined, measure, released
from palermo.release.tables.cells import Lattice
from palermo.release.tables.hierarchy import Dimension
from palermo.release.tables.reading import read_persons
from palermo.release.tables.specification import Rules, Sealed, Specification

KEY = b"a key made up for tests"
SPECIFICATION = Specification(
    (Dimension("area", ("A", "B", "C", "D"), {"N": ("A", "B")}), Dimension("sex", ("F", "M", "_U", "_N")))
)
ALL = ("suppress", "round", "cell_key", "private")


def _rows(seed=1, number=200):
    draws = np.random.default_rng(seed)
    area = draws.choice(list("ABCD"), number, p=[0.6, 0.3, 0.07, 0.03]).tolist()
    sex = ["_N" if one == "D" else str(draws.choice(["F", "M", "_U"], p=[0.8, 0.17, 0.03])) for one in area]
    return pa.table({"area": area, "sex": sex, "person": [f"made-up-{n}" for n in range(number)]})


def _settings(**more):
    return Settings(**{"key": KEY, "privacy": Privacy(1.0, seed=1), **more})


def _made(method, rows=None, **more):
    return protect_by(_rows() if rows is None else rows, SPECIFICATION, method, _settings(**more), person="person")


@pytest.mark.parametrize("method", ALL)
def test_every_count_has_a_mark_limits_and_what_was_done(method):
    table = _made(method).table("area_sex")
    assert table.num_rows == 6 * 5
    for row in table.to_pylist():
        assert row["mark"] in {"count", "zero", "suppressed", "unknown", "not_asked"}
        assert row["done"] in {"exact", "suppressed", "rounded", "sum_of_rounded", "perturbed", "noised"}
        assert (row["value"] is None) == (row["mark"] in {"suppressed", "unknown", "not_asked"})
        if row["value"] is not None and row["lower"] is not None:
            assert row["lower"] <= row["value"] <= row["upper"]
        assert (row["obs_status"] == "A") <= (row["done"] == "exact")


@pytest.mark.parametrize("method", ["suppress", "round", "cell_key"])
def test_limits_hold_the_true_count(method):
    true = {(row["area"], row["sex"]): row["value"] for row in _true().to_pylist()}
    for row in _made(method).table("area_sex").to_pylist():
        if row["lower"] is not None:
            upper = np.inf if row["upper"] is None else row["upper"]
            assert row["lower"] <= (true[row["area"], row["sex"]] or 0) <= upper
        elif row["done"] == "exact":
            assert row["value"] in {None, true[row["area"], row["sex"]]}


def _true():
    """Without anything done: hide from k = 2 on, where no count is 1."""
    rows = _rows()
    values = {}
    for area, sex in zip(rows["area"].to_pylist(), rows["sex"].to_pylist(), strict=True):
        for a in {area, "N" if area in "AB" else area, "_T"}:
            for s in (sex, "_T"):
                values[a, s] = values.get((a, s), 0) + 1
    names = [(a, s) for a in SPECIFICATION.dimensions[0].names for s in SPECIFICATION.dimensions[1].names]
    counts = [values.get(name, 0) for name in names]
    return pa.table({"area": [a for a, _ in names], "sex": [s for _, s in names], "value": counts})


def test_what_rounding_calls_exact_is_exact_and_says_nothing_of_zeros():
    true = {(row["area"], row["sex"]): row["value"] for row in _true().to_pylist()}
    table = _made("round").table("area_sex").to_pylist()
    exact = [row for row in table if row["done"] == "exact"]
    assert exact
    assert all(row["value"] == true[row["area"], row["sex"]] for row in exact)
    zeros = {
        tuple(row[name] for name in ("lower", "upper", "done", "obs_status")) for row in table if row["value"] == 0
    }
    fine = {one for one in zeros if one[2] == "rounded"}
    assert len(fine) == 1  # true zeros and rounded ones look alike


def test_not_asked_stays_a_mark_under_rounding():
    marks = {(row["area"], row["sex"]): row["mark"] for row in _made("round").table("area_sex").to_pylist()}
    assert marks["D", "F"] == "not_asked"
    assert marks["D", "_N"] == "count"


@pytest.mark.parametrize("method", ALL)
def test_the_statement_answers_the_four_questions(method):
    said = _made(method).description()
    assert said["method"] == method
    trade_off = said["trade_off"]
    assert {"additive", "exact_totals", "repeatable", "adds_up", "totals", "again", "attacker"} == set(trade_off)
    assert "attacker" in str(said["statement"])
    assert trade_off["additive"] == (method != "cell_key")
    assert KEY.hex() not in str(said)
    assert KEY.decode() not in str(said) + repr(_settings())


@pytest.mark.parametrize("method", ["round", "private"])
def test_methods_that_say_so_add_up(method):
    values = {(row["area"], row["sex"]): row["value"] or 0 for row in _made(method).table("area_sex").to_pylist()}
    for sex in ("F", "M", "_U", "_N", "_T"):
        assert values["_T", sex] == values["N", sex] + values["C", sex] + values["D", sex]
        assert values["N", sex] == values["A", sex] + values["B", sex]


def test_counts_serve_as_well_as_rows_where_no_person_is_needed():
    for method in ("suppress", "round", "private"):
        rows = protect_by(_rows(), SPECIFICATION, method, _settings()).table("area_sex")
        counts = _true().set_column(2, "value", pa.array([str(n) for n in _true()["value"].to_pylist()]))
        assert protect_by(counts, SPECIFICATION, method, _settings(), value="value").table("area_sex") == rows


def test_a_person_in_several_rows_is_refused_unless_allowed():
    rows = pa.concat_tables([_rows(), _rows().slice(0, 3)])
    with pytest.raises(RefusedError, match="2 rows, expected at most 1"):
        _made("round", rows)
    assert _made("private", rows, privacy=Privacy(1.0, seed=1, rows_per_person=2)).method == "private"
    nobody = _rows().set_column(2, "person", pa.array([None] * 200, pa.string()))
    with pytest.raises(RefusedError, match="no person"):
        _made("round", nobody)


@pytest.mark.parametrize(
    ("method", "settings", "person", "words"),
    [
        ("cell_key", Settings(), "person", "secret key"),
        ("cell_key", Settings(key=KEY), None, "column of the person"),
        ("private", Settings(), None, "budget"),
        ("round", Settings(rounding=Rounding(3)), None, "k is 5"),
        ("hide", Settings(), None, "expected one of"),
        ("round", Settings(), "name", "no column"),
        ("round", Settings(Rules(sealed=Sealed("area"))), None, "sealed"),
    ],
)
def test_what_is_missing_is_named(method, settings, person, words):
    with pytest.raises(UsageError, match=words):
        protect_by(_rows(), SPECIFICATION, method, settings, person=person)


def test_sealed_persons_are_counted_higher_up_in_every_method_but_cell_keys():
    rows = _rows().append_column("sealed", pa.array(["1"] * 5 + ["0"] * 195))
    rules = Rules(sealed=Sealed("area", 20))
    for method in ("suppress", "round", "private"):
        made = protect_by(rows, SPECIFICATION, method, _settings(rules=rules), sealed="sealed")
        assert made.specification.dimensions[0].codes[:4] == ("A", "B", "C", "D")
    with pytest.raises(UsageError, match="not supported"):
        protect_by(rows, SPECIFICATION, "cell_key", _settings(rules=rules), person="person", sealed="sealed")


def test_several_organisations_release_together():
    lattice = Lattice.of(SPECIFICATION)
    parts = [measure(lattice, read_persons(_rows(seed), SPECIFICATION)[0], Privacy(2.0, seed=seed)) for seed in (1, 2)]
    made = of_private(released(lattice, combined(parts)))
    total = made.table("area_sex").to_pylist()[-1]
    assert (total["area"], total["sex"]) == ("_T", "_T")
    assert abs(total["value"] - 400) < 60
    assert made.parameters["epsilon"] == pytest.approx(4.0)
