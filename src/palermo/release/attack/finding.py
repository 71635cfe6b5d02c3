"""What an attack says: findings, what was tried, and why something could not be tried.

The decision a reader would question: a finding names a cell, a file or a release, never a person, and what was worked
out is kept apart (``told``) and left out unless the office asks for it, because a list of derived small counts would do
the harm that the attack warns of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

CERTAIN, LIKELY = "certain", "likely"


@dataclass(frozen=True)
class Finding:
    """One thing given away. ``certain``: it follows; ``likely``: it follows if what a reader assumes holds."""

    kind: str
    where: str
    words: str
    severity: str = CERTAIN
    told: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"

    def summary(self, values: bool) -> dict[str, str]:
        """As plain data; with ``values`` also what was worked out."""
        plain = {"kind": self.kind, "where": self.where, "words": self.words, "severity": self.severity}
        return {**plain, "told": self.told} if values and self.told else plain


@dataclass(frozen=True)
class Outcome:
    """What became of one attack on one thing: how many tries, what was tried, or why it could not run."""

    attack: str
    target: str
    tried: int = 0
    words: str = ""
    findings: tuple[Finding, ...] = ()
    could_not: str = ""
    closed: bool = False  # its words were worked out with the true rows

    @property
    def ran(self) -> bool:
        """Whether it could run."""
        return not self.could_not


@dataclass(frozen=True)
class Report:
    """The attacker's report."""

    releases: tuple[str, ...]
    seed: int
    outcomes: tuple[Outcome, ...] = field(default_factory=tuple)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, certain ones first, in the order of the attacks."""
        found = [finding for outcome in self.outcomes for finding in outcome.findings]
        return tuple(sorted(found, key=lambda one: one.severity != CERTAIN))

    @property
    def is_confidential(self) -> bool:
        """Whether the report says where a release breaks, or anything of the true rows: it must stay in the office."""
        return bool(self.findings) or any(outcome.closed for outcome in self.outcomes)

    def summary(self, values: bool = False) -> dict[str, Any]:
        """As plain data."""
        return {
            "ok": not self.findings,
            "confidential": self.is_confidential,
            "releases": list(self.releases),
            "seed": self.seed,
            "findings": [finding.summary(values) for finding in self.findings],
            "ran": [_ran(outcome) for outcome in self.outcomes if outcome.ran],
            "could_not_run": [
                {"attack": one.attack, "target": one.target, "reason": one.could_not}
                for one in self.outcomes
                if not one.ran
            ],
        }


def _ran(outcome: Outcome) -> dict[str, Any]:
    return {
        "attack": outcome.attack,
        "target": outcome.target,
        "tried": outcome.tried,
        "words": outcome.words,
        "findings": len(outcome.findings),
    }


def could_not(attack: str, target: str, reason: str) -> Outcome:
    """An attack that could not run, and why."""
    return Outcome(attack, target, could_not=reason)


def ran(attack: str, target: str, tried: int, words: str, findings: Sequence[Finding] = ()) -> Outcome:
    """An attack that ran."""
    return Outcome(attack, target, tried, words, tuple(findings))
