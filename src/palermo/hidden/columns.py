"""What each column of a table is: a list, the history itself, the count, a covariate, or a mere row number.

The decision a reader would question: what could be read in two ways is refused and not guessed. A column of 0, 1 and
blanks may be a list or a covariate, and the two give different answers; ``lists`` (on the command line ``--lists``)
says which.
"""

import re
from dataclasses import dataclass

from palermo.errors import UsageError
from palermo.hidden.count_text import is_missing
from palermo.hidden.table_file import TextTable

COUNT_NAMES = (
    *("count", "counts", "freq", "frequency", "frequencies", "persons", "people", "number", "number of persons"),
    *("cases", "observed", "n_persons", "victims", "obs", "n", "f"),
)
HISTORY_NAMES = ("history", "histories", "capture history", "capture_history", "capture", "ch", "pattern", "caphist")
# Columns of 0 and 1 under these names tell who a person is, not who saw the person.
COVARIATE_NAMES = frozenset(
    (
        *("sex", "gender", "female", "male", "woman", "women", "man", "men", "girl", "boy", "child", "children"),
        *("minor", "adult", "age", "agegroup", "age_group", "foreign", "citizen", "national", "migrant", "year"),
    )
)
INDEX_NAMES = frozenset({"", "index", "x", "row", "rownames", "row.names", "rn", "...1", "unnamed: 0"})
PERSON_NAMES = frozenset({"id", "person", "person_id", "personid", "case", "case_id", "record", "record_id", "uid"})
# Each way of writing yes and no. Letters alone need both, because F alone is a sex and N alone a place.
_WORDS = (("1", "0"), ("1.0", "0.0"), ("true", "false"), ("yes", "no"), ("oui", "non"), ("ja", "nein"), ("sí", "no"))
_LETTERS = (("y", "n"), ("t", "f"))
_MARKS = ("x", "✓", "✔", "+", "1", "yes", "y", "true", "•")
_HISTORY = re.compile(r"[01](?:[-_ ,;/|.]?[01])+")


@dataclass(frozen=True)
class Columns:
    """The part of each column. Either ``lists`` are columns, or ``history`` names the one column that holds them all.

    ``count`` is None where each row is one person.
    """

    lists: tuple[str, ...]
    history: str | None
    count: str | None
    covariates: tuple[str, ...]


def columns_of(table: TextTable, lists: tuple[str, ...] | None) -> Columns:
    """Find out what each column is; ``lists`` says which are lists, where it is given."""
    named = lists or ()
    rest = [name for name in table.header if not _is_index(table, name)]
    history = None if set(named) & set(rest) else _history(table, rest)
    if history is None and (missing := [name for name in named if name not in table.header]):
        raise UsageError(f"{table.where}: no column {', '.join(missing)}; found {', '.join(table.header)}")
    count = _count(table, [name for name in rest if name not in named and name != history])
    rest = [name for name in rest if name not in {count, history}]
    found = named if named or history else _found_lists(table, rest)
    covariates = tuple(name for name in rest if name not in found and not _is_blank(table, name))
    if count is None:
        covariates = tuple(name for name in covariates if not _is_person_number(table, name))
    return Columns(found, history, count, covariates)


def sees(text: str, column: tuple[str, ...]) -> bool | None:
    """Whether the text says that the list saw the person; None where it says neither. ``column`` is all its texts."""
    said = text.lower()
    for yes, no in (*_WORDS, *_LETTERS):
        if said in {yes, no}:
            return said == yes
    if said in _MARKS:
        return True
    explicit = {no for _, no in (*_WORDS, *_LETTERS)}
    return False if not said and not explicit & {other.lower() for other in column} else None


def split_history(text: str) -> str | None:
    """The history as 0 and 1 alone; None where it is none."""
    return re.sub(r"[^01]", "", text) if _HISTORY.fullmatch(text) else None


