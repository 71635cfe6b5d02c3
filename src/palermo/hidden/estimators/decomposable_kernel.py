"""Compiled sums for the average over decomposable graphs: scores of graphs at numbers of unseen persons, and blocks.

The decision a reader would question: the logarithm of the gamma function is computed here, by Stirling's series from
10 upwards (its first term left out is below 1e-12), because the library's takes most of the time of an answer.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from palermo.hidden.kernels import Floats, Ints

POINTS = 8  # of the rule of a block


class Scores(NamedTuple):
    """What the likelihood of every graph is made of; a position is a set of lists (bit mask), but in the first three.

    The margins of graph g are ``sets[starts[g]:starts[g + 1]]``, each multiplied ``times`` over (minus: divided).
    """

    starts: Ints
    sets: Ints
    times: Floats
    own: Floats  # persons seen, though by no list of the set
    delta: Floats  # prior count of a cell of the margin
    constant: Floats  # log of what does not move with N
    n: float
    total: float  # prior count of all cells


class Rules(NamedTuple):
    """Points and weights that sum a smooth function over the whole numbers of a block, by its length."""

    lengths: Ints
    points: Floats
    weights: Floats


@njit(cache=True, nogil=True)
def log_gamma(x: float) -> float:
    """Log of the gamma function of a positive number."""
    shift = 1.0
    while x < 10.0:
        shift *= x
        x += 1.0
    inverse = 1.0 / x
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
    value = (x - 0.5) * math.log(x) - x + 0.9189385332046727418 + series
    return value - math.log(shift) if shift != 1.0 else value


@njit(cache=True, nogil=True)
def prepare(cells: Ints, k: int, prior: float, starts: Ints, sets: Ints, times: Floats) -> Scores:
    """The margins of a table with ``prior`` persons added to each cell."""
    size = 1 << k
    own, delta, constant = np.zeros(size), np.zeros(size), np.zeros(size)
    total = prior * size
    whole = log_gamma(total)
    for mask in range(1, size):
        margin = np.zeros(size)
        for w in range(1, size):
            margin[w & mask] += cells[w]
        weight = prior
        for place in range(k):
            if not mask >> place & 1:
                weight *= 2.0
        base = log_gamma(weight)
        constant[mask] = whole - base
        for w in range(1, size):
            if margin[w] > 0:
                constant[mask] += log_gamma(margin[w] + weight) - base
        own[mask], delta[mask] = margin[0], weight
    return Scores(starts, sets, times, own, delta, constant, float(cells[1:].sum()), total)


@njit(cache=True, nogil=True)
def _margins(s: Scores, unseen: float, out: Floats) -> float:
    """Fill ``out`` with the log of every margin at a number of unseen persons; give what all graphs share."""
    persons = unseen + s.n
    whole = log_gamma(persons + s.total)
    for mask in range(1, out.size):
        out[mask] = log_gamma(unseen + s.own[mask] + s.delta[mask]) + s.constant[mask] - whole
    return log_gamma(persons + 1.0) - log_gamma(unseen + 1.0) - math.log(persons)


@njit(cache=True, nogil=True)
def _score(s: Scores, graph: int, margins: Floats, shared: float) -> float:
    value = shared
    for i in range(s.starts[graph], s.starts[graph + 1]):
        value += s.times[i] * margins[s.sets[i]]
    return value


@njit(cache=True, nogil=True)
def scores_at(s: Scores, unseen: Floats) -> Floats:
    """Log p(table, N | graph) p(N) but for one constant: graphs in rows, numbers of unseen persons in columns."""
    scores = np.empty((s.starts.size - 1, unseen.size))
    margins = np.zeros(s.own.size)
    for p in range(unseen.size):
        shared = _margins(s, unseen[p], margins)
        for g in range(scores.shape[0]):
            scores[g, p] = _score(s, g, margins, shared)
    return scores


@njit(cache=True, nogil=True)
def mass_at(s: Scores, graphs: Ints, unseen: Floats, shift: float) -> Floats:
    """The probability, but for one constant, of each number of unseen persons, summed over these graphs."""
    mass = np.zeros(unseen.size)
    margins = np.zeros(s.own.size)
    for p in range(unseen.size):
        shared = _margins(s, unseen[p], margins)
        for g in graphs:
            mass[p] += math.exp(_score(s, g, margins, shared) - shift)
    return mass


@njit(cache=True, nogil=True)
def reaching(s: Scores, graphs: Ints, rules: Rules, first: int, length: int, wanted: float, shift: float) -> int:
    """The first number of a block up to which the block holds the mass ``wanted``; its last where it holds less.

    The block is halved again and again, each half summed by the rule of its own length.
    """
    before = 0.0
    while length > POINTS:
        place = np.searchsorted(rules.lengths, length // 2, side="right") - 1
        half = rules.lengths[place]
        mass = mass_at(s, graphs, first + rules.points[place], shift)
        held = before + (mass * rules.weights[place]).sum()
        if held >= wanted:
            length = half
        else:
            before, first, length = held, first + half, length - half
    summed = before + np.cumsum(mass_at(s, graphs, np.arange(first, first + length).astype(np.float64), shift))
    return first + min(int(np.searchsorted(summed, wanted)), length - 1)


@njit(cache=True, nogil=True)
def peak(s: Scores, graphs: Ints, first: int, length: int, shift: float) -> tuple[int, float]:
    """The most probable number of a block, which has one peak, and its mass."""
    low, high = first, first + length - 1
    while low < high:
        middle = (low + high) // 2
        mass = mass_at(s, graphs, np.array([middle, middle + 1.0]), shift)
        if mass[1] > mass[0]:
            low = middle + 1
        else:
            high = middle
    return low, mass_at(s, graphs, np.array([float(low)]), shift)[0]


@njit(cache=True, nogil=True)
def blocks(n: float, ends: Ints, width: float, lengths: Ints) -> tuple[Ints, Ints]:
    """First numbers of the blocks and the place of each one's length; every number of ``ends`` begins a block.

    Blocks are narrower than N can be spread: with known chances of being seen the unseen are negative binomial with
    variance n0 N / n, and the posterior is wider.
    """
    firsts, places = [], []
    first, place = 0, 0
    for end in ends:
        while first < end:
            widest = min(end - first, max(POINTS, int(width * math.sqrt(first * (first + n) / n))))
            while place + 1 < lengths.size and lengths[place + 1] <= widest:
                place += 1
            while lengths[place] > widest:
                place -= 1
            firsts.append(first)
            places.append(place)
            first += lengths[place]
    return np.array(firsts), np.array(places)


@njit(cache=True, nogil=True)
def sum_blocks(
    s: Scores, firsts: Ints, places: Ints, rules: Rules, inside: int, negligible: float
) -> tuple[float, Floats, Floats, Floats, Ints]:
    """The mass of every block and of every graph (in the first ``inside`` blocks), exp(shift) being the unit.

    Gives the shift, the masses, the highest density of each block, those of the graphs, and the graphs that count. A
    graph is summed in the blocks where its middle is within exp(-negligible) of the best.
    """
    middles = firsts + (rules.lengths[places] - 1) / 2
    coarse = scores_at(s, middles)
    shift = coarse.max()
    widths = np.log(rules.lengths[places].astype(np.float64))
    by_block, highest = np.zeros((firsts.size, POINTS)), np.zeros(firsts.size)
    by_graph, counts = np.zeros(coarse.shape[0]), np.zeros(coarse.shape[0], np.bool_)
    floor = (coarse + widths).max() - negligible
    beyond = max(floor, floor + negligible - 20.0)  # the end of the grid is followed to be told, not to be exact
    margins = np.zeros(s.own.size)
    for b in range(firsts.size):
        chosen = np.flatnonzero(coarse[:, b] + widths[b] > (floor if b < inside else beyond))
        counts[chosen] = True
        for p in range(POINTS if chosen.size else 0):
            weight = rules.weights[places[b], p]
            shared = _margins(s, firsts[b] + rules.points[places[b], p], margins) - shift
            for g in chosen:
                mass = math.exp(_score(s, int(g), margins, shared))
                by_block[b, p] += mass * weight
                highest[b] = max(highest[b], by_block[b, p] / weight)
                if b < inside:
                    by_graph[g] += mass * weight
    for g in np.flatnonzero(~counts):  # the middles are good enough for what is so small
        by_graph[g] = np.exp(coarse[g, :inside] + widths[:inside] - shift).sum()
    return shift, by_block, highest, by_graph, np.flatnonzero(counts)
