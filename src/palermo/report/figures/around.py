"""E2 to E6: what stands around the hidden number. Methods, lists, models, changed choices, tests with a known truth.

They are drawn as on the page of ``palermo hidden``, from what the release holds: coarse numbers and ranges. The
decision a reader would question: these figures come only where the release tells the estimate of everyone or its
refusal. E1 says why there is none otherwise, and five empty figures more would say no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from palermo.language import _, marked, ngettext, number, sentences
from palermo.report.amounts import Amount, State, written
from palermo.report.estimates.coverage import coverage_figure
from palermo.report.estimates.inputs import Coverage, ModelCounts, ModelPoint
from palermo.report.estimates.models import RIVALS, models_figure
from palermo.report.estimates.overlap import history_rows, members, overlap_mark, size_rows
from palermo.report.estimates.sensitivity import BARS, CURVES, sensitivity_figures
from palermo.report.estimates.side_by_side import estimators_figure
from palermo.report.estimates.words import DETECTED
from palermo.report.figure import EMPTY, Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.estimated_parts import ALL
from palermo.report.figures.estimated_parts import DETECTED as COUNTED
from palermo.report.figures.unseen import ASSUMED, years_named
from palermo.report.labels import listed, named
from palermo.report.observations import ABSENT, Observation
from palermo.report.reading import ALL_YEARS, Release

REFUSED = "refused"
STEPS = {"first": 10_000, "second": 13_000, "third": 16_000, "fourth": 20_000}  # of the ten steps, as an example
# ids of the figures of changed choices, after their places on the page of ``palermo hidden``
IDS = {kind[0]: f"E5{letter}" for letter, kind in zip("abcde", {**CURVES, **BARS}.values(), strict=True)}
ROUNDED = marked(
    "To protect people, numbers are rounded: those of the method of E1 to three digits, all others to two, their "
    "limits away from each other."
)
FEW_LISTS = marked(
    "With fewer than four lists the numbers of other methods, of models and of changed choices are not published: "
    "together they would tell how few persons are on several lists."
)
SPREAD = marked(
    "To protect people, numbers are rounded to ten steps for each power of ten ({first}, {second}, {third}, {fourth} "
    "...): they show a spread only."
)
DOTS = marked("Each dot stands for models; the shaded ones are within {points} BIC points of the best")
MARKED = marked(
    "To protect people, each dot is a mark on a coarse grid on which several models may lie: even points of BIC, and "
    "ten steps of the number to each power of ten."
)
SAME = marked("What was assumed stands at E2; it holds for every number here.")
CURVE = marked("The curve is computed from the published figures of E1.")
IN_RANGES = marked(
    "To protect people, each number is the range of {n} in which it lies. Combinations of fewer than {n} persons carry "
    "one mark, and so do those of nobody. The estimates rest on the overlaps: the fewer persons stand on two lists, "
    "the less the lists can tell."
)
NOTHING_SHOWN = marked(
    "How many persons the lists share is not shown. With the sizes of the lists, the numbers of a few persons could be "
    "worked out from it, however coarse it were. That is not zero."
)


@dataclass(frozen=True)
class Method:
    """One method's released answer for everyone."""

    estimator: str
    estimate: float | None
    lower: float | None
    upper: float | None
    verdict: str
    reasons: tuple[str, ...]
    level: float
    stratum: str = "_T"


@dataclass(frozen=True)
class Change:
    """One changed choice as released."""

    kind: str
    estimator: str
    changed: str
    at: float | None
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Around:
    """What the release holds around the estimate of everyone (``report.estimates.inputs.Given``)."""

    told: Mapping[str, Any]
    sources: str
    made_up: bool
    protect: int | None = None
    seen: Amount | None = None
    preferred: tuple[str, ...] = ()
    parts: tuple[Method, ...] = ()

    @property
    def level(self) -> float:
        """At which the intervals were made."""
        return float(self.told["level"])

    @property
    def whole(self) -> tuple[Method, ...]:
        """The methods' answers for everyone."""
        return tuple(
            Method(**{**own, "reasons": tuple(own["reasons"])}, level=self.level) for own in self.told["methods"]
        )

    @property
    def variants(self) -> tuple[Change, ...]:
        """The changed choices."""
        return tuple(Change(**own) for own in self.told.get("changes", ()))

    @property
    def models(self) -> tuple[ModelPoint, ...]:
        """The marks on which models lie."""
        points = (self.told.get("models") or {}).get("points", ())
        return tuple(ModelPoint("", float(own["bic"]), float(own["estimate"])) for own in points)

    @property
    def model_counts(self) -> ModelCounts:
        """How many models there are."""
        held = self.told["models"]
        return ModelCounts(tuple(held["bands"]), held["without"])

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """How the methods did on simulated tables."""
        return tuple(Coverage(**own) for own in self.told.get("coverage", ()))


