"""Whole rows whose combinations have the noisy counts."""

from dataclasses import dataclass

import numpy as np

from palermo.release.synthetic.coded import Matrix
from palermo.release.synthetic.combinations import Index, pair_bits
from palermo.release.synthetic.measure import Measurement
from palermo.release.synthetic.pool import Real, descend, extend, holdings
import os

NULLW = float(os.environ.get("NULLW", "0.3"))
NULLT = float(os.environ.get("NULLT", "0.3"))
LEAST = float(os.environ.get("LEAST", "0.3"))
P1 = int(os.environ.get("P1", "10"))
P2 = int(os.environ.get("P2", "60"))


def fitted(m: Measurement, width: int, dial: str):
    levels = m.levels
    compact = len(m.attributes)
    keys = np.concatenate([[0], np.arange(1, compact + 1), *[l.keys for l in levels[1:]]]).astype(np.int64)
    y = np.concatenate([[m.persons], *[l.noisy for l in levels]]).astype(float)
    imp = np.concatenate(
        [[1.0 / (9 * levels[0].variance)], *[np.full(len(l.keys), 1.0 / l.variance) for l in levels]]
    ).astype(float)
    null = np.zeros(6)
    if dial == "open":
        for l in levels[2:]:
            null[l.length] = NULLT * l.least
    nullimp = np.zeros(6)
    for l in levels:
        nullimp[l.length] = NULLW / float(l.variance)
    pairs = pair_bits(levels[1].keys, compact)
    length = len(levels)
    rows = np.zeros((1, width), dtype=np.int32)
    weights = np.array([float(m.persons)])
    order = np.argsort([-(m.column[1:] == j).sum() for j in range(width)], kind="stable")
    order = [j for j in order if (m.column == j).any()]
    base = Index.of(keys)
    for n, j in enumerate(order):
        at = np.flatnonzero(m.column == j)
        rows, weights = extend(
            rows, weights, j, int(at[0]), int(at[-1]) + 1, pairs, base.slots, base.values, y, null, length, LEAST
        )
        final = n == len(order) - 1
        room = 0 if dial == "closed" else len(rows) * 64
        index = Index.of(keys, room)
        starts, held, total = holdings(rows, length, index.slots, index.values, len(keys))
        target = np.concatenate([y, np.zeros(total - len(y))])
        used = index.slots != -1
        klen = np.zeros(total, dtype=np.int64)
        kk = index.slots[used]
        klen[index.values[used]] = (kk > 0).astype(int) + (kk >> 16 > 0) + (kk >> 32 > 0) + (kk >> 48 > 0)
        importance = np.concatenate([imp, nullimp[klen[len(imp) :]]])
        left = target.copy()
        np.subtract.at(left, held, np.repeat(weights, np.diff(starts)))
        descend(starts, held, weights, left, importance, P2 if final else P1)
        keep = weights > (0.05 if final else LEAST * 0.5)
        if os.environ.get("DEBUG"):
            print(
                "col",
                j,
                "pool",
                len(rows),
                "nnz",
                len(held),
                "kept",
                keep.sum(),
                "w",
                weights.sum(),
                "nulls",
                total - len(y),
            )
        rows, weights = rows[keep], weights[keep]
    return rows, weights
