"""Newton's method for one log-linear model, compiled.

The decision a reader would question: the information matrix is summed row by row over the columns that are not 0, by
plain loops. Columns are 0/1 and half empty, so this beats a library of dense products on the tables at hand, and the
order of summation is the same on any machine.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_TINY = 1e-9
_BIG = 30.0  # largest change of a log mean in one step
_HIGHEST = 300.0  # log means are cut here, so that no sum overflows


@njit(cache=True)
def newton(design: Floats, counts: Floats, penalty: Floats, begin: Floats, rounds: int) -> tuple[Floats, bool]:
    """The coefficients of the largest (penalised) likelihood by halved steps, and whether the search settled."""
    rows, width = design.shape
    sparse = _compressed(design)
    coefficients = begin.copy()
    means = np.empty(rows)
    value = _value(sparse, counts, penalty, coefficients, means)
    trial, trial_means = np.empty(width), np.empty(rows)
    for _ in range(rounds):
        gradient, information = _slopes(sparse, counts, means, penalty, coefficients)
        step = _solve(information, gradient)
        gain = 0.0
        for column in range(width):
            gain += gradient[column] * step[column]
        if gain < 1e-14 * (1 + abs(value)) or gain < 1e-13:
            return coefficients + step, True
        size = min(1.0, _BIG / max(_largest(sparse, step), _TINY))
        while True:
            trial[:] = coefficients + size * step
            found = _value(sparse, counts, penalty, trial, trial_means)
            if found >= value - 1e-9 * abs(value) or size < 1e-6:
                break
            size /= 2
        coefficients[:] = trial
        means[:] = trial_means
        value = found
    return coefficients, False


@njit(cache=True)
def predictor(design: Floats, coefficients: Floats) -> Floats:
    """The log means of all rows."""
    linear = np.zeros(len(design))
    for row in range(len(design)):
        for column in range(len(coefficients)):
            linear[row] += design[row, column] * coefficients[column]
    return linear


@njit(cache=True)
def _compressed(design: Floats) -> tuple[Ints, Ints, Floats]:
    """The entries that are not 0, row by row: where each row begins, the column and the value of each."""
    rows, width = design.shape
    first = np.zeros(rows + 1, np.int64)
    place, entry = np.empty(rows * width, np.int64), np.empty(rows * width)
    at = 0
    for row in range(rows):
        for column in range(width):
            if design[row, column] != 0.0:
                place[at], entry[at] = column, design[row, column]
                at += 1
        first[row + 1] = at
    return first, place[:at], entry[:at]


@njit(cache=True)
def _value(
    sparse: tuple[Ints, Ints, Floats], counts: Floats, penalty: Floats, coefficients: Floats, means: Floats
) -> float:
    """The (penalised) log likelihood up to a constant; the means are written into ``means``."""
    first, place, entry = sparse
    total = 0.0
    for row in range(len(counts)):
        linear = 0.0
        for at in range(first[row], first[row + 1]):
            linear += entry[at] * coefficients[place[at]]
        linear = min(linear, _HIGHEST)
        means[row] = np.exp(linear)
        total += counts[row] * linear - means[row]
    for column in range(len(penalty)):
        total -= 0.5 * penalty[column] * coefficients[column] ** 2
    return total


@njit(cache=True)
def _slopes(
    sparse: tuple[Ints, Ints, Floats], counts: Floats, means: Floats, penalty: Floats, coefficients: Floats
) -> tuple[Floats, Floats]:
    """The gradient and the information matrix (lower half)."""
    first, place, entry = sparse
    width = len(penalty)
    gradient, information = -penalty * coefficients, np.zeros((width, width))
    for row in range(len(means)):
        for at in range(first[row], first[row + 1]):
            gradient[place[at]] += entry[at] * (counts[row] - means[row])
            weighted = entry[at] * means[row]
            for other in range(first[row], at + 1):
                information[place[at], place[other]] += weighted * entry[other]
    for column in range(width):
        information[column, column] += penalty[column]
    return gradient, information


@njit(cache=True)
def _largest(sparse: tuple[Ints, Ints, Floats], step: Floats) -> float:
    """The largest change of a log mean that a step makes."""
    first, place, entry = sparse
    most = 0.0
    for row in range(len(first) - 1):
        moved = 0.0
        for at in range(first[row], first[row + 1]):
            moved += entry[at] * step[place[at]]
        most = max(most, abs(moved))
    return most


@njit(cache=True)
def _solve(information: Floats, gradient: Floats) -> Floats:
    """The step, by Cholesky of the information scaled to a unit diagonal; directions of no information stay put."""
    width = len(gradient)
    scale = np.empty(width)
    for column in range(width):
        scale[column] = np.sqrt(max(information[column, column], 1e-30))
    lower = _factor(information, scale)
    solved = gradient / scale
    for row in range(width):
        for column in range(row):
            solved[row] -= lower[row, column] * solved[column]
        solved[row] /= lower[row, row]
    for row in range(width - 1, -1, -1):
        for below in range(row + 1, width):
            solved[row] -= lower[below, row] * solved[below]
        solved[row] /= lower[row, row]
    return solved / scale


@njit(cache=True)
def _factor(information: Floats, scale: Floats) -> Floats:
    """The Cholesky factor of the scaled information."""
    width = len(scale)
    lower = np.zeros((width, width))
    for row in range(width):
        for column in range(row + 1):
            rest = information[row, column] / (scale[row] * scale[column])
            if row == column:
                rest += 1e-12
            for inner in range(column):
                rest -= lower[row, inner] * lower[column, inner]
            if row > column:
                lower[row, column] = rest / lower[column, column]
            else:
                lower[row, row] = np.sqrt(rest) if rest > 1e-13 else 1e150
    return lower
