"""What the linkage unit does: files of encodings in, pairs of pseudonymous ids out. It holds no key and no name.

The decision a reader would question: the default threshold only bounds what is written; it is low on purpose, so that
labels can show what lies below the pairs that are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from palermo.errors import UsageError
from palermo.linkage.encoding.compare import compare
from palermo.linkage.encoding.file import Encodings, read_encodings, refuse_mixed
from palermo.linkage.encoding.mixture import Mixture, fit
from palermo.linkage.encoding.own_file import write_table
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.encoding.rivals import against_rivals
from palermo.linkage.schema import PAIRS
from palermo.progress import Progress

THRESHOLDS = {"diffusion": 0.62, "fold": 0.62, "blip": 0.66, "balance": 0.75, "none": 0.66}
FLIP_COSTS = 2.4  # by how much a flipped share of bits lowers Dice, about
RECORDS = pa.schema([("row_id", pa.int64()), ("list", pa.string()), ("record_id", pa.string())])


@dataclass(frozen=True)
class LinkedEncodings:
    """``pairs`` and ``records`` are files; record_id in the latter is the pseudonymous id."""

    pairs: Path
    records: Path
    lists: dict[str, int]
    found: int
    compared: int
    threshold: float
    mixture: Mixture
    key_id: str
    parameter_hash: str


def link_encodings(
    files: Sequence[Path], out: Path, threshold: float | None = None, progress: Progress = None
) -> LinkedEncodings:
    """Compare all records of all files, within and between lists, and write PAIRS to ``out``.

    ``threshold`` is a Dice coefficient; without one it is the default of the hardening. Rows are numbered over the
    files in their order; the records are written beside ``out``.
    """
    if not files:
        raise UsageError("No files of encodings given.")
    read = [read_encodings(path) for path in files]
    refuse_mixed(read)
    least = threshold_for(read[0].parameters) if threshold is None else threshold
    if not 0 < least < 1:
        raise UsageError(f"Threshold {least:g}: expected a Dice coefficient above 0 and below 1.")
    pairs, mixture, compared = pairs_of(read, least, progress)
    records = out.with_name(f"{out.stem}.records.parquet")
    write_table(out, pairs)
    write_table(records, _records(read))
    head = read[0].head
    lists = {one.head.list: one.head.records for one in read}
    return LinkedEncodings(
        out, records, lists, pairs.num_rows, compared, least, mixture, head.key_id, head.parameter_hash
    )


def threshold_for(parameters: Parameters) -> float:
    """The Dice coefficient from which pairs are written, where nobody asks for another."""
    return max(THRESHOLDS[parameters.hardening] - FLIP_COSTS * parameters.flip, 0.3)


def pairs_of(
    encodings: Sequence[Encodings], threshold: float, progress: Progress = None
) -> tuple[pa.Table, Mixture, int]:
    """PAIRS of all records, the curve from Dice to probability between lists, and the number of pairs compared."""
    lists = np.repeat(np.arange(len(encodings)), [len(one.ids) for one in encodings])
    found = compare(np.concatenate([one.bits for one in encodings]), threshold, progress)
    across = lists[found.left] != lists[found.right]
    mixture = fit(found.dice[across], threshold)
    # Few records of one list are one person, so pairs within lists have a curve of their own.
    odds = np.where(across, mixture.odds(found.dice), fit(found.dice[~across], threshold).odds(found.dice))
    probability = against_rivals(odds, found.left, found.right, lists)
    count = len(found.left)
    pairs = pa.table(
        {
            "left": found.left + 1,
            "right": found.right + 1,
            "weight": np.log2(probability / (1 - probability)),
            "probability": probability,
            "calibrated": pa.nulls(count, pa.float64()),
            "source": pa.array(["encodings"] * count, pa.string()),
            "rule": pa.array(["all pairs"] * count, pa.string()),
        },
        schema=PAIRS,
    )
    return pairs, mixture, found.compared


def _records(encodings: Sequence[Encodings]) -> pa.Table:
    ids = [made for one in encodings for made in one.ids]
    lists = [one.head.list for one in encodings for _ in one.ids]
    return pa.table({"row_id": np.arange(1, len(ids) + 1), "list": lists, "record_id": ids}, schema=RECORDS)
