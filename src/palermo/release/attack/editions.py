"""Two editions of one estimate, printed of persons of whom fewer than k are not the same.

What a release must not do (ADR 3) is looked for in the folders alone: the number detected is printed in both and
differs by less than k, the question is the same, and the estimate or a limit is another. The decision a reader would
question: it is called likely and not certain, as the links between records may have changed a great deal while the
number of persons did not; no reader can tell, and neither can this attack.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.release.attack.finding import LIKELY, Finding, Outcome, could_not, ran
from palermo.release.estimates import DETECTED, Codes, codes_of, detected_only, is_estimate
from palermo.release.folder import read_json
from palermo.release.hold_estimates import same_question

EDITIONS = "editions of estimates"
_FIGURES = ("value", "lower", "upper")


def editions(folders: Sequence[Path]) -> Outcome:
    """All pairs of releases of the account."""
    if len(folders) < 2:
        return could_not(EDITIONS, "releases of the account", "fewer than two were given")
    try:
        read = [_Edition(folder) for folder in folders]
    except (PalermoError, pa.ArrowException, OSError, KeyError, TypeError, AttributeError) as error:
        return could_not(EDITIONS, " and ".join(folder.name for folder in folders), f"cannot be read: {error}")
    findings, tried = [], 0
    for one, other in combinations(read, 2):
        if not one.is_comparable(other):
            continue
        where = f"{one.name} and {other.name}"
        for codes, differs in _pairs(one, other):
            tried += 1
            if differs:
                said = f"{' '.join(codes)}: estimated anew, though fewer than {one.k} persons came or went"
                findings.append(Finding(EDITIONS, where, said, LIKELY))
    return ran(EDITIONS, f"{len(folders)} releases", tried, "estimates of the same question, printed twice", findings)


class _Edition:
    """What one release prints of estimates and of the numbers by which they are checked."""

    def __init__(self, folder: Path) -> None:
        said = read_json(folder / "metadata.json")["protection"]
        every = pq.read_table(folder / "cube.parquet").to_pylist()
        rows = [row for row in every if row["ref_area"] in said["areas"].get(row["indicator"], ())]  # not public before
        self.name = folder.name
        self.k = int(said["k_tables"])
        self.told: Mapping[str, Any] | None = read_json(folder / "receipts.json").get("estimates")
        self.years = {row["time_period"] for row in rows if row["time_period"].isdigit()}
        self.detected = {
            codes_of(row): float(row["value"])
            for row in rows
            if (row["measure"], row["unit"], row["kind"]) == DETECTED
            and detected_only(row)
            and row["value"] is not None
        }
        self.estimates = {
            (row["indicator"], codes_of(row)): tuple(row[name] for name in _FIGURES)
            for row in rows
            if is_estimate(row) and row["lower"] is not None
        }

    def is_comparable(self, other: "_Edition") -> bool:
        """Whether both answer one question, rounded in one way."""
        return self.k == other.k and same_question(self.told, other.told)


def _pairs(one: _Edition, other: _Edition) -> Iterator[tuple[Codes, bool]]:
    """The estimates that both print of nearly the same persons, and whether they differ.

    All years are the same persons where both cover the same years. A part of everyone is left to everyone: the model
    behind it is fitted to all, so it moves with them.
    """
    for name, codes in sorted(one.estimates.keys() & other.estimates.keys()):
        checked = codes if codes[1].isdigit() else (codes[0], "_T", "_T", "_T", "_T")
        same_years = codes[1].isdigit() or one.years == other.years
        if not same_years or checked not in one.detected or checked not in other.detected:
            continue
        if abs(one.detected[checked] - other.detected[checked]) < one.k:
            yield codes, one.estimates[name, codes] != other.estimates[name, codes]
