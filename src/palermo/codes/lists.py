"""Code lists: what the values of a coded column mean, read from versioned data files.

A list has two sets of codes. Its members are what the record of a person may hold, among them ``_U`` (asked, not
known), ``_N`` (not asked) and, where it makes sense, ``_Z`` (not applicable). Codes that only a table may hold, such
as the total ``_T``, have labels here too but are not members: a person cannot be a total.

Every file is checked when it is first read. A text that two codes of a list could claim is an error in the file,
so that ``match`` never has to choose.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

from palermo.codes import ages
from palermo.codes.code import Code
from palermo.codes.folding import fold
from palermo.errors import PalermoError, UsageError

_LISTS = resources.files("palermo.codes") / "data" / "lists"
_LIST_KEYS = frozenset({"id", "version", "title", "source", "special", "table_only", "codes"})
_CODE_KEYS = frozenset({"label", "parent", "description", "aliases"})


@dataclass(frozen=True)
class CodeList:
    """A versioned list of codes, in the order of its file.

    ``codes`` are the members; ``table_codes`` are allowed in tables only. ``make`` builds codes that follow a rule
    instead of standing in the file (age bands).
    """

    id: str
    version: str
    title: str
    source: str
    codes: tuple[Code, ...]
    table_codes: tuple[Code, ...] = ()
    make: Callable[[str], Code | None] | None = None

    @cached_property
    def _by_id(self) -> dict[str, Code]:
        return {code.id: code for code in (*self.codes, *self.table_codes)}

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(code.id for code in self.codes)

    @cached_property
    def _by_text(self) -> dict[str, str]:
        return _text_index(self)

    def __iter__(self) -> Iterator[Code]:
        """The members in the order of the file."""
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code_id: object) -> bool:
        """Whether a record may hold this code."""
        if code_id in self._members:
            return True
        return isinstance(code_id, str) and self._made(code_id) is not None

    def __getitem__(self, code_id: str) -> Code:
        """The code of this id, members and table codes alike. Raises ``UsageError`` naming the nearest codes."""
        found = self._by_id.get(code_id) or self._made(code_id)
        if found is None:
            near = ", ".join(self.nearest(code_id)) or "none"
            raise UsageError(f"code list {self.id}: no code {code_id!r}; nearest: {near}")
        return found

    def in_table(self, code_id: str) -> bool:
        """Whether a table may hold this code in a dimension: a member, or a table code such as ``_T``."""
        return code_id in self._by_id or self._made(code_id) is not None

    def children(self, code_id: str) -> tuple[Code, ...]:
        """The codes whose parent is ``code_id``."""
        return tuple(code for code in self.codes if code.parent == code_id)

    def ancestors(self, code_id: str) -> tuple[str, ...]:
        """The parent of the code, the parent's parent and so on."""
        above: list[str] = []
        parent = self[code_id].parent
        while parent is not None:
            above.append(parent)
            parent = self[parent].parent
        return tuple(above)

    def match(self, text: str) -> str | None:
        """The id of the member that ``text`` names by id, label or alias, or None. It never guesses."""
        trimmed = text.strip()
        if trimmed in self:
            return trimmed
        if trimmed.startswith("_"):  # "_u" is the code _U, but folding it would make it the letter u
            return trimmed.upper() if trimmed.upper() in self._members else None
        return self._by_text.get(fold(trimmed)) or self._parsed(trimmed)

    def nearest(self, text: str, n: int = 3) -> list[str]:
        """Up to ``n`` ids of members whose id, label or alias looks most like ``text``, best first."""
        wanted = fold(text)
        if not wanted:
            return []
        scored = process.extract(wanted, list(self._by_text), scorer=fuzz.WRatio, limit=4 * n, score_cutoff=40)
        ids = dict.fromkeys(self._by_text[key] for key, _, _ in scored)
        return list(ids)[:n]

    def _made(self, code_id: str) -> Code | None:
        return self.make(code_id) if self.make is not None else None

    def _parsed(self, text: str) -> str | None:
        """A text in the manner of the rule ("18 to 24"), where the list has a rule."""
        return ages.parse(text) if self.id == "age" else None


