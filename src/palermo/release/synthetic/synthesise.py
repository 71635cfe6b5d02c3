"""From coded persons to synthetic rows and noisy counts, under one promise of privacy."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from palermo.progress import Progress
from palermo.release.synthetic.coded import Coded, Matrix, Whole
from palermo.release.synthetic.combinations import key_columns
from palermo.release.synthetic.depth import fitted_in_depth
from palermo.release.synthetic.discrete_gaussian import SeededRandomness, SystemRandomness
from palermo.release.synthetic.fit import Fitted
from palermo.release.synthetic.measure import Flags, Measurement, measure
from palermo.release.synthetic.noisy_counts import LevelCounts, NoisyCounts
from palermo.release.synthetic.settings import SynthesisSettings
from palermo.release.synthetic.whole_numbers import whole_numbers


@dataclass(frozen=True)
class Synthesis:
    """Rows coded as in ``Coded`` (0 is blank), the counts let out, the noisy number of persons, and how it was made."""

    alike: Matrix  # the rows that differ
    times: Whole  # how many there are of each
    counts: NoisyCounts
    persons: int
    parameters: dict[str, Any]

    @property
    def rows(self) -> Matrix:
        """Every row, those that are alike together."""
        return np.repeat(self.alike, self.times, axis=0)

    @property
    def number(self) -> int:
        """Number of rows."""
        return int(self.times.sum())


def synthesise(data: Coded, settings: SynthesisSettings, progress: Progress = None) -> Synthesis:
    """Synthetic rows and noisy counts of ``data``, (epsilon, delta)-differentially private per person."""
    randomness = SystemRandomness() if settings.seed is None else SeededRandomness(settings.seed)
    measured = measure(data, settings, randomness, progress)
    answer, depth = fitted_in_depth(measured, len(data.columns), settings.dial, progress)
    whole = whole_numbers(answer, measured.persons)
    order = np.lexsort(answer.rows.T[::-1])
    column = np.maximum(measured.column, 0)
    codes = (np.concatenate([[0], measured.attributes - data.offsets[column[1:]]])).astype(np.int32)
    order = order[whole[order] > 0]
    parameters = {**_parameters(measured, settings), "rows_fitted_to_length": depth}
    counts = _counts(data, measured, _let_out(measured, answer, whole, settings.dial))
    return Synthesis(
        codes[answer.rows[order]],
        whole[order],
        counts,
        measured.persons,
        parameters,
    )


def _let_out(measured: Measurement, answer: Fitted, whole: Whole, dial: str) -> list[Flags]:
    """Which noisy counts are published: all; if closed, those that are reportable or occur in the rows."""
    held = answer.held[np.repeat(whole > 0, np.diff(answer.starts))]
    in_rows = np.zeros(len(answer.target), dtype=np.bool_)
    in_rows[held] = True
    ends = np.cumsum([1, *[len(level.keys) for level in measured.levels]])
    slices = [slice(a, b) for a, b in pairwise(ends.tolist())]
    return [
        level.reportable | in_rows[own] if dial == "closed" else np.ones(len(level.keys), dtype=np.bool_)
        for level, own in zip(measured.levels, slices, strict=True)
    ]


def _counts(data: Coded, measured: Measurement, let_out: list[Flags]) -> NoisyCounts:
    names = np.concatenate([[0], measured.attributes])
    offsets = data.offsets
    levels = []
    for level, told in zip(measured.levels, let_out, strict=True):
        attributes = level.keys[:, None] if level.length == 1 else names[key_columns(level.keys, level.length)]
        column = np.searchsorted(offsets, attributes - 1, side="right") - 1
        code = attributes - 1 - offsets[column]
        levels.append(
            LevelCounts(
                level.length,
                column.astype(np.int32)[told],
                code.astype(np.int32)[told],
                np.maximum(level.noisy[told], 1),  # closed, a count below may stand for what dense rows need
                level.deviation[told],
                level.reportable[told],
                level.candidates,
            )
        )
    return NoisyCounts(data.columns, _told(data, set(names.tolist())), tuple(levels))


def _told(data: Coded, survived: set[int]) -> tuple[tuple[str, ...], ...]:
    """The code lists; codes that were found in the data and did not survive are left blank, because they would tell."""
    lists = []
    for name, codes, offset in zip(data.columns, data.codes, data.offsets.tolist(), strict=True):
        secret = name in data.found
        lists.append(tuple("" if secret and offset + j not in survived else c for j, c in enumerate(codes, start=1)))
    return tuple(lists)


def _parameters(measured: Measurement, settings: SynthesisSettings) -> dict[str, Any]:
    return {
        "epsilon": settings.epsilon,
        "delta": settings.delta,
        "rho": measured.rho,
        "delta_for_codes_found": measured.delta_found,
        "length": settings.length,
        "dial": settings.dial,
        "rows_per_person": settings.persons,
        "attributes_per_person": measured.most,
        "private": settings.seed is None,
        "levels": [
            {
                "length": level.length,
                "rho": level.rho,
                "standard_error": float(level.deviation.mean()) if len(level.keys) else None,
                "candidates": level.candidates,
                "least_in_standard_errors": level.least,
                "combinations": len(level.keys),
            }
            for level in measured.levels
        ],
    }
