"""May this number be shown? All rules put to an answer, what they found in order of weight, and the headline.

The decision a reader would question: most findings warn and few refuse. A number is refused where nothing in the data
bears on it; where the data bear on it weakly it is shown with the weakness in words, as hiding it would leave the
choice of the friendliest estimator to whoever runs them one at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from palermo.errors import RefusedError
from palermo.hidden.answer import Answer, Verdict, refused
from palermo.hidden.rules import RULES, Evidence, Weight, is_narrow
from palermo.rounded_words import all_of

# Follows from the simulation study (docs/method/hidden-coverage.md). The average by AIC holds the truth as promised
# where pairs of lists depend, and most often where persons differ; where its limits lie too far apart to say anything,
# the next one stands, which costs no coverage in that study. The range over all methods stands beside it.
PREFERRED = ("aic_average", "bic_average", "stepwise_BCa", "stepwise", "bic_best", "dga_bma", "main_effects")
__all__ = ["FINDINGS", "PREFERRED", "Evidence", "Headline", "headline", "judge", "summary"]
FINDINGS = "findings"  # the diagnostic that says which rules spoke


def judge(evidence: Evidence) -> Answer:
    """The answer with the verdict and the reasons of all rules, the weightiest first, then the estimator's own.

    The diagnostic ``findings`` names the rules. A number that must not be shown is taken out.
    """
    answer = evidence.answer
    spoken = [(rule.__name__, found) for rule in RULES if (found := rule(evidence)) is not None]
    if not spoken:
        return answer
    told = {name: {"rule": name, "weight": weight.name.lower(), "reason": said} for name, (weight, said) in spoken}
    before = {own["rule"]: own for own in answer.diagnostics.get(FINDINGS, ())}
    findings = sorted((before | told).values(), key=lambda own: Weight[own["weight"].upper()])
    diagnostics = {**answer.diagnostics, FINDINGS: findings}
    reasons = tuple(dict.fromkeys((*(own["reason"] for own in findings), *answer.reasons)))
    if answer.verdict is Verdict.REFUSED:  # the estimator's own refusal stands first
        reasons = tuple(dict.fromkeys((*answer.reasons, *reasons)))
    if answer.verdict is Verdict.REFUSED or any(weight is Weight.REFUSAL for _, (weight, _) in spoken):
        none = replace(answer, estimate=None, lower=None, upper=None, verdict=Verdict.REFUSED)
        return replace(none, reasons=reasons, diagnostics=diagnostics)
    return replace(answer, verdict=Verdict.WARNED, reasons=reasons, diagnostics=diagnostics)


def summary(answer: Answer) -> str:
    """The verdict in one sentence for a reader: how grave it is, how many reasons there are, the gravest in full."""
    if answer.verdict is Verdict.REFUSED:
        return f"No number may be given: {answer.reasons[0]}." if answer.reasons else "No number may be given."
    if answer.verdict is Verdict.SHOWN:
        return "Nothing was found against showing the number; its assumptions still have to hold."
    grave = sum(own["weight"] == Weight.GRAVE.name.lower() for own in answer.diagnostics.get(FINDINGS, ()))
    kind = "Grave doubt" if grave else "Caution"
    more = len(answer.reasons) - 1
    said = f"{kind}: {answer.reasons[0]}" if answer.reasons else kind
    return f"{said} (and {more} more {'reason' if more == 1 else 'reasons'})." if more else f"{said}."


@dataclass(frozen=True)
class Headline:
    """One number for one stratum with both spreads: by chance (the interval) and by choice of model."""

    answer: Answer
    lowest: float
    highest: float
    estimators: int

    def sentence(self) -> str:
        """The headline in words; the number never stands alone."""
        own = self.answer
        said = (
            f"{own.estimate:,.0f} persons in all, between {own.lower:,.0f} and {own.upper:,.0f} by chance alone "
            f"({own.level:.0%}, {own.estimator}); {self.lowest:,.0f} to {self.highest:,.0f} "
            f"by {all_of(self.estimators)}"
        )
        return f"{said}. {own.verdict.value.capitalize()}: {'; '.join(own.reasons)}" if own.reasons else said


def _place(answer: Answer) -> tuple[bool, bool, int]:
    """Where an answer stands among those that may be the headline; the least is taken."""
    if answer.estimator not in PREFERRED:
        return True, False, 0
    return False, not is_narrow(answer), PREFERRED.index(answer.estimator)


def headline(answers: Sequence[Answer]) -> Headline:
    """The preferred answer of one stratum with its spread: over all answers with an interval, preferred or not.

    A method that is never the headline still widens the spread: that it is not preferred does not show it to be wrong.
    Raises RefusedError where no answer may be shown, or none of those shown has an interval.
    """
    shown = [own for own in answers if own.lower is not None and own.upper is not None and own.estimate is not None]
    if not shown:
        reasons = "; ".join(dict.fromkeys(reason for own in answers for reason in own.reasons))
        raise RefusedError(f"no headline: no estimator gives a number with its spread. {reasons or 'none was run'}")
    best = min(shown, key=_place)
    lows = [own.lower for own in shown if own.lower is not None]
    highs = [own.upper for own in shown if own.upper is not None]
    return Headline(best, min(lows), max(highs), len(shown))


def no_surer_than_whole(answers: Sequence[Answer], whole: str = "_T") -> list[Answer]:
    """Parts carry the doubt about everyone: two models of a part agree more easily than ten of the whole."""
    try:
        best = headline([answer for answer in answers if answer.stratum == whole])
    except RefusedError:
        none = "everyone together has no number that may be shown, so that a part of them has none either"
        return [answer if answer.stratum == whole else _no_longer(answer, none) for answer in answers]
    if best.answer.verdict is Verdict.SHOWN:
        return list(answers)
    said = (
        "the number of everyone together is shown with warnings, the limits of all methods a factor of "
        f"{best.highest / best.lowest:.1f} apart; a part is no surer than the whole"
    )
    return [answer if answer.stratum == whole else with_reason(answer, said) for answer in answers]


def _no_longer(answer: Answer, reason: str) -> Answer:
    return replace(refused(answer.estimator, answer.level, *answer.reasons, reason), stratum=answer.stratum)


def with_reason(answer: Answer, reason: str) -> Answer:
    """The answer with one more doubt, if there is a reason and anything to doubt."""
    if not reason or answer.verdict is Verdict.REFUSED:
        return answer
    return replace(answer, verdict=Verdict.WARNED, reasons=(*answer.reasons, reason))
