"""Scores of pairs, the bands in which they are sampled, and the pairs of lists they belong to.

A score is ``weight`` in bits (log2 of the odds); where a pair has only a probability, the bits of that. The decision a
reader would question: bands are finest at the ends. Few true pairs have a low score, but so many pairs have one that
they decide how many were missed; and almost all links stand in the last band.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from palermo.errors import PalermoError, UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGES = (0.0, 0.002, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0)
SETTLED = ("key", "decision")  # sources of pairs that no score decides


@dataclass(frozen=True)
class ListPairs:
    """The pairs of lists that occur, and to which of them each pair of records belongs."""

    names: tuple[tuple[str, str], ...]  # list_a <= list_b in the order of their first record
    index: Ints


def bits(probability: Floats) -> Floats:
    """Log2 of the odds of probabilities; minus and plus infinity at 0 and 1."""
    with np.errstate(divide="ignore"):
        odds: Floats = np.log2(probability) - np.log2(1 - probability)
    return odds


def scores(pairs: pa.Table) -> Floats:
    """The score of each pair in bits; not a number where a key or a person's decision settles it."""
    weight, probability = _floats(pairs, "weight"), _floats(pairs, "probability")
    score = np.where(np.isnan(weight), bits(probability), weight)
    score[is_settled(pairs)] = np.nan
    return np.clip(score, -200.0, 200.0)


def is_settled(pairs: pa.Table) -> NDArray[np.bool_]:
    """Which pairs a shared key or a person's decision settles."""
    settled = pc.is_in(pairs["source"].cast(pa.string()), value_set=pa.array(SETTLED))
    return np.asarray(settled.to_numpy(zero_copy_only=False), dtype=bool)


def edges_with(threshold: float | None) -> tuple[float, ...]:
    """The edges of bands, with the threshold among them, so that no band mixes links with pairs just below."""
    if threshold is None:
        return EDGES
    if not 0 < threshold < 1:
        raise UsageError(f"threshold {threshold}: expected a probability between 0 and 1")
    return tuple(sorted({*EDGES, threshold}))


def band_names(edges: Sequence[float]) -> tuple[str, ...]:
    """Names of bands: "0.90-0.95" holds 0.90 and all up to, but without, 0.95."""
    return tuple(f"{_number(low)}-{_number(high)}" for low, high in pairwise(edges))


def band_bounds(name: str) -> tuple[float, float]:
    """The two probabilities in the name of a band."""
    low, _, high = name.partition("-")
    try:
        return float(low), float(high)
    except ValueError:
        raise PalermoError(f"band {name!r}: expected two numbers as 0.90-0.95") from None


def band_of(score: Floats, edges: Sequence[float]) -> Ints:
    """Number of the band of each score, from 0; -1 for pairs without a score."""
    inner = bits(np.array(edges[1:-1]))
    return np.where(np.isnan(score), -1, np.searchsorted(inner, score, side="right")).astype(np.int64)


def list_pairs(pairs: pa.Table, records: pa.Table) -> ListPairs:
    """To which pair of lists each pair belongs. ``records`` has ``row_id`` and ``list`` (``PREPARED`` or a part).

    Raises ``PalermoError`` where a pair names a record that is not there.
    """
    names: list[str] = records["list"].unique().to_pylist()
    code = pc.index_in(records["list"].combine_chunks(), value_set=pa.array(names))
    codes = np.asarray(code.to_numpy(zero_copy_only=False), dtype=np.int64)
    rows = np.asarray(records["row_id"].to_numpy(), dtype=np.int64)
    order = np.argsort(rows, kind="stable")
    found = [codes[order[_positions(rows[order], pairs[side], side)]] for side in ("left", "right")]
    both = np.minimum(*found) * len(names) + np.maximum(*found)
    present, index = np.unique(both, return_inverse=True)
    named = tuple((names[one // len(names)], names[one % len(names)]) for one in present.tolist())
    return ListPairs(named, index.astype(np.int64))


def pair_keys(table: pa.Table) -> Ints:
    """One number for each pair of records, for look-ups. Row numbers stay below 2**31 on any machine we meet."""
    left, right = (np.asarray(table[side].to_numpy(), dtype=np.int64) for side in ("left", "right"))
    keys: Ints = (left << np.int64(31)) | right
    return keys


def find_pairs(pairs: pa.Table, wanted: pa.Table) -> Ints:
    """The row of each wanted pair among ``pairs``, -1 where it is not there; the few are sorted, not the many."""
    keys = pair_keys(pairs)
    unique, where = np.unique(pair_keys(wanted), return_inverse=True)
    if not len(unique) or not len(keys):
        return np.full(len(where), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(unique, keys), len(unique) - 1)
    hit = np.flatnonzero(unique[places] == keys)
    rows = np.full(len(unique), -1, dtype=np.int64)
    rows[places[hit]] = hit
    return rows[where]


def _positions(rows: Ints, column: pa.ChunkedArray, side: str) -> Ints:
    wanted = np.asarray(column.to_numpy(), dtype=np.int64)
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1:  # numbered without gaps, as a rule: no search is needed
        places = np.clip(wanted - rows[0], 0, len(rows) - 1)
    else:
        places = np.minimum(np.searchsorted(rows, wanted), max(len(rows) - 1, 0))
    if len(wanted) and (not len(rows) or (rows[places] != wanted).any()):
        missing = wanted if not len(rows) else wanted[rows[places] != wanted]
        raise PalermoError(
            f"pairs of records: {len(missing)} name a record in column {side} that is not among the prepared records "
            f"(the first is row {missing[0]}); link again, pairs and records are of different runs"
        )
    found: Ints = places
    return found


def _floats(table: pa.Table, name: str) -> Floats:
    """A column as numbers, nothing as not a number."""
    return np.array(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text if value in (0, 1) or len(text) > 3 else f"{value:.2f}"
