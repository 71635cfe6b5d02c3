"""Many hidden counts at once; and that a system too large for single questions is protected the same."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from palermo.release.tables import (
    Dimension,
    Rules,
    Specification,
    attack_tables,
    possible,
    protect_tables,
    together,
    write_plan,
)
from palermo.release.tables.together import Room, joint_change, opened_together


def rows(seed=4, size=400):
    """Made-up persons in small numbers."""
    draw = np.random.default_rng(seed)
    shares = {"a": [0.5, 0.3, 0.15, 0.05], "b": [0.6, 0.37, 0.03], "c": [0.7, 0.25, 0.05]}
    return pa.table({name: draw.choice(len(p), size, p=p).astype(str).tolist() for name, p in shares.items()})


SPECIFICATION = Specification(
    (Dimension("a", ("0", "1", "2", "3")), Dimension("b", ("0", "1", "2")), Dimension("c", ("0", "1", "2")))
)


@pytest.mark.parametrize("level", ["exact", "width"])
def test_a_large_system_is_proved_and_holds_against_the_attacker(monkeypatch, tmp_path, level):
    monkeypatch.setattr(possible, "WALKED", 1)  # every part counts as large
    monkeypatch.setattr(together, "TOGETHER", 4)
    plan = protect_tables(rows(), SPECIFICATION, Rules(5, level=level, zeros="publish"))
    assert plan.losses[0].primary > 5
    assert plan.proved.ok
    assert plan.proved.fractional == 0
    assert (plan.lower <= plan.cells.values).all()
    assert (plan.cells.values <= plan.upper).all()
    write_plan(plan, tmp_path)
    assert attack_tables(tmp_path).ok
    monkeypatch.undo()
    assert attack_tables(tmp_path).ok  # by every limit, one at a time


def test_the_attacker_finds_what_follows_in_a_large_system(monkeypatch, tmp_path):
    plan = protect_tables(rows(), SPECIFICATION, Rules(5, zeros="publish"))
    write_plan(plan, tmp_path)
    path = tmp_path / "a_b_c.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    guarded = next(number for number, line in enumerate(lines) if "suppressed" in line)
    key = lines[guarded].split(",")[:3]
    # all other counts of the finest codes are shown: the one left follows from the total
    true = rows().group_by(["a", "b", "c"]).aggregate([([], "count_all")]).to_pylist()
    persons = {(one["a"], one["b"], one["c"]): one["count_all"] for one in true}
    for number, line in enumerate(lines):
        codes = line.split(",")[:3]
        if "suppressed" in line and codes != key and "_T" not in codes:
            lines[number] = ",".join([*codes, str(persons.get(tuple(codes), 0)), "", "", "A", "F", "count"])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(possible, "WALKED", 1)
    found = attack_tables(tmp_path)
    assert found.exact > 0
    assert any("follows that it is" in words for words in found.findings)


def test_the_cheapest_way_is_opened_and_moves_enough():
    members = sparse.csr_matrix(np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]))
    persons, needed = np.array([2.0, 20.0, 30.0]), np.full(4, 5.0)
    cost = np.array([1.0, 2.0, 9.0, 90.0])
    hidden, changes = opened_together(members, (persons, needed, cost), np.array([True, False, False, False]), None)
    assert hidden.tolist() == [True, True, False, False]
    assert abs(members[2:] @ changes[0]).max() < 1e-6
    assert abs(members[0] @ changes[0]) >= 5 - 1e-6


def test_what_cannot_move_costs_a_fine_and_is_turned():
    members = sparse.csr_matrix(np.eye(2))
    room = Room.of(members, np.array([5.0, 5.0]), np.array([2.0, 3.0]))
    room.sign[:] = -1.0
    aims = room.aims(np.arange(2))
    change = joint_change(np.array([2.0, 3.0]), members[:0], np.zeros(0), room.asked(aims))
    room.note(change)
    assert room.turn(aims) == 2
    assert room.down.tolist() == [-2, -3]
    assert room.sign.tolist() == [1, 1]
