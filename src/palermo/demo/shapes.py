"""How each list writes its records: one declaration per list, from which both the file and its mapping are made.

Because file and mapping come from the same declaration, the words that a list uses and the words that its mapping
explains cannot drift apart. Areas stand in every mapping by name, because the made-up country is in no public list.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from palermo.codes import ages
from palermo.demo import facts
from palermo.demo.identities import Written
from palermo.demo.records import Record

UNKNOWN = "_U"
MARK_COLUMN = "made_up"


@dataclass(frozen=True)
class Column:
    """One column of a list's file.

    ``target`` is the column of the cases table, empty where the mapping ignores the column for the ``reason`` given.
    ``trait`` is the attribute of the record where it has another name. ``words`` are the list's words for codes.
    ``flag`` is the code for which the column says yes or no. ``unknown`` is what is written where nothing is known.
    ``identity`` is the key of ``[identity]`` in the mapping, for columns by which the records of one person are joined.
    """

    header: str
    target: str = ""
    trait: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    flag: str = ""
    separator: str = ""
    date_format: str = ""
    unknown: str = ""
    reason: str = ""
    identity: str = ""

    def text(self, record: Record) -> str:
        """What the list writes for one record, without any fault."""
        if self.identity:
            return _identity_text(record.identity, self)
        value = getattr(record, self.trait or self.target)
        if self.flag:
            # No form means that none is known; no service means that none was given. Blank and "no" are not the same.
            return "" if not value and self.target == "forms" else YES_NO[self.flag in value]
        if self.target in {"age", "age_band"}:
            return _age_text(record, self.unknown) if self.target == "age" else _band_text(record, self.words)
        if isinstance(value, date):
            return value.strftime(self.date_format)
        if isinstance(value, tuple):
            return self.separator.join(self.words[code] for code in value) or self.unknown
        return self.unknown if value == UNKNOWN else self.words.get(value, str(value))


@dataclass(frozen=True)
class Shape:
    """The file of one list: its format and its columns, the mark of made-up data last."""

    name: str
    title: str
    source_type: str
    file: str
    columns: tuple[Column, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers, the mark of made-up data last."""
        return (*(column.header for column in self.columns), MARK_COLUMN)

    def row(self, record: Record) -> list[str]:
        """One record as the list writes it, with its fault where it has one."""
        cells = [column.text(record) for column in self.columns]
        if record.fault:
            _spoil(record.fault, self.columns, cells)
        cells.append(facts.MADE_UP)
        if record.fault == "torn row":  # a separator inside an unquoted cell
            cells.insert(2, "")
        return cells


YES_NO = {True: "yes", False: "no"}
IN_DOUBT = "in doubt"


def mapping_toml(shape: Shape) -> str:
    """The mapping of a list's file, as ``palermo.intake.mapping`` reads it."""
    lines = [f"# {facts.MADE_UP}. How the columns of {shape.file} become columns of the cases table.", "[mapping]"]
    head = {"name": shape.name, "table": "cases", "title": f"{shape.title} (made up)"}
    if shape.file.endswith((".csv", ".tsv", ".txt")):
        head |= {"encoding": shape.encoding, "delimiter": shape.delimiter}
    if shape.sheet:
        head["sheet"] = shape.sheet
    head["unit_note"] = "one row is one registration of one person"
    lines += [f"{key} = {_quoted(value)}" for key, value in head.items()]
    for target, value in shape.constants.items():
        lines += ["", f"[fields.{target}]", f"constant = {_quoted(value)}"]
    flags: dict[str, list[Column]] = {}
    for column in shape.columns:
        if column.flag:
            flags.setdefault(column.target, []).append(column)
        elif column.target:
            lines += ["", *_field(column)]
    for target, columns in flags.items():
        pairs = ", ".join(f"{_quoted(column.header)} = {_quoted(column.flag)}" for column in columns)
        lines += ["", f"[fields.{target}]", f"flags = {{ {pairs} }}", 'yes = ["yes"]', 'no = ["no"]']
    lines += _identity(shape)
    lines += ["", "[ignored]"]
    left_out = (column for column in shape.columns if not column.target and not column.identity)
    lines += [f"{_quoted(column.header)} = {_quoted(column.reason)}" for column in left_out]
    lines.append(f'{MARK_COLUMN} = "says in every row that the data are made up"')
    return "\n".join(lines) + "\n"


