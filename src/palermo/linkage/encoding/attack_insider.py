"""Attacks by someone who knows persons of the list: known plaintext and graph matching, as attempts of the self-test.

Records and their true encodings may come to be known: an owner complains about a wrong link, a clerk labels pairs in
clear, a test record is planted. The decision a reader would question: these attempts never stop a file from being sent.
They succeed against every build that still links, hardened or not; what they find is a condition for sending, said as
such: the linkage unit must hold no list of these persons and know the encoding of none of them.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from palermo.linkage.encoding.attack import Attempt, chance_of, names_of
from palermo.linkage.encoding.attack_likeness import (
    Floats,
    Ints,
    agreement,
    by_graph,
    by_graph_alone,
    by_known_pairs,
    likeness,
)
from palermo.linkage.encoding.encode import Bytes, Encoder
from palermo.linkage.encoding.keys import Key
from palermo.linkage.encoding.parameters import Parameters

OWN_KEY = Key("attacker's own", bytes(range(100, 132)))
MOST = 1_000  # records on each side: some seconds
KNOWN = (10, 50, 200)  # pairs of record and encoding that the attacker knows
LEAST_LEFT = 2  # records still to be named, for each known pair
SEED = 20_040_901  # of the order in which records become known
GRAPH, PLAINTEXT = "Graph matching", "Known plaintext"


def insider_attempts(
    bits: Bytes,
    truth: pa.Table,
    parameters: Parameters,
    known: pa.Table | None = None,
    pairs: Sequence[int] = KNOWN,
) -> tuple[Attempt, ...]:
    """Attempts on the encodings ``bits`` of the prepared records ``truth``, row for row.

    ``known``: prepared records that the attacker holds besides those whose encoding he knows; without it, the very
    records that were encoded. ``pairs``: the numbers of known pairs that are tried, one after the other.
    """
    if not len(bits) or (known is not None and not known.num_rows):
        return ()
    order = np.random.default_rng(SEED).permutation(len(bits))[:MOST]
    attack = _Insider(bits[order], truth.take(order), parameters, known)
    counts = [count for count in pairs if count * (1 + LEAST_LEFT) <= len(order)]
    attempts = [attack.without_pairs()]
    for count in counts:
        attempts += attack.with_pairs(count)
    return tuple(attempts)


class _Insider:
    """One attacker: encodings in a random order, the first of which he may know, and a list under a key of his own."""

    def __init__(self, bits: Bytes, truth: pa.Table, parameters: Parameters, known: pa.Table | None) -> None:
        self.seen = likeness(bits)
        self.truth, self.parameters = truth, parameters
        self.names = names_of(truth)
        self.own = known.slice(0, MOST) if known is not None else None

    def without_pairs(self) -> Attempt:
        """Lay the graph of encodings over the graph of the list."""
        table = self.truth if self.own is None else self.own
        # In an order of its own, so that nothing is told by the order.
        table = table.take(np.random.default_rng(SEED + 1).permutation(table.num_rows))
        held = self._encoded(table)
        taken = by_graph_alone(self.seen, held)
        return self._attempt(GRAPH, (held, table, taken), 0, "a clear list of much the same persons")

    def with_pairs(self, count: int) -> list[Attempt]:
        """Place the rest by their likeness to known pairs; then let the graph mend it."""
        rest = self.truth.slice(count) if self.own is None else self.own
        table = pa.concat_tables([self.truth.slice(0, count), rest])
        held = self._encoded(table)
        placed = by_known_pairs(self.seen, held, count)
        mended = by_graph(self.seen, held, placed, count)
        needs = f"a clear list of much the same persons and knows {count} pairs of record and encoding"
        return [
            self._attempt(f"{PLAINTEXT}, {count} pairs", (held, table, placed), count, needs),
            self._attempt(f"{PLAINTEXT} and graph, {count} pairs", (held, table, mended), count, needs),
        ]

    def _encoded(self, table: pa.Table) -> Floats:
        ids = [number.to_bytes(16, "big") for number in range(table.num_rows)]
        return likeness(Encoder(OWN_KEY, self.parameters).encode(table, ids))

    def _attempt(self, attack: str, found: tuple[Floats, pa.Table, Ints], count: int, needs: str) -> Attempt:
        held, table, taken = found
        tried = np.arange(count, len(taken))
        guessed = tried[taken[tried] >= 0]
        right = int((names_of(table)[taken[guessed]] == self.names[guessed]).sum())
        detail = f"The two graphs agree to {agreement(self.seen, held, taken):.2f}."
        return Attempt(attack, len(tried), right, chance_of(self.names), detail, needs)
