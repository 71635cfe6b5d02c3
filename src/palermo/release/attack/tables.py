"""The attacks on our own tables: the account's releases and the tables of a plan, alone and all together.

The programmes are those that a release is proved with (``release.audit``, ``release.tables.attack``). The decision a
reader would question: what they work out is taken out of their words, so that a report names cells, not counts.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from palermo.errors import PalermoError
from palermo.release.attack.finding import CERTAIN, Finding, Outcome, could_not, ran
from palermo.release.attack.reconstruction import RECONSTRUCTION
from palermo.release.audit import audit_release
from palermo.release.audit_across import audit_across
from palermo.release.tables.attack import attack_tables

ACROSS = "releases together"
_DERIVED = re.compile(r"(it follows(?: from several releases)?) that it (is .*)$")


def finding_of(kind: str, where: str, words: str) -> Finding:
    """A finding whose words hold no derived value."""
    derived = _DERIVED.search(words)
    if derived is None:
        return Finding(kind, where, words, CERTAIN)
    return Finding(kind, where, f"{words[: derived.end(1)]} what it is", CERTAIN, derived[2])


def attack_account(folder: Path) -> Outcome:
    """One release of the account by itself."""
    try:
        audit = audit_release(folder)
    except PalermoError as error:
        return could_not(RECONSTRUCTION, folder.name, str(error))
    found = [finding_of(RECONSTRUCTION, folder.name, str(finding)) for finding in audit.findings]
    words = f"hidden counts of {audit.hidden:,} hidden rows, by linear programming over all tables of the release"
    return ran(RECONSTRUCTION, folder.name, audit.checked, words, found)


def attack_plan(folder: Path) -> Outcome:
    """Protected tables (``tables.json``)."""
    try:
        attack = attack_tables(folder)
    except PalermoError as error:
        return could_not(RECONSTRUCTION, folder.name, str(error))
    found = [finding_of(RECONSTRUCTION, folder.name, words) for words in attack.findings]
    words = f"hidden counts, from {attack.printed:,} printed ones, by linear programming over all tables at once"
    return ran(RECONSTRUCTION, folder.name, attack.hidden, words, found)


def attack_together(folders: Sequence[Path], within: Mapping[str, str]) -> Outcome:
    """All releases of the account at once: revisions, areas and periods within each other."""
    if len(folders) < 2:
        return could_not(ACROSS, "releases of the account", "fewer than two were given")
    where = " and ".join(folder.name for folder in folders)
    try:
        found = [finding_of(ACROSS, where, str(finding)) for finding in audit_across(folders, within)]
    except PalermoError as error:
        return could_not(ACROSS, where, str(error))
    return ran(ACROSS, where, len(folders), "releases as one system, with what changed between them", found)
