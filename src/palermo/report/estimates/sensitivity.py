"""H5: how the number moves when one choice is changed: the interaction nobody can test, a threshold, a prior, a list.

The decision a reader would question: bars and curves show numbers without intervals. They are not estimates to quote
but distances between numbers, and their notes say so.
"""

from collections.abc import Collection, Iterator, Sequence
from math import isfinite

from palermo.language import _, marked, ngettext, number, sentences
from palermo.report.amounts import REFUSED, Amount, exact
from palermo.report.estimates.amounts import PERSONS, interval_of
from palermo.report.estimates.inputs import Given, Variant
from palermo.report.estimates.methods import method
from palermo.report.estimates.side_by_side import nothing
from palermo.report.estimates.told import change_told
from palermo.report.estimates.words import ESTIMATED
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.marks import Axis, Bar, Bars, Marks, Plot, Series, Spot

# kind of variant: (id of its figure, title, label of the axis, whether steps multiply)
CURVES = {
    "interaction": (
        "H5a",
        marked("If all lists together depended on each other"),
        marked("Interaction of all lists (xi); 0 assumed"),
        False,
    ),
    "threshold": (
        "H5b",
        marked("If another threshold added pairs of lists"),
        marked("p-value below which a pair is added"),
        True,
    ),
    "prior": (
        "H5c",
        marked("If another prior weight were put on every cell"),
        marked("Prior count per cell (delta)"),
        True,
    ),
}
BARS = {
    "leave_out": ("H5d", marked("If one list were left out")),
    "merge": ("H5e", marked("If two lists were taken as one")),
}
MEANING = {
    "interaction": marked(
        "No data can test this interaction. At xi the number not detected is multiplied by e to the xi."
    ),
    "threshold": marked("A curve with a step says that one pair of lists decides."),
    "prior": marked("Where the curve is steep, the prior speaks and not the data."),
    "leave_out": marked("Persons whom only the list left out saw count as not detected then."),
    "merge": marked("Taking two lists as one removes what one refers to the other."),
}
MOST = 6  # methods in one figure
NOTE = marked("These numbers show how much hangs on one choice. They are not to be quoted one by one.")


def sensitivity_figures(given: Given) -> tuple[Figure, ...]:
    """One figure for each kind of variant that was tried; one that says so where none was."""
    made = [_figure(given, kind) for kind in (*CURVES, *BARS) if any(own.kind == kind for own in given.variants)]
    empty = nothing(given, "H5", _("How the number moves when one choice is changed"), _("No change was tried."))
    return tuple(made) or (empty,)


def _figure(given: Given, kind: str) -> Figure:
    own = [variant for variant in given.variants if variant.kind == kind]
    every = list(dict.fromkeys(variant.estimator for variant in own))
    names = _drawn(every, given.preferred)
    own = [variant for variant in own if variant.estimator in names]
    figure_id, title = (CURVES[kind] if kind in CURVES else BARS[kind])[:2]
    groups = [[variant for variant in own if variant.estimator == name] for name in names]
    limits = any(_limits(variant) for variant in own)
    most = max((value for variant in own if (value := _known(variant)) is not None), default=None)
    marks = tuple(_marks(kind, group, most, titled=len(groups) > 1) for group in groups)
    return Figure(
        id=figure_id,
        title=_(title),
        subtitle=_("Persons estimated in all, by method"),
        note=sentences((_(MEANING[kind]), _(NOTE), *_left_out(len(every) - len(names)))),
        source=given.sources,
        table=Table(
            (Stub("changed", _("Changed")),),
            _measures(limits=limits),
            tuple(_row(variant, grouped=len(groups) > 1, limits=limits) for group in groups for variant in group),
        ),
        marks=marks,
        alt=sentences(_sentence(group) for group in groups),
        observations=(),
        text=tuple(_sentence(group) for group in groups),
        made_up=given.made_up,
        about=_(ESTIMATED),
    )


def _drawn(every: Sequence[str], preferred: Collection[str]) -> list[str]:
    """The methods to show: all where they are few, else those that a headline may come from."""
    chosen = [name for name in every if name in preferred]
    return list(every[:MOST]) if len(every) <= MOST or not chosen else chosen


def _measures(*, limits: bool) -> tuple[Measure, ...]:
    estimate = Measure("estimate", _("Estimated, in all"), "persons", estimated=True)
    return (estimate, Measure("interval", _("Interval"), "persons")) if limits else (estimate,)


def _left_out(count: int) -> Iterator[str]:
    if count:
        yield ngettext(
            "{n} further method is not shown here.",
            "{n} further methods are not shown here.",
            count,
            n=number(count),
        )


def _marks(kind: str, group: Sequence[Variant], most: float | None, *, titled: bool) -> Marks:
    title = method(group[0].estimator).name if titled else ""
    if kind in BARS:
        bars = tuple(Bar(change_told(variant.changed), _amount(variant), PERSONS) for variant in group)
        return Bars(bars, most=most, title=title)
    label, log = CURVES[kind][2:]
    spots = tuple(Spot(variant.at or 0.0, _known(variant), _limits(variant)) for variant in group)
    series = Series("", spots, PERSONS, joined=True)
    return Plot((series,), Axis(_(label), log=log), Axis(_("Persons estimated in all")), title=title)


def _known(variant: Variant) -> float | None:
    return variant.estimate if variant.estimate is not None and isfinite(variant.estimate) else None


def _limits(variant: Variant) -> tuple[float, float] | None:
    if variant.lower is None or variant.upper is None or not isfinite(variant.upper):
        return None
    return variant.lower, variant.upper


def _amount(variant: Variant) -> Amount:
    value = _known(variant)
    return REFUSED if value is None else exact(round(value))


def _row(variant: Variant, *, grouped: bool, limits: bool) -> Row:
    amounts = [_amount(variant)]
    if limits:
        amounts.append(interval_of(_known(variant), variant.lower, variant.upper))
    group = method(variant.estimator).name if grouped else ""
    return Row(((variant.changed, change_told(variant.changed)),), tuple(amounts), group)


_REACH = {  # what changes give, by (whether all give the same, whether some were refused)
    (False, False): marked("{method}: from {low} to {high} persons."),
    (False, True): marked("{method}: from {low} to {high} persons; refused for {n} of {all} changes."),
    (True, False): marked("{method}: {low} persons each time."),
    (True, True): marked("{method}: {low} persons each time; refused for {n} of {all} changes."),
}


def _sentence(group: Sequence[Variant]) -> str:
    name = method(group[0].estimator).name
    known = [value for variant in group if (value := _known(variant)) is not None]
    refused = len(group) - len(known)
    if not known:
        return _("{method}: refused under every change.", method=name)
    low, high = number(min(known)), number(max(known))
    said = {"method": name, "low": low, "high": high, "n": number(refused), "all": number(len(group))}
    return _(_REACH[low == high, refused > 0], **said)
