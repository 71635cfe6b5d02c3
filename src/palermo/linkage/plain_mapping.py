"""Which columns of a plain file say who a person is: proposed from headers and values, or read from a mapping file.

A header alone is not trusted: a column called "birth" with no digits in it is not used. A column that no word names is
never used, because it may hold the very number that tells persons apart.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import pyarrow as pa

from palermo.errors import UsageError
from palermo.intake.propose.dates import read_dates
from palermo.intake.propose.headers import HeaderMatch, match_headers
from palermo.intake.propose.lexicon import Words, lexicon, words_of

IDENTIFIER = "identifier"
SEVERAL = ("given_name", "family_name", "other_names", "address")  # of which columns with one word are joined
_LEAST_SCORE = 0.65
_LEAST_SCORES = {"full_name": 0.9}  # half the columns of a file may hold the word "name"
_SAMPLE = 2_000
_WEAK = ("place", "text_2", "text_3", "other_names", "region", "age")  # where another target fits as well, it wins


@dataclass(frozen=True)
class PlainMapping:
    """Columns by target; several of one target are joined by a space. ``date_format``: None where ISO or mixed."""

    columns: Mapping[str, tuple[str, ...]]
    date_format: str | None = None

    def as_toml(self) -> str:
        """The mapping as text that ``read_mapping`` takes."""
        lines = [f"{target} = [{', '.join(map(_quoted, names))}]" for target, names in sorted(self.columns.items())]
        head = [f"date_format = {_quoted(self.date_format)}", ""] if self.date_format else []
        return "\n".join([*head, "[columns]", *lines]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


@cache
def _document() -> Mapping[str, Mapping[str, tuple[Words, ...]]]:
    raw = (resources.files("palermo.linkage") / "plain_columns.toml").read_text(encoding="utf-8")
    return {
        table: {target: tuple(words_of(text) for text in texts) for target, texts in one.items()}
        for table, one in tomllib.loads(raw).items()
    }


@cache
def targets() -> Mapping[str, tuple[Words, ...]]:
    """Header words by target: those of this stage, with those by which intake knows identifying columns."""
    found = dict(_document()["columns"])
    more = dict(lexicon().identity) | {name: lexicon().targets["cases"][name] for name in ("sex", "citizenship")}
    more |= {"phone": lexicon().personal["phone"], "email": lexicon().personal["e-mail"]}
    for target, aliases in more.items():
        own = found.get(target, ())
        taken = {alias for other, words in found.items() if other != target for alias in words}
        found[target] = tuple(dict.fromkeys((*own, *(alias for alias in aliases if alias not in taken))))
    return found


def propose(table: pa.Table, leave_out: Iterable[str] = ()) -> PlainMapping:
    """The columns of ``table`` (text) that say who a person is. ``leave_out``: the column of the truth."""
    out = set(leave_out)
    ranked: list[tuple[float, int, str, HeaderMatch]] = []
    texts = {name: _sample(table[name]) for name in table.column_names if name not in out}
    for number, name in enumerate(texts):
        best = _best(_matches(name), texts[name])
        if best is not None:
            ranked.append((-best[1].score, number, best[0], best[1]))
    chosen: dict[str, list[str]] = {}
    aliases: dict[str, HeaderMatch] = {}
    names = list(texts)
    for _, number, target, match in sorted(ranked, key=lambda one: one[:2]):
        if target not in chosen or (target in SEVERAL and match == aliases[target]):
            chosen.setdefault(target, []).append(names[number])
            aliases.setdefault(target, match)
    used = {name for columns in chosen.values() for name in columns}
    _by_values({name: values for name, values in texts.items() if name not in used}, chosen)
    chosen.pop(IDENTIFIER, None)
    birth = chosen.get("birth_date")
    return PlainMapping({target: tuple(found) for target, found in chosen.items()}, _format(texts, birth))


def read_mapping(path: Path) -> PlainMapping:
    """Read a mapping file. Raises ``UsageError`` for a target that does not exist."""
    if not path.is_file():
        raise UsageError(
            f"{path}: no such mapping file; without --mapping one is proposed and written for you to correct"
        )
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = {
            target: (names,) if isinstance(names, str) else tuple(map(str, names))
            for target, names in document["columns"].items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: not a mapping of columns: {error}") from error
    except (KeyError, TypeError, AttributeError):
        raise UsageError(
            f"{path}: not a mapping of columns: expected a table [columns] with lines such as "
            'given_name = ["first name"]'
        ) from None
    if unknown := sorted(set(columns) - set(targets())):
        raise UsageError(f"{path}: no such target: {', '.join(unknown)}. Targets: {', '.join(sorted(targets()))}")
    return PlainMapping(columns, document.get("date_format"))


def _sample(column: pa.ChunkedArray) -> list[str]:
    """Filled values, spread over the column."""
    step = max(1, len(column) // _SAMPLE)
    return [text for text in (str(value or "").strip() for value in column[::step].to_pylist()) if text]


def _matches(header: str) -> dict[str, HeaderMatch]:
    whole = {
        target: HeaderMatch(1.0, header)
        for target, aliases in _document()["whole"].items()
        if words_of(header) in aliases
    }
    return match_headers(header, targets()) | whole


def _best(matches: Mapping[str, HeaderMatch], texts: list[str]) -> tuple[str, HeaderMatch] | None:
    fitting = [
        (target, match)
        for target, match in matches.items()
        if match.score >= _LEAST_SCORES.get(target, _LEAST_SCORE) and _fits(target, texts)
    ]
    return max(fitting, key=lambda one: (one[1].score, one[0] not in _WEAK, one[0]), default=None)


def _share(texts: list[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(text)) for text in texts) / len(texts) if texts else 0.0


_LETTERS = re.compile(r"[^\W\d_]")


def _between(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: text.removesuffix(".0").isdecimal() and least <= int(text.removesuffix(".0")) <= most


_TESTS: Mapping[str, tuple[Callable[[str], object], float]] = {
    "birth_date": (lambda text: sum(c.isdigit() for c in text) >= 4, 0.5),
    "birth_year": (_between(1800, 2100), 0.5),
    "birth_month": (_between(1, 12), 0.8),
    "birth_day": (_between(1, 31), 0.8),
    "age": (_between(0, 120), 0.8),
    "email": (lambda text: "@" in text, 0.5),
    "phone": (lambda text: sum(c.isdigit() for c in text) >= 5, 0.5),
    "given_name": (_LETTERS.search, 0.7),
    "family_name": (_LETTERS.search, 0.7),
    "full_name": (_LETTERS.search, 0.7),
    "postcode": (lambda text: len(text) <= 12, 0.7),
    "street_number": (lambda text: len(text) <= 12, 0.7),
}


def _fits(target: str, texts: list[str]) -> bool:
    if target == IDENTIFIER:
        return True
    if target == "sex" and len({text.casefold() for text in texts}) > 12:
        return False
    if target not in _TESTS:
        return bool(texts)
    test, least = _TESTS[target]
    return _share(texts, test) >= least


def _by_values(texts: Mapping[str, list[str]], chosen: dict[str, list[str]]) -> None:
    """E-mail addresses, dates of birth and full names tell themselves, whatever the column is called."""
    for name, values in texts.items():
        if "email" not in chosen and _share(values, re.compile(r"[^@\s]+@[^@\s]+\.\w+").fullmatch) > 0.5:
            chosen["email"] = [name]
        elif not {"birth_date", "birth_year"} & set(chosen) and _is_birth(values):
            chosen["birth_date"] = [name]
        elif not {"given_name", "family_name", "full_name"} & set(chosen) and _is_name(values):
            chosen["full_name"] = [name]


def _is_name(values: list[str]) -> bool:
    """Two to five words without digits, different in most rows."""
    words = _share(values, lambda text: 2 <= len(text.split()) <= 5 and not any(c.isdigit() for c in text))
    return words > 0.8 and len(values) >= 20 and len(set(values)) > 0.5 * len(values)


def _is_birth(values: list[str]) -> bool:
    """Dates over many years that begin long ago: dates of birth, not of registration."""
    reading = read_dates(dict.fromkeys(values, 1)) if len(values) >= 20 else None
    return reading is not None and reading.share > 0.9 and reading.earliest < 1980


def _format(texts: Mapping[str, list[str]], birth: list[str] | None) -> str | None:
    """The pattern of the dates, where it is not ISO and day and month can be told apart."""
    if not birth:
        return None
    reading = read_dates(dict.fromkeys(texts[birth[0]], 1))
    return None if reading is None or reading.is_iso or reading.twin or reading.share < 0.5 else reading.pattern
