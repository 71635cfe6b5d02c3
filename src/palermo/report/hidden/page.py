"""The hidden number as one page of HTML that a rapporteur can read, offline and without any script."""

from dataclasses import dataclass
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader

from palermo.hidden.answer import Answer, Verdict
from palermo.report.amounts import written
from palermo.report.draw.legend import MARKS
from palermo.report.estimates.amounts import reasons
from palermo.report.estimates.coverage import coverage_figure
from palermo.report.estimates.methods import method
from palermo.report.estimates.models import models_figure
from palermo.report.estimates.sensitivity import sensitivity_figures
from palermo.report.estimates.side_by_side import estimators_figure, parts_figure
from palermo.report.estimates.words import ASSUMED, ESTIMATED, VERDICTS, stratum_name
from palermo.report.figure import Figure
from palermo.report.hidden.inputs import HiddenNumber, detected
from palermo.report.hidden.known_size import consistency_figure, thinning_figure
from palermo.report.hidden.links import correction_figure, threshold_figure
from palermo.report.hidden.overlap import overlap_figure
from palermo.report.hidden.said import hangs, may_not_say, may_say, told
from palermo.report.page import words
from palermo.report.page.render import environment, shown, style, tidied

USED_MARKS = ("estimate", "warned", "refused", "no-interval", "hidden", "printed", "range", "zero", "interval")

Sections = tuple[tuple[str, str, tuple[Figure, ...]], ...]


@dataclass(frozen=True)
class VerdictLine:
    """One answer's verdict in words."""

    stratum: str
    name: str
    verdict: str
    why: str


def figures_of(given: HiddenNumber) -> Sections:
    """All figures of the page in sections: (anchor, heading, figures)."""
    made: list[tuple[str, str, tuple[Figure, ...]]] = [
        ("lists", "What the lists hold", (overlap_figure(given),)),
        ("estimates", "What the methods say", (estimators_figure(given),)),
    ]
    if given.parts:
        made.append(("parts", "By sex, age and form", (parts_figure(given),)))
    if given.linked is not None:
        shown_links = (correction_figure(given, given.linked), threshold_figure(given, given.linked))
        made.append(("links", "What the errors of linkage do", shown_links))
    made.append(("choices", "How much hangs on each choice", (models_figure(given), *sensitivity_figures(given))))
    made.append(
        (
            "tested",
            "How the methods do where the truth is known",
            (coverage_figure(given), consistency_figure(given), thinning_figure(given)),
        )
    )
    return tuple(made)


def hidden_page(given: HiddenNumber) -> str:
    """The whole page. The same input gives the same bytes."""
    sections = [(anchor, name, [shown(figure) for figure in figures]) for anchor, name, figures in figures_of(given)]
    page = _environment().get_template("hidden.html").render(
        title=given.title or "The hidden number: what these lists can tell",
        place=given.place or given.table.name,
        made_up=given.made_up,
        words=words,
        estimated=ESTIMATED,
        detected=written(detected(given.table)),
        told=told(given),
        refused=Verdict.REFUSED,
        may_say=may_say(given),
        may_not_say=may_not_say(given),
        assumed=ASSUMED,
        hangs=hangs(given),
        methods=[method(name) for name in dict.fromkeys(answer.estimator for answer in given.answers)],
        sections=sections,
        verdicts=[_line(answer) for answer in given.answers],
        meanings=[*VERDICTS.items()],
        protect=given.protect,
        marks=[MARKS[name] for name in USED_MARKS],
        style=style(),
    )  # fmt: skip
    return tidied(page)


def _line(answer: Answer) -> VerdictLine:
    name = method(answer.estimator).name
    return VerdictLine(stratum_name(answer.stratum), name, answer.verdict.value, reasons(answer) or "None.")


@cache
def _environment() -> Environment:
    """The templates of the account, and this package's own."""
    account = environment()
    own = PackageLoader("palermo.report.hidden", ".")
    return account.overlay(loader=ChoiceLoader([own, account.loader] if account.loader else [own]))
