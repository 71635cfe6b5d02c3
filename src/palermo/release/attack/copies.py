"""A folder against its manifest, and the copy for people (``cube.csv``) against the table that was proved.

The proofs are of ``cube.parquet``; what people open is the other file. The decision a reader would question: a folder
without a manifest is no finding, as packs and tables may be looked at before they are frozen.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.provenance import file_sha256
from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.folder import MANIFEST, read_json
from palermo.release.rules import FREE

COPIES = "copies"
_FIGURES = ("value", "lower", "upper")


def copies(folder: Path) -> Outcome:
    """Look for files that are not those of the manifest, and figures that stand in one copy only."""
    if not folder.is_dir():
        return could_not(COPIES, folder.name, "a single file has no manifest and no copies")
    tried = 0
    findings: list[Finding] = []
    try:
        findings += [Finding(COPIES, folder.name, fault) for fault in _altered(folder)]
        if (folder / MANIFEST).is_file():
            tried += len(list(folder.iterdir()))
        if (folder / "cube.csv").is_file() and (folder / "cube.parquet").is_file():
            tried += 1
            findings += [Finding(COPIES, folder.name, fault) for fault in _differences(folder)]
    except (PalermoError, pa.ArrowException, OSError, csv.Error, UnicodeDecodeError, KeyError) as error:
        return could_not(COPIES, folder.name, f"cannot be read: {error}")
    if not tried:
        return could_not(COPIES, folder.name, "it has no manifest and no copies")
    return ran(COPIES, folder.name, tried, "files held against the manifest, and copies against each other", findings)


def _altered(folder: Path) -> Iterator[str]:
    if not (folder / MANIFEST).is_file():
        return
    said = read_json(folder / MANIFEST)
    files = said.get("files", {}) if isinstance(said, dict) else {}
    here = {file.name for file in folder.iterdir() if file.name != MANIFEST}
    for name in sorted(here - files.keys()):
        yield f"{name}: not in the manifest; it was added after the folder was frozen"
    for name, expected in sorted(files.items()):
        if name in here and file_sha256(folder / name) != expected:
            yield f"{name}: changed after the folder was frozen"


def _differences(folder: Path) -> Iterator[str]:
    """Where the copy for people shows something else than the table that was proved."""
    proved = pq.read_table(folder / "cube.parquet").to_pylist()
    with (folder / "cube.csv").open(encoding="utf-8", newline="") as stream:
        copied = list(csv.DictReader(stream))
    if len(copied) != len(proved):
        yield f"cube.csv has {len(copied):,} rows and cube.parquet {len(proved):,}"
        return
    for number, (row, copy) in enumerate(zip(proved, copied, strict=True), 1):
        codes = [name for name, cell in row.items() if isinstance(cell, str)]
        if any(copy[name].removeprefix("'") != row[name].removeprefix("'") for name in codes):
            yield f"row {number}: cube.csv and cube.parquet are of different figures"
        elif row["conf_status"] != FREE and copy["value"]:
            yield f"row {number} ({row['indicator']}): hidden in cube.parquet and printed in cube.csv"
        elif any(_number(copy[name]) != row[name] for name in _FIGURES):
            yield f"row {number} ({row['indicator']}): another figure in cube.csv than in cube.parquet"


def _number(text: str) -> float | None:
    return float(text) if text else None
