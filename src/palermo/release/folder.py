"""A release folder: what it holds, the hash it is named by, and how it is read back.

The decision a reader would question: names and standing are in the manifest alone and not part of the id, so that the
same figures are the same release whoever makes it; the ledger seals the manifest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import PalermoError
from palermo.provenance import file_sha256
from palermo.release.schema import ESTIMATES, RELEASED

CONTENT = ("cube.csv", "cube.parquet", ESTIMATES, "metadata.json", "receipts.json")
MANIFEST = "manifest.json"
FORMAT = "palermo-release-1"
DRAFT, CANDIDATE = "draft", "candidate"  # for the office alone; made by somebody, not yet approved
STANDING = ("status", "made_by", "approved_by", "withdrawn_by", "reason", "withdrawn_for", "replaces")


@dataclass(frozen=True)
class LoadedRelease:
    """A release as read back, after its files were found unchanged."""

    id: str
    cube: pa.Table
    receipts: dict[str, Any]
    metadata: dict[str, Any]
    estimates: dict[str, Any]  # what stands around the estimate of everyone (``release.tried``)
    standing: dict[str, Any]  # status, who made and who approved it, what it replaces and why


def load_release(folder: Path) -> LoadedRelease:
    """Read a release. Raises ``PalermoError`` naming the file that was changed, is missing or was added."""
    manifest = check_files(folder)
    if manifest["format"] != FORMAT or set(manifest["files"]) != set(CONTENT):
        raise PalermoError(f"{folder / MANIFEST}: not a manifest of a release; expected format {FORMAT}")
    cube = pq.read_table(folder / "cube.parquet").select(RELEASED.names)
    receipts, metadata, estimates = (read_json(folder / name) for name in ("receipts.json", "metadata.json", ESTIMATES))
    standing = {name: manifest.get(name) for name in STANDING} | {"status": manifest.get("status", DRAFT)}
    return LoadedRelease(manifest["id"], cube, receipts, metadata, estimates, standing)


def check_files(folder: Path) -> dict[str, Any]:
    """The manifest of a frozen folder of any kind, once its files were found to be those that it names."""
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    whole = isinstance(manifest, dict) and {"format", "id", "files"} <= set(manifest)
    if not whole or not isinstance(manifest["files"], dict):
        raise PalermoError(f"{folder / MANIFEST}: not a manifest of a release; expected format {FORMAT}")
    for name, expected in manifest["files"].items():
        if not (folder / name).is_file():
            raise PalermoError(f"{folder / name}: missing from the release; copy the whole folder again")
        if file_sha256(folder / name) != expected:
            raise PalermoError(f"{folder / name}: changed after the release was frozen; its hash is not the manifest's")
    added = sorted({file.name for file in folder.iterdir()} - {*manifest["files"], MANIFEST})
    if added:
        raise PalermoError(
            f"{folder / added[0]}: not part of the release; a release holds {len(manifest['files']) + 1} files"
        )
    if manifest["id"] != id_of(manifest["files"]):
        raise PalermoError(f"{folder / MANIFEST}: changed after the release was frozen; its id does not fit its files")
    return manifest


def id_of(files: Mapping[str, str]) -> str:
    """The name of a release: a hash over the names and hashes of what it holds."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def read_json(path: Path) -> Any:
    """A JSON document. Raises ``PalermoError`` where it is missing or faulty."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PalermoError(f"{path}: missing; expected it beside the cube or in the release folder") from None
    except (ValueError, RecursionError) as error:
        raise PalermoError(f"{path}: not valid JSON: {error}") from None
