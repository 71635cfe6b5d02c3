"""How exact a made-up file is: what may be said in public, and what only the holder of the true file may read.

Public: the standard error of every count, and how far the rows are from the counts they were fitted to. Both follow
from what is published, so they cost no privacy. Confidential: errors against the true file. They are exact words on
real persons, without noise, so they must never go with the published file.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from palermo.release.synthetic.coded import Coded
from palermo.release.synthetic.noisy_counts import LevelCounts
from palermo.release.synthetic.reading import ReadColumn
from palermo.release.synthetic.synthesise import Synthesis
from palermo.release.synthetic.utility import (
    Codes,
    Errors,
    Ints,
    Tally,
    distinct_rows,
    errors,
    radix_of,
    table_distance,
    tally,
)

MEAN_OF_NORMAL = math.sqrt(2 / math.pi)  # mean distance from zero, in standard deviations
_LARGE = 50
WARNING = (
    "CONFIDENTIAL: computed from the true rows without noise. Never publish this file, or a figure in it, with the "
    "made-up rows: it would tell more of the persons than their protection allows."
)


def public_accuracy(data: Coded, made: Synthesis) -> list[dict[str, Any]]:
    """For each length: how many counts, their standard error, and how far the rows are from them."""
    radix = _radix(data, made.alike)
    rows = (made.alike, made.times)
    found = []
    for level in made.counts.levels:
        counts = tally_of_counts(level, radix)
        against = errors(counts, tally(*rows, level.length, radix), level.length)
        large = level.noisy >= _LARGE
        noise = MEAN_OF_NORMAL * level.standard_error
        some = len(level.noisy) > 0
        total = float(level.noisy.sum())
        found.append(
            {
                "length": level.length,
                "combinations": len(level.noisy),
                "reportable": int(level.reportable.sum()),
                "smallest_count": int(level.noisy.min()) if some else None,
                "standard_error": float(level.standard_error.mean()) if some else None,
                "mean_noise_of_a_count": float(noise.mean()) if some else None,
                "noise_share_of_counts": float(noise.sum()) / total if total > 0 else None,
                "relative_noise_from_50": float((noise / level.noisy)[large].mean()) if large.any() else None,
                "rows_against_counts_wape": against.wape,
            }
        )
    return found


def values_lost(columns: Sequence[ReadColumn], made: Synthesis) -> list[dict[str, Any]]:
    """For each column of the file: values by the published counts, values in the rows, and the share that is lost.

    All of it follows from what is published.
    """
    singles = made.counts.levels[0]
    counted = np.bincount(singles.column[:, 0], weights=singles.noisy, minlength=made.alike.shape[1])
    held = made.times @ (made.alike > 0) if len(made.alike) else np.zeros(made.alike.shape[1], np.int64)
    found = []
    for column in columns:
        at = list(column.at)
        by_counts, in_rows = int(counted[at].sum()), int(held[at].sum())
        lost = max(0.0, 1 - in_rows / by_counts) if by_counts else None
        found.append({"column": column.name, "counted": by_counts, "in_rows": in_rows, "lost": lost})
    return found


def share_lost(lost: Sequence[Mapping[str, Any]]) -> float:
    """Share of all counted values that the rows lack."""
    counted = sum(one["counted"] for one in lost)
    return sum(max(0, one["counted"] - one["in_rows"]) for one in lost) / counted if counted else 0.0


def confidential_accuracy(data: Coded, made: Synthesis, lengths: int) -> dict[str, Any]:
    """The exact errors of the rows and of the counts against the true file (metrics of ``utility``)."""
    radix = _radix(data, made.alike)
    true_rows, made_rows = distinct_rows(data.values), (made.alike, made.times)
    rows: list[Errors] = []
    counts: list[Errors] = []
    for level in made.counts.levels[:lengths]:
        true = tally(*true_rows, level.length, radix)
        rows.append(errors(true, tally(*made_rows, level.length, radix), level.length))
        counts.append(errors(true, tally_of_counts(level, radix), level.length))
    mean, most = table_distance(data.values, made.rows, min(2, data.values.shape[1]))
    return {
        "warning": WARNING,
        "rows_true": len(data.values),
        "rows_made": made.number,
        "noisy_persons": made.persons,
        "rows": [one.summary() for one in rows],
        "counts": [one.summary() for one in counts],
        "tables_of_two_columns": {"tvd": mean, "tvdmax": most},
    }


def _radix(data: Coded, rows: Codes) -> Ints:
    sizes = np.array([len(codes) + 1 for codes in data.codes], np.int64)
    return np.maximum(sizes, radix_of(rows)) if len(rows) else sizes


def tally_of_counts(level: LevelCounts, radix: Ints) -> Tally:
    """The published counts of one length, keyed as ``tally`` keys them."""
    if not len(level.noisy):
        return {}
    columns = level.column.astype(np.int64)
    keys, sets = np.zeros(len(columns), np.int64), np.zeros(len(columns), np.int64)
    for place in range(level.length):
        keys = keys * radix[columns[:, place]] + level.code[:, place] + 1
        sets = sets * len(radix) + columns[:, place]
    order = np.lexsort((keys, sets))
    starts = np.flatnonzero(np.r_[True, np.diff(sets[order]) > 0])
    found = {}
    for part in np.split(order, starts[1:]):
        found[tuple(columns[part[0]].tolist())] = (keys[part], level.noisy[part].astype(np.float64))
    return found
