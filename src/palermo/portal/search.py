"""Full-text search over what the site shows: figures, countries, tables, definitions, releases; one language at a time.

The decision a reader would question: the index is made in memory from the latest release when somebody first searches,
with SQLite's own engine (FTS5); how words are folded and what may stand for them is in ``search_words``. A name of a
country or the beginning of a receipt id leads the list. Where nothing holds all of the words, what holds some is shown.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock

from palermo.codes import areas as area_codes
from palermo.codes import code_list
from palermo.codes.area_tables import other_names
from palermo.language import LANGUAGES, _, sentences, speaking, spoken_now
from palermo.portal.pages import address
from palermo.portal.places import areas, cubes, receipts_from, regions, sections, shelf
from palermo.portal.search_words import folded, queries_of
from palermo.report.account import last_period
from palermo.report.explore.words import cube_name
from palermo.report.glossary import CODE_LISTS, glossary
from palermo.report.labels import area_name
from palermo.report.reading import Release

FOUND_AT_MOST = 50
CODE_LETTERS = 3
_TABLE = "CREATE VIRTUAL TABLE said USING fts5(title, words, tokenize='unicode61 remove_diacritics 2')"
_RECEIPT = re.compile(r"[0-9a-f]{6,16}")


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: what kind of thing, its title, its words, and where it is.

    ``names`` finds it as well, but is not shown.
    """

    kind: str
    title: str
    words: str
    place: str
    names: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found, whether there is more of it, and whether it holds only some of the words."""

    entries: list[Entry]
    is_cut: bool = False
    is_partial: bool = False


class Index:
    """The entries of one language and a table of their words."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._lock = Lock()
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        self._table.execute(_TABLE)
        rows = [(folded(entry.title), folded(f"{entry.words} {entry.names}")) for entry in entries]
        self._table.executemany("INSERT INTO said (title, words) VALUES (?, ?)", rows)

    def find(self, text: str) -> Found:
        """The entries that hold every word and phrase asked for, those in whose title they stand first; else any."""
        for place, asked in enumerate(queries_of(text)):
            rows = self._rows(asked)
            if rows:
                return Found(rows[:FOUND_AT_MOST], len(rows) > FOUND_AT_MOST, place > 0)
        return Found([])

    def _rows(self, asked: str) -> list[Entry]:
        order = "SELECT rowid FROM said WHERE said MATCH ? ORDER BY bm25(said, 8.0, 1.0), rowid LIMIT ?"
        with self._lock:
            rows = self._table.execute(order, (asked, FOUND_AT_MOST + 1)).fetchall()
        return [self._entries[row - 1] for (row,) in rows]


@cache
def index(language: str, release_id: str) -> Index:
    """The index of a language and a release, made when it is first asked for."""
    with speaking(language):
        return Index(list(_entries(shelf().by_id[release_id])))


def _entries(release: Release) -> Iterator[Entry]:
    """Everything that can be found, in the language spoken now."""
    period = last_period(release)
    for *_names_of_section, group in sections(release, release.area, period):
        for figure in group:
            words = sentences((*figure.text, figure.note or figure.missing)) or figure.subtitle
            place = address("figure", area=release.area, period=period, figure_id=figure.id)
            yield Entry(_("Figure"), f"{figure.id}. {figure.title}", words, place, f"{figure.subtitle} {figure.alt}")
    yield from (_country(release, area) for area in areas(release.id))
    for region in filter(None, regions(release.id)):
        yield Entry(_("Region"), area_name(region), "", address("region", region=region), _names(region))
    for name, cube in cubes(release).items():
        words = str(release.definition_of(cube.indicator).get("words") or "")
        yield Entry(_("Table"), cube_name(release, cube), _(words), address("explore-cube", cube_id=name))
    for term in glossary():
        yield Entry(_("Definition"), term.title, term.words, f"{address('definitions')}#words")
    for name in CODE_LISTS:
        for one in code_list(name).codes:
            place = f"{address('definitions')}#codes-{name}"
            yield Entry(_("Definition"), _(one.label), _(one.description), place)
    for held in reversed(shelf().releases):
        yield Entry(_("Release"), held.id, held.area_name, address("release", release_id=held.id))


def _country(release: Release, area: str) -> Entry:
    return Entry(_("Country"), release.name_of(area), area, address("area", area=area), _names(area))


def _names(area: str) -> str:
    """The names of an area in all languages and its other names, so that it is found under any of them."""
    if not area_codes.is_area(area):
        return ""
    others = (one.text for one in other_names() if one.area == area)
    return " ".join((*(area_codes.name(area, language) for language in LANGUAGES), *others))


def find(text: str) -> Found:
    """What is asked for, in the language spoken now; a country or receipt that is named stands first."""
    named = list(_named(text.strip()))
    found = index(spoken_now().code, shelf().latest.id).find(text)
    return Found([*named, *(one for one in found.entries if one not in named)], found.is_cut, found.is_partial)


def _named(text: str) -> Iterator[Entry]:
    """The countries that are named, the receipts whose ids begin so."""
    release = shelf().latest
    words = text.split()
    held = {*areas(release.id)}
    parts = [" ".join(words[at : at + long]) for long in (2, 1) for at in range(len(words) - long + 1)]
    named = [area_codes.match(text, demonyms=True)]
    named += [area_codes.match(part) for part in parts if len(part) > CODE_LETTERS]  # "and" is no Andorra here
    yield from (_country(release, area) for area in dict.fromkeys(named) if area in held)
    if _RECEIPT.fullmatch(text.lower()):
        for receipt, told in receipts_from(text.lower()):
            yield Entry(_("Receipt"), receipt, told, address("receipt", receipt_id=receipt))
