"""The whole data package as one ZIP file, made while it is sent: no file of it ever sits whole in memory.

The decision a reader would question: entries carry the first moment that the format knows (1980), because a release
holds no date and the same release must give the same bytes.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from palermo.language import _
from palermo.release.folder import CONTENT, MANIFEST
from palermo.report.packages.csvw import csvw_metadata
from palermo.report.packages.datapackage import CUBE, data_package, notice
from palermo.report.packages.terms import terms
from palermo.report.page.render import title_of
from palermo.report.reading import Release

PIECE = 1 << 18
LEVEL = 6
START = (1980, 1, 1, 0, 0, 0)
_LARGE = 1 << 31  # bytes from which an entry needs the longer form of its head


class _Outbox:
    """What was written and not yet sent on. It cannot be read or wound back, and ``zipfile`` does not need that."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits below."""

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        together, self._pieces = b"".join(self._pieces), []
        return together


def package_zip(release: Release, folder: Path) -> Iterator[bytes]:
    """The bytes of the archive, piece by piece. Texts are made at once, in the language spoken now."""
    texts = {
        "README.txt": _readme(release),
        "datapackage.json": written(data_package(release, folder)),
        f"{CUBE}-metadata.json": written(csvw_metadata(release, CUBE)),
    }
    return _pieces(texts, [folder / name for name in (*CONTENT, MANIFEST)])


def _pieces(texts: dict[str, str], files: list[Path]) -> Iterator[bytes]:
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w") as archive:  # type: ignore[call-overload]  # write and flush are all it needs
        for name, text in texts.items():
            archive.writestr(_entry(name), text, compresslevel=LEVEL)
        for file in files:
            large = file.stat().st_size >= _LARGE
            with file.open("rb") as source, archive.open(_entry(file.name), "w", force_zip64=large) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield outbox.taken()
    yield outbox.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, START)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def written(document: Any) -> str:
    """A description as it is written to a file."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _readme(release: Release) -> str:
    told = terms(release)
    lines = [
        title_of(release),
        "",
        notice(release),
        "",
        _("Cite as: {citation}", citation=told.citation),
        told.licence_text,
        "",
        _("Files, columns and hashes are described in {file}.", file="datapackage.json"),
    ]
    return "\n".join(lines) + "\n"
