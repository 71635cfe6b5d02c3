"""Figures held against print: `python benchmarks/figures_held.py RELEASE [PRINTED.csv]`.

RELEASE is made of the workbook of UNODC. PRINTED.csv (default `tests/golden/data/printed_figures.csv`) names what a
report printed: the figure, its period, the rows of its table that are the part and the rest of the whole. Three kinds
of number: `share` (per cent; of rows of persons where a rest is named, else a share that the table holds), `number`,
`change` (per cent, part against rest).
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from palermo.report.account import sections_of
from palermo.report.amounts import Amount
from palermo.report.figure import Figure
from palermo.report.opening import open_release
from palermo.report.reading import Release

PRINTED = Path(__file__).resolve().parents[1] / "tests" / "golden" / "data" / "printed_figures.csv"
WORLD = "001"
HALF = 0.5  # what rounding to a whole number may hide
NEAR = 2.0  # points; what later revisions of the workbook have moved


@dataclass(frozen=True)
class Held:
    """One printed number and the range that the release has for it."""

    row: Mapping[str, str]
    low: float
    high: float

    @property
    def printed(self) -> float:
        return float(self.row["printed"])

    @property
    def verdict(self) -> str:
        """``in`` the range, ``near`` it (2 points of a share), or ``apart``; a printed share is rounded."""
        distance = max(self.low - self.printed, self.printed - self.high, 0.0)
        if distance <= HALF:
            return "in"
        return "near" if distance <= NEAR and self.row["kind"] != "number" else "apart"


def held_against(release: Release, path: Path = PRINTED) -> Iterator[Held]:
    """Every printed number beside the range of the release."""

    @cache
    def figures(period: str) -> dict[str, Figure]:
        return {figure.id: figure for *_, group in sections_of(release, WORLD, period) for figure in group}

    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = _cells(figures(row["period"])[row["figure"]])
            column = "share" if row["kind"] == "share" and not row["rest"] else "persons"
            low, high = _range(row["kind"], _sum(cells, row["part"], column), _sum(cells, row["rest"], column))
            yield Held(row, low, high)


def _cells(figure: Figure) -> dict[str, Amount]:
    """The amounts of a table by the codes of their row (its label where it has none) and their column."""
    found: dict[str, Amount] = {}
    for row in figure.table.rows:
        name = "|".join(filter(None, (code for code, _label in row.stubs))) or row.stubs[0][1]
        for measure, amount in zip(figure.table.measures, row.amounts, strict=True):
            found[f"{name}|{measure.key}"] = amount
    return found


def _sum(cells: Mapping[str, Amount], names: str, column: str) -> tuple[float, float]:
    """The sum of the cells; a name without a column means ``column``."""
    found = [cells[name] if name in cells else cells[f"{name}|{column}"] for name in names.split("+") if name]
    return sum(one.floor for one in found), sum(one.ceiling for one in found)


def _range(kind: str, part: tuple[float, float], rest: tuple[float, float]) -> tuple[float, float]:
    if rest == (0, 0):
        return part
    if kind == "change":
        return 100 * (part[0] / rest[1] - 1), 100 * (part[1] / rest[0] - 1)
    return 100 * part[0] / (part[0] + rest[1]), 100 * part[1] / (part[1] + rest[0])


def main(folder: Path, printed: Path) -> None:
    print("| Report | Year | What | Figure | Printed | Ours | |")
    print("|---|---|---|---|---|---|---|")
    for one in held_against(open_release(folder), printed):
        row = one.row
        digits = ",.0f" if row["kind"] == "number" else ".1f"
        ours = f"{one.low:{digits}} to {one.high:{digits}}"
        told = ": ".join(filter(None, (one.verdict, row["why"])))
        print(
            "|",
            " | ".join((*(row[name] for name in ("edition", "period", "what", "figure", "printed")), ours, told)),
            "|",
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else PRINTED)
