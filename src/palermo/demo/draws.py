"""Random draws that give the same answer on every machine and with every numpy version.

numpy promises stable bits and stable uniform doubles for PCG64, not stable methods such as ``choice`` or ``poisson``.
So everything here is made from uniform doubles by comparison and by table, without logarithm or exponential.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def stream(seed: int, *topic: int) -> np.random.Generator:
    """A generator of its own for each topic, so that a change in one leaves the others as they were."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *topic])))


def pick(uniform: Floats, weights: Sequence[float] | Floats) -> Ints:
    """Indices 0 to len(weights) - 1 with chances in proportion to the weights, one per uniform number."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(edges / edges[-1], uniform, side="right"), len(edges) - 1).astype(np.int64)


def between(uniform: Floats, low: Ints | int, high: Ints | int) -> Ints:
    """Whole numbers from low to high, both included, all equally likely."""
    return (low + np.floor(uniform * (np.asarray(high) - low + 1))).astype(np.int64)


def bits(rng: np.random.Generator, shares: Sequence[float], count: int) -> Ints:
    """Bit masks in which bit i is set with chance ``shares[i]``."""
    mask = np.zeros(count, dtype=np.int64)
    for position, share in enumerate(shares):
        mask |= (rng.random(count) < share).astype(np.int64) << position
    return mask


def mask_of(codes: Sequence[str], among: Sequence[str]) -> int:
    """The bit mask that stands for a set of codes."""
    return sum(1 << among.index(code) for code in codes)


def codes_of(mask: int, among: Sequence[str]) -> list[str]:
    """The codes a bit mask stands for, in the order of the code list."""
    return [code for position, code in enumerate(among) if mask >> position & 1]


def exactly(rng: np.random.Generator, count: int, chosen: int) -> Ints:
    """``chosen`` different positions out of ``count``, in rising order."""
    order = np.argsort(rng.random(count), kind="stable")
    return np.sort(order[:chosen]).astype(np.int64)
