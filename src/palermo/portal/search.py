"""Full-text search over what the site shows: figures, countries, tables, definitions, releases; one language at a time.

The decision a reader would question: the index is made in memory from the latest release when somebody first searches,
with SQLite's own engine (FTS5). Chinese is written without spaces, so each of its characters is a word of the index,
and a word that is searched must stand there as a phrase. Every word matches from its beginning, which serves all six
languages where a stemmer would serve one. Arabic writes the article, and some prepositions with it, at the beginning
of a word, so there it is taken off (as light stemmers do), with vowel signs and the several ways to write one letter.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock

from palermo.codes import areas as area_codes
from palermo.codes import code_list
from palermo.language import LANGUAGES, _, speaking, spoken_now
from palermo.portal.pages import address
from palermo.portal.places import areas, cubes, sections, shelf
from palermo.report.account import last_period
from palermo.report.explore.words import cube_name
from palermo.report.glossary import CODE_LISTS, glossary
from palermo.report.reading import Release

FOUND_AT_MOST = 50
WORDS_AT_MOST = 12
_TABLE = "CREATE VIRTUAL TABLE said USING fts5(title, words, tokenize='unicode61 remove_diacritics 2')"
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_SIGNS = re.compile("[\u0640\u064b-\u0652\u0670]")  # lengthening and vowels, which readers leave out
_LETTERS = str.maketrans("\u0622\u0623\u0625\u0671\u0649\u0629", "\u0627\u0627\u0627\u0627\u064a\u0647")
_ARTICLE = re.compile("\\b(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0648?\u0644\u0644)(?=[\u0621-\u064a]{3})")
_ASKED = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: what kind of thing, its title, its words, and where it is."""

    kind: str
    title: str
    words: str
    place: str


class Index:
    """The entries of one language and a table of their words."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._lock = Lock()
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        self._table.execute(_TABLE)
        rows = [(spaced(entry.title), spaced(entry.words)) for entry in entries]
        self._table.executemany("INSERT INTO said (title, words) VALUES (?, ?)", rows)

    def find(self, text: str) -> list[Entry]:
        """The entries that hold every word and phrase asked for, those with it in their title first."""
        asked = query_of(text)
        if not asked:
            return []
        order = "SELECT rowid FROM said WHERE said MATCH ? ORDER BY bm25(said, 8.0, 1.0), rowid LIMIT ?"
        with self._lock:
            rows = self._table.execute(order, (asked, FOUND_AT_MOST)).fetchall()
        return [self._entries[row - 1] for (row,) in rows]


def spaced(text: str) -> str:
    """The text as it is indexed: scripts without spaces with spaces, Arabic without vowel signs and articles."""
    plain = _SIGNS.sub("", text).translate(_LETTERS)
    return _UNSPACED.sub(r" \1 ", _ARTICLE.sub("", plain))


def query_of(text: str) -> str:
    """What a reader typed as a query of FTS5: every word from its beginning, quoted words as a phrase, all of them."""
    terms = []
    for phrase, word in _ASKED.findall(text)[:WORDS_AT_MOST]:
        plain = " ".join(re.findall(r"\w+", spaced(phrase or word)))
        if plain:
            terms.append(f'"{plain}"' + ("" if phrase else "*"))
    return " AND ".join(terms)


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
            words = " ".join((figure.subtitle, *figure.text, figure.note, figure.alt, figure.missing))
            place = address("figure", area=release.area, period=period, figure_id=figure.id)
            yield Entry(_("Figure"), f"{figure.id}. {figure.title}", words, place)
    for area in areas(release.id):
        yield Entry(_("Country"), release.name_of(area), f"{area} {_names(area)}", address("area", area=area))
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


def _names(area: str) -> str:
    """The names of an area in all languages, so that it is found under any of them."""
    if not area_codes.is_area(area):
        return ""
    return " ".join(area_codes.name(area, language) for language in LANGUAGES)


def find(text: str) -> list[Entry]:
    """The entries that hold what is asked for, in the language spoken now."""
    return index(spoken_now().code, shelf().latest.id).find(text)
