"""The files of a release with what every description says of them: bytes, hash, type, meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from palermo.language import _, marked
from palermo.provenance import file_sha256
from palermo.release.folder import CONTENT, MANIFEST, read_json

MEDIA: Mapping[str, str] = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}
ABOUT: Mapping[str, str] = {
    "cube.csv": marked("Every released number as a table that a spreadsheet opens"),
    "cube.parquet": marked("The same with declared types, for programs"),
    "estimates.json": marked("What stands around the estimate of those whom no list saw"),
    "metadata.json": marked("Area, years, lists, rules of counting and of protection"),
    "receipts.json": marked("The receipt of every number"),
    "manifest.json": marked("Hashes of all files, by which anyone can check that nothing was changed"),
}


@dataclass(frozen=True)
class HeldFile:
    """One file of a release."""

    name: str
    size: int
    sha256: str
    media_type: str
    about: str


def held_files(folder: Path) -> tuple[HeldFile, ...]:
    """Every file of a release folder, the manifest last. Hashes are those of the manifest, checked when it opened."""
    hashes = read_json(folder / MANIFEST)["files"]
    return tuple(_held(folder / name, hashes.get(name)) for name in (*CONTENT, MANIFEST))


def _held(path: Path, sha256: str | None) -> HeldFile:
    return HeldFile(
        path.name, path.stat().st_size, sha256 or file_sha256(path), MEDIA[path.suffix], _(ABOUT[path.name])
    )
