"""Opening a release folder: the one place where the report touches the release stage beyond its table."""

from pathlib import Path

from palermo.release.folder import load_release
from palermo.release.schema import RELEASED
from palermo.report.reading import Release


def open_release(folder: Path) -> Release:
    """Read a release folder, checked against its manifest. Raises ``PalermoError`` where it was changed."""
    loaded = load_release(folder)
    metadata = {**loaded.metadata, "standing": loaded.standing}
    return Release(loaded.id, loaded.cube.select(RELEASED.names), loaded.receipts, metadata, loaded.estimates)
