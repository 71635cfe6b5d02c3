"""The engine as a whole, on made-up files."""

from dataclasses import replace
from itertools import combinations as subsets

import numpy as np
import pytest

from palermo.errors import UsageError
from palermo.release.synthetic import depth, fit
from palermo.release.synthetic.coded import Coded
from palermo.release.synthetic.rules import known_rules
from palermo.release.synthetic.settings import SHARES, SynthesisSettings
from palermo.release.synthetic.synthesise import synthesise

COLUMNS = ("sex", "age", "area", "sector", "debt", "threats")
CODES = (("F", "M"), tuple("abcd"), tuple("pqrstuvw"), ("x", "y", "z"), ("1",), ("1",))


def made_up(persons: int = 4000, seed: int = 1) -> Coded:
    random = np.random.default_rng(seed)
    kind = random.integers(0, 12, persons)
    values = np.stack(
        [(kind * (j + 1)) % (len(codes) + (j > 1)) + (j <= 1) for j, codes in enumerate(CODES)], axis=1
    ).astype(np.int32)
    values[random.random(values.shape) < 0.1] = 0
    return Coded(COLUMNS, CODES, values)


DATA = made_up()
SETTINGS = SynthesisSettings(6.0, 1e-6, seed=7)


def tallies(values: np.ndarray, length: int) -> dict[tuple[tuple[int, int], ...], int]:
    found: dict[tuple[tuple[int, int], ...], int] = {}
    rows, weights = np.unique(values, axis=0, return_counts=True)
    for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
        for combination in subsets([(j, v) for j, v in enumerate(row) if v], length):
            found[combination] = found.get(combination, 0) + weight
    return found


def error(made: np.ndarray, length: int) -> float:
    true, got = tallies(DATA.values, length), tallies(made, length)
    return sum(abs(true.get(c, 0) - got.get(c, 0)) for c in true.keys() | got.keys()) / sum(true.values())


def test_rows_are_as_many_as_the_noisy_persons_and_close_to_the_file() -> None:
    made = synthesise(DATA, SETTINGS)
    assert len(made.rows) == made.persons
    assert abs(made.persons - 4000) < 60
    assert error(made.rows, 1) < 0.02
    assert error(made.rows, 2) < 0.06
    assert error(made.rows, 4) < 0.25


def test_same_seed_same_answer_and_order_of_rows_does_not_matter_but_noise_does() -> None:
    shuffled = replace(DATA, values=DATA.values[np.random.default_rng(3).permutation(4000)])
    one, two = synthesise(DATA, SETTINGS), synthesise(shuffled, SETTINGS)
    assert np.array_equal(one.rows, two.rows)
    assert one.counts.table().equals(two.counts.table())
    other = synthesise(DATA, replace(SETTINGS, seed=None))
    assert other.parameters["private"] and not one.parameters["private"]
    assert not one.counts.table().equals(other.counts.table())


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_closed_rows_hold_only_combinations_that_are_in_the_counts(length: int) -> None:
    made = synthesise(DATA, replace(SETTINGS, dial="closed", length=length))
    for level in made.counts.levels:
        counted = {
            tuple(zip(c, (v + 1 for v in code), strict=True))
            for c, code in zip(level.column.tolist(), level.code.tolist(), strict=True)
        }
        assert set(tallies(made.rows, level.length)) <= counted
    assert len(made.rows) == made.persons


def test_losses_of_the_levels_add_to_the_promise() -> None:
    parameters = synthesise(DATA, SETTINGS).parameters
    spent = sum(level["rho"] for level in parameters["levels"])
    assert spent < parameters["rho"]
    assert spent == pytest.approx(parameters["rho"] * (1 - SHARES["open"][4][0]))
    assert all(sum(shares) == pytest.approx(1) for dial in SHARES.values() for shares in dial.values())


def test_codes_found_in_the_data_need_many_persons_and_leave_no_trace() -> None:
    codes = (*CODES[:2], (*CODES[2], "zz rare"), *CODES[3:])
    values = DATA.values.copy()
    values[:2, 2] = 9
    data = replace(DATA, codes=codes, values=values, found=frozenset({"area"}))
    made = synthesise(data, SETTINGS)
    assert "zz rare" not in made.counts.codes[2]
    assert "r" in made.counts.codes[2]
    assert not (made.rows[:, 2] == 9).any()
    without = synthesise(replace(data, codes=CODES, values=np.minimum(values, [2, 4, 8, 3, 1, 1])), SETTINGS)
    for told in ("rho", "standard_error", "candidates", "combinations"):
        assert made.parameters["levels"][0][told] == without.parameters["levels"][0][told]
    assert 0 < made.parameters["delta_for_codes_found"] < SETTINGS.delta