def _identity(shape: Shape) -> list[str]:
    """The table of names and birth dates; empty where the list asks for none."""
    lines = []
    for column in shape.columns:
        if column.identity:
            lines.append(f"{column.identity} = {_quoted(column.header)}")
            if column.date_format:
                lines.append(f"date_format = {_quoted(column.date_format)}")
    return (
        ["", "# Joins records of one person where linkage by names is asked for; never counted.", "[identity]", *lines]
        if lines
        else []
    )


def _identity_text(said: Written, column: Column) -> str:
    if column.identity == "full_name":
        return said.name
    if column.identity == "birth_date":
        return date.fromisoformat(said.born).strftime(column.date_format) if "-" in said.born else said.born
    return said.town if column.identity == "place" else str(getattr(said, column.identity))


def _field(column: Column) -> list[str]:
    lines = [f"[fields.{column.target}]", f"column = {_quoted(column.header)}"]
    unknown = [""]
    if column.unknown:
        unknown.append(column.unknown)
    if column.target == "age":
        unknown.append(IN_DOUBT)
    lines.append(f"unknown = [{', '.join(_quoted(text) for text in dict.fromkeys(unknown))}]")
    if column.separator:
        lines.append(f"separator = {_quoted(column.separator)}")
    if column.date_format:
        lines.append(f"date_format = {_quoted(column.date_format)}")
    if column.words:
        pairs = [f"{_quoted(word)} = {_quoted(code)}" for code, word in column.words.items()]
        lines += [f"[fields.{column.target}.values]", *pairs]
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _age_text(record: Record, unknown: str) -> str:
    if record.age is None:
        return IN_DOUBT if record.age_in_doubt else unknown
    return str(record.age)


def _band_text(record: Record, words: Mapping[str, str]) -> str:
    """The list's own band that holds the age; its bands cover all ages."""
    if record.age is None:
        return words[UNKNOWN]
    band = next(code for code in words if code != UNKNOWN and _holds(code, record.age))
    return words[band]


def _holds(band: str, age: int) -> bool:
    lower, upper = ages.bounds(band) or (0, None)
    return lower <= age and (upper is None or age <= upper)


def _spoil(fault: str, columns: tuple[Column, ...], cells: list[str]) -> None:
    """Put a fault into the cell where it belongs."""
    if fault == "misspelt code":
        forms = [place for place, column in enumerate(columns) if column.target == "forms"]
        place = next((place for place in forms if cells[place] not in {"", "no"}), forms[0])
        cells[place] = misspelt(cells[place] or "yes")
    elif fault == "impossible date":
        place = next(place for place, column in enumerate(columns) if column.target in {"date", "year"})
        column = columns[place]
        # The 39th of a month; in a column of years, a letter in place of the zero.
        cells[place] = _impossible(column.date_format or "%Y-%m-%d") if column.target == "date" else "2O21"
    elif fault == "age not a number":
        place = next(place for place, column in enumerate(columns) if column.target == "age")
        cells[place] = f"{cells[place] if cells[place].isdigit() else 2}l"  # the letter l for the figure 1


def misspelt(word: str) -> str:
    """A word with its second and third letters exchanged, or doubled at the end where they are the same."""
    if len(word) > 2 and word[1] != word[2]:
        return word[0] + word[2] + word[1] + word[3:]
    return word + word[-1]


def _impossible(date_format: str) -> str:
    return date_format.replace("%d", "39").replace("%m", "02").replace("%Y", "2021")
