"""The workspace: a folder governed by one ``palermo.toml``, which names area, years, lists, population and rules.

Everything Palermo writes lies under ``work/`` (confidential, between the stages), ``releases/`` (frozen, may leave the
office) and ``report/`` (made from a release alone). The user's own files are read, never changed.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from palermo.errors import UsageError
from palermo.settings import ENGINES, Settings
from palermo.settings_file import read_settings

FILE_NAME = "palermo.toml"


@dataclass(frozen=True)
class Workspace:
    """A folder with its settings and the places of what is written in it."""

    root: Path
    settings: Settings

    @property
    def work(self) -> Path:
        """Confidential tables between the stages."""
        return self.root / "work"

    @property
    def identities(self) -> Path:
        """Names and birth dates of the records, for the owner of the workspace alone."""
        return self.work / "identities"

    @property
    def releases(self) -> Path:
        """Frozen, protected folders, one per release."""
        return self.root / "releases"

    @property
    def sealed(self) -> Path:
        """Who is under seal, and the tables without them, for the owner of the workspace alone."""
        return self.work / "sealed"

    @property
    def released(self) -> Path:
        """True figures of the releases, for the owner of the workspace alone."""
        return self.work / "released"

    @property
    def report(self) -> Path:
        """The account as pages and data files, made from the latest release."""
        return self.root / "report"


def find_workspace(start: Path, engine: str | None = None) -> Workspace:
    """Open the workspace at ``start``; ``engine`` goes before the one that its settings name.

    Raises ``UsageError`` where there is no workspace or its settings are faulty.
    """
    root = start.resolve()
    file = root / FILE_NAME
    if not file.is_file():
        raise UsageError(
            f"{start}: no {FILE_NAME} here. Make a workspace with `palermo init DIR --area CODE --source FILE`, "
            "or name one with --workspace DIR"
        )
    if engine not in (None, *ENGINES):
        raise UsageError(f"--engine {engine}: expected one of {', '.join(ENGINES)}")
    settings = read_settings(file)
    return Workspace(root, settings if engine is None else replace(settings, engine=engine))
