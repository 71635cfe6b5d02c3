"""What each rule of the verdicts is worth: `python benchmarks/hidden_verdicts.py [TABLES] [FIRST_SEED]`.

Prints the tables of "How often the verdict warns" in `docs/method/hidden-coverage.md`. A rule is worth something where
it speaks more often when the interval misses the truth than when it holds it. Thresholds were chosen on seeds 1 to 40
(`python benchmarks/hidden_verdicts.py 40 1`); the page reports seeds from 2001. Five populations (`HELD_OUT`) stand
nowhere else. Intervals of `bic_average`, `bic_best` and `stepwise` are without bootstrap, `stepwise_BCa` has 200.
"""

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from palermo.hidden import rules
from palermo.hidden.answer import Answer, Settings, Verdict
from palermo.hidden.evidence import surroundings
from palermo.hidden.populations import Population, heterogeneous, log_linear, mixture, populations
from palermo.hidden.registry import ESTIMATORS, Estimator
from palermo.hidden.rules import RULES, Evidence, Weight, overlapping_persons
from palermo.hidden.sensitivity import one_person
from palermo.hidden.verdicts import judge

NAMES = ("bic_average", "stepwise_BCa", "stepwise", "bic_best", "main_effects", "all_two_way")
REPLICATES, FIRST_SEED, KEPT = 200, 2001, 20.0
FOUR, SPARSE = (-1.7, -2.0, -1.8, -2.2), (-3.2, -3.0, -3.4, -3.6)
CLASSES = ((0.05, 0.10, 0.08, 0.05), (0.40, 0.15, 0.35, 0.30))
HELD_OUT = (
    Population("latent_small", 600, mixture((0.7, 0.3), CLASSES), "as latent_classes, fewer persons"),
    Population(
        "latent_five",
        6000,
        mixture((0.8, 0.2), ((0.03, 0.02, 0.05, 0.04, 0.02), (0.2, 0.3, 0.1, 0.25, 0.15))),
        "5 lists, two classes",
    ),
    Population("heterogeneous_five", 3000, heterogeneous((-2.5, -2.2, -3.0, -2.0, -2.8), 1.0), "5 lists"),
    Population("pairs_five", 4000, log_linear((-3.0, -2.5, -2.8, -3.2, -2.2), {(0, 1): 1.2, (2, 4): -0.8}), "5 lists"),
    Population("referral_small", 600, log_linear(FOUR, dict.fromkeys(combinations(range(4), 2), 0.7)), "4 lists"),
)
FEW = (
    Population("few_independent", 400, log_linear(SPARSE, {}), "about 50 persons seen"),
    Population("few_one_pair", 400, log_linear(SPARSE, {(0, 1): 1.5}), "the same, one pair refers"),
    Population("few_differ", 400, heterogeneous(SPARSE, 1.2), "the same, persons differ"),
    Population("very_few", 120, log_linear(SPARSE, {}), "about 15 persons seen"),
    Population("very_few_differ", 150, heterogeneous(SPARSE, 1.0), "the same, persons differ"),
)
CANDIDATES: dict[str, tuple[float, ...]] = {
    "SHAPE_WINDOW": (-4.0, 0.0, 2.0, 4.0, 6.0),
    "CLASS_WINDOW": (10.0, 15.0, 20.0, 25.0),
    "LACK_OF_FIT": (0.001, 0.01, 0.02, 0.05),
    "BIC_WINDOW": (2.0, 5.0, 10.0),
    "MODEL_FACTOR": (1.0, 1.25, 1.5, 2.0),
    "WARNED_BELOW_OVERLAPS": (10, 20, 50),
    "ONE_PERSON_PERCENT": (10.0, 25.0, 50.0),
    "WIDE_INTERVAL_FACTOR": (4.0, 10.0),
}


@dataclass(frozen=True)
class Case:
    """One answer before it is judged, and the truth."""

    population: Population
    evidence: Evidence

    @property
    def missed(self) -> bool:
        """Whether the interval misses the truth."""
        low, high = self.evidence.answer.lower, self.evidence.answer.upper
        return low is None or high is None or not low <= self.population.persons <= high


def cases(population: Population, seeds: Iterable[int]) -> Iterator[Case]:
    """The answers with an interval of all estimators on one table for each seed."""
    for seed in seeds:
        table = population.draw(seed)
        if table.n == 0:
            continue
        settings = Settings(bootstrap=REPLICATES)
        found = surroundings(table, settings)
        best = min((bic for bic, _ in found.models), default=0.0)
        around = replace(found, models=tuple(own for own in found.models if own[0] <= best + KEPT))
        for name in NAMES:
            entry = ESTIMATORS[name]
            answer = entry.load()(table, replace(settings, bootstrap=REPLICATES if entry.plain else 0))
            if answer.estimate is None or answer.lower is None or answer.upper is None:
                continue
            percent = _percent(entry, population, seed)
            yield Case(population, around.evidence(answer, table, percent))


