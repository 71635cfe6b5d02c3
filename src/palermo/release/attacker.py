"""What the attacker says of a release, as it is attached to the manifest when somebody approves it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from palermo.release.attack.approval import approval_report
from palermo.release.attack.search import search


def attacker_report(
    folder: Path, earlier: Sequence[Path], within: Mapping[str, str], sealed: Path | None = None
) -> dict[str, Any]:
    """Attack a release alone and together with the earlier ones. ``findings`` is empty where nothing was found.

    The strings of ``sealed``, one a line, are looked for in every byte of its folder. How many there are is not said.
    """
    report = approval_report(folder, earlier, within)
    if sealed is None or not sealed.is_file():
        return report
    found = search([folder], sealed)
    findings = [str(finding) for outcome in found for finding in outcome.findings]
    tried = {"attack": "persons under seal", "tried": 1, "words": "their numbers, in every byte of the folder"}
    return {
        **report,
        "ok": report["ok"] and not findings,
        "findings": [*report["findings"], *findings],
        "attacks": [*report["attacks"], tried],
    }
