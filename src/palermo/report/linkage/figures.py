"""L1 to L5: the lists and what they lack, what was compared, the links and their errors, persons, and the bands.

The decision a reader would question: where nobody labelled a pair, the rates are not estimated from the model. A model
that is wrong about its links is wrong about its errors too; the figure says that there is no rate.
"""

from collections.abc import Mapping
from typing import Any

from palermo.report.amounts import NO_FIGURE, NOT_APPLICABLE, Amount, exact, interval
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.linkage.found import LinkageFound
from palermo.report.linkage.words import ABOUT, COLUMNS, CUT, SOURCE, probability_told, words_without
from palermo.report.marks import Bar, Bars, Estimate, Forest, Marks, Quantity

RECORDS = Quantity("detected", "RECORD")
SHARE = Quantity("estimated", "PERCENT")


def lists_figure(found: LinkageFound) -> Figure:
    """L1: the records of each list, and how many lack what records are compared by."""
    columns = [name for name in COLUMNS if any(name in one for one in found.missing.values())]
    rows = []
    for name, size in found.lists.items():
        lacking = found.missing.get(name, {})
        shares = [_percent(lacking[one], size) if one in lacking else NOT_APPLICABLE for one in columns]
        rows.append(Row(((name, name),), (exact(size), *shares)))
    measures = [Measure(name, f"No {COLUMNS[name]}", "%", 1, counts=False) for name in columns]
    bars = tuple(Bar(name, exact(size), RECORDS) for name, size in found.lists.items())
    note = (
        "A record without a name, or without a date of birth, is hard to recognise on another list."
        if columns
        else "Encodings hide which fields a record lacks, so that the linkage unit cannot count them."
    )
    return _figure(
        found,
        ("L1", "The lists, and what their records lack"),
        "Records by list",
        note,
        Table((Stub("list", "List"),), (Measure("records", "Records", "records"), *measures), tuple(rows)),
        (Bars(bars),),
    )


def compared_figure(found: LinkageFound) -> Figure:
    """L2: for each pair of lists, the pairs that were scored, their share of all possible pairs, and what was lost."""
    rows = []
    for one in found.rates:
        possible = _possible(one)
        lost = exact(100.0 * (1.0 - one["kept"]))
        counts = (exact(one["records_a"]), exact(one["records_b"]), exact(one["candidates"]))
        rows.append(Row(_pair(one), (*counts, _percent(one["candidates"], possible), lost)))
    compared = "" if found.candidates is None else f"{found.candidates:,} pairs were compared. "
    measures = (
        Measure("records_a", "Records of the first", "records"),
        Measure("records_b", "Records of the second", "records"),
        Measure("candidates", "Candidate pairs kept", "pairs"),
        Measure("share", "Share of all possible pairs", "%", 3, counts=False),
        Measure("lost", "True pairs lost before comparison (estimated)", "%", 1, counts=False),
    )
    return _figure(
        found,
        ("L2", "What was compared"),
        "",
        f"{compared}Pairs far from any link are not kept. Where lists are long, pairs of which no key agrees are not "
        "compared; how many true pairs that loses is estimated from how often keys agree among links.",
        Table((Stub("lists", "Lists"),), measures, tuple(rows)),
        (),
        "No two records could be compared." if not rows else "",
    )


def rates_figure(found: LinkageFound) -> Figure:
    """L3: links of each pair of lists, the estimated overlap, and the shares missed and false with intervals."""
    rows = [
        Row(
            _pair(one),
            (
                exact(one["links"]),
                _estimate(one["overlap"]),
                _within(one, "overlap"),
                *(amount for name in ("missed", "false") for amount in (_rate(one, name), _within(one, name, 100.0))),
                exact(one["labelled"]),
                exact(one["clerks"]),
            ),
        )
        for one in found.rates
    ]
    measures = (
        Measure("links", "Links made", "pairs"),
        Measure("overlap", "True pairs (estimated)", "pairs", 0, estimated=True),
        Measure("overlap_interval", "95% interval", "pairs"),
        Measure("missed", "Missed, of true pairs", "%", 1, counts=False, estimated=True),
        Measure("missed_interval", "95% interval", "%", 1, counts=False),
        Measure("false", "False, of links", "%", 1, counts=False, estimated=True),
        Measure("false_interval", "95% interval", "%", 1, counts=False),
        Measure("labelled", "Pairs labelled", "pairs"),
        Measure("clerks", "People who labelled", "people"),
    )
    marks = tuple(
        Forest(tuple(_mark(one, name) for one in found.rates if one[name] is not None), "%", 1, title)
        for name, title in (("missed", "Missed, of all true pairs"), ("false", "False, of all links"))
        if any(one[name] is not None for one in found.rates)
    )
    return _figure(
        found,
        ("L3", "The links between lists, and how many are missed or false"),
        "Estimated from labelled pairs, with 95% intervals",
        "A list with itself: the same person twice on one list. Rates of lists of which no pair was labelled rest on "
        "what all lists have in common.",
        Table((Stub("lists", "Lists"),), measures, tuple(rows)),
        marks,
        "" if rows else "No two records could be compared.",
        () if found.labelled else (words_without(found),),
    )


