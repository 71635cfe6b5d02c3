"""What a ledger tells: acts on releases, each sealed over itself and the one before, and what became of each release.

An entry is one JSON document. What it says of privacy loss is an exact fraction in words, so that sums are exact.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from palermo.errors import RefusedError
from palermo.release.privacy_loss import Loss

MADE, APPROVED, WITHDRAWN = "made", "approved", "withdrawn"
CHARGED, DRAWN = "charged", "drawn"  # noise that will be drawn, and the pack that came of it (in ``manifest``)
ACTIONS = (MADE, APPROVED, WITHDRAWN, CHARGED, DRAWN)
CHARGE = "charge"  # key in ``protection`` of a pack whose loss was charged before its noise was drawn
TABLES, SYNTHETIC, GROUPED = "tables", "synthetic", "k_anonymous"
BEGINNING = "0" * 64  # what the first entry holds as the hash of the one before


@dataclass(frozen=True)
class Entry:
    """One act on one release. ``rho`` is the privacy loss by source as an exact fraction, "0" without noise.

    ``failing`` is the delta that codes found in the data cost, by source, in the same way; left out where it is none.
    """

    action: str
    release: str
    by: str
    manifest: str  # hash of the manifest after this act
    kind: str = TABLES
    reason: str = ""
    replaces: str | None = None
    folder: str = ""  # where it lies, below the folder of releases
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # hashes of the files by source
    rho: Mapping[str, str] = field(default_factory=dict)
    failing: Mapping[str, str] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    protection: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    previous: str = BEGINNING
    hash: str = ""


@dataclass(frozen=True)
class Listed:
    """A release as the ledger tells of it: the entry that made it and what became of it."""

    made: Entry
    approved_by: str | None = None
    withdrawn: Entry | None = None
    manifest: str = ""

    @property
    def id(self) -> str:
        """The release's name."""
        return self.made.release

    @property
    def status(self) -> str:
        """``candidate``, ``approved`` or ``withdrawn``; of noise that became no release ``charged`` or ``drawn``."""
        if self.made.action == CHARGED:
            return DRAWN if self.manifest else CHARGED
        if self.withdrawn:
            return WITHDRAWN
        return APPROVED if self.approved_by else "candidate"

    @property
    def seen(self) -> bool:
        """Whether somebody outside may have it: all but those withdrawn before they were approved."""
        return self.approved_by is not None or self.withdrawn is None


def seal(entry: Entry) -> str:
    """The hash over everything in an entry but the hash itself."""
    return hashlib.sha256(_text({**written(entry), "hash": ""}).encode()).hexdigest()


def written(entry: Entry) -> dict[str, Any]:
    """An entry as it is written. Without ``failing`` it has no such key, as ledgers had none before it was counted."""
    document = asdict(entry)
    if not entry.failing:
        del document["failing"]
    return document


def spent(listed: Mapping[str, Listed]) -> dict[str, dict[str, Loss]]:
    """Privacy loss by source, and within it by release, of every release made: exact. Withdrawn ones count as well.

    Noise that was drawn cannot be taken back, and nobody can know who saw a candidate.
    """
    found: dict[str, dict[str, Loss]] = {}
    for name, release in listed.items():
        for source, loss in losses_of(release).items():
            if loss:
                found.setdefault(source, {})[name] = loss
    return found


def losses_of(release: Listed) -> dict[str, Loss]:
    """Privacy loss of one release by source."""
    failing = release.made.failing
    return {source: Loss(Fraction(rho), Fraction(failing.get(source, "0"))) for source, rho in release.made.rho.items()}


def fields_of(entry: Entry) -> dict[str, Any]:
    """The fields of an entry as they are, to make another of them."""
    return {name: getattr(entry, name) for name in Entry.__dataclass_fields__}


def line_of(entry: Entry) -> str:
    """An entry as its line in the ledger, without the end of line."""
    return _text(written(entry))


def _text(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def entry_of(path: Path, number: int, line: bytes) -> Entry:
    """The entry of line ``number``, whose hash is not looked at. Raises ``RefusedError`` where it is none."""
    try:
        raw = json.loads(line.decode("utf-8"))
        raw["sources"] = {name: tuple(hashes) for name, hashes in raw["sources"].items()}
        raw.update({name: tuple(raw[name]) for name in ("areas", "periods")})
        entry = Entry(**raw)
        seal(entry)  # half a letter can be read, but not written
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise RefusedError(
            f"{path}: entry {number} was altered: it cannot be read. Bring the ledger back from a copy"
        ) from None
    if entry.action not in ACTIONS:
        raise RefusedError(f"{path}: entry {number} was altered: {entry.action!r} is no act on a release")
    return entry
