"""Differentially private tables that agree: noise on the views, one fit under all sums, whole persons at the end.

Who reads what: only ``measure`` reads persons' data. Everything after it works on the noisy views and costs nothing,
the standard errors too. The decision a reader would question: by default only the total (a quarter of the budget) and
the finest counts (the rest) get noise. On sparse national tables that has less error than noise on every level: the
finest counts carry nearly all, and the total stops what the bound at zero would add over thousands of empty cells.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, get_args

import numpy as np
from scipy import sparse

from palermo.errors import PalermoError, UsageError
from palermo.progress import Progress
from palermo.release.privacy_loss import composed, epsilon_of, rho_of
from palermo.release.synthetic.discrete_gaussian import Randomness, SeededRandomness, SystemRandomness, draws
from palermo.release.tables.alternatives.consistent import NoisyView, Real, fitted
from palermo.release.tables.alternatives.discrete_laplace import laplace_draws, variance
from palermo.release.tables.alternatives.nearest import nearest
from palermo.release.tables.alternatives.views import View, views
from palermo.release.tables.cells import Cells, Flags, Lattice, Leaves, Whole

Law = Literal["auto", "laplace", "gaussian"]

TOTAL_SHARE = 0.25
MOST = 20.0  # epsilon above which nobody is protected
_REPEATS = 20
_HOLDS = 1e6  # weight of a sum that must hold


@dataclass(frozen=True)
class Privacy:
    """The budget and how it is spent.

    ``shares``: view -> share of the budget (of epsilon, or of rho); without it a quarter on the total and the rest on
    the finest view of each table. ``invariants``: views that are published exactly, outside of all protection.
    ``rows_per_person``: the bound on how many rows one person may have. ``seed``: for tests only; not private.
    """

    epsilon: float
    delta: float = 0.0
    law: Law = "auto"
    shares: Mapping[str, float] = field(default_factory=dict)
    invariants: tuple[str, ...] = ()
    rows_per_person: int = 1
    seed: int | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.epsilon) and 0 < self.epsilon <= MOST):
            raise UsageError(f"epsilon is {self.epsilon}; expected above 0 and at most {MOST:g}, often 1 to 4")
        if not 0 <= self.delta < 1:
            raise UsageError(f"delta is {self.delta}; expected 0 or more, far below one over the number of persons")
        if self.law not in get_args(Law):
            raise UsageError(f"law {self.law!r}; expected one of {', '.join(get_args(Law))}")
        if self.law == "gaussian" and self.delta == 0:
            raise UsageError("Gaussian noise needs a delta above 0, far below one over the number of persons")
        if self.rows_per_person < 1:
            raise UsageError(f"{self.rows_per_person} rows per person; expected 1 or more")
        if any(share <= 0 for share in self.shares.values()):
            raise UsageError("a view has a share of 0 or less; leave it out instead")


@dataclass(frozen=True)
class Measurement:
    """Noisy views and what they cost. ``delta`` is 0 for the Laplace law."""

    views: tuple[NoisyView, ...]
    shares: Mapping[str, float]
    law: str
    epsilon: float
    delta: float
    rho: float
    invariants: tuple[str, ...] = ()
    seed: int | None = None  # NOT PRIVATE where there is one: for tests
    rows_per_person: int = 1


@dataclass(frozen=True)
class PrivateTables:
    """Whole counts of all printed cells, the finest ones they are sums of, and how far they are off, as estimated."""

    cells: Cells
    standard_error: Real
    exact: Flags  # sums of invariants
    measurement: Measurement


def private_tables(lattice: Lattice, leaves: Leaves, privacy: Privacy, progress: Progress = None) -> PrivateTables:
    """Measure, fit, and round."""
    return released(lattice, measure(lattice, leaves, privacy), progress)


def measure(lattice: Lattice, leaves: Leaves, privacy: Privacy) -> Measurement:
    """Noisy views of the persons; the only step that reads them."""
    grid = lattice.grid()
    offered = {view.name: view for view in views(lattice, grid)}
    shares = _shares(privacy, lattice, offered)
    persons = np.zeros(len(grid), dtype=np.int64)
    people = lattice.gathered(leaves)
    persons[np.ravel_multi_index(tuple(people.codes.T), lattice.atoms)] = people.persons
    law, variances = _law(privacy, shares)
    randomness = _randomness(privacy.seed)
    noisy = []
    for name, share in shares.items():
        true = offered[name].sums(persons)
        if law == "laplace":
            noise = laplace_draws(_epsilon(privacy, share), len(true), randomness)
        else:
            noise = draws(_gaussian(privacy, share), len(true), randomness)
        noisy.append(NoisyView(offered[name], true + noise, variances[name]))
    noisy += [NoisyView(offered[name], offered[name].sums(persons), 0.0) for name in privacy.invariants]
    delta = privacy.delta if law == "gaussian" else 0.0
    rho = rho_of(privacy.epsilon, privacy.delta) if delta else privacy.epsilon**2 / 2  # Bun and Steinke 2016, 1.4
    return Measurement(
        tuple(noisy), shares, law, privacy.epsilon, delta, rho, privacy.invariants, privacy.seed,
        privacy.rows_per_person,
    )  # fmt: skip


def combined(measurements: Sequence[Measurement], lists_per_person: int | None = None) -> Measurement:
    """The sum of what several organisations measured, each on its own, without showing each other a person.

    A person may stand on ``lists_per_person`` of the lists (all of them where it is not known); her loss is the sum
    over them.
    """
    first = measurements[0]
    names = [one.view.name for one in first.views]
    for other in measurements[1:]:
        if [one.view.name for one in other.views] != names or other.law != first.law:
            raise UsageError("the organisations measured other views or used another law; agree on one specification")
    number = len(measurements) if lists_per_person is None else lists_per_person
    worst = sorted(measurements, key=lambda one: -one.rho)[:number]
    rho = composed(one.rho for one in worst)
    delta = max(one.delta for one in worst)
    epsilon = epsilon_of(rho, delta) if delta else math.fsum(one.epsilon for one in worst)
    summed = tuple(
        NoisyView(parts[0].view, np.sum([one.counts for one in parts], axis=0), sum(one.variance for one in parts))
        for parts in zip(*(one.views for one in measurements), strict=True)
    )
    seed = next((one.seed for one in measurements if one.seed is not None), None)
    most = max(one.rows_per_person for one in measurements)
    return Measurement(summed, first.shares, first.law, epsilon, delta, rho, first.invariants, seed, most)


def released(lattice: Lattice, measurement: Measurement, progress: Progress = None) -> PrivateTables:
    """The tables that fit the noisy views best, and their standard errors, by new noise on them and a new fit."""
    grid = lattice.grid()
    pairs, keys, in_table = lattice.above(grid)
    shape = (len(keys), len(grid))
    members = sparse.csr_matrix((np.ones(pairs.shape[1], dtype=np.int64), (pairs[1], pairs[0])), shape=shape)
    persons = _whole(fitted(measurement.views, len(grid)), members, measurement)
    values = np.asarray(members @ persons)
    draw = np.random.default_rng(0)
    squares = np.zeros(len(values))
    for number in range(_REPEATS):
        if progress:
            progress(number, _REPEATS, "standard errors: fitted again with new noise")
        again = _again(measurement, persons, draw)
        squares += (np.asarray(members @ fitted(again, len(grid))) - values) ** 2
    cells = Cells(lattice, keys, values, in_table, members, Leaves(grid, persons))
    exact = _exact(members, measurement)
    return PrivateTables(cells, np.where(exact, 0.0, np.sqrt(squares / _REPEATS)), exact, measurement)


def _exact(members: sparse.csr_matrix, measurement: Measurement) -> Flags:
    """The cells that are whole counts of an invariant, or sums of them."""
    exact = np.zeros(members.shape[0], dtype=bool)
    for one in measurement.views:
        if one.variance == 0:
            labels = one.view.labels
            parts = members @ sparse.csr_matrix((np.ones(len(labels)), (np.arange(len(labels)), labels)))
            shares = members @ (1 / np.bincount(labels))[labels]
            exact |= abs(np.diff(parts.tocsr().indptr) - shares) < 1e-6
    return exact


def _again(measurement: Measurement, persons: Whole, draw: np.random.Generator) -> list[NoisyView]:
    """New noise of the same variance on the released counts, which are public: nothing secret, so no secret noise."""
    made = []
    for one in measurement.views:
        noise = draw.normal(0, math.sqrt(one.variance), one.view.size) if one.variance else 0
        made.append(NoisyView(one.view, (one.view.sums(persons) + noise).astype(np.float64), one.variance))
    return made


def _whole(persons: Real, members: sparse.csr_matrix, measurement: Measurement) -> Whole:
    """Controlled rounding of the fit: all sums within little of theirs, and exactly there for invariants."""
    exact = [one for one in measurement.views if one.variance == 0]
    for _ in range(50 if len(exact) > 1 else len(exact)):
        for one in exact:
            sums = np.bincount(one.view.labels, persons, minlength=one.view.size)
            lift = np.where(sums > 0, one.counts / np.where(sums > 0, sums, 1), 0.0)
            size = np.bincount(one.view.labels, minlength=one.view.size)
            spread = np.where(sums > 0, 0.0, one.counts / size)
            persons = persons * lift[one.view.labels] + spread[one.view.labels]
    persons = np.where(abs(persons - np.round(persons)) < 1e-6, np.round(persons), persons)
    low = np.floor(persons)
    figures = np.flatnonzero(persons > low)
    held = [sparse.csr_matrix((np.ones(len(persons)), (one.view.labels, np.arange(len(persons))))) for one in exact]
    rows = sparse.vstack([members.astype(np.float64), *held], format="csr")[:, figures]
    weight = np.concatenate([np.ones(members.shape[0]), *(np.full(one.shape[0], _HOLDS) for one in held)])
    choice = nearest(rows, (persons - low)[figures], 1.0, weight)
    whole = low.astype(np.int64)
    whole[figures] += choice.up
    for one in exact:
        if (one.view.sums(whole) != one.counts).any():
            raise PalermoError(f"no whole counts hold {one.view.name} exactly; ask for fewer invariants")
    return whole


def _shares(privacy: Privacy, lattice: Lattice, offered: Mapping[str, View]) -> dict[str, float]:
    """Which view has which share of the budget; they add up to 1."""
    asked = dict(privacy.shares) or _usual(lattice, offered)
    strange = [name for name in (*asked, *privacy.invariants) if name not in offered]
    if strange:
        raise UsageError(f"no view {', '.join(strange)}; views: {', '.join(offered)}")
    asked = {name: share for name, share in asked.items() if name not in privacy.invariants}
    if not asked:
        raise UsageError("all views are invariants: nothing would be protected")
    whole = math.fsum(asked.values())
    return {name: share / whole for name, share in asked.items()}


def _usual(lattice: Lattice, offered: Mapping[str, View]) -> dict[str, float]:
    grid = lattice.grid()
    finest = {views(lattice, grid, [table])[-1].name for table in lattice.specification.tables}
    shares = {name: (1 - TOTAL_SHARE) / len(finest) for name in sorted(finest)}
    return {"total": TOTAL_SHARE, **shares} if "total" in offered and "total" not in finest else shares


def _law(privacy: Privacy, shares: Mapping[str, float]) -> tuple[str, dict[str, float]]:
    """The law of noise, by default that of less variance, and the variance of each view."""
    laplace = {name: variance(_epsilon(privacy, share)) for name, share in shares.items()}
    if privacy.law == "laplace" or privacy.delta == 0:
        return "laplace", laplace
    gaussian = {name: float(_gaussian(privacy, share)) for name, share in shares.items()}
    if privacy.law == "gaussian" or sum(gaussian.values()) < sum(laplace.values()):
        return "gaussian", gaussian
    return "laplace", laplace


def _epsilon(privacy: Privacy, share: float) -> Fraction:
    """What one row may lose in a view. Rounded down, so that all views together never lose more than epsilon."""
    return Fraction(privacy.epsilon) * Fraction(share * (1 - 1e-12)) / privacy.rows_per_person


def _gaussian(privacy: Privacy, share: float) -> Fraction:
    """Parameter of the noise: one person moves a view by at most ``rows_per_person`` in length."""
    rho = Fraction(rho_of(privacy.epsilon, privacy.delta)) * Fraction(share * (1 - 1e-12))
    return Fraction(privacy.rows_per_person**2) / (2 * rho)


def _randomness(seed: int | None) -> Randomness:
    return SystemRandomness() if seed is None else SeededRandomness(seed)
