"""The mapping: how the columns of a file become the columns of a Palermo table.

A mapping is data (TOML), written by ``palermo map`` or by hand and kept beside the file. The adapters for known
microdata shapes are mappings too, shipped in ``intake/shapes/mappings/``, so that there is one way to convert a row.
"""

import tomllib
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palermo.errors import UsageError
from palermo.intake.identity import Identity, identity_of
from palermo.intake.schema import TABLES

YES = ("1", "1.0", "true", "yes", "y", "x")
NO = ("0", "0.0", "false", "no", "n")


@dataclass(frozen=True)
class FieldMapping:
    """How one column of the target table is made.

    ``column`` is the source header. ``values`` maps source text to a code; text not listed there is looked up in
    the code list of the target column. ``flags`` maps source headers of yes/no columns to a code each, for
    multi-valued targets. ``separator`` splits one cell into several values. ``constant`` needs no source column.
    ``unknown`` and ``not_asked`` list the texts (compared without case and outer spaces) that mean each.
    """

    target: str
    column: str | None = None
    values: MappingType[str, str] = field(default_factory=dict)
    flags: MappingType[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    separator: str | None = None
    constant: str | None = None
    unknown: tuple[str, ...] = ("",)
    not_asked: tuple[str, ...] = ()
    date_format: str | None = None  # strptime pattern; ISO 8601 where absent


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. ``ignored`` names source columns left out on purpose, each with the reason."""

    name: str
    table: str
    fields: tuple[FieldMapping, ...]
    title: str = ""
    version: str = "1"
    encoding: str | None = None  # sniffed where absent
    delimiter: str | None = None  # sniffed where absent
    sheet: str | None = None  # first sheet where absent
    header_row: int = 1
    ignored: MappingType[str, str] = field(default_factory=dict)
    unit_note: str = ""  # what one row is, in words
    sealed: str | None = None  # the yes/no column that puts a person under seal; its answers are kept apart
    identity: Identity | None = None  # the columns that say who a person is; they are kept apart from the cases

    def source_columns(self) -> set[str]:
        """Every source header that the mapping reads."""
        columns = {f.column for f in self.fields if f.column is not None}
        for f in self.fields:
            columns.update(f.flags)
        columns |= {self.sealed} if self.sealed else set()
        return columns | set(self.identity.columns() if self.identity else ())


_FIELD_KEYS = frozenset(FieldMapping.__dataclass_fields__) - {"target"}
_TUPLES = ("yes", "no", "unknown", "not_asked")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises ``UsageError`` naming the file and the faulty key."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: mapping file not found; write one with `palermo map FILE`") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a TOML file: {error}") from None
    return mapping_from_document(document, str(path))


def mapping_from_document(document: dict[str, Any], where: str) -> Mapping:
    """Build a mapping from a parsed TOML document; ``where`` names it in errors."""
    head = dict(document.get("mapping", {}))
    table = head.get("table", "cases")
    if table not in TABLES:
        raise UsageError(f"{where}: table = {table!r}; expected one of {', '.join(TABLES)}")
    names = set(TABLES[table].names)
    fields = []
    for target, raw in document.get("fields", {}).items():
        if target not in names:
            raise UsageError(f"{where}: [fields.{target}] is not a column of {table}; columns: {', '.join(names)}")
        unexpected = set(raw) - _FIELD_KEYS
        if unexpected:
            raise UsageError(f"{where}: [fields.{target}] has unknown keys {', '.join(sorted(unexpected))}")
        options: dict[str, Any] = {key: tuple(value) if key in _TUPLES else value for key, value in raw.items()}
        fields.append(FieldMapping(target, **options))
    if not fields:
        raise UsageError(f"{where}: no [fields.*] tables; nothing would be read")
    allowed = set(Mapping.__dataclass_fields__) - {"fields", "ignored", "identity"}
    unexpected = set(head) - allowed
    if unexpected:
        raise UsageError(f"{where}: [mapping] has unknown keys {', '.join(sorted(unexpected))}")
    if "sealed" in head and (table != "cases" or not isinstance(head["sealed"], str)):
        raise UsageError(f"{where}: [mapping] sealed: expected the header of one yes/no column of a table of cases")
    head.setdefault("name", Path(where).stem)
    head["table"] = table
    identity = identity_of(document, table, where)
    return Mapping(fields=tuple(fields), ignored=document.get("ignored", {}), identity=identity, **head)
