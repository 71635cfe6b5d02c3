"""Bayesian thresholding: sample the model of all pairs, keep the pairs that stand out, sample again without the rest.

Source: Silverman (2020), Multiple-systems analysis for the quantification of modern slavery: classical and Bayesian
approaches, JRSS A 183:691-736 (R packages modslavmse, MultipleSystemsEstimation). Poisson counts; interactions of pairs
~ Normal(0, 1), intercept and main effects ~ Normal(0, 100^2); a pair is kept where |posterior mean| / sd >= 2. With the
improper (flat) prior, pairs that share nobody are minus infinity and the estimate must exist, which is checked first.

The decision a reader would question: the interval is that of the second model alone, as in the source. It says nothing
of pairs at the very threshold, where the seed decides; the answer then warns and states the other model's estimate.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from threading import Event
from typing import Literal

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.hidden import existence
from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable, Counts
from palermo.hidden.estimators.chains import Mixing, Reals, fill, mixing, random_stream, run_chains
from palermo.hidden.fitting import cells_of
from palermo.hidden.models import all_two_way, main_effects, name_of

NAME = "bayesthresh"
_PIECE = 1000  # steps between two looks at Ctrl-C: 12 CPU milliseconds with ten lists and all 1,023 histories
_NEAR = 0.1  # within the Monte Carlo error of a ratio: another seed might decide otherwise
_REASONS = {
    1: "no estimate exists: the likelihood of {model} has no maximum for this pattern of empty cells",
    2: "not identifiable: very different numbers unseen fit {model} equally well",
    3: "no estimate exists and {model} is not identifiable",
}


@dataclass(frozen=True)
class Sampling:
    """Prior precisions, threshold and length of the chains. ``prior`` improper means flat on all coefficients."""

    prior: Literal["proper", "improper"] = "proper"
    ratio: float = 2.0
    pair_precision: float = 1.0
    main_precision: float = 1e-4
    chains: int = 4
    burn_in: int = 5000
    steps: int = 40000
    thin: int = 20
    threads: int | None = None


DEFAULT = Sampling()


@dataclass(frozen=True)
class Posterior:
    """Draws (chain, draw, term) of the coefficients of one model."""

    terms: tuple[int, ...]
    draws: npt.NDArray[np.float64]

    @property
    def ratios(self) -> Reals:
        """Posterior mean over standard deviation of each coefficient."""
        flat = self.draws.reshape(-1, len(self.terms))
        return np.asarray(flat.mean(axis=0) / flat.std(axis=0, ddof=1), np.float64)


def bayesthresh(table: CaptureTable, settings: Settings, sampling: Sampling = DEFAULT) -> Answer:
    """Posterior median of N in the thresholded model with its equal-tailed interval.

    Lists that saw nobody are left out: their coefficient would run off to minus infinity for ever. Refused where the
    model rests on the prior alone: no estimate of the main effects, or, with the improper prior, of the model of all
    pairs, exists.
    """
    table = _without_empty_lists(table)
    cells, k = cells_of(table), table.k
    needed = all_two_way(k) if sampling.prior == "improper" else main_effects(k)
    status = existence.status(cells, needed, k)
    if status != existence.EXISTS:
        said = _REASONS[status].format(model="the model " + name_of(needed))
        return refused(NAME, settings.level, said, status=int(status))
    empty = _empty_pairs(table) if sampling.prior == "improper" else ()
    first = sample(cells, [term for term in all_two_way(k) if term not in empty], empty, settings, sampling)
    ratios = dict(zip(first.terms, first.ratios.tolist(), strict=True))
    pairs = [term for term in first.terms if term.bit_count() == 2]
    kept = [term for term in pairs if abs(ratios[term]) >= sampling.ratio]
    second = first
    if len(kept) < len(pairs):
        second = sample(cells, [*main_effects(k), *kept], empty, settings, sampling)
    found = _answer(table, settings, sampling, second, ratios)
    undecided = [term for term in pairs if abs(abs(ratios[term]) - sampling.ratio) < _NEAR]
    if not undecided or found.verdict is Verdict.REFUSED:
        return found
    otherwise = [term for term in pairs if (term in kept) != (term in undecided)]
    return _warned(table, found, undecided, sample(cells, [*main_effects(k), *otherwise], empty, settings, sampling))


def sample(
    cells: Counts, terms: Sequence[int], empty: Sequence[int], settings: Settings, sampling: Sampling
) -> Posterior:
    """Random-walk Metropolis from the mode, steps shaped by the curvature there; cells within ``empty`` are left out.

    The log posterior is concave, so that one mode is all there is. Draws depend on the seed and the model alone.
    """
    histories = np.array(
        [h for h in range(1, cells.size) if cells[h] >= 0 and not any(h & pair == pair for pair in empty)], np.int64
    )
    own = np.array(terms, np.int64)
    design = ((histories[:, None] & own) == own).astype(np.float64)
    counts = cells[histories].astype(np.float64)
    precision = _precision(terms, sampling)
    mode, information = _mode(design, counts, precision)
    shape = np.linalg.cholesky(np.linalg.inv(information)) * (2.38 / np.sqrt(len(terms)))

    def chain(number: int, stopped: Event) -> Reals:
        stream = random_stream(settings.seed, number, *terms)
        draws = np.empty((sampling.steps // sampling.thin, len(terms)))
        place = mode + 2.0 * shape @ stream.standard_normal(len(terms))

        def advance(thin: int, out: Reals) -> None:
            _walk(stream, place, shape, design, counts, precision, thin, out)

        fill(advance, np.empty((sampling.burn_in, len(terms))), 1, _PIECE, stopped)
        fill(advance, draws, sampling.thin, _PIECE, stopped)
        return draws

    drawn = run_chains(chain, sampling.chains, sampling.threads)
    if settings.progress is not None:
        settings.progress(float(len(terms)), None, f"Bayesian thresholding: model of {len(terms)} terms sampled")
    return Posterior(tuple(terms), np.array(drawn))


def _precision(terms: Sequence[int], sampling: Sampling) -> Reals:
    """Prior precisions; flat where no pair is left, as in the source."""
    pairs = np.array([term.bit_count() == 2 for term in terms])
    if sampling.prior == "improper" or not pairs.any():
        return np.zeros(len(terms))
    return np.where(pairs, sampling.pair_precision, sampling.main_precision)


def _mode(design: Reals, counts: Reals, precision: Reals) -> tuple[Reals, Reals]:
    """Newton with halved steps for the Poisson likelihood with normal priors; mode and information there."""

    def value(beta: Reals) -> float:
        eta = design @ beta
        return float(counts @ eta - np.exp(eta).sum() - precision @ beta**2 / 2)

    weights = counts + 0.5
    information = design.T @ (design * weights[:, None]) + np.diag(precision + 1e-9)
    beta = np.asarray(np.linalg.solve(information, design.T @ (weights * np.log(weights))), np.float64)
    for _ in range(200):
        mu = np.exp(design @ beta)
        information = design.T @ (design * mu[:, None]) + np.diag(precision)
        step = np.linalg.solve(information, design.T @ (counts - mu) - precision * beta)
        size, here = 1.0, value(beta)
        while value(beta + size * step) < here and size > 1e-6:
            size /= 2
        beta = np.asarray(beta + size * step, np.float64)
        if np.abs(size * step).max() < 1e-9:
            break
    return beta, np.asarray(information, np.float64)


@njit(cache=True, nogil=True)
def _log_posterior(beta: Reals, design: Reals, counts: Reals, precision: Reals) -> float:
    eta = design @ beta
    return float((counts * eta).sum() - np.exp(eta).sum() - (precision * beta * beta).sum() / 2)


@njit(cache=True, nogil=True)
def _walk(
    stream: np.random.Generator,
    beta: Reals,
    shape: Reals,
    design: Reals,
    counts: Reals,
    precision: Reals,
    thin: int,
    out: Reals,
) -> None:
    """Carry the chain at ``beta`` on, in place: ``thin`` steps for each row of ``out``."""
    noise = np.empty(beta.size)
    now = _log_posterior(beta, design, counts, precision)
    for number in range(out.shape[0]):
        for _ in range(thin):
            for j in range(noise.size):
                noise[j] = stream.standard_normal()
            wanted = beta + shape @ noise
            then = _log_posterior(wanted, design, counts, precision)
            if np.log(stream.random()) < then - now:
                beta[:], now = wanted, then
        out[number, :] = beta


def _without_empty_lists(table: CaptureTable) -> CaptureTable:
    empty = [name for name, size in zip(table.lists, table.list_sizes, strict=True) if size == 0]
    for name in empty[: table.k - 2]:  # a table has two lists at least; what is left fails the test of existence
        table = table.without(name)
    return table


def _empty_pairs(table: CaptureTable) -> tuple[int, ...]:
    return tuple((1 << i) | (1 << j) for i, j in combinations(range(table.k), 2) if table.overlaps[i, j] == 0)


def _warned(table: CaptureTable, found: Answer, undecided: Sequence[int], other: Posterior) -> Answer:
    """The answer with what would come out if the pairs at the threshold were decided the other way."""
    names = [_named(table, term) for term in undecided]
    estimate = float(np.median(_persons(table, other)))
    said = f"{', '.join(names)} lie at the threshold; decided the other way they give {estimate:,.0f} persons"
    diagnostics = {**found.diagnostics, "undecided": names, "estimate_otherwise": estimate}
    return replace(found, verdict=Verdict.WARNED, reasons=(*found.reasons, said), diagnostics=diagnostics)


def _persons(table: CaptureTable, posterior: Posterior) -> Reals:
    return np.asarray(table.n + np.exp(posterior.draws[:, :, posterior.terms.index(0)]), np.float64)


def _named(table: CaptureTable, term: int) -> str:
    return ":".join(name for place, name in enumerate(table.lists) if term >> place & 1)


def _answer(
    table: CaptureTable, settings: Settings, sampling: Sampling, posterior: Posterior, ratios: dict[int, float]
) -> Answer:
    persons = _persons(table, posterior)
    agreement = mixing(persons)
    diagnostics = _diagnostics(table, sampling, posterior, ratios, agreement)
    if (said := agreement.refusal()) is not None:
        return refused(NAME, settings.level, said, **diagnostics)
    tail = (1 - settings.level) / 2
    lower, middle, upper = (float(x) for x in np.quantile(persons, [tail, 0.5, 1 - tail]))
    stated = {key: value for key, value in asdict(sampling).items() if key != "threads"} | {"seed": settings.seed}
    return Answer(NAME, middle, lower, upper, settings.level, stated, diagnostics=diagnostics)


def _diagnostics(
    table: CaptureTable, sampling: Sampling, posterior: Posterior, ratios: dict[int, float], agreement: Mixing
) -> dict[str, object]:
    pairs = {_named(table, term): ratio for term, ratio in ratios.items() if term.bit_count() == 2}
    return {
        "model": name_of(posterior.terms),
        "retained": [_named(table, term) for term in posterior.terms if term.bit_count() == 2],
        "minus_infinity": [_named(table, term) for term in _empty_pairs(table)] if sampling.prior == "improper" else [],
        "ratios": pairs,
        "r_hat": agreement.r_hat,
        "ess": min(agreement.ess_bulk, agreement.ess_tail),
        "chain_medians": list(agreement.medians),
    }
