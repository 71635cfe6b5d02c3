"""The file that leaves an organisation: pseudonymous ids and encodings, sealed against damage and mix-ups.

It holds no name, date, record number or row order: rows stand in the order of their ids, which are random. The decision
a reader would question: no mask of missing fields goes with the bits. It would tell which records lack a name. What a
score with such a mask would gain was not measured.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import RefusedError, UsageError
from palermo.linkage.encoding.encode import Bytes
from palermo.linkage.encoding.own_file import write_table
from palermo.linkage.encoding.parameters import Parameters, parse_parameters

VERSION = 1
ID_BYTES = 16
HEAD = b"palermo.encodings"
_COLUMNS = ("id", "bits")
_SEND_AGAIN = "Ask the organisation to send it again."
TOLD = 0.001  # share of ids that may look like text by chance
FEW_BYTES = 8  # different bytes in an id of 16; random ids have 15 or 16, and below 8 about never


@dataclass(frozen=True)
class Head:
    """What the file says of itself. Nothing of it is secret."""

    list: str
    project: str
    key_id: str
    parameters: str  # the whole parameter file
    parameter_hash: str
    records: int
    sha256: str  # of ids and bits in the order of the file
    version: int = VERSION


@dataclass(frozen=True)
class Encodings:
    """One list as the linkage unit sees it; ``bits`` has one row of bytes per id."""

    head: Head
    ids: list[str]
    bits: Bytes
    path: Path

    @property
    def parameters(self) -> Parameters:
        """The parameters the list was encoded with."""
        return parse_parameters(self.head.parameters, str(self.path))


def write_encodings(head: Head, ids: Bytes, bits: Bytes, out: Path) -> Head:
    """Write the file, whole or not at all; returns the head with count and SHA-256 filled in."""
    halves = np.ascontiguousarray(ids).view(">u8")  # bytes compare as big-endian numbers do
    order = np.lexsort((halves[:, 1], halves[:, 0]))
    ids, bits = np.ascontiguousarray(ids[order]), np.ascontiguousarray(bits[order])
    sealed = Head(**{**asdict(head), "records": len(ids), "sha256": _sha256(ids, bits)})
    table = pa.table({"id": _column(ids), "bits": _column(bits)})
    table = table.replace_schema_metadata({HEAD: json.dumps(asdict(sealed), sort_keys=True).encode()})
    write_table(out, table)
    return sealed


def read_encodings(path: Path) -> Encodings:
    """Read and check one file; refused where it is cut short, changed or not such a file."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file of encodings.")
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise RefusedError(
            f"{path}: not a whole file of encodings (Parquet expected); it was cut short or damaged on the way. "
            "Ask the organisation to send it again."
        ) from error
    head = _head(path, table)
    ids, bits = _matrix(table["id"], ID_BYTES), _matrix(table["bits"], table.schema.field("bits").type.byte_width)
    if len(ids) != head.records or _sha256(ids, bits) != head.sha256:
        raise RefusedError(
            f"{path}: holds {len(ids)} records that do not match its own SHA-256 (made for {head.records} records); it "
            "was changed after it was made. Ask the organisation to send it again."
        )
    _refuse_told_ids(path, ids)
    made = Encodings(head, [bytes(row).hex() for row in ids], bits, path)
    if made.parameters.hash != head.parameter_hash or bits.shape[1] * 8 != made.parameters.bits:
        raise RefusedError(f"{path}: its parameters do not fit its parameter hash or the length of its bits.")
    return made


def refuse_mixed(files: list[Encodings]) -> None:
    """Refuse files whose bits mean different things, or one list given twice."""
    first = files[0]
    for other in files[1:]:
        for what, mine, theirs in (
            ("project", first.head.project, other.head.project),
            ("key", first.head.key_id, other.head.key_id),
            ("parameters", first.head.parameter_hash[:16], other.head.parameter_hash[:16]),
        ):
            if mine != theirs:
                raise RefusedError(
                    f"{other.path}: made with another {what} ({theirs}) than {first.path} ({mine}); such encodings "
                    "cannot be compared. Every organisation must encode with the key and parameters of the project."
                )
    names = [one.head.list for one in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RefusedError(f"List {twice[0]!r} comes in two files. Give each list once, and each list its own name.")


def _head(path: Path, table: pa.Table) -> Head:
    """What the file says of itself."""
    metadata = table.schema.metadata or {}
    if HEAD not in metadata:
        raise RefusedError(f"{path}: not a file of encodings; make one with palermo encode.")
    try:
        found = json.loads(metadata[HEAD])
    except ValueError as error:
        raise RefusedError(f"{path}: what it says of itself is damaged. {_SEND_AGAIN}") from error
    if not isinstance(found, dict) or found.get("version") != VERSION:
        said = found.get("version") if isinstance(found, dict) else None
        raise RefusedError(f"{path}: encodings of version {said}; this Palermo reads version {VERSION}.")
    _refuse_more(path, table.schema)
    expected = {item.name: item.type for item in fields(Head)}
    if set(found) != set(expected) or any(type(found[name]) is not kind for name, kind in expected.items()):
        raise RefusedError(f"{path}: what it says of itself is damaged. {_SEND_AGAIN}")
    return Head(**found)


def _refuse_more(path: Path, schema: pa.Schema) -> None:
    """Refuse a file that holds anything but ids, bits and what it says of itself."""
    if schema.names != list(_COLUMNS) or set(schema.metadata) != {HEAD}:
        raise RefusedError(
            f"{path}: holds more or less than the columns {' and '.join(_COLUMNS)}. What was added may name persons: "
            "delete this file, and ask the organisation for the one that palermo encode wrote."
        )
    if schema.field("id").type != pa.binary(ID_BYTES) or not pa.types.is_fixed_size_binary(schema.field("bits").type):
        raise RefusedError(f"{path}: its ids or bits are not of the kind that palermo encode writes. {_SEND_AGAIN}")


def _refuse_told_ids(path: Path, ids: Bytes) -> None:
    """Refuse ids that tell something: twice the same, written text, or numbers filled up with one byte.

    Of random ids one in some millions looks like that; a few are let pass in large files.
    """
    if len(np.unique(ids, axis=0)) != len(ids):
        raise RefusedError(f"{path}: an id comes more than once; each record needs its own. {_SEND_AGAIN}")
    told = sum(_tells(bytes(row)) for row in ids)
    if told > TOLD * len(ids):
        raise RefusedError(
            f"{path}: {told} of {len(ids)} ids are text or counted numbers, not random; they may be names or record "
            "numbers. Delete this file. Its owner must encode again with palermo encode, which draws ids at random."
        )


def _tells(made: bytes) -> bool:
    if len(set(made)) < FEW_BYTES:
        return True
    try:
        return made.rstrip(b"\0").decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def _column(rows: Bytes) -> pa.Array:
    width = rows.shape[1]
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(rows), [None, pa.py_buffer(rows.tobytes())])


def _matrix(column: pa.ChunkedArray, width: int) -> Bytes:
    parts = [
        np.frombuffer(chunk.buffers()[1], np.uint8)[chunk.offset * width : (chunk.offset + len(chunk)) * width]
        for chunk in column.chunks
        if len(chunk)
    ]
    return np.concatenate(parts).reshape(-1, width) if parts else np.zeros((0, width), np.uint8)


def _sha256(ids: Bytes, bits: Bytes) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(ids).tobytes())
    digest.update(np.ascontiguousarray(bits).tobytes())
    return digest.hexdigest()
