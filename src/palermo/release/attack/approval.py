"""What the attacker says when somebody approves a release: attached to its manifest, and in the way where it is broken.

The decision a reader would question: only what needs nothing beyond the release and the earlier ones is tried here, so
that an approval never waits for a file that the approver may not see. ``palermo attack`` tries the rest.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from palermo.release.attack.classes import smallest_class
from palermo.release.attack.editions import editions
from palermo.release.attack.finding import Outcome
from palermo.release.attack.material import PARAMETERS, OpenData
from palermo.release.attack.noise_audit import noise_audit
from palermo.release.attack.private_tables import attack_private_tables, is_private_tables
from palermo.release.attack.promise import promise
from palermo.release.attack.tables import attack_account, attack_together

_RUNS = 200
_SEED = 1


def approval_report(folder: Path, earlier: Sequence[Path], within: Mapping[str, str]) -> dict[str, Any]:
    """Attack a candidate, alone and with the earlier releases. ``findings`` is empty where nothing was found.

    Tables that cannot be attacked are a finding: nobody could say that nothing would be found. A pack that does not
    say how it was made is listed so (``could_not_run``).
    """
    is_pack = (folder / PARAMETERS).is_file()
    outcomes = _on_pack(folder) if is_pack else _on_account(folder, earlier, within)
    left = [outcome for outcome in outcomes if not outcome.ran]
    findings = [str(finding) for outcome in outcomes for finding in outcome.findings]
    reasons = [f"{outcome.target}: {outcome.attack} could not run: {outcome.could_not}" for outcome in left]
    if not is_pack:
        findings += reasons
    return {
        "ok": not findings,
        "attacked": sum(outcome.tried for outcome in outcomes[:1]),
        "earlier_releases": 0 if is_pack else len(earlier),
        "findings": findings,
        "attacks": [{"attack": one.attack, "tried": one.tried, "words": one.words} for one in outcomes if one.ran],
        "could_not_run": reasons,
    }


def _on_account(folder: Path, earlier: Sequence[Path], within: Mapping[str, str]) -> list[Outcome]:
    alone = attack_account(folder)
    if not earlier:
        return [alone]
    every = [*earlier, folder]
    return [alone, attack_together(every, within), editions(every)]


def _on_pack(folder: Path) -> list[Outcome]:
    if is_private_tables(folder):
        return attack_private_tables(folder, _RUNS, _SEED)
    pack = OpenData.of(folder)
    if pack.is_noisy:
        return [promise(pack), noise_audit(_RUNS, _SEED)]
    return [smallest_class(pack, None)]
