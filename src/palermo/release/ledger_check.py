"""``palermo ledger verify``: the chain of the ledger, and every release folder held against it."""

from collections.abc import Iterator
from pathlib import Path

from palermo.errors import PalermoError
from palermo.provenance import file_sha256
from palermo.release.confidential import has_print, true_rows
from palermo.release.folder import DRAFT, MANIFEST, check_files, load_release
from palermo.release.ledger import Ledger
from palermo.release.ledger_entry import CHARGED, TABLES, Listed


def verify(ledger: Ledger, head: str | None = None, store: Path | None = None) -> tuple[list[str], list[str]]:
    """Faults and notes. ``head`` is the last hash as noted elsewhere; later entries may follow it.

    ``store`` is the closed folder of true figures. Where they are missing everything published is still whole, which
    makes it a note; where they were altered it is a fault.
    """
    try:
        entries = ledger.entries()
    except PalermoError as error:
        return [str(error)], []
    listed = ledger.listed()
    faults = [fault for one in listed.values() for fault in _faults_of(ledger, one)]
    if head is not None and head not in {entry.hash for entry in entries}:
        faults.append(f"{ledger.path}: no entry has the hash {head}: the ledger was cut off or made anew")
    known = {ledger.folder(one) for one in listed.values() if one.made.action != CHARGED}
    notes: list[str] = []
    if store is not None and not faults:
        told = [_true_figures(ledger, store, one) for one in listed.values()]
        notes, faults = [note for some, _ in told for note in some], [fault for _, some in told for fault in some]
    folders = sorted(ledger.releases.iterdir()) if ledger.releases.is_dir() else []
    for folder in folders:
        if not folder.is_dir() or folder in known or folder.name.startswith("."):
            continue
        if _is_draft(folder):
            notes.append(f"{folder}: a draft for the office; not listed, must not be passed on")
        else:
            faults.append(f"{folder}: a release folder that the ledger does not list")
    return faults, notes


def _true_figures(ledger: Ledger, store: Path, listed: Listed) -> tuple[list[str], list[str]]:
    """What is to be said of the true figures of a release that later ones are compared with: notes and faults."""
    if listed.made.kind != TABLES or not listed.seen:
        return [], []
    path = store / f"{listed.id}.parquet"
    if not path.is_file():
        lost = f"{path}: missing. Without the true figures of release {listed.id} no new one can be made: bring it back"
        return [f"{lost} from a copy"], []
    try:
        true_rows(store, listed.id, load_release(ledger.folder(listed)).cube.to_pylist())
    except PalermoError as error:
        return [], [str(error)]
    unsure = f"{path}: without a hash, as an older version wrote it or another program; a hidden figure may be another"
    return [] if has_print(path) else [unsure], []


def _faults_of(ledger: Ledger, listed: Listed) -> Iterator[str]:
    if listed.made.action == CHARGED:
        return  # noise that was drawn lies where its maker put it
    folder = ledger.folder(listed)
    if not folder.is_dir():
        yield f"{folder}: release {listed.id} is listed, but its folder is missing"
        return
    try:
        _read(folder, listed.made.kind)
    except PalermoError as error:
        yield f"release {listed.id} was altered: {error}"
        return
    if file_sha256(folder / MANIFEST) != listed.manifest:
        yield f"{folder / MANIFEST}: altered: not as the ledger has it"


def _read(folder: Path, kind: str) -> None:
    if kind == TABLES:
        load_release(folder)
    else:
        check_files(folder)


def _is_draft(folder: Path) -> bool:
    try:
        manifest = check_files(folder)
    except PalermoError:
        return False
    return bool(manifest["id"] == folder.name and manifest.get("status", DRAFT) == DRAFT)
