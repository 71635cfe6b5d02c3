"""Everything that is tried on one table beyond the answers: changed choices, known sizes, fewer persons, a known truth.

The decision a reader would question: checks that repeat an estimator hundreds of times are made for a few estimators
only (``REPEATED``), without bootstrap, and the simulation draws from the fitted model of the table itself. It shows
what an estimator does in the best case, in which its model is true.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from palermo.errors import RefusedError
from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.consistency import Check, Thinned, internal_consistency, thinning
from palermo.hidden.models import parse
from palermo.hidden.populations import Population, fitted_population
from palermo.hidden.registry import applicable
from palermo.hidden.sensitivity import Variant, sensitivity
from palermo.hidden.simulation import Performance, Trial, summed_up
from palermo.progress import Progress

REPEATED = ("stepwise", "bic_best", "dga_bma", "main_effects", "bic_average")
STANDS_FOR = {"stepwise_BCa": "stepwise"}  # the same number without bootstrap
MODELS_OF = ("stepwise", "stepwise_BCa", "bic_best", "main_effects")  # whose model is simulated from, the first one
TABLES = 50  # simulated: a share near 95 % is known to within 6 points
REPEATS = 3  # tables for each share of persons kept


@dataclass(frozen=True)
class Trials:
    """What was tried. ``missing`` names what the user stopped."""

    variants: tuple[Variant, ...] = ()
    checks: tuple[Check, ...] = ()
    thinned: tuple[Thinned, ...] = ()
    coverage: tuple[Performance, ...] = ()
    missing: tuple[str, ...] = ()


def try_all(table: CaptureTable, answers: Sequence[Answer], settings: Settings) -> Trials:
    """Try everything on the answers for the whole table. Ctrl-C ends it; what is finished is kept."""
    whole = [answer for answer in answers if answer.stratum == "_T"]
    names = repeated(whole)
    quick = replace(settings, bootstrap=0, progress=None)
    plain = table.with_cells(table.cells)
    parts: dict[str, Callable[[], Sequence[Any]]] = {
        "variants": lambda: sensitivity(table, whole, _within(settings, 0)),
        "checks": lambda: internal_consistency(plain, names, quick) if names else [],
        "thinned": lambda: thinning(plain, names, quick, repeats=REPEATS) if names else [],
        "coverage": lambda: simulated(plain, whole, names, _within(settings, 3)),
    }
    done: dict[str, tuple[Any, ...]] = {}
    try:
        for place, (part, run) in enumerate(parts.items()):
            if settings.progress is not None:
                settings.progress(place, len(parts), WORDS[part])
            done[part] = tuple(run())
    except KeyboardInterrupt:
        missing = tuple(WORDS[part] for part in parts if part not in done)
        return replace(Trials(missing=missing), **done)
    return replace(Trials(), **done)


@dataclass(frozen=True)
class Moved:
    """How far one kind of change moves a number. Lowest and highest are None where no change left a number."""

    words: str
    lowest: float | None
    highest: float | None
    without: int  # changes that left no number
    tried: int


CHANGES = {
    "leave_out": "leaving one list out",
    "merge": "taking two lists as one",
    "threshold": "other thresholds of the stepwise search",
    "prior": "other prior counts",
    "interaction": "an interaction of all lists of -1 to +1, which no data can test",
}


def moved(variants: Iterable[Variant], estimator: str) -> list[Moved]:
    """What each kind of change does to the number of one estimator; kinds that were not tried are left out."""
    own = [variant for variant in variants if variant.estimator == estimator]
    found = []
    for kind, words in CHANGES.items():
        tried = [variant.estimate for variant in own if variant.kind == kind]
        known = [number for number in tried if number is not None]
        low, high = (min(known), max(known)) if known else (None, None)
        found += [Moved(words, low, high, len(tried) - len(known), len(tried))] if tried else []
    return found


WORDS = {
    "variants": "other choices",
    "checks": "each list from the others",
    "thinned": "fewer persons",
    "coverage": "simulation from the fitted model",
}


def repeated(answers: Sequence[Answer]) -> list[str]:
    """The estimators among those asked that are quick enough to be repeated hundreds of times."""
    asked = {STANDS_FOR.get(answer.estimator, answer.estimator) for answer in answers}
    return [name for name in REPEATED if name in asked]


def with_trials(answers: Sequence[Answer], trials: Trials) -> list[Answer]:
    """The answers for the whole table with what was tried on them in their diagnostics, as plain data."""
    return [_with_trials(answer, trials) if answer.stratum == "_T" else answer for answer in answers]


def _with_trials(answer: Answer, trials: Trials) -> Answer:
    name = STANDS_FOR.get(answer.estimator, answer.estimator)
    tried = {
        "sensitivity": [asdict(own) for own in trials.variants if own.estimator == answer.estimator],
        "internal_consistency": [asdict(own) for own in trials.checks if own.estimator == name],
        "thinning": [asdict(own) for own in trials.thinned if own.estimator == name],
        "simulation": [asdict(own) for own in trials.coverage if own.estimator == name],
    }
    found = {key: rows for key, rows in tried.items() if rows}
    return replace(answer, diagnostics={**answer.diagnostics, **found}) if found else answer


def simulated(
    table: CaptureTable, answers: Sequence[Answer], names: Sequence[str], settings: Settings
) -> list[Performance]:
    """Tables drawn from the fitted model. Only the estimators' own warnings count: judging takes longer."""
    source = _fitted(table, answers)
    if source is None:
        return []
    quick = replace(settings, bootstrap=0, progress=None)
    found: dict[str, list[Trial]] = {name: [] for name in names}
    for seed in range(TABLES):
        drawn = source.draw(seed)
        for entry in applicable(drawn, names):
            if drawn.n and entry.hindrance(drawn) is None:
                found[entry.name].append(Trial.of(entry.load()(drawn, quick)))
        if settings.progress is not None:
            settings.progress(seed + 1, TABLES, WORDS["coverage"])
    return [summed_up(source, name, trials) for name, trials in found.items()]


def _fitted(table: CaptureTable, answers: Sequence[Answer]) -> Population | None:
    """The population that the first log-linear model among the answers describes; None without such a model."""
    models = {answer.estimator: answer.diagnostics.get("model") for answer in answers if answer.estimate is not None}
    for name in MODELS_OF:
        if isinstance(model := models.get(name), str) and model.startswith("["):
            try:
                drawn = fitted_population(table, parse(model, table.k))
            except RefusedError:
                continue
            return replace(drawn, name="Drawn from the model fitted to this table")
    return None


def _within(settings: Settings, place: int) -> Settings:
    """The settings with the progress of one part as a part of the whole."""
    progress = settings.progress
    if progress is None:
        return settings

    def tell(done: float, total: float | None, text: str) -> None:
        share = min(done / total, 1.0) if total else 0.0
        progress(place + share, float(len(WORDS)), text)

    told: Progress = tell
    return replace(settings, progress=told)
