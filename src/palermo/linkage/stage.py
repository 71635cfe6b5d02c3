"""The second step of the stage: persons from pairs, shared numbers, labels and decisions.

It runs again after each evening of review; comparing records (``finding``) does not. The decision a reader would
question: a shared number is certain and joins whatever a model says; only a person's decision goes before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.errors import UsageError
from palermo.linkage.calibration import Calibration, calibrate
from palermo.linkage.clusters import Decision, memberships
from palermo.linkage.decisions import read_decisions, settled_by, to_clusters
from palermo.linkage.finding import Found, ListFiles
from palermo.linkage.identifiers import key_pairs
from palermo.linkage.person_count import PersonCount, person_count
from palermo.linkage.rates import Kept, RateDraws, links_of, rate_draws, rates_of, with_limits
from palermo.linkage.review.labels import labels_table, read_answers
from palermo.linkage.schema import LABELS, PAIRS
from palermo.linkage.score_bands import is_settled, list_pairs, pair_keys
from palermo.private_files import write_private_table
from palermo.settings import Linkage

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)  # at which the number of persons is shown
RECORDS = pa.schema(
    [
        pa.field("row_id", pa.int64(), nullable=False),
        pa.field("list", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        ("comparable", pa.bool_()),  # by a name or by a number; another record can never be recognised on two lists
    ]
)


@dataclass(frozen=True)
class Joined:
    """The tables that joining wrote, ``pairs`` with those that numbers settle.

    ``threshold_rates`` are the rates of the persons made at each of ``THRESHOLDS``, ``rates`` those at the one used.
    ``labelled`` pairs and ``clerks`` say how sure it is; ``missed`` and ``false`` are shares between lists and
    ``count`` the number of persons with both taken out, None without labels. ``refused`` says why labels that are there
    can carry no number. ``broken`` are links that rules forbade, ``review`` single bridges that somebody should see.
    """

    pairs: Path
    memberships: Path
    records: Path
    thresholds: Path
    rates: Path
    threshold_rates: Path
    draws: Path | None
    by_model: int
    unrecognised: int
    labelled: int
    clerks: int
    missed: float | None
    false: float | None
    count: PersonCount | None
    broken: int
    review: int
    notes: tuple[str, ...]
    refused: str | None


def join_records(lists: Sequence[ListFiles], found: Found, settings: Linkage, folder: Path) -> Joined:
    """Make persons of pairs, shared numbers, labels and decisions; writes the tables of ``Joined`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    records = _records(lists, found.prepared)
    keys = key_pairs([one.cases for one in lists])
    pairs = _together(keys, pq.read_table(found.pairs))
    labels = _labels(settings.labels, records)
    decisions = _decisions(settings.decisions, records)
    pairs = settled_by(pairs, decisions)
    calibration = calibrate(pairs, labels, records=records, seed=settings.seed)
    clusters = {
        at: memberships(
            calibration.pairs, records, at, settings.cap, decisions, unique_lists=settings.without_duplicates
        )
        for at in sorted({*THRESHOLDS, settings.threshold})
    }
    chosen = clusters[settings.threshold]
    kept = _kept(calibration, records, found.kept)
    rates_at = {
        at: rates_of(calibration, labels, records, kept, at, each.table, settings.seed) for at, each in clusters.items()
    }
    rates = rates_at[settings.threshold]
    drawn = _draws(calibration, records, kept, settings, chosen.table)
    thresholds = pa.concat_tables([_joined_at(at, each.table) for at, each in clusters.items()])
    missed, false = _overall(rates)
    return Joined(
        pairs=_written(calibration.pairs, folder / "pairs.parquet"),
        memberships=_written(chosen.table, folder / "memberships.parquet"),
        records=_written(records, folder / "records.parquet"),
        thresholds=_written(thresholds, folder / "thresholds.parquet"),
        rates=_written(rates, folder / "rates.parquet"),
        threshold_rates=_written(
            pa.concat_tables([_with_threshold(at, each) for at, each in rates_at.items()]),
            folder / "threshold_rates.parquet",
        ),
        draws=_write_draws(drawn, folder / "draws.parquet"),
        by_model=_joined(chosen.table) - _joined(memberships(keys, records, 0.5, max(settings.cap, 1000)).table),
        unrecognised=records.num_rows - pc.sum(records["comparable"].cast(pa.int64())).as_py(),
        labelled=calibration.labelled,
        clerks=len(calibration.clerks),
        missed=missed,
        false=false,
        count=_counted(chosen.table, rates, drawn) if calibration.refused is None else None,
        broken=chosen.broken.num_rows,
        review=chosen.reviewed.num_rows,
        notes=tuple(calibration.notes),
        refused=calibration.refused,
    )


def _counted(members: pa.Table, rates: pa.Table, drawn: RateDraws | None) -> PersonCount | None:
    return person_count(members, _sum(rates["overlap"]), None if drawn is None else drawn.overlap.sum(axis=1))


def _records(lists: Sequence[ListFiles], prepared: Path) -> pa.Table:
    """All records by number; comparable are those with a name or a number that other lists may hold."""
    rows = pq.read_table(prepared, columns=["row_id", "list", "record_id", "tokens"])
    keys = pa.concat_tables([pq.read_table(one.cases, columns=["person_key"]) for one in lists])["person_key"]
    if len(keys) != rows.num_rows:
        raise UsageError(f"{prepared}: holds other records than the case tables; run `palermo link` again")
    comparable = pc.or_(rows["tokens"].is_valid(), keys.is_valid())
    return pa.table([rows["row_id"], rows["list"], rows["record_id"], comparable], names=RECORDS.names).cast(RECORDS)


def _together(keys: pa.Table, scored: pa.Table) -> pa.Table:
    """Pairs of both kinds, each pair of records once: what a number settles needs no score."""
    twice = np.isin(pair_keys(scored), pair_keys(keys))
    return (
        pa.concat_tables([keys, scored.filter(pa.array(~twice))])
        .cast(PAIRS)
        .sort_by([("left", "ascending"), ("right", "ascending")])
    )


def _labels(file: Path | None, records: pa.Table) -> pa.Table:
    if file is None or not file.is_file():
        return LABELS.empty_table()
    return labels_table(read_answers([file]), records)


def _decisions(file: Path | None, records: pa.Table) -> tuple[Decision, ...]:
    return () if file is None or not file.is_file() else to_clusters(read_decisions(file), records)


def _kept(
    calibration: Calibration, records: pa.Table, kept: Mapping[tuple[str, str], Kept]
) -> dict[tuple[str, str], Kept]:
    """The share of all true pairs that is in the table: blocking can only lose pairs that no number settles."""
    groups = list_pairs(calibration.pairs, records)
    settled = is_settled(calibration.pairs)
    probability = pc.coalesce(calibration.pairs["calibrated"], calibration.pairs["probability"]).to_numpy()
    certain = np.bincount(groups.index, settled * probability, len(groups.names))
    scored = np.bincount(groups.index, ~settled * probability, len(groups.names))
    usual = _usual(kept)
    found: dict[tuple[str, str], Kept] = {}
    for place, names in enumerate(groups.names):
        ends = with_limits(kept.get(names, kept.get(names[::-1], usual)))
        all_of_them = certain[place] + scored[place]
        share, lower, upper = (
            float(all_of_them / (certain[place] + scored[place] / end)) if all_of_them > 0 else 1.0 for end in ends
        )
        found[names] = (share, lower, upper)
    return found


def _usual(kept: Mapping[tuple[str, str], Kept]) -> Kept:
    """For lists of which nothing was estimated: the mean of the others, between the widest of their limits."""
    if not kept:
        return 1.0
    shares, lower, upper = zip(*map(with_limits, kept.values()), strict=True)
    return float(np.mean(shares)), min(lower), max(upper)


def _draws(
    calibration: Calibration,
    records: pa.Table,
    kept: Mapping[tuple[str, str], Kept],
    settings: Linkage,
    members: pa.Table,
) -> RateDraws | None:
    """Rates as plausible as their frequency says, for whoever carries them on; None where nobody labelled a pair."""
    if calibration.curve is None:
        return None
    groups = calibration.groups or list_pairs(calibration.pairs, records)
    linked = links_of(calibration.pairs, settings.threshold, members)
    return rate_draws(calibration, groups, linked, kept, settings.seed)


def _write_draws(drawn: RateDraws | None, out: Path) -> Path | None:
    if drawn is None:
        out.unlink(missing_ok=True)
        return None
    rows: list[dict[str, Any]] = [
        {"draw": draw, "list_a": one, "list_b": two, "missed": drawn.missed[draw, at], "false": drawn.false[draw, at]}
        for at, (one, two) in enumerate(drawn.lists)
        for draw in range(len(drawn.missed))
    ]
    return _written(pa.Table.from_pylist(rows), out)


def _sum(column: pa.ChunkedArray) -> float | None:
    total = pc.sum(column).as_py()
    return None if total is None else float(total)


def _overall(rates: pa.Table) -> tuple[float | None, float | None]:
    """Shares of missed and of false links over all pairs of different lists."""
    rows = [row for row in rates.to_pylist() if row["list_a"] != row["list_b"] and row["missed"] is not None]
    true = sum(row["overlap"] for row in rows)
    links = sum(row["links"] for row in rows if row["false"] is not None)
    if not true or not links:
        return None, None
    wrong = sum(row["links"] * row["false"] for row in rows if row["false"] is not None)
    return sum(row["overlap"] * row["missed"] for row in rows) / true, wrong / links


def _joined_at(threshold: float, table: pa.Table) -> pa.Table:
    """The records that share a person at one threshold."""
    shared = pc.not_equal(table["row_id"], table["person_id"])
    persons = table["person_id"].filter(shared).unique()
    members = table.filter(pc.is_in(table["person_id"], value_set=persons)).select(["row_id", "person_id"])
    return _with_threshold(threshold, members)


def _with_threshold(threshold: float, table: pa.Table) -> pa.Table:
    return table.add_column(0, "threshold", pa.array([threshold] * table.num_rows, pa.float64()))


def _joined(table: pa.Table) -> int:
    """Records beyond the first of their person."""
    return int(pc.sum(pc.not_equal(table["row_id"], table["person_id"]).cast(pa.int64())).as_py() or 0)


def _written(table: pa.Table, path: Path) -> Path:
    write_private_table(table, path)
    return path