def _percent(entry: Estimator, population: Population, seed: int) -> float | None:
    """As `palermo hidden` does it, but for the model of all pairs, which would take most of the time here."""
    quick = entry.is_quick and entry.name != "all_two_way"
    moved = one_person(entry, population.draw(seed), Settings(bootstrap=0)) if quick else None
    return None if moved is None else moved.percent


def verdicts(own: list[Case]) -> list[tuple[bool, Answer]]:
    """Whether each interval missed, and the judged answer."""
    return [(case.missed, judge(case.evidence)) for case in own]


def is_grave(answer: Answer) -> bool:
    """Whether the gravest finding weighs more than a caution."""
    found = answer.diagnostics.get("findings", ())
    return answer.verdict is Verdict.REFUSED or any(one["weight"] != "caution" for one in found)


def share(values: list[bool]) -> str:
    """A share in per cent, or a dash where there is nothing to share."""
    return f"{np.mean(values):.0%}" if values else "–"


def by_estimator(found: list[Case]) -> None:
    """One row for each estimator on one population."""
    for key in dict.fromkeys((case.population.name, case.evidence.answer.estimator) for case in found):
        judged = verdicts([own for own in found if own.evidence.answer.estimator == key[1]])
        warned = [(missed, own.verdict is not Verdict.SHOWN, is_grave(own)) for missed, own in judged]
        columns = (
            [not missed for missed, _, _ in warned],
            [said for _, said, _ in warned],
            [grave for _, _, grave in warned],
            [said for missed, said, _ in warned if missed],
            [grave for missed, _, grave in warned if missed],
            [said for missed, said, _ in warned if not missed],
        )
        print(f"| {key[0]} | {key[1]} | {' | '.join(share(column) for column in columns)} |", flush=True)


def by_rule(found: list[Case]) -> None:
    """How often each rule speaks when the interval misses and when it holds the truth."""
    print("\n| rule | weight | speaks when missed | when held | times as often | held the truth where it spoke |")
    print("|---|---|---:|---:|---:|---:|")
    judged = verdicts(found)
    warned = [(missed, own.verdict is not Verdict.SHOWN) for missed, own in judged]
    print(f"| any of the verdict | – | {_row(warned)} |")
    print(f"| any grave doubt or refusal | – | {_row([(missed, is_grave(own)) for missed, own in judged])} |")
    for rule in RULES:
        said = [(case.missed, rule(case.evidence)) for case in found]
        weights = {one[0] for _, one in said if one is not None}
        if weights:
            names = "/".join(weight.name.lower() for weight in sorted(weights))
            print(f"| {rule.__name__} | {names} | {_row([(missed, one is not None) for missed, one in said])} |")


def _row(said: list[tuple[bool, bool]]) -> str:
    missed, held = [one for bad, one in said if bad], [one for bad, one in said if not bad]
    often = np.mean(missed) / np.mean(held) if any(held) else math.inf
    return f"{share(missed)} | {share(held)} | {often:.1f} | {share([not bad for bad, one in said if one])}"


def by_threshold(found: list[Case]) -> None:
    """What other thresholds would do: any warning of a rule, all else as it is."""
    print("\n| threshold | value | warned when missed | when held | times as often | held where warned |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, values in CANDIDATES.items():
        chosen = getattr(rules, name)
        for value in values:
            setattr(rules, name, value)
            said = [(case.missed, any(rule(case.evidence) for rule in RULES)) for case in found]
            mark = " (chosen)" if value == chosen else ""
            print(f"| {name} | {value:g}{mark} | {_row(said)} |")
        setattr(rules, name, chosen)


def where_few(found: list[Case]) -> None:
    """Coverage, width and error by the persons on two lists or more: what should be refused?"""
    print("\n| persons on two lists or more | answers | holds truth | upper / lower | off by a factor | refused |")
    print("|---|---:|---:|---:|---:|---:|")
    for low, high in ((0, 1), (1, 2), (2, 3), (3, 5), (5, 10), (10, 20)):
        own = [case for case in found if low <= overlapping_persons(case.evidence.table) < high]
        if not own:
            continue
        wide = np.median([(case.evidence.answer.upper or 0) / (case.evidence.answer.lower or 1) for case in own])
        off = np.median([abs(math.log((case.evidence.answer.estimate or 1) / case.population.persons)) for case in own])
        refused = [any(one and one[0] is Weight.REFUSAL for one in (r(case.evidence) for r in RULES)) for case in own]
        held = share([not case.missed for case in own])
        print(f"| {low} to {high - 1} | {len(own)} | {held} | {wide:.1f} | {math.exp(off):.1f} | {share(refused)} |")


def main(tables: int, first: int) -> None:
    """Print all tables."""
    seeds = range(first, first + tables)
    found: list[Case] = []
    print("| population | estimator | holds truth | warned | grave | misses warned | misses grave | hits warned |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for population in (*populations(), *HELD_OUT):
        own = list(cases(population, seeds))
        by_estimator(own)
        found += own
    by_rule(found)
    by_threshold(found)
    where_few([case for own in FEW for case in cases(own, seeds)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else FIRST_SEED)
