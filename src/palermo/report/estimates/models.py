"""H4: the persons in all that every model gives, against how well it fits.

The decision a reader would question: the table groups the models by their distance from the best and lists the best
ones only. A page with seven thousand lines would hide what it shows.
"""

from collections.abc import Sequence
from math import inf, isfinite

from palermo.language import _, ngettext, number, sentences
from palermo.report.amounts import NOT_APPLICABLE, REFUSED, Amount, State, cell_range, exact, interval
from palermo.report.estimates.amounts import PERSONS
from palermo.report.estimates.inputs import Given, ModelCounts, ModelPoint
from palermo.report.estimates.side_by_side import nothing
from palermo.report.estimates.words import ESTIMATED
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.marks import Axis, Plot, Series, Spot

RIVALS = 10.0  # BIC points within which data can hardly tell models apart (Kass and Raftery 1995 call 10 very strong)
BANDS = ((0.0, 2.0), (2.0, 6.0), (6.0, RIVALS), (RIVALS, inf))
LISTED = 12
WIDE = 20.0  # from this ratio of the largest to the smallest number on, the scale multiplies
BEYOND = 100.0  # times the best model's number: where the scale ends, so that the rivals can be told apart


def models_figure(given: Given) -> Figure:
    """H4: N against BIC for all models."""
    title = _("Persons in all, as every model gives them, against how well the model fits")
    fitted = sorted((p for p in given.models if p.estimate is not None), key=lambda p: (p.bic, p.model))
    if not fitted:
        return nothing(given, "H4", title, _("No search over models was run, or no model has an estimate."))
    best = fitted[0].bic
    numbers = [point.estimate for point in fitted if point.estimate is not None]
    counts = given.model_counts or _counted(given.models, fitted, best)
    refused = counts.without
    end = BEYOND * numbers[0]
    beyond = sum(value > end for value in numbers)
    plot = Plot(
        (Series(_("models"), tuple(Spot(p.bic - best, p.estimate) for p in fitted), PERSONS),),
        Axis(_("BIC points above the best model \u2192 fits worse")),
        Axis(_("Persons estimated in all"), log=max(numbers) > WIDE * min(numbers), end=end if beyond else None),
        shaded_to=RIVALS,
    )
    (low, high), count = _reach(fitted, best, (0.0, RIVALS)), sum(counts.bands[:-1])
    return Figure(
        id="H4",
        title=title,
        subtitle=_(
            "Each dot is one model; the shaded models are within {points} BIC points of the best", points=number(RIVALS)
        ),
        note=_note(refused, beyond),
        source=given.sources,
        table=Table(
            (Stub("model", _("Models")),),
            _measures(),
            (*_bands(fitted, best, counts), *_best(fitted, best), *_refused(refused)),
        ),
        marks=(plot,),
        alt=_alternative(sum(counts.bands), count, low, high),
        observations=(),
        text=(_sentence(low, high, count),),
        made_up=given.made_up,
        about=_(ESTIMATED),
    )  # fmt: skip


def _measures() -> tuple[Measure, ...]:
    return (
        Measure("models", _("How many"), "models", counts=False),
        Measure("bic", _("BIC above the best"), "BIC points", 1, counts=False),
        Measure("estimate", _("Estimated, in all"), "persons", estimated=True),
    )


def _alternative(models: int, rivals: int, low: float, high: float) -> str:
    every = ngettext("{n} model.", "{n} models.", models, n=number(models))
    if low == high:
        best = ngettext(
            "The {n} within {points} BIC points of the best gives {persons} persons.",
            "The {n} within {points} BIC points of the best give {persons} persons.",
            rivals,
            n=number(rivals),
            points=number(RIVALS),
            persons=number(low),
        )
    else:
        best = ngettext(
            "The {n} within {points} BIC points of the best give from {low} to {high} persons.",
            "The {n} within {points} BIC points of the best give from {low} to {high} persons.",
            rivals,
            n=number(rivals),
            points=number(RIVALS),
            low=number(low),
            high=number(high),
        )
    return sentences((every, best))


