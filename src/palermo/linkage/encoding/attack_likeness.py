"""Attacks that read nothing but how alike encodings are: from known pairs, and from the graph of likenesses alone.

The attacker encodes a clear list with a key of his own and the public parameters. Two records are then about as alike
under his key as under the true one, so his list and the encodings are two noisy pictures of one graph. With some known
pairs, each further record is placed by its likeness to these (known plaintext). Without any, the graphs are laid over
each other (graph matching; Vidanage, Christen, Ranbaduge and Schnell 2020). The decision a reader would question: the
placing is our own, a regression on the known pairs and the relaxed assignment of Vogelstein and others (2015), because
it uses every likeness and not only features of the nearest.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from palermo.linkage.encoding.encode import Bytes

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

RIDGE = 0.5  # of the regression; the likeness of a record with itself is 1
ROUNDS = 40
ENOUGH_STEP = 1e-4
PROFILE = 80  # quantiles of a record's likenesses by which graphs are first laid over each other
TRUSTED = (0.2, 0.1, 0.3)  # shares of a match, best fitting first, from which it is made anew
FIXED = 1e6  # what a known pair is worth in an assignment


def likeness(bits: Bytes) -> Floats:
    """Correlation of the bits of all pairs of records, after the share of each bit is taken off."""
    ones = np.unpackbits(bits, axis=1).astype(np.float32)
    ones -= ones.mean(axis=0)
    ones /= np.maximum(np.linalg.norm(ones, axis=1, keepdims=True), 1e-6)
    made: Floats = ones @ ones.T
    return made


def by_known_pairs(seen: Floats, held: Floats, known: int) -> Ints:
    """For each encoding the record of the attacker's list taken for it; the first ``known`` of both are true pairs.

    ``seen``: likenesses of the encodings; ``held``: those of the attacker's list under his own key.
    """
    pairs = np.arange(known)
    return _assigned(_gain(seen, held, (pairs, pairs)), known)


def by_graph_alone(seen: Floats, held: Floats) -> Ints:
    """The same without any known pair: what fits best in a first match is trusted, and the rest placed anew by it."""
    best = by_graph(seen, held)
    reached = agreement(seen, held, best)
    for share in TRUSTED:
        rows = np.flatnonzero(best >= 0)
        ours, theirs = seen[np.ix_(rows, rows)], held[np.ix_(best[rows], best[rows])]
        spread = np.sqrt((ours**2).sum(axis=1) * (theirs**2).sum(axis=1))
        fit = ((ours * theirs).sum(axis=1) - 1) / np.maximum(spread, 1e-9)
        trusted = rows[np.argsort(-fit, kind="stable")[: max(int(len(rows) * share), 1)]]
        again = by_graph(seen, held, _assigned(_gain(seen, held, (trusted, best[trusted])), 0))
        now = agreement(seen, held, again)
        if now > reached:
            best, reached = again, now
    return best


def by_graph(seen: Floats, held: Floats, start: Ints | None = None, known: int = 0) -> Ints:
    """The same by laying one graph over the other, from ``start`` or, without one, from profiles of the records.

    A step goes to the assignment that the present one favours most, as far as agreement of the two graphs grows.
    """
    ours, theirs = seen - np.diag(np.diag(seen)), held - np.diag(np.diag(held))
    here = _as_matrix(_by_profile(ours, theirs) if start is None else start, theirs.shape[0])
    for _ in range(ROUNDS):
        favours: Floats = (ours @ here @ theirs).astype(np.float32)
        step = _as_matrix(_assigned(favours, known), theirs.shape[0]) - here
        bend, slope = float((ours @ step @ theirs * step).sum()), 2 * float((favours * step).sum())
        length = 1.0 if bend >= 0 else min(1.0, -slope / (2 * bend))
        here = (here + length * step).astype(np.float32)
        if length < ENOUGH_STEP or not step.any():
            break
    return _assigned(here, known)


def agreement(seen: Floats, held: Floats, taken: Ints) -> float:
    """How well the two graphs agree where encoding i is taken for record ``taken[i]``: correlation of likenesses."""
    rows = np.flatnonzero(taken >= 0)
    above = np.triu_indices(len(rows), 1)
    ours, theirs = seen[np.ix_(rows, rows)][above], held[np.ix_(taken[rows], taken[rows])][above]
    return float(np.corrcoef(ours, theirs)[0, 1]) if len(ours) > 1 else 0.0


def _gain(seen: Floats, held: Floats, pairs: tuple[Ints, Ints]) -> Floats:
    """How well each encoding fits each held record, by regression on ``pairs`` taken as true."""
    ours, theirs = pairs
    inner = held[np.ix_(theirs, theirs)] + RIDGE * np.eye(len(theirs), dtype=np.float32)
    weights = np.linalg.solve(inner, held[theirs])  # each held record as a sum of those in the pairs
    spread = np.sqrt(np.maximum((weights * held[theirs]).sum(axis=0), 1e-9))
    made: Floats = ((seen[:, ours] @ weights) / spread).astype(np.float32)
    return made


def _assigned(gain: Floats, known: int) -> Ints:
    """The one-to-one assignment of greatest gain; -1 for encodings left over. The first ``known`` stay fixed."""
    if known:
        gain = gain.copy()
        gain[np.arange(known), np.arange(known)] += np.float32(FIXED)
    row, column = linear_sum_assignment(gain, maximize=True)
    taken = np.full(gain.shape[0], -1, np.int64)
    taken[row] = column
    return taken


def _as_matrix(taken: Ints, width: int) -> Floats:
    made = np.zeros((len(taken), width), np.float32)
    rows = np.flatnonzero(taken >= 0)
    made[rows, taken[rows]] = 1
    return made


def _by_profile(ours: Floats, theirs: Floats) -> Ints:
    """Records whose likenesses to all others are spread alike: the nearest and the rest, as quantiles."""
    # Finer towards the top: the few near neighbours of a record tell more of it than the many far ones.
    shares = 1 - np.geomspace(1 / max(min(len(ours), len(theirs)), 2), 1, PROFILE)
    one, other = (_standardised(np.quantile(side, shares, axis=1).T.astype(np.float64)) for side in (ours, theirs))
    gain: Floats = (2 * one @ other.T - (other**2).sum(axis=1)[None, :] - (one**2).sum(axis=1)[:, None]).astype(
        np.float32
    )
    return _assigned(gain, 0)


def _standardised(profile: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    made: npt.NDArray[np.float64] = (profile - profile.mean(axis=0)) / np.maximum(profile.std(axis=0), 1e-9)
    return made
