"""Weak builds of the same records, made only to be broken: they show that the attacks work on these very data.

The decision a reader would question: the self-test fails where a weak build survives as well, because an attack that
breaks nothing says nothing about the build that matters.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from palermo.linkage.encoding.attack import NO_KEY, AttackReport, attack
from palermo.linkage.encoding.attack_insider import GRAPH, insider_attempts
from palermo.linkage.encoding.encode import Bytes, Encoder, batches
from palermo.linkage.encoding.keys import Key
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.schema import PREPARED

ENOUGH = 2_000  # records: with fewer the attacks that live on frequencies have little to hold
WEAK = {  # the attacks that must break each weak build
    "no key": ("Dictionary without the key",),
    "given name alone": ("Alignment of frequencies",),
    "no hardening": ("Pattern mining", GRAPH),
}
BARE = "no hardening"
_CONDITION = (
    "So send them only to a unit that holds no list of these persons and cannot learn whose encoding is whose: tell it "
    "no name beside an id, plant no records, label pairs at home, and make one key for each project."
)


@dataclass(frozen=True)
class SelfTest:
    """``report``: attacks on the build to be sent; ``weak``: on weak builds of the same records, by name."""

    report: AttackReport
    weak: dict[str, AttackReport]

    @property
    def unbroken(self) -> tuple[str, ...]:
        """Weak builds that the attack made for them did not break: on these data it proves little."""
        return tuple(
            name
            for name, report in self.weak.items()
            if not {one.attack for one in report.attempts if one.broken} >= set(WEAK[name])
        )

    def lines(self) -> list[str]:
        """The result in plain words; no name or number of a record is in it."""
        said = [f"The build to be sent: {line}" for line in self.report.lines()]
        said += [f"Weak build, {name}: {line}" for name, report in self.weak.items() for line in report.lines()[1:]]
        if self.unbroken:
            said.append(
                f"Not broken although weak: {', '.join(self.unbroken)}. On these data (few records, or names that "
                "hardly repeat) the attack says little; do not read it as safety."
            )
        return said + self._conditions()

    def _conditions(self) -> list[str]:
        """What must hold for sending: someone who knows persons of the list reads the rest, here or on longer lists."""
        if not self.report.conditions:
            return [
                "Nobody with a list of these persons could read them here, because it is short or far from his. On "
                f"longer lists he reads nearly all. {_CONDITION}"
            ]
        worst = max(self.report.conditions, key=lambda one: one.share)
        return [
            f"WHOEVER HOLDS A LIST OF THESE PERSONS CAN READ THEM. An attacker who holds {worst.needs} named "
            f"{worst.share:.0%} of the records tried. No hardening stops this: it reads only how alike encodings are, "
            "and linking needs that. These encodings are pseudonymised, never anonymous.",
            _CONDITION,
        ]


def self_test(prepared: pa.Table, key: Key, parameters: Parameters, known: pa.Table | None = None) -> SelfTest:
    """Attack the encodings of these records, and weak builds of them; ``known``: what the attacker holds."""
    bare = replace(parameters, hardening="none", flip=0.0)
    single = _given_only(prepared)
    weak = {
        "no key": (NO_KEY, bare, prepared, known),
        "given name alone": (key, bare, single, None if known is None else _given_only(known)),
        "no hardening": (key, bare, prepared, known),
    }
    bits = _encode(prepared, key, parameters)
    report = attack(bits, prepared, parameters, known)
    report = replace(report, attempts=report.attempts + insider_attempts(bits, prepared, parameters, known))
    found = {}
    for name, (secret, build, records, held) in weak.items():
        made = _encode(records, secret, build)
        found[name] = attack(made, records, build, held)
        if name == BARE:
            extra = insider_attempts(made, records, build, held, pairs=())
            found[name] = replace(found[name], attempts=found[name].attempts + extra)
    return SelfTest(report, found)


def _encode(prepared: pa.Table, key: Key, parameters: Parameters) -> Bytes:
    encoder, done = Encoder(key, parameters), 0
    parts = [np.zeros((0, parameters.bits // 8), np.uint8)]
    for batch in batches(prepared):
        parts.append(encoder.encode(batch, [number.to_bytes(16, "big") for number in range(done, done + len(batch))]))
        done += len(batch)
    return np.concatenate(parts)


def _given_only(prepared: pa.Table) -> pa.Table:
    """The records with nothing but their given names, as a filter for one field would hold them."""
    columns = {
        "row_id": prepared["row_id"],
        "list": prepared["list"],
        "record_id": prepared["record_id"],
        "tokens": prepared["given"],
        "skeleton": prepared["given_skeleton"],
    }
    empty = {field.name: pa.nulls(prepared.num_rows, field.type) for field in PREPARED if field.name not in columns}
    return pa.table({**columns, **empty}).select(PREPARED.names).cast(PREPARED)
