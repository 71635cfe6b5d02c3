"""H7 and H8: the methods against what is known: the size of each list, and the same table with persons left out.

The decision a reader would question: the size of a list is not in the figures, only the estimate in per cent of it. The
size itself may be hidden in the figure of the lists.
"""

from collections.abc import Sequence
from itertools import groupby
from math import isfinite

from palermo.hidden.consistency import Check, Thinned
from palermo.report.amounts import NO_INTERVAL, REFUSED, Amount, exact
from palermo.report.estimates.amounts import PERSONS, interval_of
from palermo.report.estimates.methods import method
from palermo.report.estimates.side_by_side import nothing
from palermo.report.estimates.words import ESTIMATED
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.hidden.inputs import HiddenNumber
from palermo.report.marks import Axis, Estimate, Forest, Plot, Quantity, Series, Spot

PERCENT = Quantity("estimated", "PERCENT")
ABOUT = "Each list was taken as a group of known size and estimated from the other lists."


def consistency_figure(given: HiddenNumber) -> Figure:
    """H7: each list estimated from the others, in per cent of its size (Binette and Steorts 2022)."""
    title = "How well the other lists find the size of each list"
    if not given.checks:
        return nothing(given, "H7", title, "No list was estimated from the others.")
    groups = _by_method(given.checks)
    marks = tuple(
        Forest(tuple(_mark(check) for check in group), unit="%", title=method(name).name, level=100.0)
        for name, group in groups
    )
    return Figure(
        id="H7",
        title=title,
        subtitle="Estimate in per cent of the size of the list; the dashed line at 100% is right",
        note="Passing proves little, as persons on a list may be easier to find than others. Failing is a bad sign.",
        source=given.sources,
        table=Table(
            (Stub("list", "List"),),
            (
                Measure("estimate", "Estimate, of the size", "%", 0, counts=False),
                Measure("interval", "Interval", "%", 0, counts=False),
            ),
            tuple(_row(check, method(name).name) for name, group in groups for check in group),
        ),
        marks=marks,
        alt=" ".join(_held(name, group) for name, group in groups),
        observations=(),
        text=tuple(_held(name, group) for name, group in groups),
        made_up=given.made_up,
        about=ABOUT,
    )


def thinning_figure(given: HiddenNumber) -> Figure:
    """H8: the estimate when each person is kept with some probability, divided by it: it should stay level."""
    title = "The estimate as persons are left out at random"
    if not given.thinned:
        return nothing(given, "H8", title, "No persons were left out.")
    groups = [
        (name, list(group)) for name, group in groupby(sorted(given.thinned, key=_order), key=lambda own: own.estimator)
    ]
    top = Axis("Persons estimated in all, scaled back")
    marks = tuple(
        Plot((Series("thinned", _spots(group), PERSONS),), Axis("Share of persons kept"), top, title=method(name).name)
        for name, group in groups
    )
    return Figure(
        id="H8",
        title=title,
        subtitle="Each dot is one draw; dots that rise or fall say that the estimate hangs on the size of the table",
        note="A draw that was refused is a dotted line. Single draws are not to be quoted.",
        source=given.sources,
        table=Table(
            (Stub("kept", "Persons kept"),),
            (
                Measure("estimate", "Estimated, in all", "persons"),
                Measure("draws", "Refused, of the draws", "%", 0, False),
            ),
            tuple(row for name, group in groups for row in _thinned_rows(group, method(name).name)),
        ),
        marks=marks,
        alt=f"Estimates of {len(given.thinned)} draws by the share of persons kept.",
        observations=(),
        made_up=given.made_up,
        about=ESTIMATED,
    )


def _by_method(checks: Sequence[Check]) -> list[tuple[str, list[Check]]]:
    names = dict.fromkeys(check.estimator for check in checks)
    return [(name, [check for check in checks if check.estimator == name]) for name in names]


def _percent(value: float | None, check: Check) -> float | None:
    return None if value is None or not check.true_size else 100.0 * value / check.true_size


def _bounds(check: Check) -> tuple[float | None, float | None, float | None]:
    """Estimate and limits in per cent of the size."""
    return _percent(check.estimate, check), _percent(check.lower, check), _percent(check.upper, check)


def _amount(check: Check) -> Amount:
    value, low, high = _bounds(check)
    if value is None:
        return REFUSED
    return exact(value) if low is not None and high is not None and isfinite(value) else NO_INTERVAL


def _mark(check: Check) -> Estimate:
    _, low, high = _bounds(check)
    bounds = None if low is None or high is None else (low, high)
    return Estimate(check.list_name, _amount(check), bounds, PERCENT)


def _row(check: Check, group: str) -> Row:
    return Row(((check.list_name, check.list_name),), (_amount(check), interval_of(*_bounds(check))), group)


def _held(name: str, group: Sequence[Check]) -> str:
    judged = [check.covered for check in group if check.covered is not None]
    if not judged:
        return f"{method(name).name}: no interval for any list."
    return f"{method(name).name}: the interval held the size of {sum(judged)} of {len(judged)} lists."


def _order(own: Thinned) -> tuple[str, float, int]:
    return own.estimator, -own.fraction, own.seed


def _known(own: Thinned) -> float | None:
    return own.estimate if own.estimate is not None and isfinite(own.estimate) else None


def _spots(group: Sequence[Thinned]) -> tuple[Spot, ...]:
    return tuple(Spot(own.fraction, _known(own)) for own in group)


def _thinned_rows(group: Sequence[Thinned], name: str) -> list[Row]:
    """One row for each share kept: from the least to the largest estimate of its draws."""
    rows = []
    for fraction, draws in groupby(group, key=lambda own: own.fraction):
        values = [_known(own) for own in draws]
        known = [value for value in values if value is not None]
        reach = interval_of(min(known), min(known), max(known)) if known else REFUSED
        missing = exact(100.0 * (len(values) - len(known)) / len(values))
        rows.append(Row(((f"{fraction:g}", f"{fraction:.0%}"),), (reach, missing), name))
    return rows