def _text_index(code_list: CodeList) -> dict[str, str]:
    """Folded id, label and alias of every member. Raises ``PalermoError`` where two members claim one text."""
    index: dict[str, str] = {}
    for code in code_list.codes:
        ids = () if code.id.startswith("_") else (code.id,)
        for text in (*ids, code.label, *code.aliases):
            if not fold(text):
                raise PalermoError(f"code list {code_list.id}: {text!r} of {code.id} has no letter or digit to compare")
            owner = index.setdefault(fold(text), code.id)
            if owner != code.id:
                raise PalermoError(
                    f"code list {code_list.id}: {text!r} names both {owner} and {code.id}; take it from one of them"
                )
    return index


@cache
def code_list(list_id: str) -> CodeList:
    """The code list of this id. Raises ``UsageError`` naming the lists there are."""
    if list_id not in list_ids():
        raise UsageError(f"no code list {list_id!r}; lists: {', '.join(list_ids())}")
    name = f"{list_id}.toml"
    document = tomllib.loads((_LISTS / name).read_text(encoding="utf-8"))
    return list_from_document(document, name)


@cache
def list_ids() -> tuple[str, ...]:
    """The ids of all code lists, sorted."""
    names = (entry.name for entry in _LISTS.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml") and n != "special.toml"))


def list_from_document(document: dict[str, Any], where: str) -> CodeList:
    """Build and check a list from a parsed TOML document; ``where`` names the file in errors."""
    _check_keys(document, _LIST_KEYS, {"id", "version", "title", "source", "codes"}, where)
    codes = [
        _code(code_id, raw, f"{where}: [codes.{code_id}]", document["id"]) for code_id, raw in document["codes"].items()
    ]
    codes += [_special(code_id, where) for code_id in document.get("special", ())]
    tables = [_special(code_id, where) for code_id in document.get("table_only", ())]
    made = CodeList(
        id=document["id"],
        version=document["version"],
        title=document["title"],
        source=document["source"],
        codes=tuple(codes),
        table_codes=tuple(tables),
        make=ages.band_code if document["id"] == "age" else None,
    )
    _check_list(made, where)
    return made


def _code(code_id: str, raw: dict[str, Any], where: str, list_id: str) -> Code:
    _check_keys(raw, _CODE_KEYS, {"label"}, where)
    band = ages.bounds(code_id) if list_id == "age" else None
    if list_id == "age" and band is None:
        raise PalermoError(f"{where}: not an age band; write YaTb, Ya or Y_GEa")
    return Code(
        id=code_id,
        label=raw["label"],
        parent=raw.get("parent"),
        description=raw.get("description", ""),
        aliases=tuple(raw.get("aliases", ())),
        lower=band[0] if band else None,
        upper=band[1] if band else None,
    )


@cache
def _specials() -> dict[str, Code]:
    document = tomllib.loads((_LISTS / "special.toml").read_text(encoding="utf-8"))
    return {
        code_id: _code(code_id, raw, f"special.toml: [codes.{code_id}]", "special")
        for code_id, raw in document["codes"].items()
    }


def _special(code_id: str, where: str) -> Code:
    if code_id not in _specials():
        raise PalermoError(f"{where}: {code_id!r} is not in special.toml, which has {', '.join(_specials())}")
    return _specials()[code_id]


def _check_keys(raw: dict[str, Any], allowed: frozenset[str], needed: set[str], where: str) -> None:
    if unexpected := set(raw) - allowed:
        raise PalermoError(f"{where}: unknown keys {', '.join(sorted(unexpected))}")
    if missing := needed - set(raw):
        raise PalermoError(f"{where}: keys missing: {', '.join(sorted(missing))}")


def _check_list(made: CodeList, where: str) -> None:
    ids = [code.id for code in (*made.codes, *made.table_codes)]
    if len(ids) != len(set(ids)):
        raise PalermoError(f"{where}: a code stands twice among {', '.join(sorted(ids))}")
    known = set(ids)
    for code in made.codes:
        if not code.label.strip():
            raise PalermoError(f"{where}: [codes.{code.id}] has an empty label")
        if code.parent is not None and code.parent not in known:
            raise PalermoError(f"{where}: [codes.{code.id}] has parent {code.parent!r}, which is not in the list")
        if code.id in _chain(made, code):
            raise PalermoError(f"{where}: [codes.{code.id}] is its own ancestor")
    made.match("")  # builds the text index, which fails on a text that names two codes


def _chain(made: CodeList, code: Code) -> set[str]:
    """The ancestors of a code, stopping where they would repeat."""
    above: set[str] = set()
    parent = code.parent
    while parent is not None and parent not in above:
        above.add(parent)
        parent = made[parent].parent
    return above
