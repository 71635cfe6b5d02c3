"""The mapping: how the columns of a file become the columns of a Palermo table.

A mapping is data (TOML), written by ``palermo map`` or by hand and kept beside the file. The adapters for known
microdata shapes are mappings too, shipped in ``intake/shapes/mappings/``, so that there is one way to convert a row.
"""

import tomllib
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date
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
_TABLES = ("values", "flags")


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
    head, targets = (_table(document, key, where) for key in ("mapping", "fields"))
    table = head.get("table", "cases")
    if not isinstance(table, str) or table not in TABLES:
        raise UsageError(f"{where}: table = {table!r}; expected one of {', '.join(TABLES)}")
    fields = tuple(_field(target, raw, table, where) for target, raw in targets.items())
    if not fields:
        raise UsageError(f"{where}: no [fields.*] tables; nothing would be read")
    named = _head(head, table, where)
    named.setdefault("name", Path(where).stem)
    named["table"] = table
    ignored = {column: str(reason) for column, reason in _table(document, "ignored", where).items()}
    return Mapping(fields=fields, ignored=ignored, identity=identity_of(document, table, where), **named)


def _head(head: MappingType[str, Any], table: str, where: str) -> dict[str, Any]:
    """What stands in ``[mapping]``, each of the right kind."""
    allowed = set(Mapping.__dataclass_fields__) - {"fields", "ignored", "identity"}
    if unexpected := sorted(set(head) - allowed):
        raise UsageError(f"{where}: [mapping] has unknown keys {', '.join(unexpected)}")
    if "sealed" in head and (table != "cases" or not isinstance(head["sealed"], str)):
        raise UsageError(f"{where}: [mapping] sealed: expected the header of one yes/no column of a table of cases")
    row = head.get("header_row", 1)
    if type(row) is not int or row < 1:
        raise UsageError(f"{where}: [mapping] header_row: found {row!r}, expected the number of a line, 1 or more")
    return {
        key: value if key == "header_row" else _text(value, f"{where}: [mapping] {key}") for key, value in head.items()
    }


def _field(target: str, raw: object, table: str, where: str) -> FieldMapping:
    names = TABLES[table].names
    if target not in names:
        raise UsageError(f"{where}: [fields.{target}] is not a column of {table}; columns: {', '.join(names)}")
    if not isinstance(raw, dict):
        raise UsageError(
            f'{where}: fields.{target} = {raw!r}; expected a table, as [fields.{target}] and column = "..."'
        )
    if unexpected := sorted(set(raw) - _FIELD_KEYS):
        raise UsageError(f"{where}: [fields.{target}] has unknown keys {', '.join(unexpected)}")
    options: dict[str, Any] = {
        key: _option(key, value, f"{where}: [fields.{target}] {key}") for key, value in raw.items()
    }
    return FieldMapping(target, **options)


def _option(key: str, value: object, at: str) -> str | tuple[str, ...] | dict[str, str]:
    if key in _TABLES:
        if not isinstance(value, dict):
            raise UsageError(f"{at}: found {value!r}, expected a table of text = code")
        return {text: _text(code, f"{at}: {text}") for text, code in value.items()}
    if key in _TUPLES:
        several = value if isinstance(value, list) else [value]
        return tuple(_text(one, at) for one in several)
    if key == "separator" and value == "":
        raise UsageError(f"{at}: found '', expected what stands between the values of a cell, such as ;")
    return _text(value, at)


def _text(value: object, at: str) -> str:
    """The value as a cell would hold it: people write a year or a mark such as 99 without quotes."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise UsageError(f"{at}: found {value!r}, expected a text in quotes")


def _table(document: MappingType[str, Any], key: str, where: str) -> dict[str, Any]:
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise UsageError(f"{where}: {key} = {value!r}; expected a table [{key}]")
    return dict(value)
