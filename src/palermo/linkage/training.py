"""Learning how much each step of a comparison weighs, without labels, in a way that does not poison the model.

u comes from a random sample of pairs, m from several runs of expectation maximisation, each on a block of records that
agree on one set of columns; a run teaches only the comparisons outside its block. Blocks on a full name alone are used
last, because with few common surnames most such pairs are false. Splink then averages the runs. What a reader would
question: the result is repaired afterwards. True pairs in the sample are taken out of u (in a file of 1,000 records
they are most of the pairs with equal birth dates), steps that no run saw get their prior, and a step further from
equality never counts for more.

It runs in DuckDB whatever engine compares the records: a sample and blocks of bounded size need no cluster, and the
hundreds of small steps of expectation maximisation took Spark minutes. So every engine scores with one model.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import SplinkException

from palermo.linkage.blocking import RECORDS, rows_of
from palermo.linkage.settings import LinkOptions, comparisons, prior_shares
from palermo.linkage.spark_linker import spark_linker
from palermo.settings import DUCKDB, SPARK

FEWEST_PAIRS = 25  # a block with fewer pairs teaches nothing
MOST_PAIRS = 1_500_000
_TELLING = (
    ("birth_date", "place"),
    ("birth_date", "postcode"),
    ("birth_date", "address"),
    ("given", "family", "place"),
    ("given", "family", "postcode"),
    ("given", "family", "address"),
    ("given", "family", "birth_date"),
)
# Blocks with more false pairs, only for comparisons that no telling block teaches.
_BROAD = (
    ("birth_date",),
    ("email",),
    ("phone",),
    ("given", "family"),
    ("postcode", "street_number"),
    ("tokens",),
    ("place", "birth_year"),
)
_BLEND = 0.02  # weight of the prior in m: nothing that a person can do to a record is impossible
_IMPLAUSIBLE = 0.15  # share of true pairs with an equal value, below which the model is doubted
_PRIOR_SHARE = 1e-4  # of true pairs among all, where no block tells it


@dataclass(frozen=True)
class Model:
    """``splink``: settings with their m and u, as Splink saves them. ``share_true``: of all pairs, before scoring."""

    splink: Mapping[str, Any]
    columns: tuple[str, ...]
    share_true: float
    notices: tuple[str, ...] = ()


def train(connection: duckdb.DuckDBPyConnection, columns: Sequence[str], options: LinkOptions) -> Model:
    """Learn the model of the records in ``connection``; where the records teach nothing, say so and keep priors."""
    settings = _settings(comparisons(columns))
    if not settings["comparisons"]:
        return Model(settings, tuple(columns), _PRIOR_SHARE, ("no column can be compared: every record stays alone",))
    linker = linker_for(connection, settings)
    linker.training.estimate_u_using_random_sampling(options.sample_pairs, seed=options.seed)
    blocks = _run(connection, linker, columns)
    learnt = linker.misc.save_model_to_json()
    repaired = _mended(connection, learnt, blocks, options)
    if doubted := _doubted(repaired, _untaught(learnt)):
        learnt = _without(learnt, doubted)
        repaired = _mended(connection, learnt, blocks, options, most=_PRIOR_SHARE)
    share = float(repaired["probability_two_random_records_match"])
    notices = [
        f"{name}: no block of records taught how often true pairs agree; set from experience"
        for name in _untaught(learnt)
        if name not in doubted
    ]
    return Model(repaired, tuple(columns), share, (*notices, *doubted.values()))


def _mended(
    connection: duckdb.DuckDBPyConnection,
    learnt: Mapping[str, Any],
    blocks: Sequence[tuple[str, ...]],
    options: LinkOptions,
    most: float = 1.0,
) -> dict[str, Any]:
    """The settings learnt, with the repairs of m and u, and the share of true pairs that follows from them.

    ``most`` bounds that share: where the blocks held false pairs, counting theirs as true would empty u.
    """
    share = min(most, _share_true(connection, learnt, blocks))
    sampled = min(float(options.sample_pairs), _total_pairs(connection))
    compared = [_repaired(one, share, sampled) for one in learnt["comparisons"]]
    return {**learnt, "comparisons": compared, "probability_two_random_records_match": share}


def _doubted(settings: Mapping[str, Any], untaught: Sequence[str]) -> dict[str, str]:
    """Comparisons that learnt that the same person is almost never written the same way, with a notice for each.

    They learnt it from false pairs: where nobody stands in a list twice, the blocks hold other persons of one name.
    """
    equal = {str(one["output_column_name"]): _steps(one)[0]["m_probability"] for one in settings["comparisons"]}
    return {
        name: f"{name}: only {share:.0%} of true pairs seemed to agree exactly, so that hardly any two records can be "
        "of one person; set from experience. Look at a sample of pairs before you use them"
        for name, share in equal.items()
        if share < _IMPLAUSIBLE and name not in untaught
    }


def _without(settings: Mapping[str, Any], doubted: Collection[str]) -> dict[str, Any]:
    """The settings with what the doubted comparisons learnt of true pairs forgotten."""
    compared = []
    for one in settings["comparisons"]:
        steps = one["comparison_levels"]
        if one["output_column_name"] in doubted:
            steps = [{**step, "m_probability": None} for step in steps]
        compared.append({**one, "comparison_levels": steps})
    return {**settings, "comparisons": compared}


def _settings(compared: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row_id",
        "probability_two_random_records_match": _PRIOR_SHARE,
        "comparisons": compared,
        "blocking_rules_to_generate_predictions": ["1 = 1"],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def linker_for(connection: duckdb.DuckDBPyConnection, settings: Mapping[str, Any], engine: str = DUCKDB) -> Linker:
    """Splink on the records of ``connection``. Its own messages are for programmers and are held back."""
    if engine == SPARK:
        return spark_linker(connection, settings)
    database = DuckDBAPI(connection)
    creator = SettingsCreator.from_path_or_dict(dict(settings))
    return Linker(database.register(RECORDS), creator, log_level=logging.ERROR)


def _run(connection: duckdb.DuckDBPyConnection, linker: Linker, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Run the telling blocks, then broad ones while a comparison has learnt nothing. Returns the blocks that ran."""
    have = {*columns, *(("birth_date", "birth_year") if "birth" in columns else ()), "tokens"}
    compared = {str(one["output_column_name"]) for one in linker.misc.save_model_to_json()["comparisons"]}
    ran: list[tuple[str, ...]] = []
    for block in (*_TELLING, *_BROAD):
        # A block that leaves nothing to compare outside it teaches nothing, and Splink would forget the whole model.
        if not have.issuperset(block) or compared <= _held(block):
            continue
        if block in _BROAD and not _teaches(block, _untaught(linker.misc.save_model_to_json())):
            continue
        if block_pairs(connection, block) < FEWEST_PAIRS:
            continue
        before = deepcopy(linker._settings_obj.core_model_settings)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*block), estimate_without_term_frequencies=True, max_pairs=MOST_PAIRS
            )
        except (SplinkException, ValueError):
            # No pair of the block can be compared outside it; or it holds no true pair, as where nobody stands in a
            # list twice, and an m falls below what Splink takes (ValueError). Such a block teaches nothing.
            # Splink took the comparisons that the block holds out of the model and would not put them back.
            linker._settings_obj.core_model_settings = before
            continue
        ran.append(block)
    return ran