def persons_figure(found: LinkageFound) -> Figure:
    """L4: what was made of the links, and what was not."""
    told = [
        ("records", "Records", found.records),
        ("persons", "Persons", found.persons),
        ("largest", "Most records of one person", found.largest),
        ("bridges", "Single links between groups, to be looked at", found.bridges),
        *((reason, f"Links not made: {CUT.get(reason, reason)}", count) for reason, count in found.cut.items()),
    ]
    rows = tuple(Row(((code, label),), (exact(count),)) for code, label, count in told)
    return _figure(
        found,
        ("L4", "Persons made of the links"),
        "",
        "Links are joined from the strongest to the weakest. One that would break a rule of persons is not made.",
        Table((Stub("what", ""),), (Measure("count", "Count", "", counts=False),), rows),
        (),
        text=(
            f"{found.records:,} records are of {found.persons:,} persons where two records with a probability of "
            f"{probability_told(found.threshold)} or more are taken for one person.",
        ),
    )


def bands_figure(found: LinkageFound) -> Figure:
    """L5: for each band of scores, the model's probability beside what people said."""
    rows = tuple(
        Row(
            ((one["band"], one["band"]),),
            (
                exact(one["pairs"]),
                exact(one["labelled"]),
                *(_share(one[name]) for name in ("said", "same")),
                _share_within(one["same_lower"], one["same_upper"]),
                _share(one["calibrated"]),
            ),
        )
        for one in found.reliability
    )
    measures = (
        Measure("pairs", "Pairs", "pairs"),
        Measure("labelled", "Labelled", "pairs"),
        Measure("said", "The model says", "%", 1, counts=False),
        Measure("same", "Called the same", "%", 1, counts=False),
        Measure("same_interval", "95% interval", "%", 1, counts=False),
        Measure("calibrated", "Calibrated", "%", 1, counts=False),
    )
    return _figure(
        found,
        ("L5", "Whether probabilities mean what they say"),
        "",
        "Bands by the model's own probability.",
        Table((Stub("band", "Probability"),), measures, rows),
        (),
        "" if rows else words_without(found),
    )


def _figure(
    found: LinkageFound,
    named: tuple[str, str],
    subtitle: str,
    note: str,
    table: Table,
    marks: tuple[Marks, ...],
    missing: str = "",
    text: tuple[str, ...] = (),
) -> Figure:
    return Figure(
        id=named[0],
        title=named[1],
        subtitle=subtitle,
        note=note,
        source=SOURCE.format(lists=", ".join(found.lists), by=found.by),
        table=EMPTY if missing else table,
        marks=() if missing else marks,
        alt=f"{named[1]}: the table beside holds every number.",
        observations=(),
        text=text,
        missing=missing,
        made_up=found.made_up,
        about=ABOUT,
    )


def _pair(one: Mapping[str, Any]) -> tuple[tuple[str, str]]:
    name = _name(one)
    return ((name, name),)


def _name(one: Mapping[str, Any]) -> str:
    first, second = one["list_a"], one["list_b"]
    return f"{first} with itself" if first == second else f"{first} and {second}"


def _possible(one: Mapping[str, Any]) -> int:
    first, second = int(one["records_a"]), int(one["records_b"])
    return first * (first - 1) // 2 if one["list_a"] == one["list_b"] else first * second


def _percent(part: int, whole: int) -> Amount:
    return exact(100.0 * part / whole) if whole else NOT_APPLICABLE


def _estimate(value: float | None) -> Amount:
    return NO_FIGURE if value is None else exact(value)


def _share(value: float | None) -> Amount:
    return NO_FIGURE if value is None else exact(100.0 * value)


def _share_within(low: float | None, high: float | None) -> Amount:
    return NO_FIGURE if low is None or high is None else interval(100.0 * low, 100.0 * high)


def _rate(one: Mapping[str, Any], name: str) -> Amount:
    return _share(one[name])


def _within(one: Mapping[str, Any], name: str, times: float = 1.0) -> Amount:
    low, high = one[f"{name}_lower"], one[f"{name}_upper"]
    return NO_FIGURE if low is None or high is None else interval(times * low, times * high)


def _mark(one: Mapping[str, Any], name: str) -> Estimate:
    limits = _within(one, name, 100.0)
    return Estimate(_name(one), _rate(one, name), (limits.floor, limits.ceiling), SHARE)
