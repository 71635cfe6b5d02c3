"""The self-test that owners run before anything is sent: what could someone without the key read from these encodings?

The attacker is given more than a real one would have: the prepared records of the very list (or of another list of the
same population) as his dictionary, and the parameters. The decision a reader would question: an attack that names no
more than guessing does not prove safety. It shows that these attacks, which break weak builds, do not break this one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from palermo.linkage.encoding.attack_patterns import mine
from palermo.linkage.encoding.encode import Bytes, Encoder
from palermo.linkage.encoding.keys import BYTES, Key
from palermo.linkage.encoding.parameters import Parameters

SAMPLE = 2_000  # records that the dictionary attack tries
CERTAIN = 0.9  # Dice from which the dictionary attack takes a record as found
COMMON = 50  # values that the alignment of frequencies tries
BROKEN = 0.05  # share of names found, beyond guessing, from which an attack counts as a success
NO_KEY = Key("no key", bytes(BYTES))


@dataclass(frozen=True)
class Attempt:
    """One attack: ``tried`` records, ``named`` right, ``by_chance`` of which guessing the commonest name would get.

    ``needs``: what the attacker must hold beyond public knowledge and lists of names, if anything.
    """

    attack: str
    tried: int
    named: int
    by_chance: float
    detail: str
    needs: str = ""

    @property
    def share(self) -> float:
        """Share of the tried records whose name was found."""
        return self.named / self.tried if self.tried else 0.0

    @property
    def broken(self) -> bool:
        """Whether the attack found clearly more names than guessing."""
        return self.share > self.by_chance + BROKEN


@dataclass(frozen=True)
class AttackReport:
    """All attempts on one set of encodings."""

    attempts: tuple[Attempt, ...]
    records: int
    distinct: int

    @property
    def broken(self) -> bool:
        """Whether an attack succeeded that needs nothing special: then nothing should be sent."""
        return any(attempt.broken and not attempt.needs for attempt in self.attempts)

    @property
    def conditions(self) -> tuple[Attempt, ...]:
        """Attacks that succeed for an attacker who holds something special: he must never come to hold it."""
        return tuple(attempt for attempt in self.attempts if attempt.broken and attempt.needs)

    def lines(self) -> list[str]:
        """The report in plain words, one line per attack; no name or number of a record is in it."""
        said = [f"{self.records:,} encodings, {self.distinct:,} of them distinct."]
        for one in self.attempts:
            verdict = "BROKEN" if one.broken else "no names found beyond guessing"
            if one.broken and one.needs:
                verdict += f" for whoever holds {one.needs}"
            said.append(
                f"{one.attack}: {verdict} ({one.named:,} of {one.tried:,} named, {one.share:.1%}; guessing "
                f"{one.by_chance:.1%}). {one.detail}"
            )
        return said


def attack(
    bits: Bytes, truth: pa.Table, parameters: Parameters, known: pa.Table | None = None, key: Key = NO_KEY
) -> AttackReport:
    """Attack the encodings ``bits`` of the prepared records ``truth``, row for row.

    ``known``: prepared records that the attacker holds; without it, the very records that were encoded. ``key``: the
    key the attacker tries, which is none.
    """
    held = truth if known is None else known
    if not len(bits) or not held.num_rows:
        return AttackReport((), len(bits), 0)
    attempts = (
        _dictionary(bits, truth, held, Encoder(key, parameters)),
        _frequencies(bits, truth, held),
        _patterns(bits, truth, held),
    )
    return AttackReport(attempts, len(bits), len(np.unique(bits, axis=0)))


def _dictionary(bits: Bytes, truth: pa.Table, held: pa.Table, encoder: Encoder) -> Attempt:
    """Encode every known record with the key at hand and look for encodings that are nearly the same."""
    names, known = names_of(truth)[:SAMPLE], names_of(held)[:SAMPLE]
    guesses = encoder.encode(held.slice(0, SAMPLE), [bytes(16)] * min(SAMPLE, held.num_rows))
    dice = _dice(bits[:SAMPLE], guesses)
    best = dice.argmax(axis=1)
    right = (dice.max(axis=1) >= CERTAIN) & (known[best] == names)
    return Attempt(
        "Dictionary without the key", len(names), int(right.sum()), chance_of(names), f"Best Dice {dice.max():.2f}."
    )


def _frequencies(bits: Bytes, truth: pa.Table, held: pa.Table) -> Attempt:
    """Rank whole encodings and known names by how often they come, and take those of one rank as the same."""
    names, known = names_of(truth), names_of(held)
    _, first, kind, counts = np.unique(bits, axis=0, return_index=True, return_inverse=True, return_counts=True)
    values, often = np.unique(known, return_counts=True)
    by_count = np.lexsort((first, -counts))
    repeated = by_count[counts[by_count] > 1][:COMMON]
    ranked = values[np.argsort(-often, kind="stable")]
    named = 0
    for rank, one in enumerate(repeated):
        guess = ranked[max(rank - 2, 0) : rank + 3]  # he tries the neighbours in rank too
        named += int(np.isin(names[kind.ravel() == one], guess).sum())
    tried = int(counts[repeated].sum())
    chance = float(often[np.argsort(-often)][:5].sum() / max(often.sum(), 1))
    detail = f"{len(repeated)} encodings come more than once, the commonest {int(counts.max())} times."
    return Attempt("Alignment of frequencies", max(tried, len(names)), named, chance, detail)


def _patterns(bits: Bytes, truth: pa.Table, held: pa.Table) -> Attempt:
    """Find bits that go together, take each set for a feature of known frequency, and name records by their sets."""
    found = mine(bits, held)
    names = names_of(truth)
    guesses = names_of(held)[found.nearest] if len(found.nearest) else np.array([], dtype=names.dtype)
    right = int((guesses == names[found.tried]).sum()) if len(guesses) else 0
    detail = (
        f"{found.patterns} sets of bits that go together, {found.features} frequent features known; strongest "
        f"correlation of two bits {found.strongest:.2f}."
    )
    return Attempt("Pattern mining", len(found.tried), right, chance_of(names), detail)


def names_of(table: pa.Table) -> npt.NDArray[np.str_]:
    """What counts as the name: all its tokens."""
    return np.array([text or "" for text in table["tokens"].to_pylist()], dtype=np.str_)


def chance_of(names: npt.NDArray[np.str_]) -> float:
    """Share that always saying the commonest name would get right."""
    return float(np.unique(names, return_counts=True)[1].max() / len(names)) if len(names) else 0.0


def _dice(left: Bytes, right: Bytes) -> npt.NDArray[np.float32]:
    ones, others = (np.unpackbits(side, axis=1).astype(np.float32) for side in (left, right))
    total = ones.sum(axis=1)[:, None] + others.sum(axis=1)[None, :]
    dice: npt.NDArray[np.float32] = 2 * (ones @ others.T) / np.maximum(total, 1)
    return dice
