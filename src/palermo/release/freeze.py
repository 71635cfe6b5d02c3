"""Freeze a protected cube into a folder that is named after its content and can be checked by anyone who holds it.

The decision a reader would question: the folder holds no date and no machine's name, so that the same account released
twice is the same release, byte for byte. A release that fails the audit is never given its final name.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from palermo.account.schema import CUBE
from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.provenance import code_version, file_sha256, write_json
from palermo.release.audit import Audit, audit_release
from palermo.release.protect import protect
from palermo.release.receipts import without_counts
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED
from palermo.release.tried import FILE, guarded_tried

Progress = Callable[[float, float | None, str], None] | None

CONTENT = ("cube.csv", "cube.parquet", FILE, "metadata.json", "receipts.json")
MANIFEST = "manifest.json"
FORMAT = "palermo-release-1"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ReleaseResult:
    """Where the release lies and how much of it is hidden. The two numbers of hidden rows are not published."""

    id: str
    path: Path
    cells: int
    hidden_primary: int
    hidden_secondary: int
    audit: Audit


@dataclass(frozen=True)
class LoadedRelease:
    """A release as read back, after its files were found unchanged."""

    id: str
    cube: pa.Table
    receipts: dict[str, Any]
    metadata: dict[str, Any]
    estimates: dict[str, Any]  # what stands around the estimate of everyone (``release.tried``)


def make_release(
    cube_path: Path,
    receipts_path: Path,
    out_dir: Path,
    protection: Protection,
    metadata: Mapping[str, Any],
    progress: Progress = None,
) -> ReleaseResult:
    """Protect the account, audit it and freeze it under ``out_dir/<id>``.

    What was tried around the estimate is read from ``estimates.json`` beside the receipts, where there is one.
    ``metadata["microdata_derived"]`` may list indicators for which ``k_microdata`` holds. Raises ``RefusedError``, and
    freezes nothing, when the audit can work out a hidden count.
    """
    cube, receipts = _read_cube(cube_path), _read_json(receipts_path)
    rows = cube.to_pylist()
    microdata = metadata.get("microdata_derived", ())
    protected = protect(rows, protection, receipts.get("indicators", {}), microdata, progress)
    tried_path = receipts_path.with_name(FILE)
    tried = guarded_tried(_read_json(tried_path) if tried_path.is_file() else {}, rows, protected.rows, protection)
    said = {**metadata, "protection": {**asdict(protection), **protected.statement, "microdata_derived": [*microdata]}}
    released = pa.Table.from_pylist(protected.rows, RELEASED)
    out_dir.mkdir(parents=True, exist_ok=True)
    part = out_dir / ".release.part"
    shutil.rmtree(part, ignore_errors=True)  # what an interrupted run left
    part.mkdir()
    try:
        pq.write_table(released, part / "cube.parquet", compression="zstd")
        pa_csv.write_csv(_for_people(released), part / "cube.csv")
        public_receipts, public_metadata = without_counts(receipts, said, released)
        write_json(part / "receipts.json", public_receipts)
        write_json(part / "metadata.json", public_metadata)
        write_json(part / FILE, tried)
        audit = audit_release(part)
        if not audit.ok:
            raise RefusedError(_refusal(audit))
        return _freeze(part, out_dir, protection, audit, (protected.primary, protected.secondary))
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _freeze(part: Path, out_dir: Path, protection: Protection, audit: Audit, hidden: tuple[int, int]) -> ReleaseResult:
    files = {name: file_sha256(part / name) for name in CONTENT}
    release_id = _id_of(files)
    manifest = {
        "format": FORMAT,
        "id": release_id,
        "files": files,
        "code_version": code_version(),
        "protection": asdict(protection),
        "audit": {"ok": audit.ok, "hidden": audit.hidden, "checked": audit.checked},
    }
    write_json(part / MANIFEST, manifest)
    final = out_dir / release_id
    if final.exists():
        load_release(final)  # the same content is there already: it must be whole
    else:
        part.rename(final)
    return ReleaseResult(release_id, final, audit.cells, *hidden, audit)


def load_release(folder: Path) -> LoadedRelease:
    """Read a release. Raises ``PalermoError`` naming the file that was changed, is missing or was added."""
    manifest = _read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or set(manifest["files"]) != set(CONTENT):
        raise PalermoError(f"{folder / MANIFEST}: not a manifest of a release; expected format {FORMAT}")
    for name, expected in manifest["files"].items():
        if not (folder / name).is_file():
            raise PalermoError(f"{folder / name}: missing from the release; copy the whole folder again")
        if file_sha256(folder / name) != expected:
            raise PalermoError(f"{folder / name}: changed after the release was frozen; its hash is not the manifest's")
    added = sorted({file.name for file in folder.iterdir()} - {*CONTENT, MANIFEST})
    if added:
        raise PalermoError(f"{folder / added[0]}: not part of the release; a release holds {len(CONTENT) + 1} files")
    if manifest["id"] != _id_of(manifest["files"]):
        raise PalermoError(f"{folder / MANIFEST}: changed after the release was frozen; its id does not fit its files")
    cube = pq.read_table(folder / "cube.parquet").select(RELEASED.names)
    receipts, metadata, estimates = (_read_json(folder / name) for name in ("receipts.json", "metadata.json", FILE))
    return LoadedRelease(manifest["id"], cube, receipts, metadata, estimates)


def _id_of(files: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _read_cube(path: Path) -> pa.Table:
    if not path.is_file():
        raise UsageError(f"{path}: no cube here; make the account first with `palermo account`")
    cube = pq.read_table(path)
    missing = [name for name in CUBE.names if name not in cube.column_names]
    if missing:
        raise UsageError(f"{path}: not a cube: the columns {', '.join(missing)} are missing")
    return cube.select(CUBE.names)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PalermoError(f"{path}: missing; expected it beside the cube or in the release folder") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise PalermoError(f"{path}: not valid JSON: {error}") from None


def _for_people(cube: pa.Table) -> pa.Table:
    """The table for CSV: a text that a spreadsheet would run as a formula gets a quote before it."""
    columns = {}
    for name in cube.column_names:
        values = cube[name].to_pylist()
        if pa.types.is_string(cube.schema.field(name).type):
            values = [f"'{text}" if text and text.startswith(_FORMULA) else text for text in values]
        columns[name] = pa.array(values, cube.schema.field(name).type)
    return pa.table(columns)


def _refusal(audit: Audit) -> str:
    shown = "; ".join(finding.words for finding in audit.findings[:5])
    more = f" and {len(audit.findings) - 5} more" if len(audit.findings) > 5 else ""
    return f"not released: the audit could work out hidden counts. {shown}{more}. Nothing was written"
