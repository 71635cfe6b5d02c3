"""A Word document as bytes that do not change: parts in one order, no time of the clock in the archive."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as WordDocument

FIRST = "[Content_Types].xml"
FIXED_TIME = (2000, 1, 1, 0, 0, 0)


def zipped(document: WordDocument) -> bytes:
    """The document, the same bytes for the same content."""
    held = BytesIO()
    document.save(held)
    made = BytesIO()
    with ZipFile(held) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda one: (one != FIRST, one)):
            part = ZipInfo(name, FIXED_TIME)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            target.writestr(part, source.read(name))
    return made.getvalue()
