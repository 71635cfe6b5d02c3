"""Linkages drawn from calibrated probabilities, for whoever pools an estimate over them (Rubin 1987).

A draw must be a linkage: if A is B and B is C, then A is C. Links drawn one by one would make far too many of these. So
records that most likely belong together (a core) share one uniform number, and a pair is a link where its probability
is above it: each pair is linked as often as its probability says, and the pairs of a core stand or fall together.

The decision a reader would question: nothing is drawn from the model's own probabilities. Draws of those have next to
no spread around a wrong number.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from palermo.errors import RefusedError
from palermo.linkage.calibration import Calibration
from palermo.linkage.schema import MEMBERSHIPS
from palermo.linkage.score_bands import is_settled, list_pairs, scores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CORE = 0.5  # probability from which two records are of one core
CAP = 20  # records of one person at most: a larger core falls apart until it fits


def draw_links(calibration: Calibration, records: pa.Table, seed: int) -> pa.Table:
    """One drawn linkage as ``MEMBERSHIPS``; the same seed draws the same.

    The curve is drawn first, then the links, so that the spread between draws holds what the labels leave open. Raises
    ``RefusedError`` without labels.
    """
    if calibration.curve is None:
        raise RefusedError(
            "no labelled pairs: links are drawn from calibrated probabilities only; run `palermo review`"
        )
    rng = np.random.default_rng(seed)
    pairs = calibration.pairs
    groups = calibration.groups or list_pairs(pairs, records)
    chosen = int(rng.integers(len(calibration.curve.draws)))
    probability = np.nan_to_num(calibration.probability(scores(pairs), groups.index, chosen))
    settled = is_settled(pairs)
    given = np.nan_to_num(pairs["calibrated"].to_numpy(zero_copy_only=False))
    probability = np.where(settled, given, probability)
    rows = np.sort(records["row_id"].to_numpy())
    left, right = (np.searchsorted(rows, pairs[side].to_numpy()) for side in ("left", "right"))
    core = _components(left, right, probability >= CORE, len(rows))
    linked = _uniforms(core[left], core[right], rng) < probability
    person = _capped(left, right, linked, probability, len(rows))
    best = np.ones(len(rows))
    member = linked & (person[left] == person[right])
    best[left[member]], best[right[member]] = 0.0, 0.0
    for side in (left, right):
        np.maximum.at(best, side[member], probability[member])
    first = np.full(int(person.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, person, rows)
    order = np.argsort(records["row_id"].to_numpy(), kind="stable")
    ordered = records.select(["row_id", "list", "record_id"]).take(pa.array(order))
    columns = [*ordered.columns, pa.chunked_array([first[person]]), pa.chunked_array([best])]
    return pa.table(columns, names=MEMBERSHIPS.names).cast(MEMBERSHIPS)


def _components(left: Ints, right: Ints, kept: NDArray[np.bool_], size: int) -> Ints:
    graph = coo_array((np.ones(int(kept.sum()), dtype=bool), (left[kept], right[kept])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _uniforms(one: Ints, two: Ints, rng: np.random.Generator) -> Floats:
    """A number from 0 to 1 for each pair: the same for all pairs of a core, and for all pairs between two cores."""
    size = int(max(one.max(initial=0), two.max(initial=0))) + 1
    _, where = np.unique(np.minimum(one, two) * size + np.maximum(one, two), return_inverse=True)
    return rng.random(int(where.max(initial=-1)) + 1)[where]


def _capped(left: Ints, right: Ints, linked: NDArray[np.bool_], probability: Floats, size: int) -> Ints:
    """Persons; where one has more than ``CAP`` records, its weakest links are cut until none has."""
    kept = linked.copy()
    while True:
        person = _components(left, right, kept, size)
        count = np.bincount(person, minlength=1)
        large = kept & (count[person[left]] > CAP)
        if not large.any():
            return person
        _, where = np.unique(person[left[large]], return_inverse=True)
        weakest = np.full(int(where.max()) + 1, np.inf)
        np.minimum.at(weakest, where, probability[large])
        rows = np.flatnonzero(large)
        kept[rows[probability[large] <= weakest[where]]] = False
