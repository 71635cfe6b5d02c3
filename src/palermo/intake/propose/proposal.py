"""Proposing a mapping for a file of unknown shape (`palermo map FILE`).

The proposal is a first draft with its reasons, for a person to correct; intake never uses one that was not written to
a file first. Names, addresses and free text are proposed as left out, and no text of theirs is repeated anywhere.
"""

from pathlib import Path

from palermo.codes import code_list
from palermo.codes.folding import fold
from palermo.errors import UsageError
from palermo.intake.propose.columns import IGNORED, MAPPED, ColumnProposal, Constant, Proposal
from palermo.intake.propose.decide import decide
from palermo.intake.propose.flags import Flag, find_flags
from palermo.intake.propose.headers import match_header
from palermo.intake.propose.lexicon import lexicon, words_of
from palermo.intake.propose.personal import holds_data
from palermo.intake.propose.sample import ColumnSample, ReadingOptions, Sample, take_sample
from palermo.intake.propose.toml import proposal_toml
from palermo.intake.propose.values import match_values
from palermo.intake.registry import adapters
from palermo.intake.unit_trap import COUNTS_VICTIMS

__all__ = ["Proposal", "proposal_toml", "propose_mapping"]

# What words of the file say about figures without a measure: stem of the word, then measure, unit and kind.
_MEASURES = (
    ("convict", "persons_convicted", "PERSON", "_Z"),
    ("prosecut", "persons_prosecuted", "PERSON", "_Z"),
    ("offen", "offences", "OFFENCE", "_Z"),
    ("assisted", "victims_assisted", "PERSON", "assisted"),
    ("victim", "victims_detected", "PERSON", "detected"),
)

_NEEDED = {
    "ref_area": "give it with --area or as a constant",
    "value": "a mapping reads one column of figures, one figure in each row; a wide table must be made long first",
    "measure": "give it as a constant; victims, offences and persons convicted are never mixed",
    "unit": "give it as a constant; persons, cases, offences and rates are never mixed",
}


def propose_mapping(
    path: Path,
    *,
    table: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    sample: int = 5000,
) -> Proposal:
    """Propose a mapping of ``path`` from its headers and values.

    ``table`` is guessed where not given. ``sample`` is the number of first rows of which every column is counted;
    after them only columns with few distinct values are. Raises ``UsageError`` for a file that is no table, is empty,
    or in which nothing is recognised.
    """
    if table is not None and table not in lexicon().targets:
        raise UsageError(f"--table {table}: a mapping is proposed for {', '.join(lexicon().targets)}")
    taken = take_sample(path, ReadingOptions(encoding, delimiter, sheet), sample)
    if holds_data(column.name for column in taken.columns):
        raise UsageError(f"{path}: row {taken.header_row} holds data, not the names of columns; add a row of names")
    flags = find_flags(taken.columns)
    guess, reason = guess_table(taken, flags) if table is None else (table, "The table was given.")
    if guess != "cases":
        flags = {}
    columns = decide(taken.columns, guess, flags)
    if not any(one.target for one in columns):
        raise UsageError(
            f"{path}: no column was recognised among the {len(columns)} that row {taken.header_row} names. "
            "Is that the row of names, and the delimiter right? Else write the mapping by hand"
        )
    constants = _constants(taken, guess, columns)
    return Proposal(
        file=path.name,
        table=guess,
        table_reason=reason,
        rows=taken.rows,
        header_row=taken.header_row,
        columns=columns,
        constants=constants,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        adapter=_known_shape(taken),
        check=_checks(taken, guess, columns, constants),
    )


def guess_table(sample: Sample, flags: dict[str, Flag]) -> tuple[str, str]:
    """The table that the file fills and why: figures with their year, persons before the law, or victims."""
    if flags:
        return "cases", f"It has {len(flags)} yes/no columns that name codes, so that a row looks like one victim."
    words = [word for column in sample.columns for word in words_of(column.name)]
    words += words_of(sample.path.name)
    value = _figure_column(sample.columns)
    if value is not None and _has_year(sample.columns):
        return "observations", f"It has figures ({value!r}) and years, so that a row looks like a published figure."
    if _is_wide(sample.columns):
        return "observations", "It has a year and little but figures beside it, so that it looks like a wide table."
    counts = {table: sorted(set(words) & known) for table, known in lexicon().tables.items()}
    suspects, cases = counts.get("suspects", []), counts.get("cases", [])
    if len(suspects) > len(cases):
        return "suspects", f"Its words speak of persons before the law ({', '.join(suspects[:5])})."
    said = f"Its words speak of victims ({', '.join(cases[:5])})." if cases else "Nothing speaks for another table."
    return "cases", said


