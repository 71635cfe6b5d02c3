"""Finding the columns of an HTCDS 2.0 file by the labels of the standard, never by its machine names.

The names in the published templates are wrong in places: four mailing columns carry the name of another column, one
has none and one is misspelt; the survey form spells three names in its own way. Labels are right but for one: the
survey form calls the person's title "Second Name" too. Hence labels count as they stand, a row of machine names above
or below them is skipped, and a label that stands twice is no fault unless it is one that is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from palermo.errors import UsageError
from palermo.intake.mapping import Mapping as ColumnMapping

LABEL_ROWS = 10  # the labels stand within the first rows
BIRTH, REFERRAL, AGE_WHEN_TRAFFICKED = "Birthdate", "Incoming Referral Date", "Age when Trafficked"
INDUSTRY, SEX_KIND = "Forced Labour Industry", "Type of Sex Exploitation"
# Columns of a survey or case system that number the records; the standard has none.
RECORD = ("_uuid", "_id", "Case Number", "Case ID", "Record ID")
_FEW = 5  # labels below which a file is not taken for HTCDS
_TELLING = frozenset({"Type of Exploitation", "Methods of Control", "Trafficking Status", "Method of Recruitment"})
_PREFIXES = ("org_", "prs_", "vic_", "per_", "cas_", "cco_", "hte_", "spl_", "con_")

Options = dict[str, tuple[tuple[int, str], ...]]  # question -> place and option of each of its columns


@dataclass(frozen=True)
class Layout:
    """Where the labels stand, and which columns they name.

    ``columns`` gives the place of each label; ``options`` gives, for a question with one column per option, the place
    and the option of each. ``names_below`` says that the row under the labels holds machine names, not a case.
    """

    label_row: int
    names_below: bool
    columns: Mapping[str, int]
    options: Options
    width: int

    def has(self, label: str) -> bool:
        """Whether the file asks the question at all."""
        return label in self.columns or label in self.options


def known_labels(mapping: ColumnMapping) -> frozenset[str]:
    """The labels of the standard: those that are read and those that are left out on purpose."""
    made = (BIRTH, AGE_WHEN_TRAFFICKED, INDUSTRY, SEX_KIND)
    return frozenset({*made, *mapping.source_columns(), *mapping.ignored})


def find_layout(rows: Sequence[Sequence[str]], mapping: ColumnMapping) -> Layout | None:
    """The layout of a file by its first rows, or None where it is not HTCDS."""
    labels = known_labels(mapping)
    counts = [sum(any(_ends(cell, label) for label in labels) for cell in row) for row in rows[:LABEL_ROWS]]
    if not counts or max(counts) < _FEW:
        return None
    at = counts.index(max(counts))
    row = [cell.strip() for cell in rows[at]]
    columns, options = _places(row, mapping)
    if not _TELLING & {*columns, *options}:
        return None
    below = rows[at + 1] if at + 1 < len(rows) else ()
    return Layout(at + 1, _are_names(below), columns, options, len(row))


def check_repeated(layout_row: Sequence[str], layout: Layout, path: object) -> None:
    """Raise ``UsageError`` where a label that is read stands over two columns."""
    twice = [label for label in layout.columns if sum(_ends(cell.strip(), label) for cell in layout_row) > 1]
    if twice:
        raise UsageError(f"{path}: the label {twice[0]!r} stands over more than one column; rename one of them")


def _places(
    row: Sequence[str], mapping: ColumnMapping
) -> tuple[dict[str, int], dict[str, tuple[tuple[int, str], ...]]]:
    columns: dict[str, int] = {}
    options: dict[str, list[tuple[int, str]]] = {}
    questions = questions_of(mapping)
    names = _names(row, mapping)
    read = {*questions, BIRTH, REFERRAL, AGE_WHEN_TRAFFICKED, *RECORD, *names}
    for place, header in enumerate(row):
        option = _option(header, questions)
        if option is not None:
            options.setdefault(option[0], []).append((place, option[1]))
            continue
        label = next((one for one in read if _ends(header, one)), None)
        if label is not None:
            columns.setdefault(label, place)
    return columns, {label: tuple(found) for label, found in options.items()}


def _names(row: Sequence[str], mapping: ColumnMapping) -> list[str]:
    """Labels of identifying columns that stand once: the survey form calls the person's title "Second Name" too."""
    labels = mapping.identity.columns() if mapping.identity else ()
    return [label for label in labels if sum(_ends(cell, label) for cell in row) == 1]


def questions_of(mapping: ColumnMapping) -> dict[str, tuple[str, ...]]:
    """The coded labels with the texts that may answer them, longest first."""
    found: dict[str, tuple[str, ...]] = {}
    for field in mapping.fields:
        labels = (INDUSTRY, SEX_KIND) if field.column == "(sector)" else (str(field.column),)
        for label in labels:
            if not label.startswith("("):
                found[label] = tuple(sorted(field.values, key=lambda text: (-len(text), text)))
    return found


def _option(header: str, questions: Mapping[str, Iterable[str]]) -> tuple[str, str] | None:
    """The question and the option of a column "Question/option"; options may hold a slash themselves."""
    for label, answers in questions.items():
        for answer in answers:
            if _ends(header, f"{label}/{answer}"):
                return label, answer
    return None


def _ends(header: str, text: str) -> bool:
    plain, wanted = header.casefold(), text.casefold()
    return plain == wanted or plain.endswith("/" + wanted)


def _are_names(row: Sequence[str]) -> bool:
    """Whether a row holds machine names such as prs_FirstName."""
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and sum(cell.startswith(_PREFIXES) for cell in filled) >= 0.5 * len(filled)
