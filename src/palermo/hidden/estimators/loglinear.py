"""One log-linear model, chosen beforehand: lists independent of each other, or every pair of lists allowed to interact.

Intervals are of Wald's kind on the logarithm of the unseen, n + exp(a_0 -+ z se). They hold only if the model does,
which no table can show; that is said in every answer but the one that asks for it by name.
"""

from statistics import NormalDist

from palermo.hidden import existence
from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.fitting import Fit, cells_of, fit
from palermo.hidden.models import Terms, name_of, term_name
from palermo.hidden.models import all_two_way as pairs_of
from palermo.hidden.models import main_effects as independence


def main_effects(table: CaptureTable, settings: Settings) -> Answer:
    """The model of independent lists (Fienberg 1972)."""
    return of_model(table, settings, "main_effects", independence(table.k))


def all_two_way(table: CaptureTable, settings: Settings) -> Answer:
    """The model with an interaction of every pair of lists, pairs that share nobody at minus infinity."""
    return of_model(table, settings, "all_two_way", pairs_of(table.k))


def of_model(table: CaptureTable, settings: Settings, name: str, terms: Terms) -> Answer:
    """The answer of any one model, with its Wald interval."""
    found = fit(cells_of(table), terms, table.k)
    if not found.exists:
        return without_estimate(name, settings, found)
    lower, upper = found.wald(NormalDist().inv_cdf((1 + settings.level) / 2))
    return Answer(
        name,
        found.estimate,
        lower,
        upper,
        settings.level,
        settings={"model": name_of(terms), "interval": "Wald, on the logarithm of the unseen"},
        verdict=Verdict.SHOWN,
        diagnostics=described(found, table),
    )


def without_estimate(name: str, settings: Settings, found: Fit) -> Answer:
    """The refusal of a model that has no estimate."""
    reason = f"model {name_of(found.terms)}: {existence.WORDS[found.status]}"
    return refused(name, settings.level, reason, status=found.status, model=name_of(found.terms))


def described(found: Fit, table: CaptureTable) -> dict[str, object]:
    """What a fitted model has to say of itself, as plain data."""
    empty = [
        term_name(term) for term, value in zip(found.terms, found.coefficients, strict=True) if value == -float("inf")
    ]
    return {
        "model": name_of(found.terms),
        "status": found.status,
        "unseen": found.n0,
        "seen": table.n,
        "parameters": len(found.terms),
        "terms_at_minus_infinity": empty,
        "se_log_unseen": float(found.se[0]),
        "loglik": found.loglik,
        "deviance": found.deviance,
        "aic": found.aic,
        "bic": found.bic,
    }
