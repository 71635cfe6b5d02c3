"""A new workspace: ``palermo.toml`` written for the files that an office has, with a mapping proposed where needed.

The decision a reader would question: nothing is read in yet. The settings are for a person to look at first, and a
proposed mapping says of itself that it must be checked.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from palermo.codes import areas
from palermo.errors import UsageError
from palermo.intake.propose import proposal_toml, propose_mapping
from palermo.intake.registry import adapter_for
from palermo.settings import WORLD
from palermo.settings_file import source_name
from palermo.whole_files import whole
from palermo.workspace import FILE_NAME

LINKAGE_ADVICE = (
    "Records that share a number are joined. Where mappings have a table [identity], names join them too; then label a",
    "sample with `palermo review`. To leave names unread, take the marks off.",
    "[linkage]",
    'method = "keys"',
)
HIDDEN_ADVICE = (
    "To estimate those whom no list saw, take the marks off; it needs two lists or more that share identifiers.",
    "[hidden]",
    'by = ["sex", "age"]',
)


@dataclass(frozen=True)
class NewSource:
    """How a file will be read: by a known shape, or by a mapping that was proposed for it."""

    name: str
    path: Path
    adapter: str | None
    mapping: Path | None
    public: bool

    def summary(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "name": self.name,
            "path": str(self.path),
            "adapter": self.adapter,
            "mapping": str(self.mapping) if self.mapping else None,
            "public": self.public,
        }


def make_workspace(
    root: Path,
    area: str,
    files: Sequence[Path],
    *,
    title: str | None = None,
    years: tuple[int, int] | None = None,
    population: Path | None = None,
) -> list[NewSource]:
    """Write ``palermo.toml`` (and proposed mappings) into ``root``.

    Raises ``UsageError`` where a workspace stands there already, a file is missing, or the area is not known.
    """
    if (root / FILE_NAME).exists():
        raise UsageError(f"{root / FILE_NAME} exists already; edit it, or choose another folder")
    code = _area_code(area)
    if missing := [str(file) for file in (*files, *([population] if population else [])) if not file.is_file()]:
        raise UsageError(f"no such file: {', '.join(missing)}")
    root.mkdir(parents=True, exist_ok=True)
    sources: list[NewSource] = []
    for file in files:
        sources.append(_source(file, root, {source.name for source in sources}))
    text = tomlkit.dumps(_document(root, code, sources, title, years, population))
    with whole(root / FILE_NAME) as part:
        part.write_text(text, encoding="utf-8")
    return sources


def _area_code(area: str) -> str:
    if area in {WORLD, "world", "World"}:
        return WORLD
    code = areas.match(area)
    if code is None:
        near = ", ".join(f"{found} ({areas.name(found)})" for found in areas.nearest(area))
        raise UsageError(f"--area {area}: not a country or area we know; nearest: {near or 'none'}. World is {WORLD}")
    return code


def _source(file: Path, root: Path, taken: set[str]) -> NewSource:
    stem = source_name(file)
    name = next(n for n in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if n not in taken)
    try:
        adapter = adapter_for(file)
    except UsageError:
        mapping = root / "mappings" / f"{name}.toml"
        mapping.parent.mkdir(exist_ok=True)
        mapping.write_text(proposal_toml(propose_mapping(file)), encoding="utf-8")
        return NewSource(name, file, None, mapping, public=False)
    return NewSource(name, file, adapter.name, None, public=adapter.tables == ("observations",))


def _document(
    root: Path,
    area: str,
    sources: Sequence[NewSource],
    title: str | None,
    years: tuple[int, int] | None,
    population: Path | None,
) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment("What one account is made of. Every key is explained in docs/reference/settings.md."))
    account: dict[str, Any] = {"title": title or f"Trafficking in persons: {areas.name(area)}", "area": area}
    if years is not None:
        account["years"] = list(years)
    document["account"] = account
    document["rules"] = {"forms": "each", "age_in_doubt": "unknown", "k_tables": 5, "k_microdata": 10}
    if sum(not source.public for source in sources) > 1:
        for advice in (LINKAGE_ADVICE, HIDDEN_ADVICE):
            document.add(tomlkit.nl())
            for line in advice:
                document.add(tomlkit.comment(line))
    if population is not None:
        document["population"] = {"file": _relative(population, root)}
    tables = tomlkit.aot()
    for source in sources:
        table = tomlkit.table()
        table["name"] = source.name
        table["path"] = _relative(source.path, root)
        if source.adapter:
            table["adapter"] = source.adapter
        if source.mapping:
            table["mapping"] = _relative(source.mapping, root)
            table["mapping"].comment("proposed: check it before you rely on any figure")
        table["public"] = source.public
        if source.public and area != WORLD:
            table["area"] = area
            table["area"].comment("for figures whose file does not say where")
        tables.append(table)
    document["source"] = tables
    return document


def _relative(path: Path, root: Path) -> str:
    """Relative to the workspace, so that the folder and its files can move together."""
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()
