"""A name as written becomes words of the letters a to z.

The decision a reader would question: letters are romanised by fixed tables and not by the pronunciation of a language,
which no list states. What two standards write differently is left to the skeleton and to the comparison.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from palermo.linkage.names.rules import DROPPED, EXPLANATIONS, JOINED, LETTERS, PARTICLES, SPELT, VOCALISED

_ARABIC = LETTERS["arabic"]
_HALF_VOWELS: dict[str, list[str]] = _ARABIC["half_vowels"]
_PLAIN = str.maketrans(_ARABIC["letters"])
_ONE_SPELLING = str.maketrans(_ARABIC["one_spelling"] | dict.fromkeys(_ARABIC["drop"], ""))
_WORD = re.compile("[\u0600-\u06ff]+")
_HAS_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_ARTICLE = re.compile(r"(?<!\S)(?:و?ال)(?=\S{3})")
_SERVANT = re.compile(r"(?<!\S)عبد\s*(?:ال)?(?=\S{2})")
_AS_VOWEL = re.compile("(?<=[^\\Waeiou])[وي](?![اىaeiouوي])")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]{2,4}|[\uac00-\ud7a3]{2,4}")
_ALWAYS = ("title", "article", "child_of")
_PAIRS = tuple(PARTICLES["chinese"]["pairs"])
_KOREAN: dict[str, str] = PARTICLES["korean"]["families"]
_PETS = tuple(PARTICLES["chinese"]["pet"])
_BEFORE = LETTERS["written_before"]
_WRITTEN_BEFORE = re.compile(f"([{_BEFORE['vowels']}])([{''.join(_BEFORE['consonants'])}])")
_DIGITS = str.maketrans(LETTERS["digits"]["letters"])
_DIGIT = re.compile("[0-9]")
_NO_LETTER = re.compile("[^a-z0-9]+")
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u02bb\u02b9\u2032\u00b4]+")
_SERVANT_LATIN = re.compile(r"^abd(?:[aeou]+l(?=[a-z]{2})|[aeou]([rsnztd])(?=\1[a-z]{2}))")


@dataclass(frozen=True)
class Rule:
    """One step: its name, why it is taken, and the step itself (text to text)."""

    id: str
    why: str
    apply: Callable[[str], str]


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _arabic(text: str) -> str:
    if not _HAS_ARABIC.search(text):
        return text
    text = _ARTICLE.sub("", _SERVANT.sub("abd", text.translate(_ONE_SPELLING)))
    text = _WORD.sub(lambda found: VOCALISED.get(found.group(), found.group()), text)
    text = text.translate(_PLAIN)
    text = _AS_VOWEL.sub(lambda found: _HALF_VOWELS[found.group()][1], text)
    return "".join(_HALF_VOWELS[letter][0] if letter in _HALF_VOWELS else letter for letter in text)


def _spaced(text: str) -> str:
    """A name of two to four Chinese or Korean characters with a space after the family name."""
    if text.isascii() or not _HAN.fullmatch(run := text.strip()):
        return text
    return _family_and_given(run)


def _family_and_given(run: str) -> str:
    if len(run) == 2 and run.startswith(_PETS):
        return run[1:]
    if len(run) > 2 and run.startswith(_PAIRS):
        return f"{run[:2]} {run[2:]}"
    return f"{_KOREAN.get(run[:1], run[:1])} {run[1:]}"


def _latin(text: str) -> str:
    return text if text.isascii() else anyascii(_WRITTEN_BEFORE.sub(r"\2\1", text))


def _words_apart(text: str) -> str:
    lower = text.lower()
    return lower if lower.isalpha() else _NO_LETTER.sub(" ", _APOSTROPHES.sub("", lower)).strip()


def _no_digits(text: str) -> str:
    if not _DIGIT.search(text):
        return text
    return " ".join([word.translate(_DIGITS) for word in text.split() if not word.isdigit()])


def _servants(text: str) -> str:
    """Abdul Rahman, Abd al-Rahman, Abdurrahman: one word, "abdrahman"; Abu Bakr: "abubakr"."""
    words = text.split()
    if JOINED.isdisjoint(words) and "abd" not in text:
        return text
    joined: list[str] = []
    held = ""
    for number, word in enumerate(words):
        last = number == len(words) - 1
        if held and not last and DROPPED.get(word) == "article":
            continue
        if held:
            joined.append(held + word)
            held = ""
        elif word in JOINED and not last:
            held = SPELT.get(word, word)
        else:
            joined.append(word)
    return " ".join(word if not word.startswith("abd") else _servant(word) for word in joined)


def _servant(word: str) -> str:
    """Abdulaziz, Abdelaziz, Abdurrahman without the article in the middle."""
    while (shorter := _SERVANT_LATIN.sub("abd", word)) != word:
        word = shorter
    return word


def _without_particles(text: str) -> str:
    return _dropped(text, stay=2)


def _without_all_particles(text: str) -> str:
    return _dropped(text, stay=1)


def _dropped(text: str, stay: int) -> str:
    """Titles and articles go while one other word stays; other particles, last first, while ``stay`` words do.

    So Bashar al-Assad loses its article, while Ben Ahmed and Le Duc stay whole as names in one column: what is a
    particle in one language is a name in another.
    """
    if DROPPED.keys().isdisjoint(text.split()):
        return text
    for _, _, after in _drops(text, stay):
        text = after
    return text


def _drops(text: str, stay: int) -> Iterator[tuple[str, str, str]]:
    """(rule, before, after) for each word that goes."""
    kept = text.split()
    for place in range(len(kept) - 1, -1, -1):
        group = DROPPED.get(kept[place])
        if group is not None and len(kept) > (1 if group in _ALWAYS else stay):
            before = " ".join(kept)
            del kept[place]
            yield group, before, " ".join(kept)


RULES = (
    Rule("compatible", "One form for letters that Unicode knows in several.", _compatible),
    Rule("spaced", PARTICLES["chinese"]["why"], _spaced),
    Rule("arabic", _ARABIC["why"], _arabic),
    Rule("latin", f"Letters of every script by the general table (anyascii). {_BEFORE['why']}", _latin),
    Rule("words", "Lower case; apostrophes and soft signs go, all other signs part words.", _words_apart),
    Rule("digits", LETTERS["digits"]["why"], _no_digits),
    Rule("joined", EXPLANATIONS["joined"], _servants),
    Rule(
        "particles",
        "Titles go; articles, filiations and prepositions go where two other words stay.",
        _without_particles,
    ),
)
REASONS = {rule.id: rule.why for rule in RULES} | EXPLANATIONS
_FROM_ASCII = RULES[4:]  # the rules before change nothing in such a text
_OF_COLUMNS = tuple(rule for rule in RULES if rule.id not in ("spaced", "particles"))
_OF_PLACES = tuple(rule for rule in _OF_COLUMNS if rule.id not in ("digits", "joined"))


@lru_cache(maxsize=1 << 18)
def romanise(text: str) -> str:
    """The words of a name in the order written, a to z, one space between them; empty where no letter is left."""
    for rule in _FROM_ASCII if text.isascii() else RULES:
        text = rule.apply(text)
    return text


def romanise_column(text: str) -> str:
    """The same for a column that holds only given names or only family names: "van der Berg" is "berg" there."""
    for rule in _FROM_ASCII[:-1] if text.isascii() else _OF_COLUMNS:
        text = rule.apply(text)
    return _without_all_particles(text)


def letters_only(text: str) -> str:
    """As ``romanise`` with every word and number kept: for places."""
    for rule in _OF_PLACES:
        text = rule.apply(text)
    return text


def explain(name: str) -> list[tuple[str, str, str]]:
    """Each rule that changed the name: its id (see ``REASONS``), the name before, the name after."""
    changes = []
    for rule in RULES[:-1]:
        after = rule.apply(name)
        if after != name:
            changes.append((rule.id, name, after))
        name = after
    return [*changes, *_drops(name, stay=2)]