def figures_around(release: Release, area: str) -> tuple[Figure, ...]:
    """E2 to E6 for everyone; none where the release tells neither the estimate nor its refusal."""
    told = release.estimates
    if not told.get("methods"):
        return ()
    given = Around(told, parts.source(release), release.made_up)
    behind = _behind(release, area)
    notes = [_(ROUNDED)] if told.get("models") or told["why"] == REFUSED else [_(ROUNDED), _(FEW_LISTS)]
    made = [_renamed(estimators_figure(given), "E2", *notes), lists_figure(given)]
    if told.get("models") and told["why"] != REFUSED:
        models = replace(models_figure(given), subtitle=_(DOTS, points=number(RIVALS)))
        made.append(_renamed(models, "E4", _(MARKED)))
    if told["why"] != REFUSED:
        changed = sensitivity_figures(given) if given.variants else ()
        spread = _(SPREAD, **{place: number(step) for place, step in STEPS.items()})
        made += [_renamed(own, IDS[own.id], _(CURVE) if own.id == "H5a" else spread) for own in changed]
        made += [_renamed(coverage_figure(given), "E6")] if given.coverage else []
    where_when = _("{where}, {when}", where=release.name_of(area), when=years_named(release))
    return tuple(_placed(own, where_when, behind) for own in made)


def lists_figure(given: Around) -> Figure:
    """E3: the lists and what they share, in ranges; all small combinations carry one mark."""
    title = _("The lists compared, and how many persons they share")
    held, lists = given.told["overlap"], given.told["lists"]
    if held is None:
        return Figure("E3", title, "", "", given.sources, EMPTY, (), _(NOTHING_SHOWN), (), missing=_(NOTHING_SHOWN),
                      made_up=given.made_up, about=_(DETECTED))  # fmt: skip
    base = int(held["base"])
    small = Amount(0, base - 1, State.HIDDEN)
    sizes = [(name, _range(own) if own["lower"] else small) for name, own in zip(lists, held["sizes"], strict=True)]
    amounts = {int(own["history"]): _range(own) for own in held["shared"]}
    rest = (1 << len(lists)) - 1 - len(amounts)
    rows = [*size_rows(sizes), *history_rows(lists, amounts)]
    if rest:
        name = ngettext(
            "The {n} other combination of lists", "Each of {n} other combinations of lists", rest, n=number(rest)
        )
        rows.append(Row((("rest", name),), (small,), _("On exactly these lists")))
    return Figure(
        id="E3",
        title=title,
        subtitle=_("Persons detected, in ranges: above by list, below by the exact combination of lists that saw them"),
        note=_(IN_RANGES, n=number(base)),
        source=given.sources,
        table=Table((Stub("lists", _("Lists")),), (Measure("persons", _("Persons detected"), "persons"),), tuple(rows)),
        marks=(overlap_mark(sizes, amounts),),
        alt=_alternative(sizes, len(amounts), base),
        observations=(),
        text=tuple(_overlapping(amounts, base)),
        made_up=given.made_up,
        about=_(DETECTED),
    )


def _alternative(sizes: Sequence[tuple[str, Amount]], shown: int, base: int) -> str:
    words = listed([named(name, written(amount)) for name, amount in sizes])
    held = ngettext(
        "{n} combination of lists holds {least} persons or more.",
        "{n} combinations of lists hold {least} persons or more each.",
        shown,
        n=number(shown),
        least=number(base),
    )
    return sentences((_("Persons by list: {list}", list=words), held))


def _overlapping(amounts: Mapping[int, Amount], base: int) -> Sequence[str]:
    twice = [amount.floor for history, amount in amounts.items() if len(members(history)) > 1]
    if not twice:
        return [
            _(
                "No combination of two lists or more holds {n} persons; little can be said from such lists.",
                n=number(base),
            )
        ]
    least = sum(twice)
    return [
        ngettext(
            "At least {n} person is on two of these lists or more.",
            "At least {n} persons are on two of these lists or more.",
            least,
            n=number(least),
        )
    ]


def _range(own: Mapping[str, Any]) -> Amount:
    return Amount(own["lower"], own["upper"], State.ROUNDED)


def _behind(release: Release, area: str) -> tuple[Observation, ...]:
    """The published figures that these stand around, whose receipts tell lists, method and rules."""
    found = (release.one(name, area, ALL_YEARS, unit="PERSON") for name in (ALL, COUNTED))
    return tuple(row for row in found if row is not ABSENT)


def _renamed(figure: Figure, figure_id: str, *notes: str) -> Figure:
    return replace(figure, id=figure_id, note=sentences(filter(None, (figure.note, *notes))))


def _placed(figure: Figure, where_when: str, behind: tuple[Observation, ...]) -> Figure:
    """The figure with place and time, what was assumed, and receipts."""
    assumed = {"E2": (_(ASSUMED),), "E3": (), "E6": ()}.get(figure.id, (_(SAME),))
    title = _("{title}: {where_when}", title=figure.title, where_when=where_when)
    return replace(figure, title=title, observations=behind, text=(*figure.text, *assumed))
