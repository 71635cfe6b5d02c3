"""All that a file holds: its bytes, what is packed in it, and the text of its columns.

Packed files are opened within each other up to a depth. The decision a reader would question: what cannot be opened (a
locked archive, more than the limit) is named as not searched, and not passed over.
"""

import bz2
import gzip
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

LIMIT = 1 << 31  # bytes taken out of one packed file
_DEPTH = 4
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
}


class CannotOpenError(Exception):
    """A packed file that cannot be opened whole."""


def contents(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file and of everything in it, each with the place where it stands.

    Raises ``CannotOpenError`` after all that could be read was given.
    """
    yield name, data
    if depth >= _DEPTH:
        return
    inside: Iterator[tuple[str, bytes]] = iter(())
    if data.startswith(b"PK"):
        inside = _zip(name, data)
    elif data.startswith(b"PAR1"):
        inside = _parquet(name, data)
    elif data.startswith(b"%PDF"):
        inside = _pdf(name, data)
    else:
        for magic, kind in _MAGIC.items():
            if data.startswith(magic):
                inside = iter([(f"{name} (unpacked)", _unpacked(name, data, kind))])
    for place, part in inside:
        yield from contents(place, part, depth + 1)


def _unpacked(name: str, data: bytes, kind: str) -> bytes:
    stream: Any
    try:
        if kind == "gzip":
            stream = gzip.GzipFile(fileobj=io.BytesIO(data))
        elif kind == "bz2":
            stream = bz2.BZ2File(io.BytesIO(data))
        elif kind == "xz":
            return lzma.LZMADecompressor().decompress(data, LIMIT)
        else:
            stream = pa.CompressedInputStream(pa.BufferReader(data), kind)
        found: bytes = stream.read(LIMIT)
    except (OSError, EOFError, lzma.LZMAError, zlib.error, pa.ArrowException) as error:
        raise CannotOpenError(f"{name}: cannot be unpacked: {error}") from None
    return found


def _zip(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"{name} (names in it)", "\n".join(archive.namelist()).encode() + archive.comment
            for one in archive.infolist():
                with archive.open(one) as stream:
                    yield f"{name}/{one.filename}", stream.read(LIMIT)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
        raise CannotOpenError(f"{name}: cannot be unpacked: {error}") from None


def _parquet(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise CannotOpenError(f"{name}: cannot be read as Parquet: {error}") from None
    said = table.schema.metadata or {}
    yield f"{name} (names of columns)", "\n".join(table.column_names).encode() + b"\n" + b"\n".join(said.values())
    for column in table.column_names:
        yield f"{name}, column {column}", _column(table.column(column))


def _column(column: pa.ChunkedArray) -> bytes:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    values = column.to_pylist()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return b"\n".join(value or b"" for value in values)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "\n".join(value or "" for value in values).encode()
    return json.dumps(values, default=str, ensure_ascii=False).encode()


def _pdf(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, found in enumerate(_PDF_STREAM.finditer(data), 1):
        try:
            yield f"{name}, stream {number}", zlib.decompress(found[1])
        except zlib.error:
            continue  # not packed in this way: its bytes were searched as they are
