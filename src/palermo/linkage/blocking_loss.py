"""How many true pairs blocking lost, estimated for each pair of lists without knowing the truth.

Capture and recapture, with the rules as the catches: keys of a name, of a birth date and of a place err for different
reasons, so given one person they agree about independently of each other. From the links that the rules found follow
the rates at which the keys of each domain agree, and from these the share of true pairs on which no rule agrees. With
two rules from two domains this is Lincoln and Petersen's estimate. Within a domain nothing is assumed.

The decision a reader would question: pairs count by the model's probability down to .1, false ones among them. Pairs
that agree on little are those that tell how many agree on less, and sure links hold few of them: from .5 up, the share
kept comes out too large.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import duckdb
import numpy as np
import pyarrow as pa
from scipy.stats import nbinom

from palermo.linkage.blocking import RECORDS, Blocking, key

LEAST_PROBABILITY = 0.1
FEWEST_LINKS = 30.0  # expected links of two lists, below which the rates of all lists together are used
DEPENDENCE = 0.35  # doubt of the lost share, on the log scale, for keys that err together: a factor of two at 95 %
BORROWED = 0.5  # more of it where the rates are those of other lists
_ROUNDS = 400
_MOST_PATTERNS = 24  # of one domain; rarer ones are left out

Pattern = tuple[int, ...]  # one number of agreeing keys, in bits, for each domain


@dataclass(frozen=True)
class Kept:
    """``kept`` is the share of true pairs of the two lists that blocking let through, from above 0 to 1.

    Between ``lower`` and ``upper`` lies, at 95 %, the share that these very lists lost: chance included.
    """

    list_a: str
    list_b: str
    kept: float
    expected_links: float
    lower: float
    upper: float


def estimate_kept(connection: duckdb.DuckDBPyConnection, pairs: pa.Table, blocking: Blocking) -> tuple[Kept, ...]:
    """The share kept, for each two lists (and each list with itself) that have a pair of at least .1."""
    rules = [count.rule.keys for count in blocking.counts]
    names = sorted({name for keys in rules for name in keys})
    domains = sorted({key(name).domain for name in names})
    found = _patterns(connection, pairs, names, domains)
    whole: dict[Pattern, float] = defaultdict(float)
    for counts in found.values():
        for pattern, weight in counts.items():
            whole[pattern] += weight
    bits = _rule_bits(rules, names, domains)
    kept = []
    for (one, two), counts in sorted(found.items()):
        weight = sum(counts.values())
        own = counts if weight >= FEWEST_LINKS else whole
        share = 1.0 if blocking.whole else kept_share(own, bits)
        doubt = _doubt(own, bits) + (BORROWED**2 if own is whole else 0.0)
        kept.append(Kept(one, two, share, weight, *limits(share, weight, doubt)))
    return tuple(kept)


def _doubt(counts: Mapping[Pattern, float], rules: Sequence[Pattern]) -> float:
    """Variance of the logarithm of the lost share: of the rates at which each domain disagrees, and of dependence."""
    caught = [(pattern, weight) for pattern, weight in counts.items() if _is_caught(pattern, rules)]
    domains = range(len(caught[0][0]) if caught else 0)
    apart = (sum(weight for pattern, weight in caught if pattern[domain] == 0) for domain in domains)
    return DEPENDENCE**2 + sum(1 / max(seen, 1.0) for seen in apart)


def limits(kept: float, links: float, doubt: float) -> tuple[float, float]:
    """Limits of 95 % of the share kept, where ``links`` were found and the log of the lost share has the variance
    ``doubt``: how many pairs are lost is taken to be negative binomial, a Poisson count around a gamma rate."""
    lost = links * (1 - kept) / kept
    if lost <= 0:
        return kept, kept
    size = 1 / doubt
    few, many = (float(nbinom.ppf(at, size, size / (size + lost))) for at in (0.025, 0.975))
    return links / (links + max(many, lost)), links / (links + min(few, lost))


def _rule_bits(rules: Sequence[Sequence[str]], names: Sequence[str], domains: Sequence[str]) -> list[Pattern]:
    """For each rule, the keys of each domain that must agree."""
    bits = {name: 1 << position for position, name in _positions(names)}
    return [
        tuple(sum(bits[name] for name in rule if key(name).domain == domain) for domain in domains) for rule in rules
    ]


def _positions(names: Sequence[str]) -> list[tuple[int, str]]:
    """The place of each key among the keys of its domain."""
    seen: dict[str, int] = defaultdict(int)
    places = []
    for name in names:
        places.append((seen[key(name).domain], name))
        seen[key(name).domain] += 1
    return places


def _patterns(
    connection: duckdb.DuckDBPyConnection, pairs: pa.Table, names: Sequence[str], domains: Sequence[str]
) -> dict[tuple[str, str], dict[Pattern, float]]:
    """Expected links by the keys on which they agree, for each two lists."""
    made = "".join(f", {key(name).sql} AS k_{name}" for name in names)
    connection.register("palermo_linked", pairs.select(["left", "right", "probability"]))
    connection.execute(f"CREATE OR REPLACE VIEW palermo_keys AS SELECT row_id, list{made} FROM {RECORDS}")
    bits = {name: 1 << position for position, name in _positions(names)}
    sums = "".join(
        ", " + " + ".join(_agrees(name, bits[name]) for name in names if key(name).domain == domain)
        for domain in domains
    )
    rows = connection.execute(
        f"SELECT least(a.list, b.list), greatest(a.list, b.list){sums}, sum(probability) "
        'FROM palermo_linked p JOIN palermo_keys a ON a.row_id = p."left" JOIN palermo_keys b ON b.row_id = p."right" '
        f"WHERE probability >= {LEAST_PROBABILITY} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[tuple[str, str], dict[Pattern, float]] = defaultdict(dict)
    for one, two, *pattern, weight in rows:
        found[one, two][tuple(pattern)] = weight
    return found


def _agrees(name: str, bit: int) -> str:
    return f"CASE WHEN a.k_{name} = b.k_{name} THEN {bit} ELSE 0 END"


def kept_share(counts: Mapping[Pattern, float], rules: Sequence[Pattern]) -> float:
    """Share of true pairs that some rule finds, by maximum likelihood with domains independent (EM).

    ``counts`` are expected links by pattern; ``rules`` the bits that each rule needs.
    """
    caught = {pattern: weight for pattern, weight in counts.items() if _is_caught(pattern, rules)}
    if not caught:
        return 1.0
    domains = range(len(next(iter(caught))))
    values = [_common_values(caught, domain) for domain in domains]
    cells = list(product(*(range(len(one)) for one in values)))
    seen = np.array([_is_caught(tuple(values[d][i] for d, i in enumerate(cell)), rules) for cell in cells])
    where = np.array(cells).reshape(len(cells), len(values))
    weights = np.array([caught.get(tuple(values[d][i] for d, i in enumerate(cell)), 0.0) for cell in cells])
    rates = [np.full(len(one), 1 / len(one)) for one in values]
    share = 1.0
    for _ in range(_ROUNDS):
        chance = np.prod([rates[d][where[:, d]] for d in domains], axis=0)
        before, share = share, float(chance[seen].sum())
        full = np.where(seen, weights, chance * weights.sum() / share)
        rates = [np.bincount(where[:, d], full, len(values[d])) / full.sum() for d in domains]
        if abs(share - before) < 1e-7:
            break
    return share


def _is_caught(pattern: Pattern, rules: Sequence[Pattern]) -> bool:
    return any(all(have & need == need for have, need in zip(pattern, rule, strict=True)) for rule in rules)


def _common_values(counts: Mapping[Pattern, float], domain: int) -> list[int]:
    weights: dict[int, float] = defaultdict(float)
    for pattern, weight in counts.items():
        weights[pattern[domain]] += weight
    return sorted({0, *sorted(weights, key=lambda value: -weights[value])[:_MOST_PATTERNS]})
