"""Alternatives to hiding, side by side: `python benchmarks/table_alternatives.py [dimensions]` (3, or 4 with age).

The sample is that of `table_protection.py` (8,000 rows of the public file of 2020, which is no part of the repository).
Errors are over all printed cells, zeros too, and for methods with noise the mean of ten runs. The attacker has every
printed table, the limits of every count and the words that go with them, and looks for the counts of 1 to 4.
"""

import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pyarrow as pa
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from table_protection import DATA, G20, ROWS, read, specification

from palermo.release.tables.alternatives.cell_key import noise_of, perturbed
from palermo.release.tables.alternatives.choice import Settings, protect_by
from palermo.release.tables.alternatives.controlled_rounding import Rounding
from palermo.release.tables.alternatives.perturbation import Noise
from palermo.release.tables.alternatives.private_tables import Privacy
from palermo.release.tables.alternatives.protected import ROUNDED, Protected
from palermo.release.tables.cells import Cells, Lattice, all_keys, cells_of
from palermo.release.tables.reading import read_persons
from palermo.release.tables.specification import Rules, Specification

K = 5
RUNS = 10
LOOKED_AT = 20 if sys.argv[1:] == ["4"] else 100  # small counts that the attacker tries, drawn where there are more
DELTA = 1 / (ROWS * math.log(ROWS))


@dataclass
class Truth:
    """The true counts of all printed cells, and how cells are sums of the finest combinations."""

    cells: Cells
    keys: np.ndarray
    values: np.ndarray
    members: sparse.csr_matrix
    parts: list[tuple[int, np.ndarray]]  # a cell, and its direct parts along one dimension


def truth_of(table: pa.Table, asked: Specification) -> Truth:
    """Read the sample."""
    lattice = Lattice.of(asked)
    cells = cells_of(lattice, read_persons(table, asked)[0])
    keys = all_keys(cells)
    grid = lattice.grid()
    pairs, under, _ = lattice.above(grid)
    assert (under == keys).all()
    members = sparse.csr_matrix((np.ones(pairs.shape[1]), (pairs[1], pairs[0])), shape=(len(keys), len(grid)))
    return Truth(cells, keys, laid_out(keys, cells.keys, cells.values), members, list(parts_of(lattice, keys)))


def laid_out(keys: np.ndarray, some: np.ndarray, values: np.ndarray, rest: float = 0) -> np.ndarray:
    """Values of some cells among all; ``rest`` elsewhere."""
    answer = np.full(len(keys), rest, dtype=np.asarray(values).dtype)
    answer[np.searchsorted(keys, some)] = values
    return answer


