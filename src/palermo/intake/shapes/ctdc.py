"""The shapes of the Counter-Trafficking Data Collaborative, each a mapping shipped beside this module.

The three families of files differ little and in ways that matter: flags are 1 or blank in the synthetic files and 1, 0
or -99 in the k-anonymised one, whose countries have two letters (``NA`` is Namibia) and whose citizenship ``0`` is
unknown. The victim-perpetrator file has two units in a row, so it fills two tables.
"""

import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from palermo.intake.convert import read_mapped
from palermo.intake.head import Head, read_head
from palermo.intake.identity import ONE_COLUMN, Identity
from palermo.intake.mapping import Mapping, mapping_from_document
from palermo.intake.registry import Adapter, Batch, SourceOptions
from palermo.intake.shapes.victim_perpetrator import SETS, read_both, set_mappings

_MAPPINGS = resources.files("palermo.intake.shapes") / "mappings"


@cache
def shipped_document(name: str) -> dict[str, Any]:
    """The parsed mapping file of this name in ``shapes/mappings``."""
    return tomllib.loads((_MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def shipped_mapping(name: str) -> Mapping:
    """The mapping in that file."""
    return mapping_from_document(shipped_document(name), f"{name}.toml")


def present_only(mapping: Mapping, columns: Collection[str]) -> Mapping:
    """The mapping without the columns that a shorter edition of the file leaves out; they count as not asked."""
    fields = []
    for field in mapping.fields:
        flags = {column: code for column, code in field.flags.items() if column in columns}
        column = field.column if field.column in columns else None
        if flags or column or field.constant is not None:
            fields.append(replace(field, flags=flags, column=column))
    return replace(mapping, fields=tuple(fields), identity=_present(mapping.identity, columns))


def _present(identity: Identity | None, columns: Collection[str]) -> Identity | None:
    if identity is None:
        return None
    named = {key: getattr(identity, key) for key in ONE_COLUMN}
    absent: dict[str, Any] = {key: None for key, column in named.items() if column not in columns}
    others = tuple(column for column in identity.other_names if column in columns)
    found = replace(identity, other_names=others, **absent)
    return found if found.columns() else None


def _recognises(needed: frozenset[str], absent: frozenset[str] = frozenset()) -> Callable[[Head], bool]:
    def recognise(head: Head) -> bool:
        columns = frozenset(head.columns)
        return needed <= columns and not absent & columns

    return recognise


def _reads(mapping: Mapping) -> Callable[[Path, SourceOptions], Iterator[Batch]]:
    def read(path: Path, options: SourceOptions) -> Iterator[Batch]:
        head = read_head(path, options.encoding or mapping.encoding, options.delimiter, options.sheet)
        return read_mapped(path, options, present_only(mapping, head.columns))

    return read


def _adapter(name: str, needed: frozenset[str], absent: frozenset[str] = frozenset()) -> Adapter:
    mapping = shipped_mapping(name)
    return Adapter(
        mapping.name, mapping.title, ("cases",), _recognises(needed, absent), _reads(mapping), mapping=mapping
    )


def _read_pairs(path: Path, options: SourceOptions) -> Iterator[Batch]:
    sets = set_mappings(shipped_document(_PAIRS), f"{_PAIRS}.toml")
    return read_both(path, options, shipped_mapping(_PAIRS), sets)


def _pairs() -> Adapter:
    mapping = shipped_mapping(_PAIRS)
    needed = frozenset({*mapping.source_columns(), *mapping.ignored, "IP_Exploiter", "IP_Gender", "IP_PayMoney"})
    return Adapter(mapping.name, mapping.title, ("cases", SETS), _recognises(needed), _read_pairs, mapping=mapping)


_PAIRS = "ctdc_vp_2022"
_CORE = frozenset({"yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation"})

# From the narrowest shape to the widest: an extract of the k-anonymised file has few columns of its own.
ADAPTERS = (
    _pairs(),
    _adapter("ctdc_global_2024", _CORE | {"meansAbusePsyPhySex"}),
    _adapter("ctdc_synthetic_2021", _CORE | {"traffickMonths", "typeOfSexOther"}, frozenset({"Datasource"})),
    _adapter("ctdc_kanon", _CORE | {"isForcedLabour", "isSexualExploit"}),
)
