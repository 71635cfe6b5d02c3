"""Do several chains agree? Split, rank-normalised R-hat and effective sample size, and what to say where they do not.

Source: Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), Bayesian Analysis 16:667-718. The decision a reader
would question: chains that do not agree are refused, not averaged. Their pooled median depends on how many chains
happened to start near which mode, so it is no estimate of anything. From where on a number is shown with a warning is
said once, in ``hidden.rules`` (``no_mixing``); here is only what refuses it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Reals = npt.NDArray[np.float64]
T = TypeVar("T")
Advance = Callable[[int, Reals], None]  # so many steps for each row, into which the draw goes
REFUSED_ABOVE = 1.1  # R-hat; the older bound of Gelman and Rubin (1992), beyond which nobody trusts a chain


@dataclass(frozen=True)
class Mixing:
    """How well chains agree. R-hat is 1 where they do; the effective sizes count independent draws."""

    r_hat: float
    ess_bulk: float
    ess_tail: float
    medians: tuple[float, ...]

    def refusal(self) -> str | None:
        """Why the pooled draws are no estimate; None where they may be one."""
        if self.r_hat <= REFUSED_ABOVE:
            return None
        apart = f"the medians of the chains run from {min(self.medians):,.0f} to {max(self.medians):,.0f}"
        said = f"the chains do not mix (R-hat {self.r_hat:.2f}, at most {REFUSED_ABOVE} is tolerated): {apart}"
        return f"{said}; which number comes out depends on where a chain starts"


def mixing(draws: Reals) -> Mixing:
    """R-hat and effective sizes of ``draws`` (chains in rows, in order of drawing)."""
    values = np.asarray(draws, np.float64)
    if values.ndim != 2 or values.shape[0] < 2 or values.shape[1] < 8:
        raise ValueError(f"draws of shape {values.shape}; expected 2 or more chains of 8 or more draws")
    split = _split(values)
    folded = np.abs(split - np.median(split))
    tails = [effective_size((split <= np.quantile(split, q)).astype(np.float64)) for q in (0.05, 0.95)]
    return Mixing(
        r_hat=max(_r_hat(rank_normalised(split)), _r_hat(rank_normalised(folded))),
        ess_bulk=effective_size(rank_normalised(split)),
        ess_tail=min(tails),
        medians=tuple(float(x) for x in np.median(values, axis=1)),
    )


def rank_normalised(values: Reals) -> Reals:
    """Normal scores of the ranks over all chains; ties share their mean rank."""
    _, place, repeats = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(repeats)
    ranks = (ends - (repeats - 1) / 2)[place].reshape(values.shape)
    return np.asarray(ndtri((ranks - 0.375) / (values.size + 0.25)), np.float64)


def effective_size(values: Reals) -> float:
    """Independent draws that say as much as these chains: Geyer's initial monotone sequence over all chains."""
    length = values.shape[1]
    within = values.var(axis=1, ddof=1).mean()
    if within == 0:
        return float(values.size) if np.ptp(values) == 0 else 1.0
    total = within * (length - 1) / length + values.mean(axis=1).var(ddof=1)
    lagged = _autocovariance(values).mean(axis=0)
    correlation = 1 - (within - lagged) / total
    correlation[0] = 1.0
    even = length - length % 2
    pairs = correlation[:even].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: negative[0]] if negative.size else pairs)
    spread = max(-1 + 2 * float(pairs.sum()), 1 / np.log10(values.size))
    return float(values.size / spread)


def run_chains(
    task: Callable[[int, Event], T], count: int, threads: int | None = None, report: Callable[[int], None] | None = None
) -> list[T]:
    """Run ``task(0..count-1)``, each in a thread from its start to its end; results in order.

    ``report`` hears how many are done. Work on rows, which can be cut anywhere, goes to ``resampling.in_threads``.

    Each task must own its random numbers, so that the number of threads changes nothing. The event is set when nobody
    waits for the results any more, as after Ctrl-C: a task should look at it every second at least.
    """
    pool, stopped = ThreadPoolExecutor(threads), Event()
    results: list[T] = []
    try:
        for future in [pool.submit(task, number, stopped) for number in range(count)]:
            results.append(future.result())
            if report is not None:
                report(len(results))
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)
    return results


def fill(advance: Advance, draws: Reals, thin: int, piece: int, stopped: Event) -> None:
    """Carry a chain on by ``thin`` steps for each row of ``draws``, about ``piece`` steps at a time.

    Compiled code does not hear Ctrl-C, hence the pieces. Rows are left as they are once ``stopped`` is set.
    """
    rows = max(1, piece // thin)
    for start in range(0, len(draws), rows):
        if stopped.is_set():
            return
        advance(thin, draws[start : start + rows])


def random_stream(seed: int, *place: int) -> np.random.Generator:
    """The random numbers of one chain: they depend on the seed and its place, never on who runs beside it."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *place])))


def _split(values: Reals) -> Reals:
    half = values.shape[1] // 2
    return np.concatenate([values[:, :half], values[:, -half:]])


def _r_hat(values: Reals) -> float:
    length = values.shape[1]
    within = values.var(axis=1, ddof=1).mean()
    between = values.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((length - 1) / length + between / within))


def _autocovariance(values: Reals) -> Reals:
    length = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=2 * length, axis=1)
    lagged = np.fft.irfft(np.abs(spectrum) ** 2, n=2 * length, axis=1)[:, :length]
    return np.asarray(lagged / length, np.float64)
