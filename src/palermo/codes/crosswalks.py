"""Crosswalks: our codes in the words of other standards, and back, with what is lost on the way.

A crosswalk is a data file. The decision a reader may question: a loss is never worked out silently, it stands in the
file as an entry with its reason, and ``faults`` finds every code that is neither carried both ways nor declared.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from palermo.codes.folding import fold
from palermo.codes.lists import CodeList, code_list
from palermo.errors import PalermoError, UsageError

__all__ = ["Crosswalk", "ListMap", "Loss", "crosswalk", "crosswalk_from_document", "crosswalk_ids"]

TO, FROM = "to_palermo", "from_palermo"
# merged: several codes become one. narrower, wider: the counterpart means less, or more. none: there is no counterpart.
KINDS = ("merged", "narrower", "wider", "none")
RECORDS, TABLES = "records", "tables"

_FOLDER = resources.files("palermo.codes") / "data" / "crosswalks"
_KEYS = frozenset({"id", "version", "title", "source", "scope", "lists"})
_LIST_KEYS = frozenset({"field", "same", TO, FROM, "also", "lost"})


@dataclass(frozen=True)
class Loss:
    """What one code loses on the way. ``code`` is ours when ``direction`` is ``from_palermo``, else the standard's."""

    direction: str
    list: str
    code: str
    kind: str
    lost: str


@dataclass(frozen=True)
class ListMap:
    """One of our lists in one standard. ``field`` names the standard's own list or columns.

    ``also`` are further spellings of the standard's codes. ``same`` says that the standard uses our ids wherever
    neither table names a code.
    """

    list: CodeList
    field: str
    to_palermo: Mapping[str, tuple[str, ...]]
    from_palermo: Mapping[str, str]
    also: Mapping[str, str]
    losses: tuple[Loss, ...]
    same: bool = False

    @cached_property
    def _by_text(self) -> Mapping[str, str]:
        """Folded spellings of the standard's codes; marks such as ``_T`` are compared as they stand."""
        spellings = {**{code: code for code in self.to_palermo}, **self.also}
        return {fold(text): code for text, code in spellings.items() if not text.startswith("_")}

    @cached_property
    def declared(self) -> frozenset[tuple[str, str]]:
        """Direction and code of every declared loss."""
        return frozenset((loss.direction, loss.code) for loss in self.losses)

    def ours(self, text: str) -> tuple[str, ...] | None:
        """Our codes for a text of the standard, or None."""
        trimmed = text.strip()
        code = trimmed if trimmed in self.to_palermo else self.also.get(trimmed) or self._by_text.get(fold(trimmed))
        if code is not None and code in self.to_palermo:
            return self.to_palermo[code]
        if self.same and (TO, trimmed) not in self.declared and self.list.in_table(trimmed):
            return (trimmed,)
        return None

    def theirs(self, code: str) -> str | None:
        """The standard's code for one of ours, or None."""
        found = self.from_palermo.get(code)
        if found is None and self.same and (FROM, code) not in self.declared:
            return code
        return found


