"""Prepared records become encodings: 1,024 bits each, from all fields, under a key the linkage unit never sees.

Each value of a field sets bits whose positions are drawn by HMAC-SHA256 with that field's own key (random hashing, not
double hashing, which Bloom filters of names must avoid: Niedermeyer and others 2014). The decision a reader would
question: given and family names share one key and one set of letter pairs, so that names written in the other order set
the same bits.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from palermo.errors import UsageError
from palermo.linkage.encoding.keys import Key
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.prepare import VERSION

Words = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
BATCH = 65_536
MOST_KEPT = 2_000_000  # values whose bits are kept in memory: some 500 MB at most
_PER_DIGEST = 16  # 32 bytes of a digest are 16 positions


class Encoder:
    """Encodes batches of prepared records under one key; positions are kept, so that each value is hashed once."""

    def __init__(self, key: Key, parameters: Parameters) -> None:
        if parameters.normalisation != VERSION:
            raise UsageError(
                f"encoding parameters for rules of preparing {parameters.normalisation}; this Palermo has {VERSION}, "
                "so the same name would be encoded otherwise. Every organisation needs the same version of Palermo."
            )
        self.key = key
        self.parameters = parameters
        self._keys = {name: key.derive(f"field {name}") for name in parameters.hashes}
        self._kept: dict[tuple[str, str], Bytes] = {}
        self._pairs: dict[tuple[str, str], npt.NDArray[np.uint16]] = {}

    def encode(self, batch: pa.Table, ids: list[bytes]) -> Bytes:
        """One row of ``bits / 8`` bytes per record; ``ids`` seed the random flips, where there are any."""
        filters = np.zeros((batch.num_rows, self.parameters.filter_bits // 8), np.uint8)
        for column, fields in _FIELDS.items():
            values, starts = _VALUES[column](batch)
            if len(values):
                _set_bits(filters, self._rows(values, fields), starts)
        return self._hardened(filters, ids)

    def _rows(self, values: pa.Array, fields: tuple[str, ...]) -> Bytes:
        """The bits of each value, one row per value, from the distinct ones."""
        coded = values.dictionary_encode()
        distinct = np.stack([self._value(text, fields) for text in coded.dictionary.to_pylist()])
        return np.asarray(distinct[coded.indices.to_numpy()])

    def _value(self, text: str, fields: tuple[str, ...]) -> Bytes:
        kept = self._kept.get((fields[0], text))
        if kept is None:
            row = np.zeros(self.parameters.filter_bits, np.uint8)
            for name in fields:
                for feature in features(name, text):
                    row[self._pair(name, feature) if name.endswith("_pair") else self.positions(name, feature)] = 1
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[(fields[0], text)] = np.packbits(row)
        return kept

    def _pair(self, name: str, feature: str) -> npt.NDArray[np.uint16]:
        kept = self._pairs.get((name, feature))
        if kept is None:
            kept = self._pairs[(name, feature)] = self.positions(name, feature)
        return kept

    def positions(self, name: str, feature: str) -> npt.NDArray[np.uint16]:
        """The bits that one feature of a field sets."""
        count = self.parameters.hashes.get(name, 0)
        message = feature.encode()
        digests = [
            hmac.digest(self._keys[name], bytes([number]) + message, "sha256")
            for number in range((count + _PER_DIGEST - 1) // _PER_DIGEST)
        ]
        drawn = np.frombuffer(b"".join(digests), ">u2")[:count]
        return (drawn & (self.parameters.filter_bits - 1)).astype(np.uint16)

    def _hardened(self, filters: Bytes, ids: list[bytes]) -> Bytes:
        bits, parameters = np.unpackbits(filters, axis=1), self.parameters
        if parameters.hardening == "diffusion":
            bits = np.take(bits, self._order("diffusion", parameters.bits), axis=1)
            bits ^= np.roll(bits, 1, axis=1)  # each bit with its neighbour in a secret circle: no pair comes twice
        elif parameters.hardening == "fold":
            bits = bits[:, : parameters.bits] ^ bits[:, parameters.bits :]
        elif parameters.hardening == "balance":
            bits = np.take(np.hstack([bits, 1 - bits]), self._order("balance", parameters.bits), axis=1)
        made = np.packbits(bits, axis=1)
        return made ^ self._flips(ids) if parameters.flip else made

    def _order(self, purpose: str, size: int) -> npt.NDArray[np.intp]:
        """A secret order of bits. From SHAKE-256, not from a random generator whose stream may change by version."""
        stream = hashlib.shake_256(self.key.derive(f"order {purpose}")).digest(size * 8)
        return np.argsort(np.frombuffer(stream, ">u8"), kind="stable")

    def _flips(self, ids: list[bytes]) -> Bytes:
        """Bits to flip in each record (BLIP, Schnell and Borgs 2016), the same in every run."""
        secret, size = self.key.derive("flips"), self.parameters.bits
        streams = b"".join(hashlib.shake_128(secret + one).digest(size * 2) for one in ids)
        drawn = np.frombuffer(streams, ">u2").reshape(len(ids), size)
        return np.packbits(drawn < round(self.parameters.flip * 65_536), axis=1)


def features(name: str, text: str) -> list[str]:
    """What is hashed of one value of a field: its letter pairs with the ends marked, or the value itself."""
    if name.endswith("_pair"):
        marked = f"_{text}_"
        return sorted({marked[place : place + 2] for place in range(len(marked) - 1)})
    return [text[:-1]] if name == "birth_decade" else [text]


def batches(table: pa.Table) -> Iterator[pa.Table]:
    """The table in pieces whose bits fit in memory."""
    for start in range(0, table.num_rows, BATCH):
        yield table.slice(start, BATCH)


def _set_bits(filters: Bytes, rows: Bytes, starts: npt.NDArray[np.int64]) -> None:
    """Join the rows of each record's values into its filter; ``starts`` has one entry more than there are records."""
    some = np.flatnonzero(np.diff(starts))
    filters[some] |= np.bitwise_or.reduceat(rows, starts[some], axis=0)


