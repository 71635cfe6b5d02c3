"""Which estimators there are, what each needs of a table, and where it lives. A module is imported on first use.

An estimator is named as in the reference results of the peers (``shared/data/mse/reference.csv``), so that a reader
can lay both side by side. ``cost`` decides whether the estimator is run again for every person who might move.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from importlib import import_module
from typing import cast

from palermo.errors import UsageError
from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import MAX_LISTS, CaptureTable

Run = Callable[[CaptureTable, Settings], Answer]


class Cost(IntEnum):
    """How long one answer without bootstrap takes."""

    FORMULA = 1  # one fit or a formula: microseconds to milliseconds
    SEARCH = 2  # many models: up to a second
    SAMPLING = 3  # Monte Carlo chains: seconds


@dataclass(frozen=True)
class Estimator:
    """One estimator: where its function is and to which tables it applies."""

    name: str
    module: str  # within palermo.hidden.estimators
    citation: str
    cost: Cost = Cost.FORMULA
    function: str = ""  # as the name where empty
    min_lists: int = 2
    max_lists: int = MAX_LISTS
    needs_covariates: bool = False
    plain: str = ""  # the estimator of the same number without bootstrap; it stands in where many tables are tried

    @property
    def is_quick(self) -> bool:
        """Whether the number, apart from its interval, is found fast enough to be tried on hundreds of tables."""
        return (ESTIMATORS[self.plain] if self.plain else self).cost is Cost.FORMULA

    def load(self) -> Run:
        """The function itself."""
        module = import_module(f"palermo.hidden.estimators.{self.module}")
        # A module that makes its functions from a list of models keeps them by name.
        made = getattr(module, "ESTIMATORS", {})
        return cast(Run, made[self.name] if self.name in made else getattr(module, self.function or self.name))

    def hindrance(self, table: CaptureTable) -> str | None:
        """Why the estimator does not apply to the table; None where it does."""
        if table.k < self.min_lists:
            return f"{self.name} needs {self.min_lists} lists or more; the table has {table.k}"
        if table.k > self.max_lists:
            return f"{self.name} takes up to {self.max_lists} lists; the table has {table.k}"
        if self.needs_covariates and not table.covariates:
            return f"{self.name} needs covariates; the table has none"
        return None


_CHAN = "Chan, Silverman & Vincent 2021, Journal of the American Statistical Association 116"
_CRUYFF = "van Dijk, Cruyff, van der Heijden & Kragten-Heerdink 2017; Cruyff, van Dijk & van der Heijden 2017"

_FIENBERG = "Fienberg 1972, Biometrika 59:591-603"

_TOTAL = "plain_stratification_total"
_RCAPTURE = "Rivest & Baillargeon 2007, Biometrics 63:999-1006; J. Statistical Software 19(5)"
_SILVERMAN = "Silverman, Chan & Vincent 2024, Bootstrapping multiple systems estimates to account for model selection"
_AVERAGE = "Burnham & Anderson 2002, Model Selection and Multimodel Inference; weights exp(-criterion / 2)"
_DAS = "Das, Kennedy & Jewell 2024, J. American Statistical Association; R package drpop"
_POOLED = f"{_CRUYFF}; list x covariate effects shrunk as in docs/method/hidden-strata.md"
_STRATA = "Sekar & Deming 1949, J. American Statistical Association 44:101-115"
_CLOSED = (
    *("closedp_M0", "closedp_Mt", "closedp_Mh_Chao_LB_", "closedp_Mh_Poisson2", "closedp_Mh_Darroch"),
    *("closedp_Mh_Gamma3.5", "closedp_Mth_Chao_LB_", "closedp_Mth_Poisson2", "closedp_Mth_Darroch"),
    *("closedp_Mth_Gamma3.5", "closedpCI_Mt", "closedpCI_Mh_Chao", "closedpCI_Mth_Chao"),
)

_ALL: tuple[Estimator, ...] = (
    Estimator("main_effects", "loglinear", _FIENBERG),
    Estimator("main_effects_profile", "profile", "Cormack 1992, Biometrics 48:567-576"),
    Estimator("all_two_way", "loglinear", _FIENBERG, min_lists=3),
    Estimator("stepwise", "stepwise", _CHAN),
    Estimator("stepwise_BCa", "stepwise", _CHAN, Cost.SEARCH, "stepwise_bca", plain="stepwise"),
    Estimator("bic_average", "search", _AVERAGE, Cost.SEARCH),  # before the best, which reuses its replicates
    Estimator("bic_best", "search", _SILVERMAN, Cost.SEARCH),
    Estimator("aic_average", "search", _AVERAGE, Cost.SEARCH),
    Estimator("aic_best", "search", _SILVERMAN, Cost.SEARCH),
    Estimator("dga_bma", "decomposable", "Madigan & York 1997, Biometrika 84:19-31", Cost.SEARCH, max_lists=6),
    Estimator("lcmcr", "latent", "Manrique-Vallier 2016, Biometrics 72:1246-1254", Cost.SAMPLING, min_lists=3),
    Estimator("bayesthresh", "thresholding", "Silverman 2020, J. Royal Statistical Society A 183:691", Cost.SAMPLING),
    Estimator("chao_lower_bound", "lower_bounds", "Chao 1987, Biometrics 43:783-791"),
    Estimator("chao_bias_corrected", "lower_bounds", "Chao 2005, Encyclopedia of Statistical Sciences 12:7907"),
    Estimator("zelterman", "lower_bounds", "Zelterman 1988, J. Statistical Planning and Inference 18:225-237"),
    *(Estimator(name, "closed_population", _RCAPTURE, Cost.SEARCH) for name in _CLOSED),
    *(
        Estimator(f"drpop_{name}", "doubly_robust", _DAS, Cost.SAMPLING, f"drpop_{name.lower()}", needs_covariates=True)
        for name in ("DR", "PI", "TMLE")
    ),
    *(
        Estimator(name, "covariates", _CRUYFF, Cost.SAMPLING, name.lower(), needs_covariates=True)
        for name in ("covariate_loglinear_stepwise_BIC", "covariate_loglinear_stepwise_AIC", "covariate_loglinear_EM")
    ),
    Estimator("covariate_loglinear_pooled", "covariates", _POOLED, Cost.SAMPLING, needs_covariates=True),
    Estimator(
        "plain_stratification",
        "covariates",
        _STRATA,
        Cost.SAMPLING,
        "plain_stratification_total",
        needs_covariates=True,
    ),
)

ESTIMATORS: dict[str, Estimator] = {entry.name: entry for entry in _ALL}


def estimator(name: str) -> Estimator:
    """The estimator of that name."""
    if name not in ESTIMATORS:
        near = get_close_matches(name, ESTIMATORS, cutoff=0.5)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        raise UsageError(f"no estimator {name!r}; {meant}expected one of: {', '.join(ESTIMATORS) or 'none'}")
    return ESTIMATORS[name]


def applicable(table: CaptureTable, names: Iterable[str] | None = None, bootstrap: int = 1) -> list[Estimator]:
    """The estimators named, or all those that apply to the table, without a bootstrap those that need none."""
    if names is None:
        entries = [entry for entry in ESTIMATORS.values() if entry.hindrance(table) is None]
        return [entry for entry in entries if bootstrap or not entry.plain]
    return [estimator(name) for name in names]
