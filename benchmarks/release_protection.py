"""Time and loss of protection on made-up cubes of the size of CTDC 2021: `python benchmarks/release_protection.py`.

The counts are drawn from skewed shares, so that many cells are small, as in real accounts of one country.
"""

import itertools
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.account.schema import CUBE, DIMENSIONS
from palermo.release.freeze import make_release
from palermo.release.rules import Protection

SEXES, AGES = ("F", "M", "O", "_U"), ("Y0T17", "Y_GE18", "_U")
BANDS = {"Y0T17": ("Y0T8", "Y9T17"), "Y_GE18": ("Y18T20", "Y21T23", "Y24T26", "Y27T29", "Y30T38", "Y39T47", "Y_GE48")}
FORMS = ("sexual", "forced_labour", "domestic_servitude", "begging", "other", "forced_marriage", "child_labour", "_U")


def persons(count: int, years: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Made-up persons, one array per attribute."""
    rng = np.random.default_rng(seed)

    def skewed(codes: list[str], power: float) -> np.ndarray:
        shares = 1.0 / np.arange(1, len(codes) + 1) ** power
        return rng.choice(codes, size=count, p=shares / shares.sum())

    age = skewed(["Y_GE18", "_U", "Y0T17"], 0.8)
    bands = {group: np.array([*codes, "_U"]) for group, codes in {**BANDS, "_U": ()}.items()}
    band = np.array([rng.choice(bands[group]) for group in age])
    return {
        "time_period": skewed([str(2002 + n) for n in range(years)], 0.9),
        "sex": skewed(["F", "M", "_U", "O"], 1.6),
        "age": age,
        "band": band,
        "citizenship": skewed([f"X{n:02d}" for n in range(99)] + ["_U"], 1.1),
        "form": skewed(list(FORMS), 1.3),
        "second": np.where(rng.random(count) < 0.1, skewed(list(FORMS), 0.2), ""),
    }


def cube(people: dict[str, np.ndarray]) -> pa.Table:
    """The standard count tables over them."""
    rows: list[dict[str, object]] = []
    names = ("time_period", "sex", "age")
    tables = {
        "victims_by_sex_age": (names, people, True),
        "victims_by_form_sex_age": ((*names, "form"), people, True),
        "victims_by_age_band": (("time_period", "age", "band"), people, False),
        "victims_by_citizenship": (("time_period", "citizenship"), people, False),
    }
    for indicator, (dimensions, columns, dense) in tables.items():
        rows += _table(indicator, dimensions, columns, dense)
    return pa.Table.from_pylist(rows, CUBE)


def _table(indicator: str, dimensions: tuple[str, ...], columns: dict, dense: bool) -> list[dict[str, object]]:
    counts: dict[tuple[str, ...], int] = {}
    several = "form" in dimensions
    codes = {name: sorted(set(columns[name].tolist())) for name in dimensions}
    for number in range(len(columns[dimensions[0]])):
        options = [(str(columns[name][number]), "_T") for name in dimensions]
        if several and columns["second"][number] not in {"", options[-1][0]}:
            options[-1] = (*options[-1], str(columns["second"][number]))
        for key in itertools.product(*options):
            counts[key] = counts.get(key, 0) + 1
    keys = itertools.product(*((*codes[name], "_T") for name in dimensions)) if dense else sorted(counts)
    return [_row(indicator, dict(zip(dimensions, key, strict=True)), counts.get(key, 0)) for key in keys]


def _row(indicator: str, codes: dict[str, str], count: int) -> dict[str, object]:
    return {
        "indicator": indicator,
        "measure": "victims_detected",
        "unit": "PERSON",
        "kind": "detected",
        **dict.fromkeys(DIMENSIONS, "_Z"),
        "ref_area": "XXA",
        **codes,
        "value": float(count),
        "lower": float(count),
        "upper": float(count),
        "obs_status": "A",
        "confidential": True,
        "receipt_id": "r-" + indicator,
    }


def main() -> None:
    """Print one line per size."""
    sys.stdout.write("persons  years  cells  hidden first  hidden second  share  seconds\n")
    for count, years in ((2_000, 5), (20_000, 10), (190_000, 20)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            pq.write_table(cube(persons(count, years)), folder / "cube.parquet")
            (folder / "receipts.json").write_text("{}", encoding="utf-8")
            start = time.perf_counter()
            made = make_release(folder / "cube.parquet", folder / "receipts.json", folder / "out", Protection(), {})
            seconds = time.perf_counter() - start
        share = (made.hidden_primary + made.hidden_secondary) / made.cells
        first, second = made.hidden_primary, made.hidden_secondary
        sys.stdout.write(
            f"{count:7,}  {years:5}  {made.cells:5,}  {first:12,}  {second:13,}  {share:5.1%}  {seconds:7.1f}\n"
        )


if __name__ == "__main__":
    main()