@dataclass(frozen=True)
class Crosswalk:
    """One standard. ``scope`` is ``records`` (codes of persons) or ``tables`` (totals and other table codes too)."""

    id: str
    version: str
    title: str
    source: str
    scope: str
    maps: Mapping[str, ListMap]

    @property
    def lists(self) -> tuple[str, ...]:
        """The ids of our lists that the crosswalk covers."""
        return tuple(self.maps)

    def to_palermo(self, list_id: str, text: str) -> tuple[str, ...] | None:
        """Our codes for a code or label of the standard, or None where it has no counterpart or is not known.

        More than one code means that the standard has merged them: it is one or more of these, and it does not say
        which.
        """
        return self._map(list_id).ours(text)

    def from_palermo(self, list_id: str, code: str) -> str | None:
        """The standard's code for one of ours, or None where it has none. Raises ``UsageError`` for no code of ours."""
        list_map = self._map(list_id)
        return list_map.theirs(list_map.list[code].id)

    def losses(self, list_id: str | None = None) -> tuple[Loss, ...]:
        """Everything that is lost, of one list or of all, in the order of the file."""
        maps = self.maps.values() if list_id is None else [self._map(list_id)]
        return tuple(loss for list_map in maps for loss in list_map.losses)

    def faults(self) -> tuple[str, ...]:
        """Every code that does not come back as itself although no loss is declared. Empty in a sound crosswalk."""
        return tuple(fault for list_map in self.maps.values() for fault in self._faults_of(list_map))

    def _faults_of(self, list_map: ListMap) -> list[str]:
        where = f"crosswalk {self.id}, list {list_map.list.id}"
        table_codes = list_map.list.table_codes if self.scope == TABLES else ()
        faults = []
        for code in (c.id for c in (*list_map.list.codes, *table_codes)):
            text = list_map.theirs(code)
            if (text is None or list_map.ours(text) != (code,)) and (FROM, code) not in list_map.declared:
                faults.append(
                    f"{where}: our {code} becomes {text!r}, which does not come back, and no loss is declared"
                )
        for text in list_map.to_palermo:
            back = [list_map.theirs(code) for code in list_map.to_palermo[text]]
            if back != [text] and (TO, text) not in list_map.declared:
                faults.append(f"{where}: their {text!r} does not come back, and no loss is declared")
        faults += [
            f"{where}: our {code} becomes {text!r}, which the file does not know"
            for code, text in list_map.from_palermo.items()
            if list_map.ours(text) is None
        ]
        return faults

    def _map(self, list_id: str) -> ListMap:
        if list_id not in self.maps:
            raise UsageError(
                f"crosswalk {self.id} does not cover the list {list_id!r}; it covers {', '.join(self.maps)}"
            )
        return self.maps[list_id]


@cache
def crosswalk_ids() -> tuple[str, ...]:
    """The ids of all crosswalks, sorted."""
    return tuple(sorted(e.name.removesuffix(".toml") for e in _FOLDER.iterdir() if e.name.endswith(".toml")))


@cache
def crosswalk(crosswalk_id: str) -> Crosswalk:
    """The crosswalk of this id. Raises ``UsageError`` naming those there are."""
    if crosswalk_id not in crosswalk_ids():
        raise UsageError(f"no crosswalk {crosswalk_id!r}; crosswalks: {', '.join(crosswalk_ids())}")
    name = f"{crosswalk_id}.toml"
    return crosswalk_from_document(tomllib.loads((_FOLDER / name).read_text(encoding="utf-8")), name)


def crosswalk_from_document(document: Mapping[str, Any], where: str) -> Crosswalk:
    """Build a crosswalk from a parsed TOML document. Raises ``PalermoError`` naming the faulty key."""
    if set(document) != _KEYS or document["scope"] not in {RECORDS, TABLES}:
        raise PalermoError(f"{where}: expected the keys {', '.join(sorted(_KEYS))}, scope being records or tables")
    return Crosswalk(
        id=document["id"],
        version=document["version"],
        title=document["title"],
        source=document["source"],
        scope=document["scope"],
        maps={list_id: _list_map(list_id, raw, where) for list_id, raw in document["lists"].items()},
    )


def _list_map(list_id: str, raw: Mapping[str, Any], where: str) -> ListMap:
    here = f"{where}: [lists.{list_id}]"
    if unexpected := set(raw) - _LIST_KEYS:
        raise PalermoError(f"{here}: unknown keys {', '.join(sorted(unexpected))}")
    ours = code_list(list_id)
    lost = raw.get("lost", {})
    made = ListMap(
        list=ours,
        field=raw["field"],
        to_palermo={text: tuple(codes) for text, codes in raw.get(TO, {}).items()},
        from_palermo=raw.get(FROM, {}),
        also=raw.get("also", {}),
        losses=tuple(
            _loss(direction, list_id, code, entry, here)
            for direction in (FROM, TO)
            for code, entry in lost.get(direction, {}).items()
        ),
        same=raw.get("same", False),
    )
    for code in (*made.from_palermo, *(code for codes in made.to_palermo.values() for code in codes)):
        if not ours.in_table(code):
            raise PalermoError(f"{here}: {code!r} is not a code of the list; nearest: {', '.join(ours.nearest(code))}")
    return made


def _loss(direction: str, list_id: str, code: str, entry: Mapping[str, str], here: str) -> Loss:
    if set(entry) != {"kind", "lost"} or entry["kind"] not in KINDS:
        raise PalermoError(f"{here}: lost.{direction}.{code}: expected kind ({', '.join(KINDS)}) and lost (in words)")
    return Loss(direction, list_id, code, entry["kind"], entry["lost"])
