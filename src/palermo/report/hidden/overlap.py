"""H1: the lists, what they share, and who is on one list only. Counts of detected persons, no estimates."""

from itertools import combinations

import numpy as np

from palermo.hidden.capture import CaptureTable, remarks
from palermo.report.amounts import Amount, State, exact, total, written
from palermo.report.estimates.amounts import sentence
from palermo.report.estimates.overlap import DRAWN, history_rows, members, names, overlap_mark, size_rows
from palermo.report.estimates.words import DETECTED
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.hidden.inputs import HiddenNumber, detected
from palermo.report.hidden.protection import protected


def overlap_figure(given: HiddenNumber) -> Figure:
    """H1: list sizes and the persons seen by exactly each combination of lists."""
    table = given.table
    amounts = combinations_of(table, given.protect)
    sizes = tuple((name, _sum(amounts, 1 << place)) for place, name in enumerate(table.lists))
    words = "; ".join(f"{name} {written(amount)}" for name, amount in sizes)
    return Figure(
        id="H1",
        title="The lists, and how many persons they share",
        subtitle="Persons detected: above by list, below by the exact combination of lists that saw them",
        note=_note(given, len(amounts)),
        source=given.sources,
        table=Table(
            (Stub("lists", "Lists"),),
            (Measure("persons", "Persons detected", "persons"),),
            (*size_rows(sizes), *_pair_rows(table, amounts), *history_rows(table.lists, amounts)),
        ),
        marks=(overlap_mark(sizes, amounts),) if amounts else (),
        alt=f"Persons by list: {words}. {len(amounts)} combinations of lists saw anyone.",
        observations=(),
        text=_sentences(table, amounts),
        made_up=given.made_up,
        about=DETECTED,
    )


def combinations_of(table: CaptureTable, protect: int | None) -> dict[int, Amount]:
    """Persons by history: as counted, hidden where small, or the range that the publisher of the table printed."""
    printed = set()
    low, high = np.zeros(1 << table.k), np.zeros(1 << table.k)
    if table.lower is not None and table.upper is not None:
        np.add.at(low, table.histories, table.lower)
        np.add.at(high, table.histories, table.upper)
        printed = set(np.flatnonzero(low < high).tolist())
    counts = {history: int(count) for history, count in enumerate(table.cells) if count and history not in printed}
    ranges = {history: Amount(low[history], high[history], State.PRINTED_RANGE) for history in sorted(printed)}
    return {**protected(counts, protect), **ranges}


def _sum(amounts: dict[int, Amount], term: int) -> Amount:
    """Persons on all the lists of ``term``, as the sum of what is shown."""
    return total([amount for history, amount in amounts.items() if history & term == term] or [exact(0)])


def _pair_rows(table: CaptureTable, amounts: dict[int, Amount]) -> list[Row]:
    pairs = combinations(range(table.k), 2)
    terms = [(1 << one) | (1 << two) for one, two in pairs]
    heading = "On both lists of a pair"
    return [Row(((f"pair {term}", names(table.lists, term)),), (_sum(amounts, term),), heading) for term in terms]


def _sentences(table: CaptureTable, amounts: dict[int, Amount]) -> tuple[str, ...]:
    twice = total([amount for history, amount in amounts.items() if len(members(history)) > 1] or [exact(0)])
    told = [f"{written(detected(table))} persons were detected, {written(twice)} of them on two lists or more."]
    return (*told, *(sentence(remark) for remark in remarks(table)))


def _note(given: HiddenNumber, seen: int) -> str:
    told = "The estimates rest on the overlaps: the fewer persons stand on two lists, the less the lists can tell."
    if seen > DRAWN:
        told += f" The {DRAWN} largest of {seen} combinations are drawn; the table holds all."
    if given.protect is not None:
        told += f" Counts of 1 to {given.protect - 1} persons are hidden; sums that hold such a count are ranges."
    return told