def _found_lists(table: TextTable, names: list[str]) -> tuple[str, ...]:
    """The columns that read as lists. Two ways of writing yes are two kinds of column: it is not guessed which."""
    found = tuple(name for name in names if _is_list(table, name))
    in_words = [name for name in found if any(text.isalpha() for text in table.column(name))]
    in_numbers = [name for name in found if name not in in_words]
    if in_words and in_numbers:
        raise UsageError(
            f"{table.where}: {', '.join(in_numbers)} hold 0 and 1, {', '.join(in_words)} words for yes and no; "
            "expected lists written one way. Write them alike, or name the lists (`--lists`) if the rest are covariates"
        )
    return found


def _is_list(table: TextTable, name: str) -> bool:
    texts = {text.lower() for text in table.column(name)}
    if name.lower() in COVARIATE_NAMES:
        return False
    if any(texts <= {*pair} for pair in _WORDS) or any(texts == {*pair} for pair in _LETTERS):
        return True
    if len(texts) == 2 and "" in texts and texts & {*_MARKS}:
        return True
    _refuse_nearly(table, name, texts)
    return False


def _refuse_nearly(table: TextTable, name: str, texts: set[str]) -> None:
    """A column of 0 and 1 with one other text is a list with an error in it, or a covariate: nobody guesses which."""
    others = texts - {"0", "1"}
    if len(others) == 1 and ({"0", "1"} <= texts or (texts & {"0", "1"} and all(map(is_missing, others)))):
        row, found = next(
            (i, text) for i, text in zip(table.numbers, table.column(name), strict=True) if text.lower() in others
        )
        raise UsageError(
            f"{table.where}: row {row}, column {name}: found {found!r} among 0 and 1; expected 0 or 1 in a list. "
            "Correct it (a row of totals does not belong into the table), or name the lists (`--lists`) if this "
            "column is a covariate"
        )


def _count(table: TextTable, names: list[str]) -> str | None:
    """The column of counts: ``count`` where it stands, else the one under another known name."""
    known = [name for name in names if name.lower() in COUNT_NAMES]
    exact = [name for name in known if name.lower() == "count"]
    if len(exact) == 1:
        return exact[0]
    if len(known) > 1 or any(len(name) == 1 for name in known):
        known = [name for name in known if not {*table.column(name)} <= {"0", "1"}]
    if len(known) > 1:
        raise UsageError(
            f"{table.where}: columns {', '.join(known)} could all be the number of persons; call the right one `count`"
        )
    return known[0] if known else None


def _history(table: TextTable, names: list[str]) -> str | None:
    for name in names:
        column = table.column(name)
        whole = all(split_history(text) or text in {"0", "1"} for text in column)
        if name.lower() in HISTORY_NAMES and whole:
            return name
        as_wide = {len(text) for text in column} == {len(column[0])} and len(column[0]) > 1
        is_decimal = column[0][1:2] == "."
        if whole and as_wide and not is_decimal and any(text.startswith("0") for text in column):
            others = [other for other in names if other != name and {*table.column(other)} == {"0", "1"}]
            return None if len(others) > 1 else name  # beside lists it is a code
    return None


def _is_index(table: TextTable, name: str) -> bool:
    """Row numbers, as R and pandas write them before the first column."""
    place = table.header.index(name)
    if place or (name.lower() not in INDEX_NAMES and name != "column 1"):
        return False
    numbers = [str(i) for i in range(len(table.rows) + 1)]
    column = [text.removesuffix(".0") for text in table.column(name)]
    return column in (numbers[1:], numbers[:-1]) and (name != "X" or column == numbers[1:])


def _is_blank(table: TextTable, name: str) -> bool:
    return re.fullmatch(r"column \d+", name) is not None and all(is_missing(text) for text in table.column(name))


def _is_person_number(table: TextTable, name: str) -> bool:
    return name.lower() in PERSON_NAMES and len({*table.column(name)}) == len(table.rows)
