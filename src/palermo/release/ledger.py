"""The ledger: every release of a workspace in the order made, each entry sealed over itself and the one before.

It is one JSON document a line, only ever added to. An entry altered, left out or put elsewhere breaks the chain at a
place that can be named. The last hash is also kept in the closed folder, so that lines cut off at the end are missed.
The decision a reader would question: entries hold no date, as nothing that Palermo writes does; their order is what
counts here, and the office that wants a date gives it in the reason.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from palermo.errors import PalermoError, RefusedError
from palermo.provenance import file_sha256
from palermo.release.folder import MANIFEST
from palermo.release.ledger_entry import (
    APPROVED,
    BEGINNING,
    CHARGE,
    CHARGED,
    DRAWN,
    MADE,
    Entry,
    Listed,
    entry_of,
    fields_of,
    line_of,
    seal,
)

FILE = "ledger.jsonl"


class Ledger:
    """The ledger of one folder of releases; ``anchor`` is the file that keeps the last hash apart."""

    def __init__(self, releases: Path, anchor: Path | None = None) -> None:
        self.releases = releases
        self.path = releases / FILE
        self._anchor = anchor

    def entries(self) -> tuple[Entry, ...]:
        """All entries. Raises ``RefusedError`` naming the first one that was altered, moved or cut off."""
        found = self._read(self.path)
        self._compare_with_anchor(found[-1].hash if found else BEGINNING, len(found))
        return found

    def _read(self, path: Path) -> tuple[Entry, ...]:
        """The entries of a file, each held against the one before."""
        lines = path.read_bytes().removesuffix(b"\n").split(b"\n") if path.is_file() else []
        lines = [] if lines == [b""] else lines
        found = [entry_of(path, number, line) for number, line in enumerate(lines, 1)]
        last = BEGINNING
        for number, entry in enumerate(found, 1):
            if entry.number != number or entry.previous != last or entry.hash != seal(entry):
                raise RefusedError(
                    f"{path}: entry {number} was altered, or the one before it is missing: its hash does not fit. "
                    "Bring the ledger back from a copy"
                )
            last = entry.hash
        return tuple(found)

    def _compare_with_anchor(self, last: str, count: int) -> None:
        if self._anchor is None or not self._anchor.is_file():
            return
        kept = _last_hash(self._anchor)
        if kept is None or kept == last or _last_hash(_part_of(self._anchor)) == last:
            return  # a process that was killed may have left the copy a step behind
        raise RefusedError(
            f"{self.path}: ends after entry {count}, but its last hash was {kept} ({self._anchor}). Entries "
            "are missing at the end, or the ledger is another one. Bring it back from a copy"
        )

    def head(self) -> str:
        """The hash of the last entry."""
        found = self.entries()
        return found[-1].hash if found else BEGINNING

    def listed(self) -> dict[str, Listed]:
        """Every release by its name, in the order made, and every charge for noise that became none."""
        found: dict[str, Listed] = {}
        for entry in self.entries():
            known = found.get(entry.release)
            if entry.action in {MADE, CHARGED}:
                found[entry.release] = Listed(entry, manifest=entry.manifest)
                found.pop(str(entry.protection.get(CHARGE)), None)  # the release bears the loss from now on
            elif known is not None and entry.action == DRAWN:
                found[entry.release] = Listed(known.made, manifest=entry.manifest)
            elif known is not None and entry.action == APPROVED:
                found[entry.release] = Listed(known.made, entry.by, known.withdrawn, entry.manifest)
            elif known is not None:
                found[entry.release] = Listed(known.made, known.approved_by, entry, entry.manifest)
        return found

    def release(self, name: str) -> Listed:
        """The release of that name, or of the only one whose name begins so. Raises ``PalermoError``."""
        listed = self.listed()
        fitting = [one for one in listed if one.startswith(name)] if name else []
        if len(fitting) != 1:
            known = ", ".join(listed) or "none"
            found = "several releases begin so" if fitting else "no such release"
            raise PalermoError(f"{self.path}: {name}: {found}; listed are {known}")
        return listed[fitting[0]]

    def folder(self, listed: Listed) -> Path:
        """Where a release lies."""
        return self.releases / (listed.made.folder or listed.id)

    def prepare(self, entry: Entry) -> "Pending":
        """Write the ledger with one entry more beside the old one; it takes its place with ``Pending.done``."""
        before = self.entries()
        last = before[-1].hash if before else BEGINNING
        numbered = Entry(**{**fields_of(entry), "number": len(before) + 1, "previous": last, "hash": ""})
        sealed = Entry(**{**fields_of(numbered), "hash": seal(numbered)})
        text = "".join(f"{line_of(one)}\n" for one in (*before, sealed))
        self.releases.mkdir(parents=True, exist_ok=True)
        pending = Pending(self.path, self._anchor, sealed)
        try:
            _write_through(pending.part, text)
            if self._anchor is not None and pending.anchor_part is not None:
                self._anchor.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _write_through(pending.anchor_part, f"{sealed.number} {sealed.hash}\n")
        except OSError:
            pending.drop()
            raise
        return pending

    def finish(self) -> None:
        """End what a process left half-done that was killed; to be called by the only one that writes.

        An entry that was written whole and whose release is in place is let in: all that was missing is its rename.
        Any other is forgotten, as if the act had never begun.
        """
        if self._anchor is None:
            return
        for marked in self.releases.glob(f".*.{MANIFEST}*"):  # and what a manifest was half-written as
            marked.unlink()
        part, anchor_part = _part_of(self.path), _part_of(self._anchor)
        if part.is_file():
            entry = self._waiting(part)
            if entry is None:
                anchor_part.unlink(missing_ok=True)
                part.unlink()
                return
            part.replace(self.path)
        if _last_hash(anchor_part) is not None:
            anchor_part.replace(self._anchor)

    def _waiting(self, part: Path) -> Entry | None:
        """The entry that a half-done act has prepared, where its manifest is in place already."""
        try:
            found = Ledger(self.releases)._read(part)
        except PalermoError:
            return None
        if found[:-1] != self.entries() or not found[-1].manifest:
            return None
        last = found[-1]
        manifest = self.releases / (last.folder or last.release) / MANIFEST
        return last if manifest.is_file() and file_sha256(manifest) == last.manifest else None

    def append(self, entry: Entry) -> Entry:
        """Add one entry. Returns it as sealed."""
        return self.prepare(entry).done()


@dataclass(frozen=True)
class Pending:
    """A ledger with one entry more, written whole but not yet in place."""

    path: Path
    anchor: Path | None
    entry: Entry

    @property
    def part(self) -> Path:
        """The new ledger, not yet in place."""
        return _part_of(self.path)

    @property
    def anchor_part(self) -> Path | None:
        """The new copy of the last hash, not yet in place."""
        return None if self.anchor is None else _part_of(self.anchor)

    def done(self) -> Entry:
        """Put both in the place of the old ones; this needs no more room on the disk."""
        self.part.replace(self.path)
        if self.anchor is not None and self.anchor_part is not None:
            self.anchor_part.replace(self.anchor)
        return self.entry

    def drop(self) -> None:
        """Forget it."""
        for part in (self.part, self.anchor_part):
            if part is not None:
                part.unlink(missing_ok=True)


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _last_hash(path: Path) -> str | None:
    words = path.read_text(encoding="utf-8", errors="replace").split() if path.is_file() else []
    return words[-1] if words else None


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time make or judge releases of a workspace. Raises ``RefusedError`` where another does.

    The lock is a transaction of SQLite: it works on every system and ends with the process that holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    connection = None
    try:
        try:
            connection = sqlite3.connect(lock, timeout=0.2, isolation_level=None)
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY":
                raise PalermoError(f"{lock}: cannot be opened ({error}); see who may write in {lock.parent}") from None
            raise RefusedError(
                f"{lock}: another process is making or approving a release of this workspace. Two at once could give "
                "away together what neither gives away alone. Wait until it is done, then try again"
            ) from None
        yield
    finally:
        if connection is not None:
            connection.close()


def _write_through(path: Path, text: str) -> None:
    """Write and force to the disk, so that what is announced is kept."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
