"""The secret of a project: made by the data owners, split among them, never held by the linkage unit, then destroyed.

The decision a reader would question: shares are made by Shamir's scheme over GF(256) in some thirty lines of our own,
because the packages at hand are unmaintained; tests hold it to its definition (any k shares restore the key, k - 1 tell
nothing). Table look-ups here are not constant in time, which matters only where an attacker runs on the same machine
during the ceremony.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palermo.errors import RefusedError, UsageError
from palermo.linkage.encoding.own_file import refuse_if_shared, write_whole

BYTES = 32
VERSION = 1
_KEY, _SHARE = "palermo-key", "palermo-key-share"
MOST_SHARES = 255
_LOOKED_AT = 200  # bytes in which a file says what it is
_MAP = b"record_id,id\n"


@dataclass(frozen=True, repr=False)
class Key:
    """The secret of one project. It never shows itself in text."""

    project: str
    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != BYTES:
            raise UsageError(f"A key has {BYTES} bytes; this one has {len(self.secret)}.")

    def __repr__(self) -> str:
        return f"Key(project={self.project!r}, id={self.id!r})"

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that tell keys apart and reveal nothing of the key."""
        return hmac.digest(self.secret, b"palermo key id" + self.project.encode(), "sha256").hex()[:16]

    def derive(self, purpose: str, length: int = BYTES) -> bytes:
        """A key for one purpose: HKDF-SHA256 (RFC 5869) with the project as salt and the purpose as info."""
        base = hmac.digest(self.project.encode() or bytes(BYTES), self.secret, "sha256")
        blocks, block = b"", b""
        while len(blocks) < length:
            number = len(blocks) // BYTES + 1
            block = hmac.digest(base, block + purpose.encode() + bytes([number]), "sha256")
            blocks += block
        return blocks[:length]


@dataclass(frozen=True, repr=False)
class Share:
    """One owner's share: with ``needed`` of them the key can be restored, with fewer nothing is known of it."""

    project: str
    key_id: str
    number: int
    needed: int
    value: bytes

    def __repr__(self) -> str:
        return f"Share(project={self.project!r}, key_id={self.key_id!r}, number={self.number}, needed={self.needed})"


def new_key(project: str) -> Key:
    """A new key of 256 bits from the operating system."""
    if not project.strip():
        raise UsageError("A key belongs to one project: give the project a name.")
    return Key(project.strip(), secrets.token_bytes(BYTES))


def write_key(key: Key, path: Path) -> None:
    """Write a key file for its owner alone (mode 0600). A key that exists is never written over."""
    _write_new(path, {"kind": _KEY, "project": key.project, "key_id": key.id, "key": key.secret.hex()})


def read_key(path: Path) -> Key:
    """Read a key file; refused where others may read it or where it is damaged."""
    found = _read(path, _KEY, "key file", ("project", "key_id", "key"))
    key = Key(found["project"], _bytes(path, found["key"], "key"))
    if not hmac.compare_digest(key.id, found["key_id"]):
        raise RefusedError(f"{path}: the key does not match its id {found['key_id']}; the file is damaged.")
    return key


def write_share(share: Share, path: Path) -> None:
    """Write one share for its owner alone."""
    entries = {"project": share.project, "key_id": share.key_id, "number": share.number, "needed": share.needed}
    _write_new(path, {"kind": _SHARE, **entries, "share": share.value.hex()})


def read_share(path: Path) -> Share:
    """Read one share; refused where others may read it or where it is damaged."""
    found = _read(path, _SHARE, "share of a key", ("project", "key_id", "number", "needed", "share"))
    number, needed = (_number(path, found[name]) for name in ("number", "needed"))
    return Share(found["project"], found["key_id"], number, needed, _bytes(path, found["share"], "share"))


def split(key: Key, shares: int, needed: int) -> list[Share]:
    """Split a key into ``shares`` of which any ``needed`` restore it (Shamir 1979, over GF(256), byte by byte)."""
    if not 2 <= needed <= shares <= MOST_SHARES:
        raise UsageError(f"{needed} of {shares} shares: expected at least 2 needed, and at most {MOST_SHARES} shares.")
    rest = [secrets.token_bytes(BYTES) for _ in range(needed - 1)]
    values = [key.secret, *rest]  # coefficients, the constant term first
    made = []
    for number in range(1, shares + 1):
        value = bytes(BYTES)
        for coefficients in reversed(values):
            value = bytes(_times(left, number) ^ right for left, right in zip(value, coefficients, strict=True))
        made.append(Share(key.project, key.id, number, needed, value))
    return made


