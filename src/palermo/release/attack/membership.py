"""Whether a rare combination in the pack tells that somebody has it.

Of combinations of three values whose pairs all occur, those that one person holds (c = 1) are compared with those that
nobody holds (c = 0). With epsilon, neither "it came out" nor "it did not" may be more than e^epsilon times as likely
under the one as under the other, delta apart. The decision a reader would question: combinations of nobody are weighed
to be as likely by their pairs as those of one person, because those who exist are the likelier kind anyway.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.release.attack.aligned import Aligned, Matrix
from palermo.release.attack.finding import LIKELY, Finding, Outcome, could_not, ran

MEMBERSHIP = "membership"
_TRIPLES = 40
_MOST = 300_000  # combinations of nobody looked at for each three columns
_STRATA = 20
_LEAST = 100
_Z = 3.29
Vector = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Shares:
    """Share of combinations that came out, with limits."""

    low: float
    share: float
    high: float


def membership(files: Aligned, name: str, promise: tuple[float, float], seed: int) -> Outcome:
    """Compare the two kinds. ``files``: pack and true rows; ``promise``: epsilon and delta."""
    pack, true = files.files[:2]
    draws = np.random.default_rng(seed)
    every = list(combinations(range(len(files.columns)), 3))
    if not every:
        return could_not(MEMBERSHIP, name, "fewer than three columns")
    chosen = [every[one] for one in sorted(draws.permutation(len(every))[:_TRIPLES].tolist())]
    parts = [part for triple in chosen for part in _looked_at(pack, true, triple, files.sizes, draws)]
    held, expected, out = (np.concatenate([part[place] for part in parts]) for place in range(3))
    one, none = held == 1, held == 0
    if min(int(one.sum()), int(none.sum())) < _LEAST:
        return could_not(MEMBERSHIP, name, f"fewer than {_LEAST} combinations are held by one person, or by nobody")
    held_by_one = _plain(out[one])
    by_nobody = _weighed(expected[one], expected[none], out[none])
    epsilon, delta = promise
    factor = math.exp(min(epsilon, 700))
    told = held_by_one.low > factor * by_nobody.high + delta
    told_not = 1 - by_nobody.high > factor * (1 - held_by_one.low) + delta
    words = (
        f"rare combinations of three values: {100 * held_by_one.share:.1f} % came out where one person holds them, "
        f"{100 * by_nobody.share:.1f} % where nobody does (epsilon {epsilon:g})"
    )
    findings = []
    if told or told_not:
        said = f"rare combinations tell who is in the file, beyond what epsilon {epsilon:g} allows"
        findings = [Finding(MEMBERSHIP, name, said, LIKELY, words)]
    return ran(MEMBERSHIP, name, int(one.sum() + none.sum()), words, findings)


Looked = tuple[Numbers, Vector, npt.NDArray[np.bool_]]


def _looked_at(
    pack: Matrix, true: Matrix, triple: tuple[int, int, int], sizes: tuple[int, ...], draws: np.random.Generator
) -> Iterator[Looked]:
    """True count, expected count and whether it came out, of combinations whose pairs all occur."""
    a, b, c = (true[:, place] for place in triple)
    first, second, third = (sizes[place] for place in triple)
    if max(first * second, first * third, second * third) > 5_000_000:
        return
    full = (a > 0) & (b > 0) & (c > 0)
    pairs = [_crossed(x[full], y[full], width) for x, y, width in ((a, b, (first, second)), (a, c, (first, third)),
                                                                  (b, c, (second, third)))]  # fmt: skip
    left, right = np.nonzero(pairs[0])
    if not len(left):
        return
    room = max(1, _MOST // max(third, 1))
    if len(left) > room:
        kept = np.sort(draws.choice(len(left), room, replace=False))
        left, right = left[kept], right[kept]
    possible = (pairs[1][left] > 0) & (pairs[2][right] > 0)
    row, last = np.nonzero(possible)
    keys = (left[row] * second + right[row]) * third + last
    true_keys, counts = np.unique(((a * second + b) * third + c)[full], return_counts=True)
    place = np.minimum(np.searchsorted(true_keys, keys), len(true_keys) - 1)
    held = np.where(true_keys[place] == keys, counts[place], 0)
    singles = [np.bincount(column[full], minlength=size) for column, size in ((a, first), (b, second), (c, third))]
    together = pairs[0][left[row], right[row]] * pairs[1][left[row], last] * pairs[2][right[row], last]
    apart = singles[0][left[row]] * singles[1][right[row]] * singles[2][last]
    x, y, z = (pack[:, column] for column in triple)
    here = (x > 0) & (y > 0) & (z > 0)
    out = np.isin(keys, ((x * second + y) * third + z)[here])
    rare = held <= 1
    yield held[rare], (together / apart)[rare], out[rare]


def _crossed(one: Numbers, other: Numbers, sizes: tuple[int, int]) -> Vector:
    counts = np.bincount(one * sizes[1] + other, minlength=sizes[0] * sizes[1])
    return counts.reshape(sizes).astype(np.float64)


def _plain(out: npt.NDArray[np.bool_]) -> Shares:
    share = float(out.mean())
    half = _Z * math.sqrt((share * (1 - share) + 1 / len(out)) / len(out))
    return Shares(max(0.0, share - half), share, min(1.0, share + half))


def _weighed(wanted: Vector, expected: Vector, out: npt.NDArray[np.bool_]) -> Shares:
    """The share among combinations of nobody, weighed by how likely those of one person are."""
    edges = np.quantile(wanted, np.linspace(0, 1, _STRATA + 1)[1:-1])
    of_one, of_none = np.searchsorted(edges, wanted), np.searchsorted(edges, expected)
    weight = np.bincount(of_one, minlength=_STRATA) / len(wanted)
    number = np.bincount(of_none, minlength=_STRATA)
    came = np.bincount(of_none, weights=out, minlength=_STRATA)
    known = number > 0
    weight = weight / weight[known].sum()
    shares = np.where(known, came / np.maximum(number, 1), 0.0)
    share = float((weight * shares)[known].sum())
    spread = weight**2 * (shares * (1 - shares) + 1 / np.maximum(number, 1)) / np.maximum(number, 1)
    half = _Z * math.sqrt(float(spread[known].sum()))
    return Shares(max(0.0, share - half), share, min(1.0, share + half))
