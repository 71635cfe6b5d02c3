"""H6: how often each method's interval held the truth, over simulated tables whose truth is known."""

from itertools import groupby

from palermo.language import _, marked, ngettext, number, percent, sentences
from palermo.report.amounts import NOT_APPLICABLE, REFUSED, Amount, exact
from palermo.report.estimates.inputs import Coverage, Given
from palermo.report.estimates.methods import method
from palermo.report.estimates.side_by_side import nothing
from palermo.report.estimates.told import family_told
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.marks import Estimate, Forest, Quantity
from palermo.wilson import wilson as share_interval

PERCENT = Quantity("estimated", "PERCENT")
ABOUT = marked(
    "Made-up tables with a known truth, to test the methods. They say nothing of how many persons there are."
)
MEASURES = {
    "shown": marked("Shown, of the tables"),
    "coverage": marked("Held the truth"),
    "warned": marked("Of the misses, warned"),
    "bias": marked("Median bias"),
}


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 per cent interval of a share in per cent (Wilson 1927); it stays within 0 and 100."""
    low, high = share_interval(hits, tries)
    return 100.0 * low, 100.0 * high


def coverage_figure(given: Given) -> Figure:
    """H6: coverage by family of known truth."""
    title = _("How often the interval held the truth, in tables made for the test")
    if not given.coverage:
        return nothing(given, "H6", title, _("No simulation was run."))
    families = [(family_told(name), list(group)) for name, group in groupby(given.coverage, key=lambda own: own.family)]
    marks = tuple(
        Forest(tuple(_mark(own) for own in group), unit="%", title=name, most=100.0, level=100.0 * given.level)
        for name, group in families
    )
    return Figure(
        id="H6",
        title=title,
        subtitle=_(
            "Per cent of the intervals shown; the dashed line is the {level} that they promise",
            level=percent(number(100 * given.level)),
        ),
        note=_(
            "The line on each dot is the uncertainty of the simulation. Warned: intervals that missed the truth and "
            "said that they might."
        ),
        source=_("Simulation."),
        table=Table(
            (Stub("estimator", _("Method")),),
            tuple(Measure(key, _(heading), "%", counts=False) for key, heading in MEASURES.items()),
            tuple(_row(own, name) for name, group in families for own in group),
        ),
        marks=marks,
        alt=sentences(_sentence(name, group, given.level) for name, group in families),
        observations=(),
        text=tuple(_sentence(name, group, given.level) for name, group in families),
        made_up=given.made_up,
        about=_(ABOUT),
    )  # fmt: skip


def _share(hits: int, tries: int, empty: Amount = NOT_APPLICABLE) -> Amount:
    return exact(100.0 * hits / tries) if tries else empty


def _mark(own: Coverage) -> Estimate:
    bounds = wilson(own.covered, own.shown) if own.shown else None
    return Estimate(method(own.estimator).name, _share(own.covered, own.shown, REFUSED), bounds, PERCENT)


def _row(own: Coverage, group: str) -> Row:
    bias = NOT_APPLICABLE if own.bias is None else exact(100.0 * own.bias)
    shares = (
        _share(own.shown, own.runs),
        _share(own.covered, own.shown, REFUSED),
        _share(own.missed_with_warning, own.shown - own.covered),
        bias,
    )
    return Row(((own.estimator, method(own.estimator).name),), shares, group)


def _sentence(name: str, group: list[Coverage], level: float) -> str:
    short = [own for own in group if own.shown and wilson(own.covered, own.shown)[1] < 100.0 * level]
    return ngettext(
        "{family}: {n} of {all} methods hold the truth less often than they promise.",
        "{family}: {n} of {all} methods hold the truth less often than they promise.",
        len(short),
        family=name,
        n=number(len(short)),
        all=number(len(group)),
    )