def parts_of(lattice: Lattice, keys: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Every sum that a reader can check."""
    for number, codes in enumerate(lattice.decoded(keys).tolist()):
        for place, dimension in enumerate(lattice.specification.dimensions):
            parts = dimension.parts[codes[place]]
            if len(parts) > 1:
                step = (np.array(parts) - codes[place]) * lattice.strides[place]
                yield number, np.searchsorted(keys, keys[number] + step)


def errors(true: Truth, values: np.ndarray) -> tuple[float, float, int, int, float]:
    """Mean and largest error, false zeros, totals that do not add, share exact."""
    off = abs(values - true.values)
    wrong = {total for total, parts in true.parts if values[total] != values[parts].sum()}
    return off.mean(), off.max(), int(((values == 0) & (true.values > 0)).sum()), len(wrong), float((off == 0).mean())


def worked_out(true: Truth, made: Protected) -> tuple[int, int, int]:
    """Small counts, those known exactly by linear programming over all limits, and those known to be 1 to 4."""
    low = laid_out(true.keys, made.cells.keys, made.lower, made.zero[0])
    high = laid_out(true.keys, made.cells.keys, made.upper, made.zero[1])
    if made.method == "round":
        low, high = by_the_words(true, made, low, high)
    small = np.flatnonzero((true.values > 0) & (true.values < K))
    if len(small) > LOOKED_AT:
        small = np.random.default_rng(1).choice(small, LOOKED_AT, replace=False)
    known = LinearConstraint(true.members, low, high)
    exact = within = 0
    for cell in small.tolist():
        row = true.members[[cell]].toarray().ravel()
        ends = []
        for sign in (1, -1):
            answer = milp(sign * row, constraints=known, bounds=Bounds(0, np.inf))
            ends.append(sign * answer.fun if answer.x is not None else sign * -np.inf)
        least, most = math.ceil(ends[0] - 1e-6), (math.floor(ends[1] + 1e-6) if np.isfinite(ends[1]) else np.inf)
        exact += least == most
        within += least >= 1 and most < K
    return len(small), exact, within


def by_the_words(true: Truth, made: Protected, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What else rounding says: a finest 0 is at most base - 1, a finest multiple of the base less than that off it."""
    base = int(made.parameters["base"])
    codes = true.cells.lattice.decoded(true.keys)
    size = np.prod([one.sum(axis=1)[codes[:, place]] for place, one in enumerate(true.cells.lattice.stands_in)], axis=0)
    value = laid_out(true.keys, made.cells.keys, made.cells.values)
    done = laid_out(true.keys, made.cells.keys, made.done, made.zero[2])
    rounded = (size == 1) & (done == ROUNDED)
    low = np.where(rounded, np.maximum(low, np.where(value == 0, 0, value - base + 1)), low)
    return low, np.where(rounded, np.minimum(high, value + base - 1), high)


def line(title: str, true: Truth, table: pa.Table, settings: Settings, method: str) -> None:
    """One method."""
    names = true.cells.lattice.specification
    start = time.process_time()
    made = protect_by(table, names, method, settings, person="person")
    seconds = time.process_time() - start
    found = []
    for run in range(RUNS if method in {"cell_key", "private"} else 1):
        again = made if run == 0 else protect_by(table, names, method, seeded(settings, run), person="person")
        values = laid_out(true.keys, again.cells.keys, again.cells.values)
        if made.plan is not None:  # what is printed is exact; a hidden count is neither right nor wrong
            values = laid_out(true.keys, made.plan.cells.keys, made.plan.cells.values)
        found.append((*errors(true, values), abs(values.max() - true.values.max())))
    mean, most, zeros, wrong, exact, total = np.mean(found, axis=0)
    if made.plan is not None:
        exact = 1 - made.plan.proved.hidden / len(true.keys)
    if method == "private":
        proved = "nothing is sure"
    else:
        small, known, within = worked_out(true, made)
        proved = f"{known}, {within} of {small}"
    print(
        f"| {title} | {mean:.2f} | {most:.0f} | {zeros:.0f} | {wrong:.0f} | {exact:.0%} | {total:.0f} | {proved} "
        f"| {seconds:.1f} |",
        flush=True,
    )


def seeded(settings: Settings, run: int) -> Settings:
    """The same with other noise."""
    privacy = replace(settings.privacy, seed=run + 1) if settings.privacy else None
    return replace(settings, key=bytes([run]) * 32, privacy=privacy)


def rounded_alone(true: Truth, base: int) -> None:
    """Each count to the nearest multiple on its own: what offices do."""
    values = (2 * true.values + base) // (2 * base) * base
    mean, most, zeros, wrong, exact = errors(true, values)
    total = abs(values.max() - true.values.max())
    print(
        f"| each count to {base} on its own | {mean:.2f} | {most} | {zeros} | {wrong} | {exact:.0%} | {total} | | 0.0 |"
    )


def trackers(noise: Noise) -> None:
    """A set, and the set without one person: what the difference tells, over many keys."""
    draws = np.random.default_rng(1)
    number = 200_000
    print("\nTracker on cell keys: a set of n persons and the same without one person (or the same set again)")
    print(
        "| n | difference printed as 1 | as 0 | known to be not empty | same set: difference 0 |\n|---|---|---|---|---|"
    )
    for count in (3, 5, 10, 50):
        keys = draws.integers(0, 2**64, (2, number), dtype=np.uint64)
        one = count + noise_of(np.full(number, count), keys[0], noise)
        other = count - 1 + noise_of(np.full(number, count - 1), keys[1], noise)
        off = one - other
        print(f"| {count} | {(off == 1).mean():.0%} | {(off == 0).mean():.0%} | {(off != 0).mean():.0%} | 100% |")


def averages(true: Truth, table: pa.Table, noise: Noise) -> None:
    """Root mean square error of the countries' counts: asked again, and averaged over ways to divide them."""
    cells = true.cells
    lattice = cells.lattice
    ids = table["person"].to_pylist()
    asked = [dimension.place for dimension in lattice.specification.dimensions]
    columns = [table[dimension.name].to_pylist() for dimension in lattice.specification.dimensions]
    codes = np.array([[place[text] for text in column] for place, column in zip(asked, columns, strict=True)]).T
    decoded = lattice.decoded(cells.keys)
    totals = [dimension.place["_T"] for dimension in lattice.specification.dimensions]
    country = decoded[:, 0]
    chosen = np.unique(country[country < len(lattice.specification.dimensions[0].codes)])
    finest_in = [len(dimension.codes) for dimension in lattice.specification.dimensions]
    ways = [[], [1], [2], [1, 2]]
    guesses: list[list[float]] = [[] for _ in range(len(ways) + 1)]
    for run in range(40):
        off = perturbed(cells, codes, ids, bytes([run]) * 16, noise) - cells.values
        for one in chosen.tolist():
            sums, parts = [], []
            for way in ways:
                here = country == one
                for place in range(1, len(totals)):
                    here &= decoded[:, place] < finest_in[place] if place in way else decoded[:, place] == totals[place]
                sums.append(off[here].sum())
                parts.append(here.sum())
            for number, value in enumerate(sums):
                guesses[number].append(value)
            weight = 1 / np.array(parts)
            guesses[-1].append(float((weight * sums).sum() / weight.sum()))
    words = ("its own cell, however often", "sum over sex", "over form", "over both", "all four averaged")
    print("\nAveraging on cell keys: error of a country's count\n| estimate | root mean square error |\n|---|---|")
    for word, guess in zip(words, guesses, strict=True):
        print(f"| {word} | {np.sqrt(np.mean(np.square(guess))):.2f} |")


def guarantees() -> None:
    """What any attacker can reach at all against private tables."""
    print("\nPrivate tables: who guesses whether one person was counted is right at most (from even odds)")
    print(", ".join(f"epsilon {e}: {math.exp(e) / (1 + math.exp(e)):.0%}" for e in (1, 2, 4)))


def main(dimensions: int) -> None:
    """Print the tables."""
    table = read(G20)
    rows = np.random.default_rng(1).choice(table.num_rows, ROWS, replace=False)
    table = table.take(pa.array(rows)).append_column("person", pa.array([f"p{row}" for row in rows.tolist()]))
    true = truth_of(table, specification(table, ("country", "sex", "form", "age")[:dimensions]))
    small = int(((true.values > 0) & (true.values < K)).sum())
    print(f"{len(true.keys):,} cells, {int((true.values > 0).sum()):,} not zero, {small} of 1 to {K - 1}\n")
    print(
        "| method | mean error | largest | false zeros | totals that do not add | exact | grand total off "
        "| small counts worked out exactly, as 1 to 4 | CPU s |\n" + "|---" * 9 + "|"
    )
    key, noise = b"\0" * 32, Noise(4, Fraction(2), 2)
    protect_by(table, true.cells.lattice.specification, "round")  # kernels are compiled
    line("hide (suppress), k = 5", true, table, Settings(Rules(K)), "suppress")
    rounded_alone(true, 5)
    for base in (5, 3):
        for which in ("small", "full"):
            line(f"round, {which}, to {base}", true, table, Settings(Rules(base), Rounding(base, which)), "round")
    line("cell key, D = 4, variance 2", true, table, Settings(key=key, noise=noise), "cell_key")
    for epsilon in (1, 2, 4):
        settings = Settings(privacy=Privacy(epsilon, DELTA, seed=1))
        line(f"private, epsilon {epsilon}", true, table, settings, "private")
    trackers(noise)
    if dimensions == 3:
        averages(true, table, noise)
    guarantees()


if __name__ == "__main__":
    if not DATA.exists():
        sys.exit(f"{DATA} is not there: the public files are no part of the repository")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
