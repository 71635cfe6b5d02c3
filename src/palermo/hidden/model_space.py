"""Families of models for a search, and the search of a whole family in the table itself.

To 5 lists all hierarchical models of every order are searched (6,893 for 5), with 6 lists all models of pairs
(32,768). The number of models doubles with every pair, 268 million for 8 lists, so from 7 lists on the search walks:
from independent lists it adds or drops the pair that improves the criterion most, until none does. In the table itself
branch and bound then finds the best of all models of pairs, or says that it came to its limit; so it does in each
replicate of a bootstrap. An average rests on the walk. What was searched is always said.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from palermo.hidden.branching import MOST_FITS, MOST_FITS_BEYOND_EIGHT, Branched, best_pairs
from palermo.hidden.exhaustive import Family, fit_models, starts_from, walk
from palermo.hidden.fitting import fit
from palermo.hidden.models import Terms, all_two_way, hierarchical_models, main_effects
from palermo.hidden.newton import log_factorials
from palermo.hidden.resampling import in_threads
from palermo.progress import Progress

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MAX_EXHAUSTIVE = 6


@dataclass(frozen=True)
class Searched:
    """Every model that was fitted to a table, in the order of the family."""

    models: list[Terms]
    unseen: Floats
    loglik: Floats
    status: Ints
    persons: int
    words: str  # what was searched
    is_complete: bool = True  # whether no model outside these can be better

    @property
    def admissible(self) -> npt.NDArray[np.bool_]:
        """Which models have an estimate."""
        return np.asarray(self.status == 0)

    def criterion(self, by_bic: bool) -> Floats:
        """BIC or AIC of every model; infinite where there is no estimate. Terms at minus infinity count."""
        penalty = math.log(self.persons) if by_bic else 2.0
        parameters = np.array([len(terms) for terms in self.models])
        return np.where(self.admissible, parameters * penalty - 2 * self.loglik, math.inf)


def highest_order(k: int, asked: int | None) -> int:
    """The highest order of interaction that is searched: K - 1 to 5 lists, else 2, or less where asked."""
    most = k - 1 if k <= 5 else 2
    return most if asked is None else max(1, min(asked, most))


def is_exhaustive(k: int) -> bool:
    """Whether the search of a table of ``k`` lists looks at every model."""
    return k <= MAX_EXHAUSTIVE


@lru_cache(maxsize=8)
def family(k: int, max_order: int) -> Family:
    """The family in compiled form, fewest terms first, every history possible."""
    models = hierarchical_models(k, max_order)
    pairs = [term for term in all_two_way(k) if term.bit_count() == 2]
    rows = np.zeros((len(models), max(len(terms) for terms in models)), np.int64)
    for row, terms in zip(rows, models, strict=True):
        row[: len(terms)] = terms
    sizes = np.array([len(terms) for terms in models], np.int64)
    held = np.array([[pair in terms for pair in pairs] for terms in map(frozenset, models)], np.bool_)
    tops = np.array([int(np.argmax(np.where(held[:, j], -1, sizes))) for j in range(len(pairs))], np.int64)
    missing = (~held @ (1 << np.arange(len(pairs)))).astype(np.int64)
    return Family(rows, sizes, missing, tops, np.ones(1 << k, np.bool_), np.full((len(models), 1), np.nan))


def possible_cells(cells: Ints) -> npt.NDArray[np.bool_]:
    """Which histories somebody can have."""
    return np.asarray(cells >= 0)


def best_first(base: Family, criterion: Floats, cells: Ints) -> Family:
    """The family with the best models in front, so that bounds leave out most others, and starts for the fits."""
    order = np.lexsort((np.arange(criterion.size), base.sizes, criterion))
    k = cells.size.bit_length() - 1
    sorted_family = Family(
        base.models[order],
        base.sizes[order],
        base.missing[order],
        np.argsort(order)[base.tops],
        possible_cells(cells),
        base.starts[order],
    )
    counts = np.maximum(cells, 0).astype(np.float64)
    starts = np.empty(sorted_family.models.shape)

    def work(part: slice) -> None:
        starts[part] = starts_from(counts, _part(sorted_family, part), k)

    in_threads(work, order.size)
    return sorted_family._replace(starts=starts)


def _part(whole: Family, part: slice) -> Family:
    """Some models of a family; its tops, which are places in the whole, are not to be used."""
    return whole._replace(models=whole.models[part], sizes=whole.sizes[part], starts=whole.starts[part])


def search(cells: Ints, k: int, max_order: int | None, by_bic: bool, progress: Progress = None) -> Searched:
    """Fit every model of the family, or those on the walk, to one table (-1: structural zero)."""
    counts = np.maximum(cells, 0).astype(np.float64)
    if is_exhaustive(k):
        order = highest_order(k, max_order)
        models = hierarchical_models(k, order)
        own = family(k, order)._replace(possible=possible_cells(cells))
        unseen, loglik, status = np.empty(len(models)), np.empty(len(models)), np.empty(len(models), np.int64)

        def work(part: slice) -> None:
            unseen[part], loglik[part], status[part] = fit_models(counts, _part(own, part), k)

        in_threads(work, len(models), progress, "models fitted")
        words = f"all {len(models):,} hierarchical models with interactions of up to {order} lists"
    else:
        masks, unseen, loglik, status = walk(counts, possible_cells(cells), by_bic, pairs_of(k), k)
        models = [_with_pairs(int(mask), k) for mask in masks]
        on_walk = Searched(models, unseen, loglik, status, int(counts.sum()), "")
        return _with_best_of_all(on_walk, cells, masks, by_bic)
    return Searched(models, unseen, loglik, status, int(counts.sum()), words)


def _with_best_of_all(walked: Searched, cells: Ints, masks: Ints, by_bic: bool) -> Searched:
    """The models of the walk, and the best of all models of pairs where it is not among them."""
    k = int(cells.size).bit_length() - 1
    found = _branched(cells.tobytes(), by_bic, *_lowest(walked, masks, by_bic))
    models, unseen, loglik, status = walked.models, walked.unseen, walked.loglik, walked.status
    if found.mask not in masks:
        own = fit(cells, _with_pairs(found.mask, k), k)
        models = [*models, own.terms]
        unseen, loglik = np.append(unseen, own.n0), np.append(loglik, own.loglik)
        status = np.append(status, own.status)
    number = f"{1 << pairs_of(k).size:,}"
    done = (
        f"all {number} models of pairs by branch and bound, {found.fitted:,} of them fitted"
        if found.is_complete
        else f"models of pairs by branch and bound, stopped after {found.fitted:,} of {number}: a better one may exist"
    )
    words = f"{done}; {len(masks):,} on a walk from independent lists"
    return Searched(models, unseen, loglik, status, walked.persons, words, found.is_complete)


def _lowest(walked: Searched, masks: Ints, by_bic: bool) -> tuple[int, float]:
    """The best pairs of the walk and their criterion."""
    criterion = walked.criterion(by_bic)
    place = int(np.argmin(criterion))
    return int(masks[place]), float(criterion[place])


@lru_cache(maxsize=64)
def _branched(content: bytes, by_bic: bool, mask: int, lowest: float) -> Branched:
    cells = np.frombuffer(content, np.int64)
    k = cells.size.bit_length() - 1
    counts = np.maximum(cells, 0).astype(np.float64)
    penalty = math.log(counts.sum()) if by_bic else 2.0
    # Branch and bound leaves out the constant of the likelihood.
    start = mask, lowest - 2 * float(log_factorials(counts))
    most = MOST_FITS if k <= 8 else MOST_FITS_BEYOND_EIGHT
    return best_pairs(counts, possible_cells(cells), penalty, pairs_of(k), start, most)


def pairs_of(k: int) -> Ints:
    """The pairs of lists as terms, in order."""
    return np.array([term for term in all_two_way(k) if term.bit_count() == 2], np.int64)


def _with_pairs(mask: int, k: int) -> Terms:
    chosen = [int(pair) for place, pair in enumerate(pairs_of(k)) if mask >> place & 1]
    return (*main_effects(k), *chosen)
