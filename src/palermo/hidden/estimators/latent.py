"""Bayesian latent classes: persons fall into classes, and within a class the lists see them independently.

Source: Manrique-Vallier (2016), Bayesian population size estimation using Dirichlet process mixtures, Biometrics
72:1246-1254 (R package LCMCR). Priors, all explicit: up to 10 classes with stick-breaking weights, V ~ Beta(1, alpha),
alpha ~ Gamma(0.25, 0.25); captures ~ Beta(1, 1); p(N) ~ 1/N without end, whereas LCMCR silently rejects more than 20
unseen persons for each one seen. Captures far below 0.1, as on trafficking lists, are unlikely under Beta(1, 1), so
that estimates are drawn downwards.

The decision a reader would question: besides our own chains we run plain Gibbs chains as LCMCR has them. Where those
end in different places the posterior has several modes, and we say so even where our own chains travel between them.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from threading import Event

import numpy as np

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable, Counts
from palermo.hidden.estimators import latent_kernel
from palermo.hidden.estimators.chains import (
    Mixing,
    Reals,
    fill,
    mixing,
    random_stream,
    run_chains,
)

NAME = "lcmcr"
_LEVELS = (0.5, 0.2, 0.05, 0.01)  # captures at which chains start: from hardly anybody unseen to nearly everybody
_OWN, _GIBBS = 0, 1
_PIECE = 200  # sweeps between two looks at Ctrl-C: 0.13 CPU seconds with ten lists and all 1,023 histories
_ROUNDS = 4  # times at which chains are looked at and may end
_ROWS = 100  # draws of a chain below which its agreement with others is not looked at
_ENDS_AT = {_OWN: 1.01, _GIBBS: 1.05}  # R-hat: the bound of Vehtari et al., and one well below what we speak of


@dataclass(frozen=True)
class Sampling:
    """How long the chains are. Sweeps are kept every ``thin``; ``moves`` Metropolis moves follow each sweep.

    Chains end after a quarter, half or three quarters of ``sweeps`` where they agree and hold ``enough`` independent
    draws, with which limits vary from seed to seed by a seventeenth of the posterior's standard deviation.
    """

    classes: int = 10
    chains: int = 12
    burn_in: int = 4000
    sweeps: int = 20000
    enough: float = 2000.0
    thin: int = 10
    moves: int = 30
    plain_sweeps: int = 20000  # of the plain Gibbs chains run for comparison; 0 leaves them out
    threads: int | None = None


DEFAULT = Sampling()


@dataclass(frozen=True)
class Draws:
    """Persons in all (chains in rows) and the log likelihood of the seen cells at each draw."""

    persons: Reals
    fit: Reals


def lcmcr(table: CaptureTable, settings: Settings, sampling: Sampling = DEFAULT) -> Answer:
    """Posterior median of N and its equal-tailed interval over several dispersed chains.

    Refused where the chains end in different places (R-hat above 1.1), for then the pooled median depends on the
    starts; warned where only our added moves make them mix.
    """
    if table.n == 0 or table.k < 3:
        return refused(NAME, settings.level, f"{table.n} persons on {table.k} lists; needs 3 lists that saw somebody")
    own = draw(table, settings, sampling)
    agreement = mixing(own.persons)
    plain = _plain(table, settings, sampling)
    diagnostics = _diagnostics(own, agreement, plain) | {"sweeps_run": own.persons.shape[1] * sampling.thin}
    if (said := agreement.refusal()) is not None:
        return refused(NAME, settings.level, said, **diagnostics)
    reasons = [] if plain is None or plain.refusal() is None else [_several_modes(plain)]
    if table.structural:
        reasons.append("histories that nobody can have are taken as histories that nobody happened to have")
    verdict = Verdict.WARNED if reasons else Verdict.SHOWN
    tail = (1 - settings.level) / 2
    lower, middle, upper = (float(x) for x in np.quantile(own.persons, [tail, 0.5, 1 - tail]))
    return Answer(
        NAME, middle, lower, upper, settings.level, _stated(settings, sampling), verdict, tuple(reasons), diagnostics
    )


def draw(table: CaptureTable, settings: Settings, sampling: Sampling = DEFAULT, kind: int = _OWN) -> Draws:
    """Run the chains. The draws depend on the seed alone, not on how many threads ran them."""
    histories = np.flatnonzero(table.cells)
    bits = np.asarray((histories[:, None] >> np.arange(table.k)) & 1, np.int64)
    chains = [
        _started(random_stream(settings.seed, kind, number), bits, table.cells[histories], sampling, number)
        for number in range(sampling.chains)
    ]
    rows = sampling.sweeps // sampling.thin
    drawn = np.empty((sampling.chains, 0, 2))
    for part in range(_ROUNDS):
        size = rows * (part + 1) // _ROUNDS - drawn.shape[1]

        def carry_on(number: int, stopped: Event, first: bool = part == 0, size: int = size) -> Reals:
            if first:
                fill(chains[number].advance, np.empty((sampling.burn_in, 2)), 1, _PIECE, stopped)
            out = np.empty((size, 2))
            fill(chains[number].advance, out, sampling.thin, _PIECE, stopped)
            return out

        report = _reporter(settings, sampling, kind, part)
        more = run_chains(carry_on, sampling.chains, sampling.threads, report)
        drawn = np.concatenate([drawn, np.array(more)], axis=1)
        if drawn.shape[1] >= _ROWS and _may_end(mixing(drawn[:, :, 0]), sampling, kind):
            break
    _reporter(settings, sampling, kind, _ROUNDS - 1)(sampling.chains)
    return Draws(persons=drawn[:, :, 0] + table.n, fit=drawn[:, :, 1])


@dataclass(frozen=True)
class _Chain:
    """Where a chain is; it goes on from there with its own random numbers."""

    stream: np.random.Generator
    weights: Reals
    capture: Reals
    bits: Counts
    counts: Counts
    moves: int

    def advance(self, thin: int, out: Reals) -> None:
        latent_kernel.advance(self.stream, self.weights, self.capture, self.bits, self.counts, thin, self.moves, out)


def _started(stream: np.random.Generator, bits: Counts, counts: Counts, sampling: Sampling, number: int) -> _Chain:
    weights, capture = np.empty(sampling.classes), np.empty((sampling.classes, bits.shape[1]))
    latent_kernel.start(stream, weights, capture, _LEVELS[number % len(_LEVELS)])
    return _Chain(stream, weights, capture, bits, counts, sampling.moves)


def _may_end(agreement: Mixing, sampling: Sampling, kind: int) -> bool:
    held = min(agreement.ess_bulk, agreement.ess_tail) >= sampling.enough
    return agreement.r_hat <= _ENDS_AT[kind] and (held or kind == _GIBBS)


def _plain(table: CaptureTable, settings: Settings, sampling: Sampling) -> Mixing | None:
    if not sampling.plain_sweeps:
        return None
    return mixing(draw(table, settings, replace(sampling, moves=0, sweeps=sampling.plain_sweeps), _GIBBS).persons)


def _several_modes(plain: Mixing) -> str:
    return (
        f"plain Gibbs chains do not converge (R-hat {plain.r_hat:.2f}; their medians run from "
        f"{min(plain.medians):,.0f} to {max(plain.medians):,.0f}): the posterior is hard to travel or has several "
        "modes, and the number rests on how often chains move between them"
    )


def _diagnostics(own: Draws, agreement: Mixing, plain: Mixing | None) -> dict[str, object]:
    fit = mixing(own.fit)
    return {
        "r_hat": agreement.r_hat,
        "ess": min(agreement.ess_bulk, agreement.ess_tail),
        "ess_bulk": agreement.ess_bulk,
        "ess_tail": agreement.ess_tail,
        "chain_medians": list(agreement.medians),
        "log_likelihood_r_hat": fit.r_hat,
        "gibbs_r_hat": None if plain is None else plain.r_hat,
        "gibbs_chain_medians": None if plain is None else list(plain.medians),
        "largest_draw": float(own.persons.max()),
    }


def _stated(settings: Settings, sampling: Sampling) -> dict[str, object]:
    stated = {key: value for key, value in asdict(sampling).items() if key != "threads"}
    return {**stated, "alpha": "Gamma(0.25, 0.25)", "captures": "Beta(1, 1)", "p(N)": "1/N", "seed": settings.seed}


def _reporter(settings: Settings, sampling: Sampling, kind: int, part: int) -> Callable[[int], None]:
    progress = settings.progress
    runs = sampling.chains * (2 if sampling.plain_sweeps else 1)

    def report(done: int) -> None:
        if progress is not None:
            within = (part * sampling.chains + done) / _ROUNDS
            progress(within + kind * sampling.chains, float(runs), "latent classes: chains")

    return report
