"""The unit trap: figures published under the number 16.2.2 that are not victims, or not the unit that they name.

Offices file offences, incidents, cases, square kilometres cleared of mines and persons trained under the number of
this indicator. What a figure counts is therefore read from words in titles, headers, unit columns, series codes and
the metadata file beside the data, in several languages (``national/units.toml``). Where the words name another unit,
contradict each other, or the figures contradict the words, the file is refused; it is never guessed from its number.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from palermo.codes.folding import fold
from palermo.errors import RefusedError, UsageError
from palermo.intake.figures import UnreadableFigureError, read_figure
from palermo.intake.shapes.sdg_series import read_series

UNIT_OF = {"victims": "PERSON", "offences": "OFFENCE", "cases": "CASE"}
COUNTED_BY = {unit: counted for counted, unit in UNIT_OF.items()} | {"PER_100K": "victims"}
STATED = tuple(COUNTED_BY)  # what a user may state
COUNTS_VICTIMS = re.compile(r"^(n|nb|no|num|number|numberof|nombrede|numerode)victim")  # of a folded header
MAX_FRACTIONS = 0.1  # of the figures that a file calls counts; a single one is an error of one cell
TITLE_KEYS = (  # of the metadata file; the title of the global indicator says nothing about the data beneath it
    "indicator_available",
    "national_indicator_available",
    "graph_title",
    "SDG_INDICATOR",
    "UNIT_MEASURE",
    "computation_units",
)


@dataclass(frozen=True)
class Named:
    """What a text names: ``counted`` ("victims", "offences", "cases", "events", "area", "other_persons") and
    ``measured`` (PER_100K, PERCENT, NUMBER); each None where it says nothing about it."""

    counted: str | None = None
    measured: str | None = None


@dataclass(frozen=True)
class _Phrase:
    id: str
    words: tuple[str, ...]

    def place_in(self, words: Sequence[str]) -> int | None:
        """Where the words of the phrase follow each other; a word ending in * is a beginning."""
        size = len(self.words)
        for start in range(len(words) - size + 1):
            if all(map(_fits, self.words, words[start : start + size])):
                return start
        return None


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


@cache
def _lexicon() -> tuple[Mapping[str, tuple[_Phrase, ...]], Mapping[str, str]]:
    """Phrases by kind in order of precedence, and what each counted thing is called in a message."""
    text = (resources.files("palermo.intake.shapes") / "national" / "units.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    phrases = {
        kind: tuple(_Phrase(entry["id"], _words(word)) for entry in document[kind] for word in entry["words"])
        for kind in ("counted", "measured")
    }
    return phrases, {entry["id"]: entry["says"] for entry in document["counted"]}


def _words(text: str) -> tuple[str, ...]:
    """The folded words of a text. Digits join over a thousands sign, so that 100 000 and 100,000 are one word."""
    joined = re.sub(r"(?<=\d)[ ,.\u00a0\u202f](?=\d{3}\b)", "", text.replace("_", " "))
    parts = re.findall(r"[^\W_]+\*?|%", joined)
    return tuple(part if part == "%" else fold(part) + ("*" if part.endswith("*") else "") for part in parts)


def named_unit(text: str) -> Named:
    """What a text says about the unit; a series code of the indicator is read as such."""
    if series := read_series(text):
        return Named(series.counted, "PER_100K" if series.is_rate else None)
    words = _words(text)
    phrases, _ = _lexicon()
    measured = next((one.id for one in phrases["measured"] if one.place_in(words) is not None), None)
    return Named(_first_named(words, phrases["counted"]), measured)


def _first_named(words: Sequence[str], phrases: Sequence[_Phrase]) -> str | None:
    """What is named first: in "victims of the offence" and "cases with victims" the counted thing comes first."""
    places = [(place, order) for order, one in enumerate(phrases) if (place := one.place_in(words)) is not None]
    return phrases[min(places)[1]].id if places else None


def titles_beside(path: Path) -> dict[str, str]:
    """The titles and units in the metadata file that a portal keeps beside the data, by key; empty without one."""
    for ending in (".meta.yml", ".meta.yaml", ".meta.md"):
        beside = path.with_suffix(ending)
        if beside.exists():
            return titles_in(beside.read_text(encoding="utf-8-sig", errors="replace"))
    return {}


def titles_in(text: str) -> dict[str, str]:
    """The values of ``TITLE_KEYS`` in a metadata file (key: value, or a block of indented lines)."""
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if line[:1] in {" ", "\t"}:
            if key:
                found[key] = f"{found[key]} {line.strip()}".strip()
            continue
        name, _, value = line.partition(":")
        key = name.strip() if name.strip() in TITLE_KEYS else ""
        if key:
            found[key] = value.strip().strip("|>-\"' \t").replace("\\t", " ").strip()
    return {name: value for name, value in found.items() if value}


def counted_by_titles(path: Path, titles: Mapping[str, str], stated_unit: str | None) -> str | None:
    """What the titles say is counted, or None where they do not say it.

    Raises ``RefusedError`` where it is not victims and ``stated_unit`` does not name it either.
    """
    named = {key: named_unit(text).counted for key, text in titles.items()}
    said = {counted for counted in named.values() if counted is not None}
    if not said:
        return None
    if len(said) > 1:
        raise RefusedError(f"{path}: its metadata name {_list(named, titles)}; expected one unit")
    counted = said.pop()
    key = next(key for key, one in named.items() if one == counted)
    return agreed(path, counted, f"{key}: {titles[key].strip()!r}", stated_unit)


def agreed(path: Path, counted: str, evidence: str, stated_unit: str | None) -> str:
    """``counted`` where it is victims or what the user states. Raises ``RefusedError`` with the evidence otherwise."""
    _, says = _lexicon()
    wanted = COUNTED_BY.get(stated_unit or "PERSON", "victims")
    if counted == wanted:
        return counted
    advice = (
        f'If that is what you want, state unit = "{UNIT_OF[counted]}" for this list.'
        if counted in UNIT_OF
        else "Leave it out of the account."
    )
    against = f"you state unit = {stated_unit!r}" if stated_unit else "indicator 16.2.2 is one of victims"
    raise RefusedError(f"{path}: the file publishes {says[counted]} ({evidence}), but {against}. {advice}")


def check_agreement(path: Path, row: int, texts: Mapping[str, str]) -> Named:
    """What the texts of one row (by column) say together.

    Raises ``RefusedError`` where they name two units: such a column of figures mixes what cannot be added.
    """
    named = {column: named_unit(text) for column, text in texts.items() if text.strip()}
    counted = {column: one.counted for column, one in named.items() if one.counted is not None}
    if len(set(counted.values())) > 1:
        raise RefusedError(
            f"{path}: row {row} names {_list(counted, texts)}. Two units stand in one column of figures; "
            "split the file into one for each"
        )
    measured = {one.measured for one in named.values()} - {None}
    rate = next((kind for kind in ("PERCENT", "PER_100K", "NUMBER") if kind in measured), None)
    return Named(next(iter(counted.values()), None), rate)


def _list(counted: Mapping[str, str | None], texts: Mapping[str, str]) -> str:
    _, says = _lexicon()
    return " and ".join(f"{says[one]} ({column}: {texts[column]!r})" for column, one in counted.items() if one)


def check_shares(path: Path, measured: Iterable[str | None]) -> None:
    """Raises ``RefusedError`` where figures are shares: 16.2.2 is a number or a rate per 100,000."""
    shares = sum(1 for one in measured if one == "PERCENT")
    if shares:
        raise RefusedError(
            f"{path}: {shares} figures are in per cent; indicator 16.2.2 is a number of victims or a rate per 100,000. "
            "A share of an unnamed whole cannot be used"
        )


def check_fractions(path: Path, named: str, counts: Sequence[str]) -> None:
    """Raises ``RefusedError`` where cells that the file calls counts hold fractions: rates under a wrong name."""
    fractions = [cell for cell in counts if _is_fraction(cell)]
    if fractions and len(fractions) > MAX_FRACTIONS * len(counts):
        raise RefusedError(
            f"{path}: the unit is {named}, but {len(fractions)} of {len(counts)} figures are fractions, such as "
            f"{fractions[0]}: a rate under the name of a count. Ask the office for the unit"
        )


def _is_fraction(cell: str) -> bool:
    try:
        read_figure(cell, whole=True)
    except UnreadableFigureError:
        try:
            return read_figure(cell, whole=False).value is not None
        except UnreadableFigureError:
            return False
    return False


def check_persons(path: Path, names: Iterable[str], numbering: Iterable[str | None], stated_unit: str | None) -> None:
    """Whether a row of a table of victims can be one person. Raises ``RefusedError`` where a column counts victims.

    ``names`` are the headers and ``numbering`` those that the mapping reads as numbers of records. A court case with
    "3" or "several" victims is no person, and three persons of whom nothing is known are not made up from it.
    """
    if stated_unit == "PERSON":
        return
    counting = [name for name in names if COUNTS_VICTIMS.search(fold(name)) and name not in set(numbering)]
    found = f"you state unit = {stated_unit!r}" if stated_unit else ""
    if counting:
        found = f"the column {counting[0]!r} counts victims, so that a row is a case of perhaps several"
    if found:
        raise RefusedError(
            f"{path}: {found}; expected one person a row. If each "
            'row is one victim all the same, state unit = "PERSON" for this list. Cases are never counted as persons: '
            'count them by year, and bring the counts with table = "observations", measure "cases_recorded", unit '
            '"CASE" (docs/how-to/map-a-file.md)'
        )


def check_stated(path: Path, says_anything: bool, stated_unit: str | None) -> None:
    """Raises ``RefusedError`` where neither the file nor the user says what the figures count.

    Raises ``UsageError`` where the user states a unit that these figures cannot have.
    """
    if stated_unit is not None and stated_unit not in STATED:
        raise UsageError(f"{path}: unit = {stated_unit!r}; expected one of {', '.join(STATED)}")
    if not says_anything and stated_unit is None:
        raise RefusedError(
            f"{path}: neither the file nor a metadata file beside it says what its figures count. Under the number "
            'of 16.2.2 offices publish victims, offences, cases and more; state unit = "PERSON" for this list if you '
            "know that they are victims"
        )
