"""The pack: everything that may be published of a made-up file, in one folder, written whole or not at all.

    rows.csv         the made-up rows, with the columns of the input
    counts.parquet   the noisy counts of combinations, each with its standard error
    codes.csv        every code of every public list, and whether it is in the rows
    utility.json     how exact counts and rows are, from the noise alone
    parameters.json  how it was made
    card.html, .md   all this in plain words
    manifest.json    hashes of the files

The decision a reader would question: nothing that was computed from the true file without noise goes in, not even how
good the rows are. Such a report is written elsewhere (``confidential_accuracy``), for the holder of the file alone. For
the same reason the pack has no hash and no number of rows of the input.
"""

import csv
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.progress import Progress
from palermo.provenance import code_version, file_sha256, write_json
from palermo.release.synthetic.accuracy import public_accuracy, share_lost, values_lost
from palermo.release.synthetic.card import as_html, as_markdown
from palermo.release.synthetic.card_words import TITLE, sections
from palermo.release.synthetic.reading import Reading
from palermo.release.synthetic.rows import for_people, write_rows
from palermo.release.synthetic.synthesise import Synthesis
from palermo.release.whole_folder import whole_folder

FORMAT = "palermo-synthetic-1"
MANIFEST = "manifest.json"
IN_ROWS, NOT_IN_ROWS, NOT_LET_OUT = "yes", "counted, not in rows", "no: nobody, or too few to tell from noise"


@dataclass(frozen=True)
class Pack:
    """Where the pack lies, and what it says of itself."""

    path: Path
    id: str
    summary: dict[str, Any]


def check_folder(out: Path, force: bool = False) -> None:
    """Refuse a folder that holds something already, before any noise is drawn. Raises ``UsageError``."""
    if out.is_file():
        raise UsageError(f"{out}: a file; --out expects a folder that is not there yet")
    if not out.exists() or not any(out.iterdir()):
        return
    if not (out / MANIFEST).is_file():
        raise UsageError(f"{out}: holds other files; name a folder that is not there yet")
    if not force:
        raise UsageError(
            f"{out}: holds a release already; another release of the same persons costs privacy again. "
            f"Name another folder, or replace this one with --force if it was never given to anybody"
        )


def write_pack(reading: Reading, made: Synthesis, out: Path, progress: Progress = None) -> Pack:
    """Write the folder ``out``."""
    accuracy = public_accuracy(reading.data, made)
    lost = values_lost(reading.columns, made)
    parameters = _parameters(reading, made)
    codes = _codes(reading, made)

    def fill(part: Path) -> None:
        write_rows(made.alike, reading.columns, part / "rows.csv", reading.separator, progress, made.times)
        pq.write_table(made.counts.table(), part / "counts.parquet", compression="zstd")
        write_codes(part / "codes.csv", codes)
        write_json(part / "utility.json", {"lengths": accuracy, "columns": lost, "note": UTILITY_NOTE})
        write_json(part / "parameters.json", parameters)
        write_card(part, sections(parameters, accuracy, codes, lost))

    made_id = write_folder(out, fill)
    absent = sum(one["in_rows"] == NOT_LET_OUT for one in codes)
    summary = {
        "out": str(out),
        "id": made_id,
        "rows": made.number,
        "persons_noisy": made.persons,
        "counts": sum(one["combinations"] for one in accuracy),
        "codes_empty_because_of_noise": absent,
        "parameters": parameters,
        "accuracy": accuracy,
        "columns": lost,
        "values_lost": share_lost(lost),
    }
    return Pack(out, made_id, summary)


UTILITY_NOTE = (
    "All figures follow from the published counts and the noise, and cost no privacy. Errors against the true rows "
    "are known to the holder of the file alone."
)


def write_folder(out: Path, fill: Callable[[Path], None]) -> str:
    """Let ``fill`` write into a hidden folder beside ``out``, add hashes, give it its name. Returns the pack's id."""
    with whole_folder(out) as part:
        fill(part)
        files = {file.name: file_sha256(file) for file in sorted(part.iterdir())}
        made_id = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
        write_json(part / MANIFEST, {"format": FORMAT, "id": made_id, "files": files, "code_version": code_version()})
    return made_id


def write_card(part: Path, said: Any) -> None:
    """The card in both forms."""
    (part / "card.md").write_text(as_markdown(TITLE, said), encoding="utf-8")
    (part / "card.html").write_text(as_html(TITLE, said), encoding="utf-8")


def write_codes(path: Path, codes: list[dict[str, Any]]) -> None:
    """One line for each code."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["column", "code", "list", "in_rows", "count", "standard_error"])
        writer.writeheader()
        writer.writerows({key: _quoted(value) for key, value in one.items()} for one in codes)


def _quoted(value: object) -> object:
    return for_people(value) if isinstance(value, str) else value


def _parameters(reading: Reading, made: Synthesis) -> dict[str, Any]:
    return {
        **_finite(made.parameters),
        "unit_of_privacy": "person" if reading.data.person is not None else "row",
        "persons_noisy": made.persons,
        "rows": made.number,
        "columns": [_described(column) for column in reading.columns],
        "code_version": code_version(),
    }


def _finite(value: Any) -> Any:
    """Plain data without infinite numbers, which JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _described(column: Any) -> dict[str, Any]:
    held = {"codes": len(column.codes)} if column.public else {}  # how many codes were found is no public matter
    return {"column": column.name, "list": column.source, "public": column.public, "split": column.split, **held}


def _codes(reading: Reading, made: Synthesis) -> list[dict[str, Any]]:
    """Codes of public lists, and those found in the data that were let out."""
    singles = made.counts.levels[0]
    cells = zip(singles.column[:, 0].tolist(), singles.code[:, 0].tolist(), strict=True)
    figures = zip(singles.noisy.tolist(), singles.standard_error.tolist(), strict=True)
    let_out = dict(zip(cells, figures, strict=True))
    found = []
    for column in reading.columns:
        for place, code in enumerate(column.codes):
            at, position = (column.at[place], 0) if column.split else (column.at[0], place)
            count, error = let_out.get((at, position), (None, None))
            if count is None and not column.public:
                continue  # that somebody has this value is not public
            words = _in_rows(made, at, position) if count is not None else NOT_LET_OUT
            figure = {"count": count, "standard_error": error and round(error, 3)}
            found.append({"column": column.name, "code": code, "list": column.source, "in_rows": words, **figure})
    return found


def _in_rows(made: Synthesis, at: int, position: int) -> str:
    return IN_ROWS if bool(np.any(made.alike[:, at] == position + 1)) else NOT_IN_ROWS
