"""How well the values of a column fit a target: the part of a proposal that looks at values.

A value counts as understood where the code list of the target knows it, or where the lexicon does; the second kind is
written into the mapping as a value table, because conversion knows code lists only. Nothing here decides for good:
the mapping says what each text was taken to mean.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from palermo.codes import ages, areas, code_list
from palermo.codes.folding import fold
from palermo.intake.lookup import AREA, LISTS, Lookup
from palermo.intake.mapping import FieldMapping
from palermo.intake.propose.ages import band_in_words
from palermo.intake.propose.dates import DateReading, read_dates
from palermo.intake.propose.lexicon import lexicon
from palermo.intake.propose.sample import ColumnSample

MULTIPLE = frozenset({"transit", "forms", "means", "recruiter", "sector", "context", "services"})
YEARS = frozenset({"year", "time_period", "contact_year", "prosecuted_year", "convicted_year"})
FIGURES = frozenset({"value", "lower", "upper"})
# Dimensions of published figures, in which a blank cell and words such as "both sexes" mean the total.
TOTALS = frozenset({"sex", "age", "form", "citizenship", "counterpart_area"})

_SEPARATORS = (";", "|", ",", "/", "+", "\n", " ")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?")
_AGE = re.compile(r"\d{1,3}(?:\.0)?")
_FIGURE = re.compile(r"(?:<|<=|≤)?\s*\d[\d ,.'’\u00a0\u202f]*(?:e[+-]?\d+)?", re.IGNORECASE)
_NEGATIVE = re.compile(r"-\d+")
_ISO2 = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Unmatched:
    """A repeated text of a coded column that no code has, with the nearest codes."""

    text: str
    rows: int
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class ValueMatch:
    """What the values of a column say about one target.

    ``share`` is the share of rows understood among those that hold an answer; ``answers`` is their number.
    ``values`` has only the texts that the code list itself does not know.
    """

    share: float
    answers: int
    distinct: int
    values: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[Unmatched, ...] = ()
    unknown: tuple[str, ...] = ("",)
    not_asked: tuple[str, ...] = ()
    separator: str | None = None
    date: DateReading | None = None
    iso2: bool = False


def match_values(column: ColumnSample, target: str, table: str, *, show_all: bool = False) -> ValueMatch:
    """How the values of ``column`` fit ``target`` of ``table``.

    Texts without a code are named where most of the column is understood; ``show_all`` names them anyway, for
    dimensions of published figures.
    """
    reader = _reader(target, table, column)
    list_id = list_of(target, table)
    unknown, not_asked, answers = _nothing(column, target, reader, coded=list_id is not None)
    total = sum(answers.values())
    if target == "date":
        reading = read_dates(answers)
        share = reading.share if reading is not None else 0.0
        return ValueMatch(share, total, len(answers), unknown=unknown, not_asked=not_asked, date=reading)
    separator = _separator(answers, reader) if target in MULTIPLE else None
    parts = _parts(answers, separator)
    found = {text: reader(text) for text in parts}
    understood = sum(rows for text, rows in parts.items() if found[text] is not None)
    of = sum(parts.values())
    share = understood / of if of else 0.0
    return ValueMatch(
        share=share,
        answers=total,
        distinct=len(answers),
        values=_table(found, target, table),
        unmatched=_unmatched(parts, found, list_id) if share >= 0.5 or show_all else (),
        unknown=unknown,
        not_asked=not_asked,
        separator=separator,
        iso2=list_id == AREA and _is_iso2(answers),
    )


Reader = Callable[[str], str | None]


def _reader(target: str, table: str, column: ColumnSample) -> Reader:
    """What reads one text of the target: a code where it is understood, else None."""
    list_id = list_of(target, table)
    if list_id == AREA:
        iso2 = _is_iso2(column.counts)
        return lambda text: _area(text, iso2) or (_total(text, AREA) if table == "observations" else None)
    if list_id is not None:
        tables = table == "observations" and target in TOTALS
        return lambda text: _code(list_id, text, tables)
    if target in YEARS:
        return lambda text: text if _YEAR.fullmatch(text) else None
    if target == "age":
        return lambda text: text if _AGE.fullmatch(text) and float(text) <= ages.OLDEST else None
    if target in FIGURES:
        return lambda text: text if _FIGURE.fullmatch(text) else None
    return lambda text: text


def list_of(target: str, table: str) -> str | None:
    """The code list of a target, ``area`` for countries. The age of a person is a number, that of a figure a band."""
    return None if target == "age" and table != "observations" else LISTS.get(target)


@lru_cache(maxsize=65_536)
def _code(list_id: str, text: str, tables: bool) -> str | None:
    code = code_list(list_id).match(text)
    if code is None:
        code = lexicon().values.get(list_id, {}).get(fold(text))
        if code == "_T" and not tables:
            return None
    if code is None and list_id == "age":
        code = band_in_words(text)
    if code is None and tables:
        return _total(text, list_id)
    return code


def _total(text: str, list_id: str) -> str | None:
    names = {"total", "all", "_t", f"all {list_id}s", f"all {list_id}"}
    return "_T" if text.casefold() in names or fold(text) in {"total", "allcitizens", "allcountries"} else None


@lru_cache(maxsize=65_536)
def _area(text: str, iso2: bool) -> str | None:
    if iso2 and _ISO2.fullmatch(text):
        return areas.from_iso2(text)
    if text.casefold() == "stateless":
        return "STATELESS"
    return areas.match(text) or areas.match(text, demonyms=True)


def _is_iso2(counts: Mapping[str, int]) -> bool:
    """Whether most texts are two capital letters, so that "NA" is Namibia and not "no answer"."""
    texts = [text for text in counts if text and not _NEGATIVE.fullmatch(text) and text != "0"]
    return bool(texts) and sum(bool(_ISO2.fullmatch(text)) for text in texts) >= 0.9 * len(texts)


def _nothing(
    column: ColumnSample, target: str, reader: Reader, *, coded: bool
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, int]]:
    """The texts for unknown, those for not asked, and the rows that hold an answer.

    A text that a coded target understands is an answer ("NA" among two-letter country codes), a number below 0 never.
    """
    unknown, not_asked, answers = [], [], {}
    for text, rows in column.counts.items():
        answered = coded and text != "" and _NEGATIVE.fullmatch(text) is None and reader(text) is not None
        kind = None if answered else nothing_kind(text, target, coded=coded)
        if kind == "_U":
            unknown.append(text)
        elif kind == "_N":
            not_asked.append(text)
        else:
            answers[text] = rows
    return tuple(sorted(unknown)), tuple(sorted(not_asked)), answers


def nothing_kind(text: str, target: str, *, coded: bool) -> str | None:
    """``_U`` or ``_N`` where a text says that there is no answer. A bare 0, 9 or 99 does so in coded columns only."""
    words = lexicon()
    folded = fold(text) or text
    if folded in words.not_asked_texts:
        return "_N"
    if text == "" or folded in words.missing_texts:
        return "_U"
    plain = text.removesuffix(".0")
    if plain not in words.missing_numbers or target in FIGURES:
        return None
    return "_U" if plain.startswith("-") or coded or plain in {"999", "9999"} else None


def _separator(answers: Mapping[str, int], reader: Reader) -> str | None:
    """The mark that splits cells with several values, where splitting makes more of the column understood."""
    best, share = None, _share(answers, reader)
    for separator in _SEPARATORS:
        if any(separator in text for text in answers):
            split = _share(_parts(answers, separator), reader)
            if split > share + 0.02:
                best, share = separator, split
    return best


def _share(counts: Mapping[str, int], reader: Reader) -> float:
    total = sum(counts.values())
    return sum(rows for text, rows in counts.items() if reader(text) is not None) / total if total else 0.0


def _parts(answers: Mapping[str, int], separator: str | None) -> dict[str, int]:
    if separator is None:
        return dict(answers)
    parts: dict[str, int] = {}
    for text, rows in answers.items():
        for part in text.split(separator):
            if part.strip():
                parts[part.strip()] = parts.get(part.strip(), 0) + rows
    return parts


def _table(found: Mapping[str, str | None], target: str, table: str) -> dict[str, str]:
    """The texts that conversion would not understand by itself, and "NA" wherever it is Namibia."""
    if list_of(target, table) is None:
        return {}
    by_itself = Lookup(FieldMapping(target), in_table=table == "observations")
    return {
        text: code
        for text, code in sorted(found.items())
        if code is not None and (by_itself(text) != code or text == "NA")
    }


def _unmatched(parts: Mapping[str, int], found: Mapping[str, str | None], list_id: str | None) -> tuple[Unmatched, ...]:
    """Repeated short texts without a code, the most frequent first; a text that stands once may be personal."""
    texts = [text for text in parts if found[text] is None and parts[text] > 1 and len(text) <= 40]
    texts.sort(key=lambda text: (-parts[text], text))
    return tuple(Unmatched(text, parts[text], _nearest(text, list_id)) for text in texts[:30])


def _nearest(text: str, list_id: str | None) -> tuple[str, ...]:
    if list_id is None:
        return ()
    return tuple(areas.nearest(text) if list_id == AREA else code_list(list_id).nearest(text))
