"""The releases that the site shows, oldest first: those approved, and those withdrawn as a notice without figures.

The decision a reader would question: a draft or candidate is shown only where the office asks for it, and then every
page says so. A folder that was altered stops the site: it shows nothing rather than figures that nobody released.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from palermo.errors import UsageError
from palermo.release.folder import MANIFEST, read_json
from palermo.release.ledger import FILE as LEDGER
from palermo.release.ledger import Ledger
from palermo.report.opening import open_release
from palermo.report.reading import Release

APPROVED, WITHDRAWN = "approved", "withdrawn"
ACCOUNT = "palermo-release-1"


@dataclass(frozen=True)
class Shelf:
    """Releases of accounts, oldest first, and the folder of each by its id."""

    releases: tuple[Release, ...]
    folders: Mapping[str, Path]

    @cached_property
    def by_id(self) -> dict[str, Release]:
        """Every release by its id."""
        return {release.id: release for release in self.releases}

    @property
    def shown(self) -> tuple[Release, ...]:
        """The releases whose figures may be read, oldest first."""
        return tuple(one for one in self.releases if one.status != WITHDRAWN)

    @property
    def latest(self) -> Release:
        """The release that pages show where they name none."""
        return self.shown[-1]

    def before(self, release: Release) -> Release | None:
        """The release that stood before this one and may still be read."""
        earlier = self.shown[: self._place(release)]
        return earlier[-1] if earlier else None

    def _place(self, release: Release) -> int:
        ids = [one.id for one in self.shown]
        return ids.index(release.id) if release.id in ids else len(ids)


def open_shelf(places: Iterable[Path], drafts: bool = False) -> Shelf:
    """The shelf of these folders, each a release, a folder of releases or a workspace.

    Raises ``UsageError`` where there is none that may be shown, ``PalermoError`` where one was altered.
    """
    folders = list(dict.fromkeys(folder for place in places for folder in _folders(place)))
    opened = [open_release(folder) for folder in folders]
    found = {release.id: folder for release, folder in zip(opened, folders, strict=True)}
    wanted = {APPROVED, WITHDRAWN} | ({"draft", "candidate"} if drafts else set())
    kept = tuple(release for release in opened if release.status in wanted)
    if not any(release.status != WITHDRAWN for release in kept):
        waiting = f"; {len(opened)} are drafts or not yet approved (to look at them in the office: --drafts)"
        raise UsageError(
            f"{', '.join(map(str, places)) or 'no folder'}: found no approved release to show"
            + (waiting if opened else "; expected a release, a folder of releases or a workspace")
        )
    return Shelf(kept, found)


def _folders(place: Path) -> list[Path]:
    """The release folders at a place in the order of its ledger; without one, corrections after what they correct."""
    if (place / MANIFEST).is_file():
        return [place]
    home = place / "releases" if (place / "releases").is_dir() else place
    manifests = {file.parent: read_json(file) for file in sorted(home.glob(f"*/{MANIFEST}"))}
    accounts = {folder: manifest for folder, manifest in manifests.items() if manifest.get("format") == ACCOUNT}
    order = list(Ledger(home).listed()) if (home / LEDGER).is_file() else []
    return sorted(accounts, key=lambda folder: _rank(folder, accounts, order))


def _rank(folder: Path, accounts: dict[Path, dict[str, object]], order: list[str]) -> tuple[int, int, str]:
    known = order.index(folder.name) if folder.name in order else -1
    corrections, replaced = 0, accounts[folder].get("replaces")
    by_id = {manifest["id"]: manifest for manifest in accounts.values()}
    while replaced in by_id and corrections <= len(by_id):
        corrections, replaced = corrections + 1, by_id[replaced].get("replaces")
    return known, corrections, folder.name
