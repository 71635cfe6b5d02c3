"""``palermo hidden --html`` in a workspace: the page of what the stage found, for everyone over all years."""

from pathlib import Path
from typing import Any

from palermo.errors import RefusedError
from palermo.hidden.linked_number import linked_beside
from palermo.hidden.stage_answers import linked_from, read_answers, read_captures
from palermo.report.hidden import HiddenNumber, hidden_page
from palermo.whole_files import whole


def write_page(path: Path, summary: dict[str, Any], title: str, made_up: bool) -> None:
    """Write the page whole or not at all. Raises RefusedError where there is no capture table to show."""
    if summary["captures"] is None:
        raise RefusedError(f"no page: {summary['refusal']}")
    told = linked_beside(Path(summary["estimates"]))
    page = hidden_page(
        HiddenNumber(
            read_captures(Path(summary["captures"]), tuple(summary["lists"])),
            read_answers(Path(summary["estimates"])),
            place=title,
            made_up=made_up,
            linked=None if told is None else linked_from(told),
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part:
        part.write_text(page, encoding="utf-8")
