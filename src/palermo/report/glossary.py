"""The words of the account for its readers, from a data file, in the language spoken now."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from palermo.language import _

CODE_LISTS = (  # those whose codes stand in released tables, in the order in which readers meet them
    "kind",
    "unit",
    "measure",
    "sex",
    "age",
    "form",
    "reach",
    "conviction_band",
    "comparison",
    "obs_status",
    "conf_status",
)


@dataclass(frozen=True)
class Term:
    """A word and what it means here."""

    title: str
    words: str


def glossary() -> tuple[Term, ...]:
    """Every term in the order of the file, each of which rests on those before it."""
    return tuple(Term(_(term.title), _(term.words)) for term in _terms())


@cache
def _terms() -> tuple[Term, ...]:
    document = tomllib.loads((resources.files("palermo.report") / "glossary.toml").read_text(encoding="utf-8"))
    return tuple(Term(term["title"], term["words"]) for term in document["terms"])
