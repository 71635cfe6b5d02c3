"""One way from scored pairs to persons, rates and the linkage report, for plain files and for encodings alike.

The decision a reader would question: labels lie in the same folder as what was linked (``labels.jsonl``) and are used
whenever they are there. Who labels a sample and links again gets calibrated probabilities without another option.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from palermo.linkage.calibration import Calibration, calibrate
from palermo.linkage.clusters import Clusters, memberships
from palermo.linkage.decisions import read_decisions, settled_by, to_clusters
from palermo.linkage.plain import LEAST_THRESHOLD
from palermo.linkage.rates import Kept, rates_of
from palermo.linkage.review.labels import labels_table, read_answers
from palermo.linkage.schema import LABELS
from palermo.linkage.scoring import best_threshold
from palermo.private_files import write_private_table, write_private_text
from palermo.report.linkage import LinkageFound, linkage_page
from palermo.report.linkage.words import COLUMNS

Summary = dict[str, Any]
BY_NAMES = "names, birth dates and places"
BY_ENCODINGS = "keyed encodings of names, birth dates, sex and places"
LABELS_FILE, DECISIONS_FILE = "labels.jsonl", "decisions.jsonl"


@dataclass(frozen=True)
class Scored:
    """What comparing records gave. ``records``: row_id, list, record_id; ``missing``: by list and column, if known."""

    pairs: pa.Table
    records: pa.Table
    kept: Mapping[tuple[str, str], Kept]
    candidates: int
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    by: str = BY_NAMES


@dataclass(frozen=True)
class Rule:
    """How persons are made of pairs; ``threshold`` is the best by expectation where None."""

    threshold: float | None = None
    cap: int = 20
    unique: frozenset[str] = frozenset()
    seed: int = 1


@dataclass(frozen=True)
class Finished:
    """Persons at ``threshold``, and how sure they are."""

    calibration: Calibration
    clusters: Clusters
    rates: pa.Table
    threshold: float


def finish(scored: Scored, rule: Rule, out: Path) -> Finished:
    """Calibrate by the labels in ``out``, join the records of one person, and estimate the rates."""
    records = scored.records.select(["row_id", "list", "record_id"])
    labels = _labels(out / LABELS_FILE, records)
    decisions = to_clusters(read_decisions(out / DECISIONS_FILE), records)
    calibration = calibrate(settled_by(scored.pairs, decisions), labels, records=records, seed=rule.seed)
    threshold = rule.threshold if rule.threshold is not None else _best(calibration.pairs, scored.kept)
    clusters = memberships(calibration.pairs, records, threshold, rule.cap, decisions, unique_lists=rule.unique)
    inside = float(np.clip(threshold, 1e-9, 1 - 1e-9))
    rates = rates_of(calibration, labels, records, scored.kept, inside, clusters.table, rule.seed)
    return Finished(calibration, clusters, rates, threshold)


def _labels(path: Path, records: pa.Table) -> pa.Table:
    return labels_table(read_answers([path]), records) if path.is_file() else LABELS.empty_table()


def _best(pairs: pa.Table, kept: Mapping[tuple[str, str], Kept]) -> float:
    shares = [share if isinstance(share, float) else share[0] for share in kept.values()]
    chance = pc.coalesce(pairs["calibrated"], pairs["probability"]).to_numpy()
    return max(LEAST_THRESHOLD, best_threshold(chance, float(np.mean(shares)) if shares else 1.0))


def write_found(scored: Scored, done: Finished, out: Path) -> Summary:
    """Write memberships, pairs, rates, doubtful links and the report (HTML, JSON) into ``out``; returns what was found.

    Doubtful are links that a rule of persons forbade, and single bridges between groups; ``reason`` says which.
    """
    files = {name: out / f"{name}.parquet" for name in ("memberships", "pairs", "rates", "doubtful")}
    write_private_table(done.clusters.table, files["memberships"])
    write_private_table(done.calibration.pairs, files["pairs"])
    write_private_table(done.rates, files["rates"])
    write_private_table(pa.concat_tables([done.clusters.broken, done.clusters.reviewed]), files["doubtful"])
    found = found_of(scored, done)
    page, data = out / "linkage.html", out / "linkage.json"
    write_private_text(linkage_page(found), page)
    write_private_text(as_text(found), data)
    return {
        "lists": dict(found.lists),
        "records": scored.records.num_rows,
        "persons": found.persons,
        **{name: str(path) for name, path in files.items()},
        "report": str(page),
        "report_json": str(data),
        "threshold": done.threshold,
        "candidates": scored.candidates,
        "clusters": {"cut": dict(found.cut), "bridges": found.bridges, "largest": found.largest},
        "labelled": found.labelled,
        "clerks": found.clerks,
        "by_list_pair": list(found.rates),
        "notices": [*found.notices, *found.calibration],
    }


def report_stage(summary: Summary, folder: Path) -> Summary | None:
    """The report of what the stage of a workspace found, in ``folder``; None where shared numbers alone were used."""
    links = summary["links"]
    if links is None:
        return None
    found = found_of_stage(summary)
    page, data = folder / "linkage.html", folder / "linkage.json"
    write_private_text(linkage_page(found), page)
    write_private_text(as_text(found), data)
    return {
        "memberships": links["memberships"],
        "threshold": found.threshold,
        "by_list_pair": list(found.rates),
        "report": str(page),
        "report_json": str(data),
        "notices": [*found.notices, *found.calibration],
    }


def found_of_stage(summary: Summary) -> LinkageFound:
    """The numbers of the report, read from the tables that the stage wrote."""
    links, prepared = summary["links"], Path(summary["prepared"])
    members = pq.read_table(links["memberships"])
    _, sizes = np.unique(members["person_id"].to_numpy(), return_counts=True)
    rates = tuple(pq.read_table(links["rates"]).to_pylist())
    named = prepared.is_file() and "tokens" in pq.read_schema(prepared).names
    return LinkageFound(
        lists={row["values"]: row["counts"] for row in members["list"].value_counts().to_pylist()},
        persons=len(sizes),
        threshold=links["threshold"],
        candidates=None,
        rates=rates,
        missing=missing_by_list(pq.read_table(prepared)) if named else {},
        cut={"rule": links["broken"]} if links["broken"] else {},
        bridges=links["review"],
        largest=int(sizes.max(initial=0)),
        labelled=links["labelled"],
        clerks=links["clerks"],
        reliability=(),
        calibration=tuple(summary["calibration"]),
        notices=tuple(summary["notes"]),
        by=BY_NAMES if named else BY_ENCODINGS,
        refused=links.get("refused"),
    )


def missing_by_list(records: pa.Table) -> dict[str, dict[str, int]]:
    """Records without a value, by list and column of PREPARED."""
    found = {}
    for name in records["list"].unique().to_pylist():
        mine = records.filter(pc.equal(records["list"], name))
        found[name] = {column: mine[column].null_count for column in COLUMNS}
    return found


def as_text(found: LinkageFound) -> str:
    """The report for machines."""
    return json.dumps(asdict(found), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def found_of(scored: Scored, done: Finished) -> LinkageFound:
    """The numbers of the report. No name, date or record number is in them."""
    sizes = {row["values"]: row["counts"] for row in scored.records["list"].value_counts().to_pylist()}
    return LinkageFound(
        lists=sizes,
        persons=pc.count_distinct(done.clusters.table["person_id"]).as_py(),
        threshold=done.threshold,
        candidates=scored.candidates,
        rates=tuple(done.rates.to_pylist()),
        missing={name: dict(columns) for name, columns in scored.missing.items()},
        cut=dict(sorted(Counter(done.clusters.broken["reason"].to_pylist()).items())),
        bridges=done.clusters.reviewed.num_rows,
        largest=done.clusters.largest,
        labelled=done.calibration.labelled,
        clerks=len(done.calibration.clerks),
        reliability=tuple(asdict(one) for one in done.calibration.reliability),
        calibration=tuple(done.calibration.notes),
        notices=scored.notices,
        by=scored.by,
        refused=done.calibration.refused,
    )
