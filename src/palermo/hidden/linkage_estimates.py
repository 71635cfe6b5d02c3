"""Totals of many corrected tables at once, whose counts need not be whole numbers.

The decision a reader would question: a search for interactions is done on the table divided by its dispersion (by how
much the corrected overlaps vary more than counts would). A corrected count is known less well than a counted one of
its size; taken for a count, the error of the rates would be found as an interaction between lists. Totals are
multiplied back. Models chosen beforehand need no such thing: dividing a table leaves its fit as it is.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from palermo.hidden.answer import Settings
from palermo.hidden.estimators.stepwise_kernel import select_many
from palermo.hidden.exhaustive import search_tables, walk_tables
from palermo.hidden.linkage_table import margins
from palermo.hidden.linkage_table import pairs_of as pairs_of_lists
from palermo.hidden.model_space import best_first, family, highest_order, is_exhaustive, pairs_of, search
from palermo.hidden.models import main_effects
from palermo.hidden.newton import fit_tables
from palermo.hidden.resampling import in_threads

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Unseen = Callable[[Floats, Flags, int, Settings], Floats]
MARGIN = 24.0  # models this far above the best criterion weigh e^-12 and less


def totals(name: str, tables: Floats, possible: Flags, k: int, settings: Settings, dispersion: float = 1.0) -> Floats:
    """Persons in all in each row of ``tables`` by one estimator of ``ON_TABLES``; infinite where there is none."""
    scaled = tables / max(dispersion, 1.0)
    unseen = ON_TABLES[name](scaled, possible, k, settings)
    return np.asarray(tables.sum(axis=1) + np.where(np.isnan(unseen), np.inf, unseen) * max(dispersion, 1.0))


def dispersion(tables: Floats, k: int) -> float:
    """How much more the pairs' shares of all overlaps vary than those of counted persons would; at least 1.

    Of shares, since an error that moves all overlaps alike moves the total, but shows no interaction of two lists.
    """
    masks = [1 << a | 1 << b for a, b in pairs_of_lists(k)]
    own = margins(tables, k)[:, masks]
    whole = own.sum(axis=1)
    if len(masks) < 2 or not (whole > 0).all():
        return 1.0
    shares = own / whole[:, None]
    mean = shares.mean(axis=0)
    counted = mean * (1 - mean) / whole.mean()
    kept = counted > 0
    return max(float((shares.var(axis=0)[kept] / counted[kept]).mean()), 1.0)


def invented_pairs(tables: Floats, possible: Flags, settings: Settings, scale: float = 1.0) -> Floats:
    """How many interactions the stepwise search finds in each row."""
    _, chosen = _selected(tables / max(scale, 1.0), possible, settings)
    return np.asarray(chosen.sum(axis=1), np.float64)


def _main_effects(tables: Floats, possible: Flags, k: int, _settings: Settings) -> Floats:
    # In one go: each fit starts from the first, so that slices by time would change the last digits.
    found: tuple[Floats, Floats, npt.NDArray[np.int64]] = fit_tables(
        tables, np.array(main_effects(k), np.int64), possible, k
    )
    return found[0]


def _stepwise(tables: Floats, possible: Flags, _k: int, settings: Settings) -> Floats:
    return _selected(tables, possible, settings)[0]


def _selected(tables: Floats, possible: Flags, settings: Settings) -> tuple[Floats, Flags]:
    results, chosen = np.empty((len(tables), 3)), np.zeros((len(tables), possible.size), np.bool_)
    histories = np.arange(1, possible.size, dtype=np.int64)

    def work(part: slice) -> None:
        counts = np.ascontiguousarray(tables[part, 1:])
        select_many(histories, counts, possible, settings.threshold, False, results[part], chosen[part])

    in_threads(work, len(tables))
    return results[:, 0], chosen


def _best(tables: Floats, possible: Flags, k: int, settings: Settings, *, by_bic: bool) -> Floats:
    return _searched(tables, possible, k, settings, (by_bic, 0.0))[0]


def _average(tables: Floats, possible: Flags, k: int, settings: Settings, *, by_bic: bool) -> Floats:
    return _searched(tables, possible, k, settings, (by_bic, MARGIN))[1]


def _searched(
    tables: Floats, possible: Flags, k: int, settings: Settings, how: tuple[bool, float]
) -> tuple[Floats, Floats]:
    """Unseen persons of the best model and averaged, by BIC or AIC and with a margin for the average.

    The first table says in which order models are tried.
    """
    by_bic, margin = how
    best, average = np.empty(len(tables)), np.empty(len(tables))
    if is_exhaustive(k):
        first = np.where(possible, np.rint(tables[0]), -1).astype(np.int64)
        first[0] = 0
        found = search(first, k, settings.max_order, by_bic)
        own = best_first(family(k, highest_order(k, settings.max_order)), found.criterion(by_bic), first)

        def work(part: slice) -> None:
            _, best[part], average[part], _ = search_tables(tables[part], own, by_bic, margin, k)
    else:
        pairs = pairs_of(k)

        def work(part: slice) -> None:
            best[part], average[part] = walk_tables(tables[part], possible, by_bic, pairs, k)

    in_threads(work, len(tables))
    return best, average


ON_TABLES: dict[str, Unseen] = {
    "aic_average": partial(_average, by_bic=False),
    "bic_average": partial(_average, by_bic=True),
    "stepwise": _stepwise,
    "aic_best": partial(_best, by_bic=False),
    "bic_best": partial(_best, by_bic=True),
    "main_effects": _main_effects,
}
SEARCHES = frozenset(ON_TABLES) - {"main_effects"}
