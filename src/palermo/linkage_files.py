"""Linking plain files outside a workspace: what is written, and the summary of it that the command line shows.

The decision a reader would question: everything is written for its owner alone, the report as well. It holds no name,
but the lists of a small office are people's files, and who may see even their counts is for the office to say.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from palermo.linkage.clusters import Clusters
from palermo.linkage.model_file import write_private
from palermo.linkage.plain import PlainOptions, PlainResult, link_plain
from palermo.linkage.plain_mapping import PlainMapping
from palermo.linkage.review.labels import write_private as write_private_text
from palermo.linkage.scoring import Score

Summary = dict[str, Any]


def link_files(files: Sequence[Path], options: PlainOptions, out: Path, progress: Any) -> Summary:
    """Link ``files`` and write memberships, pairs, the mapping of each list and the report into ``out``."""
    result = link_plain(files, options, progress)
    written = _written(result, out)
    return {
        "lists": _counts(result.memberships),
        "records": result.memberships.num_rows,
        "persons": persons_in(result.memberships),
        **written,
        "threshold": result.threshold,
        "candidates": result.linked.candidates,
        "clusters": clusters_told(result.clusters),
        "score": scored(result.score),
        "person_score": dict(result.person_score) if result.person_score is not None else None,
        "mapping": {name: mapping_told(one) for name, one in result.mapping.items()},
        "notices": list(result.notices),
    }


def _written(result: PlainResult, out: Path) -> Summary:
    members, pairs = out / "memberships.parquet", out / "pairs.parquet"
    write_private(result.memberships, members)
    write_private(result.pairs, pairs)
    for name, mapping in result.mapping.items():
        write_private_text(out / f"{name}.mapping.toml", mapping.as_toml())
    return {"memberships": str(members), "pairs": str(pairs)}


def persons_in(memberships: pa.Table) -> int:
    """How many persons the records are of."""
    return int(pc.count_distinct(memberships["person_id"]).as_py())


def _counts(memberships: pa.Table) -> dict[str, int]:
    return {row["values"]: row["counts"] for row in memberships["list"].value_counts().to_pylist()}


def clusters_told(clusters: Clusters) -> Summary:
    """Links that were not made by the rule that forbade them, bridges to look at, and the most records of a person."""
    cut = Counter(clusters.broken["reason"].to_pylist())
    return {"cut": dict(sorted(cut.items())), "bridges": clusters.reviewed.num_rows, "largest": clusters.largest}


def scored(score: Score | None) -> Summary | None:
    """The score against the truth; None where no truth was given."""
    return score.as_json() if score is not None else None


def mapping_told(mapping: PlainMapping) -> Summary:
    """Which columns were read as what."""
    columns = {target: list(names) for target, names in sorted(mapping.columns.items())}
    return {"columns": columns, "date_format": mapping.date_format}