def _teaches(block: tuple[str, ...], untaught: Sequence[str]) -> bool:
    return bool(set(untaught) - _held(block))


def _held(block: tuple[str, ...]) -> set[str]:
    """The comparisons that a block holds fast, so that it can teach nothing of them."""
    held = {"birth" if name.startswith("birth") else name for name in block}
    return held | ({"given", "family"} if held & {"given", "family", "tokens"} else set())


def _untaught(settings: Mapping[str, Any]) -> list[str]:
    """Comparisons of which no step has an m that was learnt."""
    return [
        str(one["output_column_name"])
        for one in settings["comparisons"]
        if all(step.get("m_probability") is None for step in _steps(one))
    ]


def _steps(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [step for step in comparison["comparison_levels"] if not step.get("is_null_level")]


def block_pairs(connection: duckdb.DuckDBPyConnection, block: Sequence[str]) -> int:
    """Pairs of records that agree on every column of ``block``."""
    known = " AND ".join(f"{name} IS NOT NULL" for name in block)
    found = connection.execute(
        f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM "
        f"(SELECT count(*) AS n FROM {RECORDS} WHERE {known} GROUP BY {', '.join(block)})"
    ).fetchall()
    return int(found[0][0])


def _total_pairs(connection: duckdb.DuckDBPyConnection) -> float:
    records = rows_of(connection, RECORDS)
    return max(1.0, records * (records - 1) / 2)


def _share_true(
    connection: duckdb.DuckDBPyConnection, settings: Mapping[str, Any], blocks: Sequence[tuple[str, ...]]
) -> float:
    """Share of true pairs among all: pairs of the most telling block, divided by the part of true pairs it should hold.

    That part is the product of the learnt m of its columns and the share of pairs in which both are filled.
    """
    equal = {str(one["output_column_name"]): _steps(one)[0].get("m_probability") for one in settings["comparisons"]}
    for block in sorted(blocks, key=len, reverse=True):
        part = 1.0
        for name in block:
            part *= (equal.get("birth" if name.startswith("birth") else name) or 0.5) * _filled(connection, name) ** 2
        if len(block) > 1 and part > 0:
            share = block_pairs(connection, block) / part / _total_pairs(connection)
            return float(min(0.3, max(1e-12, share)))
    return _PRIOR_SHARE


def _filled(connection: duckdb.DuckDBPyConnection, column: str) -> float:
    return float(connection.execute(f"SELECT count({column}) / greatest(1, count(*)) FROM {RECORDS}").fetchall()[0][0])


def _repaired(comparison: Mapping[str, Any], share: float, sampled: float) -> dict[str, Any]:
    prior = prior_shares(comparison)
    steps = _steps(comparison)
    m = _blended([step.get("m_probability") for step in steps], prior)
    u = _cleaned([step.get("u_probability") for step in steps], m, share, 0.5 / sampled)
    m = falling(m, u)
    levels = []
    values = iter(zip(m, u, strict=True))
    for level in comparison["comparison_levels"]:
        if level.get("is_null_level"):
            levels.append(dict(level))
        else:
            one, two = next(values)
            levels.append({**level, "m_probability": one, "u_probability": two})
    return {**comparison, "comparison_levels": levels}


def _blended(m: Sequence[float | None], prior: Sequence[float]) -> list[float]:
    if all(value is None for value in m):
        return list(prior)
    total = sum(value or 0.0 for value in m)
    return [(1 - _BLEND) * (value or 0.0) / total + _BLEND * start for value, start in zip(m, prior, strict=True)]


def _cleaned(u: Sequence[float | None], m: Sequence[float], share: float, least: float) -> list[float]:
    """u of untrue pairs: the sample less its true pairs, never below a tenth of what was seen or ``least``."""
    seen = [value or 0.0 for value in u]
    clean = [max((value - share * one) / (1 - share), 0.1 * value, least) for value, one in zip(seen, m, strict=True)]
    clean[-1] = max(clean[-1], 1 - sum(clean[:-1]), least)
    total = sum(clean)
    return [value / total for value in clean]


def falling(m: Sequence[float], u: Sequence[float]) -> list[float]:
    """m such that m / u never rises from one step to the next: neighbours that break the order share one ratio."""
    groups: list[tuple[float, float, int]] = []
    for one, two in zip(m, u, strict=True):
        groups.append((one, two, 1))
        while len(groups) > 1 and groups[-2][0] * groups[-1][1] < groups[-1][0] * groups[-2][1]:
            (a, b, first), (c, d, second) = groups[-2:]
            groups[-2:] = [(a + c, b + d, first + second)]
    ratios = [one / two for one, two, size in groups for _ in range(size)]
    return [ratio * two for ratio, two in zip(ratios, u, strict=True)]
