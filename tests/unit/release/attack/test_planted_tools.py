"""Tools that answer questions: trackers and averages, with and without cell keys."""

from functools import cache

import numpy as np
import pytest

from palermo.release.attack.repeats import averaging
from palermo.release.attack.tracker import tracker
from palermo.release.tables.alternatives import cell_key
from palermo.release.tables.alternatives.perturbation import Noise

CODES = {"sex": ("F", "M"), "origin": tuple(f"X{n:02d}" for n in range(8))}


class Tool:
    """A query tool over made-up rows: refuses sets under 5; adds noise by the set, or fresh each time."""

    def __init__(self, rows, noise=None, budget=None):
        self.rows, self.noise, self.left = rows, noise, budget

    def __call__(self, query):
        who = tuple(n for n, row in enumerate(self.rows) if all(row[name] in codes for name, codes in query.items()))
        if len(who) < 5 or self.left == 0:
            return None
        self.left = None if self.left is None else self.left - 1
        return len(who) + (self.noise(who) if self.noise else 0)


RELEASE_KEY = b"a made-up release key"
KEYS = cell_key.record_keys(RELEASE_KEY, [f"person {one}" for one in range(400)])


@cache
def by_cell(who):
    """The same noise for the same persons, by their keys."""
    numbers = cell_key.cell_keys(RELEASE_KEY, np.array([KEYS[list(who)].sum(dtype=np.uint64)]))
    return int(cell_key.noise_of(np.array([len(who)]), numbers, Noise())[0])


class Fresh:
    """Other noise each time, from a fixed stream."""

    def __init__(self):
        self.number = 0

    def __call__(self, who):
        self.number += 1
        return self.number * 7919 % 9 - 4


@pytest.fixture(scope="module")
def few():
    return [{"sex": sex, "origin": f"X{n:02d}"} for n, (f, m) in enumerate(
        [(9, 12), (14, 3), (8, 8), (30, 11), (7, 2), (6, 19), (10, 10), (22, 5)]) for sex, held in (("F", f), ("M", m))
        for _ in range(held)]  # fmt: skip


def test_a_tracker_isolates_small_sets_of_a_tool_that_only_refuses_them(few):
    found = tracker(Tool(few), CODES, 5, "tool")
    assert found.tried == 2, "X01 and X04, men"
    assert [finding.words.split(":")[0] for finding in found.findings] == ["origin X01, sex M", "origin X04, sex M"]
    assert tracker(Tool(few, by_cell), CODES, 5, "tool").findings == ()


def test_a_cell_key_does_not_save_a_tool_that_answers_any_union(few):
    broken = tracker(Tool(few, by_cell), CODES, 5, "tool", trackers=300)
    assert broken.findings, "the mean over many paddings: tools may answer the codes of their lists only"


def test_averaging_undoes_fresh_noise_and_not_that_of_a_cell_key(few):
    queries = [{"sex": frozenset(["F"])}, {"origin": frozenset(["X03"])}]
    assert len(averaging(Tool(few, Fresh()), queries, "tool").findings) == 2
    assert averaging(Tool(few, by_cell), queries, "tool").findings == ()
    assert averaging(Tool(few, Fresh(), budget=50), queries, "tool").findings == (), "refused once the budget is spent"