def _figure_column(columns: tuple[ColumnSample, ...]) -> str | None:
    """The column of figures, if there is one that does not simply number the rows."""
    aliases = lexicon().targets["observations"]["value"]
    for column in columns:
        match = match_header(column.name, aliases)
        if match is not None and match.score >= 0.7 and not _numbers_rows(column):
            fits = match_values(column, "value", "observations")
            if fits.answers and fits.share >= 0.9:
                return column.name
    return None


def _is_wide(columns: tuple[ColumnSample, ...]) -> bool:
    """Whether nearly all columns but the year hold figures."""
    figures = [match_values(column, "value", "observations").share >= 0.9 for column in columns if column.filled]
    return len(figures) > 2 and _has_year(columns) and sum(figures) >= 0.8 * len(figures)


def _numbers_rows(column: ColumnSample) -> bool:
    """Whether the values are 1, 2, 3 ... once each, as record numbers are."""
    texts = [text for text in column.counts if text.isdecimal()]
    if len(texts) < 3 or len(texts) != len(column.counts) or max(column.counts.values()) > 1:
        return False
    numbers = sorted(int(text) for text in texts)
    return numbers[-1] - numbers[0] == len(numbers) - 1


def _has_year(columns: tuple[ColumnSample, ...]) -> bool:
    aliases = lexicon().targets["observations"]["time_period"]
    return any(
        match_header(column.name, aliases) is not None
        and match_values(column, "time_period", "observations").share >= 0.9
        for column in columns
    )


def _constants(sample: Sample, table: str, columns: tuple[ColumnProposal, ...]) -> tuple[Constant, ...]:
    """Measure, unit and kind of published figures, where no column holds them and the words of the file do."""
    if table != "observations":
        return ()
    have = {one.target for one in columns}
    if "measure" in have:
        return _kind_of_measure(sample, columns)
    words = {word for column in sample.columns for word in words_of(column.name)} | set(words_of(sample.path.name))
    for stem, measure, unit, kind in _MEASURES:
        said = sorted(word for word in words if word.startswith(stem))
        if said:
            reason = f"CHECK: concluded from the word {said[0]!r} in the file; units are never mixed"
            wanted = {"measure": measure, "unit": unit, "kind": kind}
            return tuple(Constant(target, value, reason) for target, value in wanted.items() if target not in have)
    return ()


def _kind_of_measure(sample: Sample, columns: tuple[ColumnProposal, ...]) -> tuple[Constant, ...]:
    """The kind of figure where a column of measures holds one measure of victims only."""
    chosen = next(one for one in columns if one.target == "measure")
    counts = next(column.counts for column in sample.columns if column.name == chosen.column)
    measures = {chosen.values.get(text) or code_list("measure").match(text) for text in counts if text} - {None}
    kinds = {kind for _, measure, _, kind in _MEASURES if measures == {measure}}
    return tuple(
        Constant("kind", kind, f"the file measures {', '.join(filter(None, measures))} only") for kind in kinds
    )


def _checks(
    sample: Sample, table: str, columns: tuple[ColumnProposal, ...], constants: tuple[Constant, ...]
) -> tuple[str, ...]:
    have = {one.target for one in columns if one.decision != IGNORED} | {one.target for one in constants}
    checks = _figure_checks(sample, columns, have) if table == "observations" else []
    if table == "cases" and not have & {"year", "date"}:
        checks.append("no column says the year or date of detection; the account cannot place these cases in time")
    if table == "cases" and not have & {"sex", "age", "age_band", "forms", "status"}:
        checks.append("nothing says that a row is one victim; name the table with --table if it is not")
    if table == "cases" and (counted := [one.column for one in columns if COUNTS_VICTIMS.search(fold(one.column))]):
        checks.append(
            f"{counted[0]!r} counts victims: a row may be a court case of several, and cases are not persons; "
            "intake asks for the unit"
        )
    mapped = [one for one in columns if one.decision == MAPPED and one.unmatched]
    checks.extend(f"{one.column}: {len(one.unmatched)} repeated texts have no code yet" for one in mapped)
    return tuple(checks)


def _figure_checks(sample: Sample, columns: tuple[ColumnProposal, ...], have: set[str | None]) -> list[str]:
    """What published figures need: area, measure, unit, a column of figures, and every dimension."""
    checks = []
    for target, why in _NEEDED.items():
        if target not in have:
            checks.append(f"nothing says the {target}: {why}")
    several = {column.name for column in sample.columns if len([text for text in column.counts if text]) > 1}
    left = [one.column for one in columns if one.decision == IGNORED and one.column in several]
    if left:
        checks.append(
            f"left out, although they differ between rows: {', '.join(left)}. Rows that differ only there cannot be "
            "told apart; map them, or keep one value of each in a copy of the file"
        )
    return checks


def _known_shape(sample: Sample) -> str | None:
    return next((adapter.name for adapter in adapters() if adapter.recognise(sample.head)), None)
