"""Reading a delimited text file as UTF-8: which encoding, which delimiter, and a stream that never holds it whole.

A file that is valid as UTF-8 is UTF-8. Anything else must carry a byte order mark, have the plain pattern of UTF-16,
or be named by the user: a guess between two eight-bit encodings changes letters in names without anybody noticing.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from palermo.errors import PalermoError, UsageError

HEAD_BYTES = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
_GZIP = b"\x1f\x8b"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),  # Arrow skips this mark itself
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def head_bytes(path: Path, size: int = HEAD_BYTES) -> bytes:
    """The first bytes of the file, unpacked where it is gzipped. Raises ``PalermoError`` where it cannot be read."""
    try:
        with _open_binary(path) as stream:
            return stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: BaseException) -> PalermoError:
    """The error to raise where the operating system or gzip refuses to give the bytes."""
    if isinstance(error, FileNotFoundError):
        return UsageError(f"{path}: no such file")
    if isinstance(error, IsADirectoryError):
        return UsageError(f"{path}: a folder, not a file")
    if isinstance(error, PermissionError):
        return PalermoError(f"{path}: no permission to read it; ask its owner, or run as a user who may")
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return PalermoError(f"{path}: the gzip file is damaged or cut short ({error}); copy it again")
    return PalermoError(f"{path}: cannot be read: {error}")


def encoding_of(path: Path, head: bytes, named: str | None = None) -> str:
    """The encoding of the text that begins with ``head``: as named, or as the bytes show.

    Raises ``UsageError`` where no encoding has that name, or where the bytes are not UTF-8 and do not show what else.
    """
    if named is not None:
        try:
            return codecs.lookup(named).name
        except LookupError:
            raise UsageError(f"{path}: no encoding is called {named!r}; for example utf-8, cp1252, mac_roman") from None
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _utf16_without_mark(path, head)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        raise not_utf8(path, f"byte {error.start + 1}, value 0x{head[error.start]:02x}") from None
    return "utf-8"


def not_utf8(path: Path, where: str) -> UsageError:
    """The error for text that is not UTF-8 and does not say what it is."""
    return UsageError(
        f"{path}: {where}: not valid UTF-8, and the file does not say which encoding it is in. Name it: "
        'encoding = "cp1252" (Windows, western Europe), "cp1251" (Windows, Cyrillic), "cp1256" (Windows, Arabic), '
        '"mac_roman" (old Macintosh) or another, in the mapping or in palermo.toml'
    )


def _utf16_without_mark(path: Path, head: bytes) -> str:
    """UTF-16 of mostly Latin text has a zero in every second byte: the second of each pair in little-endian."""
    pairs = len(head) // 2
    zeros_first, zeros_second = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if zeros_second > 0.4 * pairs and zeros_first < 0.1 * pairs:
        return "utf-16-le"
    if zeros_first > 0.4 * pairs and zeros_second < 0.1 * pairs:
        return "utf-16-be"
    raise UsageError(
        f"{path}: byte {head.index(0) + 1} is zero, which no text in UTF-8 holds. Expected CSV, XLSX or Parquet; "
        'if it is text, name its encoding, for example encoding = "utf-16-le"'
    )


def decoded_head(path: Path, head: bytes, encoding: str) -> str:
    """The text of the first bytes; a letter cut by the end of ``head`` is left out."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(path, encoding, error) from None
    return text.removeprefix("\ufeff")


def _wrong_encoding(path: Path, encoding: str, error: UnicodeDecodeError) -> UsageError:
    return UsageError(f"{path}: not {encoding}: {error.reason} at byte {error.start + 1}; name another encoding")


def delimiter_of(text: str, header_row: int = 1) -> str:
    """The delimiter under which most rows from the header on have the same number of cells, and more than one."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row, _ in records(text, delimiter, header_row + 30)][header_row - 1 :]
        if not widths or widths[0] < 2:
            return 0.0, 0
        width, count = Counter(widths).most_common(1)[0]
        return (count / len(widths), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=score)


def records(text: str, delimiter: str, limit: int) -> Iterator[tuple[list[str], int]]:
    """Up to ``limit`` rows of the text, each with the number of lines read so far. An empty line is no row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    given = 0
    csv.field_size_limit(2 * HEAD_BYTES)
    try:
        for row in reader:
            if row:
                yield row, reader.line_num
                given += 1
            if given == limit:
                return
    except csv.Error:
        return  # Arrow, which reads the file in earnest, reports what is wrong and where


def _open_binary(path: Path) -> io.BufferedIOBase:
    stream = path.open("rb")
    if stream.peek(2)[:2] != _GZIP:
        return stream
    stream.close()  # a GzipFile around an open file would leave that file open
    return gzip.GzipFile(path)


class Utf8Stream(io.RawIOBase):
    """The bytes of a text file as UTF-8, in pieces. ``open_quote`` tells, at the end, that a cell was never closed."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._path = path
        self._stream = _open_binary(path)
        self._encoding = encoding
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()
        self._rest = b""
        self._quotes = 0
        self._before = b"\n"
        self._openers = (b"\n", b"\r", delimiter.encode(), b"\xbf")  # the last is the end of a byte order mark
        self._last_opens = False

    @property
    def open_quote(self) -> bool:
        """Whether the last quotation mark opened a cell that nothing closed."""
        return self._quotes % 2 == 1 and self._last_opens

    def readable(self) -> bool:
        """Whether bytes can be read: always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes of UTF-8, empty at the end. Raises ``UsageError`` where the encoding does not fit."""
        wanted = size if size > 0 else HEAD_BYTES
        if self._decoder is None:
            return self._note(self._bytes(wanted))
        while not self._rest:
            raw = self._bytes(wanted)
            try:
                text = self._decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                raise _wrong_encoding(self._path, self._encoding, error) from None
            self._rest = text.encode("utf-8", "surrogatepass")
            if not raw:
                break
        given, self._rest = self._rest[:wanted], self._rest[wanted:]
        return self._note(given)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._stream.close()
        super().close()

    def _bytes(self, wanted: int) -> bytes:
        try:
            return self._stream.read(wanted)
        except (OSError, EOFError, zlib.error) as error:
            raise unreadable(self._path, error) from None

    def _note(self, piece: bytes) -> bytes:
        count = piece.count(b'"')
        if count:
            last = piece.rindex(b'"')
            self._quotes += count
            self._last_opens = (piece[last - 1 : last] if last else self._before) in self._openers
        self._before = piece[-1:] or self._before
        return piece
