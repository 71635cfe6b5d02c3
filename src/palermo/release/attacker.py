"""What the attacker says of a release, as it is attached to the manifest when somebody approves it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from palermo.release.audit import audit_release
from palermo.release.audit_across import audit_across


def attacker_report(folder: Path, earlier: Sequence[Path], within: Mapping[str, str]) -> dict[str, Any]:
    """Attack a release alone and together with the earlier ones. ``findings`` is empty where nothing was found."""
    alone = audit_release(folder)
    across = audit_across([*earlier, folder], within) if earlier else ()
    findings = [str(finding) for finding in (*alone.findings, *across)]
    return {
        "ok": not findings,
        "figures": alone.cells,
        "hidden": alone.hidden,
        "attacked": alone.checked,
        "earlier_releases": len(earlier),
        "findings": findings,
    }
