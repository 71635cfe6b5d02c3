"""What each figure means: indicator definitions, read from versioned data files.

A definition says in words what is counted and names, for the engine, the table, the dimensions and the rule. The
decision a reader would question: a definition holds no code. What is counted changes by editing its file and raising
its version, and both stand in the receipt of every figure.
"""

import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from typing import Any

from palermo.account.schema import DIMENSIONS
from palermo.errors import PalermoError

_FOLDER = resources.files("palermo.account") / "definitions"
TABLES = ("persons", "cases", "suspects", "observations", "cube", "estimates")


@dataclass(frozen=True)
class Definition:
    """One indicator.

    ``rule`` names the way it is made (``count`` is the plain one), ``select`` which rows count, ``year`` the column
    of the year, ``dimensions`` what it is broken down by, ``no_total`` the dimensions that have no total. ``minimum``
    leaves smaller figures out. ``derived_from`` names the indicators from whose cells its figures follow, each with
    the years by which that cell is later: protection must hide them together. ``settings`` are the rule's own.
    """

    id: str
    version: str
    title: str
    measure: str
    unit: str
    kind: str
    table: str
    words: str
    source: str
    rule: str = "count"
    select: str = "all"
    year: str = "year"
    dimensions: tuple[str, ...] = ()
    no_total: tuple[str, ...] = ()
    minimum: int = 0
    derived_from: tuple[tuple[str, int], ...] = ()
    settings: dict[str, Any] = field(default_factory=dict, hash=False)

    def header(self) -> dict[str, Any]:
        """What a receipt says of the definition."""
        return {
            "id": self.id,
            "version": self.version,
            "title": self.title,
            "words": self.words,
            "source": self.source,
            "measure": self.measure,
            "unit": self.unit,
            "kind": self.kind,
            "dimensions": list(self.dimensions),
            "minimum": self.minimum,
            "derived_from": [{"indicator": name, "years_later": later} for name, later in self.derived_from],
            "settings": self.settings,
        }


@cache
def definitions() -> dict[str, Definition]:
    """Every indicator by id. Raises ``PalermoError`` where a file is faulty."""
    found = {}
    for file in sorted(_FOLDER.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        made = _definition(tomllib.loads(file.read_text(encoding="utf-8")), file.name)
        if file.name != f"{made.id}.toml":
            raise PalermoError(f"definitions/{file.name}: holds the id {made.id!r}; the file must be named after it")
        found[made.id] = made
    return found


def _definition(document: dict[str, Any], where: str) -> Definition:
    known = {item.name for item in fields(Definition)}
    if unknown := sorted(set(document) - known):
        raise PalermoError(f"definitions/{where}: unknown keys {', '.join(unknown)}")
    document["dimensions"] = tuple(document.get("dimensions", ()))
    document["no_total"] = tuple(document.get("no_total", ()))
    document["derived_from"] = tuple((name, int(later)) for name, later in document.get("derived_from", ()))
    try:
        made = Definition(**document)
    except TypeError as error:
        raise PalermoError(f"definitions/{where}: {error}") from None
    if made.table not in TABLES:
        raise PalermoError(f"definitions/{where}: table {made.table!r}; expected one of {', '.join(TABLES)}")
    if strange := [name for name in made.dimensions if name not in (*DIMENSIONS, "origin")]:
        raise PalermoError(f"definitions/{where}: dimensions {', '.join(strange)} are none of the cube")
    return made


def reference() -> str:
    """All definitions as Markdown, for ``docs/reference/indicators.md``."""
    parts = []
    for made in definitions().values():
        broken = ", ".join(made.dimensions).replace("time_period", "period").replace("_", " ")
        facts = [f"unit `{made.unit}`", f"kind `{made.kind}`", f"by {broken}", f"made from {made.table}"]
        if made.minimum:
            facts.append(f"at least {made.minimum}")
        if made.derived_from:
            facts.append("follows from " + ", ".join(f"`{name}`" for name, _ in made.derived_from))
        parts.append(
            f"### {made.title}\n\n`{made.id}`, version {made.version}: {'; '.join(facts)}.\n\n{made.words}\n\n"
            f"Source of the definition: {made.source}.\n"
        )
    return "\n".join(parts)


def of_table(table: str) -> list[Definition]:
    """The definitions that count the rows of one table."""
    return [definition for definition in definitions().values() if definition.table == table]
