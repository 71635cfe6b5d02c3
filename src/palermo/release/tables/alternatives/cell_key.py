"""Cell-key perturbation: the same set of persons always has the same noise, in any table, any release, any run.

Each person has a key, made by HMAC from a secret release key and her pseudonymous id (Fraser and Wooton 2005, the
method of ABS and ONS). The keys of a set are added up, and a second HMAC turns the sum into the number that decides the
noise. The decision a reader would question: that second step. Without it the numbers of a set and of the set with one
person more would be tied by a sum, and somebody with a few known keys could follow it.
"""

import hashlib
import hmac
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from palermo.errors import UsageError
from palermo.release.tables.alternatives.perturbation import Law, Noise, laws
from palermo.release.tables.cells import Cells, Whole

Words = npt.NDArray[np.uint64]

_RECORD, _CELL = b"palermo record key 1\0", b"palermo cell key 1\0"
_SHORTEST = 16  # bytes of a release key


def check_key(key: bytes) -> bytes:
    """The key, if it is long enough to be secret."""
    if len(key) < _SHORTEST:
        raise UsageError(f"the release key has {len(key)} bytes; expected {_SHORTEST} or more, drawn at random")
    return key


def record_keys(key: bytes, persons: Sequence[str]) -> Words:
    """The key of each person, by her pseudonymous id."""
    check_key(key)
    if len(set(persons)) < len(persons):
        raise UsageError("a person stands in several rows; count each once: keys of one person would cancel or add up")
    made = [hmac.digest(key, _RECORD + person.encode(), hashlib.sha256)[:8] for person in persons]
    return np.frombuffer(b"".join(made), dtype=">u8").astype(np.uint64)


def cell_keys(key: bytes, sums: Words) -> Words:
    """The number of each set of persons, evenly spread over 64 bits, from the sum of their keys."""
    check_key(key)
    made = [hmac.digest(key, _CELL + one.tobytes(), hashlib.sha256)[:8] for one in sums.astype(">u8")]
    return np.frombuffer(b"".join(made), dtype=">u8").astype(np.uint64)


def noise_of(counts: Whole, keys: Words, noise: Noise) -> Whole:
    """The noise of each count, by its number."""
    by_count = laws(noise)
    row = np.minimum(counts, len(by_count) - 1)
    answer = np.zeros(len(counts), dtype=np.int64)
    for number, law in enumerate(by_count):
        here = np.flatnonzero(row == number)
        answer[here] = _drawn(law, keys[here])
    return answer


def _drawn(law: Law, keys: Words) -> Whole:
    """Noise by the number: the first value whose cumulative chance, in parts of 2^64, lies above it."""
    edges, total = [], Fraction(0)
    for chance in law.chances[:-1]:
        total += chance
        edges.append(min((total.numerator << 64) // total.denominator, 2**64 - 1))
    place = np.searchsorted(np.array(edges, dtype=np.uint64), keys, side="right")
    return np.array(law.values, dtype=np.int64)[place]


def key_id(key: bytes) -> str:
    """A name of the key that does not give it away, to tell releases under one key from those under another."""
    return hmac.digest(check_key(key), b"palermo release key id 1", hashlib.sha256).hex()[:16]


def perturbed(cells: Cells, codes: Whole, persons: Sequence[str], key: bytes, noise: Noise) -> Whole:
    """The counts of the cells with noise. ``codes`` are the places of each person's finest codes."""
    sums = np.asarray(cells.members.astype(np.uint64) @ _by_unknown(cells, codes, record_keys(key, persons)))
    return cells.values + noise_of(cells.values, cell_keys(key, sums), noise)


def _by_unknown(cells: Cells, codes: Whole, keys: Words) -> Words:
    """The keys of the persons of each finest combination, added up modulo 2^64."""
    lattice = cells.lattice
    places = np.stack([atom[codes[:, place]] for place, atom in enumerate(lattice.atom)], axis=1)
    kept = (places >= 0).all(axis=1)
    mine = np.ravel_multi_index(tuple(places[kept].T), lattice.atoms)
    numbers = np.ravel_multi_index(tuple(cells.unknowns.codes.T), lattice.atoms)
    order = np.argsort(numbers)
    answer = np.zeros(len(numbers), dtype=np.uint64)
    np.add.at(answer, order[np.searchsorted(numbers[order], mine)], keys[kept])
    return answer
