"""Bias and coverage on populations of known size: `python benchmarks/hidden_coverage.py [TABLES] [ESTIMATOR ...]`.

Prints the table of `docs/method/hidden-coverage.md`. The populations are made up (`palermo.hidden.populations`).
"""

import sys
import time

from palermo.hidden.answer import Settings
from palermo.hidden.populations import populations
from palermo.hidden.registry import ESTIMATORS
from palermo.hidden.simulation import Performance, performance

DEFAULT = (
    "main_effects",
    "all_two_way",
    "stepwise",
    "stepwise_BCa",
    "dga_bma",
    "chao_lower_bound",
    "closedp_Mth_Chao_LB_",
)
# Searches of all models repeat the search in every replicate; for the study they run without, in a run of their own.
SEARCHES = frozenset({"bic_best", "bic_average", "aic_best", "aic_average"})
REPLICATES = 200
FIRST_SEED = 1001  # the thresholds of the verdicts were looked at on seeds 1 to 10

HEADER = (
    "| population | estimator | answered | median estimate / truth | interval holds truth | upper / lower "
    "| warned | of misses, warned |\n|---|---|---:|---:|---:|---:|---:|---:|"
)


def row(found: Performance) -> str:
    """One line of the table."""
    return (
        f"| {found.population} | {found.estimator} | {found.answered:.0%} | {found.ratio:.2f} | {found.covered:.0%} "
        f"| {found.width:.1f} | {found.warned:.0%} | {found.misses_warned:.0%} |"
    )


def main(tables: int, estimators: list[str]) -> None:
    """Print one row for each population and estimator."""
    started = time.process_time()
    print(HEADER)
    settings = Settings(bootstrap=0 if SEARCHES & set(estimators) else REPLICATES)
    for population in populations():
        for found in performance(population, estimators, range(FIRST_SEED, FIRST_SEED + tables), settings):
            print(row(found), flush=True)
    spent = time.process_time() - started
    print(f"\n{tables} tables for each population, {settings.bootstrap} replicates; {spent:.0f} CPU seconds.")


if __name__ == "__main__":
    named = sys.argv[2:] or [name for name in DEFAULT if name in ESTIMATORS]
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, named)
