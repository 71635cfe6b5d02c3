"""Which further counts to hide so that no hidden one can be worked out, at the least loss found.

Three steps. Elimination publishes counts, dearest first, unless a hidden one would follow from them: no hidden count is
then known exactly by adding and subtracting. Where the interval of a hidden count is still too narrow, a linear
programme finds the cheapest published counts to hide so that it can move (Kelly, Golden and Assad 1992). At last each
count hidden on the way is published again where everything stays safe without it. The decision a reader would question:
elimination is tried in several orders and the cheapest result kept; each order takes milliseconds.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from palermo.errors import PalermoError
from palermo.progress import Progress
from palermo.release.tables.cells import Flags, Whole
from palermo.release.tables.elimination import hidden_to_guard
from palermo.release.tables.possible import TOLERANCE, Known, Possible
from palermo.release.tables.proof import Proof
from palermo.release.tables.system import System, Vector
from palermo.release.tables.together import opened_together

ORDERS = 24  # orders of elimination tried
DENSE_LIMIT = 60_000_000  # entries of the matrix of the elimination; without it the programmes do all the work
TRIALS = 400  # counts that are tried to be published again; fewer in large systems:
TRIALS_WORK = 20_000_000  # entries of the systems solved for it, all together
_TOGETHER = 16
_SETTLINGS = 3  # rounds in which ways of whole numbers are opened
_SMALL = 200  # unknowns up to which that is done: beyond, integer programmes take minutes
_NODES = 20
_IN_VAIN = 20  # after so many counts in a row that must stay hidden, no more are tried to be published again
_FIRST = 3  # counts in doubt that are asked about singly, because mostly one of them says no


def ceiling(values: Whole) -> float:
    """More than any count can be: what an unlimited one is taken to be at most."""
    return float(4 * values.max(initial=0) + 1000)


def proof_of(system: System, hidden: Flags) -> tuple[Proof, Vector]:
    """A proof that starts from the true table, over the hidden counts, and what each of them needs."""
    known = Known(system.members[~hidden], system.values[~hidden].astype(float), ceiling(system.values))
    possible = Possible(known, system.persons.astype(float))
    return Proof(possible, system.members[hidden]), system.needed[hidden].astype(float)


def complete(system: System, progress: Progress) -> tuple[Flags, Proof]:
    """All counts to hide, the primary ones and those that guard them, and the proof that this is enough."""
    tell = progress or _silent
    tell(0.0, None, f"{len(system.values):,} distinct counts: which follow from sums")
    hidden = _eliminated(system) if system.primary.any() else system.primary.copy()
    first = hidden
    changes: list[Vector] = []
    large = not all(part.is_walked for part in proof_of(system, hidden)[0].possible.parts)
    if large:
        amounts = (system.persons.astype(float), system.needed.astype(float), system.cost)
        hidden, changes = opened_together(system.members, amounts, hidden, progress)
    hidden, proof = _widened(system, hidden, progress, changes)
    for _ in range(_SETTLINGS if system.members.shape[1] <= _SMALL else 0):
        left = np.flatnonzero(hidden)[proof.unsettled(system.needed[hidden].astype(float))]
        if not len(left):
            break
        hidden, proof = _widened(system, _opened(system, hidden, left, whole=True), progress)
    if not large and not (hidden == first).all():  # else elimination published all that can be
        hidden, proof = _published_again(system, hidden, proof, progress)
    tell(0.0, None, f"{int(hidden.sum()):,} counts hidden: proving by tables of whole numbers")
    proof.unsettled(system.needed[hidden].astype(float))
    return hidden, proof


def _silent(done: float, total: float | None, text: str) -> None:
    """Tell nobody."""


def _widened(system: System, hidden: Flags, progress: Progress, changes: Sequence[Vector] = ()) -> tuple[Flags, Proof]:
    """Hide more until no hidden count is too narrow. ``changes`` lead to tables known to be possible."""
    while True:
        proof, needed = proof_of(system, hidden)
        proof.show_changes(list(changes))
        narrow = np.flatnonzero(hidden)[proof.too_narrow(needed, _TOGETHER)]
        if not len(narrow):
            return hidden, proof
        if progress:
            progress(float(hidden.sum()), None, f"{int(hidden.sum()):,} counts hidden")
        wider = _opened(system, hidden, narrow)
        if (wider == hidden).all():
            raise PalermoError(
                "a hidden count has no room, and nothing more to hide gives it some; check the tables' sums"
            )
        hidden = wider


def _eliminated(system: System) -> Flags:
    """The cheapest result of elimination in several orders."""
    size = system.members.shape[0] * system.members.shape[1]
    if size > DENSE_LIMIT:
        return system.primary.copy()
    matrix = system.members.toarray().astype(np.int64)
    open_rows = np.flatnonzero(~system.primary)
    draws = np.random.default_rng(0)
    best, least = system.primary, np.inf
    orders = ORDERS if size < DENSE_LIMIT // 20 else 1
    for number in range(orders):
        dear = np.log(system.cost[open_rows]) + 1e-3 * np.log1p(system.values[open_rows])
        if number == 1:
            dear = system.values[open_rows].astype(float)
        elif number:
            dear += draws.normal(0, 0.3 * (number % 4 + 1), len(dear))
        own = matrix.copy() if orders > 1 else matrix
        hidden = hidden_to_guard(own, open_rows[np.argsort(-dear, kind="stable")], system.primary)
        if (loss := float(system.cost[hidden].sum())) < least:
            best, least = hidden, loss
    return best


def _opened(system: System, hidden: Flags, narrow: Whole, whole: bool = False) -> Flags:
    """Hide what lets each of the narrow counts rise, some at a time (one at a time in ``whole`` numbers)."""
    hidden = hidden.copy()
    waiting = narrow[np.argsort(-system.cost[narrow], kind="stable")]
    risen = np.zeros(len(hidden))
    while len(waiting := waiting[risen[waiting] < system.needed[waiting]]):
        together = waiting[:1] if whole else _apart(system, waiting)
        risen = np.maximum(risen, _open_way(system, hidden, together, whole))
        waiting = np.setdiff1d(waiting, together, assume_unique=True)
    return hidden


def _apart(system: System, waiting: Whole) -> Whole:
    """Some of the waiting counts, no two of which share an unknown."""
    chosen: list[int] = []
    taken = np.zeros(system.members.shape[1], dtype=bool)
    for row in waiting.tolist():
        mine = system.members.indices[system.members.indptr[row] : system.members.indptr[row + 1]]
        if not taken[mine].any():
            chosen.append(row)
            taken[mine] = True
            if len(chosen) == _TOGETHER:
                break
    return np.array(chosen)


def _open_way(system: System, hidden: Flags, aims: Whole, whole: bool) -> Vector:
    """Hide the cheapest counts that let these rise together, or else in two halves; how far each count has risen."""
    change = _cheapest_change(system, hidden, aims, whole)
    if change is not None:
        moved = np.asarray(system.members @ change)
        hidden[abs(moved) > TOLERANCE] = True
        return moved
    if len(aims) == 1:
        if whole:
            return np.zeros(len(hidden))  # not found with the effort set: the plan will say so
        raise PalermoError("no way to protect a hidden count: the tables do not fit together; check their sums")
    half = len(aims) // 2
    return np.maximum(*(_open_way(system, hidden, some, whole) for some in (aims[:half], aims[half:])))


def _cheapest_change(system: System, hidden: Flags, aims: Whole, whole: bool) -> Vector | None:
    """The change of persons, at least cost per unit of every published count it changes, that lifts the aims."""
    shown = np.flatnonzero(~hidden)
    size, count = system.members.shape[1], len(shown)
    unit = sparse.eye(count, format="csr")
    nothing = sparse.csr_matrix((len(aims), count))
    equal = sparse.bmat([[system.members[shown], -unit, unit], [system.members[aims], nothing, nothing]], format="csr")
    wanted = np.concatenate([np.zeros(count), system.needed[aims].astype(float)])
    lowest = np.concatenate([-system.persons.astype(float), np.zeros(2 * count)])
    highest = np.full(size + 2 * count, ceiling(system.values))
    slight = 1e-7 * system.cost[shown].min(initial=1.0)  # moves among hidden counts are free, but not without end
    answer = milp(
        np.concatenate([np.full(size, slight), system.cost[shown], system.cost[shown]]),
        constraints=LinearConstraint(equal, wanted, wanted),
        bounds=Bounds(lowest, highest),
        integrality=np.concatenate([np.full(size, int(whole)), np.zeros(2 * count)]),
        options={"node_limit": _NODES} if whole else {},
    )
    return None if answer.x is None else np.asarray(answer.x[:size])


def _published_again(system: System, hidden: Flags, proof: Proof, progress: Progress) -> tuple[Flags, Proof]:
    """Publish counts again that no hidden one needs, dearest first."""
    secondary = np.flatnonzero(hidden & ~system.primary)
    size = int((~hidden).sum()) * len(proof.possible.free) + 1
    tried = secondary[np.argsort(-system.cost[secondary], kind="stable")][: min(TRIALS, TRIALS_WORK // size)]
    in_vain = 0
    for number, row in enumerate(tried.tolist()):
        if in_vain == _IN_VAIN:
            break
        if progress:
            progress(float(number), float(len(tried)), "hidden counts tried to be published again")
        without = _proof_without(system, hidden, proof, row)
        in_vain += 1
        if without is not None:
            in_vain = 0
            proof = without
            hidden = hidden.copy()
            hidden[row] = False
    return hidden, proof


def _proof_without(system: System, hidden: Flags, proof: Proof, row: int) -> Proof | None:
    """A proof that all others stay safe when this count is published; None where there is none."""
    places = np.flatnonzero(hidden)
    fewer = hidden.copy()
    fewer[row] = False
    after, needed = proof_of(system, fewer)
    after.inherit(proof, int(np.searchsorted(places, row)))
    seen = proof.width[places != row]
    wanted = np.minimum(needed, seen)
    doubtful = after.short(needed)
    doubtful = doubtful[np.argsort(seen[doubtful], kind="stable")]
    for number, count in enumerate(doubtful.tolist()):
        if number == _FIRST:
            after.search(needed)
        if after.is_narrow(count, needed) or after.width[count] < wanted[count]:
            return None
    return after
