"""The counts that are let out: one table per length, each cell with its noisy count and standard error."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.release.synthetic.coded import Matrix, Whole


@dataclass(frozen=True)
class LevelCounts:
    """Combinations of one length: ``column[i]`` and ``code[i]`` (position in the column's list) say which."""

    length: int
    column: Matrix
    code: Matrix
    noisy: Whole
    standard_error: npt.NDArray[np.float64]
    reportable: npt.NDArray[np.bool_]
    candidates: int  # how many combinations got noise


@dataclass(frozen=True)
class NoisyCounts:
    """All counts let out, by length."""

    columns: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    levels: tuple[LevelCounts, ...]

    def table(self) -> pa.Table:
        """One row a combination: length, column and code lists, noisy count, standard error, reportable."""
        columns: list[list[str]] = []
        codes: list[list[str]] = []
        for level in self.levels:
            for column, code in zip(level.column.tolist(), level.code.tolist(), strict=True):
                columns.append([self.columns[j] for j in column])
                codes.append([self.codes[j][c] for j, c in zip(column, code, strict=True)])
        sizes = [len(level.noisy) for level in self.levels]
        empty = np.empty(0, dtype=np.int64)
        return pa.table(
            {
                "length": pa.array(np.repeat([level.length for level in self.levels], sizes), pa.int8()),
                "columns": pa.array(columns, pa.list_(pa.string())),
                "codes": pa.array(codes, pa.list_(pa.string())),
                "count": pa.array(np.concatenate([empty, *[level.noisy for level in self.levels]]), pa.int64()),
                "standard_error": pa.array(
                    np.concatenate([empty, *[level.standard_error for level in self.levels]]), pa.float64()
                ),
                "reportable": pa.array(np.concatenate([empty == 1, *[level.reportable for level in self.levels]])),
            }
        )
