"""What an organisation does at home: its records in, a file of encodings to send and a map of ids to keep.

The decision a reader would question: ids are drawn at random, not computed from record numbers, so that no other owner
of the key can compute them. The map is written beside the encodings, stays at home and gives the same record the same
id next time.
"""

import csv
import io
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import RefusedError, UsageError
from palermo.intake.schema import IDENTITIES
from palermo.linkage.encoding.encode import Bytes, Encoder, batches
from palermo.linkage.encoding.file import ID_BYTES, Head, write_encodings
from palermo.linkage.encoding.keys import Key
from palermo.linkage.encoding.own_file import refuse_if_shared, write_whole
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.prepare import prepare_table
from palermo.linkage.schema import PREPARED
from palermo.progress import Progress

Mapping = Callable[[Path], pa.Table]  # reads a file as IDENTITIES


@dataclass(frozen=True)
class Encoded:
    """``path`` may be sent; ``ids`` must stay at home. ``empty``: records with neither name nor date of birth."""

    path: Path
    ids: Path
    list: str
    records: int
    empty: int
    key_id: str
    parameter_hash: str
    sha256: str


def encode_file(
    path: Path, mapping: Mapping | None, key: Key, parameters: Parameters, out: Path, progress: Progress = None
) -> Encoded:
    """Encode one list.

    ``path`` is a Parquet file of IDENTITIES or PREPARED, or any file that ``mapping`` turns into IDENTITIES. Refused
    where it holds several lists (each organisation encodes its own) or where a record number comes twice.
    """
    prepared = _prepared(path, mapping)
    name = _one_list(path, prepared)
    ids_path = out.with_name(f"{out.stem}.ids.csv")
    ids = _ids(path, prepared["record_id"].to_pylist(), ids_path)
    encoder = Encoder(key, parameters)
    bits, done = [np.zeros((0, parameters.bits // 8), np.uint8)], 0
    for batch in batches(prepared):
        bits.append(encoder.encode(batch, [bytes(row) for row in ids[done : done + batch.num_rows]]))
        done += batch.num_rows
        if progress:
            progress(done, prepared.num_rows, "records encoded")
    head = write_encodings(
        Head(name, key.project, key.id, parameters.text(), parameters.hash, 0, ""), ids, np.concatenate(bits), out
    )
    empty = int((~(_known(prepared, "tokens") | _known(prepared, "birth_from"))).sum())
    return Encoded(out, ids_path, name, head.records, empty, key.id, parameters.hash, head.sha256)


def read_ids(path: Path) -> dict[str, str]:
    """The map kept at home, from pseudonymous id to record number."""
    return {made: record for record, made in _read_ids(path).items()}


def _prepared(path: Path, mapping: Mapping | None) -> pa.Table:
    if mapping is not None:
        return prepare_table(mapping(path))
    if not path.is_file():
        raise UsageError(f"{path}: no such file.")
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UsageError(f"{path}: not a Parquet file of identities; give a mapping for other files.") from error
    if set(PREPARED.names) <= set(table.column_names):
        return table.select(PREPARED.names)
    if set(IDENTITIES.names) <= set(table.column_names):
        return prepare_table(table)
    raise UsageError(f"{path}: holds neither identities nor prepared records; make them with palermo intake.")


def _one_list(path: Path, prepared: pa.Table) -> str:
    names = prepared["list"].unique().to_pylist()
    if len(names) != 1:
        raise RefusedError(
            f"{path}: holds {len(names)} lists; expected one. Each organisation encodes its own list at home."
        )
    return str(names[0])


def _known(prepared: pa.Table, column: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    return np.asarray(prepared[column].is_valid().to_numpy(), bool)


def _ids(path: Path, records: list[str], kept: Path) -> Bytes:
    """An id for each record: the one in the map where it has one, else a new random one; the map is written again."""
    known = _read_ids(kept) if kept.exists() else {}
    if len(set(records)) != len(records):
        raise RefusedError(f"{path}: a record number comes more than once; each record needs its own.")
    for record in records:
        if record not in known:
            known[record] = secrets.token_bytes(ID_BYTES).hex()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("record_id", "id"))
    writer.writerows((_written(record), known[record]) for record in sorted(known))
    write_whole(kept, text.getvalue().encode())
    joined = b"".join(bytes.fromhex(known[record]) for record in records)
    return np.frombuffer(joined, np.uint8).reshape(-1, ID_BYTES)


def _written(record: str) -> str:
    """A record number as it is, or as JSON where a program that opens the file could take it for a formula."""
    plain = record.isprintable() and record[:1] not in ("", '"', "=", "+", "-", "@")
    return record if plain else json.dumps(record, ensure_ascii=False)


def _record(told: str) -> str:
    return str(json.loads(told)) if told[:1] == '"' else told


def _checked(made: str) -> str:
    if len(bytes.fromhex(made)) != ID_BYTES:
        raise ValueError("an id of another length")
    return made


def _read_ids(path: Path) -> dict[str, str]:
    refuse_if_shared(path, "map of ids")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    if not rows or rows[0] != ["record_id", "id"]:
        raise RefusedError(f"{path}: not a map of ids (columns record_id and id expected). Move it or restore it.")
    try:
        return {_record(told): _checked(made) for told, made in rows[1:]}
    except ValueError as error:
        raise RefusedError(f"{path}: the map of ids is damaged. Restore it from your copy.") from error