def _sentence(low: float, high: float, count: int) -> str:
    if count == 1:
        return _("No other model comes within {points} BIC points of the best one.", points=number(RIVALS))
    alike = ngettext(
        "{n} model fits almost equally well (within {points} BIC points of the best).",
        "{n} models fit almost equally well (within {points} BIC points of the best).",
        count,
        n=number(count),
        points=number(RIVALS),
    )
    if low == high:
        return sentences((alike, _("All give {n} persons when rounded as here.", n=number(low))))
    apart = _(
        "They give from {low} to {high} persons, a factor of {factor}. The data do not say which is right.",
        low=number(low),
        high=number(high),
        factor=number(high / low if low else 0, 1),
    )
    return sentences((alike, apart))


def _inside(fitted: Sequence[ModelPoint], best: float, band: tuple[float, float]) -> list[float]:
    """The numbers of the models in a band of BIC."""
    low, high = band
    return [
        point.estimate
        for point in fitted
        if point.estimate is not None and (low < point.bic - best <= high or (low == 0.0 and point.bic == best))
    ]


def _reach(fitted: Sequence[ModelPoint], best: float, band: tuple[float, float]) -> tuple[float, float]:
    """The least and the largest number of the models in a band."""
    inside = _inside(fitted, best, band)
    return (min(inside), max(inside)) if inside else (0.0, 0.0)


def _counted(models: Sequence[ModelPoint], fitted: Sequence[ModelPoint], best: float) -> ModelCounts:
    """The numbers of models where every one is a point."""
    return ModelCounts(tuple(len(_inside(fitted, best, band)) for band in BANDS), len(models) - len(fitted))


def _bands(fitted: Sequence[ModelPoint], best: float, counts: ModelCounts) -> list[Row]:
    rows = []
    for band, count in zip(BANDS, counts.bands, strict=True):
        name = _band_name(*band)
        reach = interval(*_reach(fitted, best, band)) if count else NOT_APPLICABLE
        rows.append(Row(((f"band {band[0]:g}", name),), (exact(count), _points(band), reach), _("All models")))
    return rows


def _band_name(low: float, high: float) -> str:
    if high == inf:
        return _("more than {points} points above", points=number(low))
    return cell_range(number(low), number(high))


def _points(band: tuple[float, float]) -> Amount:
    return interval(*band) if isfinite(band[1]) else Amount(band[0], None, State.INTERVAL)


def _best(fitted: Sequence[ModelPoint], best: float) -> list[Row]:
    return [_row(point, best) for point in fitted[:LISTED] if point.model]


def _row(point: ModelPoint, best: float) -> Row:
    amounts = (NOT_APPLICABLE, exact(point.bic - best), exact(round(point.estimate or 0.0)))
    return Row(((point.model, point.model),), amounts, _("Models that fit best"))


def _refused(refused: int) -> list[Row]:
    if not refused:
        return []
    stubs = (("refused", _("Models without an estimate")),)
    return [Row(stubs, (exact(refused), NOT_APPLICABLE, REFUSED), _("Refused"))]


def _note(refused: int, beyond: int) -> str:
    told = [
        _(
            "BIC weighs fit against the number of terms; a lower one is better. A single model's number has no "
            "interval here and is not to be quoted. Dots on the same spot are drawn once."
        )
    ]
    if refused:
        told.append(
            ngettext(
                "{n} model has no estimate: it does not exist, or many numbers fit alike. It is not drawn.",
                "{n} models have no estimate: it does not exist, or many numbers fit alike. They are not drawn.",
                refused,
                n=number(refused),
            )
        )
    if beyond:
        told.append(
            ngettext(
                "{n} model lies above the end of the scale and is drawn at its end.",
                "{n} models lie above the end of the scale and are drawn at its end.",
                beyond,
                n=number(beyond),
            )
        )
    return sentences(told)
