"""Averaging: the same question asked again and again, and noise that two packs share.

A query tool must give the same answer to the same question (cell key), or refuse once its budget is spent (differential
privacy); else the mean of many answers is the true count. Two packs drawn with one seed differ by exact counts. The
decision a reader would question: other noise in two packs is no finding but an average waiting to be taken; what they
spend together is a matter for the ledger.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa

from palermo.release.attack.differencing import Key, keys_of
from palermo.release.attack.finding import LIKELY, Finding, Outcome, could_not, ran
from palermo.release.attack.long_table import LongTable
from palermo.release.attack.material import OpenData
from palermo.release.attack.promise import counts_of
from palermo.release.packs import loss_told
from palermo.release.privacy_loss import total_of

AVERAGING = "averaging"
REPEATS = 1000
_FAR = 6  # standard errors beyond which shared noise is no chance
_LEAST = 30

Query = Mapping[str, frozenset[str]]
Tool = Callable[[Query], float | None]
"""Answers how many have one of these codes in each of these columns; None where it refuses."""


def averaging(tool: Tool, queries: Sequence[Query], name: str, repeats: int = REPEATS) -> Outcome:
    """Ask the same questions many times."""
    findings = []
    for query in queries:
        answers = [answer for answer in (tool(query) for _ in range(repeats)) if answer is not None]
        if len(answers) == repeats and len(set(answers)) > 1:
            error = float(np.std(answers)) / math.sqrt(len(answers))
            words = f"{words_of(query)}: other noise each time it is asked, and never refused"
            findings.append(Finding(AVERAGING, name, words, told=f"mean {np.mean(answers):.2f}, error {error:.2f}"))
    return ran(AVERAGING, name, repeats * len(queries), f"{repeats:,} repeats of {len(queries):,} questions", findings)


def words_of(query: Query) -> str:
    """A question in words."""
    return ", ".join(f"{name} {' or '.join(sorted(codes))}" for name, codes in sorted(query.items())) or "total"


def other_noise(tables: Sequence[LongTable]) -> Outcome:
    """Pairs of rounded or noisy tables in which most cells that both print differ: each again is nearer the truth."""
    noisy = [table for table in tables if table.noisy.any()]
    if len(noisy) < 2:
        return could_not(AVERAGING, "plain tables", "fewer than two tables with rounded or noisy figures were given")
    findings = []
    for one, other in combinations(noisy, 2):
        mine, theirs = (_figures(table) for table in (one, other))
        common = mine.keys() & theirs.keys()
        differ = sum(mine[key] != theirs[key] for key in common)
        if len(common) >= _LEAST and 2 * differ > len(common):
            words = "the same cells have other noise in each: their mean is nearer to the truth than either"
            findings.append(Finding(AVERAGING, f"{one.name} and {other.name}", words, LIKELY))
    words = f"pairs of {len(noisy):,} tables with rounded or noisy figures"
    return ran(AVERAGING, "plain tables", math.comb(len(noisy), 2), words, findings)


def _figures(table: LongTable) -> dict[Key, float]:
    return {
        key: float(value)
        for key, value, noisy in zip(keys_of(table), table.value, table.noisy, strict=True)
        if noisy and not math.isnan(value)
    }


def shared_noise(packs: Sequence[OpenData]) -> Outcome:
    """Pairs of packs whose counts agree more often than noise of their own would let them."""
    noisy = [(pack, counts) for pack in packs if pack.is_noisy and (counts := counts_of(pack)) is not None]
    if len(noisy) < 2:
        return could_not(AVERAGING, "packs", "fewer than two packs with noisy counts were given")
    keyed = [(pack, _keyed(counts)) for pack, counts in noisy]
    findings = []
    for (one, mine), (other, theirs) in combinations(keyed, 2):
        common = sorted(mine.keys() & theirs.keys())
        if len(common) < _LEAST or mine == theirs:
            continue  # the very same counts are the same release, given twice
        same = sum(mine[key][0] == theirs[key][0] for key in common)
        chance = np.array([_chance(mine[key][1], theirs[key][1]) for key in common])
        if same > chance.sum() + _FAR * math.sqrt((chance * (1 - chance)).sum() + 1):
            where = f"{one.name} and {other.name}"
            words = "their counts share their noise (one seed was used twice): the difference of the two is exact"
            findings.append(Finding(AVERAGING, where, words))
    loss = total_of(loss_told(pack.parameters) for pack, _ in noisy)
    delta = math.fsum(float(pack.parameters.get("delta") or 1e-9) for pack, _ in noisy)
    spent = f"epsilon {loss.epsilon(delta):.3g} at delta {delta:.3g}"
    words = f"pairs of {len(noisy):,} packs; if all are of the same persons, {spent} is spent"
    return ran(AVERAGING, "packs", math.comb(len(noisy), 2), words, findings)


def _keyed(counts: pa.Table) -> dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, float]]:
    rows = counts.to_pylist()
    return {(tuple(row["columns"]), tuple(row["codes"])): (row["count"], row["standard_error"]) for row in rows}


def _chance(one: float, other: float) -> float:
    """How often two counts with noise of their own are equal at most: where the true counts are."""
    return min(1.0, 1 / math.sqrt(2 * math.pi * (one**2 + other**2)))
