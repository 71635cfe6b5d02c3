"""The words by which `palermo map` recognises columns and values, read from ``lexicon.toml``.

The lexicon serves proposals only: conversion knows the code lists and the mapping file, so that what a word was taken
to mean always stands in the mapping, where a person can read and correct it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from palermo.codes.folding import fold
from palermo.errors import PalermoError

Words = tuple[str, ...]

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_SPLIT = re.compile(r"[\W_]+")


def words_of(text: str) -> Words:
    """The folded words of a header: "yearOfRegistration", "YEAR_OF_REGISTRATION" and "Year of registration" agree."""
    parts = (fold(part) for part in _SPLIT.split(_CAMEL.sub(" ", text)))
    return tuple(part for part in parts if part)


def telling_words(words: Words) -> Words:
    """The words without those that say nothing, or all of them where nothing would be left."""
    return tuple(word for word in words if word not in lexicon().filler) or words


@dataclass(frozen=True)
class Lexicon:
    """The lexicon in the form in which it is asked: header words by target, folded value texts by list."""

    targets: Mapping[str, Mapping[str, tuple[Words, ...]]]  # table -> target -> aliases
    tables: Mapping[str, frozenset[str]]  # table -> words that speak for it
    personal: Mapping[str, tuple[Words, ...]]  # what it points at -> aliases
    identity: Mapping[str, tuple[Words, ...]]  # key of [identity] -> aliases
    flags: Mapping[str, tuple[Words, ...]]  # target -> words before the answer
    values: Mapping[str, Mapping[str, str]]  # list -> folded text -> code
    missing_texts: frozenset[str]
    missing_numbers: frozenset[str]
    not_asked_texts: frozenset[str]
    filler: frozenset[str]  # words that carry no meaning in a header


@cache
def lexicon() -> Lexicon:
    """The lexicon that the package ships. Raises ``PalermoError`` where one text of a list names two codes."""
    raw = (resources.files("palermo.intake.propose") / "lexicon.toml").read_text(encoding="utf-8")
    document = tomllib.loads(raw)
    return Lexicon(
        targets={table: _targets(document["targets"], table) for table in document["targets"]},
        tables={table: frozenset(fold(word) for word in words) for table, words in document["tables"].items()},
        personal={what: _aliases(texts) for what, texts in document["personal"].items()},
        identity={key: _aliases(texts) for key, texts in document["identity"].items()},
        flags={target: _aliases(texts) for target, texts in document["flags"].items()},
        values={list_id: _texts(list_id, codes) for list_id, codes in document["values"].items()},
        missing_texts=_folded(document["missing"]["texts"]),
        missing_numbers=frozenset(document["missing"]["numbers"]),
        not_asked_texts=_folded(document["missing"]["not_asked"]),
        filler=_folded(document["headers"]["filler"]),
    )


def _targets(tables: Mapping[str, Any], table: str) -> dict[str, tuple[Words, ...]]:
    """Aliases of one table; a text in place of a list names the table whose aliases are used."""
    return {
        target: _aliases(tables[texts][target] if isinstance(texts, str) else texts)
        for target, texts in tables[table].items()
    }


def _aliases(texts: list[str]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(words_of(text) for text in texts))


def _folded(texts: list[str]) -> frozenset[str]:
    """Folded texts; marks such as "--" fold to nothing and are kept as they are."""
    return frozenset(fold(text) or text for text in texts)


def _texts(list_id: str, codes: Mapping[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, texts in codes.items():
        for text in texts:
            if found.setdefault(fold(text), code) != code:
                raise PalermoError(f"lexicon.toml: [values.{list_id}] {text!r} names two codes")
    return found
