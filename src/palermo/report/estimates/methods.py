"""The estimators in words: what each is called, what it assumes, how it fails. More: docs/method/hidden.md."""

from dataclasses import dataclass, replace

from palermo.language import _, marked


@dataclass(frozen=True)
class Method:
    """An estimator in words: what it is called, what it assumes beyond ``ASSUMED``, how it fails."""

    name: str
    assumes: str
    fails: str


METHODS = {
    "main_effects": Method(
        marked("Independent lists"),
        "Being on one list makes being on another neither more nor less likely.",
        "Referral between lists makes it too low, lists that compete make it too high.",
    ),
    "all_two_way": Method(
        marked("All pairs of lists dependent"),
        "Only pairs of lists depend on each other, and each pair may.",
        "Many terms for few persons: no estimate, or a very wide interval.",
    ),
    "stepwise": Method(
        marked("Stepwise by p-value"),
        "The pairs of lists that a threshold picks are the ones that depend on each other.",
        "A pair just above or below the threshold can move the number by half; few persons decide which.",
    ),
    "bic_best": Method(
        marked("Best model by BIC"),
        "The model with the lowest BIC is the true one.",
        "Models with almost the same BIC can give numbers several times as large.",
    ),
    "bic_average": Method(
        marked("Average over models by BIC"),
        "The true model is among those tried, and BIC weighs them rightly.",
        "An average of two far answers may be a number that no model supports.",
    ),
    "aic_best": Method(
        marked("Best model by AIC"),
        "The model with the lowest AIC is the true one.",
        "It prefers large models, whose numbers swing with few persons.",
    ),
    "aic_average": Method(
        marked("Average over models by AIC"),
        "The true model is among those tried, and AIC weighs them rightly.",
        "Large models with few persons behind them get much weight.",
    ),
    "chao_lower_bound": Method(
        marked("Chao"),
        "Many occasions with equal chances; persons differ in how easily they are found.",
        "With few lists of unequal size, or with referral, it is not a lower bound.",
    ),
    "chao_bias_corrected": Method(
        marked("Chao, bias-corrected"),
        "As Chao; made for few persons seen twice.",
        "As Chao: with few lists of unequal size it is not a lower bound.",
    ),
    "zelterman": Method(
        marked("Zelterman"),
        "Persons seen once or twice tell of those never seen.",
        "Biased where lists differ in size or refer persons to each other.",
    ),
    "dga_bma": Method(
        marked("Bayesian average over graphs"),
        "Dependence between lists follows a decomposable graph; a prior weight is added to every cell.",
        "It always gives a number. With sparse lists the prior weight decides which.",
    ),
    "lcmcr": Method(
        marked("Bayesian latent classes"),
        "Persons fall into a few groups; within a group the lists are independent.",
        "The chains may not agree. It pulls small chances of being found upwards, so it is often too low.",
    ),
    "bayesthresh": Method(
        marked("Bayesian thresholding"),
        "Pairs of lists with a clear effect under the prior are kept, the others dropped.",
        "The same jumps as stepwise; depends on the prior.",
    ),
    "closedp_Mt": Method(
        marked("Independent lists (Mt)"),
        "Being on one list makes being on another neither more nor less likely.",
        "Referral between lists makes it too low, lists that compete make it too high.",
    ),
    "closedp_Mth_Chao_LB_": Method(
        marked("Chao, lists that differ (Mth)"),
        "Lists differ in size, persons in how easily they are found.",
        "No lower bound where lists compete.",
    ),
}
METHODS["stepwise_BCa"] = replace(METHODS["stepwise"], name=marked("Stepwise by p-value, bootstrap"))
METHODS["main_effects_profile"] = replace(METHODS["main_effects"], name=marked("Independent lists, profile interval"))
METHODS["closedpCI_Mt"] = replace(METHODS["closedp_Mt"], name=marked("Independent lists (Mt), profile interval"))
METHODS["closedpCI_Mth_Chao"] = replace(
    METHODS["closedp_Mth_Chao_LB_"], name=marked("Chao, lists that differ (Mth), profile interval")
)
METHODS["covariate_loglinear_pooled"] = Method(
    marked("One model for all strata, pooled in part"),
    "Strata are alike in how the lists overlap unless the data say otherwise. What is missing is missing by chance.",
    "Where lists depend on each other in one stratum only, that stratum is drawn to the others and its limits miss it.",
)
METHODS["plain_stratification"] = Method(
    marked("Every stratum on its own, summed"),
    "Every stratum has enough persons on two lists or more to stand alone.",
    "Most sparse strata have no estimate, and then there is no total; the others swing widely.",
)
_PREFIXES = {
    "closedp_M0": Method(
        marked("One chance for all (M0)"),
        "Every list finds every person with the same chance.",
        "Lists differ in size, so it hardly ever holds.",
    ),
    "closedp_Mh_Chao_LB_": Method(
        marked("Chao, equal lists (Mh)"),
        "Lists are alike; persons differ in how easily they are found.",
        "With few lists of unequal size it is not a lower bound.",
    ),
    "closedpCI_Mh_Chao": Method(
        marked("Chao, equal lists (Mh), profile interval"),
        "Lists are alike; persons differ in how easily they are found.",
        "With few lists of unequal size it is not a lower bound.",
    ),
    "closedp_Mth_": Method(
        marked("Persons who differ (Mth)"),
        "Lists differ in size; how persons differ has a fixed shape.",
        "The shape is chosen, not seen, and decides the number.",
    ),
    "closedp_Mh_": Method(
        marked("Persons who differ, equal lists (Mh)"),
        "Lists are alike; how persons differ has a fixed shape.",
        "The shape is chosen, not seen, and decides the number.",
    ),
    "bic_": Method(marked("By BIC"), METHODS["bic_best"].assumes, METHODS["bic_best"].fails),
    "aic_": Method(marked("By AIC"), METHODS["aic_best"].assumes, METHODS["aic_best"].fails),
    "stepwise_": Method(marked("Stepwise"), METHODS["stepwise"].assumes, METHODS["stepwise"].fails),
    "closedpMS_": Method(marked("Among all models"), METHODS["bic_best"].assumes, METHODS["bic_best"].fails),
    "drpop": Method(
        marked("Doubly robust"),
        "Two lists are independent among persons who are alike in what is recorded of them.",
        "With few persons on both lists it swings widely, and each pair of lists gives another number.",
    ),
    "covariate_": Method(
        marked("By what is recorded of persons"),
        "Lists depend on what is recorded of persons in the way the model says; what is missing is missing by chance.",
        "Sparse combinations have no estimate of their own and borrow from others.",
    ),
}

# Variants that are words; all others (DR, PI, Gamma3.5) are names, the same in every language.
VARIANTS = {
    name: name
    for name in (
        marked("loglinear EM"),
        marked("loglinear stepwise AIC"),
        marked("loglinear stepwise BIC"),
    )
}


def method(estimator: str) -> Method:
    """The words for an estimator; one that is not known keeps its name and says that nothing is written of it.

    The name is in the language spoken; what the method assumes and how it fails is for pages in English.
    """
    if estimator in METHODS:
        return replace(METHODS[estimator], name=_(METHODS[estimator].name))
    for prefix, words in _PREFIXES.items():
        if estimator.startswith(prefix):
            rest = estimator.removeprefix(prefix).strip("_").replace("_", " ")
            variant = _(VARIANTS.get(rest, "")) or rest
            name = _("{method}, {variant}", method=_(words.name), variant=variant) if rest else _(words.name)
            return replace(words, name=name)
    return Method(estimator.replace("_", " ").strip(), "As its source says.", "See the method notes.")
