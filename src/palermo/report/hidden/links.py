"""H9 and H10: what the errors of linkage do to the number, and the number against the threshold of linkage.

The decision a reader would question: the number without correction is drawn beside the corrected one, with its
interval. Who sees only the second cannot tell how much hangs on the labelled pairs.
"""

from dataclasses import replace
from math import log2

from palermo.hidden.answer import Answer, Verdict
from palermo.hidden.link_threshold import Curve
from palermo.hidden.linked_number import LinkedNumber
from palermo.report.amounts import NOT_APPLICABLE, REFUSED, Amount, exact
from palermo.report.estimates.amounts import PERSONS, estimate_amount, interval_amount, sentence, told_plainly
from palermo.report.estimates.methods import method
from palermo.report.estimates.side_by_side import nothing
from palermo.report.estimates.words import ESTIMATED
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.hidden.inputs import HiddenNumber
from palermo.report.marks import Axis, Estimate, Forest, Plot, Series, Spot

WITHOUT, WITH = "without correction", "with correction"


def correction_figure(given: HiddenNumber, linked: LinkedNumber) -> Figure:
    """H9: each estimator without and with the errors of linkage taken out."""
    title = "The number with the errors of linkage taken out"
    if not linked.answers:
        return nothing(given, "H9", title, linked.hindrance or "No rates of missed and false links are known.")
    pairs = [(answer, _before(answer)) for answer in linked.answers]
    marks = tuple(
        Forest((_mark(before, WITHOUT), _mark(after, WITH)), title=method(after.estimator).name)
        for after, before in pairs
    )
    rows = [row for after, before in pairs for row in (_row(before, WITHOUT), _row(after, WITH))]
    why = () if linked.hindrance is None else (sentence(told_plainly(linked.hindrance)),)
    return Figure(
        id="H9",
        title=title,
        subtitle=f"Persons estimated from links at a probability of {linked.threshold:g} or more, with intervals",
        note="A missed link makes two persons of one and the number too high; a false link makes it too low. The part "
        "of linkage is the share of the variance that labelling more pairs would take away.",
        source=given.sources,
        table=Table(
            (Stub("linkage", "Errors of linkage"),),
            (
                Measure("estimate", "Estimated, in all", "persons"),
                Measure("interval", "Interval", "persons"),
                Measure("part", "Part of linkage in the variance", "%", 0, counts=False),
            ),
            tuple(rows),
        ),
        marks=marks,
        alt=" ".join(_said(after, before) for after, before in pairs),
        observations=(),
        text=(*why, *(_said(after, before) for after, before in pairs)),
        made_up=given.made_up,
        about=ESTIMATED,
    )


def threshold_figure(given: HiddenNumber, linked: LinkedNumber) -> Figure:
    """H10: the number against the probability from which two records are taken for one person."""
    own = linked.curve
    kinds = (False, True) if own.is_corrected else (False,)
    words = tuple(_reach(own, corrected) for corrected in (False, True) if own.reach(corrected) is not None)
    return Figure(
        id="H10",
        title="The number against the threshold of linkage",
        subtitle=f"{method(own.estimator).name}, at several probabilities from which two records count as one person",
        note="A correction that is right makes the line flat. Where it moves by more than the interval, no number is "
        "given. The line follows the records of the people of the number above; its level is that of its own model.",
        source=given.sources,
        table=Table(
            (Stub("threshold", "Threshold"),),
            (Measure("uncorrected", "Without correction", "persons"), Measure("corrected", "Corrected", "persons")),
            tuple(
                Row(
                    ((f"{point.threshold:g}", f"{point.threshold:g}"),),
                    (_number(point.uncorrected), _number(point.corrected)),
                )
                for point in own.points
            ),
        ),
        marks=tuple(_plot(own, corrected) for corrected in kinds),
        alt=" ".join(words) or "No number at any threshold.",
        observations=(),
        text=words,
        made_up=given.made_up,
        about=ESTIMATED,
    )


def _before(answer: Answer) -> Answer:
    """The answer as it would be without correction."""
    own = answer.diagnostics.get("uncorrected", {})
    number = own.get("estimate")
    verdict = Verdict.REFUSED if number is None else Verdict.SHOWN
    limits = (own.get("lower"), own.get("upper"))
    return replace(answer, estimate=number, lower=limits[0], upper=limits[1], verdict=verdict, diagnostics={})


def _mark(answer: Answer, label: str) -> Estimate:
    limits = None if answer.lower is None or answer.upper is None else (answer.lower, answer.upper)
    return Estimate(label, estimate_amount(answer), limits, PERSONS, answer.verdict is Verdict.WARNED)


def _row(answer: Answer, label: str) -> Row:
    part = answer.diagnostics.get("linkage_part")
    share: Amount = NOT_APPLICABLE if part is None else exact(100.0 * part)
    return Row(
        ((label, label),), (estimate_amount(answer), interval_amount(answer), share), method(answer.estimator).name
    )


def _said(after: Answer, before: Answer) -> str:
    name = method(after.estimator).name
    if after.estimate is None or before.estimate is None:
        return f"{name}: no number may be given."
    change = 100.0 * (after.estimate / before.estimate - 1)
    moved = f"{abs(change):.0f}% {'lower' if change < 0 else 'higher'}" if round(change) else "about the same"
    return f"{name}: the corrected number is {moved}."


def _plot(own: Curve, corrected: bool) -> Plot:
    """The curve over weights of evidence: probabilities near 1 would lie on top of each other."""
    spots = tuple(
        Spot(_weight(point.threshold), point.corrected if corrected else point.uncorrected) for point in own.points
    )
    series = Series("threshold", spots, PERSONS, joined=True)
    across = Axis("Threshold as weight of evidence: 0 is a probability of .5, 3.2 of .9, 10 of .999")
    title = (WITH if corrected else WITHOUT).capitalize()
    return Plot((series,), across, Axis("Persons estimated in all"), title=title)


def _weight(probability: float) -> float:
    return log2(probability / (1 - probability))


def _reach(own: Curve, corrected: bool) -> str:
    low, high = own.reach(corrected) or (0.0, 0.0)
    return f"{(WITH if corrected else WITHOUT).capitalize()} the threshold moves the number by {high / low - 1:.0%}."


def _number(value: float | None) -> Amount:
    return REFUSED if value is None else exact(round(value))


__all__ = ["correction_figure", "threshold_figure"]
