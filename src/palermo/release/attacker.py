"""What the attacker says of a release, as it is attached to the manifest when somebody approves it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from palermo.release.attack.approval import approval_report


def attacker_report(folder: Path, earlier: Sequence[Path], within: Mapping[str, str]) -> dict[str, Any]:
    """Attack a release alone and together with the earlier ones. ``findings`` is empty where nothing was found."""
    return approval_report(folder, earlier, within)
