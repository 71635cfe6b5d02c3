"""The words for estimators, verdicts and assumptions. What each method assumes and how it fails: docs/method/hidden.md.

The decision a reader would question: assumptions are stated for every page, also those that hold for all methods. No
data can show that they are met, so no page may leave them out.
"""

from dataclasses import dataclass

from palermo.hidden.answer import Verdict
from palermo.report.labels import PEOPLE, label

ESTIMATED = (
    "This is an estimate of all persons, detected and not detected. It includes those detected: never add the two."
)
DETECTED = "These are persons whom the lists detected. It is a count, not an estimate."
WITHOUT_INTERVAL = "It gave a number without an interval; such a number is not shown."

VERDICTS = {
    Verdict.SHOWN: "No rule found anything against showing the number. The assumptions still have to hold.",
    Verdict.WARNED: "The number may be shown, but only with its interval and with these warnings beside it.",
    Verdict.REFUSED: "No number may be given. A refusal says that these lists cannot tell. It does not mean zero, "
    "and it does not mean few.",
}

ASSUMED = (
    "Everyone is one of a fixed group: nobody came into the situation or left it during the period.",
    "All lists mean the same by a victim, and the same place and time.",
    "A person on two lists was recognised as one. A missed match makes the estimate too high, a false one too low.",
    "Everyone could have come onto at least one list. Those who never could are in no estimate.",
    "There is no interaction of all the lists at once. No data can test this; the figures show what hangs on it.",
)


@dataclass(frozen=True)
class Method:
    """An estimator in words: what it is called, what it assumes beyond ``ASSUMED``, how it fails."""

    name: str
    assumes: str
    fails: str


METHODS = {
    "main_effects": Method(
        "Independent lists",
        "Being on one list makes being on another neither more nor less likely.",
        "Referral between lists makes it too low, lists that compete make it too high.",
    ),
    "all_two_way": Method(
        "All pairs of lists dependent",
        "Only pairs of lists depend on each other, and each pair may.",
        "Many terms for few persons: no estimate, or a very wide interval.",
    ),
    "stepwise": Method(
        "Stepwise by p-value",
        "The pairs of lists that a threshold picks are the ones that depend on each other.",
        "A pair just above or below the threshold can move the number by half; few persons decide which.",
    ),
    "bic_best": Method(
        "Best model by BIC",
        "The model with the lowest BIC is the true one.",
        "Models with almost the same BIC can give numbers several times as large.",
    ),
    "bic_average": Method(
        "Average over models by BIC",
        "The true model is among those tried, and BIC weighs them rightly.",
        "An average of two far answers may be a number that no model supports.",
    ),
    "aic_average": Method(
        "Average over models by AIC",
        "The true model is among those tried, and AIC weighs them rightly.",
        "Large models with few persons behind them get much weight.",
    ),
    "chao_lower_bound": Method(
        "Chao",
        "Many occasions with equal chances; persons differ in how easily they are found.",
        "With few lists of unequal size, or with referral, it is not a lower bound.",
    ),
    "chao_bias_corrected": Method(
        "Chao, bias-corrected",
        "As Chao; made for few persons seen twice.",
        "As Chao: with few lists of unequal size it is not a lower bound.",
    ),
    "zelterman": Method(
        "Zelterman",
        "Persons seen once or twice tell of those never seen.",
        "Biased where lists differ in size or refer persons to each other.",
    ),
    "dga_bma": Method(
        "Bayesian average over graphs",
        "Dependence between lists follows a decomposable graph; a prior weight is added to every cell.",
        "It always gives a number. With sparse lists the prior weight decides which.",
    ),
    "lcmcr": Method(
        "Bayesian latent classes",
        "Persons fall into a few groups; within a group the lists are independent.",
        "The chains may not agree. It pulls small chances of being found upwards, so it is often too low.",
    ),
    "bayesthresh": Method(
        "Bayesian thresholding",
        "Pairs of lists with a clear effect under the prior are kept, the others dropped.",
        "The same jumps as stepwise; depends on the prior.",
    ),
    "closedp_Mt": Method(
        "Independent lists (Mt)",
        "Being on one list makes being on another neither more nor less likely.",
        "Referral between lists makes it too low, lists that compete make it too high.",
    ),
    "closedp_Mth_Chao_LB_": Method(
        "Lower bound for persons who differ (Mth Chao)",
        "Lists differ in size, persons in how easily they are found.",
        "No lower bound where lists compete.",
    ),
}
_PREFIXES = {
    "drpop": Method(
        "Doubly robust",
        "Two lists are independent among persons who are alike in what is recorded of them.",
        "With few persons on both lists it swings widely, and each pair of lists gives another number.",
    ),
    "covariate": Method(
        "With sex, age and form",
        "Lists depend on what is recorded of persons in the way the model says; what is missing is missing by chance.",
        "Sparse combinations have no estimate of their own and borrow from others.",
    ),
}


def method(estimator: str) -> Method:
    """The words for an estimator; one that is not known keeps its name and says that nothing is written of it."""
    if estimator in METHODS:
        return METHODS[estimator]
    for prefix, words in _PREFIXES.items():
        if estimator.startswith(prefix):
            rest = estimator.removeprefix(prefix).strip("_").replace("_", " ")
            return Method(f"{words.name}, {rest}" if rest else words.name, words.assumes, words.fails)
    return Method(estimator.replace("_", " ").strip(), "As its source says.", "See the method notes.")


def stratum_name(stratum: str) -> str:
    """``sex=F, age=Y0T17`` as people read it: the word for these people, else each covariate with its label."""
    if stratum == "_T":
        return "Everyone"
    pairs = [part.partition("=")[::2] for part in stratum.split(", ")]
    codes = dict(pairs)
    if set(codes) == {"sex", "age"} and (word := PEOPLE.get((codes["sex"], codes["age"]))):
        return word
    return ", ".join(f"{name[:1].upper()}{name[1:]}: {label(name, code)}" for name, code in pairs)
