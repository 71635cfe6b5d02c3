"""Words as search reads them: folded for the index, and with what may stand for each in a query.

The decision a reader would question: every word matches from its beginning, and a query also tries each word without
the endings of its language (light stemming), so that "Германии" finds "Германия". Chinese is written without spaces, so
each of its characters is a word of the index, and a word that is searched must stand there as a phrase. Arabic writes
the article, and some prepositions with it, at the beginning of a word, French an elided one, so there it is taken off,
with vowel signs and the several ways to write one letter. Digits are the same in every script.
"""

import re
import unicodedata
from collections.abc import Iterator

WORDS_AT_MOST = 12
STEM_AT_LEAST = 3
TELLING = 4  # letters of a word that is looked for alone: "how" and "in" stand everywhere
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_SIGNS = re.compile("[\u0640\u064b-\u0652\u0670]")  # lengthening and vowels, which readers leave out
_LETTERS = str.maketrans(
    "\u0622\u0623\u0625\u0671\u0649\u0629\u0451\u0401", "\u0627\u0627\u0627\u0627\u064a\u0647\u0435\u0415"
)
_ARTICLE = re.compile("\\b(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0648?\u0644\u0644)(?=[\u0621-\u064a]{3})")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['\u2019](?=\w)", re.IGNORECASE)
_ASKED = re.compile(r'"([^"]*)"|(\S+)')
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT|NEAR)\b")  # of other searches, typed from habit
_ENDINGS = (
    (re.compile("[\u0430-\u044f]+"), re.compile(
        "(?:иями|ьми|ями|ами|иях|ях|ах|иям|ям|ам|ием|ем|ом|ией|ей|ой|ий|ый|ого|его|ому|ему|ыми|ими|ым|им|ых|их|ов|ев|"
        "ая|яя|ое|ее|ые|ие|ую|юю|ия|ии|ию|[аеийоуыьюя])$"
    )),
    (re.compile(r"[^\W\d_\u0370-\uffff]+"), re.compile(r"(?:(?<=[^aeiou])es|s)$")),
)  # fmt: skip


def folded(text: str) -> str:
    """The text as it is indexed: one form for letters and digits, no elisions or articles, spaces in Chinese."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    plain = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in plain)
    return _UNSPACED.sub(r" \1 ", _ELIDED.sub("", _ARTICLE.sub("", plain)))


def queries_of(text: str) -> Iterator[str]:
    """What a reader typed as queries of FTS5: all words and phrases, then any of them; none where there is no word."""
    without = _OPERATOR.sub(" ", text)
    asked = without if _plain(without) else text
    terms = [_term(phrase or word, bool(phrase)) for phrase, word in _ASKED.findall(asked)[:WORDS_AT_MOST]]
    told = [term for term in terms if term]
    if told:
        yield " AND ".join(told)
    apart = _apart(asked)
    telling = [word for word in apart if len(word) >= TELLING or _UNSPACED.match(word)] or apart
    single = [_term(word, False) for word in telling[: 2 * WORDS_AT_MOST]]
    if len(apart) > 1 and '"' not in asked:
        yield " OR ".join(single)


def _apart(text: str) -> list[str]:
    """Every word by itself; of more than two characters of Chinese every two that follow each other."""
    words: list[str] = []
    for word in re.findall(r"\w+", text):
        is_long = _UNSPACED.match(word) and len(word) > 2
        words += [word[at : at + 2] for at in range(len(word) - 1)] if is_long else [word]
    return [word for word in words if _plain(word)]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))


def _term(text: str, is_phrase: bool) -> str:
    """A phrase as it stands; a word from its beginning, or its stem from its beginning."""
    plain = _plain(text)
    if not plain:
        return ""
    if is_phrase:
        return f'"{plain}"'
    told = dict.fromkeys((plain, _stem(plain), re.sub("^labor", "labour", plain, flags=re.IGNORECASE)))
    return "(" + " OR ".join(f'"{one}"*' for one in told) + ")"


def _stem(word: str) -> str:
    """The word without the ending of an inflection; as it is where too little would be left."""
    for letters, ending in _ENDINGS:
        if letters.fullmatch(word.lower()):
            stem = word[: len(ending.sub("", word.lower()))]
            return stem if len(stem) >= STEM_AT_LEAST else word
    return word