def _tokens(column: str) -> Callable[[pa.Table], tuple[pa.Array, npt.NDArray[np.int64]]]:
    def read(batch: pa.Table) -> tuple[pa.Array, npt.NDArray[np.int64]]:
        parts = pc.split_pattern(pc.fill_null(batch[column].combine_chunks(), ""), " ")
        lengths = pc.list_value_length(parts).to_numpy(zero_copy_only=False)
        flat = pc.list_flatten(parts)
        filled = pc.not_equal(flat, "").to_numpy(zero_copy_only=False)
        owner = np.repeat(np.arange(len(parts)), lengths)[filled]
        counts = np.bincount(owner, minlength=len(parts))
        return flat.filter(pa.array(filled)), np.concatenate([[0], np.cumsum(counts)])

    return read


def _single(column: str) -> Callable[[pa.Table], tuple[pa.Array, npt.NDArray[np.int64]]]:
    def read(batch: pa.Table) -> tuple[pa.Array, npt.NDArray[np.int64]]:
        values = batch[column].combine_chunks().cast(pa.string())
        known = pc.is_valid(values).to_numpy(zero_copy_only=False)
        if column == "sex":
            known = known & ~pc.starts_with(pc.fill_null(values, "_"), "_").to_numpy(zero_copy_only=False)
        return values.filter(pa.array(known)), np.concatenate([[0], np.cumsum(known)])

    return read


# Columns of PREPARED and the fields they give. The first field of each names the column's kept values.
_FIELDS = {
    "tokens": ("name", "name_pair"),
    "skeleton": ("skeleton", "skeleton_pair"),
    "birth_year": ("birth_year", "birth_decade"),
    "birth_month": ("birth_month",),
    "birth_day": ("birth_day",),
    "sex": ("sex",),
    "place": ("place", "place_pair"),
}
_VALUES = {column: (_tokens if column in ("tokens", "skeleton", "place") else _single)(column) for column in _FIELDS}
