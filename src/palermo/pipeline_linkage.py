"""Which way of linkage a workspace asks for, and what later stages know of it. Light: it does not load Splink."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from palermo.errors import UsageError
from palermo.hidden.links import Links
from palermo.provenance import file_sha256
from palermo.settings import CLEAR, KEYS
from palermo.workspace import Workspace

Summary = dict[str, Any]
TABLES = ("memberships", "records", "thresholds", "rates", "threshold_rates", "draws")


def method_of(workspace: Workspace, sources: Sequence[Summary]) -> str:
    """How records are joined: as the settings say, else by names where any list of cases has them.

    Raises ``UsageError`` where names are asked for and no list has any.
    """
    asked = workspace.settings.linkage.method
    named = any(source["identities"] for source in sources)
    if asked == CLEAR and not named:
        raise UsageError(
            f'{workspace.root}: [linkage] method = "clear" needs names, and no mapping has a table [identity]; name '
            'their columns there, or use method = "keys"'
        )
    if absent := [str(one.encoded) for one in workspace.settings.sources if one.encoded and not one.encoded.is_file()]:
        raise UsageError(f"{workspace.root}: no such file of encodings: {', '.join(absent)}")
    return asked or (CLEAR if named else KEYS)


def links_of(persons: Summary) -> Links | None:
    """What the hidden number needs to know of linkage; None where records were joined by shared numbers alone."""
    links = persons["links"]
    if links is None:
        return None
    tables = {name: Path(links[name]) if links.get(name) else None for name in TABLES}
    return Links(
        records=_there(tables["records"]),
        thresholds=_there(tables["thresholds"]),
        rates=_there(tables["rates"]),
        draws=tables["draws"],
        threshold=links["threshold"],
        labelled=links["labelled"],
        threshold_rates=tables["threshold_rates"],
        refused=links.get("refused"),
    )


def _there(path: Path | None) -> Path:
    assert path is not None  # linkage always writes it
    return path


def print_of(persons: Summary) -> dict[str, str] | None:
    """Hashes of the tables that the hidden number reads."""
    links = persons["links"]
    return None if links is None else {name: file_sha256(Path(links[name])) for name in TABLES if links.get(name)}