def restore(shares: Sequence[Share]) -> Key:
    """The key from its shares, by Lagrange interpolation at zero; refused where they do not belong together."""
    if not shares or len({(share.project, share.key_id, share.needed) for share in shares}) != 1:
        raise RefusedError("These shares are not of one key: their projects, key ids or numbers needed differ.")
    first = shares[0]
    by_number = {share.number: share for share in shares}
    if len(by_number) < first.needed:
        raise RefusedError(
            f"Project {first.project!r}: {len(by_number)} different shares given, {first.needed} are needed."
        )
    used = [by_number[number] for number in sorted(by_number)][: first.needed]
    secret = bytes(BYTES)
    for share in used:
        factor = 1
        for other in used:
            if other is not share:
                factor = _times(factor, _over(other.number, other.number ^ share.number))
        secret = bytes(left ^ _times(right, factor) for left, right in zip(secret, share.value, strict=True))
    key = Key(first.project, secret)
    if not hmac.compare_digest(key.id, first.key_id):
        raise RefusedError(f"Project {first.project!r}: the shares do not give key {first.key_id}; one is damaged.")
    return key


def destroy(path: Path) -> str:
    """Overwrite and delete a key, share or map of ids; returns what this does not reach, for the person who asked.

    Refused for any other file: a slip of the hand would destroy a list for good.
    """
    refuse_if_missing(path)
    start = path.read_bytes()[:_LOOKED_AT]
    if f'"{_KEY}'.encode() not in start and not start.startswith(_MAP):
        raise RefusedError(
            f"{path}: neither a key, a share of one nor a map of ids, so it was left alone. Nothing else is destroyed."
        )
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return (
        f"{path} was overwritten and deleted. On flash storage (SSD, USB stick, telephone), on file systems that keep "
        "old versions, and in backups, old bytes may remain. Only an encrypted disk, or destroying the medium, ends "
        "that. Every other copy and share must be destroyed by its owner; record who did so and when."
    )


def refuse_if_missing(path: Path) -> None:
    """A usage error where there is no such file."""
    if not path.is_file():
        raise UsageError(f"{path}: no such key file.")


def _write_new(path: Path, entries: dict[str, object]) -> None:
    body = {"version": VERSION, **entries}
    text = json.dumps({**body, "checksum": _checksum(body)}, indent=1, ensure_ascii=False) + "\n"
    try:
        write_whole(path, text.encode(), exclusive=True)
    except FileExistsError:
        raise RefusedError(f"{path}: exists already. A key is never written over; choose another name.") from None


def _read(path: Path, kind: str, what: str, needed: Sequence[str]) -> dict[str, Any]:
    refuse_if_missing(path)
    refuse_if_shared(path, what)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RefusedError(f"{path}: not a {what} of Palermo (JSON expected), or cut short.") from error
    if not isinstance(found, dict) or found.get("kind") != kind or not all(name in found for name in needed):
        raise RefusedError(f"{path}: not a {what} of Palermo; expected the entries {', '.join(needed)}.")
    if not all(isinstance(found[name], str) for name in ("project", "key_id")):
        raise RefusedError(f"{path}: not a {what} of Palermo; project and key_id are texts.")
    if found.get("version") != VERSION:
        raise RefusedError(f"{path}: a {what} of another version of Palermo; expected version {VERSION}.")
    body = {name: value for name, value in found.items() if name != "checksum"}
    if found.get("checksum") != _checksum(body):
        raise RefusedError(f"{path}: the checksum does not fit; the file was changed or damaged. Use another copy.")
    return body


def _checksum(body: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def _bytes(path: Path, text: object, what: str) -> bytes:
    """The secret itself; never shown in an error."""
    try:
        made = bytes.fromhex(str(text))
    except ValueError as error:
        raise RefusedError(f"{path}: the {what} is not hexadecimal; the file is damaged.") from error
    if len(made) != BYTES:
        raise RefusedError(
            f"{path}: the {what} has {len(made)} bytes; expected {BYTES}. Make keys with `palermo encode --new-key`; a "
            "word or a short number can be guessed."
        )
    return made


def _number(path: Path, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_SHARES:
        raise RefusedError(f"{path}: the numbers of a share go from 1 to {MOST_SHARES}; the file is damaged.")
    return value


def _tables() -> tuple[list[int], list[int]]:
    """Powers and logarithms of the generator 3 in GF(256) with the polynomial x^8 + x^4 + x^3 + x + 1."""
    powers, logarithms, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        doubled = (value << 1) ^ (0x11B if value & 0x80 else 0)
        value ^= doubled
    return powers, logarithms


_POWERS, _LOGARITHMS = _tables()


def _times(left: int, right: int) -> int:
    return _POWERS[_LOGARITHMS[left] + _LOGARITHMS[right]] if left and right else 0


def _over(left: int, right: int) -> int:
    return _POWERS[_LOGARITHMS[left] + 255 - _LOGARITHMS[right]] if left else 0
