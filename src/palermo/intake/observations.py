"""From single published figures to a batch of the table OBSERVATIONS, the same way for every publisher.

A key that a file repeats is settled here. Of conflicting figures the first exact one stands, before any that is only
bounds: "<5" says less than "17" and in the sources at hand stands for zero and for no answer too. The others go to
quarantine with both figures named. Nothing is averaged, and nothing is added up unless the publisher is known to print
the parts of a figure under one key (the workbook of UNODC: ``added``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pyarrow as pa

from palermo.intake.figures import Figure
from palermo.intake.registry import Batch, Notice, QuarantinedRow
from palermo.intake.schema import OBSERVATIONS

TOTAL = "_T"
UNKNOWN = "_U"
NOT_APPLICABLE = "_Z"
EXAMPLE_ROWS = 5  # how many row numbers a notice carries
MIN_FOR_SEX_CHECK = 20  # below this many persons a ratio of women to men says nothing about the columns


class Key(NamedTuple):
    """What a figure is about: the key columns of OBSERVATIONS, in their order."""

    measure: str
    unit: str
    kind: str
    ref_area: str
    time_period: str
    sex: str = TOTAL
    age: str = TOTAL
    form: str = TOTAL
    citizenship: str = TOTAL
    counterpart_area: str = NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """One figure as read, before repeated keys are settled.

    ``found`` is the text of the cell in ``column``. ``label`` keeps two source labels apart that have one code, such
    as "Other" and "Unknown" citizenship, which are two groups and no repetition of each other. ``rows`` says how many
    rows of the source make the figure.
    """

    key: Key
    figure: Figure
    row: int
    column: str
    found: str
    label: str = ""
    rows: int = 1


@dataclass
class Tally:
    """Counts what is worth saying about accepted rows, in the order of first appearance."""

    _counts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _examples: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _rows: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, column: str, message: str, row: int, example: str = "") -> None:
        """Count one row under ``kind``, ``column`` and ``message``."""
        key = (kind, column, message)
        self._counts[key] = self._counts.get(key, 0) + 1
        self._examples.setdefault(key, example)
        if len(self._rows[key]) < EXAMPLE_ROWS:
            self._rows[key].append(row)

    def notices(self) -> tuple[Notice, ...]:
        """One notice per kind, column and message."""
        return tuple(
            Notice(kind, column, count, message, self._examples[key], tuple(self._rows[key]))
            for key, count in self._counts.items()
            for kind, column, message in (key,)
        )


def batch_of(
    list_name: str,
    file: str,
    figures: Sequence[SourceFigure],
    quarantined: Sequence[QuarantinedRow],
    tally: Tally,
) -> Batch:
    """A whole file as one batch: repeated keys settled, columns of women and men checked, the table written."""
    kept, repeats = settle(figures, file, tally)
    for source in kept:
        _say_note(source, tally)
    check_sexes(kept, tally)
    put_aside = sorted((*quarantined, *repeats), key=lambda row: row.row)
    return Batch(
        tables={"observations": observation_table(list_name, kept)},
        read=sum(one.rows for one in figures) + len(quarantined),
        accepted=sum(one.rows for one in kept),
        quarantined=tuple(put_aside),
        notices=tally.notices(),
    )


_MESSAGES = {
    "thousands separator as text": "read as one whole number",
    "decimal comma": "read as a decimal sign",
    "kept as bounds": "suppressed figure kept as lower and upper bound, never as a number",
    "no figure": "the cell holds no figure; kept as missing, not as zero",
}


def _say_note(source: SourceFigure, tally: Tally) -> None:
    if note := source.figure.note:
        tally.add(note, source.column, _MESSAGES[note], source.row, source.found)


def added(parts: Sequence[SourceFigure], tally: Tally) -> SourceFigure:
    """The sum of the parts of one figure, which its publisher prints under one key; bounds are added as bounds."""
    lower, upper = (sum(getattr(one.figure, side) for one in parts) for side in ("lower", "upper"))
    figure = Figure(lower if lower == upper else None, lower, upper, "A")
    found = " + ".join(one.found for one in parts)
    tally.add("parts of one figure", parts[0].column, "printed in rows of one key; added up", parts[0].row, found)
    for one in parts:
        _say_note(one, tally)
    return replace(parts[0], figure=figure, found=found, rows=len(parts))


def settle(figures: Iterable[SourceFigure], file: str, tally: Tally) -> tuple[list[SourceFigure], list[QuarantinedRow]]:
    """One figure per key and label, in source order, and the rows that repeat or contradict it."""
    groups: dict[tuple[Key, str], list[SourceFigure]] = defaultdict(list)
    for source in figures:
        groups[source.key, source.label].append(source)
    kept: list[SourceFigure] = []
    repeats: list[QuarantinedRow] = []
    for group in groups.values():
        standing = next((one for one in group if one.figure.value is not None), group[0])
        kept.append(standing)
        repeats.extend(_put_aside(one, standing, file, tally) for one in group if one is not standing)
        if any(_says(one.figure) != _says(standing.figure) for one in group):
            message = "keys whose figures disagree; the first exact figure stands"
            tally.add("keys in conflict", standing.column, message, standing.row, standing.found)
    kept.sort(key=lambda one: one.row)
    return kept, repeats


def _put_aside(later: SourceFigure, standing: SourceFigure, file: str, tally: Tally) -> QuarantinedRow:
    agrees = _says(later.figure) == _says(standing.figure)
    if agrees:
        kind, reason = "repeated key", f"repeats row {standing.row}, which has the same figure"
    else:
        kind = "conflicting repeated key"
        reason = f"row {standing.row} has {standing.found!r} for the same key; that figure stands"
    tally.add(kind, later.column, "put in quarantine; one figure per key stands", later.row, later.found)
    return QuarantinedRow(
        file=file,
        row=later.row,
        column=later.column,
        found=later.found,
        expected=f"one figure per key; row {standing.row} has {standing.found!r}",
        reason=f"{kind}: {reason}",
        raw=" | ".join(later.key),
    )


def _says(figure: Figure) -> tuple[float | None, float | None, float | None]:
    return figure.value, figure.lower, figure.upper


def check_sexes(figures: Sequence[SourceFigure], tally: Tally) -> None:
    """Say where the columns of women and men look exchanged. Nothing is repaired.

    Two signs: fewer women than men among the sexually exploited of an area and period, against every published
    account; or parts by form that add up to the total of the other sex.
    """
    total: dict[Key, dict[str, float]] = defaultdict(dict)
    parts: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for source in figures:
        key, value = source.key, source.figure.value
        if key.sex not in {"F", "M"} or value is None or key.citizenship != TOTAL:
            continue
        total[key._replace(sex="")][key.sex] = value
        if key.form != TOTAL:
            parts[key._replace(sex="", form=TOTAL)][key.sex] += value
    row_of = {source.key: source.row for source in figures}
    for key, sexes in total.items():
        if len(sexes) < 2 or sum(sexes.values()) < MIN_FOR_SEX_CHECK:
            continue
        row, where = row_of[key._replace(sex="F")], f"{key.ref_area} {key.time_period}"
        if _fewer_women_in_sexual_exploitation(key, sexes):
            tally.add("sexes perhaps exchanged", "sex", "fewer women than men sexually exploited", row, where)
        other = parts.get(key, {})
        if sexes["F"] != sexes["M"] and (other.get("F"), other.get("M")) == (sexes["M"], sexes["F"]):
            tally.add("sexes perhaps exchanged", "sex", "forms add up to the total of the other sex", row, where)


def _fewer_women_in_sexual_exploitation(key: Key, sexes: dict[str, float]) -> bool:
    """Children alone are no sign: in some countries more boys than girls are found."""
    is_sexual = key.measure.startswith("victims") and key.form == "sexual"
    return is_sexual and key.age in {TOTAL, "Y_GE18"} and sexes["F"] < sexes["M"]


def observation_table(list_name: str, figures: Sequence[SourceFigure]) -> pa.Table:
    """The rows of OBSERVATIONS, in the order given."""
    columns: dict[str, list[object]] = {name: [] for name in OBSERVATIONS.names}
    columns["list"] = [list_name] * len(figures)
    for name, values in zip(Key._fields, zip(*(one.key for one in figures), strict=True), strict=False):
        columns[name] = list(values)
    for name in ("value", "lower", "upper", "obs_status"):
        columns[name] = [getattr(one.figure, name) for one in figures]
    columns["source_row"] = [one.row for one in figures]
    return pa.table(columns, schema=OBSERVATIONS)
