"""One call for every method: rows in, protected tables with their statement out.

The decision a reader would question: suppression is the default. It alone keeps printed totals exact, which national
rapporteurs and the questionnaires of the United Nations need; the other methods are chosen for a reason, and say so.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pyarrow as pa

from palermo.errors import RefusedError, UsageError
from palermo.progress import Progress
from palermo.release.tables.alternatives import trade_offs
from palermo.release.tables.alternatives.cell_key import key_id, perturbed
from palermo.release.tables.alternatives.controlled_rounding import Rounding, rounded
from palermo.release.tables.alternatives.perturbation import Noise
from palermo.release.tables.alternatives.private_tables import Measurement, Privacy, PrivateTables, private_tables
from palermo.release.tables.alternatives.protected import (
    EXACT,
    INVARIANT,
    NOISED,
    PERTURBED,
    ROUNDED,
    SUM,
    SUPPRESSED,
    Protected,
    finest,
    with_values,
)
from palermo.release.tables.cells import Cells, Lattice, Leaves, Whole, cells_of
from palermo.release.tables.hierarchy import UNKNOWN
from palermo.release.tables.plan import plan
from palermo.release.tables.reading import read_counts, read_persons
from palermo.release.tables.specification import Rules, Specification

Method = Literal["suppress", "round", "cell_key", "private"]
_TWO_SIDED = 1.96  # standard errors on each side: about 95 in 100


@dataclass(frozen=True)
class Settings:
    """What each method needs; a method reads its own part only."""

    rules: Rules = field(default_factory=Rules)
    rounding: Rounding = field(default_factory=Rounding)
    noise: Noise = field(default_factory=Noise)
    key: bytes | None = field(default=None, repr=False)
    privacy: Privacy | None = None


def protect_by(
    rows: pa.Table,
    specification: Specification,
    method: Method = "suppress",
    settings: Settings | None = None,
    *,
    value: str | None = None,
    person: str | None = None,
    sealed: str | None = None,
    progress: Progress = None,
) -> Protected:
    """Protect all tables of a specification by one method.

    ``rows`` has one row per person, or with ``value`` (the column of the count) one row per count. ``person`` is the
    column of the pseudonymous id: needed for cell keys, and with it nobody is counted more often than allowed.
    ``sealed`` is the column that marks sealed persons; they are counted by ``settings.rules.sealed``.
    """
    settings = settings or Settings()
    allowed = settings.privacy.rows_per_person if method == "private" and settings.privacy else 1
    if person is not None:
        _check_persons(rows, person, allowed)
    leaves, specification = _read(rows, specification, settings.rules, value, sealed)
    if method == "suppress":
        return _suppressed(leaves, specification, settings.rules, progress)
    if method == "round":
        _check_base(settings)
        return _rounded(cells_of(Lattice.of(specification), leaves), settings.rounding)
    if method == "cell_key":
        return _keyed(rows, cells_of(Lattice.of(specification), leaves), settings, person)
    if method == "private":
        if settings.privacy is None:
            raise UsageError("private tables need a budget: Settings(privacy=Privacy(epsilon=...))")
        return of_private(private_tables(Lattice.of(specification), leaves, settings.privacy, progress))
    raise UsageError(f"method {method!r}; expected one of {', '.join(get_args(Method))}")


def _read(
    rows: pa.Table, specification: Specification, rules: Rules, value: str | None, sealed: str | None
) -> tuple[Leaves, Specification]:
    if (rules.sealed is None) != (sealed is None):
        raise UsageError("sealed persons need both the rule (Rules.sealed) and the column that marks them (sealed=...)")
    if value is None:
        marked = (sealed, rules.sealed) if sealed is not None and rules.sealed is not None else None
        return read_persons(rows, specification, None, marked)
    if sealed is not None:
        raise UsageError("a table of counts has no sealed persons; give one row per person")
    return read_counts(rows, specification, value), specification


def _check_persons(rows: pa.Table, person: str, allowed: int) -> None:
    if person not in rows.column_names:
        raise UsageError(f"no column {person!r}; columns: {', '.join(rows.column_names)}")
    ids = Counter(rows[person].cast(pa.string()).to_pylist())
    if None in ids or "" in ids:
        raise RefusedError(f"column {person}: a row has no person; give every person an id")
    most = max(ids.values(), default=0)
    if most > allowed:
        raise RefusedError(f"column {person}: a person stands in {most} rows, expected at most {allowed}; link first")


def _check_base(settings: Settings) -> None:
    base, k = settings.rounding.base, settings.rules.k
    if settings.rounding.which == "small" and base < k:
        raise UsageError(
            f"rounding of small counts to {base} prints counts of {base} to {k - 1} as they are, and k is {k}; "
            f"round to {k} or more, or round all counts (which = full)"
        )


def _suppressed(leaves: Leaves, specification: Specification, rules: Rules, progress: Progress) -> Protected:
    made = plan(leaves, specification, rules, progress)
    done = np.where(made.hidden, SUPPRESSED, EXACT).astype(object)
    cells = with_values(made.cells, np.where(made.hidden, 0, made.cells.values))
    parameters = {"k": rules.k, "zeros": rules.zeros, "level": rules.level}
    statement = trade_offs.of_suppression(rules.k)
    return Protected(
        "suppress", cells, made.lower, made.upper, done, statement, parameters, (0.0, 0.0, EXACT), plan=made
    )


def _rounded(cells: Cells, rounding: Rounding) -> Protected:
    made = rounded(cells, rounding)
    last = finest(cells)
    exact = last & (made.values > rounding.base) if rounding.which == "small" else np.zeros(len(last), dtype=bool)
    done = np.where(exact, EXACT, np.where(last, ROUNDED, SUM)).astype(object)
    off = np.where(exact, 0, made.largest)
    lower, upper = np.maximum(made.values - off, 0.0), (made.values + off).astype(np.float64)
    parameters = {"base": rounding.base, "which": rounding.which, "largest_deviation": made.largest}
    statement = trade_offs.of_rounding(rounding, made.largest)
    zero = (0.0, float(made.largest), ROUNDED)
    return Protected("round", with_values(cells, made.values), lower, upper, done, statement, parameters, zero)


def _keyed(rows: pa.Table, cells: Cells, settings: Settings, person: str | None) -> Protected:
    if person is None or settings.key is None:
        raise UsageError("cell keys need the column of the person (person=...) and a secret key (Settings(key=...))")
    if settings.rules.sealed is not None:
        raise UsageError("cell keys and sealed persons together are not supported; leave sealed persons out, or round")
    codes = _codes(rows, cells.lattice.specification)
    noise = settings.noise
    values = perturbed(cells, codes, rows[person].cast(pa.string()).to_pylist(), settings.key, noise)
    done = np.full(len(values), PERTURBED, dtype=object)
    lower, upper = np.maximum(values - noise.reach, 0.0), (values + noise.reach).astype(np.float64)
    parameters = {
        "reach": noise.reach,
        "variance": str(noise.variance),
        "blocked": noise.blocked,
        "key_id": key_id(settings.key),
    }
    zero = (0.0, float(noise.reach), PERTURBED)
    statement = trade_offs.of_cell_keys(noise)
    return Protected("cell_key", with_values(cells, values), lower, upper, done, statement, parameters, zero)


def _codes(rows: pa.Table, specification: Specification) -> Whole:
    """The places of each person's finest codes, which have been read before and are known to be there."""
    found = []
    for dimension in specification.dimensions:
        texts = rows[dimension.name].cast(pa.string()).to_pylist()
        found.append([dimension.place[text or UNKNOWN] for text in texts])
    return np.array(found, dtype=np.int64).T


def of_private(made: PrivateTables) -> Protected:
    """The release of private tables, also of those that several organisations measured together."""
    cells, measurement, error = made.cells, made.measurement, made.standard_error
    done = np.full(len(cells.keys), NOISED, dtype=object)
    done[made.exact] = INVARIANT
    lower = np.maximum(np.floor(cells.values - _TWO_SIDED * error), 0)
    upper = np.ceil(cells.values + _TWO_SIDED * error)
    statement = trade_offs.of_private(measurement)
    zero = (0.0, 0.0, NOISED)
    return Protected(
        "private", cells, lower, upper, done, statement, _privacy_words(measurement), zero, standard_error=error
    )


def _privacy_words(measurement: Measurement) -> dict[str, object]:
    return {
        "epsilon": measurement.epsilon,
        "delta": measurement.delta,
        "rho": measurement.rho,
        "law": measurement.law,
        "shares": dict(measurement.shares),
        "variances": {one.view.name: one.variance for one in measurement.views},
        "invariants": list(measurement.invariants),
        "rows_per_person": measurement.rows_per_person,
        "seed": measurement.seed,
    }