def test_persons_with_many_rows_keep_as_many_as_are_allowed() -> None:
    values = np.concatenate([DATA.values, np.tile(DATA.values[:1], (5000, 1))])
    person = np.concatenate([np.arange(4000), np.zeros(5000)]).astype(np.int64)
    made = synthesise(replace(DATA, values=values, person=person), SETTINGS)
    assert abs(made.persons - 4000) < 60


def test_rules_are_kept_and_come_with_us_for_known_columns_only() -> None:
    banned = ((("sex", "F"), ("age", "a")), (("area", "p"), ("sex", "M")), (("nobody", "1"), ("sex", "M")))
    rows = synthesise(DATA, replace(SETTINGS, rules=banned)).rows
    assert not ((rows[:, 0] == 1) & (rows[:, 1] == 1)).any()
    assert not ((rows[:, 0] == 2) & (rows[:, 2] == 1)).any()
    assert known_rules(COLUMNS) == ()
    assert (("ageBroad", "0--8"), ("majorityStatus", "Adult")) in known_rules(("ageBroad", "majorityStatus"))


@pytest.mark.parametrize("persons", [0, 1, 3])
@pytest.mark.parametrize("dial", ["open", "closed"])
def test_tiny_files_do_not_break(persons: int, dial: str) -> None:
    made = synthesise(replace(DATA, values=DATA.values[:persons]), replace(SETTINGS, dial=dial, epsilon=0.5))
    assert len(made.rows) == made.persons
    assert made.counts.table().num_rows == sum(len(level.noisy) for level in made.counts.levels)


def test_progress_goes_up() -> None:
    seen: list[str] = []
    synthesise(DATA, SETTINGS, lambda _done, _total, text: seen.append(text))
    assert "counting combinations of 3" in seen
    assert seen[-1] == "fitting whole rows to the counts"


@pytest.mark.parametrize("wrong", [{"length": 5}, {"dial": "ajar"}, {"persons": 0}, {"attributes_per_person": 0}])
def test_settings_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        replace(SETTINGS, **wrong)


def test_coded_refuses_what_does_not_fit() -> None:
    with pytest.raises(UsageError, match="outside the code list"):
        replace(DATA, values=DATA.values + 5)
    with pytest.raises(UsageError, match="same name"):
        replace(DATA, columns=("sex", *COLUMNS[:5]))
    with pytest.raises(UsageError, match="at most 32,767"):
        Coded(("a",), (tuple(map(str, range(40_000))),), np.zeros((1, 1), dtype=np.int32))


def test_rows_of_a_wide_and_dense_file_have_its_values_though_no_pair_can_be_told():
    values = np.random.default_rng(5).integers(0, 4, (800, 30)).astype(np.int32)
    data = Coded(tuple(f"c{j}" for j in range(30)), (("x", "y", "z"),) * 30, values)
    made = synthesise(data, SynthesisSettings(4.0, 1e-6, seed=2))
    true, got = tallies(values, 1), tallies(made.rows, 1)
    assert sum(abs(true[key] - got.get(key, 0)) for key in true) < 0.25 * sum(true.values())
    assert made.parameters["rows_fitted_to_length"] < 4


def test_a_dense_file_whose_pairs_are_missing_is_not_fitted_in_vain(monkeypatch):
    tried = []
    true_fit = depth.fitted
    monkeypatch.setattr(depth, "fitted", lambda measured, *a, **k: tried.append(k) or true_fit(measured, *a, **k))
    values = np.random.default_rng(5).integers(0, 4, (800, 30)).astype(np.int32)
    data = Coded(tuple(f"c{j}" for j in range(30)), (("x", "y", "z"),) * 30, values)
    synthesise(data, SynthesisSettings(4.0, 1e-6, seed=2))
    assert tried and all(one.get("any_pair") for one in tried)


def test_closed_rows_come_nearer_to_single_values_and_still_invent_next_to_nothing(monkeypatch):
    """300 kinds of case, many too rare to be told: rows lose values, and which lengths suffer is a choice."""
    random = np.random.default_rng(8)
    kinds = random.integers(0, 7, (300, 6))
    values = kinds[random.choice(300, 6000, p=random.dirichlet(np.full(300, 0.5)))].astype(np.int32)
    data = Coded(tuple(f"c{j}" for j in range(6)), (tuple("uvwxyz"),) * 6, values)
    made = synthesise(data, SynthesisSettings(3.0, 1e-6, dial="closed", seed=3))
    for length in (2, 3, 4):
        invented = set(tallies(made.rows, length)) - set(tallies(values, length))
        assert len(invented) <= 0.005 * len(tallies(made.rows, length))
    monkeypatch.setattr(fit, "_DOUBLED", 0)
    before = synthesise(data, SynthesisSettings(3.0, 1e-6, dial="closed", seed=3))
    assert _off(made.rows, values) < 0.9 * _off(before.rows, values)


def _off(rows: np.ndarray, values: np.ndarray) -> int:
    true, got = tallies(values, 1), tallies(rows, 1)
    return sum(abs(true[key] - got.get(key, 0)) for key in true)
