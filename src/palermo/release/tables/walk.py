"""Walking from corner to corner of a set of possible tables: the simplex method, kept warm between questions.

A solver called anew for each hidden count spends most of its time on starting. Here one tableau serves thousands of
questions on the same set, and every corner passed is a possible table. The decision a reader would question: an own
simplex in floating point. No proof rests on its accuracy: a corner counts only where its whole numbers satisfy every
sum exactly, and the limits it finds are only ever published, not relied upon.
"""

import numba
import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
_Numbers = npt.NDArray[np.int64]

SMALL = 1e-9
_DUST = 1e-12  # what rounding leaves of a zero; kept, it would fill the tableau
OPTIMAL, UNLIMITED, LOST = 0, 1, 2


@numba.njit(cache=True)
def _without_dust(number: float) -> float:
    return 0.0 if abs(number) < _DUST else number


@numba.njit(cache=True)
def tableau(rows: Vector, order: _Numbers) -> tuple[Vector, _Numbers, _Numbers]:
    """Solve the rows for as many unknowns as possible, those first in ``order`` first.

    Returns the tableau (basic unknowns x others), the basic unknowns, and the others: x_basic + tableau @ x_others is
    fixed. Overwrites ``rows``.
    """
    height, width = rows.shape
    basic = np.empty(min(height, width), dtype=np.int64)
    others = np.empty(width, dtype=np.int64)
    done, left = 0, 0
    for column in order:
        pivot = done
        for row in range(done, height):
            if abs(rows[row, column]) > abs(rows[pivot, column]):
                pivot = row
        if done == height or abs(rows[pivot, column]) < 1e-7:
            others[left] = column
            left += 1
            continue
        for place in range(width):
            rows[done, place], rows[pivot, place] = rows[pivot, place], rows[done, place]
        rows[done] /= rows[done, column]
        filled = np.flatnonzero(rows[done])
        for row in range(height):
            factor = rows[row, column]
            if row != done and factor != 0.0:
                for entry in filled:
                    rows[row, entry] = _without_dust(rows[row, entry] - factor * rows[done, entry])
        basic[done] = column
        done += 1
    return rows[:done][:, others[:left]].copy(), basic[:done].copy(), others[:left].copy()


@numba.njit(cache=True)
def _pivot(body: Vector, basic: _Numbers, others: _Numbers, row: int, column: int) -> None:
    """Let the unknown of the column become basic in place of that of the row."""
    scale = 1.0 / body[row, column]
    for place in range(body.shape[1]):
        body[row, place] *= scale
    body[row, column] = scale
    filled = np.flatnonzero(body[row])
    for other in range(body.shape[0]):
        factor = body[other, column]
        if other != row and factor != 0.0:
            for entry in filled:
                body[other, entry] -= factor * body[row, entry]
            body[other, column] = -factor * scale
    basic[row], others[column] = others[column], basic[row]


@numba.njit(cache=True)
def to_corner(body: Vector, basic: _Numbers, others: _Numbers, at: Vector, aside: Vector) -> None:
    """From any possible table (``at`` the basic unknowns, ``aside`` the others) to a corner, where the others are 0."""
    for column in range(body.shape[1]):
        if aside[column] <= 0.0:
            continue
        step, leaving = aside[column], -1
        for row in range(body.shape[0]):
            if body[row, column] < -SMALL and at[row] / -body[row, column] < step - SMALL:
                step, leaving = at[row] / -body[row, column], row
        for row in range(body.shape[0]):
            at[row] = max(0.0, at[row] + step * body[row, column])
        left = aside[column] - step
        aside[column] = 0.0
        if leaving >= 0:
            _pivot(body, basic, others, leaving, column)
            at[leaving] = left


@numba.njit(cache=True)
def _entering(worth: Vector, cautious: bool) -> int:
    """The unknown that gains most, or the first that gains where steps of length 0 could go in a circle (Bland)."""
    best = -1
    for column in range(len(worth)):
        if worth[column] > 1e-7 and (best < 0 or worth[column] > worth[best]):
            best = column
            if cautious:
                break
    return best


@numba.njit(cache=True)
def _leaving(body: Vector, basic: _Numbers, at: Vector, column: int) -> int:
    """The basic unknown that reaches 0 first; of several the one of lowest number."""
    best, least = -1, np.inf
    for row in range(body.shape[0]):
        if body[row, column] > SMALL:
            step = at[row] / body[row, column]
            if step < least - SMALL or (step < least + SMALL and best >= 0 and basic[row] < basic[best]):
                best, least = row, min(step, least)
    return best


@numba.njit(cache=True)
def climb(
    body: Vector, basic: _Numbers, others: _Numbers, at: Vector, gain: Vector, seen: Vector, far: float
) -> tuple[int, int]:
    """Walk to the corner with most ``gain``. Fills ``seen`` with tables on the way, the last one last.

    Returns how it ended and how many tables were noted. Where the gain has no limit, the last table is ``far`` away.
    """
    noted, idle = 0, 0
    worth = gain[others] - gain[basic] @ body
    for _ in range(20 * (body.shape[0] + body.shape[1]) + 100):
        column = _entering(worth, idle > 30)
        if column < 0:
            return OPTIMAL, _note(basic, at, seen, noted)
        row = _leaving(body, basic, at, column)
        if row < 0:
            place = _note(basic, at - far * body[:, column], seen, noted)
            seen[place - 1, others[column]] = far
            return UNLIMITED, place
        step = at[row] / body[row, column]
        idle = idle + 1 if step < SMALL else 0
        for other in range(body.shape[0]):
            at[other] = max(0.0, at[other] - step * body[other, column])
        at[row] = step
        _pivot(body, basic, others, row, column)
        rise = worth[column]
        for place in range(len(worth)):
            worth[place] -= rise * body[row, place]
        worth[column] = -rise * body[row, column]
        if step > SMALL:
            noted = _note(basic, at, seen, noted)
    return LOST, noted


@numba.njit(cache=True)
def _note(basic: _Numbers, at: Vector, seen: Vector, noted: int) -> int:
    place = min(noted, seen.shape[0] - 1)
    seen[place] = 0.0
    for row in range(len(basic)):
        seen[place, basic[row]] = at[row]
    return int(place + 1)
